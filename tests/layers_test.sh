#!/usr/bin/env bash
# The layer test fails when it should: in a copy of the tree's headers and sources with one include that points up, one that
# points sideways, and one that leads out of the layers.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/docs"
cp "$here/../docs/ARCHITECTURE.md" "$tree/docs/"
(cd "$here/.." && git ls-files -co --exclude-standard 'schema/*.[ch]' 'ledger/*.[ch]' 'policy/*.[ch]' 'daemon/*.[ch]' 'client/*.[ch]' |
        while read -r file; do [[ -f $file ]] && echo "$file"; done | xargs -d '\n' cp --parents -t "$tree")
git -C "$tree" init -q

run() { "$here/layers.sh" "$tree"; }
expect_failure() { # file, include, complaint
        mkdir -p "$(dirname "$tree/$1")"
        printf '#include "%s"\n' "$2" >"$tree/$1"
        if said=$(run); then
                echo "it passed, and should have said: $3"
                exit 1
        fi
        grep -qF "$3" <<<"$said" || { echo "it said: $said"; exit 1; }
        rm "$tree/$1"
}

run >/dev/null
expect_failure ledger/base/up.c ledger/store/store.h "ledger/base/up.c (ledger/base) includes ledger/store/store.h (ledger/store), which lies above it"
expect_failure ledger/verify/up.h daemon/job.h "lies above it"
expect_failure daemon/side.c client/session.h "which lies above it"
expect_failure client/side.c daemon/job.h "which lies above it"
expect_failure policy/out.c tests/policy/given.h "belongs to no layer"
run >/dev/null
# a list that is gone proves nothing
sed -i '/^```layers/,/^```$/d' "$tree/docs/ARCHITECTURE.md"
if run >/dev/null; then
        echo "it passed without a list of layers"
        exit 1
fi
echo "the layer test fails when it should"
