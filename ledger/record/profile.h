/* profile: finds the platform of an address and the account in it, by the table of schema/platforms. Pure. */
#ifndef LEDGER_RECORD_PROFILE_H
#define LEDGER_RECORD_PROFILE_H

#include "ledger/record/address.h"
#include "schema/platforms.h"

struct profile {
        const struct platform *platform;
        const struct platform_pattern *pattern; /* NULL: no pattern fits, or a page of the site itself */
        /* What the pattern takes: an account, a post, an address; as written, decoration removed; borrowed
         * from the address. */
        struct bytes account;
        const char *host;   /* without labels that change nothing; borrowed as well */
        struct bytes label; /* what stands for the `*` of the host; empty: none */
};

/* False if the host is in no row of the table. A host on a port of its own is nobody's. */
bool profile_find(const struct address *a, struct profile *out);
/* The pattern names an account. */
bool profile_is_account(const struct profile *p);
/* The host without `www.`, `m.` and `mobile.`; borrowed from it. */
const char *profile_plain_host(const char *host);

#endif
