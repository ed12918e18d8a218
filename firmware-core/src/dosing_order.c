/* SPDX-License-Identifier: Apache-2.0 */
/* Orders carried out: everything is checked first, then the train under way is ended and booked, then the state changes. */
#include "dosing_order.h"

#include "dosing_alarm.h"
#include "dosing_codec.h"
#include "dosing_fixed.h"
#include "dosing_guard.h"
#include "dosing_limit.h"
#include "dosing_motor.h"
#include "dosing_reservoir.h"
#include "dosing_schedule.h"

#define MS_PER_DAY 86400000u
#define BOLUS_MS_MIN 1000u
#define PART_PER_NG UINT64_C(1000000000)

static dosing_status_t halt(dosing_state_t *state, uint64_t now_ms)
{
    const dosing_status_t status = dosing_motor_halt(state, now_ms);
    return status == DOSING_ERROR_STATE ? dosing_state_fail(state) : status;
}

/* Mass of drug in the pulses given under the running programme, added to what was given before: whole ng and 1e-9 ng.
 * Volume in whole mL and the rest keeps both products below 2^63: 2^33 mL * 1e8, 1e9 pl * 1e8. */
static uint64_t given_ng(const dosing_state_t *state, uint32_t drug, uint64_t commanded,
                         uint32_t *part)
{
    const dosing_therapy_t *t = &state->therapy;
    const uint64_t concentration = t->programme.concentration_ng_per_ml[drug];
    const uint64_t volume_pl = (commanded - t->commanded_before) * state->path.pulse_pl;
    const uint64_t whole_ng = volume_pl / PART_PER_NG * concentration;
    const uint64_t rest = volume_pl % PART_PER_NG * concentration + t->given_part[drug];
    *part = (uint32_t)(rest % PART_PER_NG);
    return t->given_ng[drug] + whole_ng + rest / PART_PER_NG;
}

static void close_account(dosing_state_t *state)
{
    dosing_therapy_t *t = &state->therapy;
    for (uint32_t drug = 0; drug < DOSING_DRUGS_MAX; drug++) {
        uint32_t part = 0;
        t->given_ng[drug] = given_ng(state, drug, state->run.commanded, &part);
        t->given_part[drug] = part;
    }
    t->commanded_before = state->run.commanded;
}

static void put_in_force(dosing_state_t *state, const dosing_programme_t *p,
                         const dosing_rate_t *rate)
{
    dosing_therapy_t *t = &state->therapy;
    close_account(state);
    dosing_limit_close(state);
    dosing_schedule_set(state, rate);
    t->programme = *p;
    t->units_per_ng = rate->units_per_ng;
    t->commits += t->commits < UINT32_MAX ? 1u : 0u;
    state->run.low_pl = (uint64_t)p->low_nl * 1000u;
    state->run.empty_pl = (uint64_t)p->empty_nl * 1000u;
    dosing_limit_caps(state);
    dosing_reservoir_judge(state);
}

dosing_status_t dosing_order_commit(dosing_state_t *state, const uint8_t *bytes, uint64_t now_ms)
{
    dosing_programme_t p;
    dosing_rate_t rate;
    dosing_status_t status = dosing_programme_read(&p, bytes, &state->therapy.factory);
    if (status == DOSING_OK) {
        status = dosing_programme_rate(&rate, &p, &state->therapy.factory);
    }
    if (status != DOSING_OK) {
        return status;
    }
    if (!dosing_limit_admits(state, &p, &rate, 0u)) {
        return DOSING_REFUSED_LIMIT;
    }
    status = halt(state, now_ms);
    if (status == DOSING_OK) {
        put_in_force(state, &p, &rate);
    }
    return status;
}

dosing_status_t dosing_order_refill(dosing_state_t *state, uint32_t volume_nl, uint64_t now_ms)
{
    if (volume_nl > state->therapy.factory.capacity_nl) {
        return DOSING_REFUSED_VOLUME;
    }
    const dosing_status_t status = halt(state, now_ms);
    if (status == DOSING_OK) {
        dosing_reservoir_set(state, volume_nl);
    }
    return status;
}

/* Basal and bolus together within [minimum, maximum]. The bolus's rate in ng/day is rounded up for the maximum:
 * 9e9 * 86 400 000 = 7.8e17; maximum * concentration <= 5e7 * 1e8. */
static bool bolus_rate_is_allowed(const dosing_state_t *state, uint64_t dose_ng,
                                  uint32_t duration_ms)
{
    const dosing_programme_t *p = &state->therapy.programme;
    const uint64_t concentration = p->concentration_ng_per_ml[0];
    const uint64_t bolus_ng_per_day = dosing_fixed_divide_up(dose_ng * MS_PER_DAY, duration_ms);
    const uint64_t ng_per_day = p->dose_ng_per_day + bolus_ng_per_day;
    const uint64_t least = dosing_fixed_divide_up(
        state->therapy.factory.rate_min_nl_per_day * concentration, 1000000u);
    return ng_per_day > least && ng_per_day <= p->rate_max_nl_per_day * concentration / 1000000u;
}

static dosing_status_t check_bolus(const dosing_state_t *state, const uint8_t *bytes)
{
    const uint64_t dose_ng = dosing_codec_u64(bytes + DOSING_BOLUS_AT_DOSE);
    const uint32_t duration_ms = dosing_codec_u32(bytes + DOSING_BOLUS_AT_DURATION);
    if (state->therapy.programme.drugs == 0u) {
        return DOSING_REFUSED_NOT_NOW;
    }
    if (dosing_alarm_stops(state)) {
        return DOSING_REFUSED_ALARM;
    }
    if (state->path.bolus != 0u) {
        return DOSING_REFUSED_BUSY;
    }
    if (dose_ng == 0u || dose_ng > DOSING_DOSE_MAX || duration_ms < BOLUS_MS_MIN ||
        duration_ms > MS_PER_DAY || dosing_codec_u32(bytes + DOSING_BOLUS_AT_ZERO) != 0u) {
        return DOSING_REFUSED_PROGRAMME;
    }
    return bolus_rate_is_allowed(state, dose_ng, duration_ms) ? DOSING_OK : DOSING_REFUSED_RATE;
}

/* Pulses of the basal rate while a bolus lasts, rounded up. */
static uint64_t basal_pulses(const dosing_state_t *state, uint32_t duration_ms)
{
    const uint64_t num = state->path.num;
    return num != 0u ? dosing_fixed_divide_up(duration_ms, state->path.den / num) : 0u;
}

static dosing_status_t admit_bolus(const dosing_state_t *state, uint64_t units,
                                   uint32_t duration_ms)
{
    const dosing_rate_t basal = {.num = state->path.num, .den = state->path.den};
    const uint32_t pulses = (uint32_t)dosing_fixed_divide_up(units, state->path.den) + 1u;
    const uint64_t under_way = state->run.running != 0u ? state->run.count : 0u;
    const uint64_t taken_pl =
        (pulses + under_way + basal_pulses(state, duration_ms)) * state->path.pulse_pl;
    if (taken_pl + state->run.empty_pl > state->run.volume_pl) {
        return DOSING_REFUSED_VOLUME;
    }
    return dosing_limit_admits(state, &state->therapy.programme, &basal, pulses)
               ? DOSING_OK
               : DOSING_REFUSED_LIMIT;
}

dosing_status_t dosing_order_bolus(dosing_state_t *state, const uint8_t *bytes, uint64_t now_ms)
{
    const uint64_t dose_ng = dosing_codec_u64(bytes + DOSING_BOLUS_AT_DOSE);
    const uint32_t duration_ms = dosing_codec_u32(bytes + DOSING_BOLUS_AT_DURATION);
    uint64_t units = 0;
    dosing_status_t status = check_bolus(state, bytes);
    if (status != DOSING_OK) {
        return status;
    }
    if (!dosing_fixed_multiply(dose_ng, state->therapy.units_per_ng, DOSING_BOLUS_UNITS_MAX,
                               &units)) {
        return DOSING_REFUSED_BOUNDS;
    }
    status = admit_bolus(state, units, duration_ms);
    if (status == DOSING_OK) {
        status = halt(state, now_ms);
    }
    if (status == DOSING_OK) {
        dosing_schedule_bolus(state, units, duration_ms);
        dosing_guard_bolus(state, state->run.guard_ms, dose_ng, duration_ms);
    }
    return status;
}

dosing_status_t dosing_order_stop(dosing_state_t *state, uint64_t now_ms)
{
    const dosing_status_t status = halt(state, now_ms);
    if (status != DOSING_OK) {
        return status;
    }
    state->therapy.programme.mode = DOSING_MODE_STOPPED;
    state->therapy.programme.dose_ng_per_day = 0u;
    state->path.num = 0u;
    state->path.fl_per_ms = 0u;
    state->path.fl_rem = 0u;
    state->path.bolus = 0u;
    return DOSING_OK;
}

static uint64_t commanded_now(const dosing_state_t *state, uint64_t *confirmed)
{
    const dosing_port_t port = dosing_state_port(state);
    uint32_t done = 0;
    uint32_t running = 0;
    uint32_t steps = 0;
    *confirmed = state->run.confirmed;
    if (state->run.running == 0u ||
        port.hal->train_status(port.context, &done, &running) != DOSING_HAL_OK) {
        return state->run.commanded;
    }
    done = done < state->run.count ? done : state->run.count;
    if (port.hal->step_confirm(port.context, &steps) == DOSING_HAL_OK && steps <= done) {
        *confirmed += steps;
    }
    return state->run.commanded + done;
}

static void report_volumes(const dosing_state_t *state, uint8_t *bytes)
{
    const dosing_programme_t *p = &state->therapy.programme;
    uint64_t confirmed = 0;
    const uint64_t commanded = commanded_now(state, &confirmed);
    const uint64_t live_pl = (commanded - state->run.commanded) * state->path.pulse_pl;
    const uint64_t volume_pl = state->run.volume_pl > live_pl ? state->run.volume_pl - live_pl : 0u;
    dosing_codec_put_u64(bytes + DOSING_REPORT_AT_COMMANDED, commanded);
    dosing_codec_put_u64(bytes + DOSING_REPORT_AT_CONFIRMED, confirmed);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_VOLUME_NL, (uint32_t)(volume_pl / 1000u));
    dosing_codec_put_u64(bytes + DOSING_REPORT_AT_GIVEN_NL,
                         commanded * state->path.pulse_pl / 1000u);
    for (uint32_t drug = 0; drug < DOSING_DRUGS_MAX; drug++) {
        uint32_t part = 0;
        dosing_codec_put_u64(bytes + DOSING_REPORT_AT_GIVEN_NG + 8u * drug,
                             given_ng(state, drug, commanded, &part));
        dosing_codec_put_u32(bytes + DOSING_REPORT_AT_CONCENTRATION + 4u * drug,
                             p->concentration_ng_per_ml[drug]);
    }
}

void dosing_order_report(const dosing_state_t *state, uint8_t *bytes, uint64_t now_ms)
{
    const dosing_programme_t *p = &state->therapy.programme;
    const bool corrupt = state->latch != (uint32_t)DOSING_OK;
    const bool bolus = state->path.bolus != 0u && !dosing_schedule_bolus_over(state, now_ms);
    const uint32_t memory = corrupt ? DOSING_ALARM_MEMORY : 0u;
    for (uint32_t i = 0; i < DOSING_REPORT_BYTES; i++) {
        bytes[i] = 0u;
    }
    bytes[DOSING_REPORT_AT_MODE] = (uint8_t)p->mode;
    bytes[DOSING_REPORT_AT_DRUGS] = (uint8_t)p->drugs;
    bytes[DOSING_REPORT_AT_BOLUS] = bolus ? 1u : 0u;
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_ALARMS, state->path.alarms | memory);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_UNSEEN, state->run.unseen | memory);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_COMMITS, state->therapy.commits);
    dosing_codec_put_u64(bytes + DOSING_REPORT_AT_CLOCK_MS, now_ms);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_PULSE_PL, state->path.pulse_pl);
    dosing_codec_put_u64(bytes + DOSING_REPORT_AT_DOSE, p->dose_ng_per_day);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_REFUSED, state->counters.refused);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_LOST_MS, state->run.lost_ms);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_LOW_NL, p->low_nl);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_EMPTY_NL, p->empty_nl);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_RESET, state->therapy.reset_cause);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_GUARD, state->run.guard_refusals);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_MISSED, state->run.missed);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_STALLS, state->run.stalls);
    dosing_codec_put_u64(bytes + DOSING_REPORT_AT_STALL_MS, state->run.stall_ms);
    report_volumes(state, bytes);
}
