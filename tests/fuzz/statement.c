/* A submission as it comes from the network. Signatures are not looked at, so that everything behind them is
 * met. */
#include "ledger/record/body.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        static struct statement s;
        static struct body body, again;
        struct bytes jws, disclosures;
        struct why why = {0};
        struct buf payload, values, content, residue, text;
        buf_init(&payload, 2 * JWS_MAX);
        buf_init(&values, SUBMISSION_MAX);
        buf_init(&content, SUBMISSION_MAX);
        buf_init(&residue, SUBMISSION_MAX);
        buf_init(&text, SUBMISSION_MAX);
        if (submission_split(bytes_of(data, n), &jws, &disclosures) ||
            statement_decode(jws, &payload, &s, &why))
                goto done;
        must(s.jws.at == jws.at && s.jws.n == jws.n, "the statement borrows its text");
        must(s.n > 0 && s.refs_n <= REFS_MAX, "limits");
        if (body_decode(&s, disclosures, &values, &body, &why))
                goto done;
        must(body_put(&body, &text) == OK && bytes_equal(buf_bytes(&text), disclosures),
             "one text for one body");
        must(body_check(&body, &s) == OK, "the body makes the statement's groups");
        body_put_content(&body, &content);
        body_put_residue(&body, &residue);
        must(buf_check(&content) == OK && buf_check(&residue) == OK, "what was accepted can be kept");
        must(body_take(s.kind, buf_bytes(&content), buf_bytes(&residue), &again, &why) == OK &&
                 body_check(&again, &s) == OK,
             "what is kept makes the groups again");
        if (body_check_fields(&body, &why))
                must(why.code != OK, "a field is refused with a reason");
done:
        buf_clear(&payload);
        buf_clear(&values);
        buf_clear(&content);
        buf_clear(&residue);
        buf_clear(&text);
        return 0;
}
