/* SPDX-License-Identifier: Apache-2.0 */
/* The peristaltic pump head: rotor positions to volume. */
#include "device/pump_head.h"

#include <math.h>

#define TWO_PI 6.283185307179586476925286766559
#define HOUR_MS 3.6e6
#define DAY_MS 8.64e7
#define BODY_C 37.0

void pump_head_param_draw(pump_head_param_t *p, draw_t *d)
{
    p->drift_per_year += p->drift_sd_per_year * draw_normal(d);
    p->tube_strength = draw_lognormal(d, p->tube_strength, p->tube_strength_cv);
    p->over_pace = draw_lognormal(d, p->over_pace, p->over_pace_cv);
}

static double damage_per_step(const pump_head_param_t *p, double index)
{
    const double per_thousand = p->tube_wear + p->tube_drug * fmax(0.0, index - 1.0);
    return per_thousand * 1e-3 / p->pulses_per_revolution;
}

/* What the ripple has added, in pulses, after k pulses of a pass. The pass's end is its beginning and not
 * sin(2 pi), so that a pass gives its mean to the last bit. */
static double ripple_made(const pump_head_t *h, int64_t k)
{
    double n = (double)h->pulses_per_pass;
    return k == h->pulses_per_pass ? 0.0 : h->ripple * n / TWO_PI * sin(TWO_PI * (double)k / n);
}

int pump_head_init(pump_head_t *h, const pump_head_param_t *p, error_t *e)
{
    double per_pass = p->pulses_per_revolution / p->rollers;
    if (!(per_pass >= 1.0) || !(per_pass < 1e9) || floor(per_pass) != per_pass ||
        floor(p->rollers) != p->rollers) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "pump head: %g pulses a revolution are no multiple of %g rollers",
                           p->pulses_per_revolution, p->rollers);
    }
    *h = (pump_head_t){
        .param = *p,
        .pulse_ml = p->pulse_ul * 1e-3 * (1.0 + p->unit_error),
        .now_ml = p->pulse_ul * 1e-3 * (1.0 + p->unit_error),
        .load_kpa = p->load_reference_kpa,
        .temperature_c = BODY_C,
        .damage_per_step = damage_per_step(p, 1.0),
        .rest_from_ms = -HUGE_VAL,
        .ripple = p->ripple,
        .pulses_per_pass = (int64_t)per_pass,
    };
    for (int64_t k = 0; k <= h->pulses_per_pass && h->pulses_per_pass < PUMP_HEAD_TABLE; k++) {
        h->rippled[k] = ripple_made(h, k);
    }
    return ERROR_OK;
}

void pump_head_made(pump_head_t *h, int64_t made_ms)
{
    h->made_ms = made_ms;
}

void pump_head_surround(pump_head_t *h, const environment_t *around, double load_kpa)
{
    h->temperature_c = around->temperature_c;
    h->load_kpa = load_kpa;
}

/* ---- the tube's damage ----------------------------------------------------------------------------------- */

/* By whole steps, so that no division of a pulse matters. */
static double done(const pump_head_t *h, int64_t step)
{
    return h->damage + h->damage_per_step * (double)(step - h->since_step);
}

double pump_head_damage(const pump_head_t *h, motor_position_t at)
{
    return done(h, at.whole) + h->rest_damage;
}

double pump_head_over(const pump_head_t *h, motor_position_t at)
{
    const double damage = pump_head_damage(h, at), strength = h->param.tube_strength;
    if (damage <= strength || !(strength > 0.0)) {
        return 0.0;
    }
    return fmin(h->param.over_pace * (damage / strength - 1.0), h->param.over_max);
}

void pump_head_set_index(pump_head_t *h, motor_position_t at, double index)
{
    h->damage = done(h, at.whole);
    h->since_step = at.whole;
    h->damage_per_step = damage_per_step(&h->param, index);
}

void pump_head_harm(pump_head_t *h, pump_head_harm_t harm, double amount)
{
    const double each[PUMP_HEAD_HARMS] = {
        [PUMP_HEAD_OVERFILL] = h->param.overfill_damage_per_ml,
        [PUMP_HEAD_DRY] = h->param.dry_damage,
        [PUMP_HEAD_BLOCKED] = h->param.blocked_damage,
    };
    h->damage += each[harm] * fmax(0.0, amount);
}

void pump_head_impose(pump_head_t *h, motor_position_t at, double share_of_strength)
{
    h->damage += fmax(0.0, share_of_strength * h->param.tube_strength - pump_head_damage(h, at));
}

/* A rest is one and the same as long as nothing has turned, however often a train is begun in vain. */
static void rest_until(pump_head_t *h, int64_t t_ms, double turned_ms)
{
    if (turned_ms > h->rest_from_ms) {
        h->damage += h->rest_damage;
        h->rest_damage = 0.0;
        h->rest_from_ms = turned_ms;
    }
    const double beyond_ms = (double)t_ms - turned_ms - h->param.set_after_h * HOUR_MS;
    if (beyond_ms > 0.0 && isfinite(turned_ms)) {
        h->rest_damage = h->param.set_damage_per_day * beyond_ms / DAY_MS;
    }
}

/* fmax() would be a call, at every train. */
static double at_least_none(double factor)
{
    return factor > 0.0 ? factor : 0.0;
}

void pump_head_train(pump_head_t *h, int64_t t_ms, motor_position_t at, double turned_ms)
{
    const pump_head_param_t *p = &h->param;
    rest_until(h, t_ms, turned_ms);
    const double age_years = (double)(t_ms - h->made_ms) / WEAR_YEAR_MS;
    const double aged = 1.0 + p->drift_per_year * age_years;
    const double loaded = 1.0 - p->load_effect_per_kpa * (h->load_kpa - p->load_reference_kpa);
    const double warm = 1.0 + p->warm_effect_per_k * (h->temperature_c - BODY_C);
    const double factor = at_least_none(aged) * at_least_none(loaded) * at_least_none(warm);
    h->now_ml = h->pulse_ml * factor * (1.0 + pump_head_over(h, at));
}

/* ---- volume ------------------------------------------------------------------------------------------------- */

static double ripple_at(const pump_head_t *h, int64_t k)
{
    return h->pulses_per_pass < PUMP_HEAD_TABLE ? h->rippled[k] : ripple_made(h, k);
}

static double ripple_of(const pump_head_t *h, motor_position_t p)
{
    int64_t k = p.whole % h->pulses_per_pass;
    double here = ripple_at(h, k);
    return p.fraction > 0.0 ? here + p.fraction * (ripple_at(h, k + 1) - here) : here;
}

double pump_head_volume_ml(const pump_head_t *h, motor_position_t from, motor_position_t to)
{
    return h->now_ml * (motor_pulses_between(from, to) + (ripple_of(h, to) - ripple_of(h, from)));
}

segment_t pump_head_segment(const pump_head_t *h, motor_position_t from, motor_position_t to,
                            double start_ms, double duration_ms)
{
    return (segment_t){
        .start_ms = start_ms,
        .duration_ms = duration_ms,
        .volume_ml = pump_head_volume_ml(h, from, to),
        .pulses = motor_pulses_between(from, to),
    };
}

int pump_head_verify(const pump_head_t *h, error_t *e)
{
    if (!(h->now_ml >= 0.0) || !isfinite(h->now_ml) || !(h->damage >= 0.0) ||
        !(h->damage_per_step >= 0.0) || !(h->rest_damage >= 0.0)) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "pump head: %g mL a pulse now, damage %g + %g",
                           h->now_ml, h->damage, h->rest_damage);
    }
    if (!(h->pulse_ml > 0.0) || !isfinite(h->pulse_ml) || !(h->ripple >= 0.0) ||
        !(h->ripple < 1.0) || h->pulses_per_pass < 1) {
        return ERROR_RAISE(e, ERROR_INVARIANT,
                           "pump head: %g mL a pulse, ripple %g, %lld pulses a pass", h->pulse_ml,
                           h->ripple, (long long)h->pulses_per_pass);
    }
    return ERROR_OK;
}
