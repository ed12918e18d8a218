/* SPDX-License-Identifier: Apache-2.0 */
/* The block of what ages: when it is looked at, checked and sealed. */
#include "dosing_life.h"

#include "dosing_battery.h"
#include "dosing_crc.h"
#include "dosing_keep.h"
#include "dosing_start.h"
#include "dosing_state.h"

static void seal(dosing_state_t *state)
{
    dosing_crc_seal(&state->life, sizeof state->life);
}

/* The block, and the count of frames, which the link keeps. */
static bool holds(const dosing_state_t *state)
{
    return dosing_crc_holds(&state->life, sizeof state->life) &&
           dosing_crc_holds(&state->counters, sizeof state->counters);
}

void dosing_life_start(dosing_state_t *state, uint64_t now_ms, uint32_t cause)
{
    state->run.look_ms = now_ms + DOSING_START_STEADY_MS;
    state->run.steady = 0u;
    state->life.seen_second_ms = 0u;
    const bool told = state->life.short_row > DOSING_START_ROW_MAX; /* a storm wears no store out */
    dosing_start_count(state, cause);
    dosing_battery_start(state, now_ms);
    seal(state);
    if (!told) {
        dosing_keep_life(state);
    }
}

bool dosing_life_look(dosing_state_t *state, uint64_t now_ms)
{
    if (now_ms < state->run.look_ms) {
        return true;
    }
    if (!holds(state)) {
        return false;
    }
    const uint32_t ended = state->life.ended;
    const bool first = state->run.steady == 0u;
    if (first) {
        dosing_start_steady(state);
    }
    dosing_battery_look(state, now_ms);
    state->run.look_ms = now_ms + DOSING_LIFE_LOOK_MS;
    seal(state);
    const bool day = state->life.day_ms == state->life.age_ms; /* one was judged just now */
    if (first || day || state->life.ended != ended) {
        dosing_keep_life(state);
    }
    return true;
}

uint64_t dosing_life_due(const dosing_state_t *state)
{
    return state->run.steady == 0u ? state->run.look_ms : DOSING_NEVER_MS;
}

void dosing_life_acknowledge(dosing_state_t *state, uint32_t alarms)
{
    if ((alarms & state->path.alarms & DOSING_ALARM_STORM) == 0u) {
        return;
    }
    dosing_start_acknowledge(state);
    seal(state);
    dosing_keep_life(state);
}
