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

-- name: list_agents_beside_others
-- The same where another program says who is active; our own are never, in its eyes.
SELECT id, slug, name, letta_uid, description, built_in, last_polled_at, polled_until, polled_boot, visible_to_users,
    visible_to_roles,
    CASE WHEN COALESCE(is_active, 1) = 0 AND letta_uid NOT LIKE 'chat-bridge-%' THEN 'inactive' ELSE status END AS status
FROM agents ORDER BY built_in DESC, id;

-- name: change_agent_beside_others!
-- The same in another program's table.
UPDATE agents SET name = :name, description = :description, status = :status, visible_to_users = :visible_to_users,
    visible_to_roles = :visible_to_roles, updated_at = :now,
    is_active = CASE WHEN letta_uid LIKE 'chat-bridge-%' THEN 0 ELSE :status <> 'inactive' END
WHERE id = :id;

-- name: mark_polled!
-- An agent (or, without one, each outside agent) has asked for its messages.
UPDATE agents SET last_polled_at = :now, polled_until = :until, polled_boot = :boot
WHERE built_in = 0 AND (:agent_id IS NULL OR id = :agent_id);

-- name: agents_are_shared^
-- Whether another program's table of agents is in use, which asks for a name of its own.
SELECT COUNT(*) FROM pragma_table_info('agents') WHERE name = 'letta_uid';

-- name: add_agent^
-- A new agent.
INSERT INTO agents (slug, name, description, status, visible_to_users, visible_to_roles, created_at, updated_at)
VALUES (:slug, :name, :description, :status, :visible_to_users, :visible_to_roles, :now, :now) RETURNING id;

-- name: add_agent_beside_others^
-- The same in another program's table, hidden from its lists.
INSERT INTO agents (slug, name, letta_uid, description, status, is_active, visible_to_users, visible_to_roles, created_at, updated_at)
VALUES (:slug, :name, 'chat-bridge-' || :slug, :description, :status, 0, :visible_to_users, :visible_to_roles, :now, :now)
RETURNING id;

-- name: remove_agent!
-- Takes out an agent that nobody talked to; its keys go with it.
DELETE FROM agents WHERE id = :id AND built_in = 0;

-- name: agent_took_part^
-- Whether a conversation or a message is with an agent.
SELECT EXISTS (SELECT 1 FROM web_chat_sessions WHERE agent_id = :id)
    OR EXISTS (SELECT 1 FROM web_chat_messages WHERE agent_id = :id);

-- name: waiting_by_agent
-- How many messages wait for each agent, and since when the first of them.
SELECT w.agent_id, w.waiting, m.stamped_at AS oldest
FROM (SELECT agent_id, COUNT(*) AS waiting, MIN(id) AS first_id FROM web_chat_messages
        WHERE state = 'pending' AND job_id IS NULL GROUP BY agent_id) AS w
    JOIN web_chat_messages m ON m.id = w.first_id;

-- name: held_by_agent
-- How many messages each agent works on.
SELECT agent_id, COUNT(*) AS held FROM web_chat_messages WHERE state = 'leased' GROUP BY agent_id;

-- name: messages_by_agent
-- How many of the newest messages went to which agent, how often they were delivered, and how many of them are done.
SELECT agent_id, COUNT(*) AS messages, SUM(attempts) AS deliveries, SUM(MAX(attempts - 1, 0)) AS redeliveries,
    SUM(state = 'done' AND attempts > 0) AS done
FROM (SELECT agent_id, stamped_at, attempts, state FROM web_chat_messages ORDER BY id DESC LIMIT :bound) AS newest
WHERE stamped_at >= :since GROUP BY agent_id;

-- name: work_of_worker^
-- What the built-in agent has before it.
SELECT (SELECT COUNT(*) FROM jobs WHERE status = 'pending') AS waiting,
    (SELECT created_at FROM jobs WHERE status = 'pending' ORDER BY id LIMIT 1) AS oldest,
    (SELECT COUNT(*) FROM jobs WHERE status = 'running') AS held;
