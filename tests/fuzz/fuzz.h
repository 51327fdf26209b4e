/* fuzz: what every target has: one function that takes any bytes. A target fails by the sanitizers, or by a
 * property that must hold for whatever was accepted. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "ledger/crypto/random.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* libFuzzer keeps the input when the process aborts. */
static inline void must(bool holds, const char *what)
{
        if (holds)
                return;
        (void)fprintf(stderr, "does not hold: %s\n", what);
        abort();
}

#endif
