-- What reading costs where a platform charges for it, and whose turn it is to renew a grant whose
-- refresh token works once.

CREATE TABLE charges (
    account_id BIGINT  NOT NULL REFERENCES accounts ON DELETE CASCADE,
    count      BIGINT  NOT NULL CHECK (count >= 0),
    amount     BIGINT  NOT NULL CHECK (amount >= 0), -- US dollars, in millionths
    day        INTEGER NOT NULL,                     -- in UTC, as platforms bill
    kind       TEXT    COLLATE "C" NOT NULL,         -- what was read, for example post
    PRIMARY KEY (account_id, day, kind)
);

-- The same by platform: what was paid stays paid when an account is removed.
CREATE TABLE platform_charges (
    amount   BIGINT  NOT NULL CHECK (amount >= 0),
    day      INTEGER NOT NULL,
    platform TEXT    COLLATE "C" NOT NULL,
    PRIMARY KEY (platform, day)
);

ALTER TABLE grants
    ADD COLUMN renewal_owner TEXT COLLATE "C", -- who renews it right now
    ADD COLUMN renewal_until BIGINT;           -- until then, in the database's own time
