# Without the daemon: what was asked is signed, waits in order, and goes with the next command.
load helper

setup() {
        SPACE=$BATS_TEST_TMPDIR
        found_ledger main
        start_daemon
        people adm jo sam una
        write_files
        open_operation jo OP-ALDER-1 >/dev/null
}
teardown() {
        show_log
        close_ledger main
}

@test "away: logging is queued, reading is not" {
        stop_daemon
        try 75 as jo log --from "$LEDGER/quick.json"
        holds '.queued == true and .ref == "jb-2" and (.jti | length == 36)'
        try 75 as jo log --from "$LEDGER/child.json"
        holds '.queued and .ref == "jb-3"'
        try 75 as jo done jb-2 nothing-found
        holds '.queued and .ref == "jb-4"'
        local words
        for words in list queue members "show jb-2" "operation show OP-BIRCH-2" "amend jb-2 objective x --reason y" "decide 3 approve --reason x"; do
                # shellcheck disable=SC2086
                try 69 as jo $words
                complains NET-08
        done
        try 0 as jo whoami
        holds '.online == false and .outbox == 3'
        try 75 as jo send
        holds '. == {"sent":0,"waiting":3}'
        try 75 say jo log --from "$LEDGER/quick.json"
        [[ $out == *"jb-5 "* && $out == *outbox* ]]

        start_daemon
        try 0 as jo send
        holds '. == {"sent":4,"waiting":0}'
        try 0 as jo list --mine
        # The order they were said in, under the references that were printed.
        holds '[.entries[] | select(.kind != "member") | .ref] | reverse == ["jb-1", "jb-2", "jb-3", "jb-4", "jb-5"]'
        holds '[.entries[] | select(.ref == "jb-2" or .ref == "jb-3") | .verdict] | sort == ["accepted", "waiting"]'
        try 0 as jo receipts
        holds 'all(.receipts[]; .ok) and ([.receipts[].ref] | contains(["jb-2", "jb-3", "jb-4", "jb-5"]))'
        # What was said in between is not sent again.
        try 0 as jo send
        holds '. == {"sent":0,"waiting":0}'
        try 0 as jo show jb-4
        holds '.kind == "enquiry.activity"'
}

@test "the next command takes the outbox along, in order" {
        stop_daemon
        try 75 as jo log --from "$LEDGER/quick.json"
        try 75 as jo log https://x.com/gmpolice https://x.com/metpoliceuk --from "$LEDGER/quick.json"
        jq -es '[.[].ref] == ["jb-3", "jb-4"]' <<<"$out"
        start_daemon
        try 0 as jo log https://x.com/ukhomeoffice --from "$LEDGER/quick.json"
        holds "$OUTCOME and .ref == \"jb-5\" and .verdict == \"accepted\""
        try 0 as jo list --mine
        holds '[.entries[] | select(.kind == "enquiry.intent") | .ref] == ["jb-5", "jb-4", "jb-3", "jb-2"]'
        try 0 as jo whoami
        holds '.outbox == 0 and .head.n == "6"'
}

@test "what the policy refuses is an entry all the same, and the rest goes on" {
        stop_daemon
        try 75 as jo log --from "$LEDGER/personal.json"
        try 75 as jo log --from "$LEDGER/quick.json"
        start_daemon
        try 0 as jo send
        holds '. == {"sent":2,"waiting":0}'
        try 0 as jo show jb-2
        holds '.verdict == "refused" and any(.because.hits[]; .id == "E03")'
        try 0 as jo show jb-3
        holds '.verdict == "accepted"'
}

@test "one that can be no entry is named and dropped, the others follow under new numbers" {
        try 0 open_operation jo OP-BIRCH-2
        try 0 as sam operation use OP-BIRCH-2
        try 0 as sam operation use OP-ALDER-1
        stop_daemon
        try 75 as sam log --from "$LEDGER/quick.json" --operation OP-ALDER-1
        local first
        first=$(get .ref)
        try 75 as sam log --from "$LEDGER/quick.json" --operation OP-BIRCH-2
        local second
        second=$(get .ref)
        try 75 as sam log https://x.com/gmpolice --from "$LEDGER/quick.json" --operation OP-ALDER-1
        try 75 as sam done "$(get .ref)" nothing-found
        start_daemon
        # Meanwhile somebody closes the operation of the second.
        try 0 as jo operation close OP-BIRCH-2
        try 0 as sam send
        holds '. == {"sent":3,"waiting":0}'
        [[ $err == *"$second"* && $err == *"(DAT-06)"* ]]
        try 0 as sam list --mine
        holds '[.entries[] | select(.kind | startswith("enquiry."))] | length == 3'
        # The activity still closes its own enquiry, although that was signed again.
        try 0 as sam show "$(get '[.entries[] | select(.kind == "enquiry.activity")][0].ref')"
        holds '.related | any(.[]; .kind == "enquiry.intent" and .fields.url.value == "https://x.com/gmpolice")'
        try 0 as sam show "$first"
        holds '.verdict == "accepted"'
        try 0 as una export --spine "$LEDGER/spine.db"
        try 0 as sam verify "$LEDGER/spine.db"
        holds '.ok'
}

@test "an operation from the own folder is enough to ask under it" {
        try 0 as sam operation use OP-ALDER-1
        stop_daemon
        try 75 as sam log --from "$LEDGER/quick.json"
        # One that this folder has not met cannot be looked up now.
        try 69 as una operation show OP-ALDER-1
        complains NET-08
        start_daemon
        try 0 as sam send
        holds '.sent == 1'
}

@test "two commands at once in one folder never give one number twice" {
        local n jobs=() failed=0
        for n in 1 2 3 4; do
                as jo log "https://x.com/at_once_$n" --from "$LEDGER/quick.json" >"$LEDGER/once$n" 2>&1 3>&- &
                jobs+=($!)
        done
        for n in "${jobs[@]}"; do wait "$n" || failed=1; done
        [[ $failed == 0 ]]
        jq -es '[.[].ref] | sort == ["jb-2", "jb-3", "jb-4", "jb-5"]' "$LEDGER"/once[1-4]
}
