/* SPDX-License-Identifier: Apache-2.0 */
/* The first call in which two cores differ. */
#include "regress/divergence.h"

#include <string.h>

bool divergence_equal(const recorder_call_t *a, const recorder_call_t *b)
{
    if (a->id != b->id || a->result != b->result || a->clock_ms != b->clock_ms ||
        memcmp(a->in, b->in, sizeof a->in) != 0 || memcmp(a->out, b->out, sizeof a->out) != 0 ||
        a->length != b->length || (a->bytes == NULL) != (b->bytes == NULL)) {
        return false;
    }
    return a->bytes == NULL || memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* Where to look: the stretch behind the last mark that both share. A side that died has no trace; what it was last heard of
 * is where its marks end. */
static int64_t stretch(const testimony_t *a, const testimony_t *b)
{
    if (a->end == TESTIMONY_LIVED && b->end == TESTIMONY_LIVED) {
        return trace_differ(&a->trace, &b->trace);
    }
    const int64_t heard = a->end == TESTIMONY_LIVED ? b->calls : a->calls;
    return heard / TRACE_MARK_CALLS * TRACE_MARK_CALLS;
}

static size_t first_difference(const testimony_t *a, const testimony_t *b)
{
    size_t i = 0;
    while (i < a->windowed && i < b->windowed &&
           divergence_equal(&a->window[i]->call, &b->window[i]->call)) {
        i++;
    }
    return i;
}

int divergence_find(divergence_t *d, const pool_t *pool, size_t unit, const testimony_t *baseline,
                    const testimony_t *candidate, error_t *e)
{
    const int64_t from = stretch(baseline, candidate);
    const int64_t window = from > DIVERGENCE_BEFORE ? from - DIVERGENCE_BEFORE : 0;
    int code = 0;
    memset(d, 0, sizeof *d);
    d->unit = unit;
    if (from < 0) {
        return 0;
    }
    for (int side = 0; code == 0 && side < POOL_SIDES; side++) {
        code =
            pool_again(pool, unit, side, window,
                       DIVERGENCE_BEFORE + TRACE_MARK_CALLS + DIVERGENCE_AFTER, &d->side[side], e);
    }
    if (code == 0) {
        d->at = first_difference(&d->side[0], &d->side[1]);
        d->found = d->at < d->side[0].windowed || d->at < d->side[1].windowed;
    }
    return code;
}

void divergence_free(divergence_t *d)
{
    for (int side = 0; side < POOL_SIDES; side++) {
        testimony_free(&d->side[side]);
    }
    memset(d, 0, sizeof *d);
}
