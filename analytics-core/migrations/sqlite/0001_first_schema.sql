-- The first schema.
--
-- Conventions, in every migration:
--   *_at         microseconds since 1970-01-01 00:00 UTC
--   date, *_day  days since 1970-01-01, in the account's own time zone; ranges are inclusive
--   value        millionths (1.5 is 1500000)
--   uuid         16 bytes, a UUIDv7; the outside id is its prefix and base32
--   level        see the table `levels`
-- People with a SQL client read the views at the end of this file.

CREATE TABLE workspaces (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid              BLOB    NOT NULL UNIQUE CHECK (length(uuid) = 16),
    name              TEXT    NOT NULL,
    time_zone         TEXT    NOT NULL,
    currency          TEXT,
    week_start        TEXT    NOT NULL,
    fiscal_year_start INTEGER NOT NULL CHECK (fiscal_year_start BETWEEN 1 AND 12),
    language          TEXT    NOT NULL
) STRICT;

CREATE TABLE users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid          BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    email         TEXT NOT NULL UNIQUE, -- in lower case
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL         -- PHC string
) STRICT;

CREATE TABLE members (
    workspace_id INTEGER NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    user_id      INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    role         TEXT    NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
    PRIMARY KEY (workspace_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_user ON members (user_id);

CREATE TABLE sessions (
    id_hash    BLOB    NOT NULL PRIMARY KEY,
    user_id    INTEGER REFERENCES users ON DELETE CASCADE,
    data       TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Marks that may be used once: OAuth states, set-up links. Only their SHA-256 is kept.
CREATE TABLE used_marks (
    mark_hash  BLOB    NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX used_marks_by_end ON used_marks (expires_at);

CREATE TABLE grants (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid          BLOB    NOT NULL UNIQUE CHECK (length(uuid) = 16),
    workspace_id  INTEGER NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    provider      TEXT    NOT NULL,
    subject       TEXT    NOT NULL,
    subject_name  TEXT,
    scopes        TEXT    NOT NULL,          -- JSON array
    state         TEXT    NOT NULL CHECK (state IN ('active', 'dead')),
    sealed_tokens BLOB    NOT NULL,          -- sealed for `grants/<uuid>`
    expires_at    INTEGER,                   -- of the access token, readable to plan renewals
    version       INTEGER NOT NULL DEFAULT 1,
    granted_at    INTEGER NOT NULL,
    UNIQUE (workspace_id, provider, subject)
) STRICT;

CREATE TABLE accounts (
    id            INTEGER PRIMARY KEY AUTOINCREMENT, -- never reused: caches are keyed by it
    uuid          BLOB    NOT NULL UNIQUE CHECK (length(uuid) = 16),
    workspace_id  INTEGER NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    platform      TEXT    NOT NULL,
    external_id   TEXT    NOT NULL,
    name          TEXT    NOT NULL,  -- as the platform has it
    custom_name   TEXT,              -- as the user renamed it
    currency      TEXT,
    time_zone     TEXT    NOT NULL,
    picture_url   TEXT,
    platform_status TEXT  NOT NULL,
    sealed_access BLOB    NOT NULL,  -- sealed for `accounts/<uuid>`
    state         TEXT    NOT NULL CHECK (state IN ('active', 'needs_relink', 'error', 'archived')),
    linked_at     INTEGER NOT NULL,
    data_version  INTEGER NOT NULL DEFAULT 1,
    UNIQUE (workspace_id, platform, external_id)
) STRICT;

CREATE TABLE account_grants (
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    grant_id   INTEGER NOT NULL REFERENCES grants ON DELETE CASCADE,
    PRIMARY KEY (account_id, grant_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_grants_by_grant ON account_grants (grant_id);

CREATE TABLE levels (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO levels (id, name)
VALUES (0, 'account'), (1, 'campaign'), (2, 'ad_group'), (3, 'ad'), (4, 'post');

-- The account itself is its entity of level account.
CREATE TABLE entities (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid          BLOB    NOT NULL UNIQUE CHECK (length(uuid) = 16),
    account_id    INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    level         INTEGER NOT NULL REFERENCES levels,
    external_id   TEXT    NOT NULL,
    parent_id     INTEGER REFERENCES entities ON DELETE SET NULL,
    name          TEXT,
    name_folded   TEXT,              -- in lower case, for search and order
    status        TEXT,
    permalink     TEXT,
    thumbnail_url TEXT,
    UNIQUE (account_id, level, external_id)
) STRICT;
-- Ends in the row's id, so that facts of a level are read in the order they are clustered in.
CREATE INDEX entities_by_level ON entities (account_id, level);
CREATE INDEX entities_by_parent ON entities (parent_id);

-- Surrogate keys: small integers keep a fact small.
CREATE TABLE feeds (
    id       INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    name     TEXT NOT NULL,
    UNIQUE (platform, name)
) STRICT;

CREATE TABLE metrics (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE facts (
    entity INTEGER NOT NULL REFERENCES entities ON DELETE CASCADE,
    metric INTEGER NOT NULL REFERENCES metrics,
    date   INTEGER NOT NULL,
    value  INTEGER NOT NULL,
    PRIMARY KEY (entity, metric, date)
) STRICT, WITHOUT ROWID;

-- Which metrics an account ever stored.
CREATE TABLE account_metrics (
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    metric     INTEGER NOT NULL REFERENCES metrics,
    PRIMARY KEY (account_id, metric)
) STRICT, WITHOUT ROWID;

-- The former state of facts that a later fetch changed.
CREATE TABLE revisions (
    id            INTEGER PRIMARY KEY,
    account_id    INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    entity        INTEGER NOT NULL,
    metric        INTEGER NOT NULL,
    date          INTEGER NOT NULL,
    kind          TEXT    NOT NULL CHECK (kind IN ('changed', 'appeared', 'vanished')),
    former        INTEGER CHECK ((former IS NULL) = (kind = 'appeared')),
    superseded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX revisions_by_time ON revisions (account_id, superseded_at);

-- Exact values of unique metrics for whole ranges.
CREATE TABLE windows (
    entity     INTEGER NOT NULL REFERENCES entities ON DELETE CASCADE,
    metric     INTEGER NOT NULL REFERENCES metrics,
    first_day  INTEGER NOT NULL,
    last_day   INTEGER NOT NULL CHECK (last_day >= first_day),
    value      INTEGER NOT NULL,
    fetched_at INTEGER NOT NULL,
    PRIMARY KEY (entity, metric, first_day, last_day)
) STRICT, WITHOUT ROWID;

CREATE TABLE window_revisions (
    id            INTEGER PRIMARY KEY,
    account_id    INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    entity        INTEGER NOT NULL,
    metric        INTEGER NOT NULL,
    first_day     INTEGER NOT NULL,
    last_day      INTEGER NOT NULL,
    former        INTEGER NOT NULL,
    fetched_at    INTEGER NOT NULL, -- when the former value was fetched
    superseded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX window_revisions_by_time ON window_revisions (account_id, superseded_at);

-- Lifetime totals of posts, a snapshot a day.
CREATE TABLE counters (
    entity INTEGER NOT NULL REFERENCES entities ON DELETE CASCADE,
    metric INTEGER NOT NULL REFERENCES metrics,
    date   INTEGER NOT NULL,
    value  INTEGER NOT NULL,
    PRIMARY KEY (entity, metric, date)
) STRICT, WITHOUT ROWID;

-- Days fetched completely, as runs of days with the same two fetches.
CREATE TABLE coverage (
    account_id       INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    level            INTEGER NOT NULL REFERENCES levels,
    feed_id          INTEGER NOT NULL REFERENCES feeds,
    first_day        INTEGER NOT NULL,
    last_day         INTEGER NOT NULL CHECK (last_day >= first_day),
    first_fetched_at INTEGER NOT NULL,
    last_fetched_at  INTEGER NOT NULL,
    PRIMARY KEY (account_id, level, feed_id, first_day)
) STRICT, WITHOUT ROWID;

-- Days whose last fetch failed. Days fetched before stay in `coverage`.
CREATE TABLE coverage_failures (
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    level      INTEGER NOT NULL REFERENCES levels,
    feed_id    INTEGER NOT NULL REFERENCES feeds,
    first_day  INTEGER NOT NULL,
    last_day   INTEGER NOT NULL CHECK (last_day >= first_day),
    failed_at  INTEGER NOT NULL,
    reason     TEXT    NOT NULL,
    PRIMARY KEY (account_id, level, feed_id, first_day)
) STRICT, WITHOUT ROWID;

-- Every fetch, so that what was covered at an earlier moment can be told.
CREATE TABLE coverage_history (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    level      INTEGER NOT NULL REFERENCES levels,
    feed_id    INTEGER NOT NULL REFERENCES feeds,
    first_day  INTEGER NOT NULL,
    last_day   INTEGER NOT NULL,
    fetched_at INTEGER NOT NULL,
    failure    TEXT -- why it failed; null: it succeeded
) STRICT;
CREATE INDEX coverage_history_by_time ON coverage_history (account_id, fetched_at);

CREATE TABLE sync (
    account_id       INTEGER PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    next_attempt_at  INTEGER,                    -- null: not to be tried
    priority         INTEGER NOT NULL,           -- 0 linking, 1 refresh, 2 deep
    attempts         INTEGER NOT NULL DEFAULT 0, -- failed ones in a row
    error_code       TEXT,
    error_message    TEXT,
    error_operation  TEXT,
    error_at         INTEGER,
    last_success_at  INTEGER,
    running_since    INTEGER,                    -- the worker's clock
    lease_owner      TEXT,
    lease_expires_at INTEGER,                    -- the database's clock
    fence            INTEGER NOT NULL DEFAULT 0  -- rises with every lease
) STRICT;
CREATE INDEX sync_by_due ON sync (priority, next_attempt_at) WHERE next_attempt_at IS NOT NULL;

-- Rate limits that every worker shares.
CREATE TABLE platform_budgets (
    platform      TEXT    NOT NULL,
    scope         TEXT    NOT NULL, -- what the limit counts by: the app, an account, an endpoint
    used          INTEGER NOT NULL DEFAULT 0,
    allowed       INTEGER,
    resets_at     INTEGER,
    blocked_until INTEGER,
    updated_at    INTEGER NOT NULL,
    PRIMARY KEY (platform, scope)
) STRICT, WITHOUT ROWID;

CREATE VIEW v_accounts AS
SELECT w.name AS workspace, a.platform, a.external_id AS account_id,
       COALESCE(a.custom_name, a.name) AS account, a.currency, a.time_zone, a.state,
       strftime('%Y-%m-%dT%H:%M:%SZ', a.linked_at / 1000000, 'unixepoch') AS linked_at
FROM accounts a
JOIN workspaces w ON w.id = a.workspace_id;

CREATE VIEW v_facts AS
SELECT w.name AS workspace, a.platform, a.external_id AS account_id,
       COALESCE(a.custom_name, a.name) AS account, a.currency, l.name AS level,
       e.external_id AS entity_id, e.name AS entity, m.name AS metric,
       date(f.date * 86400, 'unixepoch') AS date, f.value / 1000000.0 AS value
FROM facts f
JOIN entities e ON e.id = f.entity
JOIN accounts a ON a.id = e.account_id
JOIN workspaces w ON w.id = a.workspace_id
JOIN levels l ON l.id = e.level
JOIN metrics m ON m.id = f.metric;

CREATE VIEW v_coverage AS
SELECT w.name AS workspace, a.platform, a.external_id AS account_id,
       COALESCE(a.custom_name, a.name) AS account, l.name AS level, d.name AS feed,
       date(c.first_day * 86400, 'unixepoch') AS first_day,
       date(c.last_day * 86400, 'unixepoch') AS last_day, c.state,
       strftime('%Y-%m-%dT%H:%M:%SZ', c.first_at / 1000000, 'unixepoch') AS first_fetched_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', c.last_at / 1000000, 'unixepoch') AS last_fetched_at,
       c.reason
FROM (
    SELECT account_id, level, feed_id, first_day, last_day, 'covered' AS state,
           first_fetched_at AS first_at, last_fetched_at AS last_at, NULL AS reason
    FROM coverage
    UNION ALL
    SELECT account_id, level, feed_id, first_day, last_day, 'failed', NULL, failed_at, reason
    FROM coverage_failures
) c
JOIN accounts a ON a.id = c.account_id
JOIN workspaces w ON w.id = a.workspace_id
JOIN levels l ON l.id = c.level
JOIN feeds d ON d.id = c.feed_id;
