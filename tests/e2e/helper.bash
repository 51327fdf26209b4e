# What the end-to-end tests share: a ledger with its daemon, people who are enrolled in it, and checks of what a command said.
# A test file founds its own ledger in setup_file (BATS_FILE_TMPDIR) and ends with close_ledger in teardown_file, which wants a
# daemon that stopped in good order and a ledger without a fault.
# tests/crash/kill.sh uses it without bats.
if declare -F bats_require_minimum_version >/dev/null; then bats_require_minimum_version 1.5.0; fi

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BIN=${ENQUIRY_BIN:-$ROOT/build/release/bin}
DEADLINE_S=60

export ENQUIRY_TEST_KDF=fast
# A sanitizer's report must not pass for one of the exit statuses that the programs promise.
export ASAN_OPTIONS=exitcode=99 TSAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99:print_stacktrace=1 LSAN_OPTIONS=exitcode=99

# --- waiting ---

# Until the command succeeds; fails when it has not within DEADLINE_S.
wait_for() {
        local end=$((SECONDS + DEADLINE_S))
        until "$@" 2>/dev/null; do
                ((SECONDS < end)) || { echo "never came true: $*" >&2; return 1; }
                sleep 0.02
        done
}
gone() { ! kill -0 "$1" 2>/dev/null; }
# processes WORDS: the ids of those whose command line has these words; without procps, which a bare machine lacks.
processes() {
        local p
        for p in /proc/[0-9]*; do
                if { tr '\0' ' ' <"$p/cmdline"; } 2>/dev/null | grep -qF -- "$1"; then basename "$p"; fi
        done
}
# A plain `! command` would not fail a test.
never() { ! "$@"; }

# --- a ledger ---

# use_ledger NAME: the following is about the ledger of that name.
use_ledger() {
        LEDGER=${SPACE:-$BATS_FILE_TMPDIR}/$1
        DATA=$LEDGER/data
        PP=$LEDGER/passphrase
}

# found_ledger NAME [ORIGIN] [INIT OPTIONS...]: makes it, and leaves what init printed in NAME/init.json.
found_ledger() {
        use_ledger "$1"
        mkdir -p "$LEDGER"
        (umask 077 && echo "correct horse battery" >"$PP")
        "$BIN/enquiryd" init --data "$DATA" --origin "${2:-test.example/enquiries}" "${@:3}" >"$LEDGER/init.json"
}

# The daemon says one line, "ready ADDRESS:PORT", on its standard output; the end of that pipe comes first when it cannot start.
start_daemon() {
        local line=
        rm -f "$LEDGER/ready" "$LEDGER/status" "$LEDGER/pid"
        echo "$LEDGER" >>"$BATS_FILE_TMPDIR/started"
        mkfifo "$LEDGER/ready"
        (
                "$BIN/enquiryd" run --data "$DATA" >"$LEDGER/ready" 2>>"$LEDGER/log" &
                echo $! >"$LEDGER/pid"
                status=0
                wait $! || status=$?
                echo $status >"$LEDGER/status"
        ) 3>&- 2>/dev/null &
        read -r line <"$LEDGER/ready" || true
        [[ $line == "ready "* ]] || { echo "the daemon did not start:" >&2; cat "$LEDGER/log" >&2; return 1; }
        LISTEN=${line#ready }
}

# stop_daemon [SIGNAL]: and waits for its end; its exit status is in NAME/status.
stop_daemon() {
        kill "-${1:-TERM}" "$(<"$LEDGER/pid")"
        wait_for test -s "$LEDGER/status"
}

# close_ledger NAME...: each daemon stops in good order and leaves a sound ledger; whatever else was started and is still there,
# after a test that failed halfway, is ended too.
close_ledger() {
        local name status=0
        for name in "$@"; do
                use_ledger "$name"
                close_one || status=1
        done
        end_daemons
        return $status
}
close_one() {
        [[ -s $LEDGER/pid ]] || return 0
        if [[ ! -s $LEDGER/status ]]; then
                stop_daemon || return 1
                [[ $(<"$LEDGER/status") == 0 ]] || { echo "the daemon ended with $(<"$LEDGER/status")" >&2; cat "$LEDGER/log" >&2; return 1; }
        fi
        # A daemon that was killed had no exit status to tell of a sanitizer's report.
        never grep -e Sanitizer -e 'runtime error' "$LEDGER/log" >&2 || return 1
        "$BIN/enquiryd" check --data "$DATA" >"$LEDGER/check" && grep -q ' entries, 0 faults\.$' "$LEDGER/check" &&
                grep -q '^verdicts: [0-9,]* judged again, all follow\.$' "$LEDGER/check" ||
                { cat "$LEDGER/check" >&2; return 1; }
}
end_daemons() {
        local ledger
        [[ -e $BATS_FILE_TMPDIR/started ]] || return 0
        while read -r ledger; do
                if [[ -s $ledger/pid && ! -s $ledger/status ]]; then kill -9 "$(<"$ledger/pid")" 2>/dev/null || true; fi
        done < <(sort -u "$BATS_FILE_TMPDIR/started")
}

# A failed test shows what the daemon had to say.
show_log() {
        [[ -n ${BATS_TEST_COMPLETED:-} ]] && return 0
        [[ -s ${LEDGER:-}/log ]] && sed 's/^/daemon: /' "$LEDGER/log"
        return 0
}

# --- people ---

# as PERSON WORDS...: the command as that person gives it from a script; say PERSON: in words, for people.
as() { "$BIN/enquiry" --home "$LEDGER/$1" --json --passphrase-file "$PP" "${@:2}"; }
say() { "$BIN/enquiry" --home "$LEDGER/$1" --passphrase-file "$PP" "${@:2}"; }

of_init() { jq -r ".$1" "$LEDGER/init.json"; }
# invite_by PERSON OPTIONS...: only the invite's text.
invite_by() { as "$@" | jq -r .invite; }

# people WHO...: enrols those, in this order. An auditor comes last: grants wait for a second person from then on.
people() {
        local who
        for who in "$@"; do
                case $who in
                adm) as adm enrol "$(of_init invite)" --name "Ada Admin" ;;
                jo) as jo enrol "$(invite_by adm invite --role investigator --unit north --training 2)" --name "Jo Bloggs" ;;
                jane) as jane enrol "$(invite_by adm invite --role investigator --unit south --training 2)" --name "Jane Bond" ;;
                sam) as sam enrol "$(invite_by adm invite --role supervisor --unit north --training 3)" --name "Sam Super" ;;
                sue) as sue enrol "$(invite_by adm invite --role supervisor --unit south --training 3)" --name "Sue South" ;;
                una) as una enrol "$(invite_by adm invite --role auditor)" --name "Una Auditor" ;;
                *) as "$who" enrol "$(invite_by adm invite --role investigator --unit north --training 2)" --name "$who" ;;
                esac >>"$LEDGER/enrolments" || return 1
        done
}

# open_operation PERSON NAME
open_operation() {
        as "$1" operation open "$2" --aim disorder-or-crime --basis "common-law policing" \
                --justification "One public page, once, to trace a wanted man"
}

# The look that scripts are promised to get accepted, and its neighbours.
write_files() {
        cat >"$LEDGER/quick.json" <<'END'
{"url":"https://www.facebook.com/westmidlandspolice","purpose_code":"trace-suspect","operation":"OP-ALDER-1",
 "objective":"Which town does the account holder say he lives in","subject_category":"suspect",
 "private_info_likely":"yes","f3":"no","f5":"no"}
END
        jq '. + {"subject_age_band":"14-17"}' "$LEDGER/quick.json" >"$LEDGER/child.json"
        jq '. + {"account_attribution":"personal"}' "$LEDGER/quick.json" >"$LEDGER/personal.json"
        echo '{"result":"nothing-found","ended_at":"2026-11-23T10:04:00Z"}' >"$LEDGER/done.json"
}

# --- what a command said ---

# try STATUS COMMAND...: wants that exit status; leaves $out and $err.
try() {
        local want=$1 got=0 file
        shift
        file=$(mktemp "$BATS_TEST_TMPDIR/err.XXXXXX")
        out=$("$@" 2>"$file") || got=$?
        err=$(<"$file")
        [[ $got == "$want" ]] && return 0
        printf 'exit %s, not %s: %s\n%s\n%s\n' "$got" "$want" "$*" "$out" "$err" >&2
        return 1
}

# The last output is one JSON value of which the jq filter holds.
holds() {
        jq -es "length == 1 and (.[0] | ($1))" "${@:2}" <<<"$out" >/dev/null && return 0
        printf 'does not hold: %s\nof: %s\n' "$1" "$out" >&2
        return 1
}
get() { jq -r "$1" <<<"$out"; }

# complains CODE [WORD]: one sentence on standard error with that code (and that word somewhere), nothing on standard output.
complains() {
        [[ -z $out && $(wc -l <<<"$err") == 1 && $err =~ ^enquiryd?:\ [A-Z].*\.\ \($1\) && $err == *"${2:-}"* ]] && return 0
        printf 'not a sentence with %s: %s\noutput: %s\n' "$1" "$err" "$out" >&2
        return 1
}

# The object that every signed entry prints.
OUTCOME='(.seq | test("^[0-9]+$")) and (.ref | test("^[a-z]+[0-9]*-[0-9]+$"))
        and (.jti | test("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"))
        and (.verdict | IN("accepted", "waiting", "refused", "flagged")) and (.lane | type == "string")
        and (.rules | type == "array") and all(.rules[]; (.id | length > 0) and (.effect | length > 0) and (.advice | length > 0))
        and (.receipt | test("^/.*\\.tlog-proof$"))'
