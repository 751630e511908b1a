#!/bin/sh
# backup.sh DATA_DIR FILE.tar.gz: the whole installation as of one moment, while it goes on working.
# The archive appears under its name only when it is whole and its database has been checked.
set -eu
data=$1
archive=$2
python=${PYTHON:-/opt/chat-bridge/.venv/bin/python}
test -f "$data/bridge.db" || { echo "there is no bridge.db in $data" >&2; exit 1; }
umask 077
work=$(mktemp -d "$archive.XXXXXX")
trap 'rm -rf "$work"' EXIT

"$python" - "$data/bridge.db" "$work/bridge.db" <<'END'
import sqlite3
import sys

source = sqlite3.connect(sys.argv[1], timeout=60)
source.execute("VACUUM INTO ?", (sys.argv[2],))
(found,) = sqlite3.connect(sys.argv[2]).execute("PRAGMA integrity_check").fetchone()
sys.exit(0 if found == "ok" else f"the copy is damaged: {found}")
END

# After the database: every file that its rows name is there. 1 means that a file went meanwhile.
files=""
for name in blobs workflows; do test ! -d "$data/$name" || files="$files $name"; done
# shellcheck disable=SC2086
tar -czf "$work/archive" -C "$work" bridge.db -C "$data" $files || test $? = 1
sync "$work/archive"
mv "$work/archive" "$archive"
