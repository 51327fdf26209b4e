#!/usr/bin/env bash
# Every #include points down: reads the layer list of docs/ARCHITECTURE.md, prints each include that points up or sideways.
set -euo pipefail
root=${1:-$(dirname "$0")/..}
cd "$root"
awk '/^```layers/{on=1;next} /^```/{on=0} on' docs/ARCHITECTURE.md >"${TMPDIR:-/tmp}/layers.$$"
trap 'rm -f "${TMPDIR:-/tmp}/layers.$$"' EXIT
awk -v list="${TMPDIR:-/tmp}/layers.$$" '
BEGIN {
        while ((getline line < list) > 0) {
                height++
                n = split(line, names, " ")
                for (i = 1; i <= n; i++) level[names[i]] = height
        }
        if (height < 9) { print "docs/ARCHITECTURE.md has no layer list"; bad = 1; exit }
}
function layer_of(path,   l, best) {
        best = ""
        for (l in level) if (index(path, l "/") == 1 && length(l) > length(best)) best = l
        return best
}
/^[ \t]*#[ \t]*include[ \t]+"/ {
        split($0, part, "\"")
        from = layer_of(FILENAME); to = layer_of(part[2])
        seen++
        if (from == "" || to == "") { print FILENAME ": \"" part[2] "\" belongs to no layer"; bad = 1; next }
        if (level[to] > level[from] || (level[to] == level[from] && to != from)) {
                print FILENAME " (" from ") includes " part[2] " (" to "), which lies above it"; bad = 1
        }
}
END {
        if (!bad && seen < 20) { print "only " seen + 0 " includes were seen"; bad = 1 }
        if (!bad) print seen " includes, all pointing down"
        exit bad
}' $(git ls-files -co --exclude-standard 'schema/*.[ch]' 'ledger/*.[ch]' 'policy/*.[ch]' 'daemon/*.[ch]' 'client/*.[ch]')
