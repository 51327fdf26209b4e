# One bit of a copy is changed, at many places: each is found, and the entry that is named is the one that was changed.
# SEED=N repeats a run; FLIPS=N makes it longer.
load helper

setup_file() {
        export SEED=${SEED:-$((RANDOM * 32768 + RANDOM))} FLIPS=${FLIPS:-24}
        echo "# tamper.bats: SEED=$SEED FLIPS=$FLIPS" >&3
        found_ledger main
        start_daemon
        people adm jo sam una
        write_files
        open_operation jo OP-ALDER-1 >/dev/null
        # Roots of whole tiles are kept from 256 entries on.
        # shellcheck disable=SC2046
        as jo log $(seq -f 'https://x.com/account_%g' 1 250) --from "$LEDGER/quick.json" >/dev/null
        as jo log --from "$LEDGER/child.json" >/dev/null || [[ $? == 3 ]]
        as sam decide "$(as sam queue | jq -r '.entries[0].ref')" approve --reason "Safeguarding checked" >/dev/null
        as una export --spine "$LEDGER/spine.db" >/dev/null
        stop_daemon
}
teardown_file() { close_ledger main; }
setup() {
        use_ledger main
        SPINE=$LEDGER/spine.db
        COPY=$BATS_TEST_TMPDIR/copy.db
        RANDOM=$((SEED + BATS_TEST_NUMBER))
}
teardown() { show_log; }

# By standard input: a whole pack is longer than an argument may be.
query() { sqlite3 "$1" <<<"$2"; }
below() { echo $(((RANDOM * 32768 + RANDOM) % $1)); }
check() { "$BIN/enquiry" --home /nonexistent --json verify "$COPY" --vkey "$(of_init vkey)" "$@"; }

# flip TABLE COLUMN WHERE: one random bit of that value, in a fresh copy. Says which in $flipped.
flip() {
        local hex at bit byte
        cp "$SPINE" "$COPY"
        hex=$(query "$COPY" "SELECT hex($2) FROM $1 WHERE $3")
        at=$(below $((${#hex} / 2)))
        bit=$(below 8)
        byte=$(printf %02X $((16#${hex:2*at:2} ^ (1 << bit))))
        flipped="$1.$2 where $3, byte $at, bit $bit"
        query "$COPY" "UPDATE $1 SET $2 = x'${hex:0:2*at}$byte${hex:2*at+2}' WHERE $3"
        [[ $(query "$COPY" "SELECT hex($2) FROM $1 WHERE $3") != "$hex" ]]
}

# found FILTER: the verifier found it, and what the filter says holds of its faults.
found() {
        try 1 check || { echo "flipped: $flipped" >&2; return 1; }
        holds ".ok == false and (.faults | length > 0) and ($1)" || { echo "flipped: $flipped" >&2; return 1; }
}

@test "the copy itself is sound" {
        cp "$SPINE" "$COPY"
        try 0 check
        holds '.ok and .faults == [] and (.size | tonumber > 256)'
        [[ $(query "$COPY" "SELECT count(*) FROM tile_root") -ge 1 ]]
}

@test "with the file key every verdict is judged again" {
        cp "$DATA"/ledger.db* "$BATS_TEST_TMPDIR"
        COPY=$BATS_TEST_TMPDIR/ledger.db
        try 0 check --key-file "$DATA/wrap.key"
        holds '.ok and .faults == [] and .verdicts.judged == (.size | tonumber) - 1 and .verdicts.partly == 0
                and .verdicts.untold == 0 and all(.cannot_tell[]; .code != "VER-23")'
        try 0 "$BIN/enquiry" --home /nonexistent verify "$COPY" --vkey "$(of_init vkey)" --key-file "$DATA/wrap.key"
        [[ $(tail -n 1 <<<"$out") =~ ^verdicts:\ [0-9,]+\ judged\ again,\ all\ follow\.$ ]]
        try 0 "$BIN/enquiryd" check --data "$DATA" --quick
        never grep -q '^verdicts' <<<"$out"
        # The spine has nothing that the key could open, and says so.
        COPY=$SPINE
        try 0 check --key-file "$DATA/wrap.key"
        holds 'any(.cannot_tell[]; .code == "VER-29")'
        try 65 check --key-file "$BATS_TEST_TMPDIR/none"
}

@test "a bit of an entry" {
        local n size seq
        size=$(query "$SPINE" "SELECT count(*) FROM entry")
        for ((n = 0; n < FLIPS; n++)); do
                # The first, the last and the ones at the border of a tile, then any.
                case $n in 0) seq=0 ;; 1) seq=$((size - 1)) ;; 2) seq=255 ;; 3) seq=256 ;; *) seq=$(below "$size") ;; esac
                flip entry leaf "seq = $seq"
                found "any(.faults[]; .seq == \"$seq\" and .check == \"hash\") and all(.faults[]; .seq == \"$seq\")"
        done
}

@test "a bit of the hash beside an entry" {
        local n size seq
        size=$(query "$SPINE" "SELECT count(*) FROM entry")
        for ((n = 0; n < FLIPS; n++)); do
                case $n in 0) seq=0 ;; 1) seq=$((size - 1)) ;; *) seq=$(below "$size") ;; esac
                flip entry hash "seq = $seq"
                found "any(.faults[]; .seq == \"$seq\" and .check == \"hash\") and all(.faults[]; .seq == \"$seq\")"
        done
}

@test "a bit of a checkpoint" {
        local n size sizes
        mapfile -t sizes < <(query "$SPINE" "SELECT size FROM checkpoint ORDER BY size")
        for ((n = 0; n < FLIPS; n++)); do
                case $n in 0) size=${sizes[0]} ;; 1) size=${sizes[-1]} ;; *) size=${sizes[$(below ${#sizes[@]})]} ;; esac
                flip checkpoint note "size = $size"
                # A checkpoint is named by the last entry it covers.
                found "all(.faults[]; (.check | IN(\"checkpoint\", \"log-signature\", \"coverage\")) and .seq == \"$((size - 1))\")"
        done
}

@test "a bit of a tile's root" {
        local n level idx rows
        rows=$(query "$SPINE" "SELECT count(*) FROM tile_root")
        for ((n = 0; n < FLIPS / 2; n++)); do
                IFS='|' read -r level idx < <(query "$SPINE" "SELECT level, idx FROM tile_root ORDER BY level, idx LIMIT 1 OFFSET $(below "$rows")")
                flip tile_root hash "level = $level AND idx = $idx"
                found "all(.faults[]; .check == \"tree\" and .seq == \"$((idx * 256 ** level))\")"
        done
}

@test "a bit of a text kept by its hash" {
        flip annex bytes "1"
        found 'all(.faults[]; .check == "annex")'
}

@test "an entry taken out, put in, moved; the end cut off" {
        local seq=$((10 + $(below 200))) last
        flipped="entry $seq"
        cp "$SPINE" "$COPY"
        query "$COPY" "DELETE FROM entry WHERE seq = $seq"
        found "any(.faults[]; .seq == \"$seq\" and .check == \"missing\")"
        cp "$SPINE" "$COPY"
        query "$COPY" "UPDATE entry SET seq = -1 WHERE seq = $seq; UPDATE entry SET seq = $seq WHERE seq = $seq + 1; UPDATE entry SET seq = $seq + 1 WHERE seq = -1"
        found "any(.faults[]; .seq == \"$seq\" and .check == \"leaf\") and any(.faults[]; .seq == \"$((seq + 1))\" and .check == \"leaf\")"
        cp "$SPINE" "$COPY"
        last=$(query "$COPY" "SELECT max(seq) FROM entry")
        query "$COPY" "INSERT INTO entry SELECT $last + 1, leaf, hash FROM entry WHERE seq = $seq"
        found "any(.faults[]; .seq == \"$((last + 1))\")"
        # A checkpoint that covers more convicts a shortened ledger.
        cp "$SPINE" "$COPY"
        query "$COPY" "DELETE FROM entry WHERE seq > $seq"
        found "any(.faults[]; .seq == \"$((seq + 1))\" and .check == \"missing\")"
}

@test "a bit of a receipt" {
        local receipt hex at byte n
        receipt=$(find "$LEDGER/jo/receipts" -name 'jb-*.tlog-proof' | sort | head -n 1)
        hex=$(od -An -v -tx1 "$receipt" | tr -d ' \n')
        for ((n = 0; n < FLIPS; n++)); do
                at=$(below $((${#hex} / 2)))
                byte=$(printf %02x $((16#${hex:2*at:2} ^ (1 << $(below 8)))))
                flipped="byte $at to $byte"
                # shellcheck disable=SC2059
                printf "$(sed 's/../\\x&/g' <<<"${hex:0:2*at}$byte${hex:2*at+2}")" >"$BATS_TEST_TMPDIR/bent.tlog-proof"
                try 1 "$BIN/enquiry" --home /nonexistent --json verify --receipt "$BATS_TEST_TMPDIR/bent.tlog-proof" --vkey "$(of_init vkey)" ||
                        { echo "flipped: $flipped" >&2; false; }
                holds '.ok == false and (.faults | length == 1)'
        done
}
