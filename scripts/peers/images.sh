#!/bin/sh
# Times the image job against other programs, in one run:
# 12-megapixel photos -> exactly 800x600 -> blur -> JPEG quality 85.
#
# usage: scripts/peers/images.sh [FOLDER OF PHOTOS]
#
# Without a folder, 60 photos are made from Debian's wallpapers. Needs, from
# Debian: hyperfine python3-pil imagemagick graphicsmagick libvips-tools.
# vipsthumbnail does not blur: it has less to do.
set -eu
cd "$(dirname "$0")/../.."
for p in hyperfine gm vipsthumbnail; do
	command -v $p >/dev/null || { echo "install first: hyperfine python3-pil imagemagick graphicsmagick libvips-tools" >&2; exit 1; }
done
CGO_ENABLED=0 go build -trimpath -tags headless -o build/manyhands-headless .
photos=${1:-build/photos}
[ -d "$photos" ] || scripts/peers/photos.sh "$photos"
out=build/peers-out
hyperfine --runs 3 --style basic --prepare "rm -rf $out; mkdir -p $out" --export-json build/peers-images.json \
	-n 'Pillow ThreadPool(4)' "/usr/bin/python3 scripts/peers/pillow_threadpool.py $photos $out 4" \
	-n 'ImageMagick, 2 processes' "ls $photos/* | OMP_NUM_THREADS=1 xargs -P2 -n10 mogrify -path $out -resize '800x600!' -blur 0x1 -quality 85" \
	-n 'GraphicsMagick, 2 processes' "ls $photos/* | OMP_NUM_THREADS=1 xargs -P2 -n10 gm mogrify -create-directories -output-directory $out -resize '800x600!' -blur 0x1 -quality 85" \
	-n 'GraphicsMagick with size hint' "ls $photos/* | OMP_NUM_THREADS=1 xargs -P2 -n10 gm mogrify -create-directories -size 1600x1200 -output-directory $out -resize '800x600!' -blur 0x1 -quality 85" \
	-n 'vipsthumbnail, 2 processes, no blur' "ls $photos/* | VIPS_CONCURRENCY=1 xargs -P2 -n10 vipsthumbnail --size '800x600!' -o '$PWD/$out/%s.jpg[Q=85]'" \
	-n 'manyhands, 1 worker' "build/manyhands-headless images $photos --to $out --workers 1 --quiet" \
	-n 'manyhands, 2 workers' "build/manyhands-headless images $photos --to $out --workers 2 --quiet"
rm -rf "$out"
python3 - <<'END'
import json
results = json.load(open("build/peers-images.json"))["results"]
for r in results:
    print(f"{r['command']:40} median {r['median']:6.2f} s  {results[0]['median'] / r['median']:5.2f} x Pillow's speed")
END
