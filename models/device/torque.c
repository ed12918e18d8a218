/* SPDX-License-Identifier: Apache-2.0 */
/* Torque: whether a pulse of the coil turns the rotor. */
#include "device/torque.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

#define TWO_PI 6.283185307179586476925286766559
#define Z_95 1.6448536269514722 /* standard normal, 95th percentile */
#define MARGIN_MAX 1e6
#define MINUTE_MS 6e4
#define HOUR_MS 3.6e6

void torque_param_draw(motor_param_t *p, draw_t *d)
{
    p->friction = draw_lognormal(d, p->friction, p->friction_cv);
}

int torque_init(torque_t *q, const motor_param_t *p, const wear_param_t *wear, int64_t made_ms,
                error_t *e)
{
    if (!(p->friction >= 0.0) || !(p->roller_load >= 0.0) || !(p->roller_swing >= 0.0) ||
        !(p->roller_swing <= 1.0) || !(p->step_cv >= 0.0) || !(p->step_cv * TORQUE_Z_MAX < 1.0) ||
        !(p->bind_p95_min >= p->bind_median_min) || !(p->bind_long_high_h >= p->bind_long_low_h)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "motor: friction %g, roller load %g, swing %g, step cv %g, or a delay "
                           "whose upper value is below its lower one",
                           p->friction, p->roller_load, p->roller_swing, p->step_cv);
    }
    *q = (torque_t){.param = *p, .pulses_per_pass = 1, .pulses_per_revolution = 1, .drive = 1.0};
    q->locked_until_ms = INT64_MIN;
    return wear_init(&q->wear, wear, made_ms, e);
}

torque_load_t torque_load(const torque_t *q, int64_t t_ms, int64_t position)
{
    const double revolutions = (double)position / (double)q->pulses_per_revolution;
    const wear_state_t w = wear_at(&q->wear, t_ms, revolutions);
    const double pressure = q->param.pressure_load_per_kpa * fmax(0.0, q->load_kpa);
    const double per_revolution = (double)q->pulses_per_revolution;
    torque_load_t load = {
        .base = q->param.friction + w.shaft + w.gear + w.drag + pressure + q->param.roller_load,
        .swing = q->param.roller_load * q->param.roller_swing,
        .particle = w.particle,
        .particle_from = (int64_t)(w.particle_angle * per_revolution),
        .shunt = w.shunt,
    };
    load.particle_to =
        load.particle_from + (int64_t)ceil(q->wear.param.particle_width * per_revolution);
    load.particle_to += load.particle_to == load.particle_from ? 1 : 0;
    return load;
}

static double most_needed(const torque_load_t *load)
{
    return load->base + load->swing + load->particle;
}

double torque_sure_drive(const torque_t *q, const torque_load_t *load)
{
    const double most = most_needed(load) * (1.0 + q->param.step_cv * TORQUE_Z_MAX);
    if (!(most > 0.0)) {
        return 0.0;
    }
    return load->shunt < 1.0 ? most / (1.0 - load->shunt) : HUGE_VAL;
}

torque_verdict_t torque_verdict(const torque_t *q, const torque_load_t *load)
{
    const double easiest = (load->base - load->swing) * (1.0 - q->param.step_cv * TORQUE_Z_MAX);
    const double at_best = q->drive * (1.0 - load->shunt * (1.0 - q->wear.param.short_wander));
    if (q->seized || at_best <= easiest) {
        return TORQUE_NONE;
    }
    return q->drive > torque_sure_drive(q, load) ? TORQUE_ALL : TORQUE_EACH;
}

/* The random part of one step, |z| < TORQUE_Z_MAX. */
static double step_z(const torque_t *q, int64_t pulse)
{
    draw_t d = q->stream;
    draw_seek(&d, (uint64_t)pulse);
    double sum = draw_uniform(&d) + draw_uniform(&d);
    sum += draw_uniform(&d) + draw_uniform(&d);
    return (sum - 2.0) * 1.7320508075688772;
}

/* What the step after `position` needs, its random part apart. */
static double needed(const torque_t *q, const torque_load_t *load, int64_t position)
{
    const double per_pass = (double)q->pulses_per_pass;
    const double k = (double)(position % q->pulses_per_pass) + 0.5;
    int64_t angle = position % q->pulses_per_revolution;
    angle += angle < load->particle_from ? q->pulses_per_revolution : 0;
    const double particle = angle < load->particle_to ? load->particle : 0.0;
    return load->base + load->swing * cos(TWO_PI * k / per_pass) + particle;
}

static double given(const torque_t *q, const torque_load_t *load, double bout)
{
    return q->drive * (1.0 - load->shunt * bout);
}

/* Bout and random part are bounded and enter by operations whose rounding keeps the order: what holds at their bounds is so
 * whatever is drawn, and nothing is drawn. */
bool torque_turns(const torque_t *q, const torque_load_t *load, int64_t pulse, int64_t position,
                  double t_ms)
{
    const double needs = needed(q, load, position);
    const double least = needs * (1.0 - q->param.step_cv * TORQUE_Z_MAX);
    const double most = needs * (1.0 + q->param.step_cv * TORQUE_Z_MAX);
    if (q->seized || given(q, load, 1.0 - q->wear.param.short_wander) <= least) {
        return false;
    }
    double gives = given(q, load, 1.0);
    if (gives <= most && load->shunt > 0.0) {
        gives = given(q, load, wear_bout(&q->wear, (int64_t)t_ms, &q->stream));
    }
    return gives > most ||
           (gives > least && gives > needs * (1.0 + q->param.step_cv * step_z(q, pulse)));
}

double torque_margin(const torque_t *q, const torque_load_t *load)
{
    const double gives = q->drive * (1.0 - load->shunt);
    const double most = most_needed(load);
    if (q->seized) {
        return -1.0;
    }
    return most * (1.0 + MARGIN_MAX) > gives ? gives / most - 1.0 : MARGIN_MAX;
}

double torque_binding_ms(const motor_param_t *p, draw_t *d)
{
    const double u_kind = draw_uniform(d), u = draw_uniform(d);
    if (u_kind < p->bind_long_share) {
        return HOUR_MS * (p->bind_long_low_h + u * (p->bind_long_high_h - p->bind_long_low_h));
    }
    if (!(p->bind_median_min > 0.0)) {
        return 0.0;
    }
    const double sigma = log(p->bind_p95_min / p->bind_median_min) / Z_95;
    return MINUTE_MS * p->bind_median_min * exp(sigma * gsl_cdf_ugaussian_Pinv(u));
}

int torque_verify(const torque_t *q, error_t *e)
{
    if (!(q->drive >= 0.0) || !(q->drive <= 1.0) || !isfinite(q->load_kpa) ||
        q->pulses_per_pass < 1 || q->pulses_per_revolution < 1) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "motor: drive %g, %g kPa", q->drive, q->load_kpa);
    }
    return wear_verify(&q->wear, e);
}
