#!/bin/sh
# Times loading a table against other programs, in one run: a CSV added to a
# table that is there, with good rows only and with a
# thousand rejects in a million; a new table; a commit for each row. It checks that the
# tables are the same.
#
# usage: scripts/peers/load.sh [ROUNDS]
#
# Needs, from Debian: hyperfine sqlite3 sqlite-utils python3. ROWS=N sets how
# many rows there are.
set -eu
cd "$(dirname "$0")/../.."
for p in hyperfine sqlite3 sqlite-utils python3; do
	command -v $p >/dev/null || { echo "install first: hyperfine sqlite3 sqlite-utils python3" >&2; exit 1; }
done
rounds=${1:-3} rows=${ROWS:-1000000}
CGO_ENABLED=0 go build -trimpath -tags headless -o build/manyhands-headless .
out=build/peers-load
mkdir -p $out
trap 'rm -rf $out' EXIT
csv=$out/users.csv
python3 scripts/peers/load_python.py make $csv "$rows"
sqlite3 $out/empty.db 'CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT, created_at TEXT)'
before="rm -f $out/t.db* $out/*-rejects*; cp $out/empty.db $out/t.db; sync"

figures() { # TITLE
	python3 - "$1" <<'END'
import json, sys
results = json.load(open("build/peers-load.json"))["results"]
first = results[0]
print(f"\n{sys.argv[1]}")
for r in results:
    cpu, base = r["user"] + r["system"], first["user"] + first["system"]
    print(f"{r['command']:34} median {r['median']:7.2f} s, {first['median'] / r['median']:6.2f} times as fast as {first['command']}, {base / cpu:5.2f} by processor time")
END
}

hyperfine --runs "$rounds" --style basic --prepare "$before" --export-json build/peers-load.json \
	-n "sqlite3 .import" "sqlite3 $out/t.db '.import --csv --skip 1 $csv users'" \
	-n "manyhands load --append" "build/manyhands-headless load $csv --db $out/t.db --table users --append --quiet" \
	-n "Python executemany" "python3 scripts/peers/load_python.py many $csv $out/t.db" \
	-n "sqlite-utils insert" "sqlite-utils insert $out/t.db users $csv --csv"
figures "$rows rows added to a table"

sh -c "$before"
sqlite3 $out/t.db ".import --csv --skip 1 $csv users"
sqlite3 $out/t.db 'SELECT * FROM users' | sha256sum > $out/theirs
sh -c "$before"
build/manyhands-headless load $csv --db $out/t.db --table users --append --quiet
sqlite3 $out/t.db 'SELECT * FROM users' | sha256sum | cmp - $out/theirs

hyperfine --runs "$rounds" --style basic --prepare "$before; rm -f $out/t.db" --export-json build/peers-load.json \
	-n "sqlite3 .import" "sqlite3 $out/t.db 'CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT, created_at TEXT)' '.import --csv --skip 1 $csv users'" \
	-n "manyhands load --create" "build/manyhands-headless load $csv --db $out/t.db --table users --key id --quiet"
figures "$rows rows into a new table, types found in all values first"

python3 scripts/peers/load_python.py spoil $csv $out/spoiled.csv
hyperfine --runs "$rounds" --style basic --prepare "$before" --export-json build/peers-load.json \
	-n "sqlite3 .import, all rows good" "sqlite3 $out/t.db '.import --csv --skip 1 $csv users'" \
	-n "manyhands load, 1 in 1,000 rejected" "build/manyhands-headless load $out/spoiled.csv --db $out/t.db --table users --append --quiet"
figures "with rejects"

echo
echo "A commit for each row, 1,000 rows:"
for round in $(seq "$rounds"); do
	python3 scripts/peers/load_python.py each $out/t.db 1000 1
	python3 scripts/peers/load_python.py each $out/t.db 1000 4
	for workers in 1 4; do
		rm -f $out/t.db*
		echo "manyhands, $workers worker(s): $(build/manyhands-headless load --generate 1000 --db $out/t.db --commit each-row --workers $workers --json |
			python3 -c 'import json, sys; r = json.loads(sys.stdin.readlines()[-1])["report"]; print(round(r["rate"]), "rows/s,", 1000 - r["ok"], "lost")')"
	done
done
