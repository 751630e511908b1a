"""Whatever waits costs no thread: WebSockets, event streams and long polls, one hub a process."""
