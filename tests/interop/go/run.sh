#!/usr/bin/env bash
# The vectors of the tree, verified by golang.org/x/mod/sumdb (Debian: golang-go golang-golang-x-mod-dev). Without Go it
# says so and ends with 77, which ctest reads as skipped.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
library=/usr/share/gocode
if ! command -v go >/dev/null || [ ! -d "$library/src/golang.org/x/mod/sumdb/note" ]; then
        echo "SKIPPED: Go's view of the vectors (apt-get install golang-go golang-golang-x-mod-dev)"
        exit 77
fi
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
export GOPATH=$library GO111MODULE=off GOCACHE=$build/cache GOFLAGS= GOTOOLCHAIN=local
go build -o "$build/vectors" "$here/vectors.go"
"$build/vectors" "$here/../../../schema/vectors/tree"
