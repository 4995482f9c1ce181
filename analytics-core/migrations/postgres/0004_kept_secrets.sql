-- What must be kept of a linking that has begun, until the user is back from the provider: the
-- secret of a request token, a code verifier. Sealed, found by the hash of its mark, taken once.

CREATE TABLE kept_secrets (
    expires_at BIGINT NOT NULL,
    mark_hash  BYTEA  PRIMARY KEY,
    sealed     BYTEA  NOT NULL
);
CREATE INDEX kept_secrets_by_end ON kept_secrets (expires_at);
