#!/bin/sh
# Runs every fuzz target for the time given. usage: fuzz.sh 60s
set -eu
for dir in $(grep -rl --include='*_test.go' '^func Fuzz' core | xargs -n1 dirname | sort -u); do
	for target in $(grep -ho '^func Fuzz[A-Za-z0-9]*' "$dir"/*_test.go | cut -c6- | sort -u); do
		echo "$dir $target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" "./$dir"
	done
done
