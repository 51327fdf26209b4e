# Adopting a policy: tested here, put before a second person, in force from the next entry on, shown and kept.
load helper

setup_file() {
        found_ledger main test.example/enquiries
        start_daemon
        people adm jo
        write_files
        open_operation jo OP-ALDER-1 >/dev/null
        pack strict refuse >"$LEDGER/strict.yaml"
        pack mild note >"$LEDGER/mild.yaml"
        sed 's/fires: yes, given: {f3: "yes"}/fires: no, given: {f3: "yes"}/' "$LEDGER/strict.yaml" >"$LEDGER/untrue.yaml"
        sed 's/enquiry.f3/enquiry.f99/' "$LEDGER/strict.yaml" >"$LEDGER/broken.yaml"
}
teardown_file() { close_ledger main; }
setup() { use_ledger main; }
teardown() { show_log; }

# pack NAME EFFECT: one rule about f3.
pack() {
        cat <<END
name: $1
version: "7"
title: A pack of one rule
parameters:
  - {name: limit, value: 3, title: A number}
rules:
  - id: X01
    title: No picture of anybody
    when: enquiry.f3 = 'yes'
    effect: $2
    kind: guidance
    because: A test
    advice: Look at something else.
tests:
  - {rule: X01, fires: yes, given: {f3: "yes"}}
  - {rule: X01, fires: yes, given: {f3: "yes", f5: "no"}}
  - {rule: X01, fires: yes, given: {f3: "yes", f5: "yes"}}
  - {rule: X01, fires: no, given: {f3: "no"}}
  - {rule: X01, fires: no, given: {f5: "yes"}}
END
}
hash_of() { openssl dgst -sha256 -binary "$1" | base64 | tr '+/' '-_' | tr -d '='; }

@test "a pack that does not load, or does not do what its cases say, is refused here" {
        try 65 as adm policy adopt "$LEDGER/broken.yaml"
        complains POL-02 X01
        try 65 as adm policy adopt "$LEDGER/untrue.yaml"
        complains POL-05 X01
        try 65 as adm policy adopt "$LEDGER/nowhere.yaml"
        complains SYS-07
        try 2 as adm policy adopt
        complains USE-01
}

@test "the only administrator adopts at once; the next entry is judged by it" {
        try 0 as jo log --from "$LEDGER/quick.json"
        try 0 as adm policy adopt "$LEDGER/strict.yaml" --edition "Seventh"
        holds "$OUTCOME and .verdict == \"accepted\" and .policy == \"$(hash_of "$LEDGER/strict.yaml")\" and .name == \"strict\" and (.changes.rules.added == [\"X01\"])"
        try 0 as adm show "$(get .ref)"
        holds '.fields.edition.value == "Seventh" and .fields.title.value == "A pack of one rule" and .fields.title.origin == "pack"'
        try 4 as jo log --from "$LEDGER/quick.json" --f3 yes
        holds '[.rules[].id] == ["X01"]'
        try 77 as jo policy adopt "$LEDGER/mild.yaml"
        complains MEM-03
}

@test "the policy in force is shown, kept by its hash, and there without the daemon" {
        local kept
        kept=$LEDGER/jo/policy-$(hash_of "$LEDGER/strict.yaml").yaml
        try 0 as jo policy show
        holds ".name == \"strict\" and .hash == \"$(hash_of "$LEDGER/strict.yaml")\""
        cmp "$kept" "$LEDGER/strict.yaml"
        try 0 say jo policy show X01
        [[ $out == *"No picture of anybody"* ]]
        try 65 as jo policy show X99
        complains SYS-07
        stop_daemon
        try 0 as jo policy show
        holds '.name == "strict"'
        # A kept text that was changed is not believed.
        echo '# more' >>"$kept"
        try 69 as jo policy show
        complains NET-08
        start_daemon
        try 0 as jo policy show
        holds '.name == "strict"'
}

@test "an overlay changes a number; what it lies over goes with it" {
        cat >"$LEDGER/ours.yaml" <<END
over: $(hash_of "$LEDGER/strict.yaml")
name: ours
version: "1"
title: Our numbers
parameters:
  - {name: limit, value: 9}
END
        try 0 say adm policy adopt "$LEDGER/ours.yaml"
        [[ $out == *"ours 1 is in force from the next entry on."* && $out == *"limit"* ]]
        try 0 as jo policy show
        holds '.name == "ours"'
        try 4 as jo log --from "$LEDGER/quick.json" --f3 yes
}

@test "with a second person it waits, and the one before stays in force until then" {
        people una
        try 3 as adm policy adopt "$LEDGER/mild.yaml"
        holds '.verdict == "waiting"'
        local ref
        ref=$(get .ref)
        try 4 as jo log --from "$LEDGER/quick.json" --f3 yes
        try 77 as adm decide "$ref" approve --reason "My own"
        try 0 as una decide "$ref" approve --reason "Read and compared"
        try 0 as jo log --from "$LEDGER/quick.json" --f3 yes
        holds '[.rules[].effect] == ["note"]'
        try 3 say adm policy adopt "$LEDGER/strict.yaml"
        [[ $out == *"waits for a second person"* && $out == *"Changed rule X01"* ]]
}

@test "a digest has what a rule tells a role, by author and rule" {
        sed 's/    advice: Look at something else./&\n    tell: [auditor, supervisor]/' "$LEDGER/mild.yaml" >"$LEDGER/telling.yaml"
        try 3 as adm policy adopt "$LEDGER/telling.yaml"
        as una decide "$(get .ref)" approve --reason "Read" >/dev/null
        try 0 as una digest
        holds '.days == 7 and .told == []'
        try 0 say una digest --days 1
        [[ $out == "Nothing was put before you in 1 day." ]]
        local first second
        first=$(as jo log --from "$LEDGER/quick.json" --f3 yes | jq -r .ref)
        second=$(as jo log --from "$LEDGER/quick.json" --f3 yes | jq -r .ref)
        try 0 as una digest
        holds ".told == [{\"rule\":\"X01\",\"author\":\"Jo Bloggs\",\"refs\":[\"$second\",\"$first\"],\"count\":2,
                \"title\":\"No picture of anybody\",\"advice\":\"Look at something else.\"}]"
        try 0 say una digest --days 3
        [[ $out == *"2 entries by Jo Bloggs in 3 days: X01, No picture of anybody"*"$second $first"* ]]
        try 0 as jo digest
        holds '.told == []'
        try 2 as una digest --days 0
        complains USE-01
}
