#!/bin/sh
# Opens the window of the program given; without a display, runs its demo.
set -eu
if [ "$(uname -s)" = Linux ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
	echo "There is no display to open the window on, so here is the demo: $1 demo"
	exec "$1" demo
fi
exec "$1"
