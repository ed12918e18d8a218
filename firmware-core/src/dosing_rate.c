/* SPDX-License-Identifier: Apache-2.0 */
/* Rates made exact. What does not fit is refused, never clamped. */
#include "dosing_rate.h"

#include "dosing_fixed.h"
#include "dosing_hal.h"
#include "dosing_week.h"

#define MS_PER_DAY 86400000u
#define NL_PER_ML UINT64_C(1000000)
#define HOUR_MS 3600000u
#define PULSES_MAX (UINT64_C(1) << 31)
#define SLACK_PULSES 3u /* one begun early, one for lateness made up, one for the phase */

/* A timed bolus may wait for another delivery, and lasts: one that began so long before a window may fall into it. */
#define TIMED_REACH_MS (DOSING_TIMED_WAIT_MS + DOSING_TIMED_MS_MAX)

/* nl/day = dose * 1e6 / concentration. dose * 1e6 <= 9e15; rate * concentration <= 5e7 * 1e8. */
static bool dose_is_allowed(uint64_t dose, uint64_t least_nl, uint64_t most_nl,
                            uint64_t concentration)
{
    const uint64_t scaled = dose * NL_PER_ML;
    return scaled >= least_nl * concentration && scaled <= most_nl * concentration;
}

/* A bolus within the range alone, and with the greatest basal dose below its upper end. dose * day <= 9e9 * 8.64e7. */
static bool bolus_is_allowed(const dosing_programme_t *p, uint64_t dose_ng, uint32_t duration_ms,
                             uint32_t least_nl, uint32_t concentration)
{
    const uint64_t per_day = dosing_fixed_divide_up(dose_ng * MS_PER_DAY, duration_ms);
    const uint64_t most = (uint64_t)p->rate_max_nl_per_day * concentration / NL_PER_ML;
    const uint64_t least = dosing_fixed_divide_up((uint64_t)least_nl * concentration, NL_PER_ML);
    return per_day > least && p->peak_ng_per_day + per_day <= most;
}

static bool boluses_are_allowed(const dosing_programme_t *p, const dosing_factory_t *factory,
                                uint32_t concentration)
{
    bool good =
        p->patient_ng == 0u || bolus_is_allowed(p, p->patient_ng, p->patient_duration_ms,
                                                factory->rate_min_nl_per_day, concentration);
    for (uint32_t i = 0; i < p->timed && good; i++) {
        const dosing_timed_t t = dosing_programme_timed(p, i);
        good = bolus_is_allowed(p, t.dose_ng, t.duration_ms, factory->rate_min_nl_per_day,
                                concentration);
    }
    return good;
}

static dosing_status_t check_range(const dosing_programme_t *p, const dosing_factory_t *factory,
                                   uint32_t concentration)
{
    const uint64_t least = factory->rate_min_nl_per_day;
    const uint64_t most = p->rate_max_nl_per_day;
    if (p->mode == DOSING_MODE_STOPPED || p->mode == DOSING_MODE_MINIMUM) {
        return p->mode == DOSING_MODE_MINIMUM && most < least ? DOSING_REFUSED_RATE : DOSING_OK;
    }
    bool good = dose_is_allowed(p->mean_ng_per_day, least, most, concentration) &&
                dose_is_allowed(p->peak_ng_per_day, least, most, concentration);
    for (uint32_t i = 0; i < p->steps && good; i++) {
        const uint64_t dose = dosing_programme_step(p, i).dose_ng_per_day;
        good = dose == 0u || dose_is_allowed(dose, least, most, concentration);
    }
    return good && boluses_are_allowed(p, factory, concentration) ? DOSING_OK : DOSING_REFUSED_RATE;
}

static void scale(dosing_rate_t *rate, uint64_t den)
{
    while (den << rate->shift < DOSING_DEN_WANTED) {
        rate->shift++;
    }
    rate->den = den << rate->shift;
}

/* Pulses per ms = dose / concentration * 1e9 pl/mL / pulse_pl / 86 400 000 = 625 dose / (54 concentration pulse_pl);
 * pulses per ng = 1e9 / (concentration pulse_pl) = 54e9 / (54 concentration pulse_pl). On entry
 * 54 * 1e8 * 9e6 = 4.9e16 and 625 * 9e9 = 5.7e12; on exit den <= 2^55. */
static dosing_status_t scheduler_rate(dosing_rate_t *rate, const dosing_programme_t *p,
                                      const dosing_factory_t *factory, uint32_t concentration)
{
    const uint64_t per_ng = UINT64_C(54000000000);
    const uint64_t den = UINT64_C(54) * concentration * (uint64_t)factory->pulse_volume_pl;
    uint64_t common = dosing_fixed_gcd(den, per_ng);
    common = dosing_fixed_gcd(common, UINT64_C(625) * p->dose_ng_per_day);
    common = dosing_fixed_gcd(common, UINT64_C(625) * p->mean_ng_per_day);
    for (uint32_t i = 0; i < p->steps; i++) {
        common =
            dosing_fixed_gcd(common, UINT64_C(625) * dosing_programme_step(p, i).dose_ng_per_day);
    }
    scale(rate, den / common);
    rate->common = common;
    rate->units_per_ng = (per_ng / common) << rate->shift;
    return rate->den <= DOSING_DEN_MAX ? DOSING_OK : DOSING_REFUSED_BOUNDS;
}

/* Femtolitre per ms = dose / concentration * 1e12 / 86 400 000 = 312 500 dose / (27 concentration), whose numerator is
 * at most 2.9e15. Here the remainder is held over the concentration, not over the pulse. */
static dosing_status_t guard_rate(dosing_rate_t *rate, const dosing_programme_t *p,
                                  uint32_t concentration)
{
    const uint64_t den = UINT64_C(27) * concentration;
    rate->fl_den = (uint32_t)den; /* at most 2.7e9 */
    return dosing_rate_femtolitre(rate, p->peak_ng_per_day) / den <= UINT32_MAX
               ? DOSING_OK
               : DOSING_REFUSED_BOUNDS;
}

/* The slowest rate is a volume's: rate / (86 400 pulse_pl) pulses per ms, rate * 5 / 432 femtolitre per ms. */
static void minimum_rate(dosing_rate_t *rate, const dosing_factory_t *factory)
{
    const uint64_t den = UINT64_C(86400) * factory->pulse_volume_pl;
    const uint64_t common = dosing_fixed_gcd(den, factory->rate_min_nl_per_day);
    scale(rate, den / common);
    rate->common = 1u;
    rate->least = (factory->rate_min_nl_per_day / common) << rate->shift;
    rate->fl_den = 432u;
    rate->fl_least = 5u * factory->rate_min_nl_per_day; /* at most 2.5e8 */
}

/* Every bolus that the programme gives by itself, or on request, is a number of units that fits: it cannot be refused later. */
static bool boluses_fit(const dosing_rate_t *rate, const dosing_programme_t *p)
{
    uint64_t units = 0;
    bool good =
        dosing_fixed_multiply(p->patient_ng, rate->units_per_ng, DOSING_BOLUS_UNITS_MAX, &units);
    for (uint32_t i = 0; i < p->timed && good; i++) {
        good = dosing_fixed_multiply(dosing_programme_timed(p, i).dose_ng, rate->units_per_ng,
                                     DOSING_BOLUS_UNITS_MAX, &units);
    }
    return good;
}

dosing_status_t dosing_rate_of(dosing_rate_t *rate, const dosing_programme_t *p,
                               const dosing_factory_t *factory, uint32_t concentration)
{
    const uint64_t fastest_ms =
        (uint64_t)factory->pulse_volume_pl * (MS_PER_DAY / 1000u) / p->rate_max_nl_per_day;
    *rate = (dosing_rate_t){0};
    dosing_status_t status = check_range(p, factory, concentration);
    if (status != DOSING_OK) {
        return status;
    }
    if (fastest_ms > DOSING_TRAIN_MS_MAX) {
        return DOSING_REFUSED_BOUNDS;
    }
    rate->period_min_ms = fastest_ms > factory->gap_ms ? (uint32_t)fastest_ms : factory->gap_ms;
    if (p->mode == DOSING_MODE_MINIMUM) {
        minimum_rate(rate, factory);
        return DOSING_OK;
    }
    status = scheduler_rate(rate, p, factory, concentration);
    if (status == DOSING_OK && !boluses_fit(rate, p)) {
        status = DOSING_REFUSED_BOUNDS;
    }
    return status == DOSING_OK ? guard_rate(rate, p, concentration) : status;
}

uint64_t dosing_rate_units(const dosing_rate_t *rate, uint64_t dose_ng_per_day)
{
    return rate->least + (((UINT64_C(625) * dose_ng_per_day) / rate->common) << rate->shift);
}

uint64_t dosing_rate_femtolitre(const dosing_rate_t *rate, uint64_t dose_ng_per_day)
{
    return rate->fl_least + UINT64_C(312500) * dose_ng_per_day;
}

uint64_t dosing_rate_bolus_pulses(uint64_t dose_ng, uint32_t concentration, uint32_t pulse_pl)
{
    /* ng * 1e9 / (concentration * pulse): whole pl in two steps, each below 2^63; rounded up at each */
    const uint64_t nl = dosing_fixed_divide_up(dose_ng * NL_PER_ML, concentration);
    const uint64_t pulses =
        nl < UINT64_MAX / 1000u ? dosing_fixed_divide_up(nl * 1000u, pulse_pl) : PULSES_MAX;
    return pulses + 1u;
}

/* 625 * dose_ms / (54 concentration pulse), rounded up, without a product above 2^63. */
static uint64_t basal_pulses(uint64_t dose_ms, uint64_t den)
{
    const uint64_t part = den / 64u; /* den >= 540 000: at most 1 in 8000 off, and upwards */
    const uint64_t rest = dose_ms % den / 64u + 1u;
    return dose_ms / den * 625u + dosing_fixed_divide_up(rest * 625u, part);
}

static uint64_t worst_basal(const dosing_programme_t *p, const dosing_factory_t *factory,
                            uint32_t concentration, uint32_t window_ms)
{
    const uint64_t pulse_pl = factory->pulse_volume_pl;
    if (p->mode == DOSING_MODE_MINIMUM) {
        return dosing_fixed_divide_up((uint64_t)factory->rate_min_nl_per_day * window_ms,
                                      UINT64_C(86400) * pulse_pl);
    }
    return basal_pulses(dosing_week_worst(p, window_ms), UINT64_C(54) * concentration * pulse_pl);
}

/* Moment of the week of timed bolus `t` on `day`. */
static uint32_t moment(const dosing_timed_t *t, uint32_t day)
{
    return day * DOSING_DAY_MS + t->minute * 60000u;
}

/* Pulses of all timed boluses that are due in `span_ms` from `from_ms` on, over Sunday too. */
static uint64_t timed_in(const dosing_programme_t *p, const dosing_factory_t *factory,
                         uint32_t concentration, uint32_t from_ms, uint32_t span_ms)
{
    uint64_t pulses = 0;
    for (uint32_t i = 0; i < p->timed; i++) {
        const dosing_timed_t t = dosing_programme_timed(p, i);
        const uint64_t each =
            dosing_rate_bolus_pulses(t.dose_ng, concentration, factory->pulse_volume_pl);
        for (uint32_t day = 0; day < DOSING_WEEK_DAYS; day++) {
            const uint32_t at_ms = moment(&t, day);
            const uint32_t after_ms =
                at_ms >= from_ms ? at_ms - from_ms : at_ms + DOSING_WEEK_MS - from_ms;
            pulses += (t.days >> day & 1u) != 0u && after_ms < span_ms ? each : 0u;
        }
    }
    return pulses;
}

/* The heaviest span begins with a bolus. */
static uint64_t worst_timed(const dosing_programme_t *p, const dosing_factory_t *factory,
                            uint32_t concentration, uint32_t window_ms)
{
    uint64_t worst = 0;
    for (uint32_t i = 0; i < p->timed; i++) {
        const dosing_timed_t t = dosing_programme_timed(p, i);
        for (uint32_t day = 0; day < DOSING_WEEK_DAYS; day++) {
            if ((t.days >> day & 1u) != 0u) {
                const uint64_t pulses = timed_in(p, factory, concentration, moment(&t, day),
                                                 window_ms + TIMED_REACH_MS);
                worst = pulses > worst ? pulses : worst;
            }
        }
    }
    return worst;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Most patient boluses that may begin within `span_ms`, at most a day. */
static uint64_t patients_within(const dosing_programme_t *p, uint32_t span_ms)
{
    const uint64_t by_lockout = span_ms / p->lockout_ms + 1u;
    const uint64_t by_interval = (uint64_t)p->per_interval * (span_ms / p->interval_ms + 1u);
    return smaller(p->per_day, smaller(by_lockout, by_interval));
}

static uint64_t worst_patient(const dosing_programme_t *p, const dosing_factory_t *factory,
                              uint32_t concentration, uint32_t window_ms)
{
    uint32_t span_ms = window_ms + p->patient_duration_ms;
    uint64_t count = 0;
    if (p->patient_ng == 0u) {
        return 0u;
    }
    for (; span_ms > DOSING_DAY_MS; span_ms -= DOSING_DAY_MS) {
        count += patients_within(p, DOSING_DAY_MS - 1u);
    }
    count += patients_within(p, span_ms);
    return count * dosing_rate_bolus_pulses(p->patient_ng, concentration, factory->pulse_volume_pl);
}

uint64_t dosing_rate_worst(const dosing_programme_t *p, const dosing_factory_t *factory,
                           uint32_t concentration, uint32_t hours)
{
    const uint32_t window_ms = hours * HOUR_MS;
    if (p->mode == DOSING_MODE_STOPPED) {
        return SLACK_PULSES - 1u;
    }
    const uint64_t pulses = worst_basal(p, factory, concentration, window_ms) +
                            worst_timed(p, factory, concentration, window_ms) +
                            worst_patient(p, factory, concentration, window_ms);
    return smaller(pulses, PULSES_MAX) + SLACK_PULSES;
}
