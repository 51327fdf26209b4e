#include "policy/sandbox.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledger/base/json.h"
#include "policy/expression.h"
#include "policy/functions.h"

#define STEPS_CHECKED 500 /* virtual-machine steps between two looks at the bound */

struct sandbox {
        sqlite3 *db;
        unsigned selects;     /* of the statement that is being compiled */
        unsigned checks_left; /* until the steps are used up */
};

static bool function_allowed(const char *name)
{
        for (size_t i = 0; expression_functions[i]; i++)
                if (name && strcasecmp(expression_functions[i], name) == 0)
                        return true;
        return name && strcmp(name, "plain") == 0; /* which expression.c puts there, and no pack can */
}

static int authorise(void *self, int action, const char *first, const char *second, const char *database,
                     const char *trigger)
{
        struct sandbox *s = self;
        (void)first;
        (void)database;
        if (trigger != NULL)
                return SQLITE_DENY;
        if (action == SQLITE_SELECT)
                return ++s->selects == 1 ? SQLITE_OK : SQLITE_DENY;
        return action == SQLITE_FUNCTION && function_allowed(second) ? SQLITE_OK : SQLITE_DENY;
}

static int count_steps(void *self)
{
        struct sandbox *s = self;
        if (s->checks_left == 0)
                return 1;
        s->checks_left--;
        return 0;
}

static enum err harden(sqlite3 *db)
{
        static const struct {
                int option, value;
        } options[] = {
            {SQLITE_DBCONFIG_DEFENSIVE, 1},
            {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
            {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
            {SQLITE_DBCONFIG_DQS_DML, 0},
            {SQLITE_DBCONFIG_DQS_DDL, 0},
            {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
            {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
            {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
            {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
        };
        for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
                int now = -1;
                if (sqlite3_db_config(db, options[i].option, options[i].value, &now) != SQLITE_OK ||
                    now != options[i].value)
                        return ERR_DB;
        }
        return OK;
}

static void limit(sqlite3 *db)
{
        static const struct {
                int which, value;
        } limits[] = {
            {SQLITE_LIMIT_LENGTH, SANDBOX_VALUE_MAX},
            {SQLITE_LIMIT_SQL_LENGTH, SANDBOX_SQL_MAX},
            {SQLITE_LIMIT_COLUMN, 200},
            {SQLITE_LIMIT_EXPR_DEPTH, 100},
            {SQLITE_LIMIT_COMPOUND_SELECT, 1},
            {SQLITE_LIMIT_VDBE_OP, 1000000},
            {SQLITE_LIMIT_FUNCTION_ARG, 16},
            {SQLITE_LIMIT_ATTACHED, 0},
            {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 64},
            {SQLITE_LIMIT_VARIABLE_NUMBER, COLUMN_COUNT},
            {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
            {SQLITE_LIMIT_WORKER_THREADS, 0},
        };
        for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
                sqlite3_limit(db, limits[i].which, limits[i].value);
}

enum err sandbox_new(struct sandbox **out)
{
        const int flags =
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
        struct sandbox *s = calloc(1, sizeof *s);
        enum err e = ERR_NO_MEMORY;
        if (s == NULL || sqlite3_open_v2(":memory:", &s->db, flags, NULL) != SQLITE_OK)
                goto done;
        if ((e = harden(s->db)) || (e = functions_register(s->db)))
                goto done;
        limit(s->db);
        sqlite3_progress_handler(s->db, STEPS_CHECKED, count_steps, s);
        e = sqlite3_set_authorizer(s->db, authorise, s) == SQLITE_OK ? OK : ERR_DB;
        if (!e) {
                *out = s;
                s = NULL; /* given away */
        }
done:
        sandbox_free(s);
        return e;
}

void sandbox_free(struct sandbox *s)
{
        if (s == NULL)
                return;
        sqlite3_close_v2(s->db);
        free(s);
}

static enum err failed(struct sandbox *s, int result, struct why *why)
{
        if (result == SQLITE_NOMEM)
                return ERR_NO_MEMORY;
        if (result == SQLITE_INTERRUPT)
                return why_set(why, ERR_RULE, "it takes too many steps");
        return why_set(why, ERR_RULE, "%.150s", sqlite3_errmsg(s->db));
}

enum err sandbox_prepare(struct sandbox *s, struct bytes sql, sqlite3_stmt **out, struct why *why)
{
        const unsigned flags = SQLITE_PREPARE_PERSISTENT | SQLITE_PREPARE_NO_VTAB;
        sqlite3_stmt *statement = NULL;
        const char *tail = NULL;
        int result;
        if (sql.n > SANDBOX_SQL_MAX)
                return why_set(why, ERR_RULE, "the expressions are too long together");
        s->selects = 0;
        s->checks_left = SANDBOX_STEPS_MAX / STEPS_CHECKED;
        result = sqlite3_prepare_v3(s->db, (const char *)sql.at, (int)sql.n, flags, &statement, &tail);
        if (result != SQLITE_OK)
                return failed(s, result, why);
        if (statement == NULL || tail != (const char *)sql.at + sql.n || s->selects != 1 ||
            !sqlite3_stmt_readonly(statement)) {
                sqlite3_finalize(statement);
                return why_set(why, ERR_RULE, "it is not one expression");
        }
        *out = statement;
        return OK;
}

enum err sandbox_bind(sqlite3_stmt *statement, const struct fact_value value[])
{
        int count = sqlite3_bind_parameter_count(statement), result = SQLITE_OK;
        for (int i = 1; i <= count && result == SQLITE_OK; i++) {
                switch (value[i].type) {
                case FACT_NULL: result = sqlite3_bind_null(statement, i); break;
                case FACT_INT: result = sqlite3_bind_int64(statement, i, value[i].number); break;
                case FACT_TEXT:
                        /* An empty text may be at NULL, which SQLite would take for NULL. */
                        result = sqlite3_bind_text64(statement, i,
                                                     value[i].text.n ? (const char *)value[i].text.at : "",
                                                     value[i].text.n, SQLITE_STATIC, SQLITE_UTF8);
                        break;
                }
        }
        if (result == SQLITE_OK)
                return OK;
        return result == SQLITE_TOOBIG ? ERR_TOO_LONG : result == SQLITE_NOMEM ? ERR_NO_MEMORY : ERR_BUG;
}

enum err sandbox_run(struct sandbox *s, sqlite3_stmt *statement, struct why *why)
{
        int result;
        s->checks_left = SANDBOX_STEPS_MAX / STEPS_CHECKED;
        result = sqlite3_step(statement);
        if (result == SQLITE_ROW)
                return OK;
        return result == SQLITE_DONE ? why_set(why, ERR_RULE, "it gives no value") : failed(s, result, why);
}
