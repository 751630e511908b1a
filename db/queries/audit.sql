-- name: add_audit_entry!
-- One more link of the chain.
INSERT INTO audit_log (created_at, actor, action, subject, value_before, value_after, previous_hash, hash)
VALUES (:created_at, :actor, :action, :subject, :before, :after, :previous_hash, :hash);

-- name: last_audit_hash^
-- What the next link holds on to.
SELECT hash FROM audit_log ORDER BY id DESC LIMIT 1;

-- name: audit_entries_after
-- The chain in order.
SELECT id, created_at, actor, action, subject, value_before, value_after, previous_hash, hash FROM audit_log
WHERE id > :after_id ORDER BY id LIMIT :limit;

-- name: newest_audit_id^
-- The highest number ever given, also when its entry is gone.
SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'audit_log';
