#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "client/command.h"

static const struct {
        const char *word;
        int (*run)(struct session *s, int argc, char **argv);
        const char *use, *sentence;
} commands[] = {
    {"enrol", command_enrol, "INVITE --name TEXT [--alias A] [--rank R]",
     "join a ledger with the invite you were given"},
    {"whoami", command_whoami, "", "who you are here, with which roles, in which ledger"},
    {"agent", command_agent, "[start|stop] [--idle SECONDS]",
     "type the passphrase once and keep the key while you work"},
    {"log", command_log, "URL... | --from FILE.json | --looked RESULT URL",
     "ask before you look, or report a look just taken"},
    {"done", command_done, "[REF] RESULT | REF --from FILE.json", "say what came of it"},
    {"authority", command_authority, "register | review|renew|cancel REF | determine [REF] | show REF | list",
     "the register of authorities, with their clocks"},
    {"persona", command_persona, "register | import FILE | assign REF WHO... | lapse REF | show REF | list",
     "the register of personas"},
    {"combine", command_combine, "ADDRESS|REF ADDRESS|REF... --relation R --reason TEXT",
     "tie accounts of one person together, or part them"},
    {"amend", command_amend, "REF FIELD VALUE --reason TEXT", "correct an entry; the old one stays"},
    {"show", command_show, "REF", "one entry with its fields, decisions and reasons"},
    {"list", command_list, "[--open] [--all] [--operation NAME]", "entries that you may see"},
    {"operation", command_operation, "open NAME --aim A --basis B --justification TEXT | use|show|close NAME",
     "what enquiries are made for; gives them their defaults"},
    {"queue", command_queue, "", "what waits for your decision"},
    {"digest", command_digest, "[--days N]", "what the rules put before your role"},
    {"decide", command_decide, "REF approve|conditions|return|refuse|escalate --reason TEXT [--seen DIGEST]",
     "decide a waiting entry"},
    {"invite", command_invite, "--role ROLE [--unit U] [--training LEVEL]", "make an invite for a newcomer"},
    {"member", command_member, "revoke|role|move|rekey MEMBER ...", "change somebody's place in the ledger"},
    {"members", command_members, "", "who is enrolled, with which roles"},
    {"send", command_send, "", "send what waits in the outbox"},
    {"receipts", command_receipts, "", "your receipts; checks each"},
    {"verify", command_verify, "FILE.db [--vkey V] [--key-file F] [--strict] | --receipt FILE --vkey V",
     "check a ledger or a receipt offline"},
    {"export", command_export, "--spine FILE.db | --tiles DIR | --content FILE --to MEMBER",
     "take a copy to verify or to audit"},
    {"policy", command_policy,
     "show [FILE] | check|test FILE | diff OLD NEW | explain --pack FILE --from FILE.json | adopt FILE",
     "the rules, and what they say to one enquiry"},
    {"fields", command_fields, "[KIND] [--schema]", "the fields and words of an entry"},
    {"subject", command_subject, "ADDRESS...", "which platform and account an address means"},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static int usage(FILE *to)
{
        (void)fprintf(to, "enquiry [--home DIR] [--json] [--passphrase-file F] COMMAND ...\n\n");
        for (size_t i = 0; i < COMMANDS; i++)
                (void)fprintf(to, "  %-10s %s\n             %s\n", commands[i].word, commands[i].use,
                              commands[i].sentence);
        return to == stdout ? EXIT_DONE : EXIT_WRONG_USE;
}

static int usage_of(size_t i)
{
        (void)printf("enquiry %s %s\n%s\n", commands[i].word, commands[i].use, commands[i].sentence);
        return EXIT_DONE;
}

/* The options before the command's word; *out_at is where the word stands. */
static bool take_globals(struct session *s, int argc, char **argv, int *out_at)
{
        int i = 1;
        for (; i < argc && argv[i][0] == '-'; i++) {
                const char *value = i + 1 < argc ? argv[i + 1] : NULL;
                if (strcmp(argv[i], "--json") == 0)
                        s->json = true;
                else if (strcmp(argv[i], "--home") == 0 && value != NULL && s->home_given == NULL)
                        s->home_given = argv[++i];
                else if (strncmp(argv[i], "--home=", 7) == 0 && s->home_given == NULL)
                        s->home_given = argv[i] + 7;
                else if (strcmp(argv[i], "--passphrase-file") == 0 && value != NULL &&
                         s->passphrase_file == NULL)
                        s->passphrase_file = argv[++i];
                else if (strncmp(argv[i], "--passphrase-file=", 18) == 0 && s->passphrase_file == NULL)
                        s->passphrase_file = argv[i] + 18;
                else
                        return false;
        }
        *out_at = i;
        return true;
}

static int run(struct session *s, size_t which, int argc, char **argv)
{
        enum err e = crypto_setup();
        if (e)
                return command_fail(s, e);
        if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
                return command_fail(s, ERR_CRYPTO);
        int status = commands[which].run(s, argc, argv);
        session_close(s);
        curl_global_cleanup();
        return fflush(stdout) == 0 ? status : EXIT_INTERNAL;
}

int main(int argc, char **argv)
{
        static struct session s = {.home = {.lock_fd = -1}};
        int at = 1;
        if (argc > 1 &&
            (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0 || strcmp(argv[1], "-h") == 0))
                return usage(stdout);
        if (argc > 1 && strcmp(argv[1], "--version") == 0) {
                (void)printf("enquiry %s\n", ENQUIRY_VERSION);
                return EXIT_DONE;
        }
        if (!take_globals(&s, argc, argv, &at) || at == argc)
                return usage(stderr);
        for (size_t i = 0; i < COMMANDS; i++)
                if (strcmp(argv[at], commands[i].word) == 0) {
                        for (int k = at + 1; k < argc; k++)
                                if (strcmp(argv[k], "--help") == 0)
                                        return usage_of(i);
                        return run(&s, i, argc - at, argv + at);
                }
        (void)fprintf(stderr, "enquiry: %.60s is no command; `enquiry --help` lists them. (USE-01)\n",
                      argv[at]);
        return EXIT_WRONG_USE;
}
