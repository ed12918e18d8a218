/* SPDX-License-Identifier: Apache-2.0 */
/* Lockout and counts of patient boluses, by the core's own time: setting local time touches none of them. */
#include "dosing_patient.h"

#include "dosing_crc.h"
#include "dosing_week.h"

uint32_t dosing_patient_lockout(const dosing_state_t *state, uint64_t now_ms)
{
    const dosing_patient_t *a = &state->patient;
    if (a->count == 0u || state->therapy.programme.patient_ng == 0u) {
        return 0u;
    }
    const uint64_t free_ms = a->began_ms[a->count - 1u] + state->therapy.programme.lockout_ms;
    const uint64_t left_ms = free_ms > now_ms ? free_ms - now_ms : 0u;
    return left_ms < UINT32_MAX ? (uint32_t)left_ms : UINT32_MAX;
}

uint32_t dosing_patient_count(const dosing_state_t *state, uint64_t now_ms, uint32_t span_ms)
{
    const dosing_patient_t *a = &state->patient;
    uint32_t count = 0;
    for (uint32_t i = 0; i < a->count; i++) {
        count += a->began_ms[i] + span_ms > now_ms ? 1u : 0u;
    }
    return count;
}

dosing_status_t dosing_patient_ask(const dosing_state_t *state, uint64_t now_ms)
{
    const dosing_programme_t *p = &state->therapy.programme;
    if (dosing_patient_lockout(state, now_ms) != 0u) {
        return DOSING_REFUSED_LOCKOUT;
    }
    if (dosing_patient_count(state, now_ms, p->interval_ms) >= p->per_interval ||
        dosing_patient_count(state, now_ms, DOSING_DAY_MS) >= p->per_day) {
        return DOSING_REFUSED_COUNT;
    }
    return DOSING_OK;
}

/* Whoever asked before knows that the day holds fewer than DOSING_PATIENT_PER_DAY_MAX: there is room for one more. */
void dosing_patient_begin(dosing_state_t *state, uint64_t now_ms)
{
    dosing_patient_t *a = &state->patient;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < a->count; i++) {
        if (a->began_ms[i] + DOSING_DAY_MS > now_ms) {
            a->began_ms[kept] = a->began_ms[i];
            kept++;
        }
    }
    a->count = kept;
    if (kept < DOSING_PATIENT_PER_DAY_MAX) {
        a->began_ms[kept] = now_ms;
        a->count = kept + 1u;
    }
    dosing_crc_seal(a, sizeof *a);
}
