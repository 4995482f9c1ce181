-- Posts and their snapshots, days that a platform refuses one metric for, kinds of failures, exact
-- values asked for on demand, and receipts of deletions.

ALTER TABLE entities
    ADD COLUMN published_at BIGINT, -- of posts
    ADD COLUMN kind         TEXT,   -- of posts: photo, reels, story, …
    ADD COLUMN text         TEXT,   -- of posts: all of it; `name` is an excerpt
    ADD COLUMN ends_at      BIGINT; -- of posts that the platform takes down by itself

-- Days that a feed covers but one of its metrics does not, as runs. Days that are known stay known.
CREATE TABLE metric_gaps (
    account_id BIGINT  NOT NULL REFERENCES accounts ON DELETE CASCADE,
    level      INTEGER NOT NULL REFERENCES levels,
    metric     INTEGER NOT NULL REFERENCES metrics,
    first_day  INTEGER NOT NULL,
    last_day   INTEGER NOT NULL CHECK (last_day >= first_day),
    reason     TEXT    NOT NULL,
    PRIMARY KEY (account_id, level, metric, first_day)
);

-- What kind of failure it was, as errors have codes.
ALTER TABLE coverage_failures ADD COLUMN code TEXT NOT NULL DEFAULT 'unknown';

-- Ranges whose exact value a report lacked.
CREATE TABLE window_requests (
    account_id   BIGINT  NOT NULL REFERENCES accounts ON DELETE CASCADE,
    requested_at BIGINT  NOT NULL,
    answered_at  BIGINT, -- null: still to be fetched
    level        INTEGER NOT NULL REFERENCES levels,
    metric       INTEGER NOT NULL REFERENCES metrics,
    first_day    INTEGER NOT NULL,
    last_day     INTEGER NOT NULL CHECK (last_day >= first_day),
    PRIMARY KEY (account_id, level, metric, first_day, last_day)
);
CREATE INDEX window_requests_open ON window_requests (account_id) WHERE answered_at IS NULL;

-- What was deleted because a provider's user asked the provider for it. Nothing of the user is kept.
CREATE TABLE deletions (
    deleted_at BIGINT NOT NULL,
    grants     BIGINT NOT NULL,             -- authorizations removed
    accounts   BIGINT NOT NULL,             -- accounts that nobody else's authorization opens
    code       TEXT   COLLATE "C" NOT NULL PRIMARY KEY, -- what the user was given to look it up by
    provider   TEXT   COLLATE "C" NOT NULL
);

CREATE VIEW v_posts AS
SELECT w.name AS workspace, a.platform, a.external_id AS account_id,
       COALESCE(a.custom_name, a.name) AS account, e.external_id AS post_id, e.kind, e.name AS excerpt,
       TIMESTAMPTZ 'epoch' + e.published_at * INTERVAL '1 microsecond' AS published_at,
       e.permalink, m.name AS metric, DATE '1970-01-01' + c.date AS date,
       c.value * 0.000001 AS value
FROM counters c
JOIN entities e ON e.id = c.entity
JOIN accounts a ON a.id = e.account_id
JOIN workspaces w ON w.id = a.workspace_id
JOIN metrics m ON m.id = c.metric;
