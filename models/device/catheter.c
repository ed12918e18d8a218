/* SPDX-License-Identifier: Apache-2.0 */
/* The fluid column of tubing and catheter: parcels between borders in pushed volume. */
#include "device/catheter.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static int check_init(const catheter_param_t *p, int drugs, const double ug_per_ml[], error_t *e)
{
    if (drugs < 1 || drugs > SEGMENT_DRUGS_MAX) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "catheter: %d drugs, allowed are 1 to %d", drugs,
                           SEGMENT_DRUGS_MAX);
    }
    if (!(p->trimmed_cm < p->length_cm) || !(p->ml_per_cm > 0.0)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "catheter: %g cm trimmed from %g cm of %g mL/cm",
                           p->trimmed_cm, p->length_cm, p->ml_per_cm);
    }
    for (int i = 0; i < drugs; i++) {
        if (!(ug_per_ml[i] >= 0.0) || !isfinite(ug_per_ml[i])) {
            return ERROR_RAISE(e, ERROR_ARGUMENT, "catheter: drug %d at %g ug/mL", i, ug_per_ml[i]);
        }
    }
    return ERROR_OK;
}

static void set_parcel(catheter_t *c, int i, const double ug_per_ml[])
{
    c->parcel[i].end_ml = c->pushed_ml;
    memcpy(c->parcel[i].ug_per_ml, ug_per_ml, (size_t)c->drugs * sizeof *ug_per_ml);
}

int catheter_init(catheter_t *c, const catheter_param_t *p, int drugs, const double ug_per_ml[],
                  error_t *e)
{
    int code = check_init(p, drugs, ug_per_ml, e);
    if (code < 0) {
        return code;
    }
    *c = (catheter_t){
        .volume_ml = p->tubing_ml + (p->length_cm - p->trimmed_cm) * p->ml_per_cm,
        .drugs = drugs,
        .parcels = 1,
    };
    set_parcel(c, 0, ug_per_ml);
    return ERROR_OK;
}

/* The tip's place on the axis of pushed volume. */
static running_sum_t tip_of(const catheter_t *c)
{
    running_sum_t tip = c->pushed_ml;
    running_sum_add(&tip, -c->volume_ml);
    return tip;
}

static double volume_of(const catheter_t *c, int i)
{
    running_sum_t start = i == 0 ? tip_of(c) : c->parcel[i - 1].end_ml;
    return running_sum_difference(c->parcel[i].end_ml, start);
}

static void drop_parcels(catheter_t *c, int at, int count)
{
    int after = c->parcels - at - count;
    memmove(&c->parcel[at], &c->parcel[at + count], (size_t)after * sizeof c->parcel[0]);
    c->parcels -= count;
}

/* Mixes the two neighbours of least volume together, which disturbs the column's profile least. */
static void merge_smallest(catheter_t *c)
{
    int best = 0;
    double least_ml = HUGE_VAL;
    for (int i = 0; i + 1 < c->parcels; i++) {
        double pair_ml = volume_of(c, i) + volume_of(c, i + 1);
        if (pair_ml < least_ml) {
            least_ml = pair_ml;
            best = i;
        }
    }
    double near_ml = volume_of(c, best);
    double far_ml = volume_of(c, best + 1);
    catheter_parcel_t *near = &c->parcel[best];
    catheter_parcel_t *far = &c->parcel[best + 1];
    for (int d = 0; d < c->drugs; d++) {
        double mass_ug = near->ug_per_ml[d] * near_ml + far->ug_per_ml[d] * far_ml;
        far->ug_per_ml[d] = mass_ug / (near_ml + far_ml);
    }
    drop_parcels(c, best, 1);
    c->merges++;
}

/* Exact equality: fluid of one filling has the same bits; anything else is another fluid. */
static bool is_same(const catheter_t *c, const double ug_per_ml[])
{
    const double *last = c->parcel[c->parcels - 1].ug_per_ml;
    for (int d = 0; d < c->drugs; d++) {
        if (last[d] < ug_per_ml[d] || last[d] > ug_per_ml[d]) {
            return false;
        }
    }
    return true;
}

static void enter(catheter_t *c, double volume_ml, const double ug_per_ml[])
{
    bool same = is_same(c, ug_per_ml);
    if (!same && c->parcels == CATHETER_PARCELS_MAX) {
        merge_smallest(c);
    }
    running_sum_add(&c->pushed_ml, volume_ml);
    if (same) {
        c->parcel[c->parcels - 1].end_ml = c->pushed_ml;
    } else {
        set_parcel(c, c->parcels++, ug_per_ml);
    }
}

static void add_mass(const catheter_t *c, int i, double volume_ml, double mass_ug[])
{
    for (int d = 0; d < c->drugs; d++) {
        mass_ug[d] += c->parcel[i].ug_per_ml[d] * volume_ml;
    }
}

/* Lets out what lies before the tip, which moved from `from` to where it is now. The newest parcel always
 * stays, as it reaches one column's volume upstream of the tip. */
static void leave(catheter_t *c, running_sum_t from, double mass_ug[])
{
    running_sum_t tip = tip_of(c);
    int gone = 0;
    while (gone + 1 < c->parcels && running_sum_difference(c->parcel[gone].end_ml, tip) <= 0.0) {
        add_mass(c, gone, running_sum_difference(c->parcel[gone].end_ml, from), mass_ug);
        from = c->parcel[gone].end_ml;
        gone++;
    }
    add_mass(c, gone, running_sum_difference(tip, from), mass_ug);
    if (gone > 0) {
        drop_parcels(c, 0, gone);
    }
}

void catheter_push(catheter_t *c, const segment_t *s, const double ug_per_ml[], double mass_ug[])
{
    for (int d = 0; d < c->drugs; d++) {
        mass_ug[d] = 0.0;
    }
    if (s->volume_ml > 0.0) {
        running_sum_t from = tip_of(c);
        enter(c, s->volume_ml, ug_per_ml);
        leave(c, from, mass_ug);
    }
}

double catheter_mass_ug(const catheter_t *c, int drug)
{
    double mass_ug = 0.0;
    for (int i = 0; i < c->parcels; i++) {
        mass_ug += volume_of(c, i) * c->parcel[i].ug_per_ml[drug];
    }
    return mass_ug;
}

double catheter_tip_ug_per_ml(const catheter_t *c, int drug)
{
    return c->parcel[0].ug_per_ml[drug];
}

static int verify_parcel(const catheter_t *c, int i, error_t *e)
{
    double volume_ml = volume_of(c, i);
    if (!(volume_ml > 0.0)) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "catheter: parcel %d of %d holds %g mL", i,
                           c->parcels, volume_ml);
    }
    for (int d = 0; d < c->drugs; d++) {
        double ug_per_ml = c->parcel[i].ug_per_ml[d];
        if (!(ug_per_ml >= 0.0) || !isfinite(ug_per_ml)) {
            return ERROR_RAISE(e, ERROR_INVARIANT, "catheter: parcel %d, drug %d at %g ug/mL", i, d,
                               ug_per_ml);
        }
    }
    return ERROR_OK;
}

int catheter_verify(const catheter_t *c, error_t *e)
{
    if (c->parcels < 1 || c->parcels > CATHETER_PARCELS_MAX || !(c->volume_ml > 0.0)) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "catheter: %d parcels in %g mL", c->parcels,
                           c->volume_ml);
    }
    double sum_ml = 0.0;
    for (int i = 0; i < c->parcels; i++) {
        int code = verify_parcel(c, i, e);
        if (code < 0) {
            return code;
        }
        sum_ml += volume_of(c, i);
    }
    if (!(fabs(sum_ml - c->volume_ml) <= 1e-12 * c->volume_ml)) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "catheter: parcels of %.17g mL in %.17g mL", sum_ml,
                           c->volume_ml);
    }
    return ERROR_OK;
}
