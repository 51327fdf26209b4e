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

# answers_of PERSON LANE: Enter to each question that the lane adds, in the order of the table.
answers_of() {
        as "$1" fields intent | jq -r --arg lane "$2" '.fields[] | select(.asked and .lane == $lane and .source != "address"
                and .name != "justification" and (.type | IN("object", "objects") | not)) | .prompt + "|"'
}

@test "a higher lane is asked at the prompt, with its reason; a warning is acknowledged by a key" {
        use_ledger lanes
        mkdir -p "$LEDGER"
        cat >"$LEDGER/pack.yaml" <<'END'
name: lanes
version: "1"
title: A lane and a warning
lanes: {standard: "enquiry.planned_repeat = 'yes'"}
rules:
  - {id: X01, title: Two looks a day, when: "enquiry.f3 = 'yes'", effect: approve, kind: local, because: A test, advice: Look once.}
  - {id: X02, title: A pattern of life, when: "enquiry.f5 = 'yes'", effect: warn, kind: local, because: A test, advice: Think twice.}
tests:
  - {rule: X01, fires: yes, given: {f3: "yes"}}
  - {rule: X01, fires: yes, given: {f3: "yes", f5: "no"}}
  - {rule: X01, fires: no, given: {f3: "no"}}
  - {rule: X01, fires: no, given: {f5: "no"}}
  - {rule: X02, fires: yes, given: {f5: "yes"}}
  - {rule: X02, fires: yes, given: {f5: "yes", f3: "no"}}
  - {rule: X02, fires: no, given: {f5: "no"}}
  - {rule: X02, fires: no, given: {f3: "no"}}
END
        found_ledger lanes test.example/lanes --policy "$LEDGER/pack.yaml"
        start_daemon
        people adm jo
        open_operation jo OP-ALDER-1 >/dev/null
        local look=(--purpose trace-suspect --objective "Which town he lives in" --subject-category suspect --private-info-likely yes)
        TALK="Passphrase: |correct horse battery
Standard lane, because of X01: Two looks a day.|$(answers_of jo standard | head -n 1 | sed 's/.*|//')
$(answers_of jo standard | tail -n +2)
[y: read; n: not now]|y
[Enter: yes, this is why; or type it better]|"
        # shellcheck disable=SC2046
        STATUS=3 talk $(bare jo) log https://x.com/metpoliceuk "${look[@]}" --f3 yes --f5 yes
        [[ $out == *"Warning, X02: A pattern of life."*"Think twice."* ]]
        try 0 as jo show "$(as jo list --mine --limit 1 | jq -r '.entries[0].ref')"
        holds '.fields.acknowledged.value == ["X02"] and .fields.method.origin == "confirmed" and .fields.subject_special.value == []'
        # An ordinary look is asked nothing more.
        TALK='Passphrase: |correct horse battery
[Enter: yes, this is why; or type it better]|'
        # shellcheck disable=SC2046
        talk $(bare jo) log https://x.com/gmpolice "${look[@]}" --f3 no --f5 no
        close_one
}

@test "an authority is asked for at the prompt" {
        TALK='Passphrase: |correct horse battery
Which kind of authority: |DSA
Its reference: |URN-ASKED
How it was granted|written'
        local name
        while IFS='|' read -r name prompt type; do
                case $name in
                authority_type | authority_ref | authority_form | determination) continue ;;
                granted_at) TALK+=$'\n'"$prompt|now" ;;
                ao_id) TALK+=$'\n'"$prompt|Ann Officer" ;;
                ao_rank) TALK+=$'\n'"$prompt|superintendent" ;;
                grounds) TALK+=$'\n'"$prompt|crime-or-disorder" ;;
                scope_engagement) TALK+=$'\n'"$prompt|passive-view" ;;
                operation) TALK+=$'\n'"$prompt|OP-ALDER-1" ;;
                *) TALK+=$'\n'"$prompt|" ;;
                esac
        done < <(as jo fields authority | jq -r '.fields[] | select(.asked) | .name + "|" + .prompt + "|" + .type')
        # shellcheck disable=SC2046
        talk $(bare jo) authority register
        [[ $out == *"(URN-ASKED) is accepted"* && $out == *"URN-ASKED is in force; ends with "* ]]
}
