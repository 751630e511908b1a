-- Dead letters that somebody looked at and laid aside, and lists of jobs by state. Old code: goes on; it may bring a
-- discarded letter back.

ALTER TABLE web_chat_messages ADD COLUMN discarded TEXT;
ALTER TABLE jobs ADD COLUMN discarded TEXT;
CREATE INDEX messages_dead_by_reason ON web_chat_messages(last_error, id) WHERE state = 'dead' AND discarded IS NULL;
CREATE INDEX jobs_dead_by_reason ON jobs(error, id) WHERE status = 'dead' AND discarded IS NULL;
CREATE INDEX jobs_by_status ON jobs(status, id) WHERE kind = 'command';
