#!/usr/bin/env bash
# kill.sh [ROUNDS [SEED]]: four clients log as fast as they can, the daemon is killed (SIGKILL) at a random moment and started
# again, ROUNDS times. Nothing that was acknowledged may be missing, no history may change, and a client that sends again what was
# in doubt gets the number it had already. The programs are in $ENQUIRY_BIN, or in build/release/bin.
#
# A kill loses no page of the system's cache: what a power cut may lose is not shown here.
set -euo pipefail

ROUNDS=${1:-20}
SEED=${2:-$((RANDOM * 32768 + RANDOM))}
CLIENTS=4
RECEIPTS_MAX=30   # of a round before its kill, at most
DELAY_MAX_US=60000

SPACE=$(mktemp -d)
# shellcheck disable=SC2034 # helper.bash reads these
BATS_TEST_TMPDIR=$SPACE BATS_FILE_TMPDIR=$SPACE
# shellcheck source=tests/e2e/helper.bash
source "$(dirname "$0")/../e2e/helper.bash"

finish() {
        local status=$?
        : >"$LEDGER/enough"
        end_daemons
        wait || true
        if [[ $status != 0 ]]; then
                echo "FAILED; to repeat: $0 $ROUNDS $SEED"
                sed 's/^/daemon: /' "$LEDGER/log" 2>/dev/null | tail -n 50
        fi
        rm -rf "$SPACE"
        exit "$status"
}

# Logs until there is enough. 0: acknowledged; 75: signed, and in the outbox. Nothing else may come back.
client() { # NUMBER ROUND
        local i=0 status
        while [[ ! -e $LEDGER/enough ]]; do
                i=$((i + 1)) status=0
                as "client$1" log "https://x.com/round_$2_$1_$i" --from "$LEDGER/quick.json" >>"$LEDGER/said$1" 2>>"$LEDGER/err$1" || status=$?
                [[ $status == 0 || $status == 75 ]] || { echo "client $1: exit $status" >&2; tail -n 3 "$LEDGER/err$1" >&2; return 1; }
        done
}

receipts() { find "$LEDGER"/*/receipts -name '*.tlog-proof'; }
count_receipts() { receipts | wc -l; }
enough_receipts() { (($(count_receipts) >= $1)); }

# hold DB: the leaf of every receipt that anybody has, as table held(seq, leaf) in a file of its own.
hold() {
        local file seq leaf
        rm -f "$1"
        {
                echo "CREATE TABLE held(seq INTEGER, leaf TEXT); BEGIN;"
                while read -r file; do
                        seq=$(sed -n 's/^index //p' "$file")
                        leaf=$(sed -n 's/^extra //p' "$file")
                        echo "INSERT INTO held VALUES($seq, '$leaf');"
                done < <(receipts)
                echo "COMMIT;"
        } | sqlite3 "$1"
}

# none WHAT DB SQL: the query finds no row.
none() {
        local rows
        rows=$(sqlite3 "$2" "$3")
        [[ -z $rows ]] || { echo "$1:" >&2; head -n 5 <<<"$rows" >&2; return 1; }
}

# acknowledged SPINE: everything that has a receipt stands in the ledger at its place, byte for byte.
acknowledged() {
        hold "$LEDGER/held.db"
        none "acknowledged and not in the ledger" "$1" "ATTACH '$LEDGER/held.db' AS h; SELECT held.seq FROM h.held LEFT JOIN entry ON entry.seq = held.seq WHERE entry.leaf IS NULL" ||
                return 1
        # SQLite 3.40 decodes no base64; the texts are compared in bulk outside.
        diff <(sqlite3 "$LEDGER/held.db" "SELECT leaf FROM held ORDER BY seq" | while read -r leaf; do base64 -d <<<"$leaf"; echo; done) \
                <(sqlite3 "$1" "ATTACH '$LEDGER/held.db' AS h; SELECT CAST(entry.leaf AS TEXT) FROM h.held JOIN entry ON entry.seq = held.seq ORDER BY held.seq") >/dev/null ||
                { echo "a receipt's entry is not the ledger's" >&2; return 1; }
}

# The same comparison finds a loss and a change where there is one: without this it could be blind.
control() {
        local what
        for what in "DELETE FROM entry WHERE seq = $1" "UPDATE entry SET leaf = CAST(replace(leaf, '\"at\":\"2', '\"at\":\"3') AS BLOB) WHERE seq = $1"; do
                cp "$LEDGER/b.db" "$LEDGER/c.db"
                sqlite3 "$LEDGER/c.db" "$what"
                if acknowledged "$LEDGER/c.db" 2>/dev/null; then echo "not noticed: $what" >&2; return 1; fi
        done
}

no_keeper() { [[ -z $(processes "enquiryd run --data $DATA ") ]]; }

one_round() { # NUMBER
        local n jobs=() base want delay before after doubt
        rm -f "$LEDGER/enough"
        base=$(count_receipts)
        want=$((RANDOM % RECEIPTS_MAX + 1))
        delay=$(((RANDOM * 32768 + RANDOM) % DELAY_MAX_US))
        for ((n = 0; n < CLIENTS; n++)); do
                client "$n" "$1" 3>&- &
                jobs+=($!)
        done
        wait_for enough_receipts $((base + want))
        sleep "0.$(printf %06d "$delay")" # the moment of the kill is the chance in this test
        stop_daemon KILL
        : >"$LEDGER/enough"
        for n in "${jobs[@]}"; do wait "$n"; done
        wait_for no_keeper

        start_daemon
        rm -f "$LEDGER/a.db" "$LEDGER/b.db"
        as una export --spine "$LEDGER/a.db" >/dev/null
        acknowledged "$LEDGER/a.db"
        before=$(sqlite3 "$LEDGER/a.db" "SELECT count(*) FROM entry")
        # Entries whose acknowledgement nobody got to see; the first entry has none.
        doubt=$((before - 1 - $(count_receipts)))

        for ((n = 0; n < CLIENTS; n++)); do
                try 0 as "client$n" send
                holds '.waiting == 0'
        done
        as una export --spine "$LEDGER/b.db" >/dev/null
        acknowledged "$LEDGER/b.db"
        after=$(sqlite3 "$LEDGER/b.db" "SELECT count(*) FROM entry")
        none "history changed" "$LEDGER/b.db" "ATTACH '$LEDGER/a.db' AS a; SELECT a.entry.seq FROM a.entry LEFT JOIN main.entry b ON b.seq = a.entry.seq WHERE b.leaf IS NOT a.entry.leaf"
        # Every entry now has exactly one receipt: what was in doubt got its old number, and nothing was recorded twice.
        [[ $(sqlite3 "$LEDGER/held.db" "SELECT count(*), count(DISTINCT seq) FROM held") == "$((after - 1))|$((after - 1))" ]] ||
                { echo "$after entries, but $(sqlite3 "$LEDGER/held.db" "SELECT count(*), count(DISTINCT seq) FROM held") receipts" >&2; return 1; }
        try 0 "$BIN/enquiry" --home /nonexistent --json verify "$LEDGER/b.db" --vkey "$(of_init vkey)"
        holds '.ok and .faults == []'
        echo "round $1: killed after $((before - base - 1)) entries and $delay us, $doubt in doubt, $((after - before)) from outboxes"
}

echo "kill.sh: $ROUNDS rounds, seed $SEED"
RANDOM=$SEED
found_ledger kill
trap finish EXIT
start_daemon
people adm
for ((c = 0; c < CLIENTS; c++)); do people "client$c"; done
people una
write_files
open_operation client0 OP-ALDER-1 >/dev/null
for ((c = 1; c < CLIENTS; c++)); do as "client$c" operation use OP-ALDER-1 >/dev/null; done
for ((r = 1; r <= ROUNDS; r++)); do one_round "$r"; done
for ((c = 0; c < CLIENTS; c++)); do
        try 0 as "client$c" verify "$LEDGER/b.db"
        holds '.ok'
done
control "$(sqlite3 "$LEDGER/held.db" "SELECT max(seq) FROM held")"
close_ledger kill
cat "$LEDGER/check" | grep entries
