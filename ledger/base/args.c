#include "ledger/base/args.h"

#include <string.h>

static const struct arg *find(const struct arg table[], const char *name, size_t n)
{
        for (const struct arg *a = table; a->name != NULL; a++)
                if (strlen(a->name) == n && memcmp(a->name, name, n) == 0)
                        return a;
        return NULL;
}

static enum err set(const struct arg *a, const char *value, struct why *why)
{
        if (a->list != NULL) {
                if (*a->list_n == a->list_max)
                        return why_set(why, ERR_USE, "--%s is given too often", a->name);
                a->list[(*a->list_n)++] = value;
        } else if (*a->text != NULL) {
                return why_set(why, ERR_USE, "--%s is given twice", a->name);
        } else {
                *a->text = value;
        }
        return OK;
}

enum err args_parse(int argc, char **argv, const struct arg table[], struct args *out, struct why *why)
{
        bool options = true;
        enum err e;
        out->words_n = 0;
        for (int i = 1; i < argc; i++) {
                const char *word = argv[i];
                if (!options || word[0] != '-' || word[1] == '\0') {
                        if (out->words_n == ARGS_WORDS_MAX)
                                return why_set(why, ERR_USE, "too many words");
                        out->words[out->words_n++] = word;
                        continue;
                }
                if (strcmp(word, "--") == 0) {
                        options = false;
                        continue;
                }
                const char *name = word[1] == '-' ? word + 2 : word + 1;
                const char *equal = strchr(name, '=');
                const struct arg *a =
                    find(table, name, equal == NULL ? strlen(name) : (size_t)(equal - name));
                if (a == NULL)
                        return why_set(why, ERR_USE, "%.60s is not an option here", word);
                if (a->flag != NULL) {
                        if (equal != NULL)
                                return why_set(why, ERR_USE, "--%s takes no value", a->name);
                        *a->flag = true;
                        continue;
                }
                if (equal == NULL && i + 1 == argc)
                        return why_set(why, ERR_USE, "--%s needs a value", a->name);
                if ((e = set(a, equal != NULL ? equal + 1 : argv[++i], why)))
                        return e;
        }
        return OK;
}
