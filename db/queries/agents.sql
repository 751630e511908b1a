-- name: list_agents
-- Every agent, the built-in ones first.
SELECT id, slug, name, description, built_in, status, last_polled_at, polled_until, polled_boot,
    visible_to_users, visible_to_roles FROM agents
ORDER BY built_in DESC, id;

-- name: change_agent!
-- An administrator saves an agent.
UPDATE agents SET name = :name, description = :description, status = :status, visible_to_users = :visible_to_users,
    visible_to_roles = :visible_to_roles, updated_at = :now
WHERE id = :id;

-- name: mark_polled!
-- An agent (or, without one, each outside agent) has asked for its messages.
UPDATE agents SET last_polled_at = :now, polled_until = :until, polled_boot = :boot
WHERE built_in = 0 AND (:agent_id IS NULL OR id = :agent_id);
