/* SPDX-License-Identifier: Apache-2.0 */
/* The safe-state table. */
#include "dosing_fault.h"

#include "dosing_hal.h"

#define NONE DOSING_HARM_NONE
#define WITHDRAWAL DOSING_HARM_WITHDRAWAL
#define OVERDOSE DOSING_HARM_OVERDOSE
#define UNKNOWN DOSING_HARM_UNKNOWN
#define GO_ON DOSING_ACTION_CONTINUE
#define STOP DOSING_ACTION_STOP
#define HOLD DOSING_ACTION_HOLD
#define ADVISORY DOSING_TONE_ADVISORY
#define CRITICAL DOSING_TONE_CRITICAL
#define CAUSE DOSING_ENDS_BY_CAUSE
#define CLEAR DOSING_ENDS_BY_CLEAR

/* In the order of the bits.
 * LOW        fluid is left: a notice.
 * EMPTY      nothing is left to give: going on draws gas and wears the tube.
 * MEMORY     the words on the path to the motor are not what was sealed.
 * GUARD      two integrations of one programme disagree: one of them is wrong.
 * MOTOR      a train failed or miscounted: the next may not, and the guard counts every pulse.
 * STALL      the rotor stands: stopping would only make sure that it does; each further pulse may free it.
 * DEVIATION  the patient gets less than ordered: less still would be worse.
 * STOPPED    there is nothing to stop; it tells that therapy is off for longer than is good for tube and patient.
 * CLOCK      by the slower of both the patient gets too little at worst.
 * RESET      the programme goes on unchanged; less was given meanwhile.
 * STORE      what is given without a lease is forgotten by the next reset: limits, lockouts and the reservoir would then be wrong
 *            the dangerous way. So no train starts until a lease can be written, which is tried each minute in sector
 *            after sector; a train under way, paid for by its lease, runs to its end.
 * COPY       the programme is that of the other copy: nothing changes for the patient.
 * LOST       nobody knows what was ordered, or what was given.
 * ERI        the cell still carries: a notice, and 90 days to replace the pump in.
 * EOS        a cell below its floor carries neither the processor nor a whole stroke for sure, and resets as it pleases: nobody
 *            can say what would be given. Pumps in use stop 90 days after ERI and at 84 months (maker's page on replacing a pump;
 *            its letter of 2011 on high-resistance cells, as reported), so that a replacement is planned for that day.
 * SELFTEST   a net is missing below the patient (second clock, watchdog, factory block), not the rope: what makes the words on
 *            the path to the motor doubtful is MEMORY.
 * STORM      each start forfeits what its lease held, so that no overdose comes of it; but a pump that starts for ever gives
 *            next to nothing, drains its cell, and says each time that all is well. What makes it start is unknown.
 * TIME       the day's dose is given, evenly: too much at some hours and too little at others, as a flat programme would.
 * BROWN_OUT  low-battery reset, critical in pumps in use (a maker's letter of 2011 on high-resistance cells, as reported). The
 *            programme goes on, as after any reset; but a cell that gave way will do so again, the next time under a stroke, and
 *            each start forfeits what its lease held: the pump is to be seen to before that becomes a storm. */
static const dosing_fault_t rows[DOSING_ALARMS] = {
    /* alarm                  stopped     continued   action tone      ends */
    {DOSING_ALARM_LOW, WITHDRAWAL, NONE, GO_ON, ADVISORY, CAUSE},
    {DOSING_ALARM_EMPTY, WITHDRAWAL, WITHDRAWAL, STOP, CRITICAL, CAUSE},
    {DOSING_ALARM_MEMORY, WITHDRAWAL, UNKNOWN, STOP, CRITICAL, 0u},
    {DOSING_ALARM_GUARD, WITHDRAWAL, OVERDOSE, STOP, CRITICAL, CLEAR},
    {DOSING_ALARM_MOTOR, WITHDRAWAL, NONE, GO_ON, ADVISORY, CLEAR},
    {DOSING_ALARM_STALL, WITHDRAWAL, WITHDRAWAL, GO_ON, CRITICAL, CAUSE},
    {DOSING_ALARM_DEVIATION, WITHDRAWAL, WITHDRAWAL, GO_ON, ADVISORY, CAUSE | CLEAR},
    {DOSING_ALARM_STOPPED, NONE, NONE, GO_ON, CRITICAL, CAUSE},
    {DOSING_ALARM_CLOCK, WITHDRAWAL, WITHDRAWAL, GO_ON, CRITICAL, CLEAR},
    {DOSING_ALARM_RESET, WITHDRAWAL, NONE, GO_ON, ADVISORY, CLEAR},
    {DOSING_ALARM_STORE, WITHDRAWAL, OVERDOSE, HOLD, CRITICAL, CAUSE},
    {DOSING_ALARM_COPY, WITHDRAWAL, NONE, GO_ON, ADVISORY, CLEAR},
    {DOSING_ALARM_LOST, WITHDRAWAL, UNKNOWN, STOP, CRITICAL, CLEAR},
    {DOSING_ALARM_ERI, WITHDRAWAL, NONE, GO_ON, ADVISORY, 0u},
    {DOSING_ALARM_EOS, WITHDRAWAL, UNKNOWN, STOP, CRITICAL, 0u},
    {DOSING_ALARM_SELFTEST, WITHDRAWAL, WITHDRAWAL, GO_ON, CRITICAL, CAUSE},
    {DOSING_ALARM_STORM, WITHDRAWAL, UNKNOWN, STOP, CRITICAL, CLEAR},
    {DOSING_ALARM_TIME, WITHDRAWAL, WITHDRAWAL, GO_ON, CRITICAL, CAUSE},
    {DOSING_ALARM_BROWN_OUT, WITHDRAWAL, WITHDRAWAL, GO_ON, CRITICAL, CLEAR},
};

const dosing_fault_t *dosing_fault_row(uint32_t alarm)
{
    const dosing_fault_t *found = &rows[2];
    for (uint32_t i = 0; i < DOSING_ALARMS; i++) {
        if (rows[i].alarm == alarm) {
            found = &rows[i];
        }
    }
    return found;
}

uint32_t dosing_fault_critical(uint32_t alarms)
{
    uint32_t critical = 0;
    for (uint32_t i = 0; i < DOSING_ALARMS; i++) {
        critical |= rows[i].tone == CRITICAL ? alarms & rows[i].alarm : 0u;
    }
    return critical;
}

uint32_t dosing_fault_clearable(uint32_t alarms)
{
    uint32_t clearable = 0;
    for (uint32_t i = 0; i < DOSING_ALARMS; i++) {
        clearable |= (rows[i].ends & CLEAR) != 0u ? alarms & rows[i].alarm : 0u;
    }
    return clearable;
}
