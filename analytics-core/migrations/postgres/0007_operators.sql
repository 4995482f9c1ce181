-- Users who look after the whole instance, across workspaces: the first one set it up.

ALTER TABLE users ADD COLUMN operator INTEGER NOT NULL DEFAULT 0;
UPDATE users SET operator = 1 WHERE id = (SELECT min(id) FROM users);
