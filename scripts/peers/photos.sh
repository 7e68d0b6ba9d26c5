#!/bin/sh
# Makes 60 photos of 12 megapixels from the photographs in Debian's wallpaper
# packages, which are unpacked, not installed. usage: photos.sh FOLDER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
target=$(cd "$1" && pwd)
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
cd "$unpacked"
apt-get download -qq lomiri-wallpapers-16.04 mate-backgrounds ukui-wallpapers plasma-workspace-wallpapers
for f in *.deb; do dpkg -x "$f" .; done
/usr/bin/python3 "$here/make_photos.py" . "$target" 60
