# Readings that the policy refuses: on record, answered no, and the key's numbers go on.
load helper

setup_file() {
        found_ledger main test.example/readings --policy "$ROOT/tests/daemon/gate_pack.yaml"
        start_daemon
        people adm jo una
}
teardown_file() { close_ledger main; }
setup() { use_ledger main; }
teardown() { show_log; }

@test "a list of readings without a purpose of the Act is refused, and is an entry" {
        try 0 as una list --kind member
        try 4 as una list --kind consult
        complains POL-03
        try 0 as una whoami
        local head
        head=$(get .head.n)
        [[ $head == 2 ]]
        [[ -s $LEDGER/una/receipts/$(get .alias)-2.tlog-proof ]]
        [[ -z $(find "$LEDGER/una" -name 'head-*') ]]
        try 0 as una list --kind member
        try 0 as una whoami
        holds '.head.n == "3"'
}
