-- What reading costs where a platform charges for it, and whose turn it is to renew a grant whose
-- refresh token works once.

CREATE TABLE charges (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  day        INTEGER NOT NULL, -- in UTC, as platforms bill
  kind       TEXT    NOT NULL, -- what was read, for example post
  count      INTEGER NOT NULL CHECK (count >= 0),
  amount     INTEGER NOT NULL CHECK (amount >= 0), -- US dollars, in millionths
  PRIMARY KEY (account_id, day, kind)
) STRICT, WITHOUT ROWID;

-- The same by platform: what was paid stays paid when an account is removed.
CREATE TABLE platform_charges (
  platform TEXT    NOT NULL,
  day      INTEGER NOT NULL,
  amount   INTEGER NOT NULL CHECK (amount >= 0),
  PRIMARY KEY (platform, day)
) STRICT, WITHOUT ROWID;

ALTER TABLE grants ADD COLUMN renewal_owner TEXT;    -- who renews it right now
ALTER TABLE grants ADD COLUMN renewal_until INTEGER; -- until then, in the database's own time
