/* SPDX-License-Identifier: Apache-2.0 */
/* Alarm edges. A tone that the sounder refuses does not matter to dosing: the bit stays for the next interrogation. */
#include "dosing_alarm.h"

void dosing_alarm_raise(dosing_state_t *state, uint32_t alarm)
{
    const dosing_port_t port = dosing_state_port(state);
    if ((state->path.alarms & alarm) != 0u) {
        return;
    }
    state->path.alarms |= alarm;
    state->run.unseen |= alarm;
    const bool critical = (alarm & DOSING_ALARM_CRITICAL) != 0u;
    (void)port.hal->tone(port.context, critical ? DOSING_TONE_CRITICAL : DOSING_TONE_ADVISORY);
}

void dosing_alarm_end(dosing_state_t *state, uint32_t alarms)
{
    state->path.alarms &= ~alarms;
}

void dosing_alarm_acknowledge(dosing_state_t *state, uint32_t alarms)
{
    state->run.unseen &= ~alarms;
    dosing_alarm_end(state, alarms & (DOSING_ALARM_GUARD | DOSING_ALARM_MOTOR));
}

bool dosing_alarm_stops(const dosing_state_t *state)
{
    return (state->path.alarms & DOSING_ALARM_CRITICAL) != 0u;
}
