/* SPDX-License-Identifier: Apache-2.0 */
/* The reservoir ledger and its two thresholds. */
#include "dosing_reservoir.h"

#include "dosing_alarm.h"
#include "dosing_fixed.h"

static void judge(dosing_state_t *state, uint64_t threshold_pl, uint32_t alarm)
{
    if (state->run.volume_pl <= threshold_pl) {
        dosing_alarm_raise(state, alarm);
    } else if (state->run.volume_pl > threshold_pl + DOSING_RESERVOIR_HYSTERESIS_PL) {
        dosing_alarm_end(state, alarm);
    }
}

void dosing_reservoir_judge(dosing_state_t *state)
{
    judge(state, state->run.low_pl, DOSING_ALARM_LOW);
    judge(state, state->run.empty_pl, DOSING_ALARM_EMPTY);
}

void dosing_reservoir_set(dosing_state_t *state, uint32_t volume_nl)
{
    state->run.volume_pl = (uint64_t)volume_nl * 1000u;
    dosing_reservoir_judge(state);
}

void dosing_reservoir_take(dosing_state_t *state, uint32_t pulses)
{
    const uint64_t taken_pl = (uint64_t)pulses * state->path.pulse_pl;
    dosing_run_t *run = &state->run;
    run->volume_pl = taken_pl < run->volume_pl ? run->volume_pl - taken_pl : 0u;
    dosing_reservoir_judge(state);
}

static uint32_t pulses_above(const dosing_state_t *state, uint64_t threshold_pl, uint32_t most)
{
    const uint64_t pulse_pl = state->path.pulse_pl;
    if (state->run.volume_pl <= threshold_pl ||
        state->run.volume_pl - threshold_pl >= most * pulse_pl) {
        return most;
    }
    return (uint32_t)dosing_fixed_divide_up(state->run.volume_pl - threshold_pl, pulse_pl);
}

uint32_t dosing_reservoir_pulses(const dosing_state_t *state, uint32_t most)
{
    const uint32_t left =
        pulses_above(state, state->run.low_pl, pulses_above(state, state->run.empty_pl, most));
    const uint64_t bridge = dosing_fixed_divide_up(state->run.bridge_pl, state->path.pulse_pl);
    return bridge != 0u && bridge < left ? (uint32_t)bridge : left;
}
