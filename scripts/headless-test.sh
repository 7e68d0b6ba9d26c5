#!/bin/sh
# Tries the static build: it needs no library, and its commands work.
set -eu
if command -v ldd >/dev/null && ldd "$1" >/dev/null 2>&1; then
	echo "$1 is not static:" >&2
	ldd "$1" >&2
	exit 1
fi
"$1" --version
"$1" --help | grep -q images
"$1" demo
