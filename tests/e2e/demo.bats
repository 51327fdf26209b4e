# The demo tells a newcomer the whole story, in under a minute, and leaves nothing behind unless it is asked to.
load helper

setup() {
        export TMPDIR=$BATS_TEST_TMPDIR ENQUIRY_BIN=$BIN
        unset ENQUIRY_TEST_KDF
}

# The programs that still run with this test's folder in their environment.
left() {
        local p
        for p in /proc/[0-9]*; do
                [[ $(readlink "$p/exe") == "$BIN"/* ]] || continue
                if { tr '\0' '\n' <"$p/environ"; } 2>/dev/null | grep -qx "TMPDIR=$BATS_TEST_TMPDIR"; then basename "$p"; fi
        done
}
nothing_left() { [[ -z $(left) ]]; }

@test "the whole story, and nothing is left of it" {
        local began=$SECONDS words
        try 0 "$ROOT/tests/e2e/demo.sh" 3>&-
        ((SECONDS - began < 60))
        for words in "accepted: quick lane" "is waiting: standard lane" "(approve dh-2) is accepted" "is refused: quick lane" \
                "Source: Inspection of Chesterfield" "The look jb-8" "The amendment jb-10 (of jb-2)" "The receipt is valid: entry 12" \
                "Sound: " "FAULT, entry 31, VER-04" "./dev demo --keep"; do
                [[ $out == *"$words"* ]] || { echo "not said: $words" >&2; false; }
        done
        [[ -z $(find "$BATS_TEST_TMPDIR" -name 'enquiry-demo.*') ]]
        wait_for nothing_left
}

@test "--keep leaves the daemon running, and says how to stop it" {
        "$ROOT/tests/e2e/demo.sh" --keep >"$BATS_TEST_TMPDIR/said" 3>&-
        local dir daemon
        dir=$(find "$BATS_TEST_TMPDIR" -maxdepth 1 -name 'enquiry-demo.*')
        daemon=$(sed -n 's/^ *kill \([0-9]*\); rm -rf .*/\1/p' "$BATS_TEST_TMPDIR/said")
        # Daemon, keeper, five agents; only root may read the environment of processes that hold keys.
        [[ $(id -u) != 0 || $(left | wc -l) == 7 ]]
        grep -qF "cd $dir" "$BATS_TEST_TMPDIR/said"
        (cd "$dir" && "$BIN/enquiry" --home sam queue </dev/null)
        # What it says about stopping works as it stands there.
        sed -n '/^To stop it/,$p' "$BATS_TEST_TMPDIR/said" | sed 1d >"$BATS_TEST_TMPDIR/stop"
        (PATH=$BIN:$PATH && source "$BATS_TEST_TMPDIR/stop")
        wait_for gone "$daemon"
        [[ ! -e $dir ]]
        wait_for nothing_left
}
