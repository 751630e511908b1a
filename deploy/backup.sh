#!/bin/sh
# backup.sh DATA_DIR FILE.tar.gz: the whole installation as of one moment, while it goes on working:
# a snapshot by `chat-bridge backup`, which reads it back, and the files that it names.
# The archive appears under its name only when it is whole.
set -eu
data=$1
archive=$2
program=$(cd "$(dirname "$0")/.." && pwd)/.venv/bin/chat-bridge
program=${CHAT_BRIDGE:-$program}
config=${CHAT_BRIDGE_CONFIG:-/etc/chat-bridge/bridge.yml}
test -d "$data/blobs" || { echo "there is no bridge in $data" >&2; exit 1; }
umask 077
work=$(mktemp -d "$archive.XXXXXX")
trap 'rm -rf "$work"' EXIT

# What is written in the data folder belongs to its owner.
owner=$(stat -c %U "$data")
as_owner() { if test "$(id -un)" = "$owner"; then "$@"; else runuser -u "$owner" -- "$@"; fi; }
test ! -f "$config" || export CHAT_BRIDGE_CONFIG="$config"
snapshot=$(as_owner env CHAT_BRIDGE_DATA_DIR="$data" "$program" backup)

# After the database: every file that its rows name is there. 1 means that a file went meanwhile.
files=""
for name in blobs workflows; do test ! -d "$data/$name" || files="$files $name"; done
name=$(basename "$snapshot")
# shellcheck disable=SC2086
tar -czf "$work/archive" --transform "s/^$name\$/bridge.db/" \
    -C "$(dirname "$snapshot")" "$name" -C "$data" $files || test $? = 1
sync "$work/archive"
mv "$work/archive" "$archive"
