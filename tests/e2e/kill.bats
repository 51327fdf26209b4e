# Killed at random under load and started again: nothing acknowledged is missing. `./dev crash ROUNDS` is the longer version.
load helper

@test "five kills under the load of four clients" {
        ENQUIRY_BIN=$BIN "$ROOT/tests/crash/kill.sh" 5 ${SEED:+"$SEED"}
}
