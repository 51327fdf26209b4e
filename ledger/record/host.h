/* host: the name of a host in the one form in which it is compared: ASCII, lower case, labels in other
 * scripts as punycode (RFC 3492), no dot at the end. Pure, and the same in every locale, which is why
 * libcurl's own conversion is not used. Case is folded for Latin, Greek and Cyrillic; full-width forms become
 * ASCII; what UTS 46 reads past or refuses is read past or refused, as far as people can be misled by it. */
#ifndef LEDGER_RECORD_HOST_H
#define LEDGER_RECORD_HOST_H

#include "ledger/base/bytes.h"

#define HOST_MAX  253 /* bytes, RFC 1035 */
#define LABEL_MAX 63

/* A name with at least one dot, or an address in brackets. ERR_ADDRESS for anything else. */
enum err host_to_ascii(struct bytes host, char out[HOST_MAX + 1]);

#endif
