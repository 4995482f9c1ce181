-- What the processes of a service agree on: who was handed which account, who is alive, which
-- platforms rest, and how much of a shared limit is used.

-- The account's own, repeated: due accounts are looked for platform by platform.
ALTER TABLE sync
    ADD COLUMN platform          TEXT COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN handed_over_until BIGINT; -- to a worker; the database's clock
UPDATE sync SET platform = (SELECT a.platform FROM accounts a WHERE a.id = sync.account_id);

DROP INDEX sync_by_due;
-- What is handed over is not in it: claiming a crowd batch by batch does not pass what was claimed.
CREATE INDEX sync_by_due ON sync (platform, priority, next_attempt_at, account_id)
    WHERE next_attempt_at IS NOT NULL AND handed_over_until IS NULL;
CREATE INDEX sync_by_platform ON sync (platform) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX sync_handed_over ON sync (handed_over_until) WHERE handed_over_until IS NOT NULL;
CREATE INDEX sync_leased ON sync (lease_expires_at) WHERE lease_expires_at IS NOT NULL;
CREATE INDEX sync_failed ON sync (error_at) WHERE error_at IS NOT NULL;

CREATE TABLE workers (
    started_at BIGINT  NOT NULL, -- the database's clock
    seen_at    BIGINT  NOT NULL, -- the database's clock
    capacity   INTEGER NOT NULL, -- accounts at the same time
    running    INTEGER NOT NULL,
    id         TEXT    COLLATE "C" NOT NULL PRIMARY KEY,
    host       TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    version    TEXT    NOT NULL
-- A row is rewritten every few seconds.
) WITH (fillfactor = 50);

-- Platforms that nobody asks for a while, because the operator's app, quota or credits fail.
CREATE TABLE platform_pauses (
    until     BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    platform  TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    code      TEXT   NOT NULL,
    message   TEXT   NOT NULL,
    operation TEXT   NOT NULL
);
