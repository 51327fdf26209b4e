# Personas: registered one by one or taken over from a list, assigned, lapsed; what is not in the register is refused.
load helper

setup_file() {
        found_ledger main test.example/enquiries ${GATE_PACK:+--policy "$GATE_PACK"}
        start_daemon
        people adm jo jane sam
        write_files
        open_operation jo OP-ALDER-1 >/dev/null
        jq '. + {"account_attribution":"registered-persona"}' "$LEDGER/quick.json" >"$LEDGER/look.json"
}
teardown_file() { close_ledger main; }
setup() { use_ledger main; }
teardown() { show_log; }

@test "a persona is registered, assigned and used by whom it is assigned to" {
        try 4 as jo log https://x.com/metpoliceuk --from "$LEDGER/look.json" --persona WREN-1
        holds 'any(.rules[]; .id == "E04")'
        try 0 as sam persona register --ref WREN-1 --persona-name "Ann Other" --persona-platforms facebook --persona-platforms x
        holds "$OUTCOME and .persona_ref == \"WREN-1\""
        try 0 as sam persona show WREN-1
        holds '.state == "unassigned" and .persona_name == "Ann Other" and .persona_platforms == ["facebook","x"] and .assigned_to == []'
        try 0 as sam persona assign WREN-1 "$(as jo whoami | jq -r .alias)"
        try 0 as sam persona show WREN-1
        holds '.state == "live" and (.assigned_to | length == 1)'
        try 0 as jo log https://x.com/metpoliceuk --from "$LEDGER/look.json" --persona WREN-1
        holds '.verdict == "accepted"'
        try 4 as jane log https://x.com/metpoliceuk --from "$LEDGER/look.json" --persona WREN-1
        holds 'any(.rules[]; .id == "E04")'
        try 65 as sam persona register --ref WREN-1 --persona-name "Somebody Else"
        complains DAT-14
        try 77 as jo persona register --ref WREN-9
        complains MEM-03
        try 65 as sam persona register --persona-name "Nobody"
        complains DAT-02 persona_ref
        try 2 as sam persona assign WREN-1
        complains USE-01
        try 65 as sam persona assign WREN-99 jb
        complains DAT-08
}

@test "a list is taken over once, and again without doing anything twice" {
        printf 'Ref,Name,assigned_to,platforms\r\nWREN-1,Ann Other,,\r\n"WREN-2","=HYPERLINK(""http://x"",""y"")",jb;jbo,facebook\r\nWREN-3,"Two\nlines",,\r\n' \
                >"$BATS_TEST_TMPDIR/list.csv"
        try 0 as sam persona import "$BATS_TEST_TMPDIR/list.csv"
        holds '.imported == 2 and .skipped == ["WREN-1"] and .rows == 3 and [.entries[].verdict] == ["accepted","accepted"]'
        try 0 as sam persona import "$BATS_TEST_TMPDIR/list.csv"
        holds '.imported == 0 and (.skipped | length == 3)'
        try 0 say sam persona import "$BATS_TEST_TMPDIR/list.csv"
        [[ $out == *"WREN-2 is registered already; left as it is."* && $out == *"0 of 3 personas registered."* ]]
        try 0 as sam persona list
        holds '.personas | length == 3 and ([.[].persona_ref] | sort) == ["WREN-1","WREN-2","WREN-3"]'
        holds '.personas[] | select(.persona_ref == "WREN-2") | .persona_name == "=HYPERLINK(\"http://x\",\"y\")" and .assigned_to == ["jb","jbo"]'
        try 0 say sam persona list
        [[ $out == *"WREN-3"*"unassigned"* ]]
        echo '[{"ref":"WREN-4","assigned_to":["jb"]}]' >"$BATS_TEST_TMPDIR/list.json"
        try 0 as sam persona import "$BATS_TEST_TMPDIR/list.json"
        holds '.imported == 1'
}

@test "a bad row is named by its line, and nothing of the file is sent" {
        printf 'ref,name\nWREN-10,a\nWREN-11,b,c\n' >"$BATS_TEST_TMPDIR/bad.csv"
        try 65 as sam persona import "$BATS_TEST_TMPDIR/bad.csv"
        complains FRM-01 "line 3"
        printf 'ref,shoe_size\nWREN-10,9\n' >"$BATS_TEST_TMPDIR/bad.csv"
        try 65 as sam persona import "$BATS_TEST_TMPDIR/bad.csv"
        complains DAT-01 shoe_size
        try 65 as sam persona show WREN-10
        complains DAT-08
}

@test "what lapsed is refused, and its reference is free again" {
        try 0 as sam persona lapse WREN-1 --reason "Its account was closed"
        try 0 as sam persona show WREN-1
        holds '.state == "lapsed" and (.lapsed_at | length > 0)'
        try 4 as jo log https://x.com/metpoliceuk --from "$LEDGER/look.json" --persona WREN-1
        holds 'any(.rules[]; .id == "E04")'
        try 0 as sam persona register --ref WREN-1
        try 0 as sam persona show WREN-1
        holds '.state == "unassigned"'
}
