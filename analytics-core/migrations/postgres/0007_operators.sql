-- Users who look after the whole instance, across workspaces: the first one set it up.

ALTER TABLE users ADD COLUMN operator BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE users SET operator = TRUE WHERE id = (SELECT min(id) FROM users);
