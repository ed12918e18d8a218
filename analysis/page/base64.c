/* SPDX-License-Identifier: Apache-2.0 */
/* Writes base64 by way of libsodium. */
#include "page/base64.h"

#include <sodium.h>

void base64_end(base64_t *b)
{
    char text[BASE64_BYTES / 3 * 4 + 1];
    fputs(sodium_bin2base64(text, sizeof text, b->held, b->bytes, sodium_base64_VARIANT_ORIGINAL),
          b->out);
    b->bytes = 0;
}

void base64_put(base64_t *b, unsigned byte)
{
    b->held[b->bytes++] = (unsigned char)byte;
    if (b->bytes == BASE64_BYTES) {
        base64_end(b);
    }
}
