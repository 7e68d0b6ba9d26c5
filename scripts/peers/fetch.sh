#!/bin/sh
# Fetches 50 addresses at no more than 5 a second, in several ways, and asks the
# server what it saw: how many were refused, and the most in any second.
#
# usage: scripts/peers/fetch.sh [ROUNDS]
#
# Needs python3 and curl 7.84 or newer.
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-3}
CGO_ENABLED=0 go build -trimpath -tags headless -o build/manyhands-headless .
go build -o build/plainrate ./scripts/peers/plainrate
build/manyhands-headless practice --json > build/practice.json &
server=$!
trap 'kill $server' EXIT
while [ ! -s build/practice.json ]; do sleep 0.1; done
url=$(python3 -c 'import json; print(json.load(open("build/practice.json"))["url"])')

try() { # NAME COMMAND…; {} in the command is the address
	name=$1
	shift
	for round in $(seq "$rounds"); do
		key="$$-$(date +%s%N)"
		address="$url/limited?rate=5&per=1s&key=$key"
		begun=$(date +%s.%N)
		ADDRESS=$address sh -c "$*" > build/try.log 2>&1 || true
		ended=$(date +%s.%N)
		python3 - "$name" "$begun" "$ended" "$url/limited/report?key=$key" <<'END'
import json, sys, urllib.request
name, begun, ended, report = sys.argv[1:]
seen = json.load(urllib.request.urlopen(report))
print(f"{name:32} {float(ended) - float(begun):6.2f} s  {seen['refused']:3} of {seen['requests']} refused  most in a second: {seen['worst']}")
END
	done
}

fifty='$(seq -f "$ADDRESS&n=%g" 50)'
try 'manyhands' 'build/manyhands-headless fetch "$ADDRESS&n={1..50}" --rate 5 --workers 5 --retries 0 --quiet'
try 'sliding log in Python' "python3 scripts/peers/fetch_log.py 5 $fifty"
try 'x/time/rate, burst 5' "build/plainrate 5 $fifty"
try 'curl --rate 5/s' 'curl -s --rate 5/s -o /dev/null "$ADDRESS&n=[1-50]"'
