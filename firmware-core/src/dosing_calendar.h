/* SPDX-License-Identifier: Apache-2.0 */
/* Local time: the basal rate as it changes through the week, and timed boluses as they fall due.
 *
 * Local time is a shift of the core's own time that only a clinician sets. Setting it moves the hands, not the past: the shift
 * changes by the nearest way round, -12 h (excluded) to +12 h, and whole days only rename the weekday. A timed bolus whose
 * moment the hands jump over is due at once; one that they come back to was served, and is not due again. So nothing is given
 * twice and nothing is lost, and windows and lockouts, which go by the core's time, do not notice. Where local time is
 * not known a programme runs at its mean over the week.
 */
#ifndef DOSING_CALENDAR_H
#define DOSING_CALENDAR_H

#include "dosing_state.h"

#define DOSING_LOCAL_UNKNOWN UINT32_MAX

/* Ms since Monday 00:00 at `now_ms`, or DOSING_LOCAL_UNKNOWN. */
uint32_t dosing_calendar_local(const dosing_state_t *state, uint64_t now_ms);

/* True while the programme needs local time and has it, or does not need it. */
bool dosing_calendar_suits(const dosing_state_t *state, const dosing_programme_t *p);

/* The scheduler's basal rate at run.last_ms, when it changes next, and whether a timed bolus is due; raises TIME where the
 * programme needs local time and has none, and ends it. Pre: therapy and calendar hold. */
void dosing_calendar_basal(dosing_state_t *state);

/* Timed boluses due up to now count as served: the programme is new. Seals the calendar. */
void dosing_calendar_begin(dosing_state_t *state, uint64_t now_ms);

/* Brings the scheduler to now_ms over each change of the basal rate. False: therapy or calendar fail their check. */
bool dosing_calendar_advance(dosing_state_t *state, uint64_t now_ms);

/* The timed bolus that is due since longest; its moment becomes served by dosing_calendar_served. False: none is due. */
typedef struct dosing_due_t {
    uint64_t local_ms; /* its moment */
    uint64_t until_ms; /* core's time: one that could not begin until then is skipped */
    dosing_timed_t bolus;
} dosing_due_t;
bool dosing_calendar_due(const dosing_state_t *state, uint64_t now_ms, dosing_due_t *due);

/* Seals the calendar. */
void dosing_calendar_served(dosing_state_t *state, const dosing_due_t *due);

/* The calendar as it would be with the hands at `week_ms`, and what timed boluses they would jump over: total ng, and how many.
 * REFUSED_TIME: not of the week. */
typedef struct dosing_jump_t {
    dosing_calendar_t calendar;
    uint64_t missed_ng;
    uint32_t missed;
} dosing_jump_t;
dosing_status_t dosing_calendar_jump(const dosing_state_t *state, uint32_t week_ms, uint64_t now_ms,
                                     dosing_jump_t *jump);

#endif
