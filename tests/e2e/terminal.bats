# At a terminal: the passphrase is typed, and what the flags did not say is asked.
load helper

setup_file() {
        found_ledger main
        start_daemon
        people adm jo
        open_operation jo OP-ALDER-1 >/dev/null
}
teardown_file() { close_ledger main; }
setup() {
        use_ledger main
        command -v expect >/dev/null || skip "expect is not installed"
}
teardown() { show_log; }

# talk COMMAND...: answers by the table below, a line of $TALK each: PATTERN|ANSWER. At most 40 answers; an unknown question, or
# silence, fails. Leaves what was on the screen in $out.
talk() {
        local status=0
        cat >"$BATS_TEST_TMPDIR/talk.exp" <<'END'
set timeout 30
set turns {}
foreach line [split [string trim $env(TALK)] "\n"] { lappend turns [split $line "|"] }
eval spawn -noecho $argv
foreach turn $turns {
        expect {
                -ex [lindex $turn 0] { send -- "[lindex $turn 1]\r" }
                timeout { puts "\nNEVER ASKED: [lindex $turn 0]"; exit 98 }
                eof { puts "\nENDED BEFORE: [lindex $turn 0]"; exit 98 }
        }
}
expect { eof {} timeout { puts "\nSTILL ASKING"; exit 98 } }
exit [lindex [wait] 3]
END
        out=$(TALK=$TALK expect -f "$BATS_TEST_TMPDIR/talk.exp" "$@" 2>&1) || status=$?
        [[ $status == "${STATUS:-0}" ]] || { printf 'exit %s\n%s\n' "$status" "$out" >&2; return 1; }
}
bare() { echo "$BIN/enquiry --home $LEDGER/$1"; }

@test "log asks: passphrase, purpose, objective, category, the questions of the lane, and confirms the reason" {
        TALK='Passphrase: |correct horse battery
What is it for: |s
What do you need to find out: |Which town does he live in
Who is the person in this matter: |s
Are you building a picture of the person|n
Would it show how the person lives|n
Is private information likely to come up|y
[Enter: yes, this is why; or type it better]|'
        # shellcheck disable=SC2046
        talk $(bare jo) log https://x.com/metpoliceuk
        [[ $out == *"(x:metpoliceuk) is accepted: quick lane"* ]]
        [[ $out == *"One public page, once, to trace a wanted man"* ]]
        # The passphrase was not on the screen.
        [[ $out != *horse* ]]
        try 0 as jo show "$(as jo list --mine --limit 1 | jq -r '.entries[0].ref')"
        holds '.fields.purpose_code == {"value":"trace-suspect","origin":"typed"} and .fields.objective.value == "Which town does he live in"
                and .fields.justification.origin == "confirmed" and .fields.f3.value == "no"'
}

@test "done asks for the result" {
        TALK='Passphrase: |correct horse battery
What came of it: |nothing-found'
        # shellcheck disable=SC2046
        talk $(bare jo) done
        [[ $out == *"(closes jb-2) is accepted"* ]]
}

@test "a wrong passphrase at the terminal is 77" {
        TALK='Passphrase: |incorrect horse'
        # shellcheck disable=SC2046
        STATUS=77 talk $(bare jo) list
        [[ $out == *"(HOM-03)"* ]]
}

@test "a newcomer chooses a passphrase twice; a short one or two that differ are refused" {
        local invite
        invite=$(invite_by adm invite --role investigator --unit north)
        TALK='New passphrase: |short'
        # shellcheck disable=SC2046
        STATUS=77 talk $(bare ned) enrol "$invite" --name Ned
        TALK='New passphrase: |long enough for this
The same again: |long enough for that'
        # shellcheck disable=SC2046
        STATUS=77 talk $(bare ned) enrol "$invite" --name Ned
        TALK='New passphrase: |long enough for this
The same again: |long enough for this'
        # shellcheck disable=SC2046
        talk $(bare ned) enrol "$invite" --name Ned
        [[ $out == *"You are enrolled as Ned"* ]]
}

@test "the end of the input ends the questions, and nothing is recorded" {
        local before
        before=$(as jo whoami | jq -r .head.n)
        TALK=$'Passphrase: |correct horse battery\nWhat is it for: |\x04'
        # shellcheck disable=SC2046
        STATUS=2 talk $(bare jo) log https://x.com/metpoliceuk
        [[ $out == *"(HOM-13)"* ]]
        [[ $(as jo whoami | jq -r .head.n) == "$before" ]]
}
