#!/usr/bin/env bash
# Figures, each the median of several runs, with their spread and where there is one a bound measured in the same run.
# Nothing here fails because it was slow; it fails when an answer was wrong.
#   run.sh [--quick] [--json FILE] [--markdown FILE] [--seed N] [--no-peer] [--keep]
# ENQUIRY_BUILD: the build folder (default build/release).
set -euo pipefail
cd "$(dirname "$0")/../.."

BUILD=${ENQUIRY_BUILD:-build/release}
JSON=build/bench.json MARKDOWN=build/bench.md SEED=$(date +%s) QUICK='' PEER=1 KEEP=''
while [[ $# -gt 0 ]]; do
        case $1 in
        --quick) QUICK=1 ;;
        --json) JSON=$2; shift ;;
        --markdown) MARKDOWN=$2; shift ;;
        --seed) SEED=$2; shift ;;
        --no-peer) PEER= ;;
        --keep) KEEP=1 ;;
        *) sed -n 's/^#   //p' "$0" >&2; exit 2 ;;
        esac
        shift
done
mkdir -p "$(dirname "$JSON")" "$(dirname "$MARKDOWN")"

MEMBERS=64 CONNECTIONS=1,16,64
if [[ $QUICK ]]; then
        ROUNDS=3 REQUESTS=400,3000,6000 COMMIT_ENTRIES=3000 GATE_ASKS=20000
else
        ROUNDS=5 REQUESTS=2000,16000,32000 COMMIT_ENTRIES=20000 GATE_ASKS=200000
fi

export ENQUIRY_TEST_KDF=fast # a passphrase's cost is chosen, not measured
W=$(mktemp -d "${TMPDIR:-/tmp}/enquiry-bench.XXXXXX")
DAEMON='' HOLDER=''
clean_up() {
        [[ -n $HOLDER ]] && kill "$HOLDER" 2>/dev/null
        [[ -n $DAEMON ]] && kill "$DAEMON" 2>/dev/null && wait "$DAEMON" 2>/dev/null
        [[ -x $W/peer.stop ]] && "$W/peer.stop"
        if [[ -n $KEEP ]]; then echo "kept: $W"; else rm -rf "$W"; fi
}
trap clean_up EXIT

say() { printf '%s\n' "$*" >&2; }
die() { say "bench: $*"; exit 1; }
# sample NAME VALUE UNIT [BOUND]: one measurement
sample() { printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "${4:-}" >>"$W/samples"; }
seconds() { local from=$EPOCHREALTIME; "$@"; LC_ALL=C awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.6f", b - a }' >"$W/took"; }
divide() { LC_ALL=C awk -v a="$1" -v b="$2" 'BEGIN { printf "%.6g", a / b }'; }
field() { jq -r ".$2" <<<"$1"; }

enquiry() { local home=$1; shift; "$BUILD/bin/enquiry" --home "$home" --json --passphrase-file "$W/pass" "$@"; }

# Waits for the line that the daemon prints when it answers.
daemon_start() {
        local line
        rm -f "$W/ready"; mkfifo "$W/ready"
        "$BUILD/bin/enquiryd" run --data "$1" >"$W/ready" 2>>"$W/enquiryd.log" &
        DAEMON=$!
        read -r line <"$W/ready" || die "the daemon did not start: $(tail -n 1 "$W/enquiryd.log")"
        [[ $line == ready* ]] || die "the daemon said: $line"
        KEEPER=$(cut -d" " -f1 "/proc/$DAEMON/task/$DAEMON/children")
}
daemon_stop() { kill "$DAEMON"; wait "$DAEMON" || die "the daemon ended with $?: $(tail -n 1 "$W/enquiryd.log")"; DAEMON=; }
# Resident memory of the daemon and its keeper, MiB
resident() { awk '/^VmRSS:/ { n += $2 } END { printf "%.1f", n / 1024 }' "/proc/$DAEMON/status" "/proc/$KEEPER/status"; }

machine() {
        jq -n --arg cpu "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" --argjson cores "$(nproc)" \
                --arg kernel "$(uname -r)" --arg system "$(. /etc/os-release; echo "$PRETTY_NAME")" \
                --argjson memory_mib "$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)" \
                --arg filesystem "$(df --output=fstype "$W" | tail -n 1)" --arg commit "$(git describe --always --dirty 2>/dev/null || echo unknown)" \
                --argjson load_before "$(cut -d' ' -f1 /proc/loadavg)" --arg seed "$SEED" --arg quick "${QUICK:-0}" \
                '{cpu: $cpu, cores: $cores, memory_mib: $memory_mib, kernel: $kernel, system: $system, filesystem: $filesystem,
                  commit: $commit, load_before: $load_before, seed: $seed, quick: ($quick == "1")}'
}

enrol_everybody() {
        say "enrolling an administrator and $MEMBERS investigators"
        echo bench-passphrase >"$W/pass"
        "$BUILD/bin/enquiryd" init --data "$W/d" --origin bench.example/log >"$W/init.json"
        daemon_start "$W/d"
        enquiry "$W/admin" enrol "$(jq -r .invite "$W/init.json")" --name "Ada Admin" >/dev/null
        mkdir "$W/people"
        for ((i = 0; i < MEMBERS; i++)); do
                enquiry "$W/people/$i" enrol "$(enquiry "$W/admin" invite --role investigator --unit "unit-$((i % 8))" \
                        --training 2 | jq -r .invite)" --name "Officer Number$i" --alias "o$i" >/dev/null
        done
        enquiry "$W/people/0" operation open OP-BENCH-1 --aim disorder-or-crime --basis "common-law policing" \
                --justification "Needed to trace a wanted man; public page, once" >/dev/null
        daemon_stop
}

load() { "$BUILD/bench/bench_load" "$@" --people "$W/people" --passphrase-file "$W/pass" --operation OP-BENCH-1 --seed "$SEED" 2>>"$W/load.log" ||
        die "bench_load: $(tail -n 1 "$W/load.log")"; }

memory_idle() {
        local line
        sample memory_idle "$(resident)" MiB 64
        say "holding 1,000 idle connections"
        mkfifo "$W/let-go" "$W/holding"
        load hold --count 1000 <"$W/let-go" >"$W/holding" &
        HOLDER=$!
        exec 7>"$W/let-go"
        read -r line <"$W/holding" || die "nobody holds: $(tail -n 1 "$W/load.log")"
        [[ $line == "holding 1000" ]] || die "bench_load said: $line"
        sample memory_1000_idle_connections "$(resident)" MiB 64
        exec 7>&-
        wait "$HOLDER" || die "the idle connections were not held: $(tail -n 1 "$W/load.log")"
        HOLDER=
}

over_tls() {
        say "durable enquiries over mutual TLS: $CONNECTIONS connections, $REQUESTS requests, $ROUNDS rounds"
        local line n loader
        mkfifo "$W/go-on" "$W/told"
        load drive --connections "$CONNECTIONS" --requests "$REQUESTS" --rounds "$ROUNDS" --daemon "$DAEMON,$KEEPER" --paced \
                <"$W/go-on" >"$W/told" &
        loader=$!
        exec 8>"$W/go-on" 9<"$W/told"
        while read -r line <&9; do
                echo "$line" >>"$W/drive"
                n=$(field "$line" connections)
                sample "enquiries_${n}_clients" "$(field "$line" rate)" 1/s
                sample "latency_p50_${n}_clients" "$(field "$line" p50_us)" us
                sample "latency_p99_${n}_clients" "$(field "$line" p99_us)" us
                sample "daemon_cpu_${n}_clients" "$(field "$line" daemon_cpu_us)" us/entry
                sample "asking_side_cpu_${n}_clients" "$(field "$line" loader_cpu_us)" us/entry
                peer_round "$n" "$(field "$line" rate)"
                echo >&8
        done
        exec 8>&- 9<&-
        wait "$loader" || die "not every enquiry was accepted"
        sample submission_bytes "$(jq -s 'map(.bytes) | add / length | round' "$W/drive")" bytes
        sample memory_after_load "$(resident)" MiB 64
}

verification() {
        local size expected line i
        say "verification"
        expected=$(jq -s "map(.accepted) | add" "$W/drive")
        for ((i = 0; i < ROUNDS; i++)); do
                line=$("$BUILD/bench/bench_bounds" verify "$W/d/ledger.db")
                sample ed25519_checks_one_core "$(field "$line" one)" 1/s
                sample ed25519_checks_all_cores "$(field "$line" all)" 1/s
                local bound; bound=$(field "$line" all)
                seconds "$BUILD/bin/enquiry" --json verify "$W/d/ledger.db" >"$W/verdict" || die "verify: $(head -c 600 "$W/verdict")"
                size=$(jq -r .size "$W/verdict")
                jq -e '.ok and (.faults | length) == 0' "$W/verdict" >/dev/null || die "the ledger does not verify: $(head -c 600 "$W/verdict")"
                ((size >= expected)) || die "$expected enquiries were acknowledged, the ledger has $size entries"
                sample verify_entries "$(divide "$size" "$(cat "$W/took")")" 1/s "$bound"
        done
        sample file_bytes_an_entry "$(divide "$(cat "$W"/d/ledger.db* | wc -c)" "$size")" bytes 6144
}

commit_path() {
        local line i bound batch
        say "the commit path alone"
        for ((i = 0; i < ROUNDS; i++)); do
                bound=$(field "$("$BUILD/bench/bench_bounds" verify "$W/d/ledger.db")" one)
                for batch in 64 256; do
                        rm -rf "$W/c"; cp -r "$W/fresh" "$W/c"
                        line=$("$BUILD/bench/bench_commit" "$W/c" "$W/submissions" "$batch") || die "bench_commit failed"
                        sample "commit_path_batch_$batch" "$(field "$line" rate)" 1/s "$bound"
                        [[ $batch == 64 ]] || continue
                        sample commit_path_admit "$(field "$line" admit_us)" us/entry
                        sample commit_path_sync "$(field "$line" commit_us)" us/entry
                        sample commit_path_keeper "$(field "$line" keeper_us)" us/entry
                        sample worker_decode_and_check "$(field "$line" decode_us)" us/entry
                        sample worker_signature "$(field "$line" signature_us)" us/entry
                done
        done
}

gate() {
        local line i
        say "the gate alone"
        for ((i = 0; i < ROUNDS; i++)); do
                line=$("$BUILD/bench/bench_gate" - "$GATE_ASKS") || die "bench_gate failed"
                sample gate_60_rules "$(field "$line" median_us)" us 15
                sample gate_60_rules_p99 "$(field "$line" p99_us)" us
                line=$("$BUILD/bench/bench_gate" policy/uk-police.yaml "$GATE_ASKS") || die "bench_gate failed on the shipped pack"
                sample gate_uk_police "$(field "$line" median_us)" us
                sample gate_uk_police_p99 "$(field "$line" p99_us)" us
        done
}

views() {
        say "counting looks, a million rows in the index"
        local line i
        for ((i = 0; i < (QUICK ? 1 : 3); i++)); do
                line=$("$BUILD/bench/bench_views" "$W") || die "bench_views failed"
                sample views_100_looks "$(field "$line" hundred_looks_us)" us
                sample views_100_looks_p99 "$(field "$line" hundred_looks_p99_us)" us
                sample views_few_looks "$(field "$line" one_of_many_us)" us
        done
}

syncs() {
        local line i
        for ((i = 0; i < ROUNDS; i++)); do
                line=$("$BUILD/bench/bench_bounds" sync "$W")
                sample disk_syncs "$(field "$line" rate)" 1/s
        done
}

# Median, smallest and largest of each figure, in the order of their first sample.
figures() {
        jq -R -n '[inputs | split("\t") | {name: .[0], value: (.[1] | tonumber), unit: .[2],
                                           bound: (if .[3] == "" then null else (.[3] | tonumber) end)}]
                  | def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
                  reduce .[] as $s ({order: [], of: {}};
                        (if .of[$s.name] then . else .order += [$s.name] end) | .of[$s.name] += [$s])
                  | . as $all | reduce .order[] as $n ({}; .[$n] = ($all.of[$n] | {
                        value: (map(.value) | median), unit: .[0].unit,
                        bound: (map(.bound) | if .[0] == null then null else median end),
                        spread: [(map(.value) | min), (map(.value) | max)], runs: length}))' <"$W/samples"
}

markdown() {
        jq -r 'def short: if . == null then "" elif fabs >= 100 then (round | tostring) else (. * 100 | round / 100 | tostring) end;
               "Machine: \(.machine.cpu), \(.machine.cores) cores, \(.machine.memory_mib) MiB, \(.machine.system), \(.machine.filesystem); commit \(.machine.commit), seed \(.machine.seed).\n",
               "| figure | median | smallest - largest | unit | bound | share |", "| --- | ---: | ---: | --- | ---: | ---: |",
               (.figures | to_entries[] | "| \(.key) | \(.value.value | short) | \(.value.spread[0] | short) - \(.value.spread[1] | short) | \(.value.unit) | \(.value.bound | short) | \(if .value.bound then (100 * .value.value / .value.bound | round | tostring) + " %" else "" end) |")' "$1"
}

# shellcheck source=tests/bench/peer.sh
. tests/bench/peer.sh
machine >"$W/machine.json"
enrol_everybody
cp -r "$W/d" "$W/fresh"
syncs
load sign --count "$COMMIT_ENTRIES" --members "$MEMBERS" --out "$W/submissions"
daemon_start "$W/d"
memory_idle
peer_begin
over_tls
daemon_stop
peer_end
verification
commit_path
gate
views
figures >"$W/figures.json"
jq -n --slurpfile m "$W/machine.json" --slurpfile f "$W/figures.json" '{machine: $m[0], figures: $f[0]}' >"$JSON"
markdown "$JSON" >"$MARKDOWN"
awk -F' *[|] *' '/^[|]/ && !/---/ { printf "%-34s %10s   %-22s %-9s %8s %7s\n", $2, $3, $4, $5, $6, $7 }' "$MARKDOWN"
say "written: $JSON, $MARKDOWN"
