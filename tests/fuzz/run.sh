#!/usr/bin/env bash
# Runs every libFuzzer target for SECONDS (or with --runs N, for a smoke run), each with its corpus, and fails on a crash.
#   run.sh SECONDS [TARGET...]
#   run.sh --runs N [TARGET...]
# The seeds are made here: from schema/vectors, the shipped pack, a fresh ledger, and the few lines below. What the fuzzer
# finds worth keeping stays in BUILD/corpus/TARGET; an input that crashed is BUILD/crashes/TARGET-*, and the line that runs
# it again is printed. ENQUIRY_BUILD: the build folder (default build/fuzz).
set -euo pipefail
cd "$(dirname "$0")/../.."

BUILD=${ENQUIRY_BUILD:-build/fuzz}
case ${1:-} in
--runs) LIMIT="-runs=$2"; shift 2 ;;
[0-9]*) LIMIT="-max_total_time=$1"; shift ;;
*) sed -n 's/^#   //p' "$0" >&2; exit 2 ;;
esac
SEED=${SEED:-$(($(date +%s) % 1000000))}
ALL=(b64 json moment leaf note receipt sdjwt invite statement body rest subject tile_path database pack http)
TARGETS=("$@")
[[ ${#TARGETS[@]} -gt 0 ]] || TARGETS=("${ALL[@]}")

C=$BUILD/corpus
mkdir -p "$BUILD/crashes"
for t in "${ALL[@]}"; do mkdir -p "$C/$t"; done

# seed TARGET NAME: standard input as a file of the corpus
seed() { cat >"$C/$1/seed-$2"; }
# seeds TARGET: each line of standard input as a file, \r \n \t \0 undone
seeds() { local line i=0; while IFS= read -r line; do printf '%b' "$line" | seed "$1" "line-$((i++))"; done; }

# Bytes of hexadecimal digits.
of_hex() { printf '%b' "$(sed 's/../\\x&/g')"; }

from_vectors() {
        local f name
        for f in schema/vectors/record/*.json; do
                name=$(basename "$f" .json)
                jq -j '.submission // empty' "$f" | seed statement "$name"
                jq -j '.leaf.text // empty' "$f" | seed leaf "$name"
                jq -j '.leaf.because // empty' "$f" | seed leaf "because-$name"
                jq -c '.leaf // {}' "$f" | tr -d '\n' | seed json "$name"
                # kind (1), length of the content (2), content, residue
                jq -r 'select(.content and .residue) | [.content, .residue] | @tsv' "$f" |
                        while read -r content residue; do
                                printf '%02x%04x%s%s' "$(kind_number "$name")" $((${#content} / 2)) "$content" "$residue" |
                                        of_hex | seed rest "$name"
                        done
        done
        for f in schema/vectors/sdjwt/*.sdjwt schema/vectors/sdjwt/rfc9901/*.sdjwt; do
                seed sdjwt "$(basename "$f" .sdjwt)" <"$f"
        done
        for f in schema/vectors/tree/*.txt schema/vectors/tree/*.vkey schema/vectors/tree/published/*; do
                [[ -f $f && $(stat -c %s "$f") -lt 8192 ]] && seed note "$(basename "$f")" <"$f"
        done
        for f in schema/vectors/tree/*.tlog-proof; do seed receipt "$(basename "$f")" <"$f"; done
}

# The numbers of enum kind, in the order of schema/fields.h.
kind_number() {
        local i=0 kind
        for kind in genesis member policy operation authority persona enquiry.intent enquiry.activity decision review amend \
                combine hold restrict erase disclose consult finding; do
                [[ $kind == "$1" ]] && { echo $i; return; }
                i=$((i + 1))
        done
        echo 0
}

from_lines() {
        seeds json <<'L'
{"a":1,"b":[true,false,null,-9007199254740991],"c":"\\u0001 \\\\ \\" \xc3\xa9"}
[[[[[[[["deep"]]]]]]]]
"plain"
L
        seeds b64 <<'L'
AAECAwQFBgcICQoLDA0ODw
AAECAwQFBgcICQoLDA0ODw==
_-8
+/8=
00ff10
L
        seeds moment <<'L'
2026-11-23T16:56:21.123456Z
2026-11-23T10:04:00Z
2026-11-23 10:04+01:00
2026-11-23
L
        seeds tile_path <<'L'
tile/0/x001/x234/067
tile/entries/273.p/112
tile/7/000
L
        seeds subject <<'L'
https://www.facebook.com/profile.php?id=100044
https://m.facebook.com/westmidlandspolice/posts/1?ref=x&fbclid=2
x.com/@MetPoliceUK
https://uk.linkedin.com/in/j-smith-123/
@user@mastodon.social
https://www.youtube.com/channel/UCabc
http://xn--bcher-kva.example:8080/a/../b%20c?utm_source=1#f
https://someone.tumblr.com
https://t.me/s/channel
wa.me/447700900123
L
        seeds http <<'L'
GET /v1/checkpoint HTTP/1.1\r\nHost: a\r\n\r\n
POST /v1/statements?known=12 HTTP/1.1\r\nHost: a:1\r\nContent-Type: application/sd-jwt; charset=utf-8\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc
POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n
PUT /v1/annex HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n
L
        # kind, then number, length, value of each field
        printf '\x06\x00\x00\x04"ab"\x05\x00\x02[]\x10\x00\x06"none"' | seed body intent
        printf '\x07\x20\x00\x0d{"a":[1,"b"]}' | seed body activity
        seed pack shipped <policy/uk-police.yaml
        sed '/^tests:/,$d' policy/uk-police.yaml | seed pack without-cases
        head -c 3000 policy/uk-police.yaml | seed pack cut
        # Over the pack in tests/fuzz/pack.c, whose hash this is.
        seed pack overlay <<'END'
name: o
version: 1
title: t
over: Ka3hE1TJg-wcOzn5DynX7PEfZpQd-gPJ64hQ8ZLY_Gs
apd_ref: ours
parameters:
- {name: n, value: 9}
- {name: w, words: [c, d]}
END
}

# A fresh ledger's spine, in small pages so that the file is small.
from_a_ledger() {
        local d
        d=$(mktemp -d "${TMPDIR:-/tmp}/enquiry-fuzz.XXXXXX")
        "$BUILD/bin/enquiryd" init --data "$d/d" --origin fuzz.example/log >"$d/init.json"
        jq -j .invite "$d/init.json" | seed invite first
        jq -j .vkey "$d/init.json" | seed note vkey
        sqlite3 "$d/d/ledger.db" "PRAGMA journal_mode=DELETE; PRAGMA page_size=512; VACUUM" >/dev/null
        seed database whole <"$d/d/ledger.db"
        # Without the pack's text, which is most of it.
        sqlite3 "$d/d/ledger.db" "DROP TRIGGER annex_delete; DELETE FROM annex; VACUUM" >/dev/null
        seed database without-pack <"$d/d/ledger.db"
        rm -rf "$d"
}

# What takes long or is large gets bounds of its own.
options() {
        case $1 in
        database) echo "-max_len=65536 -timeout=30" ;;
        pack) echo "-max_len=65536 -timeout=30" ;;
        statement | sdjwt) echo "-max_len=65536 -timeout=10" ;;
        *) echo "-max_len=8192 -timeout=10" ;;
        esac
}

from_vectors
from_lines
from_a_ledger
export UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=allocator_may_return_null=1
failed=()
for t in "${TARGETS[@]}"; do
        printf '%-10s seed %s  ' "$t" "$SEED"
        # shellcheck disable=SC2046
        if "$BUILD/fuzz/fuzz_$t" $(options "$t") "$LIMIT" -seed="$SEED" -rss_limit_mb=2048 -print_final_stats=1 \
                -artifact_prefix="$BUILD/crashes/$t-" "$C/$t" >"$BUILD/crashes/$t.log" 2>&1; then
                awk '/number_of_executed_units|new_units_added/ { printf "%s %s  ", $1, $2 } / cov: / { cov = $0 }
                     END { sub(/.* cov: /, "cov: ", cov); sub(/ exec.*/, "", cov); print cov }' "$BUILD/crashes/$t.log"
                rm -f "$BUILD/crashes/$t.log"
        else
                echo "CRASHED"
                grep -aE 'ERROR|SUMMARY|does not hold|runtime error|Test unit written' "$BUILD/crashes/$t.log" | head -n 8 || tail -n 3 "$BUILD/crashes/$t.log"
                failed+=("$t")
        fi
done
if [[ ${#failed[@]} -gt 0 ]]; then
        for t in "${failed[@]}"; do
                echo "again: $BUILD/fuzz/fuzz_$t $(find "$BUILD/crashes" -name "$t-*" -newer "$BUILD/fuzz/fuzz_$t" | head -n 1)"
        done >&2
        exit 1
fi
