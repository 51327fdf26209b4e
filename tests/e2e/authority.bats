# Authorities with their clocks: registered, claimed, reviewed, renewed, cancelled; what lies outside is refused, or recorded and
# flagged; and what stands in for one, an authorising officer's determination.
load helper

setup_file() {
        found_ledger main test.example/enquiries ${GATE_PACK:+--policy "$GATE_PACK"}
        start_daemon
        people adm jo jane sam
        as aoi enrol "$(invite_by adm invite --role authorising-officer --unit north --training 3)" --name "Ann Officer" --rank superintendent >/dev/null
        write_files
        open_operation jo OP-ALDER-1 >/dev/null
        jq '. + {"operation":"OP-ALDER-1"}' "$LEDGER/quick.json" >"$LEDGER/look.json"
}
teardown_file() { close_ledger main; }
setup() { use_ledger main; }
teardown() { show_log; }

ago() { date -u -d "$1 ago" +%FT%TZ; }
# register PERSON URN OPTIONS...: a written grant for surveillance of one page, an hour old unless said otherwise.
register() {
        local granted=()
        [[ "${*:3}" == *--granted-at* ]] || granted=(--granted-at "$(ago '1 hour')")
        as "$1" authority register --type DSA --ref "$2" --act ripa --ground crime-or-disorder --ao-id "Ann Officer" --ao-rank superintendent \
                --subject https://x.com/metpoliceuk --engagement passive-view "${granted[@]}" "${@:3}"
}
STATE='(.authority_ref | length > 0) and (.state | IN("live", "expired", "cancelled", "not-begun")) and (.ends_at | test("^20[0-9]{2}-.*Z$"))'

@test "a written grant is registered and shown with its clock" {
        try 0 register jo URN-1 --form written --review-date "$(date -u -d '+20 days' +%F)" --platform x --tactic manual
        holds "$OUTCOME and ($STATE) and .authority_ref == \"URN-1\" and .state == \"live\" and .hours_left > 80 * 24"
        local ref
        ref=$(get .ref)
        for word in URN-1 "$ref" "$(get .seq)"; do
                try 0 as jane authority show "$word"
                holds "($STATE) and .ref == \"$ref\" and .scope.subjects == [\"https://x.com/metpoliceuk\"] and .grounds == [\"crime-or-disorder\"]
                        and .reviews == 0 and .renewals == [] and (.review_overdue | not) and (.next_review | length > 0)"
        done
        try 0 say jo authority show URN-1
        [[ $out == *"in force; ends with "*"(23:59:59), "*" days left"* ]]
        [[ $out == *"granted "*" by Ann Officer, superintendent"* && $out == *"next review"* && $out == *"https://x.com/metpoliceuk"* ]]
        try 0 as sam authority list
        holds '.authorities | length == 1 and .[0].authority_ref == "URN-1"'
        try 0 say sam authority list
        [[ $out == *"URN-1"*"in force"* ]]
        try 65 as jo authority show URN-99
        complains DAT-08
        try 65 register jo URN-1 --form written
        complains DAT-13
}

@test "what is needed is named" {
        try 65 as jo authority register --type DSA --form written
        complains DAT-02 authority_ref
        try 65 register jo URN-2 --form urgent-oral --urgency-reason-applicant "He is about to leave the country"
        complains DAT-02 urgency_reason_ao
        try 65 register jo URN-2 --form urgent-oral --urgency-reason-ao "No time to write"
        complains DAT-02 urgency_reason_applicant
        try 2 as sam authority renew
        complains USE-01
        try 2 as sam authority frobnicate URN-1
        complains USE-01
        try 65 as sam authority review URN-1
        complains DAT-02 review_text
}

@test "an urgent oral grant says at once when its 72 hours end" {
        local granted
        granted=$(date -u -d '-1 hour' +%FT%H:04:00Z)
        try 0 as jo authority register --type DSA --ref URN-ORAL --form urgent-oral --act ripa --ground crime-or-disorder \
                --ao-id "Ann Officer" --ao-rank superintendent --granted-at "$granted" --subject https://x.com/gmpolice \
                --urgency-reason-applicant "He is about to leave" --urgency-reason-ao "No time to write"
        holds "($STATE) and .ends_at == \"$(date -u -d "$granted + 72 hours" +%FT%TZ)\" and .hours_left >= 70 and .hours_left < 72"
        try 0 say jo authority show URN-ORAL
        [[ $out == *"in force; ends $(TZ=Europe/London date -d "$granted + 72 hours" '+%-d %B %Y %H:04'), 2 days left"* ]]
}

@test "what is claimed within window and scope goes ahead; outside it does not" {
        try 0 as jo log https://x.com/metpoliceuk --from "$LEDGER/look.json" --authority URN-1 --authority-type DSA
        holds '.verdict == "accepted" and .lane == "authorised"'
        try 4 as jo log https://x.com/metpoliceuk --from "$LEDGER/look.json" --authority URN-99 --authority-type DSA
        holds 'any(.rules[]; .id == "A01")'
        try 3 as jo log https://x.com/gmpolice --from "$LEDGER/look.json" --authority URN-1 --authority-type DSA
        holds 'any(.rules[]; .id == "A11")'
}

@test "a look after the end is recorded and flagged, with the advice in words" {
        try 0 register jo URN-OLD --form written --granted-at "$(ago '200 days')"
        holds '.state == "expired" and (.hours_left | not)'
        try 4 as jo log https://x.com/metpoliceuk --from "$LEDGER/look.json" --authority URN-OLD --authority-type DSA
        holds 'any(.rules[]; .id == "A03")'
        try 0 say jo log --looked nothing-found https://x.com/metpoliceuk --from "$LEDGER/look.json" --authority URN-OLD --authority-type DSA
        [[ $out == *"is flagged"* && $out == *"Against the rule, A03"* && $out == *"only a review says whether it was an error"* ]]
        try 0 as jo authority show URN-OLD
        holds '.state == "expired"'
        try 0 say jo authority show URN-OLD
        [[ $out == *"no longer in force; ended with "* ]]
}

@test "a renewal before the end moves it; one after the end is refused" {
        local before
        before=$(as sam authority show URN-1 | jq -r .ends_at)
        try 0 as sam authority renew URN-1 --granted-at now --ao-id "Ann Officer" --ao-rank superintendent --reason "He has not been found"
        holds "($STATE) and .state == \"live\" and .ends_at > \"$before\""
        try 0 as sam authority show URN-1
        holds '(.renewals | length == 1)'
        try 4 as sam authority renew URN-OLD --granted-at now --ao-id "Ann Officer" --ao-rank superintendent
        holds '.verdict == "refused" and .state == "expired" and any(.rules[]; .id == "A08")'
        try 0 as sam authority show URN-OLD
        holds '.state == "expired" and .renewals == []'
}

@test "a review counts, and an investigator may not make one" {
        try 0 as sam authority review URN-1 --text "Two of the three accounts turned out to be somebody else's and were left alone since the second week"
        holds "($STATE)"
        try 0 as sam authority show URN-1
        holds '.reviews == 1'
        try 77 as jo authority cancel URN-1 --reason "Found"
        complains MEM-03
}

@test "a cancellation ends it at once" {
        try 0 as sam authority cancel URN-1 --reason "He was arrested"
        holds '.state == "cancelled"'
        try 0 say sam authority show URN-1
        [[ $out == *"cancelled "* && $out != *"in force;"* ]]
        try 4 as jo log https://x.com/metpoliceuk --from "$LEDGER/look.json" --authority URN-1 --authority-type DSA
        holds 'any(.rules[]; .id == "A10")'
        # The reference is free again.
        try 0 register jo URN-1 --form written
        try 0 as jo authority show URN-1
        holds '.state == "live"'
}

@test "what waits for an authority is not approved away: it is determined" {
        for person in jo jane jo; do
                as "$person" log --looked nothing-found https://x.com/ukhomeoffice --from "$LEDGER/look.json" --operation "OP-$RANDOM$RANDOM" >/dev/null
        done
        try 3 as jo log https://x.com/ukhomeoffice --from "$LEDGER/look.json"
        holds 'any(.rules[]; .effect == "authorise")'
        local ref
        ref=$(get .ref)
        try 0 say sam queue
        [[ $out == *"$ref"* && $out == *"D08: "* && $out == *" views of this person, by 2 officers"* ]]
        try 65 as sam decide "$ref" approve --reason "It is fine"
        complains POL-04 "authority determine $ref"
        [[ $err == *"authority register"* ]]
        try 77 as sam authority determine "$ref" --determination "No private information is sought"
        complains MEM-03
        try 65 as aoi authority determine "$ref"
        complains DAT-02 determination
        try 0 as aoi authority determine "$ref" --determination "A ministry's own page: no private information about anybody is likely to be obtained"
        holds "$OUTCOME and .target == \"$ref\""
        try 0 as jo show "$ref"
        holds '.decided == "approved"'
        try 0 as jo done "$ref" nothing-found
        holds '.verdict == "accepted"'
        # About a subject: later looks need nothing more.
        try 0 as aoi authority determine --subject https://x.com/ukhomeoffice --determination "A ministry's own page, for as long as the operation runs"
        try 0 as jane log https://x.com/ukhomeoffice --from "$LEDGER/look.json"
        holds '.verdict == "accepted"'
        try 2 as aoi authority determine --determination "About nothing"
        complains USE-01
}

@test "without the daemon a registration waits in the outbox" {
        stop_daemon
        try 75 register jo URN-7 --form written
        holds '.queued'
        try 69 as jo authority show URN-7
        complains NET-08
        start_daemon
        as jo send >/dev/null
        try 0 as jo authority show URN-7
        holds '.state == "live"'
}
