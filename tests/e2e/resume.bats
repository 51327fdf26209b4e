# A join is an entry before its answer is seen: when the answer is lost, the same command again finishes the enrolment.
load helper

setup_file() {
        found_ledger resume
        start_daemon
        people adm
}
setup() { use_ledger resume; }
teardown() { show_log; }
teardown_file() { close_ledger resume; }

@test "a join whose answer could not be kept is finished by the same command" {
        invite=$(invite_by adm invite --role investigator --unit north)
        # The identity cannot be written: what a crash after the daemon's answer leaves behind.
        mkdir -p "$LEDGER/rita/identity.json.new"
        chmod 700 "$LEDGER/rita"
        run as rita enrol "$invite" --name "Rita Sands"
        [[ $status != 0 ]]
        [[ -s $LEDGER/rita/join.pending && ! -e $LEDGER/rita/identity.json ]]
        rmdir "$LEDGER/rita/identity.json.new"
        first=$(as adm members | jq '.members | length')
        as rita enrol "$invite" --name "Rita Sands" | jq -e '.roles == ["investigator"] and .alias == "rs"'
        [[ ! -e $LEDGER/rita/join.pending ]]
        [[ $(as adm members | jq '.members | length') == "$first" ]]
        as rita whoami | jq -e '.online'
}

@test "the same invite from another folder is refused" {
        invite=$(invite_by adm invite --role investigator --unit north)
        as one enrol "$invite" --name "One"
        run as two enrol "$invite" --name "Two"
        [[ $status == 65 && $output == *MEM-06* ]]
}

@test "the daemon's counts can be read on its socket, and nothing else" {
        counts=$(node -e 'require("net").connect(process.argv[1]).pipe(process.stdout)' "$DATA/health.sock")
        [[ $counts == *"enquiryd_entries "* && $counts != *Rita* ]]
        [[ $(stat -c %a "$DATA/health.sock") == 600 ]]
}
