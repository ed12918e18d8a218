/* SPDX-License-Identifier: Apache-2.0 */
/* A patient under flex, with boluses by the hour and on request, hands that are set, and a change of concentration. Units are
 * without error here, so that what leaves the pump is what was ordered. */
#include "tests/sim/cohort/fixture.h"

#include "cohort/cohort.h"
#include "cohort/replay.h"
#include "cohort/trajectory.h"
#include "draw.h"

#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HEAD(daily)                                                                                \
    "study: {name: t, patients: 9, horizon: 8 day, seed: 7}\ncatheter: {tip: T10}\n"               \
    "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"                                     \
    "pump: {head: {ripple: 0}, reservoir: {residual: 0 mL, residual_sd: 0 mL}}\n"                  \
    "population: {unit_error_sd: 0, oscillator_error_sd: 0 ppm}\n"                                 \
    "record: {daily_time: " daily "}\n"
#define BODYLESS "body: {model: none}\n"
#define SIMPLE "therapy: {dose: 300 ug/day}\n"
#define FLEX                                                                                       \
    "therapy:\n  mode: flex\n  steps:\n"                                                           \
    "    - {at: \"00:00\", dose: 500 ug/day}\n"                                                    \
    "    - {at: \"06:00\", dose: 200 ug/day}\n"                                                    \
    "    - {at: \"22:00\", dose: 500 ug/day}\n"
#define ASKING                                                                                     \
    "therapy:\n  dose: 300 ug/day\n"                                                               \
    "  on_request: {dose: 20 ug, lockout: 4 h, per_day: 3}\n"

/* Events of a kind; of one reason, or of any where it is negative. */
static int count(const fixture_life_t *l, int kind, int reason)
{
    int found = 0;
    for (size_t i = 0; i < l->view.count[TABLE_EVENTS]; i++) {
        found += (int)fixture_at(l, FIELD_EVENTS_KIND, i) == kind &&
                 (reason < 0 || (int)fixture_at(l, FIELD_EVENTS_REASON, i) == reason);
    }
    return found;
}

/* Volume that left the pump from the daily time of `day` - 1 to that of `day`. */
static double day_ml(const fixture_life_t *l, size_t day)
{
    return fixture_at(l, FIELD_DAILY_VOLUME_DELIVERED_ML, day);
}

/* Read at 06:00: a first row of six hours at 500 ug/day, then whole days of 300 ug. */
Test(modes, flex_gives_each_step_its_dose_from_monday_midnight_on)
{
    fixture_life_t l = fixture_lived(HEAD("6 h") BODYLESS FLEX);
    cr_expect_float_eq(day_ml(&l, 0), 0.25, 0.0006, "%g mL by 06:00", day_ml(&l, 0));
    for (size_t day = 1; day < 8; day++) {
        cr_expect_float_eq(day_ml(&l, day), 0.6, 0.0006, "%g mL on day %zu", day_ml(&l, day), day);
    }
    fixture_ended(&l);
}

Test(modes, flex_is_programmed_at_the_mean_of_its_week)
{
    fixture_life_t l = fixture_lived(HEAD("6 h") BODYLESS FLEX);
    cr_assert_eq((int)fixture_at(&l, FIELD_EVENTS_KIND, 1), FIELDS_EVENT_PROGRAMME);
    cr_expect_float_eq(fixture_at(&l, FIELD_EVENTS_VALUE, 1), 0.6, 1e-9);
    cr_expect_float_eq(fixture_at(&l, FIELD_EVENTS_VALUE2, 1), 300.0, 1e-6);
    fixture_ended(&l);
}

/* The study's first weekend is its days 5 and 6. */
Test(modes, days_of_the_week_are_the_studys)
{
    fixture_life_t l = fixture_lived(HEAD("0 h") BODYLESS
                                     "therapy:\n  mode: flex\n  steps:\n"
                                     "    - {at: \"00:00\", days: workdays, dose: 300 ug/day}\n"
                                     "    - {at: \"00:00\", days: weekend, dose: 100 ug/day}\n");
    for (size_t day = 0; day < 8; day++) {
        const double ml = day == 5 || day == 6 ? 0.2 : 0.6;
        cr_expect_float_eq(day_ml(&l, day), ml, 0.0006, "%g mL on day %zu", day_ml(&l, day), day);
    }
    fixture_ended(&l);
}

Test(modes, a_timed_bolus_comes_on_top_of_its_days)
{
    fixture_life_t l = fixture_lived(HEAD("0 h") BODYLESS
                                     "therapy:\n  dose: 300 ug/day\n"
                                     "  timed: [{at: \"06:00\", days: [tue, thu], dose: 50 ug}]\n");
    for (size_t day = 0; day < 8; day++) {
        const double ml = day == 1 || day == 3 ? 0.7 : 0.6;
        cr_expect_float_eq(day_ml(&l, day), ml, 0.0008, "%g mL on day %zu", day_ml(&l, day), day);
    }
    fixture_ended(&l);
}

/* Hands forward by two hours at noon of day 2: of that and every later day, the first row to 06:00 study time ends two hours
 * after the night's dose did, and two hours of 200 stand for two of 500. */
Test(modes, hands_set_forward_move_the_steps)
{
    fixture_life_t l = fixture_lived(HEAD("6 h") BODYLESS FLEX
                                     "events:\n  - {at: 2.5 day, order: set_time, forward: 2 h}\n"
                                     "  - {at: 4.5 day, order: set_time, forward: -2 h}\n");
    /* To 06:00 of day 3 the night began at 20:00 and ended at 04:00: as much as before. */
    cr_expect_float_eq(day_ml(&l, 3), 0.6, 0.0006, "%g mL", day_ml(&l, 3));
    cr_expect_float_eq(day_ml(&l, 5), 0.6, 0.0006, "%g mL", day_ml(&l, 5));
    cr_assert_eq(count(&l, FIELDS_EVENT_TIME_SET, FIELDS_REASON_SCRIPTED), 2);
    double first = (double)NAN, second = (double)NAN;
    for (size_t i = 0; i < l.view.count[TABLE_EVENTS]; i++) {
        if ((int)fixture_at(&l, FIELD_EVENTS_KIND, i) == FIELDS_EVENT_TIME_SET) {
            second = fixture_at(&l, FIELD_EVENTS_VALUE, i);
            first = isnan(first) ? second : first;
        }
    }
    cr_expect(first == 2.0 && second == 0.0, "%g h and then %g h ahead", first, second);
    fixture_ended(&l);
}

/* Read at 05:00 of the study, with hands two hours ahead that is 07:00: the night's dose ended an hour ago. */
Test(modes, the_night_follows_the_hands)
{
    fixture_life_t still = fixture_lived(HEAD("5 h") BODYLESS FLEX);
    fixture_life_t moved = fixture_lived(
        HEAD("5 h") BODYLESS FLEX "events:\n  - {at: 0.5 day, order: set_time, forward: 2 h}\n");
    /* From 12:00 to 05:00: 10 h of 200 and 7 h of 500, against 8 h of 200, 8 h of 500 and 1 h of 200. */
    cr_expect_float_eq(day_ml(&moved, 1) - day_ml(&still, 1), 300.0 / 24.0 / 500.0, 0.0008,
                       "%g and %g mL", day_ml(&moved, 1), day_ml(&still, 1));
    fixture_ended(&still);
    fixture_ended(&moved);
}

Test(modes, a_request_is_granted_and_the_next_within_the_lockout_is_not)
{
    fixture_life_t l =
        fixture_lived(HEAD("0 h") BODYLESS ASKING "events:\n"
                                                  "  - {at: 26 h, order: request}\n"
                                                  "  - {at: 29 h, order: request}\n"
                                                  "  - {at: 30 h, order: request}\n");
    cr_expect_eq(count(&l, FIELDS_EVENT_PATIENT_BOLUS, FIELDS_REASON_SCRIPTED), 2);
    cr_expect_eq(count(&l, FIELDS_EVENT_PATIENT_REFUSED, FIELDS_REASON_LOCKOUT), 1);
    cr_expect_float_eq(day_ml(&l, 1), 0.6 + 2.0 * 20.0 / 500.0, 0.001, "%g mL", day_ml(&l, 1));
    fixture_ended(&l);
}

Test(modes, a_fourth_request_of_a_day_is_refused_by_the_count)
{
    fixture_life_t l =
        fixture_lived(HEAD("0 h") BODYLESS ASKING "events:\n"
                                                  "  - {at: 25 h, order: request}\n"
                                                  "  - {at: 30 h, order: request}\n"
                                                  "  - {at: 35 h, order: request}\n"
                                                  "  - {at: 40 h, order: request}\n"
                                                  "  - {at: 50 h, order: request}\n");
    cr_expect_eq(count(&l, FIELDS_EVENT_PATIENT_BOLUS, -1), 4);
    cr_expect_eq(count(&l, FIELDS_EVENT_PATIENT_REFUSED, FIELDS_REASON_COUNT), 1);
    fixture_ended(&l);
}

Test(modes, a_request_during_the_clinicians_bolus_takes_nothing_from_it)
{
    fixture_life_t l = fixture_lived(HEAD("0 h") BODYLESS ASKING
                                     "events:\n"
                                     "  - {at: 25 h, order: bolus, amount: 40 ug, over: 60 min}\n"
                                     "  - {at: 1530 min, order: request}\n");
    cr_expect_eq(count(&l, FIELDS_EVENT_PATIENT_BOLUS, -1), 1);
    cr_expect_float_eq(day_ml(&l, 1), 0.6 + 60.0 / 500.0, 0.0012, "%g mL", day_ml(&l, 1));
    fixture_ended(&l);
}

Test(modes, a_pump_stopped_by_an_alarm_refuses_and_says_so)
{
    fixture_life_t l =
        fixture_lived(HEAD("0 h") BODYLESS ASKING "events:\n"
                                                  "  - {at: 1 day, order: refill, volume: 0.6 mL}\n"
                                                  "  - {at: 5 day, order: request}\n");
    cr_expect_eq(count(&l, FIELDS_EVENT_PATIENT_REFUSED, FIELDS_REASON_ALARM), 1);
    fixture_ended(&l);
}

Test(modes, a_programme_without_boluses_on_request_refuses_each)
{
    fixture_life_t l =
        fixture_lived(HEAD("0 h") BODYLESS SIMPLE "events:\n  - {at: 25 h, order: request}\n");
    cr_expect_eq(count(&l, FIELDS_EVENT_PATIENT_REFUSED, FIELDS_REASON_REFUSED), 1);
    cr_expect_eq(count(&l, FIELDS_EVENT_PATIENT_BOLUS, -1), 0);
    fixture_ended(&l);
}

/* Without lockout to speak of, each request is seen; their number is Poisson-like about 7 days * 6. */
Test(modes, repeated_requests_come_at_their_mean_number_within_their_span)
{
    study_t s = fixture_text(HEAD("0 h") BODYLESS
                             "therapy: {dose: 300 ug/day}\n"
                             "events:\n  - {at: 1 day, order: request, for: 6 day, per_day: 6}\n");
    int all = 0;
    for (int64_t patient = 1; patient <= 9; patient++) {
        fixture_life_t l = {.study = s};
        fixture_live(&s, (record_key_t){patient, 0, 0}, &l.record, &l.view);
        for (size_t i = 0; i < l.view.count[TABLE_EVENTS]; i++) {
            if ((int)fixture_at(&l, FIELD_EVENTS_KIND, i) == FIELDS_EVENT_PATIENT_REFUSED) {
                const double day = fixture_at(&l, FIELD_EVENTS_TIME_MS, i) / 86400e3;
                cr_assert(day >= 1.0 && day < 7.0, "asked on day %g", day);
                all++;
            }
        }
        record_free(&l.record);
    }
    /* 324 expected, standard deviation sqrt(1296 * 1/4 * 3/4) = 16. */
    cr_expect(all > 260 && all < 390, "%d requests of 9 patients in 6 days", all);
    study_free(&s);
}

/* Two requests a minute apart in neighbouring hours are possible; an early extra event must not move any of them. */
Test(modes, another_event_moves_no_request)
{
    fixture_life_t plain =
        fixture_lived(HEAD("0 h") BODYLESS ASKING
                      "events:\n  - {at: 1 day, order: request, for: 6 day, per_day: 6}\n");
    fixture_life_t more = fixture_lived(
        HEAD("0 h") BODYLESS ASKING "events:\n  - {at: 0.5 day, order: bolus, amount: 20 ug}\n"
                                    "  - {at: 1 day, order: request, for: 6 day, per_day: 6}\n");
    const int asked = count(&plain, FIELDS_EVENT_PATIENT_BOLUS, -1) +
                      count(&plain, FIELDS_EVENT_PATIENT_REFUSED, -1);
    cr_assert_gt(asked, 10);
    cr_assert_eq(more.view.count[TABLE_EVENTS], plain.view.count[TABLE_EVENTS] + 1);
    for (size_t i = 2; i < plain.view.count[TABLE_EVENTS]; i++) {
        cr_expect_eq(fixture_at(&plain, FIELD_EVENTS_TIME_MS, i),
                     fixture_at(&more, FIELD_EVENTS_TIME_MS, i + 1));
    }
    fixture_ended(&plain);
    fixture_ended(&more);
}

#define NEEDLE "refill: {left_behind: 0 mL, needle: 0 mL, extension: 0 mL, filter: 0 mL}\n"

/* By a needle that leaves and holds nothing, so that the reservoir gets what the programmer reckons with. */
#define CHANGE(to, bridge)                                                                         \
    HEAD("0 h")                                                                                    \
    BODYLESS SIMPLE NEEDLE                                                                         \
        "events:\n  - {at: 2 day, order: refill, volume: 18 mL, concentration: " to                \
        " ug/mL, bridge: " bridge "}\n"

/* Of 0.338 mL in the path. The dose that leaves the tip in the two days from the refill on is 600 ug either way where it is
 * bridged; where it is not, the earlier fluid goes at the new rate. */
Test(modes, a_bridge_keeps_the_dose_over_a_change_of_concentration)
{
    static const char *const to[] = {CHANGE("2000", "true"), CHANGE("250", "true")};
    for (size_t i = 0; i < 2; i++) {
        fixture_life_t l = fixture_lived(to[i]);
        for (size_t day = 2; day < 6; day++) {
            const double ug = fixture_at(&l, FIELD_DAILY_DOSE_UG, day);
            cr_expect_float_eq(ug, 300.0, 2.5, "%g ug on day %zu, study %zu", ug, day, i);
        }
        cr_expect_eq(count(&l, FIELDS_EVENT_ORDER_FAILED, -1), 0);
        fixture_ended(&l);
    }
}

Test(modes, without_a_bridge_the_earlier_fluid_goes_at_the_new_rate)
{
    fixture_life_t low = fixture_lived(CHANGE("2000", "false")),
                   high = fixture_lived(CHANGE("250", "false"));
    /* 0.15 mL/day of 500 ug/mL; and 1.2 mL/day, of which the first 0.338 mL is. */
    cr_expect_float_eq(fixture_at(&low, FIELD_DAILY_DOSE_UG, 2), 75.0, 1.5);
    cr_expect_float_eq(fixture_at(&low, FIELD_DAILY_DOSE_UG, 3), 75.0, 1.5);
    cr_expect_float_eq(fixture_at(&high, FIELD_DAILY_DOSE_UG, 2), 300.0 + 0.338 * 250.0, 2.5);
    fixture_ended(&low);
    fixture_ended(&high);
}

Test(modes, what_the_pump_believes_of_a_bridged_change_is_what_left_the_tip)
{
    fixture_life_t l = fixture_lived(CHANGE("2000", "true"));
    double tip_ug = 0.0;
    for (size_t day = 0; day < 8; day++) {
        tip_ug += fixture_at(&l, FIELD_DAILY_DOSE_UG, day);
    }
    const double believed_ug = fixture_at(&l, FIELD_LEDGER_BELIEVED_GIVEN_UG, 0);
    cr_expect_float_eq(believed_ug, tip_ug, 3.0, "%g believed, %g left", believed_ug, tip_ug);
    fixture_ended(&l);
}

/* ---- many of them ---------------------------------------------------------------------------------- */

#define ALL                                                                                        \
    HEAD("5 h")                                                                                    \
    FLEX "  timed: [{at: \"12:00\", days: wed, dose: 20 ug}]\n"                                    \
         "  on_request: {dose: 10 ug, lockout: 2 h, per_day: 4}\n"                                 \
         "events:\n"                                                                               \
         "  - {at: 1 day, order: request, for: 5 day, per_day: 5}\n"                               \
         "  - {at: 2 day, order: refill, volume: 18 mL, concentration: 1000 ug/mL}\n"              \
         "  - {at: 4 day, order: set_time, forward: 1 h}\n"

static volatile sig_atomic_t interrupt;

static void run(const study_t *s, const char *path, int jobs)
{
    core_t core = core_builtin();
    cohort_outcome_t outcome;
    error_t e = {0};
    cohort_t c = {.study = s, .core = &core, .path = path, .jobs = jobs, .interrupt = &interrupt};
    cr_assert_eq(cohort_run(&c, &outcome, &e), 0, "%s", e.text);
}

Test(modes, one_two_and_seven_threads_give_the_same_bytes)
{
    char one[FIXTURE_PATH_SIZE], two[FIXTURE_PATH_SIZE], seven[FIXTURE_PATH_SIZE];
    study_t s = fixture_text(ALL);
    run(&s, fixture_path("one.h5", one), 1);
    run(&s, fixture_path("two.h5", two), 2);
    run(&s, fixture_path("seven.h5", seven), 7);
    fixture_same_bytes(one, two);
    fixture_same_bytes(one, seven);
    study_free(&s);
}

Test(modes, a_replayed_patient_equals_the_one_in_the_cohort)
{
    char path[FIXTURE_PATH_SIZE];
    study_t s = fixture_text(ALL), stored;
    core_t core = core_builtin();
    reader_t *reader = NULL;
    replay_difference_t d;
    error_t e = {0};
    record_t r;
    run(&s, fixture_path("all.h5", path), 2);
    cr_assert_eq(reader_open(&reader, path, &e), 0, "%s", e.text);
    cr_assert_eq(replay_study(reader, &stored, &e), 0, "%s", e.text);
    record_init(&r);
    cr_assert_eq(replay_run(&stored, &core, (record_key_t){5, 0, 0}, &r, &e), 0, "%s", e.text);
    cr_assert_eq(replay_compare(reader, &r, &d, &e), 0, "%s", e.text);
    cr_expect_eq(d.different, 0, "%zu values differ", d.different);
    record_free(&r);
    study_free(&stored);
    reader_close(&reader);
    study_free(&s);
}

/* ---- what the reader accepts, the core accepts ------------------------------------------------------- */

/* Parts of a random programme that is near every edge: too slow, too fast, out of order, over the limit. */
typedef struct draft_t {
    char text[4096];
    size_t used;
    draw_t draw;
} draft_t;

__attribute__((format(printf, 2, 3))) static void say(draft_t *d, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    d->used += (size_t)vsnprintf(d->text + d->used, sizeof d->text - d->used, format, list);
    va_end(list);
    cr_assert_lt(d->used, sizeof d->text);
}

static int upto(draft_t *d, int n)
{
    return (int)(draw_uniform(&d->draw) * n);
}

static const char *days(draft_t *d)
{
    static const char *const some[] = {"all", "all", "all", "workdays", "weekend", "[mon, thu]"};
    return some[upto(d, 6)];
}

static void draft_steps(draft_t *d)
{
    const int steps = upto(d, 4);
    int minute = 0;
    say(d, "  mode: flex\n  steps:\n    - {at: \"00:00\", dose: %d ug/day}\n", 20 + upto(d, 400));
    for (int i = 0; i < steps; i++) {
        minute += 10 + upto(d, 400);
        say(d, "    - {at: \"%02d:%02d\", days: %s, dose: %d ug/day}\n", minute / 60 % 24,
            minute % 60, days(d), upto(d, 5) == 0 ? 0 : 20 + upto(d, 400));
    }
}

static void draft_boluses(draft_t *d)
{
    const int timed = upto(d, 3);
    say(d, "%s", timed > 0 ? "  timed:\n" : "");
    for (int i = 0; i < timed; i++) {
        say(d, "    - {at: \"%02d:%02d\", days: %s, dose: %d ug, duration: %d min}\n", upto(d, 24),
            upto(d, 60), days(d), 1 + upto(d, 60), 1 + upto(d, 60));
    }
    if (upto(d, 2) == 0) {
        say(d,
            "  on_request: {dose: %d ug, duration: %d min, lockout: %d min, per_day: %d, interval: "
            "%d min, per_interval: %d}\n",
            1 + upto(d, 40), 1 + upto(d, 20), 5 + upto(d, 300), 1 + upto(d, 8), 60 + upto(d, 600),
            1 + upto(d, 4));
    }
}

/* 1 accepted without a doubt, 0 with a warning, -1 refused. */
static int judge(study_t *s, const char *text)
{
    study_source_t source = {.name = "draft", .text = text, .length = strlen(text)};
    diagnostic_t found;
    error_t e = {0};
    diagnostic_init(&found);
    int verdict = study_parse(s, &source, &found, &e) == 0 ? 1 : -1;
    if (verdict > 0 && s->warnings[0] != '\0') {
        verdict = 0;
    }
    diagnostic_free(&found);
    return verdict;
}

Test(modes, what_the_reader_accepts_without_a_doubt_the_core_programmes)
{
    int accepted = 0, refused = 0;
    core_t core = core_builtin();
    for (uint64_t seed = 1; seed <= 400; seed++) {
        draft_t d = {.used = 0};
        study_t s;
        draw_init(&d.draw, seed, DRAW_TEST, 0, 0, 0);
        say(&d, "study: {name: t, patients: 1, horizon: 2 min}\ncatheter: {tip: T10}\n"
                "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                "body: {model: none}\ntherapy:\n  limits: {daily_dose: 700 ug/day}\n");
        if (upto(&d, 2) == 0) {
            draft_steps(&d);
        } else {
            say(&d, "  dose: %d ug/day\n", 20 + upto(&d, 500));
        }
        draft_boluses(&d);
        const int verdict = judge(&s, d.text);
        if (verdict > 0) {
            trajectory_request_t q = {&s, &core, {1, 0, 0}, false, NULL};
            record_t r;
            error_t e = {0};
            record_init(&r);
            record_reset(&r, q.key);
            cr_expect_eq(trajectory_run(&q, &r, &e), FIELDS_STOP_HORIZON, "seed %d: %s\n%s",
                         (int)seed, e.text, d.text);
            record_free(&r);
        }
        accepted += verdict > 0;
        refused += verdict < 0;
        study_free(&s);
    }
    cr_expect(accepted > 40 && refused > 40, "%d accepted, %d refused of 400", accepted, refused);
}

/* Six hours on would bring two boluses into a day that has room for one: the core refuses, and the hands stand where they stood. */
Test(modes, hands_that_the_core_refuses_to_set_stand_where_they_stood)
{
    fixture_life_t l = fixture_lived("study: {name: t, patients: 1, horizon: 5 day, seed: 29}\n"
                                     "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                                     "therapy:\n  dose: 201.3 ug/day\n  timed:\n"
                                     "    - {at: \"09:00\", dose: 20 ug, duration: 30 min}\n"
                                     "    - {at: \"13:00\", dose: 40 ug, duration: 30 min}\n"
                                     "    - {at: \"17:00\", dose: 20 ug, duration: 30 min}\n"
                                     "  limits: {daily_dose: 403 ug/day}\n"
                                     "catheter: {tip: T10}\nbody: {model: none}\n"
                                     "events:\n  - {at: 80.5 h, order: set_time, forward: 6 h}\n"
                                     "  - {at: 104.5 h, order: set_time, forward: 1.5 h}\n");
    int refused = 0;
    double forward_h = 0.0;
    for (size_t row = 0; row < l.view.count[TABLE_EVENTS]; row++) {
        const int kind = (int)fixture_at(&l, FIELD_EVENTS_KIND, row);
        refused += kind == FIELDS_EVENT_ORDER_FAILED;
        forward_h =
            kind == FIELDS_EVENT_TIME_SET ? fixture_at(&l, FIELD_EVENTS_VALUE, row) : forward_h;
    }
    cr_expect_eq(refused, 1);
    cr_expect_eq(forward_h, 1.5);
    fixture_ended(&l);
}
