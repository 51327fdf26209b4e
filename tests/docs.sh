#!/usr/bin/env bash
# What the documents say about the program is so: commands, options, errors, checks, files, exit statuses, links. Then each of
# these is broken in a copy, and must be found there. With ENQUIRY_BIN=DIR the quick start of README is run as it stands.
#   docs.sh [ROOT]            docs.sh --only ROOT: without the broken copies and the quick start
set -euo pipefail
only=
[[ ${1:-} != --only ]] || { only=1; shift; }
cd "${1:-$(dirname "$0")/..}"
shopt -s nullglob globstar
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
say() { echo "$*"; bad=1; }
pages=(README.md SECURITY.md CHANGELOG.md docs/**/*.md schema/*.md)
manuals=(docs/man/enquiry.1 docs/man/enquiryd.8)

# --- what the sources have ---
words_of() { awk '/commands\[\] = \{/{on=1} on&&/^};/{exit} on' "$1" | sed -nE 's/^ *\{"([a-z]+)",.*/\1/p' | sort; }
words_of client/main.c >"$work/enquiry"
words_of daemon/main.c >"$work/enquiryd"
{
        grep -ohE '\.name = "[a-z-]+"' client/*.c daemon/*.c | cut -d'"' -f2
        tr '\n' ' ' <client/flags.c | grep -oE 'short_forms\[\] = \{[^;]*;' | grep -oE '\{"[a-z-]+", "[a-z0-9_]+"[^}]*\}' | cut -d'"' -f2
        grep -ohE '^(FIELD|WORD)\([a-z0-9_]+' schema/fields_*.def | cut -d'(' -f2 | tr _ -
        grep -ohE '"--[a-z-]+"' client/main.c daemon/main.c | tr -d '"' | sed 's/^--//'
} | sort -u >"$work/options"
sed -nE 's/^ERR\(ERR_[A-Z_0-9]+, "([A-Z]{3}-[0-9]{2})".*/\1/p' ledger/base/err.def | sort >"$work/errors"
awk '/^enum exit_status/{on=1} on&&/^};/{exit} on' ledger/base/err.h | sed -nE 's/.*= ([0-9]+),.*/\1/p' | sort -n >"$work/statuses"
for list in enquiry enquiryd options errors statuses; do
        [[ $(wc -l <"$work/$list") -ge 3 ]] || say "the list of $list could not be read from the sources"
done

# --- commands ---
# Code in a page: its blocks, and what stands between backticks.
code_of() {
        awk '/^ *```/{on=!on;next} on' "$1"
        awk '/^ *```/{on=!on;next} !on' "$1" | grep -oE '`[^`]+`' | tr -d '`' || true
}
for page in "${pages[@]}"; do
        while read -r program word; do
                grep -qx -- "$word" "$work/$program" || say "$page: \`$program $word\` is no command"
        done < <(code_of "$page" |
                grep -oE '(^|[$(|;&] *|exec )(enquiry|enquiryd)( --(json|home [^ ]+|passphrase-file [^ ]+))* [a-z]+' |
                sed -E 's/.*(enquiryd?) /\1 /; s/ --(json|home [^ ]+|passphrase-file [^ ]+)//g' | sort -u)
done
while read -r word; do
        grep -qx -- "$word" "$work/enquiry" || say "README.md: the quick start uses $word, which is no command"
done < <(awk '/^```sh$/{on=1;next} /^```$/{on=0} on' README.md | sed -nE 's/^(ada|jo|sam|una) +(--json )?([a-z]+) .*/\3/p' | sort -u)
for program in enquiry enquiryd; do
        manual=docs/man/$program.$([[ $program == enquiry ]] && echo 1 || echo 8)
        while read -r word; do
                grep -qE "^\.It Cm $word( |$)" "$manual" || say "$manual: the command $word is not there"
        done <"$work/$program"
        while read -r word; do
                grep -qx -- "$word" "$work/$program" || say "$manual: $word is no command of $program"
        done < <(sed -nE 's/^\.It Cm ([a-z]+).*/\1/p' "$manual" | sort -u)
done

# --- options ---
options_in() { grep -oE '(^|[^-A-Za-z0-9])--[a-z][a-z0-9-]*' | sed -E 's/^.*--//' | sort -u; }
while read -r option; do
        grep -qx -- "$option" "$work/options" || say "README.md: --$option is no option"
done < <(grep -v '\./dev' README.md | options_in)
for manual in "${manuals[@]}"; do
        while read -r option; do
                grep -qx -- "$option" "$work/options" || say "$manual: --$option is no option"
        done < <({ grep -oE 'Fl Fl [a-z][a-z0-9-]*' "$manual" | sed 's/^Fl Fl /--/'; cat "$manual"; } | options_in)
done
for manual in "${manuals[@]}"; do
        [[ -z $only ]] || continue
        command -v groff >/dev/null || { echo "SKIPPED: groff's opinion of $manual"; continue; }
        complaints=$(groff -mdoc -Tutf8 -ww "$manual" 2>&1 >/dev/null)
        [[ -z $complaints ]] || say "$manual: $complaints"
done

# --- errors, checks, exit statuses ---
sed -nE 's/^\| ([A-Z]{3}-[0-9]{2}) \|.*/\1/p' docs/ERRORS.md | sort >"$work/listed"
diff "$work/errors" "$work/listed" >"$work/diff" || say "docs/ERRORS.md and ledger/base/err.def differ: $(grep '^[<>]' "$work/diff" | tr '\n' ' ')"
for page in "${pages[@]}"; do
        while read -r code; do
                grep -qx -- "$code" "$work/errors" || say "$page: there is no error $code"
        done < <(grep -oE '\b(SYS|FRM|USE|STM|DSC|LEF|DAT|CHN|MEM|TRE|FIL|POL|NET|HOM)-[0-9]{2}\b' "$page" | sort -u)
done
checks=0
while IFS='|' read -r name code sentence; do
        checks=$((checks + 1))
        want="| $code | $name | ${sentence,} |"
        grep -qiF -- "$want" docs/THREATS.md || say "docs/THREATS.md has no row: $want"
done < <(tr -s '\n ' ' ' <ledger/verify/verification.c | grep -oE '\[CHECK_[A-Z_]+\] = \{"[a-z-]+", "VER-[0-9]+", "[^"]*"\}' |
        sed -E 's/.*= \{"([a-z-]+)", "(VER-[0-9]+)", "(.*)\."\}/\1|\2|\3/')
((checks >= 20)) || say "the table of checks could not be read from ledger/verify/verification.c"
[[ $(sed -nE 's/^\| VER-.*/x/p' docs/THREATS.md | wc -l) == "$checks" ]] || say "docs/THREATS.md has another number of checks than $checks"
awk '/^## Exit statuses/{on=1;next} /^## /{on=0} on' README.md | sed -nE 's/^\| ([0-9]+) \|.*/\1/p' | sort -n >"$work/readme"
awk '/^\.Sh EXIT STATUS/{on=1;next} /^\.Sh/{on=0} on' docs/man/enquiry.1 | sed -nE 's/^\.It ([0-9]+)$/\1/p' | sort -n >"$work/manual"
cmp -s "$work/statuses" "$work/readme" || say "README.md lists other exit statuses than ledger/base/err.h"
cmp -s "$work/statuses" "$work/manual" || say "docs/man/enquiry.1 lists other exit statuses than ledger/base/err.h"

# --- source files ---
for file in schema/*.c ledger/*/*.c policy/*.c daemon/*.c client/*.c; do
        grep -qF "| \`$file\` |" docs/ARCHITECTURE.md || say "docs/ARCHITECTURE.md has no line for $file"
done
while read -r file; do
        [[ -e $file ]] || say "docs/ARCHITECTURE.md: there is no $file"
done < <(grep -oE '`(schema|ledger|policy|daemon|client|tests)/[A-Za-z0-9_/.-]+\.(c|h|sh|def)`' docs/ARCHITECTURE.md | tr -d '`' | sort -u)

# --- links, decisions ---
anchors_of() { sed -nE 's/^#+ +(.*)$/\1/p' "$1" | tr '[:upper:]' '[:lower:]' | sed -E 's/[^a-z0-9 _-]//g; s/ /-/g'; }
for page in "${pages[@]}"; do
        while read -r link; do
                target=${link%%#*} anchor=
                [[ $link != *'#'* ]] || anchor=${link#*#}
                path=$page
                [[ -z $target ]] || path=$(dirname "$page")/$target
                [[ -e $path ]] || { say "$page: the link $link leads nowhere"; continue; }
                [[ -z $anchor ]] || anchors_of "$path" | grep -qxF -- "$anchor" || say "$page: $path has no heading for #$anchor"
        done < <(awk '/^ *```/{on=!on;next} !on' "$page" | grep -oE '\]\([^)]+\)' | sed -E 's/^\]\(//; s/\)$//' | grep -vE '^(https?|mailto):' | sort -u)
done
numbers=$(for file in docs/adr/*.md; do basename "$file" | cut -c1-4; done)
[[ -n $numbers && -z $(uniq -d <<<"$numbers") ]] || say "docs/adr: two decisions have one number, or there is none"
for file in docs/adr/*.md; do
        for heading in Context Choice 'Given up'; do
                grep -qx "## $heading" "$file" || say "$file has no part: $heading"
        done
done

((bad == 0)) || exit 1
echo "${#pages[@]} pages and ${#manuals[@]} manuals agree with the sources"
[[ -z $only ]] || exit 0

# --- each check finds what it is for ---
self=$PWD/tests/docs.sh
damage() { # NAME FILE SED-EXPRESSION: the check must fail on a copy changed so
        local copy=$work/copy
        rm -rf "$copy"
        mkdir "$copy"
        cp -r --parents README.md SECURITY.md CHANGELOG.md LICENSE packages.txt docs schema/*.* ledger policy daemon client tests/*.sh "$copy"
        sed -i -E "$3" "$copy/$2"
        ! cmp -s "$2" "$copy/$2" || { say "control '$1' changes nothing"; return; }
        if "$self" --only "$copy" >"$work/output" 2>&1; then say "control '$1' was not found"; fi
}
damage 'a command that is not there' README.md 's/`enquiry queue`/`enquiry cue`/'
damage 'a command in the quick start' README.md 's/^sam queue$/sam cue /'
damage 'an option that is not there' README.md 's/--looked/--peeked/'
damage 'a command without a manual' docs/man/enquiry.1 '/^\.It Cm receipts$/d'
damage 'an option of the manual' docs/man/enquiryd.8 's/Fl Fl listen/Fl Fl hark/'
damage 'an error that is not listed' docs/ERRORS.md '/^\| TRE-07 /d'
damage 'an error that is not there' docs/THREATS.md 's/MEM-13/MEM-99/'
damage 'a check that is not there' docs/THREATS.md '/^\| VER-12 /d'
damage 'an exit status' docs/man/enquiry.1 's/^\.It 69$/.It 68/'
damage 'a file without a line' docs/ARCHITECTURE.md '/`daemon\/sight.c` \|/d'
damage 'a line without a file' docs/ARCHITECTURE.md 's/`daemon\/sight.c` \|/`daemon\/hearing.c` |/'
damage 'a link' README.md 's/\(docs\/THREATS\.md\)/(docs\/THREAT.md)/'
damage 'an anchor' README.md 's/\(#limits\)/(#limit)/'
damage 'a decision without its price' docs/adr/0001-contract-in-c.md '/^## Given up$/d'

# --- the quick start ---
if [[ -n ${ENQUIRY_BIN:-} ]]; then
        mkdir -p "$work/clone/build/release" "$work/scratch"
        ln -s "$(realpath "$ENQUIRY_BIN")" "$work/clone/build/release/bin"
        awk '/^```sh$/{on=1;next} /^```$/{on=0} on' README.md >"$work/start.sh"
        if (cd "$work/clone" && TMPDIR=$work/scratch ENQUIRY_TEST_KDF=fast timeout 120 bash -eu "$work/start.sh") >"$work/output" 2>&1; then
                # what README quotes of it, but for what differs from run to run
                steady() { grep -E '^(The |You are enrolled as Jo|Your entries are called jb)' | grep -vE 'acknowledged at' | sort; }
                awk '/^```$/{on=!on;next} /^```/{on=1;next} on' <(sed -n '/^## Quick start/,/^## The investigator/p' README.md) | steady >"$work/quoted"
                steady <"$work/output" >"$work/said"
                lacking=$(comm -23 "$work/quoted" "$work/said")
                [[ -z $lacking ]] || say "README.md quotes what the quick start does not say: $lacking"
                [[ -s $work/quoted ]] || say "README.md quotes nothing of the quick start"
        else
                cat "$work/output"
                say "the quick start of README.md fails"
        fi
else
        echo "SKIPPED: running the quick start (ENQUIRY_BIN=DIR)"
fi
((bad == 0)) || exit 1
echo "every control was found"
