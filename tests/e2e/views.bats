# Repeat views: counted over everybody, over every form of an address and over the accounts of one person; combined and parted again.
load helper

setup_file() {
        found_ledger main test.example/enquiries ${GATE_PACK:+--policy "$GATE_PACK"}
        start_daemon
        people adm jo jane sam
        write_files
        open_operation jo OP-ALDER-1 >/dev/null
        open_operation jo OP-BIRCH-2 >/dev/null
}
teardown_file() { close_ledger main; }
setup() { use_ledger main; }
teardown() { show_log; }

# look PERSON ADDRESS: a look of an operation of its own, so that no two are folded into one.
look() { as "$1" log --looked nothing-found "$2" --from "$LEDGER/quick.json" --operation "OP-$RANDOM$RANDOM" "${@:3}"; }

@test "two officers and two forms of an address are one count" {
        look jo https://www.instagram.com/ukhomeoffice/ >/dev/null
        try 0 as jane log "https://instagram.com/UKHomeOffice?hl=en" --from "$LEDGER/quick.json"
        holds 'any(.rules[]; .id == "D06")'
        look jane 'http://m.instagram.com/ukhomeoffice' >/dev/null
        local status=0
        out=$(as sam log https://www.instagram.com/ukhomeoffice --from "$LEDGER/quick.json" --operation OP-BIRCH-2) || status=$?
        [[ $status == 3 ]]
        holds 'any(.rules[]; .effect == "approve" or .effect == "authorise")'
}

@test "accounts that are combined count together, and apart once they are parted" {
        look jo https://x.com/gmpolice >/dev/null
        try 0 as jane log https://www.facebook.com/GtrManchesterPolice --from "$LEDGER/quick.json"
        holds 'all(.rules[]; .id != "D06")'
        try 0 as jo combine https://x.com/gmpolice https://www.facebook.com/GtrManchesterPolice --relation same-person --reason "Both name the other"
        holds "$OUTCOME and (.subjects | sort) == [\"facebook:gtrmanchesterpolice\",\"x:gmpolice\"]"
        try 0 as jane log https://www.facebook.com/GtrManchesterPolice --from "$LEDGER/quick.json"
        holds 'any(.rules[]; .id == "D06")'
        try 0 as jo combine https://x.com/gmpolice https://www.facebook.com/GtrManchesterPolice --relation not-same --reason "A mistake"
        try 0 as jane log https://www.facebook.com/GtrManchesterPolice --from "$LEDGER/quick.json"
        holds 'all(.rules[]; .id != "D06")'
}

@test "combine takes entries, and says what it lacks" {
        try 0 look jo https://x.com/metpoliceuk
        local ref
        ref=$(get .ref)
        try 0 as jo combine "$ref" https://www.youtube.com/@metpoliceuk --relation same-person --subject-ref NOM-1 --reason "One press office"
        holds '(.subjects | length == 2)'
        try 0 as jo show "$(get .ref)"
        holds '.fields.subject_ref.value == "NOM-1" and .fields.relation.value == "same-person"'
        try 2 as jo combine "$ref" --relation same-person --reason "Alone"
        complains USE-01
        try 65 as jo combine "$ref" https://x.com/ukhomeoffice --reason "Without a relation"
        complains DAT-02 relation
        try 65 as jo combine https://x.com/nobody1 https://x.com/nobody2 --relation same-person --reason "Never looked at"
        complains DAT-08
        try 65 as jo combine "$ref" https://x.com/ukhomeoffice --relation same-person
        complains DAT-02 reason
}

@test "warnings that were read are on record, and what the lane lacks is named" {
        try 0 as jo log https://x.com/metpoliceuk --from "$LEDGER/quick.json" --acknowledge D06
        try 0 as jo show "$(get .ref)"
        holds '.fields.acknowledged.value == ["D06"] and .fields.acknowledged.origin == "typed"'
        jq '. + {"f3":"yes"}' "$LEDGER/quick.json" >"$BATS_TEST_TMPDIR/standard.json"
        local status=0
        out=$(as jo log https://www.youtube.com/@ukhomeoffice --from "$BATS_TEST_TMPDIR/standard.json") || status=$?
        [[ $status == 0 || $status == 3 ]]
        holds '.lane != "quick" and any(.missing[]; . == "collateral_risk") and any(.missing[]; . == "necessity")'
        local ref
        ref=$(get .ref)
        try 0 as jo amend "$ref" necessity "He moves tonight" --reason "It was not said"
}
