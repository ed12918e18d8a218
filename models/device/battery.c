/* SPDX-License-Identifier: Apache-2.0 */
/* The battery: charge by events, voltage by depth of discharge, film by age. */
#include "device/battery.h"

#include <math.h>

#define UC_PER_MAH 3.6e6
#define DAY_MS INT64_C(86400000)
#define SIX_YEARS_MS (6.0 * 365.25 * 86400e3)
#define NEAR_V 1e-9 /* rounding is a millionth of it */
#define NEARLY_FULL (1.0 - 1e-9)
#define LEAKED_MAX_NA_MS (INT64_C(1) << 62) /* a thousand cells: the count stands there */

void battery_param_draw(battery_param_t *p, draw_t *d)
{
    p->capacity_mah = draw_lognormal(d, p->capacity_mah, p->capacity_cv);
    p->sleep_ua = draw_lognormal(d, p->sleep_ua, p->sleep_cv);
    const bool faulty = draw_uniform(d) < p->film_fault_share;
    p->film_ohm = draw_lognormal(d, faulty ? p->film_fault_ohm : p->film_ohm,
                                 faulty ? p->film_fault_cv : p->film_cv);
}

/* The kernels below are static, so that the check before each pulse is one piece of code. */
static double curve_v(const battery_param_t *p, double depth)
{
    if (depth > 1.0) {
        return 0.0;
    }
    if (depth <= p->knee_depth) {
        return p->open_v + depth / p->knee_depth * (p->knee_v - p->open_v);
    }
    return p->knee_v + (depth - p->knee_depth) / (1.0 - p->knee_depth) * (p->end_v - p->knee_v);
}

static double load_ma(const battery_param_t *p, battery_load_t load)
{
    switch (load) {
    case BATTERY_AWAKE:
        return p->awake_ma;
    case BATTERY_PULSE:
        return p->load_ma;
    case BATTERY_TONE:
        return p->tone_ma;
    case BATTERY_FRAME:
        return p->frame_ma;
    case BATTERY_ASLEEP:
    case BATTERY_LOADS:
    default:
        return p->sleep_ua * 1e-3;
    }
}

double battery_curve_v(const battery_param_t *p, double depth)
{
    return curve_v(p, depth);
}

double battery_load_ma(const battery_param_t *p, battery_load_t load)
{
    return load_ma(p, load);
}

int battery_init(battery_t *b, const battery_param_t *p, error_t *e)
{
    if (!(p->end_v <= p->knee_v && p->knee_v <= p->open_v) ||
        !(p->knee_depth > 0.0 && p->knee_depth < 1.0)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "battery: %g V when new, %g V at a depth of %g, %g V at the end",
                           p->open_v, p->knee_v, p->knee_depth, p->end_v);
    }
    *b = (battery_t){.param = *p, .film_due_ms = DAY_MS};
    return ERROR_OK;
}

/* By whole days: so that it costs nothing at each pulse, and is still a function of the age alone. */
static void grow_film(battery_t *b)
{
    const int64_t days = b->slept_ms / DAY_MS;
    const double age = (double)(days * DAY_MS) / SIX_YEARS_MS;
    b->film_ohm = b->param.film_ohm * pow(age, b->param.film_exponent);
    b->film_due_ms = (days + 1) * DAY_MS;
}

static void leak(battery_t *b, int64_t interval_ms)
{
    const int64_t room = LEAKED_MAX_NA_MS - b->leaked_na_ms;
    const bool fits = b->leak_na == 0 || interval_ms <= room / b->leak_na;
    b->leaked_na_ms += fits ? interval_ms * b->leak_na : room;
}

bool battery_drain(battery_t *b, int64_t interval_ms, int64_t wakes, int64_t pulses)
{
    const int64_t slept_ms = b->disconnected ? 0 : interval_ms;
    b->slept_ms += slept_ms;
    leak(b, slept_ms);
    b->wakes += wakes;
    b->pulses += pulses;
    const bool day = b->slept_ms >= b->film_due_ms;
    if (day) {
        grow_film(b);
    }
    return day;
}

int64_t battery_into_day_ms(const battery_t *b)
{
    return b->slept_ms % DAY_MS;
}

void battery_drain_tone(battery_t *b)
{
    b->tones++;
}

void battery_drain_frame(battery_t *b)
{
    b->frames++;
}

void battery_set_leak_ua(battery_t *b, double leak_ua)
{
    b->leak_na = (int64_t)llround(1e3 * fmin(fmax(leak_ua, 0.0), BATTERY_LEAK_MAX_UA));
}

void battery_set_film_ohm(battery_t *b, double ohm)
{
    b->imposed_ohm = fmax(ohm, 0.0);
}

void battery_set_lost_uc(battery_t *b, double lost_uc)
{
    b->lost_uc = lost_uc;
}

void battery_disconnect(battery_t *b)
{
    b->disconnected = true;
}

static double used_uc(const battery_t *b)
{
    const battery_param_t *p = &b->param;
    const double asleep_uc =
        p->sleep_ua * (double)b->slept_ms * 1e-3 + (double)b->leaked_na_ms * 1e-6;
    const double acting_uc = p->wake_uc * (double)b->wakes + p->pulse_uc * (double)b->pulses;
    const double talking_uc = p->tone_uc * (double)b->tones + p->frame_uc * (double)b->frames;
    return asleep_uc + acting_uc + talking_uc + b->lost_uc;
}

static double used_mah(const battery_t *b)
{
    return used_uc(b) / UC_PER_MAH;
}

/* What resistance and film take of the voltage. */
static double drop_v(const battery_t *b, double load_ma_now)
{
    const double current_a = load_ma_now * 1e-3 + (double)b->leak_na * 1e-9;
    return current_a * (b->param.resistance_ohm + b->film_ohm + b->imposed_ohm);
}

static double load_v(const battery_t *b, double load_ma_now)
{
    return fmax(curve_v(&b->param, used_mah(b) / b->param.capacity_mah) - drop_v(b, load_ma_now),
                0.0);
}

/* The curve multiplied out, which needs no division: true only where the voltage is above `volts` by more than all rounding. */
static bool surely_gives(const battery_t *b, double load_ma_now, double volts)
{
    const battery_param_t *p = &b->param;
    const double full_uc = p->capacity_mah * UC_PER_MAH, knee_uc = p->knee_depth * full_uc;
    const double used = used_uc(b), least_v = volts + drop_v(b, load_ma_now) + NEAR_V;
    if (used <= knee_uc) {
        return (p->open_v - least_v) * knee_uc > (p->open_v - p->knee_v) * used;
    }
    return used < NEARLY_FULL * full_uc &&
           (p->knee_v - least_v) * (full_uc - knee_uc) > (p->knee_v - p->end_v) * (used - knee_uc);
}

double battery_used_mah(const battery_t *b)
{
    return used_mah(b);
}

double battery_depth(const battery_t *b)
{
    return used_mah(b) / b->param.capacity_mah;
}

double battery_film_resistance(const battery_t *b)
{
    return b->film_ohm + b->imposed_ohm;
}

double battery_open_v(const battery_t *b)
{
    return curve_v(&b->param, battery_depth(b));
}

double battery_load_v(const battery_t *b, battery_load_t load)
{
    return load_v(b, load_ma(&b->param, load));
}

double battery_idle_v(const battery_t *b)
{
    return battery_load_v(b, BATTERY_ASLEEP);
}

double battery_loaded_v(const battery_t *b)
{
    return battery_load_v(b, BATTERY_PULSE);
}

bool battery_gives(const battery_t *b, battery_load_t load, double volts)
{
    const double ma = load_ma(&b->param, load);
    return surely_gives(b, ma, volts) || load_v(b, ma) >= volts;
}

bool battery_carries(const battery_t *b, battery_load_t load)
{
    return battery_gives(b, load, b->param.brown_out_v);
}

static bool counts_hold(const battery_t *b)
{
    return b->slept_ms >= 0 && b->wakes >= 0 && b->pulses >= 0 && b->tones >= 0 && b->frames >= 0 &&
           b->leak_na >= 0 && b->leaked_na_ms >= 0 && b->lost_uc >= 0.0;
}

int battery_verify(const battery_t *b, error_t *e)
{
    const double open_v = battery_open_v(b);
    bool sound = counts_hold(b) && battery_film_resistance(b) >= 0.0 && open_v <= b->param.open_v;
    for (int load = 0; load < (int)BATTERY_LOADS; load++) {
        sound = sound && battery_load_v(b, (battery_load_t)load) <= open_v;
    }
    if (!sound) {
        return ERROR_RAISE(e, ERROR_INVARIANT,
                           "battery: %lld ms, %lld wakes, %lld pulses, open %g V, film %g ohm",
                           (long long)b->slept_ms, (long long)b->wakes, (long long)b->pulses,
                           open_v, battery_film_resistance(b));
    }
    return ERROR_OK;
}
