#!/bin/sh
# Runs golangci-lint, built once into .tools in the version pinned here.
set -eu
version=v2.15.0
tool=".tools/golangci-lint-$version"
if [ ! -x "$tool" ]; then
	echo "Building golangci-lint $version into .tools"
	GOFLAGS= GOBIN="$PWD/.tools" go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$version"
	mv .tools/golangci-lint "$tool"
fi
scripts/prepare.sh build
tags=""
[ "$(uname -s)" != Linux ] || tags="gles"
"$tool" run --build-tags "$tags,xvfb" ./...
"$tool" run --build-tags headless . ./cli/... ./core/...
