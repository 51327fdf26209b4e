# The main job, and everything that scripts may rely on: shapes of the JSON, exit statuses, what leads to what.
load helper

setup_file() {
        found_ledger main
        start_daemon
        people adm jo jane sam sue una
        write_files
        open_operation jo OP-ALDER-1 >"$LEDGER/opened"
}
teardown_file() { close_ledger main; }
setup() { use_ledger main; }
teardown() { show_log; }

@test "init prints what the others need, and its configuration is private" {
        out=$(<"$LEDGER/init.json")
        holds 'keys_unsorted == ["origin", "log", "genesis", "vkey", "listen", "invite"]'
        holds '.origin == "test.example/enquiries" and (.log | startswith("test.example/enquiries#"))'
        holds '(.vkey | startswith("test.example/enquiries+")) and (.genesis | length == 43)'
        holds '(.invite | startswith("enquiry-invite1.")) and (.listen | test("^127\\.0\\.0\\.1:[1-9][0-9]*$"))'
        [[ $(stat -c %a "$DATA/enquiryd.yaml") == 600 ]]
        [[ $(stat -c %a "$DATA") == 700 ]]
        [[ -z $(find "$DATA" -perm /077) ]]
}

@test "enrolment gives the member, a reference and the roles" {
        jq -es 'length == 6 and all(.[]; (.member | length == 22) and (.ref | test("^[0-9]+$")) and (.roles | length == 1))' \
                "$LEDGER/enrolments"
        [[ $(jq -r '.roles[0]' "$LEDGER/enrolments" | tr '\n' ' ') == "administrator investigator investigator supervisor supervisor auditor " ]]
        # Two people with the same initials get different short names.
        [[ $(jq -r .alias "$LEDGER/enrolments" | sort -u | wc -l) == 6 ]]
}

@test "an operation is opened, used, shown and closed" {
        out=$(<"$LEDGER/opened")
        holds "$OUTCOME and .verdict == \"accepted\" and .operation == \"OP-ALDER-1\""
        try 0 open_operation jane OP-BIRCH-2
        try 0 as jane operation use OP-ALDER-1
        holds '.operation == "OP-ALDER-1" and .in_use'
        try 0 as jane operation show
        holds '.operation == "OP-ALDER-1" and .fields.art8_aim == "disorder-or-crime"'
        try 0 as jane operation close OP-BIRCH-2
        holds "$OUTCOME"
        try 65 as jane log --from "$LEDGER/quick.json" --operation OP-BIRCH-2
        complains DAT-06 OP-BIRCH-2
        try 65 open_operation sue OP-ALDER-1
        complains DAT-07
}

@test "the quick look is accepted, done, and its receipt is a file" {
        try 0 as jo log --from "$LEDGER/quick.json"
        holds "$OUTCOME and .verdict == \"accepted\" and .lane == \"quick\" and [.rules[].effect] == [\"note\"]"
        local ref receipt
        ref=$(get .ref)
        receipt=$(get .receipt)
        [[ $(head -n 1 "$receipt") == c2sp.org/tlog-proof@v1 ]]
        try 0 as jo done "$ref" --from "$LEDGER/done.json"
        holds "$OUTCOME and .verdict == \"accepted\" and .intent == \"$ref\""
        # Closed once: the next word `done` has nothing to close.
        try 65 as jo done nothing-found
        complains DAT-09
}

@test "with a child it waits, from a personal account it is refused" {
        try 3 as jane log --from "$LEDGER/child.json"
        holds "$OUTCOME and .verdict == \"waiting\" and .rules[0].id == \"P01\" and .rules[0].effect == \"approve\""
        try 4 as jo log --from "$LEDGER/personal.json"
        holds "$OUTCOME and .verdict == \"refused\" and .rules[0].id == \"E03\" and .rules[0].effect == \"refuse\""
        holds '.rules[0].because | length > 10'
}

@test "urgent goes ahead of an approval, not of a refusal" {
        try 0 as jane log --from "$LEDGER/child.json" --urgent child --reason "She said she would jump tonight"
        holds '.verdict == "accepted" and any(.rules[]; .id == "P01")'
        try 4 as jane log --from "$LEDGER/personal.json" --urgent life --reason "A threat against a named man"
        holds '.verdict == "refused"'
}

@test "no aim and no objective are refused by L01 and L02" {
        jq '. + {"purpose_code":"other"}' "$LEDGER/quick.json" >"$BATS_TEST_TMPDIR/aim.json"
        as sam operation open OP-NO-AIM --basis "common-law policing" --justification "x" >/dev/null
        try 4 as sam log --from "$BATS_TEST_TMPDIR/aim.json" --operation OP-NO-AIM
        holds 'any(.rules[]; .id == "L01" and .effect == "refuse")'
        jq '. + {"objective":" "}' "$LEDGER/quick.json" >"$BATS_TEST_TMPDIR/objective.json"
        try 4 as jo log --from "$BATS_TEST_TMPDIR/objective.json"
        holds 'any(.rules[]; .id == "L02" and .effect == "refuse")'
}

@test "the second look at one account is told of the first" {
        local url=https://x.com/metpoliceuk
        for person in jo jane; do
                try 0 as "$person" log --looked nothing-found "$url" --from "$LEDGER/quick.json"
        done
        holds '.verdict == "accepted"'
        try 0 as sue log --looked nothing-found https://twitter.com/MetPoliceUK --from "$LEDGER/quick.json" --operation OP-CEDAR-3
        try 0 as sam log "$url" --from "$LEDGER/quick.json"
        holds '.verdict == "accepted" and any(.rules[]; .id == "D06" and .effect == "warn")'
}

@test "several addresses give one object a line" {
        try 0 as jo log https://www.instagram.com/ukhomeoffice/ https://x.com/ukhomeoffice https://www.youtube.com/@ukhomeoffice \
                --from "$LEDGER/quick.json"
        jq -es 'length == 3 and ([.[].seq | tonumber] | . == sort) and ([.[].subject] | unique | length == 3)' <<<"$out"
        [[ $(wc -l <<<"$out") == 3 ]]
        # The worst of them gives the status.
        try 3 as jane log https://x.com/ukhomeoffice https://x.com/gmpolice --from "$LEDGER/child.json"
        [[ $(wc -l <<<"$out") == 2 ]]
}

@test "a look after the fact is kept, and flagged where a rule was broken" {
        try 0 as jo log --looked nothing-found https://www.facebook.com/BirminghamCityCouncil --from "$LEDGER/quick.json"
        holds "$OUTCOME and .verdict == \"accepted\" and .subject == \"facebook:birminghamcitycouncil\""
        try 0 as jo log --looked nothing-found https://www.facebook.com/BirminghamCityCouncil --from "$LEDGER/personal.json"
        holds '.verdict == "flagged" and any(.rules[]; .id == "E03")'
}

@test "done: the only open one, or the one that is named" {
        as jo list --open --mine | jq -r '.entries[] | select(.kind == "enquiry.intent") | .ref' |
                while read -r ref; do as jo done "$ref" not-looked; done >/dev/null
        try 0 as jo log --from "$LEDGER/quick.json"
        try 0 as jo done nothing-found
        holds "$OUTCOME"
        try 0 as jo log --from "$LEDGER/quick.json"
        local first
        first=$(get .seq)
        try 0 as jo log --from "$LEDGER/quick.json"
        try 65 as jo done nothing-found
        [[ $err == *"(DAT-10)"* && $(wc -l <<<"$err") == 3 ]]
        try 0 as jo done "$first" captured
        try 0 as jo done nothing-found
        try 65 as jo done jo-99999 nothing-found
        complains DAT-08
}

@test "a waiting one is in the queue, shown, decided, and shown again" {
        try 3 as jane log --from "$LEDGER/child.json"
        local ref seq seen
        ref=$(get .ref)
        seq=$(get .seq)
        try 0 as sue queue
        holds ".entries | any(.[]; .ref == \"$ref\" and .seq == \"$seq\" and .kind == \"enquiry.intent\" and .verdict == \"waiting\"
                and .author == \"Jane Bond\" and .unit == \"south\" and .subject == \"facebook:westmidlandspolice\" and (.age_s >= 0) and (.at | endswith(\"Z\")))"
        # The other unit has its own supervisor.
        try 0 as sam queue
        holds ".entries | any(.[]; .ref == \"$ref\") | not"
        try 0 as sue show "$ref"
        holds ".seq == \"$seq\" and .ref == \"$ref\" and .kind == \"enquiry.intent\" and .verdict == \"waiting\" and .author == \"Jane Bond\""
        holds '.fields.objective == {"value":"Which town does the account holder say he lives in","origin":"file"}'
        holds '.fields.platform.origin == "address" and .fields.art8_aim.origin == "purpose" and .fields.justification.origin == "operation"
                and .fields.applicant_unit.origin == "member"'
        holds '.because.lane == "standard" and (.because.hits | any(.[]; .id == "P01")) and .decisions == [] and (.seen | length == 43)'
        seen=$(get .seen)
        try 65 as sue decide "$ref" approve --reason "Safeguarding checked" --seen AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        complains DAT-11
        try 0 as sue decide "$seq" approve --reason "Safeguarding checked" --seen "$seen"
        holds "$OUTCOME and .verdict == \"accepted\" and .decision == \"approve\""
        try 0 as jane show "$seq"
        holds '.verdict == "waiting" and .decided == "approved" and (.decisions | length == 1)
                and .decisions[0].claims.verb == "approve" and .decisions[0].fields.reason.value == "Safeguarding checked"
                and .decisions[0].author == "Sue South"'
        try 65 as sue decide "$ref" approve --reason "Once more"
        complains DAT-12
        # What was approved may be looked at, and is closed like any other.
        try 0 as jane done "$ref" nothing-found
        holds '.verdict == "accepted"'
}

@test "return and refuse are decisions too" {
        local verb
        for verb in return refuse; do
                try 3 as jane log --from "$LEDGER/child.json"
                local ref
                ref=$(get .ref)
                try 0 as sue decide "$ref" "$verb" --reason "Say how looking safeguards the child"
                try 0 as jane show "$ref"
                holds ".decided == \"${verb}ed\" or .decided == \"${verb}d\""
        done
}

@test "an amendment stands beside what it corrects" {
        try 0 as jo log --from "$LEDGER/quick.json"
        local ref
        ref=$(get .ref)
        try 0 as jo amend "$ref" objective "Which county does he say he lives in" --reason "I meant the county"
        holds "$OUTCOME and .amends == \"$ref\""
        try 0 as jo show "$ref"
        holds '.fields.objective.value == "Which town does the account holder say he lives in"'
        holds '.related | any(.[]; .kind == "amend" and .fields.amended_field.value == "objective"
                and .fields.amended_value.value == "\"Which county does he say he lives in\"")'
        try 65 as jo amend "$ref" objectiv "x" --reason "y"
        complains DAT-01
}

@test "list: newest first, filters, pages" {
        try 0 as jo list
        holds '(.entries | length > 5) and ([.entries[].seq | tonumber] | . == (sort | reverse))'
        holds 'all(.entries[]; has("seq") and has("ref") and has("kind") and has("verdict") and has("at") and has("author") and has("unit") and has("age_s"))'
        holds 'all(.entries[]; .kind != "consult" and .author == "Jo Bloggs" or .kind != "enquiry.intent")'
        local all
        all=$(get '.entries | length')
        try 0 as jo list --limit 3
        holds '.entries | length == 3'
        try 0 as jo list --operation OP-ALDER-1 --kind operation
        holds '.entries | length == 1 and .[0].kind == "operation"'
        try 0 as jo list --all --log-purpose lawfulness
        holds ".entries | length > $all and any(.[]; .kind == \"consult\")"
        try 0 as una list --limit 1000
        holds '[.entries[] | select(.kind == "enquiry.intent") | .author] | unique | length >= 2'
        # More than one page is asked for where more is wanted.
        try 0 as jo list --all --limit 101 --log-purpose lawfulness
}

@test "an investigator sees the own entries, a supervisor those of the unit, an administrator none" {
        try 3 as jane log --from "$LEDGER/child.json"
        local ref
        ref=$(get .ref)
        try 77 as jo show "$ref"
        complains MEM-03
        try 77 as sam show "$ref"
        complains MEM-03
        try 77 as adm show "$ref"
        complains MEM-03
        try 0 as una show "$ref"
        try 0 as adm list
        holds 'all(.entries[]; .kind | IN("member", "policy", "genesis"))'
        try 77 as adm export --content "$BATS_TEST_TMPDIR/c" --to aa
        [[ ! -e $BATS_TEST_TMPDIR/c ]]
}

@test "every reading is an entry before it is answered" {
        try 0 as jo show 0
        local before
        before=$(as una list --kind consult --limit 1000 --log-purpose self-monitoring | jq '.entries | length')
        try 0 as jane queue
        try 0 as sam list
        try 77 as jo show jb2-2
        try 0 as una list --kind consult --limit 1000 --log-purpose self-monitoring
        # Two readings, and one of this auditor's own; what was not shown is no reading.
        holds ".entries | length == $before + 3"
        local ref
        ref=$(get '.entries[0].ref')
        try 65 as una show "$ref"
        complains DAT-04 log-purpose
        try 0 as una show "$ref" --log-purpose self-monitoring
        holds '.kind == "consult" and .author == "Sam Super" and .fields.class.value == "list" and (.because.facts.count >= 0) and (.because.facts.shown | length == 43)'
}

@test "members, receipts, whoami, send, subject, fields" {
        try 0 as jo members
        holds '.members | length == 6 and all(.[]; (.member | length == 22) and .state == "active" and (.roles | length == 1))'
        try 0 as jo receipts
        holds '.receipts | length > 5 and all(.[]; .ok and (.seq | test("^[0-9]+$")))'
        try 0 as jo whoami
        holds '.alias == "jb" and .roles == ["investigator"] and .unit == "north" and .training == 2 and .online and .outbox == 0'
        holds ".vkey == $(jq .vkey "$LEDGER/init.json") and .log == $(jq .log "$LEDGER/init.json") and (.head.n | tonumber > 3)"
        try 0 as jo send
        holds '. == {"sent":0,"waiting":0}'
        try 0 as jo subject "https://m.facebook.com/westmidlandspolice?ref=x"
        holds '.subject == "facebook:westmidlandspolice" and .platform == "facebook" and .resolved'
        try 0 as jo fields
        holds '.kind == "enquiry.intent" and (.fields | any(.[]; .name == "objective"))'
        for kind in intent activity decision operation member amend consult; do
                try 0 as jo fields "$kind"
                holds '.fields | length > 0'
        done
        try 0 as jo fields --schema
        holds '."$schema" | startswith("https://json-schema.org/")'
}

@test "the spine is exported and verifies offline, with nobody's folder" {
        local spine=$BATS_TEST_TMPDIR/spine.db
        try 0 as una export --spine "$spine"
        holds ".written == \"$spine\""
        [[ $(sqlite3 "$spine" "SELECT group_concat(name) FROM pragma_table_info('entry')") == seq,leaf,hash ]]
        try 0 "$BIN/enquiry" --home /nonexistent --json verify "$spine" --vkey "$(of_init vkey)"
        holds '.ok and .faults == [] and (.size | test("^[0-9]+$")) and (.root | length == 43)
                and all(.cannot_tell[]; has("seq") and has("code") and has("check") and has("sentence"))'
        [[ $(get .size) == $(sqlite3 "$spine" "SELECT count(*) FROM entry") ]]
        # What cannot be told is a fault only for whoever says so.
        try 1 "$BIN/enquiry" --home /nonexistent --json verify "$spine" --vkey "$(of_init vkey)" --strict
        holds '.ok == false and .faults == []'
        # Names and words of people are not in it.
        never grep -aq -e "Jo Bloggs" -e "One public page" -e westmidlands "$spine"
        # With a folder at hand, its receipts are compared as well.
        try 0 as jo verify "$spine"
        holds '.ok'
        # Nothing is overwritten.
        try 65 as una export --spine "$spine"
        complains HOM-12
        try 0 as una export --spine "$BATS_TEST_TMPDIR/again.db"
}

@test "tiles are static files of the C2SP form" {
        local dir=$BATS_TEST_TMPDIR/tiles
        try 0 as una export --tiles "$dir"
        [[ $(head -n 1 "$dir/checkpoint") == test.example/enquiries ]]
        [[ -n $(find "$dir/tile/entries" -type f) && -n $(find "$dir/tile/0" -type f) ]]
        try 65 as una export --tiles "$dir"
        complains HOM-12
}

@test "content goes sealed to an auditor, as an entry, and verifies whole" {
        local spine=$BATS_TEST_TMPDIR/spine.db content=$BATS_TEST_TMPDIR/content
        try 0 as una export --content "$content" --to ua
        holds '(.disclosed | test("^ua-")) and .entries > 10'
        never grep -aq "Which town" "$content"
        [[ $(stat -c %a "$content") == 600 ]]
        try 0 as una export --spine "$spine"
        try 0 as una verify "$spine" --content "$content"
        holds '.ok and .faults == []'
        try 0 as una list --kind disclose --log-purpose lawfulness
        holds '.entries | length == 1'
        # Nobody else can open it.
        local status=0
        as jo verify "$spine" --content "$content" >/dev/null 2>&1 || status=$?
        [[ $status != 0 ]]
}

@test "one receipt, with nothing but the verifier key" {
        try 0 as jo log --from "$LEDGER/quick.json"
        local receipt seq
        receipt=$(get .receipt)
        seq=$(get .seq)
        try 0 "$BIN/enquiry" --home /nonexistent --json verify --receipt "$receipt" --vkey "$(of_init vkey)"
        holds ".ok and .seq == \"$seq\" and .verdict == \"accepted\" and .faults == [] and (.cannot_tell | length == 1)"
        try 2 "$BIN/enquiry" --home /nonexistent --json verify --receipt "$receipt"
        complains USE-01
}

@test "wrong use is 2 and says what is right; help is 0" {
        local words
        for words in "log" "decide" "decide 3 maybe --reason x" "decide 3 approve" "amend 3" "show" "invite" "member" "member fly jo" "operation" \
                "operation open" "export" "export --content x" "verify" "fields a b" "agent dance" "list --limit none" "log --frm x" "enrol" \
                "enrol x" "subject" "receipts --home"; do
                # shellcheck disable=SC2086
                try 2 as jo $words
                complains USE-01
        done
        try 2 "$BIN/enquiry"
        try 2 "$BIN/enquiry" dance
        try 2 "$BIN/enquiryd"
        try 2 "$BIN/enquiryd" dance
        try 0 "$BIN/enquiry" --help
        for words in enrol whoami agent log done amend show list operation queue decide invite member members send receipts verify export \
                fields subject; do
                [[ $out == *"  $words"* ]]
                try 0 "$BIN/enquiry" "$words" --help
                [[ $out == "enquiry $words"* ]]
                try 0 "$BIN/enquiry" --help
        done
        try 0 "$BIN/enquiry" --version
        try 0 "$BIN/enquiryd" --version
}

@test "in words: no line of JSON, and what matters is said" {
        try 0 say jo log --from "$LEDGER/quick.json"
        [[ $out == *accepted* && $out != *"{"* ]]
        try 3 say jane log --from "$LEDGER/child.json"
        [[ $out == *waiting* && $out == *P01* && $out == *"Source: "* ]]
        try 4 say jo log --from "$LEDGER/personal.json"
        [[ $out == *refused* && $out == *E03* && $out == *Chesterfield* ]]
        for words in whoami members receipts list queue "show 0" "operation show OP-ALDER-1" fields send; do
                # shellcheck disable=SC2086
                try 0 say jo $words
                [[ -n $out && $out != "{"* ]]
        done
}
