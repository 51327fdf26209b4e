# Eight clients at once, two hundred enquiries: every receipt holds offline, what waits is approved, and nothing is wrong afterwards.
load helper

CLIENTS=8
EACH=25

setup_file() {
        local n
        found_ledger main
        start_daemon
        people adm
        for ((n = 0; n < CLIENTS; n++)); do people "client$n"; done
        people sam una
        write_files
        open_operation client0 OP-ALDER-1 >/dev/null
}
teardown_file() { close_ledger main; }
setup() { use_ledger main; }
teardown() { show_log; }

# One client's work: every fifth enquiry is about a child. Half the clients give all their addresses in one command, as somebody
# with a list does; the others come back for each.
work() { # NUMBER
        local n=$1 i status adults=() children=()
        for ((i = 0; i < EACH; i++)); do
                if ((i % 5 == 4)); then children+=("https://x.com/child_${n}_$i"); else adults+=("https://x.com/adult_${n}_$i"); fi
        done
        if ((n % 2)); then
                as "client$n" log "${adults[@]}" --from "$LEDGER/quick.json" || return 1
                status=0
                as "client$n" log "${children[@]}" --from "$LEDGER/child.json" || status=$?
                [[ $status == 3 ]]
        else
                for i in "${adults[@]}"; do as "client$n" log "$i" --from "$LEDGER/quick.json" || return 1; done
                for i in "${children[@]}"; do
                        status=0
                        as "client$n" log "$i" --from "$LEDGER/child.json" || status=$?
                        [[ $status == 3 ]] || return 1
                done
        fi
}

@test "$CLIENTS clients at once log $((CLIENTS * EACH)) enquiries" {
        local n jobs=() failed=0
        for ((n = 0; n < CLIENTS; n++)); do
                work "$n" >"$LEDGER/out$n" 2>"$LEDGER/err$n" 3>&- &
                jobs+=($!)
        done
        for n in "${!jobs[@]}"; do wait "${jobs[$n]}" || { failed=1; tail -n 3 "$LEDGER/err$n" >&2; }; done
        [[ $failed == 0 ]]
        cat "$LEDGER"/out[0-9]* >"$LEDGER/out"
        jq -es "length == $((CLIENTS * EACH)) and ([.[].seq] | unique | length == $((CLIENTS * EACH)))" "$LEDGER/out"
        [[ $(jq -r .verdict "$LEDGER/out" | sort | uniq -c | tr -s ' ' | tr '\n' ' ') == " $((CLIENTS * 20)) accepted  $((CLIENTS * 5)) waiting " ]]
}

@test "every receipt is valid offline, with the verifier key alone" {
        jq -r .receipt "$LEDGER/out" |
                xargs -P 4 -I{} "$BIN/enquiry" --home /nonexistent --json verify --receipt {} --vkey "$(of_init vkey)" >"$BATS_TEST_TMPDIR/verified"
        jq -es "length == $((CLIENTS * EACH)) and all(.[]; .ok and .faults == [])" "$BATS_TEST_TMPDIR/verified"
}

@test "those that wait are approved, once each" {
        local ref n=0
        while read -r ref; do
                try 0 as sam decide "$ref" approve --reason "Safeguarding checked"
                n=$((n + 1))
        done < <(as sam queue | jq -r '.entries[].ref')
        [[ $n == $((CLIENTS * 5)) ]]
        try 0 as sam queue
        holds '.entries == []'
}

@test "the whole ledger verifies, with each client's receipts" {
        try 0 as una export --spine "$LEDGER/spine.db"
        try 0 "$BIN/enquiry" --home /nonexistent --json verify "$LEDGER/spine.db" --vkey "$(of_init vkey)"
        holds ".ok and .faults == [] and (.size | tonumber > $((CLIENTS * EACH)))"
        local n
        for ((n = 0; n < CLIENTS; n++)); do
                try 0 as "client$n" verify "$LEDGER/spine.db"
                holds '.ok'
        done
}
