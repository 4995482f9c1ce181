-- What must be kept of a linking that has begun, until the user is back from the provider: the
-- secret of a request token, a code verifier. Sealed, found by the hash of its mark, taken once.

CREATE TABLE kept_secrets (
  mark_hash BLOB PRIMARY KEY,
  sealed BLOB NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_secrets_by_end ON kept_secrets (expires_at);
