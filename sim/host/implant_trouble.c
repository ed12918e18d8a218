/* SPDX-License-Identifier: Apache-2.0 */
/* Trouble imposed on the implant's hardware. */
#include "host/implant_trouble.h"

#include "host/implant.h"

#include <string.h>

#define BITS 8u

void implant_trouble_upset(implant_t *im, recorder_call_id_t call, const implant_upset_t *upset)
{
    im->trouble.upset[call] = *upset;
}

void implant_trouble_tear(implant_t *im, uint64_t after, double share)
{
    im->trouble.tear.due = true;
    im->trouble.tear.after = after;
    im->trouble.tear.share = share;
}

void implant_trouble_rot(implant_t *im, uint64_t after, uint64_t writes, const draw_t *draw)
{
    im->trouble.rot.after = after;
    im->trouble.rot.writes = writes;
    im->trouble.rot.draw = *draw;
}

/* The end of the span in `size` bytes. */
static uint32_t end_of(implant_span_t span, uint32_t size)
{
    return span.address < size && span.length < size - span.address ? span.address + span.length
                                                                    : size;
}

void implant_trouble_wear(implant_t *im, implant_span_t span, bool worn)
{
    const uint32_t end = end_of(span, IMPLANT_STORE_BYTES);
    for (uint32_t at = span.address; at < end; at++) {
        const uint32_t bit = 1u << at / IMPLANT_STORE_SECTOR_BYTES;
        im->trouble.worn = worn ? im->trouble.worn | bit : im->trouble.worn & ~bit;
    }
}

/* ---- bits that flip -------------------------------------------------------------------------------------------------- */

/* Whether the byte can be hit. */
typedef bool (*may_t)(const implant_t *im, uint32_t at);

static bool is_written(const implant_t *im, uint32_t at)
{
    return im->store[at] != IMPLANT_STORE_ERASED;
}

static bool is_memory(const implant_t *im, uint32_t at)
{
    uintptr_t word = 0;
    const uint32_t from = at - at % (uint32_t)sizeof word;
    if (from + sizeof word > im->core->entry->state_size) {
        return true;
    }
    memcpy(&word, (const uint8_t *)im->state + from, sizeof word);
    return word != (uintptr_t)recorder_hal(&im->recorder) && word != (uintptr_t)im &&
           word != (uintptr_t)&im->recorder;
}

/* Selection sampling: Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S. A byte is looked at before its own bits flip. */
static void flip(implant_t *im, uint8_t *bytes, implant_span_t span, may_t may, uint64_t bits,
                 draw_t *draw)
{
    const uint32_t end = span.address + span.length;
    uint64_t left = 0;
    for (uint32_t at = span.address; at < end; at++) {
        left += may(im, at) ? BITS : 0u;
    }
    for (uint32_t at = span.address; at < end && bits > 0u; at++) {
        const uint32_t here = may(im, at) ? BITS : 0u;
        for (uint32_t bit = 0; bit < here; bit++, left--) {
            if (draw_uniform(draw) * (double)left < (double)bits) {
                bytes[at] ^= (uint8_t)(1u << bit);
                bits--;
            }
        }
    }
}

void implant_trouble_flip_store(implant_t *im, implant_span_t span, uint64_t bits, draw_t *draw)
{
    span.length = end_of(span, IMPLANT_STORE_BYTES) - span.address;
    flip(im, im->store, span, is_written, bits, draw);
}

int implant_trouble_flip_memory(implant_t *im, implant_span_t span, uint64_t bits, draw_t *draw,
                                error_t *e)
{
    const uint32_t size = im->core->entry->state_size;
    if (span.address >= size) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "the state of core %s ends at byte %u, before %u",
                           im->core->entry->core_id, size, span.address);
    }
    span.length = end_of(span, size) - span.address;
    flip(im, (uint8_t *)im->state, span, is_memory, bits, draw);
    return 0;
}
