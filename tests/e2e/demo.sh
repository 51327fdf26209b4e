#!/usr/bin/env bash
# The main job as a story, with a fresh ledger in a folder of its own. --keep leaves the daemon running to try things out.
# The profiles are public bodies' own pages; nothing is fetched from anywhere, only the addresses are recorded.
set -euo pipefail

KEEP=
[[ ${1:-} == --keep ]] && KEEP=yes
BIN=$(cd "${ENQUIRY_BIN:-$(dirname "$0")/../../build/release/bin}" && pwd)
PATH=$BIN:$PATH
DIR=$(mktemp -d "${TMPDIR:-/tmp}/enquiry-demo.XXXXXX")
cd "$DIR"
daemon=

clean_up() {
        local status=$?
        if [[ -n $KEEP && $status == 0 ]]; then exit 0; fi
        for home in ada jo dan sam una; do enquiry --home $home agent stop >/dev/null 2>&1 || true; done
        if [[ -n $daemon ]]; then kill "$daemon" 2>/dev/null || true; fi
        wait
        if [[ $status != 0 ]]; then
                echo "The demo failed; what the daemon said:" >&2
                cat daemon.log >&2 || true
        fi
        cd / && rm -rf "$DIR"
        exit "$status"
}
trap clean_up EXIT

bold='' plain=''
if [[ -t 1 ]]; then bold=$'\e[1m' plain=$'\e[0m'; fi

chapter() { printf '\n%s-- %s --%s\n' "$bold" "$*" "$plain"; }
tell() { printf '\n%s\n' "$*" | fold -s -w 96; }
# Invites are long and are cut here; on your own screen they are whole.
shorten() { sed -E 's/(enquiry-invite1\.[A-Za-z0-9_-]{12})[A-Za-z0-9_-]{40,}/\1...(cut here)/g'; }

# run STATUS COMMAND: shows the command as one would type it, then what it says. The status is what the story needs it to be.
run() {
        local want=$1 status=0
        printf '%s$ %s%s\n' "$bold" "$2" "$plain" | shorten
        eval "$2" >said 2>&1 </dev/null || status=$?
        shorten <said | fold -s -w 112 | sed 's/^/    /'
        [[ $status == "$want" ]] || { echo "(exit status $status, where $want was expected)" >&2; exit 1; }
}
# The short reference in what was just said, such as jb-2.
reference() { grep -oE -m 1 '\b[a-z]+[0-9]*-[0-9]+\b' said | head -n 1; }

# enrol HOME NAME ROLE [OPTIONS]: Ada invites, the newcomer joins and starts an agent.
enrol() {
        run 0 "enquiry --home ada invite --role $3${4:+ $4}"
        run 0 "enquiry --home $1 --passphrase-file passphrase enrol $(grep -o 'enquiry-invite1[^ ]*' said) --name \"$2\""
        enquiry --home "$1" --passphrase-file passphrase agent start >/dev/null
}

chapter "A ledger"
tell "A force wants to be able to say who looked at whose profile, why, and under which authority, and to prove that nobody has" \
        "changed the record since. Its administrator makes a ledger and starts the daemon that keeps it."
(umask 077 && echo "a passphrase for the demo" >passphrase)
run 0 'enquiryd init --data ledger --origin demo.example/enquiries | tee init.json'
mkfifo ready
printf '%s$ enquiryd run --data ledger &%s\n' "$bold" "$plain"
enquiryd run --data ledger >ready 2>daemon.log &
daemon=$!
read -r line <ready || { echo "The daemon did not start." >&2; exit 1; }
printf '    %s\n' "$line"

chapter "Five people"
tell "Ada is the administrator. The invite that init printed is hers; it works once. Her key is made on her own machine and never" \
        "leaves it. Each person has a folder of their own (--home), as they would on their own computer, and an agent that keeps the" \
        "key open, so that the passphrase is typed once a shift."
run 0 "enquiry --home ada --passphrase-file passphrase enrol $(grep -o 'enquiry-invite1[^"]*' init.json) --name \"Ada Admin\""
run 0 'enquiry --home ada --passphrase-file passphrase agent start'
tell "She invites two investigators in different units, a supervisor and an auditor. (The auditor comes last on purpose: from then" \
        "on every new role but investigator needs a second person's approval.)"
enrol jo "Jo Bloggs" investigator "--unit north --training 2"
enrol dan "Dan Hughes" investigator "--unit south --training 2"
enrol sam "Sam Okoro" supervisor "--unit south --training 3"
enrol una "Una Clarke" auditor
run 0 'enquiry --home ada members'

chapter "An operation"
tell "The river is rising. Jo has to know what public bodies tell people, and opens an operation. It holds what all its enquiries" \
        "have in common: the Article 8 aim, the law it rests on, and why that is no more than is needed."
run 0 'enquiry --home jo operation open OP-RIVER --aim public-safety --basis "common-law policing" --justification "Roads are closing; the pages of public bodies are read once each, nothing else on them"'

chapter "Accepted"
tell "Jo asks before she looks. The address is pasted as it stands in her browser; the ledger finds out whose profile it is. She" \
        "gets a receipt at once: the entry is on disk, chained to the one before and covered by a signed checkpoint."
run 0 'enquiry --home jo log "https://m.facebook.com/BirminghamCityCouncil/?locale=en_GB" --purpose event-safety --objective "Which roads does the council say are closed" --subject-category organisation --private-info-likely no --f3 no --f5 no'
accepted=$(reference)
tell "She looks, and says what came of it. That closes the enquiry."
run 0 "enquiry --home jo done $accepted captured"

chapter "Waiting, then approved"
tell "Dan wants to read the page of the Volunteer Police Cadets. It is a public body's page too, but the people on it are of 14 to" \
        "17, and he says so. The policy makes such an enquiry wait for a supervisor."
cat >cadets.json <<'END'
{"url": "https://www.instagram.com/nationalvpc/", "purpose_code": "event-safety", "operation": "OP-RIVER",
 "objective": "Where will the cadets hand out sandbags", "subject_category": "organisation",
 "subject_age_band": "14-17", "private_info_likely": "no", "f3": "no", "f5": "no"}
END
run 0 'cat cadets.json'
run 3 'enquiry --home dan log --from cadets.json'
waiting=$(reference)
tell "Sam is his supervisor. Sam sees it in the queue, reads it, and decides; nobody can decide their own."
run 0 'enquiry --home sam queue'
run 0 "enquiry --home sam show $waiting"
run 0 "enquiry --home sam decide $waiting approve --reason \"The place only; no names and no pictures of cadets are kept\""
run 0 "enquiry --home dan done $waiting nothing-found"

chapter "The third look"
tell "Somebody posts false warnings. Jo has looked at the account twice, and Dan wants to look as well. (The page of a police force" \
        "stands in for it: no private person is in this demo.) The ledger counts looks over everybody and over every way to write an" \
        "address. A third one begins to build a picture of a person: that may be directed surveillance, and waits for an authority."
run 0 'enquiry --home dan operation open OP-WEIR --aim disorder-or-crime --basis "common-law policing" --justification "False warnings send people onto a flooded road" --specific-investigation yes'
for day in first second; do
        enquiry --home jo log --looked negative https://x.com/metpoliceuk --purpose identify-unknown --objective "Which road the $day post names" \
                --subject-category suspect --private-info-likely yes --f3 no --f5 no --operation "OP-$day" >/dev/null
done
cat >third.json <<'END'
{"url": "https://twitter.com/metpoliceuk/", "purpose_code": "identify-unknown", "operation": "OP-WEIR",
 "objective": "Who posts the warnings", "subject_category": "suspect", "private_info_likely": "yes", "f3": "no", "f5": "no"}
END
run 3 'enquiry --home dan log --from third.json'
third=$(reference)
tell "A supervisor cannot wave that through. Sam is told so, and what the two ways on are."
run 65 "enquiry --home sam decide $third approve --reason \"Go on\""
tell "Why? The rules can be asked about any enquiry without the daemon; they say which facts they spoke on."
enquiry --home dan policy show >/dev/null
cat >history.json <<'END'
[{"at": "2026-11-23T09:00:00Z", "author": "jb", "operation": "OP-first", "url": "https://x.com/metpoliceuk", "result": "negative"},
 {"at": "2026-11-24T09:00:00Z", "author": "jb", "operation": "OP-second", "url": "https://x.com/MetPoliceUK?s=20", "result": "negative"}]
END
run 0 'enquiry policy explain --pack dan/policy-*.yaml --from third.json --history history.json --now 2026-11-25T09:00:00Z --rule D01'
tell "A superintendent grants one. Sam registers it with what it covers; its clock starts, and Dan asks again under it."
run 0 "enquiry --home sam authority register --type DSA --ref URN-2026-17 --form written --act ripa --ground crime-or-disorder --granted-at now --ao-id \"A. Officer\" --ao-rank superintendent --subject https://x.com/metpoliceuk --engagement passive-view --review-date $(date -u -d '+28 days' +%F)"
run 0 'enquiry --home dan log --from third.json --authority URN-2026-17 --authority-type DSA'
run 0 'enquiry --home dan authority show URN-2026-17'

chapter "Refused"
tell "Dan is about to use his own account, because it is logged in already. He is told not to, by which rule, and where that rule" \
        "comes from. The program cannot stop a browser: refused means that he was told, and that this is on record."
run 4 'enquiry --home dan log https://www.youtube.com/@ukhomeoffice --purpose event-safety --objective "What does the ministry say about the flood" --subject-category organisation --private-info-likely no --f3 no --f5 no --account-attribution personal --operation OP-RIVER'

chapter "Reported after the fact"
tell "Jo was sent a link at night and looked at once. What has been done is always accepted, late or not: a record that can be" \
        "refused would teach people not to make one."
run 0 'enquiry --home jo log --looked nothing-found "https://twitter.com/WMPolice?lang=en-GB" --purpose event-safety --objective "Is the ring road open" --subject-category organisation --private-info-likely no --f3 no --f5 no'

chapter "A mistake"
tell "Her first objective should have said bridges. Nothing is overwritten; the correction stands beside it."
run 0 "enquiry --home jo amend $accepted objective \"Which bridges does the council say are closed\" --reason \"I meant the bridges\""
run 0 "enquiry --home jo show $accepted"

chapter "Proof"
tell "Jo's receipt convinces anybody who has the ledger's verifier key, with no network and no trust in the daemon."
vkey=$(grep -oE '"vkey":"[^"]*"' init.json | cut -d '"' -f 4)
run 0 "enquiry verify --receipt jo/receipts/$accepted.tlog-proof --vkey '$vkey'"
tell "Una, the auditor, takes a copy of the whole spine: every entry, no names, no words anybody wrote. She checks all of it on her" \
        "own machine: chain, tree, checkpoints, every signature, every role, every second person. She cannot check from the spine alone" \
        "the fields that people filled in, and the program says so (\`enquiry export --content\` gives those to an auditor)."
run 0 'enquiry --home una export --spine spine.db'
run 0 'enquiry --home una verify spine.db'

chapter "And a lie"
seq=$(grep -aoE '"seq":"[0-9]+","at":"[^"]*","prev":"[^"]*","verdict":"refused"' spine.db | grep -oE -m 1 '[0-9]+' | head -n 1)
tell "Somebody with every right on the daemon's machine would rather that entry $seq, Dan's refused request, had been at another time." \
        "One byte of the copy is changed, with nothing but standard tools: a digit of the hour."
at=$(grep -abo "\"seq\":\"$seq\",\"at\":\"" spine.db | head -n 1 | cut -d : -f 1)
at=$((at + ${#seq} + 26))
run 0 'cp spine.db damaged.db'
was=$(dd if=spine.db bs=1 skip=$at count=1 status=none)
run 0 "printf $((was == 0)) | dd of=damaged.db bs=1 seek=$at conv=notrunc status=none"
run 1 'enquiry --home una verify damaged.db'
tell "The verifier names the entry. It would not help to make the hashes fit: they are in checkpoints and receipts that other people" \
        "hold, and Dan signed what he said."

chapter "Now you"
if [[ -n $KEEP ]]; then
        cat <<END

The daemon still runs, and the five people's agents with it. In another terminal:

    cd $DIR
    export PATH=$BIN:\$PATH
    enquiry --home jo log            (asks you the questions)
    enquiry --home jo log https://www.facebook.com/westmidlandspolice
    enquiry --home sam queue
    enquiry --home una list --all --log-purpose lawfulness   (who has read the record is on record, too)
    enquiry --home jo fields
    enquiryd check --data ledger
    enquiry --help

To stop it and take everything away:

    for who in ada jo dan sam una; do enquiry --home $DIR/\$who agent stop; done
    kill $daemon; rm -rf $DIR
END
else
        cat <<END

Everything made here is removed again. To keep it and try things out:

    ./dev demo --keep

and then, in the folder that it names:

    enquiry --home jo log            (asks you the questions)
    enquiry --home jo log https://www.facebook.com/westmidlandspolice
    enquiry --home sam queue
    enquiry --home una list --all --log-purpose lawfulness   (who has read the record is on record, too)
    enquiryd check --data ledger
    enquiry --help
END
fi
