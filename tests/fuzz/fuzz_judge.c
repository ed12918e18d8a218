/* SPDX-License-Identifier: Apache-2.0 */
/* Pulses held against limits and against the course, in double: 2^-52 of some 1e5 pulses is 1e-11. */
#include "fuzz_judge.h"

#include <stddef.h>
#include <string.h>

#define DAY_MS WEEK_DAY_MS
#define ROUNDING_PULSES 1e-3
#define AG_PER_NG UINT64_C(1000000000)    /* 1 pl at 1 ng/mL is 1 ag */
#define NEAR_EMPTY_PL UINT64_C(150000000) /* where EMPTY holds or not by what came before */

static void blame(judge_t *j, const char *what)
{
    if (j->broken == NULL) {
        j->broken = what;
    }
}

void judge_start(judge_t *j, const dosing_factory_t *factory, uint64_t now_ms)
{
    memset(j, 0, offsetof(judge_t, ring));
    j->slack_pulses = ROUNDING_PULSES;
    j->at_ms = now_ms;
    j->follows = true;
    j->expects = true;
    course_start(&j->course, factory);
}

/* ---- the course ----------------------------------------------------------------------------------------------------- */

/* What was ordered up to `to_ms`. More than one pulse that was not used is forfeit; what was given too early counts for no
 * later window. */
static void advance(judge_t *j, uint64_t to_ms)
{
    const course_t *c = &j->course;
    if (to_ms <= j->at_ms) {
        return;
    }
    const double pulses = course_pulses(c, j->at_ms, to_ms);
    j->ahead = j->ahead - pulses < -1.0 ? -1.0 : j->ahead - pulses;
    j->behind = j->expects && c->volume_pl > c->empty_pl + NEAR_EMPTY_PL ? j->behind + pulses : 0.0;
    j->at_ms = to_ms;
}

static void check_behind(judge_t *j)
{
    if (j->follows && j->behind > JUDGE_BEHIND_PULSES + j->lost_pulses + j->slack_pulses) {
        blame(j, "less is given than was ordered");
    }
}

static void settle(judge_t *j, uint64_t now_ms)
{
    course_t *c = &j->course;
    advance(j, now_ms);
    check_behind(j);
    const bool bridged = c->bridged;
    course_settle(c, now_ms);
    if (bridged) {
        j->behind = 0.0;
        j->lost_pulses += 2e9 / ((double)c->factory->pulse_volume_pl * (double)c->concentration[0]);
    }
}

static void drive(judge_t *j, uint64_t now_ms)
{
    course_drive(&j->course, now_ms);
    if (j->slack_pulses >= 1.0 && course_is_delicate(&j->course)) {
        j->follows = false; /* judge and core do not count the same strokes */
    }
    if (j->course.broken != NULL) {
        blame(j, j->course.broken);
    }
}

void judge_reset(judge_t *j, const course_memory_t *memory, uint64_t now_ms)
{
    advance(j, now_ms);
    j->behind = 0.0;
    course_resume(&j->course, memory, j->slack_pulses < 1.0);
}

void judge_estrange(judge_t *j, const course_memory_t *memory, uint64_t now_ms)
{
    j->at_ms = now_ms;
    j->ahead = 0.0;
    j->behind = 0.0;
    j->follows = false;
    j->trains = 0u;
    memset(j->window, 0, sizeof j->window);
    memset(j->limit, 0, sizeof j->limit);
    course_estrange(&j->course, memory);
}

void judge_act(judge_t *j, uint64_t now_ms, bool late)
{
    if (late) { /* what is lost by it is made up for by a pulse at most */
        advance(j, now_ms);
        j->behind = 0.0;
    }
    settle(j, now_ms);
    drive(j, now_ms);
}

void judge_programme(judge_t *j, const uint8_t *image, const course_memory_t *memory,
                     uint64_t now_ms)
{
    const uint64_t nl = fake_get(image + DOSING_PROGRAMME_AT_VOLUME_24H, 4u);
    const bool strange = j->course.strange;
    settle(j, now_ms);
    course_programme(&j->course, image, now_ms);
    if (strange) {
        course_adopt(&j->course, memory);
    }
    j->limit[0] = (nl == 0u ? j->course.factory->volume_24h_max_nl : nl) * 1000u;
    for (uint32_t i = 0; i < DOSING_DRUGS_MAX; i++) {
        const uint8_t *drug = image + DOSING_PROGRAMME_AT_DRUG + i * DOSING_DRUG_BYTES;
        j->limit[1u + i] = fake_get(drug + DOSING_DRUG_AT_LIMIT, 8u) * AG_PER_NG;
    }
    if (!j->follows) { /* as much may be owed as ever is */
        j->ahead = -1.0;
    }
    j->follows = true;
    j->behind = 0.0;
    j->lost_pulses = 0.0;
    drive(j, now_ms);
}

void judge_order(judge_t *j, uint8_t type, const uint8_t *payload, uint64_t now_ms)
{
    settle(j, now_ms);
    course_order(&j->course, type, payload, now_ms);
    if (type == DOSING_FRAME_SET_TIME) {
        j->behind = 0.0;
    }
    drive(j, now_ms);
}

void judge_refusal(judge_t *j, uint8_t type, dosing_status_t status, uint64_t now_ms)
{
    if (type != DOSING_FRAME_REQUEST || !j->follows) {
        return;
    }
    if (j->course.aged || j->course.strange) {
        return;
    }
    if (status == DOSING_REFUSED_LOCKOUT && course_lockout_is_over(&j->course, now_ms)) {
        blame(j, "a patient is refused for a lockout that is over");
    }
    if (status == DOSING_REFUSED_COUNT && course_counts_allow(&j->course, now_ms)) {
        blame(j, "a patient is refused for counts that are not full");
    }
}

void judge_fault(judge_t *j, uint32_t unseen)
{
    j->expects = false;
    j->slack_pulses += (double)unseen;
}

void judge_doubt(judge_t *j)
{
    j->follows = false;
}

void judge_trust(judge_t *j)
{
    j->expects = true;
    j->behind = 0.0;
}

/* ---- pulses ------------------------------------------------------------------------------------------------------- */

static void weigh(judge_t *j, const judge_train_t *train, bool in)
{
    for (uint32_t i = 0; i < JUDGE_MASSES; i++) {
        j->window[i] += in ? train->mass[i] : 0u - train->mass[i];
    }
}

/* Lets go what began 24 h or more before `at_ms`. */
static void forget(judge_t *j, uint64_t at_ms)
{
    while (j->trains > 0u) {
        judge_train_t *t = &j->ring[j->first];
        while (t->gone < t->count &&
               at_ms - (t->start_ms + (uint64_t)t->gone * t->period_ms) >= DAY_MS) {
            weigh(j, t, false);
            t->gone++;
        }
        if (t->gone < t->count) {
            return;
        }
        j->first = (j->first + 1u) % JUDGE_TRAINS;
        j->trains--;
    }
}

static void check_gap(judge_t *j, uint64_t at_ms)
{
    const dosing_factory_t *f = j->course.factory;
    const uint64_t fastest_ms =
        (uint64_t)f->pulse_volume_pl * (DAY_MS / 1000u) / f->rate_max_nl_per_day;
    const uint64_t gap_ms = fastest_ms > f->gap_ms ? fastest_ms : f->gap_ms;
    if (j->pulses > 0u && at_ms < j->last_pulse_ms + gap_ms) {
        blame(j, "two pulses are closer than the fastest rate of the factory block");
    }
    j->pulses++;
    j->last_pulse_ms = at_ms;
}

/* What the unseen pulses of a motor that broke its contract weigh. */
static uint64_t unseen(const judge_t *j, const judge_train_t *t, uint32_t i)
{
    return (uint64_t)j->slack_pulses * t->mass[i];
}

static void check_limits(judge_t *j, judge_train_t *t, uint64_t at_ms)
{
    const uint64_t most_pl = (uint64_t)j->course.factory->volume_24h_max_nl * 1000u;
    t->count++; /* first: a train without a pulse of the last 24 h leaves the ring */
    weigh(j, t, true);
    forget(j, at_ms);
    if (j->window[0] > most_pl + unseen(j, t, 0u)) {
        blame(j, "24 h hold more than the factory block's volume");
    }
    for (uint32_t i = 0; i < JUDGE_MASSES; i++) {
        if (j->limit[i] != 0u && j->window[i] > j->limit[i] + unseen(j, t, i)) {
            blame(j, i == 0u ? "24 h hold more than the programme's volume"
                             : "24 h hold more of a drug than the programme's limit");
        }
    }
}

static void judge_pulse(judge_t *j, judge_train_t *t, uint64_t at_ms)
{
    check_gap(j, at_ms);
    advance(j, at_ms);
    if (j->course.bridged && j->slack_pulses < 1.0) {
        blame(j, "a train goes on past the end of a bridge");
    }
    if (course_pulse(&j->course)) {
        return;
    }
    check_limits(j, t, at_ms);
    check_behind(j);
    if (j->follows && j->ahead > j->slack_pulses) {
        blame(j, "the motor is more than a pulse ahead of what was ordered");
    }
    j->ahead += 1.0;
    j->behind = j->behind > 1.0 ? j->behind - 1.0 : 0.0;
}

void judge_train(void *judge, uint64_t start_ms, uint32_t period_ms, uint32_t done)
{
    judge_t *j = judge;
    if (j->trains == JUDGE_TRAINS) {
        j->full = true;
        return;
    }
    judge_train_t *t = &j->ring[(j->first + j->trains) % JUDGE_TRAINS];
    *t = (judge_train_t){.start_ms = start_ms, .period_ms = period_ms};
    t->mass[0] = j->course.factory->pulse_volume_pl;
    for (uint32_t i = 0; i < DOSING_DRUGS_MAX; i++) {
        t->mass[1u + i] = t->mass[0] * j->course.concentration[i];
    }
    j->trains++;
    for (uint32_t i = 0; i < done; i++) {
        judge_pulse(j, t, start_ms + (uint64_t)i * period_ms);
    }
}
