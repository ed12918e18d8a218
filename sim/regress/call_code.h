/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of a core's hardware as bytes: what a recording is made of, the same on every machine.
 *
 * A recording is a sequence of items, each of which begins with a byte:
 *
 *     0x00  a life begins: varint length, text without a NUL
 *     0xFF  the end: varint length, text; nothing follows
 *     else  recorder_call_id_t of a call: a byte of CALL_CODE_* of what follows, then these in their order: result, clock (how much
 *           later than at the call before it, modulo 2^64), both arguments, both results, length, the bytes
 *
 * A varint has seven bits of its number in each byte, the lowest first; bit 7 is set in all but the last. Result and clock are
 * zigzag: 0, -1, 1, -2 ... are 0, 1, 2, 3. What is zero is left out. Needs nothing but memory. Thread rule: one thread at a time.
 */
#ifndef SIM_REGRESS_CALL_CODE_H
#define SIM_REGRESS_CALL_CODE_H

#include "host/recorder.h"

#include <stddef.h>
#include <stdint.h>

#define CALL_CODE_MAGIC "thecasim recording 1\n" /* what a file of them begins with */
#define CALL_CODE_LIFE 0x00u
#define CALL_CODE_END 0xFFu

#define CALL_CODE_RESULT 0x01u
#define CALL_CODE_CLOCK 0x02u
#define CALL_CODE_IN0 0x04u
#define CALL_CODE_IN1 0x08u
#define CALL_CODE_OUT0 0x10u
#define CALL_CODE_OUT1 0x20u
#define CALL_CODE_BYTES 0x40u /* length and bytes, be they none */

#define CALL_CODE_HEAD_MAX 96u /* of an item, without its bytes or text */
#define CALL_CODE_BYTES_MAX 65536u

/* What the next item is told by. Zero it at the beginning of each life, on both sides. */
typedef struct call_code_t {
    uint64_t clock_ms;
} call_code_t;

/* Writes the head of a call; call->bytes, if any, follow it. Returns its length. */
size_t call_code_put(call_code_t *c, const recorder_call_t *call, uint8_t head[CALL_CODE_HEAD_MAX]);

/* The head of CALL_CODE_LIFE or CALL_CODE_END with a text of `length`, which follows. */
size_t call_code_put_text(uint8_t kind, size_t length, uint8_t head[CALL_CODE_HEAD_MAX]);

/* Takes one item of bytes[size]. A call is filled in, its bytes borrowed; of a text `id` is 0, `in[0]` its kind, and `bytes` and `length` the text. Returns
 * what it takes; 0: no item, or not a whole one. */
size_t call_code_get(call_code_t *c, const uint8_t *bytes, size_t size, recorder_call_t *call);

#endif
