# Bad input: every refusal is one sentence with its code and an exit status, and nothing is lost or half-written.
load helper

setup_file() {
        found_ledger other other.example/enquiries
        start_daemon
        people adm
        as adm export --spine "$LEDGER/spine.db" >/dev/null
        stop_daemon
        found_ledger main
        start_daemon
        people adm jo sam una
        write_files
        open_operation jo OP-ALDER-1 >/dev/null
}
teardown_file() {
        local status=0
        close_ledger main || status=1
        # A test that failed halfway left it busy until now.
        if mountpoint -q "$BATS_FILE_TMPDIR/small"; then wait_for umount "$BATS_FILE_TMPDIR/small"; fi
        return $status
}
setup() { use_ledger main; }
teardown() { show_log; }

# bad_file TEXT CODE [WORD]: FILE.json with that text is refused so, and no entry comes of it.
bad_file() {
        local before after
        before=$(enquiries)
        printf '%s' "$1" >"$BATS_TEST_TMPDIR/file.json"
        try 65 as jo log --from "$BATS_TEST_TMPDIR/file.json"
        complains "$2" "${3:-}"
        after=$(enquiries)
        [[ $before == "$after" ]]
}
enquiries() { as una list --kind enquiry.intent --limit 1000 | jq '.entries | length'; }
changed() { jq -c "$1" "$LEDGER/quick.json"; }

@test "a file that is no JSON object of fields" {
        bad_file '' DAT-05
        bad_file '{"url":' DAT-05
        bad_file '["https://x.com/metpoliceuk"]' DAT-05
        bad_file '"url"' DAT-05
        bad_file '{"url":"https://x.com/a","url":"https://x.com/b"}' DAT-05
        bad_file '{"url":"https://x.com/metpoliceuk"} and more' DAT-05
        try 65 as jo log --from "$BATS_TEST_TMPDIR/nowhere.json"
        complains SYS-07 nowhere.json
}

@test "text that is not UTF-8" {
        bad_file "$(printf '{"url":"https://x.com/metpoliceuk","objective":"\xff\xfe"}')" FRM-04
        bad_file "$(printf '{"objective":"\xed\xa0\x80"}')" FRM-04
        bad_file "$(printf '{"objective":"\xc0\xaf"}')" FRM-04
}

@test "a missing field is named" {
        # Nothing to look at: no address, no account, no query.
        bad_file "$(changed 'del(.url)')" DAT-02 subject
        try 65 as sam log --from "$LEDGER/quick.json" --operation ""
        [[ $err == *"(DAT-"* ]]
        local ref
        ref=$(as jo log --from "$LEDGER/quick.json" | jq -r .ref)
        echo '{"ended_at":"2026-11-23T10:04:00Z"}' >"$BATS_TEST_TMPDIR/done.json"
        try 65 as jo done "$ref" --from "$BATS_TEST_TMPDIR/done.json"
        complains DAT-02 result
        # What only the policy asks for is the policy's to refuse, and is kept.
        changed 'del(.objective)' >"$BATS_TEST_TMPDIR/file.json"
        try 4 as jo log --from "$BATS_TEST_TMPDIR/file.json"
        holds 'any(.rules[]; .id == "L02")'
}

@test "an unknown field, an unknown word, a value of another type, a text too long" {
        bad_file "$(changed '.objektive = "x"')" DAT-01 objektive
        bad_file "$(changed '.purpose_code = "curiosity"')" DAT-03 purpose_code
        bad_file "$(changed '.f3 = "perhaps"')" DAT-03 f3
        bad_file "$(changed '.objective = 7')" DAT-04 objective
        bad_file "$(changed '.objective = null')" DAT-04 objective
        bad_file "$(changed '.objective = ("x" * 281)')" DAT-04 objective
        bad_file "$(changed '.objective = ("x" * 20000)')" FRM-02 objective
        bad_file "$(changed '.url = "not an address at all"')" FRM-07
        bad_file "$(changed '.operation = "OP-NOWHERE"')" DAT-06 OP-NOWHERE
        bad_file "$(printf '{"objective":"a\\u0000b"}')" DAT-05
}

@test "an activity with a bad time or result" {
        try 0 as jo log --from "$LEDGER/quick.json"
        local ref
        ref=$(get .ref)
        echo '{"result":"nothing-found","ended_at":"yesterday"}' >"$BATS_TEST_TMPDIR/done.json"
        try 65 as jo done "$ref" --from "$BATS_TEST_TMPDIR/done.json"
        complains FRM-06 ended_at
        echo '{"result":"saw-things"}' >"$BATS_TEST_TMPDIR/done.json"
        try 65 as jo done "$ref" --from "$BATS_TEST_TMPDIR/done.json"
        complains DAT-03 result
        try 0 as jo done "$ref" nothing-found
}

@test "a reference that nothing has" {
        for ref in 999999 jb-999999 zz-1 x; do
                try 65 as jo show "$ref"
                complains DAT-08
        done
        try 65 as sam decide 999999 approve --reason "x"
        complains DAT-08
        try 65 as jo amend 999999 objective x --reason y
        complains DAT-08
        # There, but nothing to decide.
        try 65 as sam decide "$(as jo log --from "$LEDGER/quick.json" | jq -r .ref)" approve --reason "x"
        complains DAT-12
}

@test "a role that may not" {
        local ref
        try 77 as una log --from "$LEDGER/quick.json"
        complains MEM-03
        try 77 as adm log --from "$LEDGER/quick.json"
        complains MEM-03
        try 3 as jo log --from "$LEDGER/child.json"
        ref=$(get .ref)
        try 77 as jo decide "$ref" approve --reason "My own"
        [[ $err == *"(MEM-13)"* || $err == *"(MEM-03)"* ]]
        try 77 as una decide "$ref" approve --reason "Not my queue"
        complains MEM-03
        try 77 as jo export --spine "$BATS_TEST_TMPDIR/spine.db"
        complains MEM-03
        [[ ! -e $BATS_TEST_TMPDIR/spine.db ]]
        # Nor a supervisor's own.
        try 3 as sam log --from "$LEDGER/child.json"
        ref=$(get .ref)
        try 4 as sam decide "$ref" approve --reason "My own"
        holds '.verdict == "refused" and .rules[0].id == "S01"'
        try 0 as una show "$ref"
        holds '.decided == "waiting"'
        try 0 as sam queue
        holds ".entries | all(.[]; .ref != \"$ref\")"
}

@test "a wrong passphrase, none, and a loose folder" {
        echo "incorrect horse" >"$BATS_TEST_TMPDIR/pp"
        try 77 "$BIN/enquiry" --home "$LEDGER/jo" --json --passphrase-file "$BATS_TEST_TMPDIR/pp" list
        complains HOM-03
        try 77 setsid -w "$BIN/enquiry" --home "$LEDGER/jo" --json list </dev/null
        complains HOM-04
        : >"$BATS_TEST_TMPDIR/pp"
        try 77 "$BIN/enquiry" --home "$LEDGER/jo" --json --passphrase-file "$BATS_TEST_TMPDIR/pp" list
        complains HOM-04
        try 65 "$BIN/enquiry" --home "$BATS_TEST_TMPDIR/nobody" --json --passphrase-file "$PP" list
        complains HOM-01
        chmod 755 "$LEDGER/jo"
        try 77 as jo list
        complains HOM-05
        chmod 700 "$LEDGER/jo"
        try 0 as jo list
}

@test "a folder whose keys were damaged" {
        cp -a "$LEDGER/jo" "$LEDGER/damaged"
        printf 'X' | dd of="$LEDGER/damaged/keys.sealed" bs=1 seek=60 conv=notrunc status=none
        local status=0
        as damaged list >/dev/null 2>"$BATS_TEST_TMPDIR/err" || status=$?
        [[ $status == 77 || $status == 1 || $status == 65 ]]
        grep -Eq '^enquiry: .*\((HOM-03|FIL-04|FRM-01)\)' "$BATS_TEST_TMPDIR/err"
        : >"$LEDGER/damaged/keys.sealed"
        status=0
        as damaged list >/dev/null 2>"$BATS_TEST_TMPDIR/err" || status=$?
        [[ $status != 0 && $status != 99 ]]
        [[ $(wc -l <"$BATS_TEST_TMPDIR/err") == 1 ]]
}

@test "files that are not a ledger, a receipt, a key" {
        local spine=$BATS_TEST_TMPDIR/spine.db
        echo "hello" >"$BATS_TEST_TMPDIR/hello.db"
        try 65 as jo verify "$BATS_TEST_TMPDIR/hello.db"
        complains FIL-01
        : >"$BATS_TEST_TMPDIR/empty.db"
        try 65 as jo verify "$BATS_TEST_TMPDIR/empty.db"
        complains FIL-01
        sqlite3 "$BATS_TEST_TMPDIR/sqlite.db" 'CREATE TABLE entry(a)'
        try 65 as jo verify "$BATS_TEST_TMPDIR/sqlite.db"
        complains FIL-01
        try 65 as jo verify "$BATS_TEST_TMPDIR/nowhere.db"
        [[ $(wc -l <<<"$err") == 1 ]]
        as una export --spine "$spine" >/dev/null
        head -c 20000 "$spine" >"$BATS_TEST_TMPDIR/short.db"
        local status=0
        as jo verify "$BATS_TEST_TMPDIR/short.db" >/dev/null 2>"$BATS_TEST_TMPDIR/err" || status=$?
        [[ $status == 65 || $status == 70 || $status == 1 ]]
        # A receipt is none of these either.
        try 1 as jo verify --receipt "$BATS_TEST_TMPDIR/hello.db"
        holds '.ok == false and .faults[0].code == "TRE-05"'
        try 65 as jo verify --receipt "$BATS_TEST_TMPDIR/nowhere"
        try 65 as jo verify "$spine" --vkey "nonsense"
        complains TRE-10
}

@test "a ledger of another origin, or of the same name with another first entry" {
        local other=$BATS_FILE_TMPDIR/other/spine.db vkey
        vkey=$(jq -r .vkey "$BATS_FILE_TMPDIR/other/init.json")
        try 0 "$BIN/enquiry" --home /nonexistent --json verify "$other" --vkey "$vkey"
        # With our key it is not our ledger.
        try 1 "$BIN/enquiry" --home /nonexistent --json verify "$other" --vkey "$(of_init vkey)"
        holds '.ok == false and any(.faults[]; .seq == "0" and .check == "genesis")'
        # A receipt of one is none of the other.
        local receipt
        receipt=$(find "$BATS_FILE_TMPDIR/other/adm/receipts" -name '*.tlog-proof' | head -n 1)
        try 0 "$BIN/enquiry" --home /nonexistent --json verify --receipt "$receipt" --vkey "$vkey"
        try 1 "$BIN/enquiry" --home /nonexistent --json verify --receipt "$receipt" --vkey "$(of_init vkey)"
        holds '.ok == false and (.faults | length == 1)'
        # The same name, another beginning.
        SPACE=$BATS_TEST_TMPDIR found_ledger twin
        start_daemon
        people adm
        try 0 as adm export --spine "$LEDGER/spine.db"
        stop_daemon
        local twin=$LEDGER/spine.db
        use_ledger main
        try 1 "$BIN/enquiry" --home /nonexistent --json verify "$twin" --vkey "$(of_init vkey)"
        holds '.ok == false and any(.faults[]; .seq == "0" and .check == "genesis")'
        # Nor does the daemon take a ledger that its configuration does not name.
        SPACE=$BATS_TEST_TMPDIR use_ledger twin
        sed -i 's|test.example/enquiries|renamed.example/enquiries|' "$DATA/enquiryd.yaml"
        try 65 "$BIN/enquiryd" run --data "$DATA"
        complains TRE-08
}

@test "another daemon at the address is not spoken to" {
        local jo=$LEDGER/jo listen
        cp -a "$jo" "$LEDGER/astray"
        SPACE=$BATS_TEST_TMPDIR found_ledger elsewhere
        start_daemon
        listen=$LISTEN
        use_ledger main
        jq --arg a "$listen" '.address = $a' "$LEDGER/jo/identity.json" >"$LEDGER/astray/identity.json"
        try 1 as astray log --from "$LEDGER/quick.json"
        complains NET-09
        try 1 as astray list
        complains NET-09
        SPACE=$BATS_TEST_TMPDIR use_ledger elsewhere
        stop_daemon
        [[ $(sqlite3 "$DATA/ledger.db" "SELECT count(*) FROM entry") == 1 ]]
}

# --- the daemon's own folder ---

@test "a data folder that others can read is refused at the start" {
        SPACE=$BATS_TEST_TMPDIR found_ledger loose
        local what
        for what in . enquiryd.yaml wrap.key ledger.db; do
                chmod 755 "$DATA/$what"
                try 77 "$BIN/enquiryd" run --data "$DATA"
                complains HOM-05
                chmod 700 "$DATA/$what"
        done
        start_daemon
        stop_daemon
        [[ $(<"$LEDGER/status") == 0 ]]
}

@test "a second daemon on the same data is refused, a second ledger in the same folder too" {
        try 75 "$BIN/enquiryd" run --data "$DATA"
        complains HOM-06
        try 65 "$BIN/enquiryd" init --data "$DATA" --origin test.example/again
        complains HOM-08
        try 65 "$BIN/enquiryd" run --data "$BATS_TEST_TMPDIR/nowhere"
        [[ $(wc -l <<<"$err") == 1 ]]
        try 2 "$BIN/enquiryd" init --data "$BATS_TEST_TMPDIR/new" --origin "two words"
        complains USE-01
        [[ ! -e $BATS_TEST_TMPDIR/new ]]
        echo "rules: none" >"$BATS_TEST_TMPDIR/pack.yaml"
        try 65 "$BIN/enquiryd" init --data "$BATS_TEST_TMPDIR/new" --origin test.example/new --policy "$BATS_TEST_TMPDIR/pack.yaml"
        complains POL-01
        [[ ! -e $BATS_TEST_TMPDIR/new/ledger.db ]]
        # The one that runs took no harm.
        try 0 as jo log --from "$LEDGER/quick.json"
}

@test "a port that is taken, a configuration that is nonsense" {
        SPACE=$BATS_TEST_TMPDIR found_ledger port
        sed -i "s|^listen:.*|listen: $(jq -r .listen "$BATS_FILE_TMPDIR/main/init.json")|" "$DATA/enquiryd.yaml"
        try 70 "$BIN/enquiryd" run --data "$DATA"
        complains HOM-11
        echo "listen: nowhere" >"$DATA/enquiryd.yaml"
        try 65 "$BIN/enquiryd" run --data "$DATA"
        complains HOM-07
}

@test "an old copy of the database is refused: the keeper has signed more" {
        SPACE=$BATS_TEST_TMPDIR found_ledger old
        start_daemon
        people adm
        stop_daemon
        cp "$DATA/ledger.db" "$LEDGER/old.db"
        start_daemon
        people jo
        stop_daemon
        cp "$DATA/ledger.db" "$LEDGER/new.db"
        cp "$LEDGER/old.db" "$DATA/ledger.db"
        rm -f "$DATA"/ledger.db-*
        try 1 "$BIN/enquiryd" run --data "$DATA"
        complains HOM-09
        cp "$LEDGER/new.db" "$DATA/ledger.db"
        start_daemon
        try 0 as jo whoami
        stop_daemon
}

@test "the whole folder put back to an old copy: whoever was there notices, and keeps the evidence" {
        SPACE=$BATS_TEST_TMPDIR found_ledger back
        start_daemon
        people adm jo
        write_files
        open_operation jo OP-ALDER-1 >/dev/null
        stop_daemon
        cp -a "$DATA" "$LEDGER/old"
        start_daemon
        try 0 as jo log --from "$LEDGER/quick.json"
        stop_daemon
        rm -rf "$DATA"
        mv "$LEDGER/old" "$DATA"
        start_daemon
        try 1 as jo log --from "$LEDGER/quick.json"
        complains TRE-07
        [[ -n $(find "$LEDGER/jo" -name 'head-*.json' -o -name 'fork-*.txt') ]]
        stop_daemon
}

# --- the wire ---

# request OPTIONS... PATH: the answer's body in $out, its status in $code.
request() { # the last word is the path
        local path=${*: -1}
        out=$(curl -sk --tlsv1.3 -m 20 -w '\n%{http_code}' "${@:1:$#-1}" "https://$(of_init listen)$path") || { code=none; return 0; }
        code=${out##*$'\n'}
        out=${out%$'\n'*}
}
# answered STATUS CODE: with a problem document.
answered() {
        [[ $code == "$1" ]] || { echo "status $code, not $1: $out" >&2; return 1; }
        holds ".code == \"$2\" and .status == $1 and (.title | length > 10)"
}

@test "malformed and oversized requests get their problem document" {
        local sdjwt="Content-Type: application/sd-jwt"
        request -H "$sdjwt" -d 'hello' /v1/join
        answered 400 STM-01
        request -H "$sdjwt" -d '' /v1/join
        [[ $code == 400 || $code == 411 ]]
        request -H "$sdjwt" -d 'a.b.c~' /v1/join
        [[ $code == 400 ]]
        head -c 200000 /dev/zero | tr '\0' 'a' >"$BATS_TEST_TMPDIR/big"
        request -H "$sdjwt" -H "Expect:" --data-binary "@$BATS_TEST_TMPDIR/big" /v1/join
        answered 413 FRM-02
        request -H "Content-Type: application/json" -d '{}' /v1/join
        answered 415 NET-04
        request /v1/nowhere
        answered 404 NET-02
        request /v1/join
        answered 405 NET-03
        request -H "$sdjwt" -H "Transfer-Encoding: chunked" -d 'hello' /v1/join
        [[ $code == 400 || $code == 411 ]]
        request -H "X-Long: $(head -c 40000 /dev/zero | tr '\0' 'a')" /v1/invites/x
        answered 431 NET-05
        request /v1/invites/nonsense
        answered 400 FRM-01
        # The daemon is as it was.
        try 0 as jo log --from "$LEDGER/quick.json"
}

@test "without the certificate of a member nothing is shown" {
        local path
        for path in /v1/whoami /checkpoint /v1/checkpoints /tile/entries/000 /v1/policy /v1/receipts/0 /v1/own/0 /v1/annexes; do
                request "$path"
                answered 401 NET-07
        done
        # A certificate of nobody's: the handshake, or the first answer, refuses it.
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$BATS_TEST_TMPDIR/key.pem" \
                -out "$BATS_TEST_TMPDIR/cert.pem" -days 2 -subj "/CN=nobody" 2>/dev/null
        request --cert "$BATS_TEST_TMPDIR/cert.pem" --key "$BATS_TEST_TMPDIR/key.pem" /v1/whoami
        [[ $code == none || $code == 401 || $code == 403 || $code == 000 ]]
        # A member's certificate without its key is of no use.
        request --cert "$LEDGER/jo/tls.pem" --key "$BATS_TEST_TMPDIR/key.pem" /v1/whoami
        [[ $code == none || $code == 000 ]]
}

@test "only TLS 1.3, and only one way to read a request" {
        local listen
        listen=$(of_init listen)
        never curl -sk --tls-max 1.2 -m 10 "https://$listen/v1/invites/x"
        never curl -s -m 10 "http://$listen/v1/invites/x"
        local request
        for request in 'GET /v1/invites/x HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n' \
                'GET /v1/invites/x HTTP/1.1\r\nHost : x\r\n\r\n' \
                'GET /v1/invites/x HTTP/3.7\r\nHost: x\r\n\r\n' \
                'POST /v1/join HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n' \
                'GET /v1/in\x00vites HTTP/1.1\r\nHost: x\r\n\r\n' \
                'hello\r\n\r\n'; do
                # shellcheck disable=SC2059
                out=$(printf "$request" | timeout 20 openssl s_client -quiet -connect "$listen" 2>/dev/null || true)
                [[ $out == "HTTP/1.1 400 "* ]] || { printf 'not refused: %q\n%s\n' "$request" "$out" >&2; false; }
        done
}

# --- numbers ---

@test "the same number with another body: the second copy of a folder follows the first" {
        as twin-a enrol "$(invite_by adm invite --role investigator --unit north --training 2)" --name "Ty Twin" >/dev/null
        try 0 as twin-a log --from "$LEDGER/quick.json"
        cp -a "$LEDGER/twin-a" "$LEDGER/twin-b"
        try 0 as twin-a log https://x.com/metpoliceuk --from "$LEDGER/quick.json"
        local first
        first=$(get .ref)
        try 0 as twin-b log https://x.com/gmpolice --from "$LEDGER/quick.json"
        [[ $(get .ref) != "$first" ]]
        # The daemon's word about its head is kept.
        [[ -n $(find "$LEDGER/twin-b" -name 'head-*.json') ]]
        try 0 as twin-a list --mine
        holds '[.entries[] | select(.kind == "enquiry.intent") | .subject] | unique | length == 3'
}

# --- a disk that is full ---

@test "a full disk loses nothing: what was asked waits in the outbox and goes later" {
        local small=$BATS_FILE_TMPDIR/small
        mkdir -p "$small"
        mount -t tmpfs -o size=6m,mode=700 tmpfs "$small" 2>/dev/null || skip "no small file system can be mounted here (not root)"
        SPACE=$small
        use_ledger disk
        LEDGER=$BATS_TEST_TMPDIR/disk DATA=$small/data PP=$LEDGER/passphrase
        mkdir -p "$LEDGER"
        cp "$BATS_FILE_TMPDIR/main/passphrase" "$PP"
        "$BIN/enquiryd" init --data "$DATA" --origin disk.example/enquiries >"$LEDGER/init.json"
        start_daemon
        people adm jo sam una
        write_files
        open_operation jo OP-ALDER-1 >/dev/null
        try 0 as jo log --from "$LEDGER/quick.json"
        dd if=/dev/zero of="$small/ballast" bs=64k status=none 2>/dev/null || true
        local n=0 got
        while ((n < 200)); do
                got=0
                out=$(as jo log --from "$LEDGER/quick.json" 2>"$BATS_TEST_TMPDIR/err") || got=$?
                n=$((n + 1))
                [[ $got == 0 ]] || break
        done
        [[ $got == 75 ]]
        holds '.queued and (.ref | startswith("jb-"))'
        local ref
        ref=$(get .ref)
        rm "$small/ballast"
        # Either it runs on, or it stopped rather than promise what it cannot keep.
        [[ ! -s $LEDGER/status ]] || start_daemon
        try 0 as jo send
        holds '.waiting == 0 and .sent >= 1'
        try 0 as jo show "$ref"
        holds '.verdict == "accepted"'
        try 0 as una export --spine "$LEDGER/spine.db"
        try 0 as jo verify "$LEDGER/spine.db"
        holds '.ok'
        stop_daemon
        [[ $(<"$LEDGER/status") == 0 ]]
        umount "$small"
}
