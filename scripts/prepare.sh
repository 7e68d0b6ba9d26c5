#!/bin/sh
# Installs what is missing. usage: prepare.sh build|test|bench
# On Debian and Ubuntu by apt; elsewhere it names the packages.
set -eu

need="gcc pkg-config libgl-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev"
[ "$1" = build ] || need="$need xvfb openbox xdotool libgl1-mesa-dri fonts-dejavu-core"
[ "$1" != bench ] || need="$need hyperfine python3-pil python3-requests imagemagick graphicsmagick libvips-tools curl aria2 wget2 sqlite3 sqlite-utils"

command -v go >/dev/null || { echo "Go 1.26 or newer is needed: https://go.dev/dl" >&2; exit 1; }
[ "$(uname -s)" = Linux ] || {
	[ "$(uname -s)" != Darwin ] || xcode-select -p >/dev/null 2>&1 || { echo "Install the compiler first: xcode-select --install" >&2; exit 1; }
	exit 0
}

if ! command -v dpkg-query >/dev/null; then
	pkg-config --exists gl x11 xcursor xrandr xinerama xi xxf86vm 2>/dev/null && command -v gcc >/dev/null &&
		{ [ "$1" = build ] || command -v Xvfb xdotool openbox >/dev/null; } && exit 0
	cat >&2 <<-EOF
	Install these first, then try again.
	  Fedora: sudo dnf install gcc pkgconf-pkg-config mesa-libGL-devel libX11-devel libXcursor-devel libXrandr-devel libXinerama-devel libXi-devel libXxf86vm-devel
	          for the tests also: xorg-x11-server-Xvfb openbox xdotool mesa-dri-drivers
	  Arch:   sudo pacman -S gcc pkgconf mesa libx11 libxcursor libxrandr libxinerama libxi libxxf86vm
	          for the tests also: xorg-server-xvfb openbox xdotool
	EOF
	exit 1
fi

missing=""
for p in $need; do
	dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

sudo=""
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || { echo "Install these as root, then try again: apt-get install$missing" >&2; exit 1; }
	sudo="sudo"
fi
echo "Installing by apt:$missing"
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
