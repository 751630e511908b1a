-- name: beat_process!
-- A web process says that it lives.
INSERT INTO workers (name, kind, pid, alive_until, boot, started_at) VALUES (:name, :kind, :pid, :alive_until, :boot, :now)
ON CONFLICT (name) DO UPDATE SET alive_until = excluded.alive_until, boot = excluded.boot;

-- name: live_processes
-- How many processes of each kind live.
SELECT kind, COUNT(*) AS alive FROM workers WHERE alive_until > :now AND boot = :boot GROUP BY kind;

-- name: oldest_process^
-- When the oldest web process that lives began.
SELECT MIN(started_at) FROM workers WHERE alive_until > :now AND boot = :boot AND kind <> 'worker';

-- name: forget_process!
-- A web process leaves; those that died long ago are forgotten with it.
DELETE FROM workers WHERE name = :name OR boot <> :boot OR alive_until < :long_ago;
