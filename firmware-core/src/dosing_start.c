/* SPDX-License-Identifier: Apache-2.0 */
/* Starts, low batteries among their causes, and storms. */
#include "dosing_start.h"

#include "dosing_alarm.h"
#include "dosing_hal.h"

static void count(uint32_t *n)
{
    *n += *n < UINT32_MAX ? 1u : 0u;
}

void dosing_start_count(dosing_state_t *state, uint32_t cause)
{
    dosing_life_t *life = &state->life;
    count(&life->starts);
    count(&life->short_row);
    if (cause == DOSING_RESET_BROWN_OUT) {
        count(&life->brown_outs);
        dosing_alarm_raise(state, DOSING_ALARM_BROWN_OUT);
    }
    if (life->short_row > DOSING_START_ROW_MAX) {
        dosing_alarm_raise(state, DOSING_ALARM_STORM);
    }
}

void dosing_start_steady(dosing_state_t *state)
{
    state->run.steady = 1u;
    if (state->life.short_row <= DOSING_START_ROW_MAX) {
        state->life.short_row = 0u;
    }
}

void dosing_start_acknowledge(dosing_state_t *state)
{
    state->life.short_row = 0u;
}
