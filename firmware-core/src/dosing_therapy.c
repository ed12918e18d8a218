/* SPDX-License-Identifier: Apache-2.0 */
/* Programmes put in force. */
#include "dosing_therapy.h"

#include "dosing_calendar.h"
#include "dosing_crc.h"
#include "dosing_delivery.h"
#include "dosing_fixed.h"
#include "dosing_guard.h"
#include "dosing_limit.h"
#include "dosing_log.h"
#include "dosing_reservoir.h"
#include "dosing_schedule.h"

#define PART_PER_NG UINT64_C(1000000000)

/* Volume in whole mL and the rest keeps both products below 2^63: 2^33 mL * 1e8, 1e9 pl * 1e8. */
uint64_t dosing_therapy_given(const dosing_state_t *state, uint32_t drug, uint64_t commanded,
                              uint32_t *part)
{
    const dosing_therapy_t *t = &state->therapy;
    const uint64_t concentration = t->concentration_ng_per_ml[drug];
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
        t->given_ng[drug] = dosing_therapy_given(state, drug, state->run.commanded, &part);
        t->given_part[drug] = part;
    }
    t->commanded_before = state->run.commanded;
}

static bool changes(const dosing_state_t *state, const dosing_programme_t *p)
{
    return p != &state->therapy.programme && dosing_programme_changes(p, &state->therapy.programme);
}

/* True where the path goes on holding what it holds under `p`: a change with a bridge, or one that is under way. */
static bool bridges(const dosing_state_t *state, const dosing_programme_t *p)
{
    return changes(state, p) ? p->bridge_nl != 0u : state->run.bridge_pl != 0u;
}

/* A change must be declared; a declaration without one, as when a frame is sent again, has no effect. Not while another change is
 * under way, nor bridged where the primary itself is another drug: no dose of the one is a dose of the other. */
static dosing_status_t check_change(const dosing_state_t *state, const dosing_programme_t *p)
{
    const dosing_programme_t *before = &state->therapy.programme;
    if (before->drugs == 0u) {
        return p->bridge_nl == 0u ? DOSING_OK : DOSING_REFUSED_CHANGE;
    }
    const bool allowed = (p->flags & DOSING_FLAG_CHANGE) != 0u && state->run.bridge_pl == 0u &&
                         (p->bridge_nl == 0u || p->code[0] == before->code[0]);
    return !changes(state, p) || allowed ? DOSING_OK : DOSING_REFUSED_CHANGE;
}

dosing_status_t dosing_therapy_fits(const dosing_state_t *state, const dosing_programme_t *p)
{
    dosing_rate_t rate;
    const dosing_therapy_t *t = &state->therapy;
    dosing_status_t status = check_change(state, p);
    if (status == DOSING_OK && bridges(state, p)) {
        status = dosing_rate_of(&rate, p, &t->factory, t->concentration_ng_per_ml[0]);
    }
    return status == DOSING_OK
               ? dosing_rate_of(&rate, p, &t->factory, p->concentration_ng_per_ml[0])
               : status;
}

static dosing_status_t admits_at(const dosing_state_t *state, const dosing_plea_t *plea,
                                 const uint32_t *concentration, uint64_t extra)
{
    dosing_rate_t rate;
    const dosing_factory_t *factory = &state->therapy.factory;
    const dosing_status_t status = dosing_rate_of(&rate, plea->p, factory, concentration[0]);
    if (status != DOSING_OK) {
        return status;
    }
    uint64_t units = 0;
    uint64_t pulses = extra;
    if (plea->extra == 1u &&
        !dosing_fixed_multiply(plea->extra_ng, rate.units_per_ng, DOSING_BOLUS_UNITS_MAX, &units)) {
        return DOSING_REFUSED_BOUNDS;
    }
    if (plea->extra_ng != 0u) {
        pulses +=
            dosing_rate_bolus_pulses(plea->extra_ng, concentration[0], factory->pulse_volume_pl) +
            plea->extra;
    }
    const dosing_load_t load = {plea->p, concentration, pulses};
    return dosing_limit_admits(state, &load) ? DOSING_OK : DOSING_REFUSED_LIMIT;
}

dosing_status_t dosing_therapy_admits(const dosing_state_t *state, const dosing_plea_t *plea)
{
    const dosing_programme_t *p = plea->p;
    const bool bridge = bridges(state, p);
    dosing_status_t status = check_change(state, p);
    /* a window over the switch has the rounding of both its parts */
    const uint64_t rounding = bridge ? 3u : 0u;
    if (status == DOSING_OK && bridge) {
        status = admits_at(state, plea, state->therapy.concentration_ng_per_ml, rounding);
    }
    if (status == DOSING_OK) {
        status = admits_at(state, plea, p->concentration_ng_per_ml, rounding);
    }
    return status;
}

/* Rates at what is in the path now. The programme was admitted there: it fits. */
static void put_in_force(dosing_state_t *state)
{
    dosing_therapy_t *t = &state->therapy;
    (void)dosing_rate_of(&t->rate, &t->programme, &t->factory, t->concentration_ng_per_ml[0]);
    dosing_schedule_set(state, &t->rate);
    state->path.fl_carry = 0u;
    dosing_calendar_basal(state);
    dosing_guard_basal(state);
    dosing_limit_caps(state);
}

static void take_concentrations(dosing_state_t *state)
{
    dosing_therapy_t *t = &state->therapy;
    for (uint32_t drug = 0; drug < DOSING_DRUGS_MAX; drug++) {
        t->concentration_ng_per_ml[drug] = t->programme.concentration_ng_per_ml[drug];
    }
}

static uint32_t minutes_ms(uint32_t minutes, uint32_t usual_ms)
{
    return minutes != 0u ? minutes * 60000u : usual_ms; /* at most 65535 minutes */
}

void dosing_therapy_resume(dosing_state_t *state)
{
    const dosing_programme_t *p = &state->therapy.programme;
    dosing_run_t *run = &state->run;
    run->low_pl = (uint64_t)p->low_nl * 1000u;
    run->empty_pl = (uint64_t)p->empty_nl * 1000u;
    run->repeat_critical_ms = minutes_ms(p->repeat_critical_min, DOSING_REPEAT_CRITICAL_MS);
    run->repeat_advisory_ms = minutes_ms(p->repeat_advisory_min, DOSING_REPEAT_ADVISORY_MS);
    dosing_calendar_begin(state, run->last_ms);
    put_in_force(state);
}

void dosing_therapy_commit(dosing_state_t *state, const dosing_programme_t *p)
{
    dosing_therapy_t *t = &state->therapy;
    dosing_run_t *run = &state->run;
    const bool bridge = bridges(state, p);
    const bool other = changes(state, p);
    close_account(state);
    dosing_limit_close(state);
    dosing_delivery_forfeit(state);
    t->programme = *p;
    t->commits += t->commits < UINT32_MAX ? 1u : 0u;
    if (other) {
        run->bridge_pl = (uint64_t)p->bridge_nl * 1000u;
    }
    if (!bridge) {
        take_concentrations(state);
    }
    dosing_therapy_resume(state);
    dosing_reservoir_judge(state);
}

void dosing_therapy_stop(dosing_state_t *state)
{
    dosing_programme_t *p = &state->therapy.programme;
    if (p->drugs == 0u) { /* nothing was ever committed */
        return;
    }
    dosing_delivery_forfeit(state);
    p->mode = DOSING_MODE_STOPPED;
    p->dose_ng_per_day = 0u;
    p->mean_ng_per_day = 0u;
    p->peak_ng_per_day = 0u;
    p->patient_ng = 0u;
    p->steps = 0u;
    p->timed = 0u;
    put_in_force(state); /* by mass again, after the minimum rate too: a bolus may follow */
}

static bool blocks_hold(const dosing_state_t *state)
{
    bool good = dosing_crc_holds(&state->therapy, sizeof state->therapy) &&
                dosing_crc_holds(&state->calendar, sizeof state->calendar) &&
                dosing_crc_holds(&state->past, sizeof state->past) &&
                dosing_crc_holds(&state->bolus, sizeof state->bolus);
    for (uint32_t i = 0; i < DOSING_BUCKETS && good; i++) {
        good = dosing_crc_holds(&state->ring[i], sizeof state->ring[i]);
    }
    return good;
}

/* The earlier fluid is out: from here on a pulse gives the programme's own concentrations. */
static void end_bridge(dosing_state_t *state)
{
    dosing_therapy_t *t = &state->therapy;
    const dosing_rate_t before = t->rate;
    const uint32_t concentration = t->concentration_ng_per_ml[0];
    close_account(state);
    dosing_limit_close(state);
    take_concentrations(state);
    put_in_force(state);
    dosing_delivery_convert(state, &before, concentration);
    dosing_log_note(state, DOSING_EVENT_BRIDGED, t->programme.bridge_nl, 0u);
    dosing_crc_seal(t, sizeof *t);
}

bool dosing_therapy_book(dosing_state_t *state, uint32_t pulses)
{
    dosing_run_t *run = &state->run;
    const uint64_t given_pl = (uint64_t)pulses * state->path.pulse_pl;
    const bool primed = state->path.bolus == DOSING_DELIVERY_PRIME;
    const bool ends = run->bridge_pl != 0u && given_pl >= run->bridge_pl;
    run->bridge_pl -= given_pl < run->bridge_pl ? given_pl : run->bridge_pl;
    if (!primed && !ends) {
        return true;
    }
    if (!blocks_hold(state)) {
        return false;
    }
    if (primed) { /* it fills what holds no drug yet: nothing of it is given */
        state->therapy.commanded_before += pulses;
        dosing_crc_seal(&state->therapy, sizeof state->therapy);
    }
    if (ends) {
        dosing_delivery_look(state,
                             state->run.last_ms); /* what is over makes room for what waits */
        end_bridge(state);
    }
    return true;
}
