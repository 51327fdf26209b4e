# `enquiry policy` on files: no daemon, no home folder.
load helper

setup() {
        export HOME=$BATS_TEST_TMPDIR/nowhere
        unset ENQUIRY_HOME XDG_DATA_HOME
        cd "$BATS_TEST_TMPDIR"
        cp "$ROOT/tests/client/explain_pack.yaml" pack.yaml
        write_look
}
teardown() { [[ ! -e $HOME ]]; }

write_look() {
        cat >look.json <<'END'
{"url":"https://www.facebook.com/westmidlandspolice","purpose_code":"trace-suspect","operation":"OP-ALDER-1",
 "objective":"Which town does the account holder say he lives in","subject_category":"suspect",
 "private_info_likely":"yes","f3":"no","f5":"no"}
END
}
policy() { "$BIN/enquiry" policy "$@"; }
# explain OPTIONS...: the look under the pack, at a fixed time.
explain() { policy explain --pack pack.yaml --from look.json --now 2026-11-23T10:00:00Z --json "$@"; }
sha256_b64u() { openssl dgst -sha256 -binary "$1" | base64 | tr '+/' '-_' | tr -d '=\n'; }
# overlay FILE: over pack.yaml, with one number changed.
overlay() {
        cat >"$1" <<END
name: ours
version: "1"
title: Our numbers
over: $(sha256_b64u pack.yaml)
apd_ref: APD-7
parameters:
  - name: views_most
    value: 2
    title: Views that are one too many
END
}

@test "check: what is in it, or the one sentence that says why not" {
        try 0 policy check pack.yaml
        [[ $out == *"explain 1 loads"* && $out == *"AIM "*"No aim"* && $out == *"views_most = 3"* ]]
        [[ $out == *"ranks_urgent = inspector, superintendent"* && $out == *"16 rules, 3 parameters." ]]
        try 0 policy check pack.yaml --json
        holds '(.rules | length) == 16 and .rules[0] == "AIM" and .parameters.views_most == 3 and (.hash | length) == 43'
        holds '.parameters.ranks_written == ["superintendent"]'
        sed 's/enquiry.art8_aim IS NULL/enquiry.aim IS NULL/' pack.yaml >bad.yaml
        try 65 policy check bad.yaml
        complains POL-02 "rule AIM"
        [[ $err == *"line "[0-9]* ]]
        sed 's/effect: refuse/effect: forbid/' pack.yaml >bad.yaml
        try 65 policy check bad.yaml --json
        complains POL-01 "rule AIM"
        try 65 policy check nowhere.yaml
        complains SYS-07 nowhere.yaml
        try 2 policy check
        complains USE-01
}

@test "test: every case, a line a failure, exit 1 when there is one" {
        try 0 policy test pack.yaml
        [[ $out == "16 rules, 64 cases, 0 failed." ]]
        try 0 policy test pack.yaml --json
        holds '. == {"rules":16,"cases":64,"failed":[]}'
        sed 's/value: 3/value: 4/' pack.yaml >other.yaml
        try 1 policy test other.yaml --json
        holds '.cases == 64 and (.failed | length) == 1 and (.failed[0] | test("rule MANY, case 13: it did not fire"))'
        try 1 policy test other.yaml
        [[ $(wc -l <<<"$out") == 2 && $out == *"rule MANY, case "*"1 failed." ]]
        for pack in "$ROOT"/policy/*.yaml; do
                try 0 policy test "$pack" --json
                holds '.failed == [] and .rules > 0'
        done
}

@test "show: each rule in words, one rule, an overlay's changes" {
        try 0 policy show pack.yaml
        [[ $out == *"KID  A child"*"Needs approval. Guidance: A book"*"Advice: Wait."* ]]
        [[ $out == *"Local rule, not law: A number of our own"*"parameter.views_most = 3"*"term.uncovered"* ]]
        try 0 policy show pack.yaml PIC --json
        holds '.rules | length == 1 and .[0].effect == "authorise" and (.[0].kinds | length == 2) and (.[0].when | test("term.uncovered"))'
        try 65 policy show pack.yaml NONE
        complains SYS-07 NONE
        overlay over.yaml
        try 0 policy show over.yaml
        [[ $out == *"Lies over explain 1"*"APD-7"*"parameter.views_most = 2 (in the pack beneath: 3)"* ]]
        try 0 policy show over.yaml --json
        holds '.over.name == "explain" and .changes == [{"name":"views_most","old":3,"new":2}] and .apd_ref == "APD-7"'
        mkdir apart && mv over.yaml apart
        try 65 policy show apart/over.yaml
        complains POL-01
}

@test "the pack beneath an overlay is found in the share folder beside the program" {
        mkdir -p prefix/bin prefix/share/enquiry/policy
        cp "$BIN/enquiry" prefix/bin
        overlay ours.yaml
        mv pack.yaml prefix/share/enquiry/policy
        try 65 policy check ours.yaml
        try 0 prefix/bin/enquiry policy check ours.yaml --json
        holds '.name == "ours" and .parameters.views_most == 2 and (.rules | length) == 16'
}

@test "diff: what came, went and changed" {
        try 0 policy diff pack.yaml pack.yaml --json
        holds '[.rules, .parameters, .terms, .lanes] | all(.added == [] and .removed == [] and .changed == [])'
        sed "s/title: A child/title: Somebody young/; s/value: 3/value: 4/; s/enquiry.f3 = 'yes'\$/enquiry.f3 <> 'no'/" pack.yaml |
                sed 's/id: APD/id: DOC/; s/rule: APD/rule: DOC/; s/when: coalesce(authority.live, 0) = 0 AND/when: authority.live = 0 AND/' >new.yaml
        try 0 policy diff pack.yaml new.yaml --json
        holds '.rules.added == ["DOC"] and .rules.removed == ["APD"]'
        holds '.rules.changed == [{"name":"KID","keys":{"title":{"old":"A child","new":"Somebody young"}}}]'
        holds '.parameters.changed[0].keys.value == {"old":3,"new":4} and .terms.changed[0].name == "uncovered"'
        holds '.lanes.changed[0].name == "standard" and .cases == {"old":64,"new":64}'
        try 0 policy diff pack.yaml new.yaml
        [[ $out == *"New rule DOC: No policy document"*"Gone: rule APD"*"Changed rule KID"*"was: A child"*"6 differences"* ]]
        overlay over.yaml
        try 0 policy diff pack.yaml over.yaml --json
        holds '.rules.changed == [] and (.parameters.changed | length) == 1'
}

@test "explain: verdict, lane, and each rule that was asked" {
        try 0 explain
        holds '.verdict == "accepted" and .lane == "quick" and all(.rules[]; .said == false) and .ignored == []'
        holds '[.rules[].id] | index("AIM") != null and index("OWN") == null'
        holds '.rules[] | select(.id == "MANY") | .facts == {"views.window":1,"parameter.views_most":3} and .because == "A number of our own"'
        echo '{"name":"Jo","alias":"jb","role":"investigator","training":2}' >member.json
        echo '{"operation":"OP-ALDER-1","crime_ref":"C/1"}' >operation.json
        echo '[{"at":"2026-11-20T10:00:00Z","author":"jb","url":"m.facebook.com/westmidlandspolice"},
               {"at":"2026-11-21T10:00:00Z","author":"sam","url":"https://www.facebook.com/westmidlandspolice"}]' >history.json
        echo '[{"ref":"DSA-1","type":"DSA","rank":"Superintendent","granted_at":"2026-11-01T10:00:00Z"}]' >authorities.json
        echo '[{"ref":"P-1","assigned_to":["jb"]}]' >personas.json
        jq '. + {"f3":true,"authority_ref":"DSA-1","persona_ref":"P-1","colour":"red"}' look.json >asked.json
        try 0 policy explain --pack pack.yaml --from asked.json --kind enquiry.intent --now 2026-11-23T10:00:00Z --json --member member.json \
                --operation operation.json --history history.json --authorities authorities.json --personas personas.json
        holds '.verdict == "accepted" and .lane == "standard" and ([.rules[] | select(.said)] | map(.id)) == ["MANY"]'
        holds '.facts["views.officers"] == 2 and .facts["authority.state"] == "live" and .facts["persona.state"] == "live"'
        holds '.facts["enquiry.crime_ref"] == "C/1" and .ignored == ["enquiry.colour"]'
        try 0 explain --rule KID
        holds '.rules | length == 1'
}

@test "explain in words: the verdict first, then who spoke, then who did not" {
        jq '. + {"subject_age_band":"10-13","colour":"red"}' look.json >child.json
        try 0 policy explain --pack pack.yaml --from child.json --now 2026-11-23T10:00:00Z
        [[ ${out%%$'\n'*} == "Waiting: standard lane." ]]
        [[ $out == *"Needs approval, KID: A child."*"enquiry.subject_age_band = 10-13"*"Guidance: A book"*"Advice: Wait."* ]]
        [[ ${out##*$'\n'} == "Asked, and said nothing: AIM, PIC, MANY, "*"ERR2." ]]
        [[ $err == "enquiry: nothing reads enquiry.colour." ]]
        try 0 policy explain --pack pack.yaml --from child.json --rule AIM
        [[ $out == *"Said nothing, AIM: No aim."*"enquiry.art8_aim = disorder-or-crime"* ]]
        try 0 policy explain --pack pack.yaml --from - <child.json
        [[ ${out%%$'\n'*} == "Waiting: standard lane." ]]
}

@test "the file may say its kind and its time; the options win" {
        jq '. + {"kind":"activity","at":"2026-10-01T10:00:00Z","ended_at":"2026-10-01T09:00:00Z"}' look.json >done.json
        try 0 policy explain --pack pack.yaml --from done.json --json
        holds '.kind == "enquiry.activity" and .facts["entry.late_s"] == 3600 and .facts["enquiry.at"] == "2026-10-01T10:00:00.000000Z"'
        try 0 policy explain --pack pack.yaml --from done.json --json --kind intent --now 2026-11-01T10:00:00Z
        holds '.kind == "enquiry.intent" and .facts["enquiry.at"] == "2026-11-01T10:00:00.000000Z" and .ignored == ["enquiry.ended_at"]'
}

# bad CODE WORD OPTIONS...: explain complains so.
bad() {
        try 65 explain "${@:3}"
        complains "$1" "$2"
}

@test "what is wrong is one sentence with the field's name, the code, and exit 65" {
        printf '{"url":' >half.json
        echo '[1]' >list.json
        echo '{"at":"2026-11-23T10:00:00Z"}' >object.json
        printf '{"a":"\xff"}' >latin.json
        for option in history authorities personas member operation; do
                bad DAT-05 half.json --$option half.json
                bad FRM-04 latin.json --$option latin.json
                bad SYS-07 nowhere.json --$option nowhere.json
        done
        bad DAT-05 "the history" --history object.json
        bad DAT-05 "the authorities, 1" --authorities list.json
        bad DAT-05 "the member" --member list.json
        bad STM-03 rumour --kind rumour
        bad STM-03 genesis --kind genesis
        echo '[{"at":"2026-11-23T10:00:00Z","result":"fine"}]' >history.json
        bad DAT-03 "history, 1: result" --history history.json
        try 65 policy explain --pack pack.yaml --from look.json --now tomorrow
        complains FRM-06 --now
        jq '. + {"f3":"perhaps"}' look.json >word.json
        try 65 policy explain --pack pack.yaml --from word.json
        complains DAT-03 f3
        jq '. + {"objective":5}' look.json >type.json
        try 65 policy explain --pack pack.yaml --from type.json
        complains DAT-04 objective
        try 65 policy explain --pack look.json --from look.json
        complains POL-01
        try 2 policy explain --from look.json
        complains USE-01
        try 2 policy explain --pack pack.yaml
        complains USE-01
        try 2 policy explain --pack pack.yaml --from look.json --fast
        complains USE-01 fast
        try 2 policy ponder
        complains USE-01
        try 2 policy
        complains USE-01
}
