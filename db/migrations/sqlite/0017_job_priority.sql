-- Operators let a job that waits go ahead of the others. Old code: goes on, and takes jobs in their usual order.

ALTER TABLE jobs ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
