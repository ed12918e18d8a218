/* SPDX-License-Identifier: Apache-2.0 */
/* Alarm edges and reminders. A tone that the sounder refuses does not matter to dosing: the bit stays for the next
 * interrogation, and the tone comes back. */
#include "dosing_alarm.h"

#include "dosing_fault.h"
#include "dosing_log.h"
#include "dosing_start.h"

/* Before its first wake a start is silent: a tone is a heavy load, and must not end a start that has not been counted. */
static void sound(dosing_state_t *state, uint32_t tone)
{
    const dosing_port_t port = dosing_state_port(state);
    if (state->run.wakes == 0u) {
        return;
    }
    state->run.tones++;
    (void)port.hal->tone(port.context, tone);
}

/* Alarms that hold and that nobody has seen. */
static uint32_t open_alarms(const dosing_state_t *state)
{
    return state->path.alarms & state->run.unseen;
}

void dosing_alarm_raise(dosing_state_t *state, uint32_t alarm)
{
    if ((state->path.alarms & alarm) != 0u) {
        return;
    }
    const dosing_fault_t *row = dosing_fault_row(alarm);
    const bool nothing_critical = dosing_fault_critical(open_alarms(state)) == 0u;
    if (nothing_critical ||
        row->tone == DOSING_TONE_CRITICAL) { /* a notice does not put off the reminder of worse */
        state->run.tone_ms = state->run.guard_ms;
    }
    state->path.alarms |= alarm;
    state->run.unseen |= alarm;
    dosing_log_note(state, DOSING_EVENT_RAISED, state->path.alarms, alarm);
    sound(state, row->tone);
}

void dosing_alarm_end(dosing_state_t *state, uint32_t alarms)
{
    const uint32_t ended = state->path.alarms & alarms;
    state->path.alarms &= ~alarms;
    if (ended != 0u) {
        dosing_log_note(state, DOSING_EVENT_ENDED, state->path.alarms, ended);
    }
}

void dosing_alarm_acknowledge(dosing_state_t *state, uint32_t alarms)
{
    state->run.unseen &= ~alarms;
    dosing_alarm_end(state, dosing_fault_clearable(alarms));
}

/* The cell has given way, and a start came behind those of the storm, which had stopped the motor: the tone is what is left to
 * blame, and one that ends in another start helps nobody and drains what the cell still has. */
static bool drains(const dosing_state_t *state)
{
    const uint32_t both = DOSING_ALARM_STORM | DOSING_ALARM_BROWN_OUT;
    return (state->path.alarms & both) == both && state->life.short_row > DOSING_START_ROW_MAX + 1u;
}

static uint32_t repeat_ms(const dosing_state_t *state, uint32_t open)
{
    const uint32_t critical_ms = state->run.repeat_critical_ms;
    if (dosing_fault_critical(open) == 0u) {
        return state->run.repeat_advisory_ms;
    }
    return drains(state) && critical_ms < DOSING_REPEAT_DRAINING_MS ? DOSING_REPEAT_DRAINING_MS
                                                                    : critical_ms;
}

uint64_t dosing_alarm_due(const dosing_state_t *state)
{
    const uint32_t open = open_alarms(state);
    if (open == 0u) {
        return DOSING_NEVER_MS;
    }
    if (state->run.wakes == 0u) { /* an order came before the first wake, which is wanted at once */
        return state->run.guard_ms + 1u;
    }
    return state->run.tone_ms + repeat_ms(state, open);
}

/* What the start found is told at its first wake; in a storm, whose starts the tone itself may be making, when it comes
 * back. */
void dosing_alarm_remind(dosing_state_t *state, uint64_t now_ms)
{
    const uint32_t open = open_alarms(state);
    const bool first = state->run.wakes == 1u && state->run.tones == 0u;
    if (open == 0u || (!first && now_ms < dosing_alarm_due(state))) {
        return;
    }
    state->run.tone_ms = now_ms;
    if (first && (state->path.alarms & DOSING_ALARM_STORM) != 0u) {
        return;
    }
    sound(state, dosing_fault_critical(open) != 0u ? DOSING_TONE_CRITICAL : DOSING_TONE_ADVISORY);
}

bool dosing_alarm_stops(const dosing_state_t *state)
{
    return (state->path.alarms & DOSING_ALARM_STOPS) != 0u;
}
