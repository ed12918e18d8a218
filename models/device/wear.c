/* SPDX-License-Identifier: Apache-2.0 */
/* Wear of the motor and its gear train, in closed forms of turns, time and exposure. */
#include "device/wear.h"

#include <math.h>
#include <stddef.h>

#define HOUR_MS 3600000.0
#define YEAR_S (WEAR_YEAR_MS * 1e-3)

/* Blocks of the stream above this are bouts of the short; those below are steps. */
#define BOUT_BLOCK (UINT64_C(1) << 62)

void wear_param_draw(wear_param_t *p, draw_t *d)
{
    p->shaft_rate = draw_lognormal(d, p->shaft_rate, p->shaft_cv);
    p->gear_rate = draw_lognormal(d, p->gear_rate, p->gear_cv);
    p->drag_rate = draw_lognormal(d, p->drag_rate, p->drag_cv);
    p->short_rate = draw_lognormal(d, p->short_rate, p->short_cv);
    p->particle_share = draw_uniform(d) < p->particle_share ? 1.0 : 0.0;
    p->particle_torque = draw_lognormal(d, p->particle_torque, p->particle_cv);
    p->particle_rate = draw_lognormal(d, p->particle_rate, p->particle_rate_cv);
    p->particle_angle = draw_uniform(d);
}

/* Whether every row is a number and none below zero. */
static int sound(const wear_param_t *p)
{
    const double value[] = {
#define PARAM(key, field, unit, value, low, high, help, source) p->field,
#include "device/wear.def"
#undef PARAM
    };
    for (size_t i = 0; i < sizeof value / sizeof value[0]; i++) {
        if (!(value[i] >= 0.0) || !isfinite(value[i])) {
            return 0;
        }
    }
    return p->short_wander <= 1.0;
}

int wear_init(wear_t *w, const wear_param_t *p, int64_t made_ms, error_t *e)
{
    if (!sound(p)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "wear: a pace, share or power is out of range");
    }
    *w = (wear_t){.param = *p, .since_ms = made_ms, .flux = 1.0};
    return ERROR_OK;
}

double wear_exposure_years(const wear_t *w, int64_t t_ms)
{
    return w->since_years + w->flux * ((double)(t_ms - w->since_ms) / WEAR_YEAR_MS);
}

static double beyond(const wear_t *w, double exposure_years)
{
    return fmax(0.0, exposure_years - w->param.permeation_capacity_years);
}

/* 0 at 0, whatever the power: a pace of 0 does not wear. */
static double grown(double x, double power)
{
    return x > 0.0 ? pow(x, power) : 0.0;
}

/* Integral of the shorts' share, (r E)^p and what is imposed, since the last change, in years: of E by E over the flux. Where
 * both have reached 1 together they stay there. */
static double shunt_years(const wear_t *w, int64_t t_ms)
{
    const double years = (double)(t_ms - w->since_ms) / WEAR_YEAR_MS;
    const double rate = w->param.short_rate * w->param.short_factor, q = w->param.short_power;
    const double imposed = fmin(1.0, w->imposed.shunt), room = 1.0 - imposed;
    const double from = rate * beyond(w, w->since_years);
    const double to = rate * beyond(w, wear_exposure_years(w, t_ms));
    if (!(rate * w->flux > 0.0)) {
        return years * fmin(1.0, imposed + grown(from, q));
    }
    const double end = grown(room, 1.0 / q); /* r E where the unit's own fills the room */
    const double growing = pow(fmin(to, end), q + 1.0) - pow(fmin(from, end), q + 1.0);
    const double full = room * (fmax(to, end) - fmax(from, end));
    return imposed * years + (growing / (q + 1.0) + full) / (rate * w->flux);
}

double wear_leak_uc(const wear_t *w, int64_t t_ms)
{
    return w->since_leak_uc + w->param.short_leak_ua * YEAR_S * shunt_years(w, t_ms);
}

static void change_at(wear_t *w, int64_t t_ms)
{
    w->since_leak_uc = wear_leak_uc(w, t_ms);
    w->since_years = wear_exposure_years(w, t_ms);
    w->since_ms = t_ms;
}

bool wear_set_index(wear_t *w, int64_t t_ms, double index)
{
    double flux = pow(index, w->param.permeation_exponent);
    if (!(flux < w->flux || flux > w->flux)) {
        return false;
    }
    change_at(w, t_ms);
    w->flux = flux;
    return true;
}

void wear_impose(wear_t *w, int64_t t_ms, const wear_state_t *imposed)
{
    change_at(w, t_ms);
    w->imposed = *imposed;
}

static void add_particle(const wear_t *w, double thousands, wear_state_t *at)
{
    const wear_param_t *p = &w->param;
    if (at->particle <= 0.0 && p->particle_share > 0.5 && p->particle_rate * thousands >= 1.0) {
        at->particle = p->particle_torque;
        at->particle_angle = p->particle_angle;
    }
}

wear_state_t wear_at(const wear_t *w, int64_t t_ms, double revolutions)
{
    const wear_param_t *p = &w->param;
    const double exposure = wear_exposure_years(w, t_ms), reached = beyond(w, exposure);
    const double thousands = revolutions * 1e-3, s = p->shaft_turns_share;
    const double shaft =
        p->shaft_rate * p->shaft_factor * pow(thousands, s) * pow(exposure, 1.0 - s);
    const double shunt =
        fmin(1.0, grown(p->short_rate * p->short_factor * reached, p->short_power));
    wear_state_t at = w->imposed;
    at.shaft += grown(shaft, p->shaft_power);
    at.gear += grown(p->gear_rate * p->gear_factor * reached, p->gear_power);
    at.drag += p->drag_rate * exposure;
    at.shunt = fmin(1.0, at.shunt + shunt);
    add_particle(w, thousands, &at);
    return at;
}

double wear_bout(const wear_t *w, int64_t t_ms, const draw_t *stream)
{
    draw_t d = *stream;
    if (!(w->param.short_bout_h > 0.0)) {
        return 1.0;
    }
    draw_seek(&d, BOUT_BLOCK + (uint64_t)floor((double)t_ms / (w->param.short_bout_h * HOUR_MS)));
    return 1.0 - w->param.short_wander * draw_uniform(&d);
}

int wear_verify(const wear_t *w, error_t *e)
{
    const double least =
        fmin(fmin(w->imposed.shaft, w->imposed.gear), fmin(w->imposed.shunt, w->imposed.particle));
    if (!sound(&w->param) || !(w->flux >= 0.0) || !(w->since_years >= 0.0) ||
        !(w->since_leak_uc >= 0.0) || !isfinite(w->since_leak_uc) || !(least >= 0.0)) {
        return ERROR_RAISE(e, ERROR_INVARIANT,
                           "wear: exposure %g years, flux %g, %g uC lost, least imposed %g",
                           w->since_years, w->flux, w->since_leak_uc, least);
    }
    return ERROR_OK;
}
