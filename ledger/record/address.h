/* address: a web address taken apart into comparable pieces. libcurl's URL API splits it; here the pieces get
 * one form: host by host.h, path without empty and dot segments, percent-encoding only where it is needed,
 * parameters that only track left out and the rest sorted. A user name before the host is left out, as
 * browsers do; what programs read in different ways (a backslash before an `@`, white space inside) is
 * refused, and so is what people paste for an address but is none: an e-mail address, a telephone number.
 * Pure. */
#ifndef LEDGER_RECORD_ADDRESS_H
#define LEDGER_RECORD_ADDRESS_H

#include "ledger/base/buf.h"
#include "ledger/record/host.h"

#define ADDRESS_MAX            2000                   /* bytes as people paste it */
#define ADDRESS_SCRATCH_MAX    (3 * ADDRESS_MAX + 64) /* bytes: all of it percent-encoded */
#define ADDRESS_SEGMENTS_MAX   64
#define ADDRESS_PARAMETERS_MAX 64
#define ADDRESS_NO_FRAGMENT    SIZE_MAX

struct address_parameter {
        struct bytes name, value;
};

struct address {
        char host[HOST_MAX + 1];
        unsigned port; /* 0: the usual one */
        size_t segments_n;
        struct bytes segment[ADDRESS_SEGMENTS_MAX];
        /* Index of the first segment that came from a fragment such as `#!/name`, or ADDRESS_NO_FRAGMENT. */
        size_t fragment_at;
        struct bytes fragment; /* one that is no path: `#top` */
        size_t parameters_n;
        struct address_parameter parameter[ADDRESS_PARAMETERS_MAX];
};

/* Slices of *out point into `scratch`, whose maximum is ADDRESS_SCRATCH_MAX or more, and which must stay as
 * it is while they are used. http and https only, which may be missing. ERR_ADDRESS, ERR_TOO_LONG,
 * ERR_NO_MEMORY. */
enum err address_parse(struct bytes text, struct buf *scratch, struct address *out);
/* The bytes that percent-encoding stands for. */
void address_decode(struct bytes text, struct buf *out);

#endif
