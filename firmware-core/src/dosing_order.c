/* SPDX-License-Identifier: Apache-2.0 */
/* Orders carried out: everything is checked first, then the train under way is ended and booked, then the state changes. */
#include "dosing_order.h"

#include "dosing_calendar.h"
#include "dosing_alarm.h"
#include "dosing_codec.h"
#include "dosing_crc.h"
#include "dosing_delivery.h"
#include "dosing_fixed.h"
#include "dosing_guard.h"
#include "dosing_keep.h"
#include "dosing_log.h"
#include "dosing_motor.h"
#include "dosing_patient.h"
#include "dosing_reservoir.h"
#include "dosing_therapy.h"

#define MS_PER_DAY 86400000u
#define BOLUS_MS_MIN 1000u

static dosing_status_t halt(dosing_state_t *state, uint64_t now_ms)
{
    const dosing_status_t status = dosing_motor_halt(state, now_ms);
    return status == DOSING_ERROR_STATE ? dosing_state_fail(state) : status;
}

static dosing_status_t ask_table(const dosing_state_t *state, dosing_request_t request)
{
    return dosing_mode_status(dosing_mode_answer(dosing_delivery_now(state), request));
}

/* Ends the train under way, and keeps the order before it is carried out. */
static dosing_status_t keep(dosing_state_t *state, const dosing_pending_t *order, uint64_t now_ms)
{
    const dosing_status_t status = halt(state, now_ms);
    return status == DOSING_OK ? dosing_keep_order(state, order) : status;
}

dosing_status_t dosing_order_commit(dosing_state_t *state, uint64_t now_ms)
{
    dosing_programme_t p;
    const dosing_pending_t order = {.type = DOSING_FRAME_COMMIT, .length = state->session.valid};
    dosing_status_t status =
        dosing_programme_read(&p, state->session.image, &state->therapy.factory);
    if (status == DOSING_OK && !dosing_calendar_suits(state, &p)) {
        status = DOSING_REFUSED_TIME;
    }
    if (status == DOSING_OK) {
        const dosing_plea_t plea = {.p = &p};
        status = dosing_therapy_admits(state, &plea);
    }
    if (status == DOSING_OK) {
        status = keep(state, &order, now_ms);
    }
    if (status == DOSING_OK) {
        dosing_therapy_commit(state, &p);
    }
    return status;
}

static void refill(dosing_state_t *state, uint32_t volume_nl)
{
    dosing_reservoir_set(state, volume_nl);
    state->counters.patient_refused = 0u;
}

dosing_status_t dosing_order_refill(dosing_state_t *state, uint32_t volume_nl, uint64_t now_ms)
{
    const dosing_pending_t order = {.type = DOSING_FRAME_REFILL, .value = volume_nl};
    if (volume_nl > state->therapy.factory.capacity_nl) {
        return DOSING_REFUSED_VOLUME;
    }
    const dosing_status_t status = keep(state, &order, now_ms);
    if (status == DOSING_OK) {
        refill(state, volume_nl);
    }
    return status;
}

/* Basal and bolus together within [minimum, maximum]. The bolus's rate in ng/day is rounded up for the maximum:
 * 9e9 * 86 400 000 = 7.8e17; maximum * concentration <= 5e7 * 1e8. */
static bool bolus_rate_is_allowed(const dosing_state_t *state, uint64_t dose_ng,
                                  uint32_t duration_ms)
{
    const dosing_programme_t *p = &state->therapy.programme;
    const uint64_t concentration = state->therapy.concentration_ng_per_ml[0];
    const uint64_t bolus_ng_per_day = dosing_fixed_divide_up(dose_ng * MS_PER_DAY, duration_ms);
    const uint64_t ng_per_day = p->peak_ng_per_day + bolus_ng_per_day;
    const uint64_t least = dosing_fixed_divide_up(
        state->therapy.factory.rate_min_nl_per_day * concentration, 1000000u);
    return p->dose_ng_per_day + bolus_ng_per_day > least &&
           ng_per_day <= p->rate_max_nl_per_day * concentration / 1000000u;
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
    const dosing_status_t status = ask_table(state, DOSING_REQUEST_BOLUS);
    if (status != DOSING_OK) {
        return status;
    }
    if (dose_ng == 0u || dose_ng > DOSING_DOSE_MAX || duration_ms < BOLUS_MS_MIN ||
        duration_ms > MS_PER_DAY || dosing_codec_u32(bytes + DOSING_BOLUS_AT_ZERO) != 0u) {
        return DOSING_REFUSED_PROGRAMME;
    }
    return bolus_rate_is_allowed(state, dose_ng, duration_ms) ? DOSING_OK : DOSING_REFUSED_RATE;
}

/* Pulses that all else gives while a bolus lasts, rounded up to whole hours. */
static uint64_t pulses_beside(const dosing_state_t *state, uint32_t duration_ms)
{
    const uint64_t num =
        dosing_rate_units(&state->therapy.rate, state->therapy.programme.peak_ng_per_day);
    return num != 0u ? dosing_fixed_divide_up(duration_ms, state->path.den / num) : 0u;
}

/* Whether the reservoir holds `pulses` besides the basal rate's for so long, and what runs, above empty. */
static bool reservoir_holds(const dosing_state_t *state, uint64_t pulses, uint32_t duration_ms)
{
    const uint64_t under_way = state->run.running != 0u ? state->run.count : 0u;
    const uint64_t taken_pl =
        (pulses + under_way + pulses_beside(state, duration_ms)) * state->path.pulse_pl;
    return taken_pl + state->run.empty_pl <= state->run.volume_pl;
}

static dosing_status_t admit_bolus(const dosing_state_t *state, uint64_t dose_ng,
                                   uint32_t duration_ms)
{
    const dosing_plea_t plea = {&state->therapy.programme, dose_ng, 1u};
    uint64_t units = 0;
    if (!dosing_fixed_multiply(dose_ng, state->therapy.rate.units_per_ng, DOSING_BOLUS_UNITS_MAX,
                               &units)) {
        return DOSING_REFUSED_BOUNDS;
    }
    if (!reservoir_holds(state, dosing_fixed_divide_up(units, state->path.den) + 1u, duration_ms)) {
        return DOSING_REFUSED_VOLUME;
    }
    return dosing_therapy_admits(state, &plea);
}

dosing_status_t dosing_order_bolus(dosing_state_t *state, const uint8_t *bytes, uint64_t now_ms)
{
    const uint64_t dose_ng = dosing_codec_u64(bytes + DOSING_BOLUS_AT_DOSE);
    const uint32_t duration_ms = dosing_codec_u32(bytes + DOSING_BOLUS_AT_DURATION);
    dosing_status_t status = check_bolus(state, bytes);
    if (status == DOSING_OK) {
        status = admit_bolus(state, dose_ng, duration_ms);
    }
    if (status == DOSING_OK) {
        status = halt(state, now_ms);
    }
    return status == DOSING_OK
               ? dosing_delivery_begin(state, DOSING_DELIVERY_BOLUS, dose_ng, duration_ms)
               : status;
}

/* What the programme gives room for was admitted with it; only the reservoir may have changed. */
static dosing_status_t check_request(const dosing_state_t *state, uint64_t now_ms)
{
    const dosing_programme_t *p = &state->therapy.programme;
    if (p->drugs == 0u || p->patient_ng == 0u) {
        return DOSING_REFUSED_NOT_NOW;
    }
    if (dosing_alarm_stops(state)) {
        return DOSING_REFUSED_ALARM;
    }
    const dosing_status_t asked = dosing_patient_ask(state, now_ms);
    if (asked != DOSING_OK) {
        return asked;
    }
    const uint64_t pulses = dosing_rate_bolus_pulses(
        p->patient_ng, state->therapy.concentration_ng_per_ml[0], state->path.pulse_pl);
    if (!reservoir_holds(state, pulses, p->patient_duration_ms)) {
        return DOSING_REFUSED_VOLUME;
    }
    return ask_table(state, DOSING_REQUEST_PATIENT);
}

dosing_status_t dosing_order_request(dosing_state_t *state, uint64_t now_ms)
{
    const dosing_programme_t *p = &state->therapy.programme;
    dosing_status_t status = check_request(state, now_ms);
    if (status != DOSING_OK) {
        state->counters.patient_refused += state->counters.patient_refused < UINT32_MAX ? 1u : 0u;
        dosing_log_note(state, DOSING_EVENT_REFUSED, dosing_patient_lockout(state, now_ms), status);
        return status;
    }
    status = halt(state, now_ms);
    if (status == DOSING_OK) {
        status = dosing_keep_patient(state);
    }
    if (status == DOSING_OK) {
        status = dosing_delivery_begin(state, DOSING_DELIVERY_PATIENT, p->patient_ng,
                                       p->patient_duration_ms);
    }
    if (status == DOSING_OK) {
        dosing_patient_begin(state, state->run.last_ms);
    }
    return status;
}

static dosing_status_t check_prime(const dosing_state_t *state, const uint8_t *bytes)
{
    const uint32_t tubing_nl = dosing_codec_u32(bytes + DOSING_PRIME_AT_TUBING);
    const uint32_t catheter_nl = dosing_codec_u32(bytes + DOSING_PRIME_AT_CATHETER);
    const uint32_t revision = dosing_codec_u32(bytes + DOSING_PRIME_AT_REVISION);
    if (state->therapy.programme.drugs == 0u) {
        return DOSING_REFUSED_NOT_NOW;
    }
    if (dosing_alarm_stops(state)) {
        return DOSING_REFUSED_ALARM;
    }
    if (revision <= state->bolus.revision || tubing_nl > state->therapy.factory.tubing_nl ||
        catheter_nl > DOSING_PRIME_CATHETER_NL_MAX || tubing_nl + catheter_nl == 0u) {
        return DOSING_REFUSED_PRIME;
    }
    const uint64_t pulses =
        dosing_fixed_divide_up((tubing_nl + catheter_nl) * UINT64_C(1000), state->path.pulse_pl);
    return reservoir_holds(state, pulses, 0u) ? ask_table(state, DOSING_REQUEST_PRIME)
                                              : DOSING_REFUSED_VOLUME;
}

dosing_status_t dosing_order_prime(dosing_state_t *state, const uint8_t *bytes, uint64_t now_ms)
{
    const dosing_pending_t order = {.type = DOSING_FRAME_PRIME,
                                    .value = dosing_codec_u32(bytes + DOSING_PRIME_AT_REVISION)};
    dosing_status_t status = check_prime(state, bytes);
    if (status == DOSING_OK) {
        status = keep(state, &order, now_ms);
    }
    if (status == DOSING_OK) {
        const uint32_t volume_nl = dosing_codec_u32(bytes + DOSING_PRIME_AT_TUBING) +
                                   dosing_codec_u32(bytes + DOSING_PRIME_AT_CATHETER);
        dosing_delivery_prime(state, volume_nl, order.value);
    }
    return status;
}

dosing_status_t dosing_order_set_time(dosing_state_t *state, uint32_t week_ms, uint64_t now_ms)
{
    dosing_jump_t jump;
    dosing_status_t status = dosing_calendar_jump(state, week_ms, now_ms, &jump);
    if (status == DOSING_OK && state->therapy.programme.drugs != 0u) {
        const uint64_t left_ng = dosing_delivery_left_ng(state); /* a bolus runs on beside them */
        const dosing_plea_t plea = {&state->therapy.programme, jump.missed_ng + left_ng,
                                    jump.missed + (left_ng != 0u ? 2u : 0u)};
        status = dosing_therapy_admits(state, &plea);
    }
    if (status == DOSING_OK) {
        status = halt(state, now_ms);
    }
    if (status == DOSING_OK) {
        dosing_log_note(state, DOSING_EVENT_TIME_SET, dosing_calendar_local(state, now_ms),
                        week_ms);
        state->calendar = jump.calendar;
        dosing_calendar_basal(state);
        dosing_guard_basal(state);
    }
    return status;
}

/* In force whatever becomes of keeping it: no fault of the store may hold a stop up. */
dosing_status_t dosing_order_stop(dosing_state_t *state, uint64_t now_ms)
{
    const dosing_pending_t order = {.type = DOSING_FRAME_STOP};
    const dosing_status_t status = halt(state, now_ms);
    if (status != DOSING_OK) {
        return status;
    }
    const dosing_status_t kept = dosing_keep_order(state, &order);
    dosing_therapy_stop(state);
    if (kept == DOSING_ERROR_STORE) {
        dosing_keep_later(state);
    }
    return kept;
}

static dosing_status_t commit_again(dosing_state_t *state, const dosing_pending_t *order)
{
    dosing_programme_t p;
    if (order->length < DOSING_PROGRAMME_BYTES ||
        order->length != dosing_programme_image_bytes(state->session.image) ||
        dosing_programme_read(&p, state->session.image, &state->therapy.factory) != DOSING_OK) {
        return DOSING_REFUSED_PROGRAMME;
    }
    const dosing_status_t status = dosing_therapy_fits(state, &p);
    if (status != DOSING_OK) {
        return status;
    }
    dosing_therapy_commit(state, &p);
    return DOSING_OK;
}

dosing_status_t dosing_order_again(dosing_state_t *state, const dosing_pending_t *order)
{
    switch (order->type) {
    case 0u:
        return DOSING_OK;
    case DOSING_FRAME_COMMIT:
        return commit_again(state, order);
    case DOSING_FRAME_REFILL:
        if (order->value > state->therapy.factory.capacity_nl) {
            return DOSING_REFUSED_VOLUME;
        }
        refill(state, order->value);
        return DOSING_OK;
    case DOSING_FRAME_PRIME:
        state->bolus.revision = order->value;
        return DOSING_OK;
    case DOSING_FRAME_STOP:
        dosing_therapy_stop(state);
        return DOSING_OK;
    default:
        return DOSING_REFUSED_TYPE;
    }
}
