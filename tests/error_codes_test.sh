#!/usr/bin/env bash
# The check of error codes fails when it should: in a small tree with a code without a case, and with one that has both.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/ledger/base" "$tree/tests"
cp "$here/error_codes.sh" "$tree/tests/"
cp "$here/../ledger/base/err.def" "$tree/ledger/base/"
git -C "$tree" init -q
listed=$(sed -nE '/LIST.$/,/^LIST$/s/^(ERR_[A-Z_]+) .*/\1/p' "$here/error_codes.sh")
[[ -n $listed ]]
# a case for every code that is not listed
sed -nE 's/^ERR\((ERR_[A-Z0-9_]+),.*/\1/p' "$tree/ledger/base/err.def" | grep -vxF "$listed" >"$tree/tests/all_test.c"

run() { "$tree/tests/error_codes.sh" "$tree"; }
expect_failure() { # the complaint
        if said=$(run); then
                echo "it passed, and should have said: $1"
                exit 1
        fi
        grep -qF "$1" <<<"$said" || { echo "it said: $said"; exit 1; }
}

run >/dev/null
sed -i '/^ERR_OTHER_LOG$/d' "$tree/tests/all_test.c"
expect_failure "ERR_OTHER_LOG (STM-05) has no case"
echo "answers STM-05" >"$tree/tests/one.bats" # the public code will do
run >/dev/null
echo "ERR_GENESIS" >>"$tree/tests/all_test.c"
expect_failure "ERR_GENESIS (TRE-09) is listed as one that cannot be provoked, and has a case"
sed -i '/^ERR_GENESIS$/d' "$tree/tests/all_test.c"
sed -i '/^ERR(ERR_GENESIS,/d' "$tree/ledger/base/err.def"
expect_failure "ERR_GENESIS is listed in tests/error_codes.sh and is no error"
echo 'ERR(ERR_NEW, "NEW", 400, 1, "New.")' >>"$tree/ledger/base/err.def"
expect_failure "rows that this script cannot read"
echo "the check of error codes fails when it should"
