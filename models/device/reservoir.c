/* SPDX-License-Identifier: Apache-2.0 */
/* The drug reservoir: draws, the knee at low fill, needle, refill by complete mixing. */
#include "device/reservoir.h"

#include <math.h>
#include <string.h>

/* Where a unit's residual is cut off, in SD from the middle. */
#define RESIDUAL_SDS 3.0

/* ---- making one ---------------------------------------------------------------------------------- */

void reservoir_param_draw(reservoir_param_t *p, draw_t *d)
{
    const double off_ml = RESIDUAL_SDS * p->residual_sd_ml;
    p->residual_ml =
        draw_truncated_normal(d, p->residual_ml, p->residual_sd_ml,
                              fmax(0.0, p->residual_ml - off_ml), p->residual_ml + off_ml + 1e-9);
    const double most_ml = fmax(p->knee_most_ml, 1e-9);
    p->knee_ml = draw_truncated_normal(d, p->knee_ml, p->knee_sd_ml, 0.0, most_ml);
}

int reservoir_init(reservoir_t *r, const reservoir_param_t *p, int drugs, error_t *e)
{
    if (drugs < 1 || drugs > SEGMENT_DRUGS_MAX) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "reservoir: %d drugs, allowed are 1 to %d", drugs,
                           SEGMENT_DRUGS_MAX);
    }
    const bool flat = !(p->knee_ml > 0.0) || !(p->knee_width_ml > 0.0) || p->knee_floor >= 1.0;
    const double knee_ml = flat ? 0.0 : p->knee_ml;
    *r = (reservoir_t){
        .capacity_ml = p->capacity_ml,
        .residual_ml = p->residual_ml,
        .overfill_ml = p->overfill_ml,
        .drugs = drugs,
        .fluid_ml = {.high = p->residual_ml},
        .knee_ml = p->residual_ml + knee_ml,
        .foot_ml = p->residual_ml + knee_ml - (flat ? 0.0 : p->knee_width_ml),
        .floor = flat ? 1.0 : p->knee_floor,
        .deformation_kpa = p->deformation_kpa > 0.0 ? p->deformation_kpa : (double)INFINITY,
    };
    chemistry_init(&r->chemistry, drugs);
    return ERROR_OK;
}

int reservoir_compounds(reservoir_t *r, const compound_param_t compound[], error_t *e)
{
    return chemistry_compounds(&r->chemistry, compound, e);
}

void reservoir_season(reservoir_t *r, const double ug_per_ml[], bool new_surface)
{
    chemistry_t *c = &r->chemistry;
    memcpy(r->ug_per_ml, ug_per_ml, (size_t)r->drugs * sizeof ug_per_ml[0]);
    if (!new_surface) {
        memset(c->free_ug, 0, sizeof c->free_ug);
    }
    c->permeation_index = chemistry_index(c, ug_per_ml);
    chemistry_mixed(c, r->fluid_ml.high, r->ug_per_ml);
}

/* ---- reading ---------------------------------------------------------------------------------------- */

double reservoir_volume_ml(const reservoir_t *r)
{
    return r->fluid_ml.high;
}

double reservoir_mass_ug(const reservoir_t *r, int drug)
{
    return r->ug_per_ml[drug] * r->fluid_ml.high;
}

double reservoir_degraded_ug(const reservoir_t *r, int drug)
{
    return r->chemistry.degraded_ug[drug].high;
}

double reservoir_adsorbed_ug(const reservoir_t *r, int drug)
{
    return r->chemistry.adsorbed_ug[drug];
}

double reservoir_permeation_index(const reservoir_t *r)
{
    return r->chemistry.permeation_index;
}

static double slope_per_ml(const reservoir_t *r)
{
    return (1.0 - r->floor) / (r->knee_ml - r->foot_ml);
}

double reservoir_fill_factor(const reservoir_t *r)
{
    const double fluid_ml = r->fluid_ml.high;
    if (fluid_ml <= r->residual_ml) {
        return 0.0;
    }
    if (fluid_ml >= r->knee_ml) {
        return 1.0;
    }
    return r->floor + slope_per_ml(r) * fmax(0.0, fluid_ml - r->foot_ml);
}

double reservoir_room_ml(const reservoir_t *r)
{
    return fmax(0.0, r->capacity_ml + r->residual_ml + r->overfill_ml - r->fluid_ml.high);
}

double reservoir_overfilled_ml(const reservoir_t *r)
{
    return fmax(0.0, r->fluid_ml.high - r->residual_ml - r->capacity_ml);
}

/* ---- flowing ---------------------------------------------------------------------------------------- */

/* What is still to be displaced, over what time; and what came so far. */
typedef struct pull_t {
    double displaced_ml, duration_ms;
    double drawn_ml;
    double *mass_ug;
} pull_t;

/* Takes displaced_ml of the pull, during which the volume follows bend, rate, rest and flow of *v. */
static void pass(reservoir_t *r, pull_t *p, double displaced_ml, chemistry_course_t *v)
{
    double drawn_ug[SEGMENT_DRUGS_MAX];
    const double share = displaced_ml < p->displaced_ml ? displaced_ml / p->displaced_ml : 1.0;
    v->duration_ms = share * p->duration_ms;
    chemistry_pass(&r->chemistry, v, r->ug_per_ml, drawn_ug);
    for (int i = 0; i < r->drugs; i++) {
        p->mass_ug[i] += drawn_ug[i];
    }
    p->duration_ms -= v->duration_ms;
    p->displaced_ml -= displaced_ml;
}

/* Leaves exactly level_ml, so that rounding never hides a drop above it. */
static double drop_to(reservoir_t *r, double level_ml)
{
    running_sum_t level = {.high = level_ml};
    double volume_ml = running_sum_difference(r->fluid_ml, level);
    r->fluid_ml = level;
    return volume_ml;
}

/* Down to level_ml at most, at a constant share of what is displaced. */
static void flow_straight(reservoir_t *r, pull_t *p, double level_ml, double share)
{
    const running_sum_t level = {.high = level_ml};
    const double most_ml = running_sum_difference(r->fluid_ml, level) / share;
    chemistry_course_t v = {.rest_ml = r->fluid_ml.high};
    double displaced_ml = p->displaced_ml;
    if (displaced_ml < most_ml) {
        v.flow_ml = share * displaced_ml;
        running_sum_add(&r->fluid_ml, -v.flow_ml);
    } else {
        displaced_ml = most_ml;
        v.flow_ml = drop_to(r, level_ml);
    }
    r->short_ml += displaced_ml - v.flow_ml;
    p->drawn_ml += v.flow_ml;
    pass(r, p, displaced_ml, &v);
}

/* Down to level_ml at most, the share falling with the volume: it decays exponentially towards where the share would be 0. */
static void flow_bent(reservoir_t *r, pull_t *p, double level_ml)
{
    const double slope = slope_per_ml(r);
    const double rest_ml = r->foot_ml - r->floor / slope;
    const running_sum_t still = {.high = rest_ml};
    const double bend_ml = running_sum_difference(r->fluid_ml, still);
    const double most_ml =
        level_ml > rest_ml ? log(bend_ml / (level_ml - rest_ml)) / slope : (double)INFINITY;
    chemistry_course_t v = {.bend_ml = bend_ml, .rest_ml = rest_ml};
    double drawn_ml, displaced_ml = p->displaced_ml;
    if (displaced_ml < most_ml) {
        v.rate = slope * displaced_ml;
        drawn_ml = -bend_ml * expm1(-v.rate);
        running_sum_add(&r->fluid_ml, -drawn_ml);
    } else {
        displaced_ml = most_ml;
        v.rate = slope * displaced_ml;
        drawn_ml = drop_to(r, level_ml);
    }
    r->short_ml += displaced_ml - drawn_ml;
    p->drawn_ml += drawn_ml;
    pass(r, p, displaced_ml, &v);
}

static void flow_dry(reservoir_t *r, pull_t *p)
{
    chemistry_course_t v = {.rest_ml = r->fluid_ml.high};
    r->gas_ml += p->displaced_ml;
    pass(r, p, p->displaced_ml, &v);
}

/* From full flow over the knee to its foot, and on to the residual, each as far as the pull goes. */
static void flow_in_pieces(reservoir_t *r, pull_t *p)
{
    const double foot_ml = fmax(r->foot_ml, r->residual_ml);
    if (p->displaced_ml > 0.0 && r->fluid_ml.high > r->knee_ml) {
        flow_straight(r, p, r->knee_ml, 1.0);
    }
    if (p->displaced_ml > 0.0 && r->fluid_ml.high > foot_ml) {
        flow_bent(r, p, foot_ml);
    }
    if (p->displaced_ml > 0.0 && r->floor > 0.0 && r->fluid_ml.high > r->residual_ml) {
        flow_straight(r, p, r->residual_ml, r->floor);
    }
    if (p->displaced_ml > 0.0 || p->duration_ms > 0.0) {
        flow_dry(r, p);
    }
}

void reservoir_age(reservoir_t *r, double time_ms)
{
    double none_ug[SEGMENT_DRUGS_MAX];
    const chemistry_course_t v = {.duration_ms = time_ms - r->chemistry.time_ms,
                                  .rest_ml = r->fluid_ml.high};
    if (!(v.duration_ms > 0.0)) {
        return;
    }
    if (r->chemistry.unstable) {
        chemistry_pass(&r->chemistry, &v, r->ug_per_ml, none_ug);
    }
    r->chemistry.time_ms = time_ms;
}

/* Most flows begin and end above the knee, of drugs that are stable. */
static bool flow_at_once(reservoir_t *r, double volume_ml, double mass_ug[])
{
    running_sum_t left = r->fluid_ml;
    running_sum_add(&left, -volume_ml);
    if (left.high < r->knee_ml) {
        return false;
    }
    r->fluid_ml = left;
    for (int i = 0; i < r->drugs; i++) {
        mass_ug[i] = r->ug_per_ml[i] * volume_ml;
    }
    return true;
}

double reservoir_flow(reservoir_t *r, const segment_t *s, double mass_ug[])
{
    pull_t p = {s->volume_ml, s->duration_ms, 0.0, mass_ug};
    reservoir_age(r, s->start_ms);
    if (!r->chemistry.unstable && flow_at_once(r, s->volume_ml, mass_ug)) {
        r->chemistry.time_ms += s->duration_ms;
        return s->volume_ml;
    }
    memset(mass_ug, 0, (size_t)r->drugs * sizeof mass_ug[0]);
    flow_in_pieces(r, &p);
    return p.drawn_ml;
}

double reservoir_draw(reservoir_t *r, double volume_ml, double mass_ug[])
{
    const segment_t s = {.start_ms = r->chemistry.time_ms, .volume_ml = volume_ml};
    return reservoir_flow(r, &s, mass_ug);
}

/* ---- needle and return ------------------------------------------------------------------------------- */

double reservoir_withdraw(reservoir_t *r, double left_ml, double mass_ug[])
{
    const double level_ml = r->residual_ml + left_ml;
    const double volume_ml = r->fluid_ml.high > level_ml ? drop_to(r, level_ml) : 0.0;
    for (int i = 0; i < r->drugs; i++) {
        mass_ug[i] = r->ug_per_ml[i] * volume_ml;
    }
    return volume_ml;
}

static int check_fluid(const reservoir_t *r, double volume_ml, const double ug_per_ml[], error_t *e)
{
    if (!(volume_ml >= 0.0) || !isfinite(volume_ml)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "reservoir: a refill of %g mL", volume_ml);
    }
    for (int i = 0; i < r->drugs; i++) {
        if (!(ug_per_ml[i] >= 0.0) || !isfinite(ug_per_ml[i])) {
            return ERROR_RAISE(e, ERROR_ARGUMENT, "reservoir: a refill of drug %d at %g ug/mL", i,
                               ug_per_ml[i]);
        }
    }
    return ERROR_OK;
}

static void mix(reservoir_t *r, double volume_ml, const double ug_per_ml[], double index)
{
    chemistry_t *c = &r->chemistry;
    const double old_ml = r->fluid_ml.high;
    running_sum_add(&r->fluid_ml, volume_ml);
    for (int i = 0; i < r->drugs; i++) {
        double mass_ug = ug_per_ml[i] * volume_ml + r->ug_per_ml[i] * old_ml;
        r->ug_per_ml[i] = mass_ug / r->fluid_ml.high;
    }
    c->permeation_index = (index * volume_ml + c->permeation_index * old_ml) / (volume_ml + old_ml);
    chemistry_mixed(c, r->fluid_ml.high, r->ug_per_ml);
}

int reservoir_inject(reservoir_t *r, double volume_ml, const double ug_per_ml[], double *taken_ml,
                     error_t *e)
{
    const int code = check_fluid(r, volume_ml, ug_per_ml, e);
    const double room_ml = reservoir_room_ml(r);
    const bool fits = volume_ml <= room_ml * (1.0 + 1e-12);
    *taken_ml = 0.0;
    if (code < 0) {
        return code;
    }
    *taken_ml = fits ? volume_ml : room_ml;
    if (*taken_ml > 0.0) {
        mix(r, *taken_ml, ug_per_ml, chemistry_index(&r->chemistry, ug_per_ml));
    }
    return fits ? RESERVOIR_FILLED : RESERVOIR_VALVE_CLOSED;
}

int reservoir_fill(reservoir_t *r, double volume_ml, const double ug_per_ml[], error_t *e)
{
    const double room_ml = reservoir_room_ml(r);
    double taken_ml;
    if (isfinite(volume_ml) && volume_ml > room_ml * (1.0 + 1e-12)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "reservoir: a refill of %g mL with room for %g mL",
                           volume_ml, room_ml);
    }
    return reservoir_inject(r, volume_ml, ug_per_ml, &taken_ml, e);
}

int reservoir_return(reservoir_t *r, double volume_ml, const double mass_ug[], error_t *e)
{
    const double room_ml = reservoir_room_ml(r);
    double ug_per_ml[SEGMENT_DRUGS_MAX] = {0.0};
    for (int i = 0; i < r->drugs && volume_ml > 0.0; i++) {
        ug_per_ml[i] = mass_ug[i] / volume_ml;
    }
    int code = check_fluid(r, volume_ml, ug_per_ml, e);
    if (code < 0 || volume_ml == 0.0) {
        return code;
    }
    if (volume_ml > room_ml * (1.0 + 1e-12)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "reservoir: %g mL driven back, with room for %g mL",
                           volume_ml, room_ml);
    }
    mix(r, volume_ml, ug_per_ml, 1.0); /* CSF is what a tube is made for */
    return ERROR_OK;
}

void reservoir_surround(reservoir_t *r, const environment_t *around)
{
    r->deformed = r->deformed || around->ambient_kpa > r->deformation_kpa;
}

/* ---- verifying --------------------------------------------------------------------------------------- */

int reservoir_verify(const reservoir_t *r, error_t *e)
{
    double volume_ml = r->fluid_ml.high;
    double most_ml = (r->capacity_ml + r->residual_ml + r->overfill_ml) * (1.0 + 1e-12);
    if (!(volume_ml >= r->residual_ml) || !(volume_ml <= most_ml) || !(r->gas_ml >= 0.0)) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "reservoir: %.17g mL of fluid, %.17g mL of gas",
                           volume_ml, r->gas_ml);
    }
    if (r->drugs < 1 || r->drugs > SEGMENT_DRUGS_MAX) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "reservoir: %d drugs", r->drugs);
    }
    for (int i = 0; i < r->drugs; i++) {
        if (!(r->ug_per_ml[i] >= 0.0) || !isfinite(r->ug_per_ml[i])) {
            return ERROR_RAISE(e, ERROR_INVARIANT, "reservoir: drug %d at %g ug/mL", i,
                               r->ug_per_ml[i]);
        }
    }
    return chemistry_verify(&r->chemistry, e);
}
