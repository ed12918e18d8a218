/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes into base64 as they come. base64_end writes what is held, with the padding; nothing may be put after it. Thread rule: any
 * thread; a base64_t belongs to one. */
#ifndef ANALYSIS_BASE64_H
#define ANALYSIS_BASE64_H

#include <stddef.h>
#include <stdio.h>

#define BASE64_BYTES 768 /* whole groups of three, so that nothing is padded but the end */

/* Zero but for `out`, which is borrowed, to begin. */
typedef struct base64_t {
    unsigned char held[BASE64_BYTES];
    size_t bytes;
    FILE *out;
} base64_t;

void base64_put(base64_t *b, unsigned byte);
void base64_end(base64_t *b);

#endif
