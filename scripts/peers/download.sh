#!/bin/sh
# Times downloads against other programs, in one run, from a server on this
# computer: ten that take 2 s, a thousand of 100 KB, one of 2 GB, and many tiny
# ones. It checks that what came is what was sent.
#
# usage: scripts/peers/download.sh [ROUNDS]
#
# Needs, from Debian: hyperfine curl aria2 wget2 python3-requests; room for
# 5 GB below build. TINY=N sets how many tiny files there are.
set -eu
cd "$(dirname "$0")/../.."
for p in hyperfine curl aria2c wget2; do
	command -v $p >/dev/null || { echo "install first: hyperfine curl aria2 wget2 python3-requests" >&2; exit 1; }
done
rounds=${1:-3} tiny=${TINY:-100000}
CGO_ENABLED=0 go build -trimpath -tags headless -o build/manyhands-headless .
go build -o build/fileserver ./scripts/peers/fileserver
data=build/peers-files out=build/peers-out
mkdir -p $data/small $data/tiny
[ -f $data/large ] || head -c 2000000000 /dev/urandom > $data/large
for i in $(seq 1000); do [ -f $data/small/$i ] || head -c 100000 /dev/urandom > $data/small/$i; done
[ -f $data/tiny/0 ] || for i in $(seq 0 99); do head -c 1000 /dev/urandom > $data/tiny/$i; done
rm -f build/server.in
mkfifo build/server.in
build/fileserver $data < build/server.in > build/server.url &
server=$!
exec 9> build/server.in
trap 'kill $server; rm -rf '"$out" EXIT
while [ ! -s build/server.url ]; do sleep 0.1; done
url=$(cat build/server.url)

seq -f "$url/delay/2?%g" 10 > build/delays.txt
seq -f "$url/small/%g" 1000 > build/small.txt
awk -v n="$tiny" -v url="$url" 'BEGIN { for (i = 0; i < n; i++) print url "/tiny/" i % 100 "?" i }' > build/tiny.txt
echo "$url/large" > build/large.txt
# Two read formats of their own: an address and a file for each.
for list in delays small tiny; do
	awk -v out="$out" '{ print "url = \"" $0 "\"\noutput = \"" out "/c" NR "\"" }' build/$list.txt > build/$list.curl
	awk '{ print $0 "\n  out=a" NR }' build/$list.txt > build/$list.aria2
done
python=/usr/bin/python3

race() { # NAME WORKERS LIST
	hyperfine --runs "$rounds" --style basic --prepare "rm -rf $out; mkdir -p $out; sync" --export-json "build/peers-$1.json" \
		-n "curl -Z" "curl -sS -Z --parallel-immediate --parallel-max $2 -K build/$3.curl" \
		-n "manyhands" "build/manyhands-headless download --list build/$3.txt --to $out --workers $2 --per-host 0 --existing rename --quiet" \
		-n "aria2" "aria2c -q -j $2 -x 1 --file-allocation=none -d $out -i build/$3.aria2" \
		-n "wget2" "wget2 -q --max-threads=$2 -P $out -i build/$3.txt" \
		-n "requests in a thread pool" "$python scripts/peers/download_requests.py $2 build/$3.txt $out"
	figures "$1"
}

figures() {
	python3 - "$1" <<'END'
import json, sys
results = json.load(open(f"build/peers-{sys.argv[1]}.json"))["results"]
first = results[0]
print(f"\n{sys.argv[1]}")
for r in results:
    cpu, base = r["user"] + r["system"], first["user"] + first["system"]
    print(f"{r['command']:28} median {r['median']:7.2f} s, {r['median'] / first['median']:5.2f} of {first['command']}'s time, {cpu / base:5.2f} of its processor time")
END
}

race "10 files of 2 s" 10 delays
race "1000 files of 100 KB" 10 small
hyperfine --runs "$rounds" --style basic --prepare "rm -rf $out; mkdir -p $out; sync" --export-json "build/peers-one file of 2 GB.json" \
	-n curl "curl -sS -o $out/large $url/large" \
	-n manyhands "build/manyhands-headless download $url/large --to $out --quiet" \
	-n aria2 "aria2c -q --file-allocation=none -d $out $url/large" \
	-n wget2 "wget2 -q -P $out $url/large" \
	-n requests "$python scripts/peers/download_requests.py 1 build/large.txt $out"
figures "one file of 2 GB"
rm -rf "$out"
mkdir -p "$out"
build/manyhands-headless download "$url/large" --to "$out" --quiet
cmp "$data/large" "$out/large"
[ "$tiny" = 0 ] || race "$tiny files of 1 KB" 16 tiny
