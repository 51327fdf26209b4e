#include <stdio.h>
#include <string.h>

#include "daemon/command.h"
#include "ledger/crypto/random.h"

static const struct {
        const char *word;
        int (*run)(int argc, char **argv);
        const char *use, *sentence;
} commands[] = {
    {"init", command_init, "--data DIR --origin NAME [--listen ADDR:PORT] [--policy FILE] [--key-file F]",
     "make a new ledger; prints the first administrator's invite"},
    {"run", command_run, "--data DIR",
     "serve it in the foreground; prints \"ready ADDR:PORT\" when it answers"},
    {"check", command_check, "--data DIR [--quick]",
     "verify the file and the folder; the daemon may be running"},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static int usage(FILE *to)
{
        (void)fprintf(to, "enquiryd keeps an enquiry ledger.\n\n");
        for (size_t i = 0; i < COMMANDS; i++)
                (void)fprintf(to, "  enquiryd %s %s\n      %s\n", commands[i].word, commands[i].use,
                              commands[i].sentence);
        (void)fprintf(to, "  enquiryd --version\n");
        return to == stdout ? EXIT_DONE : EXIT_WRONG_USE;
}

int main(int argc, char **argv)
{
        enum err e;
        if (argc < 2)
                return usage(stderr);
        if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
                return usage(stdout);
        if (strcmp(argv[1], "--version") == 0) {
                (void)printf("enquiryd %s\n", ENQUIRY_VERSION);
                return EXIT_DONE;
        }
        if ((e = crypto_setup()))
                return command_fail(e, NULL);
        for (size_t i = 0; i < COMMANDS; i++)
                if (strcmp(argv[1], commands[i].word) == 0)
                        return commands[i].run(argc - 1, argv + 1);
        return usage(stderr);
}
