/* SPDX-License-Identifier: Apache-2.0 */
/* Checks and seals of the state, and what happens when one fails. */
#include "dosing_state.h"

#include <stddef.h>

#include "dosing_crc.h"

#define STOPS 3u /* times that a motor which does not answer is told to stop */
/* Every byte of a block is under its CRC: no padding anywhere. */
#define DENSE(type) _Static_assert(offsetof(type, crc) + 4u == sizeof(type), #type " has padding")
DENSE(dosing_bolus_t);
DENSE(dosing_bucket_t);
DENSE(dosing_past_t);
DENSE(dosing_therapy_t);
DENSE(dosing_session_t);
DENSE(dosing_counters_t);
DENSE(dosing_calendar_t);
DENSE(dosing_patient_t);
DENSE(dosing_log_t);
DENSE(dosing_life_t);
/* The copy covers every byte that a wake uses, and there is no padding among them. */
_Static_assert(sizeof(dosing_path_t) == 64u, "the path is 64 bytes");
_Static_assert(offsetof(dosing_run_t, zero) + 4u == sizeof(dosing_run_t), "run has padding");
_Static_assert(offsetof(dosing_lease_t, prime) + 4u == sizeof(dosing_lease_t), "lease has padding");
_Static_assert(offsetof(dosing_state_t, hot_not) == 8u * DOSING_HOT_WORDS, "the copy is whole");
_Static_assert(offsetof(dosing_medium_t, unseen) + 4u == 8u * DOSING_MEDIUM_WORDS, "medium, too");
_Static_assert(sizeof(dosing_state_t) <= DOSING_STATE_BYTES_MAX, "the promised room");

static uintptr_t vote(uintptr_t a, uintptr_t b, uintptr_t c)
{
    return (a & b) | (a & c) | (b & c);
}

dosing_port_t dosing_state_port(const dosing_state_t *state)
{
    const dosing_port_t *p = state->port;
    const uintptr_t hal = vote((uintptr_t)p[0].hal, (uintptr_t)p[1].hal, (uintptr_t)p[2].hal);
    const uintptr_t context =
        vote((uintptr_t)p[0].context, (uintptr_t)p[1].context, (uintptr_t)p[2].context);
    return (dosing_port_t){(const dosing_hal_t *)hal, (void *)context};
}

static inline bool copy_holds(const uint64_t *words, const uint64_t *copy, uint32_t count)
{
    uint64_t differ = UINT64_MAX;
    for (uint32_t i = 0; i < count; i++) {
        differ &= words[i] ^ copy[i];
    }
    return differ == UINT64_MAX;
}

static inline void copy_seal(const uint64_t *words, uint64_t *copy, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        copy[i] = ~words[i];
    }
}

bool dosing_state_holds_hot(const dosing_state_t *state)
{
    return copy_holds(state->hot, state->hot_not, DOSING_HOT_WORDS) &&
           (state->path.bolus == 0u || dosing_crc_holds(&state->bolus, sizeof state->bolus));
}

bool dosing_state_holds_medium(const dosing_state_t *state)
{
    return copy_holds(state->medium_words, state->medium_not, DOSING_MEDIUM_WORDS);
}

void dosing_state_seal_medium(dosing_state_t *state)
{
    copy_seal(state->medium_words, state->medium_not, DOSING_MEDIUM_WORDS);
}

bool dosing_state_holds_link(const dosing_state_t *state)
{
    return dosing_crc_holds(&state->counters, sizeof state->counters) &&
           dosing_crc_holds(&state->session, sizeof state->session) &&
           dosing_crc_holds(&state->therapy, sizeof state->therapy);
}

static bool port_holds(const dosing_state_t *state)
{
    const dosing_port_t *p = state->port;
    return p[0].hal == p[1].hal && p[1].hal == p[2].hal && p[0].context == p[1].context &&
           p[1].context == p[2].context;
}

bool dosing_state_holds(const dosing_state_t *state)
{
    bool good = dosing_state_holds_hot(state) && dosing_state_holds_link(state) &&
                dosing_crc_holds(&state->bolus, sizeof state->bolus) && port_holds(state);
    good = good && dosing_crc_holds(&state->past, sizeof state->past) &&
           dosing_crc_holds(&state->calendar, sizeof state->calendar) &&
           dosing_crc_holds(&state->patient, sizeof state->patient) &&
           dosing_state_holds_medium(state) && dosing_crc_holds(&state->log, sizeof state->log) &&
           dosing_crc_holds(&state->life, sizeof state->life);
    for (uint32_t i = 0; i < DOSING_BUCKETS && good; i++) {
        good = dosing_crc_holds(&state->ring[i], sizeof state->ring[i]);
    }
    return good;
}

void dosing_state_seal_hot(dosing_state_t *state)
{
    copy_seal(state->hot, state->hot_not, DOSING_HOT_WORDS);
}

void dosing_state_seal(dosing_state_t *state)
{
    dosing_state_seal_hot(state);
    dosing_crc_seal(&state->bolus, sizeof state->bolus);
    dosing_crc_seal(&state->session, sizeof state->session);
    dosing_crc_seal(&state->therapy, sizeof state->therapy);
    dosing_crc_seal(&state->calendar, sizeof state->calendar);
    dosing_crc_seal(&state->patient, sizeof state->patient);
}

dosing_status_t dosing_state_latched(dosing_state_t *state)
{
    if (state->latch != ~state->latch_not) {
        return dosing_state_fail(state);
    }
    return (dosing_status_t)state->latch;
}

void dosing_state_latch(dosing_state_t *state, dosing_status_t status)
{
    state->latch = (uint32_t)status;
    state->latch_not = ~(uint32_t)status;
}

bool dosing_state_stop(const dosing_port_t *port)
{
    bool stopped = false;
    for (uint32_t i = 0; i < STOPS && !stopped; i++) {
        stopped = port->hal->train_stop(port->context) == DOSING_HAL_OK;
    }
    return stopped;
}

dosing_status_t dosing_state_fail(dosing_state_t *state)
{
    const dosing_port_t port = dosing_state_port(state);
    if (port.hal != 0) { /* null in a block that init never saw */
        (void)dosing_state_stop(&port);
        (void)port.hal->tone(port.context, DOSING_TONE_CRITICAL);
    }
    dosing_state_latch(state, DOSING_ERROR_STATE);
    return DOSING_ERROR_STATE;
}
