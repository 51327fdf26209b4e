#!/usr/bin/env bash
# Every code of ledger/base/err.def has a case: its C name or its public code stands in a test. What cannot be provoked is
# listed here with the reason; a code that has neither fails, and so does one that is listed and has a case.
# Usage: tests/error_codes.sh [ROOT]
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"

unprovoked() {
        cat <<'LIST'
ERR_GENESIS     only a daemon that lies about its first entry: the log's id holds the hash, so STM-05 comes first
ERR_ERASED      nothing erases yet: the kind `erase` is not taken by this version
LIST
}

bad=0
complain() {
        echo "$*"
        bad=1
}

# Where cases are: what lists all codes for their own sake does not count.
cases=$(git ls-files -co --exclude-standard tests | grep -vE '^tests/(error_codes(_test)?\.sh|ledger/base/err_test\.c)$')
[[ -n $cases ]] || { echo "no tests were found"; exit 1; }
words=$(xargs -d '\n' grep -hoE '\bERR_[A-Z0-9_]+\b|\b[A-Z]{3}-[0-9]{2}\b' <<<"$cases" | sort -u)
rows=$(sed -nE 's/^ERR\((ERR_[A-Z0-9_]+), "([A-Z]{3}-[0-9]{2})",.*/\1 \2/p' ledger/base/err.def)
total=$(grep -c '^ERR(' ledger/base/err.def || true)
[[ $total -gt 0 && $total == "$(wc -l <<<"$rows")" ]] || complain "ledger/base/err.def has rows that this script cannot read"

while read -r name code; do
        has=no
        grep -qxF -e "$name" -e "$code" <<<"$words" && has=yes
        listed=no
        unprovoked | grep -qE "^$name +[^ ]" && listed=yes
        case $has,$listed in
        no,no) complain "$name ($code) has no case in the tests and no reason in tests/error_codes.sh" ;;
        yes,yes) complain "$name ($code) is listed as one that cannot be provoked, and has a case" ;;
        esac
done <<<"$rows"

while read -r name _; do
        grep -q "^$name " <<<"$rows" || complain "$name is listed in tests/error_codes.sh and is no error"
done < <(unprovoked)

[[ $bad == 0 ]] && echo "$total codes: each has a case or a reason"
exit $bad
