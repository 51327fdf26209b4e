#include "policy/expression.h"

#include <strings.h>

#define DIGITS_MAX 15 /* digits: within 2^53 */
#define DEPTH_MAX  32 /* parentheses open at once */

const char *const expression_functions[] = {
    "abs", "coalesce", "has",    "ifnull", "iif",       "instr", "length", "like", "lower", "ltrim",
    "max", "min",      "nullif", "rtrim",  "says_only", "size",  "substr", "trim", "upper", NULL};

static const char *const words[] = {"and", "between", "case",   "else", "end", "escape",  "false",
                                    "in",  "is",      "isnull", "like", "not", "notnull", "null",
                                    "or",  "then",    "true",   "when", NULL};
static const char *const signs[] = {"||", "<>", "<=", ">=", "!=", "==", "=", "<",
                                    ">",  "+",  "-",  "*",  "/",  "%",  NULL};

struct reader {
        const struct names *names;
        size_t terms_n; /* of the names: those that can be used here */
        struct slots *slots;
        struct bytes in; /* what is still to be read */
        struct buf *out;
        struct why *why;
        size_t from; /* where the SQL of the whole expression begins */
        unsigned depth;
        bool first[DEPTH_MAX + 1]; /* by depth: the first element of an IN list is being read */
};

static bool is_space(uint8_t c)
{
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(uint8_t c)
{
        return c >= '0' && c <= '9';
}

static bool is_name(uint8_t c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

static uint8_t peek(const struct reader *r, size_t ahead)
{
        return ahead < r->in.n ? r->in.at[ahead] : 0;
}

static struct bytes advance(struct reader *r, size_t n)
{
        struct bytes taken = bytes_of(r->in.at, n);
        r->in = bytes_of(r->in.at + n, r->in.n - n);
        return taken;
}

static bool listed(const char *const list[], struct bytes name)
{
        for (size_t i = 0; list[i]; i++)
                if (strlen(list[i]) == name.n && strncasecmp(list[i], (const char *)name.at, name.n) == 0)
                        return true;
        return false;
}

static enum err refuse_name(struct reader *r, struct bytes name)
{
        return why_set(r->why, ERR_RULE, "`%.*s` is not a word of the expression language",
                       (int)(name.n < 60 ? name.n : 60), (const char *)name.at);
}

static struct bytes take_name(struct reader *r)
{
        size_t n = 0;
        while (is_name(peek(r, n)))
                n++;
        return advance(r, n);
}

static enum err read_whole(struct reader *r);

/* A term can use the terms before it and no others, so this ends. */
static enum err read_term(struct reader *r, struct bytes name)
{
        struct reader inner = *r;
        size_t i = 0;
        enum err e;
        while (i < r->terms_n && !bytes_is(name, r->names->term[i].name))
                i++;
        if (i == r->terms_n)
                return why_set(r->why, ERR_RULE, "no term %.*s stands before it",
                               (int)(name.n < 60 ? name.n : 60), (const char *)name.at);
        inner.terms_n = i;
        inner.depth = 0;
        inner.first[0] = false;
        inner.in = bytes_text(r->names->term[i].when);
        buf_put_text(r->out, "(");
        e = read_whole(&inner);
        buf_put_text(r->out, ")");
        return e;
}

static enum err read_column(struct reader *r, struct bytes view)
{
        unsigned column;
        struct bytes name;
        enum err e;
        advance(r, 1);
        name = take_name(r);
        if (peek(r, 0) == '.')
                return refuse_name(r, view);
        if (bytes_is(view, "term"))
                return read_term(r, name);
        if ((e = column_of_name(r->names, view, name, &column, r->why)))
                return e;
        if (r->slots->of[column] == 0)
                r->slots->of[column] = ++r->slots->n;
        buf_put_format(r->out, "?%u", (unsigned)r->slots->of[column]);
        return OK;
}

static enum err open_parenthesis(struct reader *r)
{
        if (r->depth == DEPTH_MAX)
                return why_set(r->why, ERR_RULE, "parentheses are nested too deep");
        r->first[++r->depth] = false;
        buf_put(r->out, advance(r, 1));
        return OK;
}

/* SQLite builds a table for a list of constants, which takes 8 us a list; one element that it holds to be no
 * constant makes it compare in place. */
static enum err open_list(struct reader *r)
{
        enum err e;
        buf_put_text(r->out, " ");
        if ((e = open_parenthesis(r)))
                return e;
        r->first[r->depth] = true;
        buf_put_text(r->out, "plain(");
        return OK;
}

static void end_first(struct reader *r)
{
        if (r->first[r->depth])
                buf_put_text(r->out, ")");
        r->first[r->depth] = false;
}

static enum err close_parenthesis(struct reader *r)
{
        if (r->depth == 0)
                return why_set(r->why, ERR_RULE, "a parenthesis closes that was not open");
        end_first(r);
        r->depth--;
        buf_put(r->out, advance(r, 1));
        return OK;
}

/* A column, a word of the language, or a function before its parenthesis. */
static enum err read_name(struct reader *r)
{
        struct bytes name = take_name(r);
        size_t ahead = 0;
        if (peek(r, 0) == '.')
                return read_column(r, name);
        while (is_space(peek(r, ahead)))
                ahead++;
        if (!listed(words, name) && (!listed(expression_functions, name) || peek(r, ahead) != '('))
                return refuse_name(r, name);
        buf_put(r->out, name);
        if (peek(r, ahead) == '(' && name.n == 2 && strncasecmp((const char *)name.at, "in", 2) == 0) {
                advance(r, ahead);
                return open_list(r);
        }
        return OK;
}

static enum err read_number(struct reader *r)
{
        size_t n = 0;
        while (is_digit(peek(r, n)))
                n++;
        if (n > DIGITS_MAX || is_name(peek(r, n)) || peek(r, n) == '.')
                return why_set(r->why, ERR_RULE, "numbers are whole and have at most %d digits", DIGITS_MAX);
        buf_put(r->out, advance(r, n));
        return OK;
}

static enum err read_text(struct reader *r)
{
        size_t n = 1;
        while (n < r->in.n && (r->in.at[n] != '\'' || peek(r, n + 1) == '\''))
                n += r->in.at[n] == '\'' ? 2 : 1;
        if (n >= r->in.n)
                return why_set(r->why, ERR_RULE, "a text in quotation marks is not closed");
        buf_put(r->out, advance(r, n + 1));
        return OK;
}

static enum err read_sign(struct reader *r)
{
        bool shift = (peek(r, 0) == '<' || peek(r, 0) == '>') && peek(r, 1) == peek(r, 0);
        if (peek(r, 0) == ',' && r->depth > 0) {
                end_first(r);
                buf_put(r->out, advance(r, 1));
                return OK;
        }
        for (size_t i = 0; signs[i] && !shift; i++) {
                size_t n = strlen(signs[i]);
                if (r->in.n < n || memcmp(r->in.at, signs[i], n) != 0)
                        continue;
                buf_put(r->out, advance(r, n));
                /* Two signs that stood apart stay apart, and `--` and `/` `*` never meet. */
                if (signs[i][0] == '-' || signs[i][0] == '/')
                        buf_put_text(r->out, " ");
                return OK;
        }
        return why_set(r->why, ERR_RULE, "the character 0x%02x has no place in an expression",
                       (unsigned)peek(r, 0));
}

static enum err read_one(struct reader *r)
{
        uint8_t c = peek(r, 0);
        if (is_space(c)) {
                advance(r, 1);
                buf_put_text(r->out, " ");
                return OK;
        }
        if ((c == '-' && peek(r, 1) == '-') || (c == '/' && peek(r, 1) == '*'))
                return why_set(r->why, ERR_RULE, "comments have no place in an expression");
        if (is_digit(c))
                return read_number(r);
        if (is_name(c))
                return read_name(r);
        if (c == '\'')
                return read_text(r);
        if (c == '(')
                return open_parenthesis(r);
        return c == ')' ? close_parenthesis(r) : read_sign(r);
}

static enum err read_whole(struct reader *r)
{
        enum err e;
        if (r->in.n > EXPRESSION_MAX)
                return why_set(r->why, ERR_RULE, "an expression has at most %d bytes", EXPRESSION_MAX);
        if (!bytes_utf8_valid(r->in))
                return why_set(r->why, ERR_RULE, "the expression is not valid UTF-8");
        while (r->in.n > 0) {
                if ((e = read_one(r)))
                        return e;
                if (r->out->n - r->from > EXPRESSION_EXPANDED_MAX)
                        return why_set(r->why, ERR_RULE, "with its terms it has more than %d bytes",
                                       EXPRESSION_EXPANDED_MAX);
        }
        if (r->depth > 0)
                return why_set(r->why, ERR_RULE, "a parenthesis is not closed");
        return OK;
}

enum err expression_translate(const struct names *names, struct bytes text, struct slots *slots,
                              struct buf *out, struct why *why)
{
        struct reader r = {.names = names,
                           .terms_n = names->terms_n,
                           .slots = slots,
                           .in = text,
                           .out = out,
                           .why = why,
                           .from = out->n};
        enum err e = read_whole(&r);
        return e ? e : buf_check(out);
}
