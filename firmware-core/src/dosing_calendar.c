/* SPDX-License-Identifier: Apache-2.0 */
/* Local time. Core's times are below 2^53 and local ones less than 2^54, so that sums stay in 64 bits. */
#include "dosing_calendar.h"

#include "dosing_alarm.h"
#include "dosing_crc.h"
#include "dosing_schedule.h"
#include "dosing_week.h"

#define DAY UINT64_C(86400000)
#define HALF_DAY (DAY / 2u)
#define MINUTE_MS 60000u
#define FIRST_DAY 4096u /* local days begin here: the hands can be put back that often */
#define CHANGES_PER_LOOK 256u

static uint64_t local(const dosing_calendar_t *c, uint64_t now_ms)
{
    return now_ms + c->shift_ms;
}

static uint32_t weekday(const dosing_calendar_t *c, uint64_t day)
{
    return (uint32_t)((day + c->weekday) % DOSING_WEEK_DAYS);
}

static uint32_t week_ms(const dosing_calendar_t *c, uint64_t local_ms)
{
    return weekday(c, local_ms / DAY) * DOSING_DAY_MS + (uint32_t)(local_ms % DAY);
}

uint32_t dosing_calendar_local(const dosing_state_t *state, uint64_t now_ms)
{
    const dosing_calendar_t *c = &state->calendar;
    return c->known != 0u ? week_ms(c, local(c, now_ms)) : DOSING_LOCAL_UNKNOWN;
}

bool dosing_calendar_suits(const dosing_state_t *state, const dosing_programme_t *p)
{
    return state->calendar.known != 0u || (p->mode != DOSING_MODE_FLEX && p->timed == 0u);
}

static uint64_t dose_at(const dosing_state_t *state, uint64_t now_ms, uint32_t *left_ms)
{
    const dosing_programme_t *p = &state->therapy.programme;
    const dosing_calendar_t *c = &state->calendar;
    if (c->known == 0u) {
        *left_ms = DOSING_WEEK_MS;
        return p->mean_ng_per_day;
    }
    const dosing_stretch_t s = dosing_week_at(p, week_ms(c, local(c, now_ms)));
    *left_ms = s.left_ms;
    return s.dose_ng_per_day;
}

/* The first moment after `after_ms` of any timed bolus, within nine days; UINT64_MAX: there is none. */
static uint64_t next_timed(const dosing_programme_t *p, const dosing_calendar_t *c,
                           uint64_t after_ms, dosing_timed_t *bolus)
{
    uint64_t first_ms = UINT64_MAX;
    const uint64_t today = after_ms / DAY;
    for (uint32_t ahead = 0; ahead <= DOSING_WEEK_DAYS + 1u && first_ms == UINT64_MAX; ahead++) {
        const uint64_t day = today + ahead;
        for (uint32_t i = 0; i < p->timed; i++) {
            const dosing_timed_t t = dosing_programme_timed(p, i);
            const uint64_t at_ms = day * DAY + (uint64_t)t.minute * MINUTE_MS;
            if ((t.days >> weekday(c, day) & 1u) != 0u && at_ms > after_ms && at_ms < first_ms) {
                first_ms = at_ms;
                *bolus = t;
            }
        }
    }
    return first_ms;
}

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

bool dosing_calendar_due(const dosing_state_t *state, uint64_t now_ms, dosing_due_t *due)
{
    const dosing_calendar_t *c = &state->calendar;
    if (c->known == 0u || state->therapy.programme.timed == 0u) {
        return false;
    }
    due->local_ms = next_timed(&state->therapy.programme, c, c->served_ms, &due->bolus);
    if (due->local_ms > local(c, now_ms)) {
        return false;
    }
    const uint64_t since_ms =
        due->local_ms > c->shift_ms ? due->local_ms - c->shift_ms : 0u; /* by the present hands */
    due->until_ms = later(since_ms, later(c->set_ms, c->free_ms)) + DOSING_TIMED_WAIT_MS;
    return true;
}

void dosing_calendar_served(dosing_state_t *state, const dosing_due_t *due)
{
    state->calendar.served_ms = due->local_ms;
    state->calendar.free_ms = state->run.last_ms + due->bolus.duration_ms;
    dosing_crc_seal(&state->calendar, sizeof state->calendar);
}

/* The next look at timed boluses: when one falls due, or when the one that waits has waited long enough. */
static uint64_t timed_look(dosing_state_t *state, uint64_t now_ms)
{
    const dosing_calendar_t *c = &state->calendar;
    dosing_due_t due;
    dosing_timed_t bolus;
    state->run.timed_due = 0u;
    if (c->known == 0u || state->therapy.programme.timed == 0u) {
        return DOSING_NEVER_MS;
    }
    if (dosing_calendar_due(state, now_ms, &due)) {
        state->run.timed_due = 1u;
        return later(due.until_ms, now_ms + 1u);
    }
    const uint64_t at_ms = next_timed(&state->therapy.programme, c, c->served_ms, &bolus);
    return at_ms != UINT64_MAX ? at_ms - c->shift_ms : DOSING_NEVER_MS;
}

/* A programme that goes by the hands runs at its mean while they are lost, and says so. */
static void judge(dosing_state_t *state)
{
    if (!dosing_calendar_suits(state, &state->therapy.programme)) {
        dosing_alarm_raise(state, DOSING_ALARM_TIME);
    } else if ((state->path.alarms & DOSING_ALARM_TIME) != 0u) {
        dosing_alarm_end(state, DOSING_ALARM_TIME);
    }
}

void dosing_calendar_basal(dosing_state_t *state)
{
    dosing_run_t *run = &state->run;
    const dosing_rate_t *rate = &state->therapy.rate;
    const bool flex =
        state->therapy.programme.mode == DOSING_MODE_FLEX && state->calendar.known != 0u;
    uint32_t left_ms = 0;
    state->path.num = dosing_rate_units(rate, dose_at(state, run->last_ms, &left_ms));
    run->change_ms = flex ? run->last_ms + left_ms : DOSING_NEVER_MS;
    run->num_next = state->path.num;
    run->stay_ms = 0u;
    const uint64_t look_ms = timed_look(state, run->last_ms);
    if (look_ms < run->change_ms) {
        run->change_ms = look_ms;
    } else if (flex) {
        run->num_next = dosing_rate_units(rate, dose_at(state, run->change_ms, &run->stay_ms));
    }
    judge(state);
}

void dosing_calendar_begin(dosing_state_t *state, uint64_t now_ms)
{
    dosing_calendar_t *c = &state->calendar;
    if (c->known != 0u) {
        c->served_ms =
            later(c->served_ms, local(c, now_ms)); /* what the hands came back from stays served */
        c->free_ms = now_ms;
    }
    dosing_crc_seal(c, sizeof *c);
}

/* Until when the time that passed unseen falls due at all: see dosing_schedule_advance. */
static uint64_t owed_until(const dosing_run_t *run)
{
    return run->due_ms == DOSING_NEVER_MS ? 0u : run->due_ms + run->grace_ms;
}

bool dosing_calendar_advance(dosing_state_t *state, uint64_t now_ms)
{
    dosing_run_t *run = &state->run;
    if (now_ms < run->change_ms && now_ms < run->guard_change_ms) {
        dosing_schedule_advance(state, now_ms);
        return true;
    }
    if (!dosing_crc_holds(&state->therapy, sizeof state->therapy) ||
        !dosing_crc_holds(&state->calendar, sizeof state->calendar)) {
        return false;
    }
    const uint64_t until_ms = owed_until(run);
    for (uint32_t i = 0;
         i < CHANGES_PER_LOOK && run->change_ms <= now_ms && run->change_ms <= until_ms; i++) {
        dosing_schedule_advance(state, run->change_ms);
        dosing_calendar_basal(state);
    }
    const bool jumps = run->change_ms <= now_ms;
    dosing_schedule_advance(state, now_ms);
    if (jumps) {
        dosing_calendar_basal(state);
    }
    return true;
}

/* From the present hands to the new ones by the shorter way, forwards where both are as long. */
static void turn(dosing_calendar_t *c, uint32_t to_ms, uint64_t now_ms)
{
    const uint64_t from_ms = local(c, now_ms) % DAY;
    const uint64_t ahead_ms = (to_ms % DAY + DAY - from_ms) % DAY;
    c->shift_ms += ahead_ms <= HALF_DAY ? ahead_ms : ahead_ms - DAY; /* modulo 2^64: backwards */
    const uint64_t day = local(c, now_ms) / DAY % DOSING_WEEK_DAYS;
    c->weekday = (uint32_t)((to_ms / DOSING_DAY_MS + DOSING_WEEK_DAYS - day) % DOSING_WEEK_DAYS);
}

dosing_status_t dosing_calendar_jump(const dosing_state_t *state, uint32_t to_ms, uint64_t now_ms,
                                     dosing_jump_t *jump)
{
    *jump = (dosing_jump_t){.calendar = state->calendar};
    dosing_calendar_t *c = &jump->calendar;
    if (to_ms >= DOSING_WEEK_MS) {
        return DOSING_REFUSED_TIME;
    }
    const bool first = c->known == 0u;
    if (first) {
        c->shift_ms = FIRST_DAY * DAY - now_ms % DAY;
    }
    turn(c, to_ms, now_ms);
    if (local(c, now_ms) < DAY) { /* put back by half a day thousands of times */
        return DOSING_REFUSED_TIME;
    }
    c->known = 1u;
    c->set_ms = now_ms;
    c->served_ms = first ? local(c, now_ms) : c->served_ms;
    uint64_t after_ms = c->served_ms;
    dosing_timed_t bolus = {0};
    for (uint32_t i = 0; i < 2u * DOSING_TIMED_MAX; i++) { /* 12 h lie in two days */
        after_ms = next_timed(&state->therapy.programme, c, after_ms, &bolus);
        if (after_ms > local(c, now_ms)) {
            return DOSING_OK;
        }
        jump->missed_ng += bolus.dose_ng;
        jump->missed++;
    }
    return DOSING_OK;
}
