# The agent: the passphrase once, then commands without it, until it is stopped, idle, or its folder goes.
load helper

setup_file() {
        found_ledger main
        start_daemon
        people adm jo
        write_files
        open_operation jo OP-ALDER-1 >/dev/null
}
teardown_file() { close_ledger main; }
setup() { use_ledger main; }
teardown() {
        show_log
        as jo agent stop >/dev/null 2>&1 || true
}

# Without terminal and without the passphrase file.
bare() { setsid -w "$BIN/enquiry" --home "$LEDGER/$1" --json "${@:2}" </dev/null; }
answers() { [[ $(bare jo agent status) == '{"running":true}' ]]; }
silent() { [[ $(bare jo agent status) == '{"running":false}' ]]; }

@test "started once, it opens the folder for every command" {
        try 77 bare jo list
        complains HOM-04
        try 0 as jo agent start 3>&-
        holds '. == {"running":true}'
        answers
        [[ $(stat -c %a "$LEDGER/jo/agent.sock") == 600 ]]
        try 0 bare jo list
        try 0 bare jo log --from "$LEDGER/quick.json"
        holds "$OUTCOME"
        # Started again is no mistake, and no second one.
        try 0 as jo agent start 3>&-
        try 0 bare jo agent stop
        wait_for silent
        try 77 bare jo list
        complains HOM-04
        try 65 bare jo agent stop
        complains SYS-07
        [[ ! -S $LEDGER/jo/agent.sock ]]
}

@test "a wrong passphrase starts none" {
        echo "incorrect horse" >"$BATS_TEST_TMPDIR/pp"
        try 77 "$BIN/enquiry" --home "$LEDGER/jo" --json --passphrase-file "$BATS_TEST_TMPDIR/pp" agent start
        complains HOM-03
        silent
}

@test "one person's agent is not another's" {
        try 0 as jo agent start 3>&-
        try 77 bare adm list
        complains HOM-04
        answers
}

@test "it ends when nobody used it for a while" {
        try 0 as jo agent start --idle 1 3>&-
        local pid
        pid=$(processes "--home $LEDGER/jo ")
        [[ -n $pid ]]
        wait_for gone "$pid"
        silent
        [[ ! -e $LEDGER/jo/agent.sock ]]
}

@test "it ends when its folder goes" {
        cp -a "$LEDGER/jo" "$LEDGER/leaving"
        try 0 as leaving agent start --idle 600 3>&-
        local pid
        pid=$(processes "--home $LEDGER/leaving ")
        [[ -n $pid ]]
        rm -rf "$LEDGER/leaving"
        wait_for gone "$pid"
}

@test "a socket that a killed agent left is in nobody's way" {
        try 0 as jo agent start 3>&-
        local pid
        pid=$(processes "--home $LEDGER/jo ")
        kill -9 "$pid"
        wait_for gone "$pid"
        silent
        try 77 bare jo list
        complains HOM-04
        try 0 as jo agent start 3>&-
        try 0 bare jo list
}
