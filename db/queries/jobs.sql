-- name: add_job!
-- Queues one job.
INSERT INTO jobs (job_id, session_id, message_id, kind, command, file, created_at)
VALUES (:job_id, :session_id, :message_id, :kind, :command, :file, :now);

-- name: attach_job!
-- The message that a job answers.
UPDATE jobs SET message_id = :message_id WHERE job_id = :job_id;

-- name: find_job^
-- One job by its id.
SELECT id, job_id, session_id, message_id, kind, command, file, status, attempts, fence, owner, priority, progress,
    cancel_requested, result, error, error_code, created_at, started_at, finished_at
FROM jobs WHERE job_id = :job_id;

-- name: steps_of_job
-- The steps of a job in order.
SELECT step_index, operation, title, arguments, status, rows_in, rows_out FROM job_steps
WHERE job_id = :job_id ORDER BY step_index;

-- name: next_job^
-- The job that may start (the first of its session, not delayed), was let go ahead, or could have started for the longest
-- time: since it was made, or since the one before it ended, so that a session with many jobs does not keep the others waiting for all of them.
SELECT job_id FROM (
    SELECT j.id, j.job_id, j.created_at, j.priority, (SELECT b.finished_at FROM jobs b WHERE b.session_id = j.session_id
        AND b.id < j.id AND b.kind = 'command' AND j.kind = 'command' ORDER BY b.id DESC LIMIT 1) AS one_before_ended
    FROM jobs j WHERE j.status = 'pending' AND (j.not_before <= :now OR j.lease_boot IS DISTINCT FROM :boot)
        AND (j.kind <> 'command' OR NOT EXISTS (SELECT 1 FROM jobs e WHERE e.session_id = j.session_id AND e.id < j.id
            AND e.kind = 'command' AND e.status IN ('pending', 'running')))) AS ready
ORDER BY priority DESC, CASE WHEN one_before_ended > created_at THEN one_before_ended ELSE created_at END, id LIMIT 1;

-- name: start_job!
-- Takes a pending job; the attempt counts before the work begins.
UPDATE jobs SET status = 'running', owner = :owner, fence = fence + 1, attempts = attempts + 1, lease_until = :until,
    lease_boot = :boot, not_before = 0, started_at = COALESCE(started_at, :now), error = NULL, error_code = NULL
WHERE job_id = :job_id AND status = 'pending';

-- name: beat_job!
-- Keeps the lease while the work goes on; no row means it was taken away.
UPDATE jobs SET lease_until = :until WHERE job_id = :job_id AND fence = :fence AND status = 'running';

-- name: lost_jobs
-- Running jobs whose worker has gone.
SELECT job_id, attempts, fence FROM jobs WHERE status = 'running'
    AND (lease_until <= :now_ms OR lease_boot IS DISTINCT FROM :boot);

-- name: report_job!
-- The latest progress of a run.
UPDATE jobs SET progress = :progress WHERE job_id = :job_id AND fence = :fence AND status = 'running';

-- name: end_job!
-- The end of a run, for its present holder only.
UPDATE jobs SET status = :status, result = :result, error = :error, error_code = :error_code, finished_at = :now,
    lease_until = 0
WHERE job_id = :job_id AND fence = :fence AND status = 'running';

-- name: requeue_job!
-- Back to the queue after a failure that may pass.
UPDATE jobs SET status = 'pending', owner = NULL, lease_until = 0, not_before = :not_before, error = :error,
    error_code = :error_code
WHERE job_id = :job_id AND fence = :fence AND status = 'running';

-- name: release_job!
-- Back to the queue at once, as if it had never been taken.
UPDATE jobs SET status = 'pending', owner = NULL, lease_until = 0, not_before = 0, attempts = attempts - 1
WHERE job_id = :job_id AND fence = :fence AND status = 'running';

-- name: cancel_pending_job!
-- Cancels a job that has not begun.
UPDATE jobs SET status = 'cancelled', finished_at = :now WHERE job_id = :job_id AND status = 'pending';

-- name: request_cancel!
-- Asks the holder of a running job to stop.
UPDATE jobs SET cancel_requested = 1 WHERE job_id = :job_id AND status = 'running';

-- name: retry_job!
-- Queues an ended job again with all its attempts.
UPDATE jobs SET status = 'pending', owner = NULL, attempts = 0, priority = 0, cancel_requested = 0, error = NULL, error_code = NULL, progress = '{}',
    finished_at = NULL, not_before = 0, discarded = NULL
WHERE job_id = :job_id AND status IN ('failed', 'cancelled', 'dead');

-- name: let_ahead!
-- A job that waits changes its place in the line, with those of its session that must run before it.
UPDATE jobs SET priority = :priority WHERE session_id = :session_id AND status = 'pending'
    AND id <= (SELECT w.id FROM jobs w WHERE w.job_id = :job_id AND w.status = 'pending');

-- name: clear_steps!
-- Forgets the steps of an earlier run.
DELETE FROM job_steps WHERE job_id = :job_id;

-- name: add_step!
-- One step of the plan.
INSERT INTO job_steps (job_id, step_index, operation, title, arguments) VALUES (:job_id, :step_index, :operation, :title, :arguments);

-- name: mark_steps!
-- The state of the steps before, at or after the one that runs.
UPDATE job_steps SET status = :status WHERE job_id = :job_id AND step_index BETWEEN :first AND :last;

-- name: stop_steps!
-- The step that ran when the run ended shares its fate.
UPDATE job_steps SET status = :status WHERE job_id = :job_id AND status = 'running';

-- name: count_step!
-- Rows that went into and came out of one step.
UPDATE job_steps SET status = 'completed', rows_in = :rows_in, rows_out = :rows_out
WHERE job_id = :job_id AND step_index = :step_index;

-- name: jobs_of_session
-- The visible jobs of a session, newest first.
SELECT id, job_id, session_id, message_id, kind, command, file, status, attempts, fence, owner, priority, progress,
    cancel_requested, result, error, error_code, created_at, started_at, finished_at
FROM jobs WHERE session_id = :session_id AND kind = 'command' ORDER BY id DESC LIMIT :limit;

-- name: beat_worker!
-- A worker says that it lives.
INSERT INTO workers (name, pid, alive_until, boot, started_at) VALUES (:name, :pid, :alive_until, :boot, :now)
ON CONFLICT (name) DO UPDATE SET alive_until = excluded.alive_until, boot = excluded.boot;

-- name: live_workers^
-- How many workers live.
SELECT COUNT(*) FROM workers WHERE kind = 'worker' AND alive_until > :now AND boot = :boot;

-- name: forget_worker!
-- A worker leaves, or died long ago.
DELETE FROM workers WHERE name = :name OR boot <> :boot OR alive_until < :long_ago;
