-- name: waiting_messages
-- Deliverable messages of every agent, oldest first; not those of a session that somebody holds, agent or operator.
SELECT m.id, m.session_id, m.message, m.stamped_at AS timestamp, m.uid, m.is_new_user, m.agent_id, m.state, m.attempts, m.attachments,
    m.client_msg_id, m.job_id, m.leased_by, m.lease_until, m.lease_boot, m.lease_style, m.served, m.receipt,
    m.body_hash
FROM web_chat_messages m
WHERE m.state = 'pending' AND m.job_id IS NULL AND m.id > :after_id
    AND NOT EXISTS (SELECT 1 FROM web_chat_messages h WHERE h.session_id = m.session_id AND h.state = 'leased'
        AND NOT (h.lease_style = 'plugin' AND h.leased_by = :consumer))
    AND NOT EXISTS (SELECT 1 FROM web_chat_messages d WHERE d.session_id = m.session_id AND d.state = 'pending'
        AND d.not_before > 0 AND d.id <= m.id AND d.not_before > :now AND d.lease_boot = :boot)
    AND NOT EXISTS (SELECT 1 FROM desk_claims c WHERE c.session_id = m.session_id AND c.active_until > :now
        AND c.boot = :boot)
ORDER BY m.id LIMIT :limit;

-- name: waiting_messages_for_agent
-- The same for one agent; no agent_id on a message means the default agent, asked for as NULL.
SELECT m.id, m.session_id, m.message, m.stamped_at AS timestamp, m.uid, m.is_new_user, m.agent_id, m.state, m.attempts, m.attachments,
    m.client_msg_id, m.job_id, m.leased_by, m.lease_until, m.lease_boot, m.lease_style, m.served, m.receipt,
    m.body_hash
FROM web_chat_messages m
WHERE m.state = 'pending' AND m.job_id IS NULL AND m.agent_id IS NOT DISTINCT FROM :agent_id AND m.id > :after_id
    AND NOT EXISTS (SELECT 1 FROM web_chat_messages h WHERE h.session_id = m.session_id AND h.state = 'leased'
        AND NOT (h.lease_style = 'plugin' AND h.leased_by = :consumer))
    AND NOT EXISTS (SELECT 1 FROM web_chat_messages d WHERE d.session_id = m.session_id AND d.state = 'pending'
        AND d.not_before > 0 AND d.id <= m.id AND d.not_before > :now AND d.lease_boot = :boot)
    AND NOT EXISTS (SELECT 1 FROM desk_claims c WHERE c.session_id = m.session_id AND c.active_until > :now
        AND c.boot = :boot)
ORDER BY m.id LIMIT :limit;

-- name: count_waiting^
-- How many messages wait for an agent (or for any), counted up to a bound.
SELECT COUNT(*) FROM (SELECT 1 FROM web_chat_messages WHERE state = 'pending' AND job_id IS NULL AND id > :after_id
    AND (:any_agent = 1 OR agent_id IS NOT DISTINCT FROM :agent_id) LIMIT :bound) AS waiting;

-- name: count_out_of_reach^
-- How many of those nobody is given now: their session is held, by an agent or operator, or was given back for later.
SELECT COUNT(*) FROM (
    SELECT session_id, MIN(from_id) AS from_id FROM (
        SELECT session_id, 0 AS from_id FROM web_chat_messages
            WHERE state = 'leased' AND NOT (lease_style = 'plugin' AND leased_by = :consumer)
        UNION ALL SELECT session_id, id FROM web_chat_messages
            WHERE state = 'pending' AND not_before > 0 AND not_before > :now AND lease_boot = :boot
        UNION ALL SELECT session_id, 0 FROM desk_claims WHERE active_until > :now AND boot = :boot
    ) AS each_reason GROUP BY session_id
) AS held JOIN web_chat_messages m ON m.session_id = held.session_id AND m.id >= held.from_id
WHERE m.state = 'pending' AND m.state IN ('pending', 'leased') AND m.job_id IS NULL AND m.id > :after_id
    AND (:any_agent = 1 OR m.agent_id IS NOT DISTINCT FROM :agent_id);

-- name: live_lease^
-- Whether somebody holds a message of an agent right now.
SELECT 1 FROM web_chat_messages WHERE state = 'leased' AND agent_id IS NOT DISTINCT FROM :agent_id
    AND lease_until > :now AND lease_boot = :boot LIMIT 1;

-- name: lease_message!
-- Hands one pending message to a holder.
UPDATE web_chat_messages SET state = 'leased', attempts = attempts + 1, leased_by = :consumer, lease_until = :until,
    lease_boot = :boot, lease_style = :style, served = 1, not_before = 0, fence = fence + 1, receipt = :receipt
WHERE id = :id AND state = 'pending';

-- name: held_by
-- What one consumer holds, in no order: sorting here would read the whole table instead of the index of leases.
SELECT id, session_id, message, stamped_at AS timestamp, uid, is_new_user, agent_id, state, attempts, attachments, client_msg_id,
    job_id, leased_by, lease_until, lease_boot, lease_style, served, receipt, body_hash
FROM web_chat_messages WHERE state = 'leased' AND leased_by = :consumer;

-- name: message_by_receipt^
-- The message of one lease.
SELECT id, session_id, message, stamped_at AS timestamp, uid, is_new_user, agent_id, state, attempts, attachments, client_msg_id,
    job_id, leased_by, lease_until, lease_boot, lease_style, served, receipt, body_hash
FROM web_chat_messages WHERE receipt = :receipt;

-- name: ended_leases
-- Leases that ran out, or were given before the machine restarted, in no order.
SELECT id, session_id, message, stamped_at AS timestamp, uid, is_new_user, agent_id, state, attempts, attachments, client_msg_id,
    job_id, leased_by, lease_until, lease_boot, lease_style, served, receipt, body_hash
FROM web_chat_messages WHERE state = 'leased' AND (lease_until <= :now OR lease_boot IS DISTINCT FROM :boot);

-- name: count_ended_leases^
-- Whether a sweep has anything to do.
SELECT COUNT(*) FROM web_chat_messages WHERE state = 'leased' AND (lease_until <= :now OR lease_boot IS DISTINCT FROM :boot);

-- name: release_message!
-- Back to pending, perhaps not before a moment; `refund` takes back the attempt.
UPDATE web_chat_messages SET state = 'pending', leased_by = NULL, receipt = NULL, served = 0, not_before = :not_before,
    lease_boot = :boot, attempts = attempts - :refund, last_error = :reason
WHERE id = :id AND state = 'leased';

-- name: bury_message!
-- To the dead letters, with its reason.
UPDATE web_chat_messages SET state = 'dead', leased_by = NULL, receipt = NULL, last_error = :reason
WHERE id = :id AND state IN ('pending', 'leased');

-- name: extend_lease!
-- A longer lease for its holder.
UPDATE web_chat_messages SET lease_until = :until, lease_boot = :boot WHERE id = :id AND state = 'leased';

-- name: serve_again!
-- One more delivery inside the same lease, for the plugin that removes repeats by itself.
UPDATE web_chat_messages SET served = served + 1, lease_until = :until, lease_boot = :boot
WHERE id = :id AND state = 'leased';

-- name: dead_messages
-- Dead letters that nobody laid aside, oldest first.
SELECT id, session_id, message, stamped_at AS timestamp, uid, is_new_user, agent_id, state, attempts, attachments, client_msg_id,
    job_id, leased_by, lease_until, lease_boot, lease_style, served, receipt, body_hash
FROM web_chat_messages WHERE state = 'dead' AND discarded IS NULL ORDER BY id LIMIT :limit;

-- name: redrive_message!
-- Brings a dead letter back, with all its attempts.
UPDATE web_chat_messages SET state = 'pending', attempts = 0, not_before = 0, last_error = NULL, discarded = NULL
WHERE id = :id AND state = 'dead';
