-- name: list_agents
-- Every agent, the built-in ones first.
SELECT id, slug, name, description, built_in, status, last_polled_at, polled_until, polled_boot FROM agents
ORDER BY built_in DESC, id;

-- name: mark_polled!
-- An agent (or, without one, each outside agent) has asked for its messages.
UPDATE agents SET last_polled_at = :now, polled_until = :until, polled_boot = :boot
WHERE built_in = 0 AND (:agent_id IS NULL OR id = :agent_id);
