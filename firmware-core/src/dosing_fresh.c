/* SPDX-License-Identifier: Apache-2.0 */
/* The state of a new pump. */
#include "dosing_fresh.h"

#include "dosing_crc.h"
#include "dosing_limit.h"

void dosing_fresh_make(dosing_state_t *state, const dosing_reading_t *first)
{
    const uint64_t now_ms = first->main_ms;
    dosing_therapy_t *t = &state->therapy;
    *t = (dosing_therapy_t){.factory = t->factory,
                            .reset_cause = t->reset_cause,
                            .rate = {.den = DOSING_DEN_WANTED, .common = 1u, .fl_den = 27u}};
    state->path = (dosing_path_t){.den = DOSING_DEN_WANTED,
                                  .fl_den = 27u,
                                  .pulse_pl = t->factory.pulse_volume_pl,
                                  .period_min_ms = t->factory.gap_ms,
                                  .alarms = DOSING_ALARM_LOW | DOSING_ALARM_EMPTY};
    state->run = (dosing_run_t){.last_ms = now_ms,
                                .guard_ms = now_ms,
                                .due_ms = DOSING_NEVER_MS,
                                .scrub_ms = now_ms + DOSING_SCRUB_MS,
                                .change_ms = DOSING_NEVER_MS,
                                .guard_change_ms = DOSING_NEVER_MS,
                                .repeat_critical_ms = DOSING_REPEAT_CRITICAL_MS,
                                .repeat_advisory_ms = DOSING_REPEAT_ADVISORY_MS,
                                .low_pl = (uint64_t)DOSING_LOW_DEFAULT_NL * 1000u};
    state->bolus = (dosing_bolus_t){0};
    state->session = (dosing_session_t){0};
    state->counters = (dosing_counters_t){0};
    state->calendar = (dosing_calendar_t){0};
    state->patient = (dosing_patient_t){0};
    state->life = (dosing_life_t){0};
    state->lease = (dosing_lease_t){.device = state->lease.device};
    dosing_clock_start(state, first);
    dosing_limit_init(state, now_ms);
}

void dosing_fresh_seal(dosing_state_t *state)
{
    dosing_crc_seal(&state->patient, sizeof state->patient);
    dosing_crc_seal(&state->life, sizeof state->life);
    dosing_crc_seal(&state->calendar, sizeof state->calendar);
    for (uint32_t i = 0; i < DOSING_BUCKETS; i++) {
        dosing_crc_seal(&state->ring[i], sizeof state->ring[i]);
    }
    dosing_crc_seal(&state->past, sizeof state->past);
    dosing_crc_seal(&state->counters, sizeof state->counters);
    dosing_state_seal_medium(state);
    dosing_state_seal(state);
}
