/* b64: base64url without padding (JOSE), base64 with padding (C2SP), lower-case hex. Canonical only: non-zero
 * trailing bits, padding where there is none to be, white space and foreign letters are ERR_BASE64.
 * For public bytes: table-driven, not constant-time. Source: RFC 4648 sections 4, 5, 8. */
#ifndef LEDGER_BASE_B64_H
#define LEDGER_BASE_B64_H

#include "ledger/base/buf.h"

#define B64U_LEN(n) (((n)*4 + 2) / 3)     /* characters of base64url for n bytes */
#define B64_LEN(n)  ((((n) + 2) / 3) * 4) /* characters of padded base64 for n bytes */

void b64u_put(struct buf *out, struct bytes in);
/* Writes B64U_LEN(in.n) characters and a NUL. */
void b64u_text(struct bytes in, char *out);
/* Appends the decoded bytes. On an error nothing is appended. */
enum err b64u_decode(struct bytes text, struct buf *out);
/* Decodes exactly n bytes; ERR_BASE64 for any other length. */
enum err b64u_decode_exact(struct bytes text, uint8_t *out, size_t n);

void b64_put(struct buf *out, struct bytes in);
enum err b64_decode(struct bytes text, struct buf *out);
enum err b64_decode_exact(struct bytes text, uint8_t *out, size_t n);

void hex_put(struct buf *out, struct bytes in);
/* ERR_FORM for what is not 2 * n lower-case digits. */
enum err hex_decode_exact(struct bytes text, uint8_t *out, size_t n);

#endif
