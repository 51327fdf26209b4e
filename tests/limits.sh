#!/usr/bin/env bash
# docs/LIMITS.md and the headers of ledger/base, ledger/record and ledger/tree have the same limits: each constant of a header
# whose name ends as limits do has a row with its value, and no row names one that is not there.
set -euo pipefail
root=${1:-$(dirname "$0")/..}
cd "$root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
names='^#define[ ]+([A-Z][A-Z0-9_]*_(MAX|SCRATCH|TILE)|LAYOUT_SLOTS|SALT_LEN|MEMBER_ID_LEN|MEMBER_ID_TEXT_LEN|MOMENT_TEXT_LEN)[ ].*'
bad=0
: >"$work/seen"
for header in ledger/base/*.h ledger/record/*.h ledger/tree/*.h schema/fields.h; do
        sed -nE "s/$names/\\1/p" "$header" >"$work/names"
        [ -s "$work/names" ] || continue
        {
                printf '#include <stdio.h>\n#include "%s"\nint main(void)\n{\n' "$header"
                sed -E 's/.*/printf("&| %llu\\n", (unsigned long long)(&));/' "$work/names"
                printf 'return 0;\n}\n'
        } >"$work/print.c"
        ${CC:-cc} -std=c17 -I. -o "$work/print" "$work/print.c"
        "$work/print" >"$work/values"
        while IFS='|' read -r name value; do
                echo "$name" >>"$work/seen"
                if ! grep -qE "^\| \`$name\`( F)? \|$value \|" docs/LIMITS.md; then
                        echo "$header: $name is$value; docs/LIMITS.md has no such row"
                        bad=1
                fi
        done <"$work/values"
done
for name in $(sed -nE 's/^\| `([A-Z0-9_]+)`.*/\1/p' docs/LIMITS.md); do
        if ! grep -qx "$name" "$work/seen"; then
                echo "docs/LIMITS.md: $name is in no header"
                bad=1
        fi
done
[ "$(wc -l <"$work/seen")" -gt 30 ] || { echo "too few limits were seen"; bad=1; }
[ "$bad" -ne 0 ] || echo "$(wc -l <"$work/seen") limits, all as the headers have them"
exit "$bad"
