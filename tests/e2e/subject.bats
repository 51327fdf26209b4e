# `enquiry subject` asks nobody: no home, no daemon, no network; what is no address is said in a sentence, and the rest is answered.
load helper

# subject ARGUMENTS...: as somebody without a home.
subject() { env -i PATH="$PATH" ASAN_OPTIONS="$ASAN_OPTIONS" HOME="$BATS_TEST_TMPDIR/none" "$BIN/enquiry" subject "$@"; }

@test "a line each, in order" {
        run subject --json https://m.facebook.com/jane.doe.5 https://t.co/AbC "bücher.example/Jane?utm_source=x" @jane@mastodon.social
        [ "$status" -eq 0 ]
        [ "${#lines[@]}" -eq 4 ]
        [ "${lines[0]}" = '{"address":"https://m.facebook.com/jane.doe.5","platform":"facebook","account":"janedoe5","subject":"facebook:janedoe5","listed":true,"resolved":true}' ]
        jq -es '[.[].subject] == ["facebook:janedoe5", "x:?t.co/AbC", "web:xn--bcher-kva.example/Jane", "fediverse:jane@mastodon.social"]
                and [.[].listed] == [true, true, false, true] and [.[].resolved] == [true, false, true, true]' <<<"$output"
        [ ! -e "$BATS_TEST_TMPDIR/none" ]
}

@test "what is no address is said, and the others are answered" {
        local bad
        for bad in "jane doe" jane@example.org "+44 7700 900123" 2079460000 @jane "" "https://x.com" "https://www.facebook.com/westmid..."; do
                run --separate-stderr subject --json https://x.com/jane "$bad" https://x.com/john
                [ "$status" -eq 65 ]
                jq -es '[.[].subject] == ["x:jane", "x:john"]' <<<"$output"
                [ "${#stderr_lines[@]}" -eq 1 ]
                [[ ${stderr_lines[0]} == "enquiry: This is not the address of a profile or page. (FRM-07)"* ]]
        done
}

@test "for people" {
        run subject https://nitter.net/jane https://x.com/jane/status/20
        [ "$status" -eq 0 ]
        [[ $output == *"web:nitter.net/jane  (site not in the table)"* ]]
        [[ $output == *"x:?status/20  (names no account)"* ]]
        run subject
        [ "$status" -eq 2 ]
}
