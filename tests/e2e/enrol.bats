# Who may come in, who decides about it, and who is out again.
load helper

setup_file() {
        found_ledger main
        start_daemon
        people adm jo sam una
        write_files
        open_operation jo OP-ALDER-1 >/dev/null
        found_ledger other other.example/enquiries
        start_daemon
}
teardown_file() { close_ledger other main; }
setup() { use_ledger main; }
teardown() { show_log; }

# Asks the ledger who somebody is now.
state_of() { as adm members | jq -r --arg m "$1" '.members[] | select(.member == $m) | .state'; }
size() { as una list --all --limit 1000 --log-purpose lawfulness | jq '.entries | length'; }
alias_of() { jq -r .alias <<<"$(as "$1" whoami)"; }

@test "an investigator's invite is active at once" {
        try 0 as adm invite --role investigator --unit north --training 1
        holds '(.invite | startswith("enquiry-invite1.")) and (.member | length == 22) and .state == "active"'
        local invite member
        invite=$(get .invite) member=$(get .member)
        [[ $(state_of "$member") == invited ]]
        try 0 as kim enrol "$invite" --name "Kim Keen"
        holds ".member == \"$member\" and .roles == [\"investigator\"] and (.ref | test(\"^[0-9]+$\"))"
        [[ $(state_of "$member") == active ]]
        [[ $(stat -c %a "$LEDGER/kim") == 700 && -z $(find "$LEDGER/kim" -type f -perm /077) ]]
        try 0 as kim log --from "$LEDGER/quick.json"
}

@test "an invite works once" {
        local invite
        invite=$(invite_by adm invite --role investigator --unit north)
        try 0 as lee enrol "$invite" --name "Lee Last"
        try 65 as late enrol "$invite" --name "Too Late"
        complains MEM-06
        # Nothing of a failed enrolment stands in the way of another.
        try 0 as late enrol "$(invite_by adm invite --role investigator --unit north)" --name "Too Late"
}

@test "of two who use one invite at once, one is enrolled" {
        local invite n one=0 two=0
        invite=$(invite_by adm invite --role investigator --unit north)
        as race1 enrol "$invite" --name "Race One" >/dev/null 2>&1 3>&- &
        n=$!
        as race2 enrol "$invite" --name "Race Two" >/dev/null 2>&1 || two=$?
        wait $n || one=$?
        [[ "$one $two" == "0 65" || "$one $two" == "65 0" ]]
}

@test "an invite that was cut off, bent, or is something else" {
        local invite
        invite=$(invite_by adm invite --role investigator)
        try 65 as cut enrol "${invite:0:200}" --name "Cut Off"
        complains MEM-05
        try 65 as cut enrol "${invite%?}" --name "Cut Off"
        complains MEM-05
        try 65 as cut enrol "enquiry-invite2.${invite#*.}" --name "Cut Off"
        complains MEM-05
        try 65 as cut enrol "hello" --name "Cut Off"
        complains MEM-05
        [[ ! -e $LEDGER/cut/identity.json ]]
        try 0 as cut enrol "$invite" --name "Cut Off"
}

# bend INVITE JQ-FILTER: the invite with its JSON changed.
bend() {
        local text
        text=$(tr -- '-_' '+/' <<<"${1#*.}")
        while ((${#text} % 4)); do text+="="; done
        echo "enquiry-invite1.$(base64 -d <<<"$text" | jq -c "$2" | tr -d '\n' | base64 -w 0 | tr '+/' '-_' | tr -d '=')"
}

@test "an invite of another ledger, another server, another genesis" {
        local invite other
        invite=$(invite_by adm invite --role investigator)
        other=$(jq -r .listen "$LEDGER/../other/init.json")
        # Another server answers at the address: its key is not the one in the invite.
        try 1 as bent enrol "$(bend "$invite" ".address = \"$other\"")" --name "Bent"
        complains NET-09
        # The other server with its own key does not know the invite.
        local server
        server=$(jq -r .invite "$LEDGER/../other/init.json" | { read -r text; bend "$text" .; })
        [[ $server == "$(jq -r .invite "$LEDGER/../other/init.json")" ]]
        try 65 as bent enrol "$(bend "$server" ".seed = \"$(bend_seed)\"")" --name "Bent"
        complains MEM-09
        # The right server, and a first entry that is not the ledger's: refused, and no identity is left.
        try 65 as bent enrol "$(bend "$invite" '.genesis = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"')" --name "Bent"
        complains STM-05 test.example/enquiries
        [[ ! -e $LEDGER/bent/identity.json ]]
        try 0 as bent enrol "$invite" --name "Bent"
}
bend_seed() { head -c 32 /dev/zero | base64 -w 0 | tr '+/' '-_' | tr -d '='; }

@test "a folder has one identity" {
        try 65 as jo enrol "$(invite_by adm invite --role investigator)" --name "Jo Again"
        complains HOM-02
        [[ $(alias_of jo) == jb ]]
}

@test "only an administrator invites" {
        local person
        for person in jo sam una; do
                try 77 as "$person" invite --role investigator
                complains MEM-03
        done
        try 65 as adm invite --role wizard
        complains DAT-03
        try 65 as adm invite --role administrator --role investigator
        complains MEM-12
        try 65 as adm invite --role investigator --unit "two words"
        complains DAT-04
        try 65 as adm invite --role investigator --training 9
        complains DAT-04
}

@test "any other role waits for a second person; until then enrol signs nothing" {
        try 3 as adm invite --role supervisor --unit south
        holds '.state == "waiting" and (.invite | startswith("enquiry-invite1."))'
        local invite member before
        invite=$(get .invite) member=$(get .member)
        [[ $(state_of "$member") == waiting ]]
        before=$(size)
        try 3 as sue enrol "$invite" --name "Sue South"
        complains MEM-08
        [[ ! -e $LEDGER/sue/identity.json && $(find "$LEDGER/sue" -name '*.tlog-proof' 2>/dev/null | wc -l) == 0 ]]
        # One consult of this auditor's own is all that came.
        [[ $(size) == $((before + 1)) ]]
        # Nobody decides their own.
        try 0 as una queue
        holds '.entries | length == 1 and .[0].kind == "member"'
        local ref
        ref=$(get '.entries[0].ref')
        try 0 as adm queue
        holds '.entries == []'
        try 77 as adm decide "$ref" approve --reason "My own"
        complains MEM-13
        # Nor somebody without the role.
        try 77 as sam decide "$ref" approve --reason "Not mine to say"
        complains MEM-03
        try 3 as sue enrol "$invite" --name "Sue South"
        try 0 as una decide "$ref" approve --reason "South has no supervisor"
        [[ $(state_of "$member") == invited ]]
        try 0 as sue enrol "$invite" --name "Sue South"
        holds '.roles == ["supervisor"]'
}

@test "a refused invite stays out" {
        try 3 as adm invite --role supervisor --unit west
        local invite
        invite=$(get .invite)
        try 0 as una queue
        try 0 as una decide "$(get '.entries[0].ref')" refuse --reason "West has one already"
        try 77 as west enrol "$invite" --name "West Wing"
        complains MEM-14
        [[ ! -e $LEDGER/west/identity.json ]]
}

@test "a second administrator decides what the first asks for" {
        try 3 as adm invite --role administrator
        local invite
        invite=$(get .invite)
        try 0 as una decide "$(as una queue | jq -r '.entries[0].ref')" approve --reason "Holidays"
        try 0 as adm2 enrol "$invite" --name "Bea Admin"
        try 3 as adm2 invite --role dpo
        invite=$(get .invite)
        try 0 as adm queue
        holds '.entries | length == 1'
        try 0 as adm decide "$(get '.entries[0].ref')" approve --reason "Agreed"
        try 0 as dpo enrol "$invite" --name "Dee Pee"
        holds '.roles == ["dpo"]'
}

@test "somebody moves, and is seen by the new unit's supervisor" {
        as mo enrol "$(invite_by adm invite --role investigator --unit south --training 2)" --name "Mo Mover" >/dev/null
        try 0 as adm member move "$(alias_of mo)" north
        holds "$OUTCOME"
        try 0 as mo whoami
        holds '.unit == "north"'
        try 3 as mo log --from "$LEDGER/child.json"
        local ref
        ref=$(get .ref)
        try 0 as sam queue
        holds ".entries | any(.[]; .ref == \"$ref\" and .unit == \"north\")"
        try 65 as adm member move nobody north
        complains MEM-11
}

@test "a grant of a role waits, and is in force once it is approved" {
        as ro enrol "$(invite_by adm invite --role investigator --unit north --training 2)" --name "Ro Riser" >/dev/null
        try 3 as adm member role "$(alias_of ro)" supervisor
        holds '.verdict == "waiting"'
        try 0 as ro whoami
        holds '.roles == ["investigator"]'
        try 0 as una decide "$(as una queue | jq -r '.entries[0].ref')" approve --reason "Promoted"
        try 0 as ro whoami
        holds '.roles == ["supervisor"]'
        # Back is no grant that needs a second person.
        try 0 as adm member role "$(alias_of ro)" --role investigator --training 3
        try 0 as ro whoami
        holds '.roles == ["investigator"] and .training == 3'
}

@test "a lost device: the person comes back with a new key, the old one is out" {
        as di enrol "$(invite_by adm invite --role investigator --unit north --training 2)" --name "Di Device" >/dev/null
        local member
        member=$(as di whoami | jq -r .member)
        try 0 as di log --from "$LEDGER/quick.json"
        try 0 as adm member rekey "$member"
        holds ".member == \"$member\" and .state == \"active\""
        try 0 as di-new enrol "$(get .invite)" --name "Di Device"
        holds ".member == \"$member\""
        try 0 as di-new log --from "$LEDGER/quick.json"
        try 77 as di log --from "$LEDGER/quick.json"
        [[ $err == *"(MEM-02)"* ]]
        # Their earlier entries are still theirs.
        try 0 as di-new list --mine --kind enquiry.intent
        holds '.entries | length == 2'
}

@test "a revoked key is refused, whatever it asks" {
        as bye enrol "$(invite_by adm invite --role investigator --unit north --training 2)" --name "Bye Bye" >/dev/null
        local member
        member=$(as bye whoami | jq -r .member)
        try 0 as adm member revoke "$member" --reason "Left the force"
        holds "$OUTCOME"
        [[ $(state_of "$member") == revoked ]]
        local words
        for words in "log --from $LEDGER/quick.json" list queue members "show 0" whoami; do
                # shellcheck disable=SC2086
                try 77 as bye $words
                [[ $err == *"(MEM-02)"* && -z $out ]]
        done
        try 0 as una list --kind enquiry.intent
        holds 'all(.entries[]; .author != "Bye Bye")'
}

@test "the whole of it verifies from the spine alone" {
        try 0 as una export --spine "$BATS_TEST_TMPDIR/spine.db"
        try 0 "$BIN/enquiry" --home /nonexistent --json verify "$BATS_TEST_TMPDIR/spine.db" --vkey "$(of_init vkey)"
        holds '.ok and .faults == []'
}
