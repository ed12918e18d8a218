/* SPDX-License-Identifier: Apache-2.0 */
/* The tubing's part of the column. */
#include "device/tubing.h"

#include <stdbool.h>
#include <string.h>

static running_sum_t before(running_sum_t place, double volume_ml)
{
    running_sum_add(&place, -volume_ml);
    return place;
}

/* Upstream of `cut` there is nothing any more; at least one parcel is kept, and may then have no volume. */
static void cut_at(catheter_t *c, running_sum_t cut, double removed_ug[])
{
    for (bool more = true; more;) {
        catheter_parcel_t *last = &c->parcel[c->parcels - 1];
        const running_sum_t start =
            c->parcels > 1 ? c->parcel[c->parcels - 2].end_ml : before(c->pushed_ml, c->volume_ml);
        const bool whole = c->parcels > 1 && running_sum_difference(start, cut) >= 0.0;
        const running_sum_t from = whole ? start : cut;
        for (int d = 0; d < c->drugs; d++) {
            removed_ug[d] += last->ug_per_ml[d] * running_sum_difference(last->end_ml, from);
        }
        last->end_ml = cut;
        c->parcels -= whole ? 1 : 0;
        more = whole;
    }
}

/* The list is full: the two parcels next to the pump become one of the same mass. */
static void mix_last_two(catheter_t *c)
{
    catheter_parcel_t *a = &c->parcel[c->parcels - 2];
    const catheter_parcel_t *b = &c->parcel[c->parcels - 1];
    const double a_ml = running_sum_difference(a->end_ml, c->parcel[c->parcels - 3].end_ml);
    const double b_ml = running_sum_difference(b->end_ml, a->end_ml);
    for (int d = 0; d < c->drugs; d++) {
        a->ug_per_ml[d] = (a->ug_per_ml[d] * a_ml + b->ug_per_ml[d] * b_ml) / (a_ml + b_ml);
    }
    a->end_ml = b->end_ml;
    c->parcels--;
    c->merges++;
}

int tubing_swap(catheter_t *c, double tubing_ml, const double ug_per_ml[], double removed_ug[],
                error_t *e)
{
    memset(removed_ug, 0, (size_t)c->drugs * sizeof *removed_ug);
    if (!(tubing_ml >= 0.0) || !(tubing_ml <= c->volume_ml)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "tubing: %g mL of a column of %g mL", tubing_ml,
                           c->volume_ml);
    }
    if (tubing_ml <= 0.0) {
        return ERROR_OK;
    }
    cut_at(c, before(c->pushed_ml, tubing_ml), removed_ug);
    if (tubing_ml >= c->volume_ml) {
        c->parcels = 0;
    }
    if (c->parcels == CATHETER_PARCELS_MAX) {
        mix_last_two(c);
    }
    catheter_parcel_t *new = &c->parcel[c->parcels++];
    new->end_ml = c->pushed_ml;
    memcpy(new->ug_per_ml, ug_per_ml, (size_t)c->drugs * sizeof *ug_per_ml);
    return ERROR_OK;
}
