-- The files of operations count as room of the key that asked.
-- Old code: does not ask by caller alone.

CREATE INDEX operation_calls_of_a_caller ON operation_calls(caller);
