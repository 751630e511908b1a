CREATE TABLE jobs (name TEXT, pay INTEGER);
INSERT INTO jobs VALUES ('Clerk', 1200);
CREATE TABLE notes (text TEXT);
INSERT INTO notes VALUES ('Remember');
