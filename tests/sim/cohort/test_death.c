/* SPDX-License-Identifier: Apache-2.0 */
/* Deaths: when they come, that arms share them, that life until then is as without them, and what a trajectory leaves behind. */
#include "tests/sim/cohort/fixture.h"

#include "body/mortality.h"
#include "cohort/trajectory.h"
#include "draw.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define DAY 86400e3
#define MINUTE 60e3
#define YEAR (365.25 * DAY)
#define DRUG "drugs: [{name: baclofen, concentration: 500 ug/mL}]\ncatheter: {tip: T10}\n"
#define STUDY(horizon)                                                                             \
    "study: {name: t, patients: 400, horizon: " horizon ", seed: 7}\n" DRUG                        \
    "therapy: {dose: 100 ug/day}\n"
/* So that most die within the year. */
#define SOON "population: {mortality: {model: gompertz, rate: 1 /year, growth: 0.02 /year}}\n"
#define ORDER(event) "events: [{" event "}]\n"

/* Patient 1 unless said, to whatever end. */
typedef struct life_t {
    study_t study;
    record_t record;
    record_view_t view;
    int stop;
} life_t;

static void live_as(life_t *l, const study_t *s, record_key_t key)
{
    core_t core = core_builtin();
    trajectory_request_t q = {s, &core, key, false, NULL};
    error_t e = {0};
    size_t size = 0;
    record_init(&l->record);
    record_reset(&l->record, key);
    l->stop = trajectory_run(&q, &l->record, &e);
    cr_assert_geq(l->stop, 0, "patient %lld: %s", (long long)key.patient, e.text);
    cr_assert_eq(record_finish(&l->record, &e), 0, "%s", e.text);
    const uint8_t *frame = record_frame(&l->record, &size);
    cr_assert_eq(record_parse(frame, size, &l->record.layout, &l->view, &e), 0, "%s", e.text);
}

static life_t lived(const char *text)
{
    life_t l = {.study = fixture_text(text)};
    live_as(&l, &l.study, (record_key_t){1, 0, 0});
    return l;
}

static void ended(life_t *l)
{
    record_free(&l->record);
    study_free(&l->study);
}

static double at(const life_t *l, enum fields_id field, size_t row)
{
    return record_view_number(&l->view, &l->record.layout, field, row);
}

static double stop_ms(const life_t *l)
{
    return at(l, FIELD_PATIENTS_STOP_TIME_MS, 0);
}

/* How many events of a kind; the last of them in *row. */
static int events(const life_t *l, int kind, size_t *row)
{
    int found = 0;
    for (size_t i = 0; i < l->view.count[TABLE_EVENTS]; i++) {
        if ((int)at(l, FIELD_EVENTS_KIND, i) == kind) {
            found++;
            *row = i;
        }
    }
    return found;
}

/* What every death leaves: the last two events at that time, the daily series and the pump's life cut off there. */
static void expect_death(const life_t *l, double time_ms, int reason)
{
    const size_t rows = l->view.count[TABLE_EVENTS], pumps = l->view.count[TABLE_PUMPS];
    cr_expect_eq(l->stop, FIELDS_STOP_DEATH);
    cr_expect_eq(at(l, FIELD_PATIENTS_STOP_REASON, 0), FIELDS_STOP_DEATH);
    cr_expect_eq(stop_ms(l), time_ms, "day %g", stop_ms(l) / DAY);
    cr_assert_geq(rows, 2);
    cr_expect_eq(at(l, FIELD_EVENTS_KIND, rows - 2), FIELDS_EVENT_DEATH);
    cr_expect_eq(at(l, FIELD_EVENTS_REASON, rows - 2), reason);
    cr_expect_float_eq(at(l, FIELD_EVENTS_VALUE, rows - 2),
                       at(l, FIELD_PATIENTS_AGE_YEARS, 0) + time_ms / YEAR, 1e-9);
    cr_expect_eq(at(l, FIELD_EVENTS_KIND, rows - 1), FIELDS_EVENT_END);
    cr_expect_eq(at(l, FIELD_EVENTS_REASON, rows - 1), FIELDS_REASON_DIED);
    cr_expect_eq(at(l, FIELD_EVENTS_TIME_MS, rows - 2), time_ms);
    cr_expect_eq(at(l, FIELD_EVENTS_TIME_MS, rows - 1), time_ms);
    cr_expect_eq((double)l->view.count[TABLE_DAILY], floor(time_ms / DAY + 0.5), "rows of daily");
    if (pumps > 0) {
        cr_expect_eq(at(l, FIELD_PUMPS_ENDED_MS, pumps - 1), time_ms);
        cr_expect_eq(at(l, FIELD_PUMPS_END, pumps - 1), FIELDS_REASON_DIED);
    }
    for (size_t d = 0; d < l->view.count[TABLE_LEDGER]; d++) {
        cr_expect_lt(at(l, FIELD_LEDGER_CLOSURE_ERROR, d), 1e-10);
    }
}

/* The minute at which this person has spent what it was given: the model's closed form and the stream's first number. */
static double due_ms(const life_t *l, int64_t patient)
{
    const study_mortality_t *m = &l->study.mortality;
    draw_t d;
    draw_init(&d, (uint64_t)l->study.seed, DRAW_DEATH, (uint64_t)patient, 0, 0);
    const double years =
        mortality_years(&m->parameters, (enum person_diagnosis)at(l, FIELD_PATIENTS_DIAGNOSIS, 0),
                        at(l, FIELD_PATIENTS_AGE_YEARS, 0), draw_exponential(&d, 1.0));
    return ceil(years * YEAR / MINUTE) * MINUTE;
}

Test(death, of_disease_and_age_comes_when_the_hazard_is_spent)
{
    study_t s = fixture_text(STUDY("300 day") SOON);
    int died = 0;
    for (int64_t patient = 1; patient <= 12; patient++) {
        life_t l = {.study = s};
        live_as(&l, &s, (record_key_t){patient, 0, 0});
        const double due = due_ms(&l, patient);
        if (due <= 300 * DAY) {
            expect_death(&l, due, FIELDS_REASON_DISEASE_OR_AGE);
            died++;
        } else {
            cr_expect_eq(l.stop, FIELDS_STOP_HORIZON);
        }
        record_free(&l.record);
    }
    cr_expect(died > 2 && died < 12, "%d of 12 died", died);
    study_free(&s);
}

Test(death, comes_at_the_same_time_in_every_arm)
{
    study_t s = fixture_text(
        "study: {name: t, patients: 9, horizon: 200 day, arms: [little, {name: much, set: "
        "{therapy.dose: 400 ug/day}}, {name: clinic, set: {clinic.policy: titration}}]}\n" DRUG
        "therapy: {dose: 100 ug/day}\n" SOON);
    int died = 0;
    for (int64_t patient = 1; patient <= 9; patient++) {
        double first = 0.0;
        for (int32_t arm = 0; arm < 3; arm++) {
            life_t l;
            live_as(&l, study_arm(&s, arm), (record_key_t){patient, arm, 0});
            first = arm == 0 ? stop_ms(&l) : first;
            cr_expect_eq(stop_ms(&l), first, "patient %lld, arm %d", (long long)patient, arm);
            died += arm == 0 && l.stop == FIELDS_STOP_DEATH;
            record_free(&l.record);
        }
    }
    cr_expect(died > 0 && died < 9, "%d of 9 died", died);
    study_free(&s);
}

/* Rows of a table up to a time are those of a life that went on. */
static void same_until(const life_t *a, const life_t *b, enum fields_id time, double until)
{
    const enum fields_table table = fields_get(time)->table;
    size_t row = 0;
    for (; row < a->view.count[table] && at(a, time, row) < until; row++) {
        for (int i = 0; i < FIELD_COUNT; i++) {
            const enum fields_id field = (enum fields_id)i;
            if (fields_get(field)->table == table) {
                const double x = at(a, field, row), y = at(b, field, row);
                cr_expect(x == y || (isnan(x) && isnan(y)), "%s in row %zu: %g and %g",
                          fields_get(field)->name, row, x, y);
            }
        }
    }
    cr_expect_gt(row, 10, "that is something to compare");
}

Test(death, leaves_the_life_before_it_as_it_was)
{
    static const char clinic[] = "study: {name: t, patients: 9, horizon: 300 day, seed: 7}\n" DRUG
                                 "clinic: {policy: titration}\n";
    char text[1024];
    (void)snprintf(text, sizeof text, "%s%s", clinic, ORDER("at: 200 day, order: death"));
    life_t dies = lived(text), lives = lived(clinic);
    expect_death(&dies, 200 * DAY, FIELDS_REASON_SCRIPTED);
    cr_expect_eq(lives.stop, FIELDS_STOP_HORIZON);
    same_until(&dies, &lives, FIELD_EVENTS_TIME_MS, 200 * DAY);
    same_until(&dies, &lives, FIELD_DAILY_DAY, 200.0);
    ended(&dies);
    ended(&lives);
}

/* Not a bit is another where the hazard is there and 0. */
Test(death, without_a_hazard_changes_nothing)
{
    life_t off = lived(STUDY("20 day"));
    life_t zero =
        lived(STUDY("20 day") "population: {mortality: {model: gompertz, rate: 0 /year}}\n");
    size_t a = 0, b = 0;
    const uint8_t *x = record_frame(&off.record, &a), *y = record_frame(&zero.record, &b);
    cr_assert_eq(a, b);
    cr_expect_eq(memcmp(x, y, a), 0);
    ended(&off);
    ended(&zero);
}

/* ---- by the study's script ---- */

Test(death, by_order_comes_after_all_else_of_that_time)
{
    size_t row = 0, refill = 0;
    life_t l = lived(STUDY("30 day") "events:\n"
                                     "  - {at: 10 day, order: death}\n"
                                     "  - {at: 10 day, order: refill, volume: 18 mL}\n"
                                     "  - {at: 10.5 day, order: refill, volume: 18 mL}\n");
    expect_death(&l, 10 * DAY, FIELDS_REASON_SCRIPTED);
    cr_expect_eq(events(&l, FIELDS_EVENT_DEATH, &row), 1);
    cr_expect_eq(events(&l, FIELDS_EVENT_REFILL, &refill), 1);
    cr_expect_lt(refill, row);
    cr_expect_eq(l.view.count[TABLE_REFILLS], 1);
    ended(&l);
}

Test(death, during_a_bolus_leaves_the_rest_ungiven)
{
    life_t whole = lived(STUDY("12 h") ORDER("at: 1 h, order: bolus, amount: 40 ug, over: 60 min"));
    life_t cut = lived(STUDY("12 h") "events:\n"
                                     "  - {at: 1 h, order: bolus, amount: 40 ug, over: 60 min}\n"
                                     "  - {at: 90 min, order: death}\n");
    expect_death(&cut, 90 * MINUTE, FIELDS_REASON_SCRIPTED);
    /* Half of the 80 uL, and an hour and a half of 200 uL a day: 52.5 of 180 uL, to a train. */
    const double ul = 1e3 * at(&cut, FIELD_PATIENTS_VOLUME_COMMANDED_ML, 0);
    cr_expect_float_eq(ul, 52.5, 3.0, "%g uL", ul);
    cr_expect_float_eq(1e3 * at(&whole, FIELD_PATIENTS_VOLUME_COMMANDED_ML, 0), 180.0, 3.0);
    ended(&whole);
    ended(&cut);
}

Test(death, between_two_minutes_comes_at_the_next)
{
    life_t l = lived(STUDY("2 day") ORDER("at: 90.25 s, order: death"));
    expect_death(&l, 2 * MINUTE, FIELDS_REASON_SCRIPTED);
    ended(&l);
}

Test(death, at_enrolment_or_at_the_horizon_is_one)
{
    life_t first = lived(STUDY("2 day") ORDER("at: 0 day, order: death"));
    life_t last = lived(STUDY("2 day") ORDER("at: 2 day, order: death"));
    expect_death(&first, 0.0, FIELDS_REASON_SCRIPTED);
    expect_death(&last, 2 * DAY, FIELDS_REASON_SCRIPTED);
    ended(&first);
    ended(&last);
}

Test(death, of_disease_goes_before_a_later_one_by_order_and_after_an_earlier)
{
    life_t alone = lived(STUDY("3000 day") SOON "body: {model: none}\n");
    const double due = stop_ms(&alone);
    cr_assert_eq(alone.stop, FIELDS_STOP_DEATH);
    static const double day[] = {-1.0, 1.0};
    for (size_t i = 0; i < 2; i++) {
        char text[1024];
        (void)snprintf(text, sizeof text,
                       STUDY("3000 day") SOON
                       "body: {model: none}\nevents: [{at: %.10g day, order: death}]\n",
                       due / DAY + day[i]);
        life_t l = lived(text);
        expect_death(&l, fmin(due, due + day[i] * DAY),
                     day[i] < 0.0 ? FIELDS_REASON_SCRIPTED : FIELDS_REASON_DISEASE_OR_AGE);
        ended(&l);
    }
    ended(&alone);
}

Test(death, counts_from_the_implant_where_the_order_says_so)
{
    size_t row = 0;
    life_t l = lived("study: {name: t, patients: 9, horizon: 300 day, seed: 7}\n" DRUG
                     "clinic: {policy: titration}\n" ORDER("when: implant + 30 day, order: death"));
    cr_assert_eq(events(&l, FIELDS_EVENT_IMPLANT, &row), 1);
    expect_death(&l, at(&l, FIELD_EVENTS_TIME_MS, row) + 30 * DAY, FIELDS_REASON_SCRIPTED);
    ended(&l);
}

Test(death, takes_the_share_of_the_patients_that_the_order_names)
{
    study_t s = fixture_text(STUDY("2 h") "body: {model: none}\n" ORDER("at: 1 h, order: death, "
                                                                        "fraction: 0.25"));
    int died = 0;
    for (int64_t patient = 1; patient <= 400; patient++) {
        life_t l;
        live_as(&l, &s, (record_key_t){patient, 0, 0});
        died += l.stop == FIELDS_STOP_DEATH;
        record_free(&l.record);
    }
    cr_expect(died > 70 && died < 130, "%d of 400", died); /* 100, SD 8.7 */
    study_free(&s);
}

/* ---- without a pump, or without a core, or without a body ---- */

Test(death, before_the_implant_leaves_somebody_who_never_had_a_pump)
{
    static const char *const when[] = {"at: 0 day, order: death", "at: 1 day, order: death"};
    for (size_t i = 0; i < 2; i++) {
        char text[512];
        (void)snprintf(text, sizeof text,
                       "study: {name: t, patients: 9, horizon: 300 day, seed: 7}\n" DRUG
                       "clinic: {policy: titration}\nevents: [{%s}]\n",
                       when[i]);
        life_t l = lived(text);
        expect_death(&l, (double)i * DAY, FIELDS_REASON_SCRIPTED);
        cr_expect_eq(l.view.count[TABLE_PUMPS], 0);
        cr_expect_eq(at(&l, FIELD_OUTCOMES_IMPLANTED, 0), 0.0);
        cr_expect(isnan(at(&l, FIELD_OUTCOMES_REFILLS, 0)));
        ended(&l);
    }
}

Test(death, ends_a_pump_without_a_core_too)
{
    life_t l = lived("study: {name: t, patients: 1, horizon: 30 day}\n" DRUG
                     "pump: {kind: constant_flow, flow: 0.5 mL/day}\n" ORDER("at: 12.5 day, order: "
                                                                             "death"));
    cr_expect_eq(stop_ms(&l), 12.5 * DAY);
    expect_death(&l, 12.5 * DAY, FIELDS_REASON_SCRIPTED);
    ended(&l);
}

/* Without a clinic a pump that stood still before ended by that. */
Test(death, does_not_hide_that_the_pump_had_stopped_before)
{
    life_t l = lived(STUDY("60 day") "body: {model: none}\nevents:\n"
                                     "  - {at: 20 day, order: fault, fault: motor_seized}\n"
                                     "  - {at: 40 day, order: death}\n");
    cr_expect_eq(l.stop, FIELDS_STOP_DEATH);
    cr_expect_eq(at(&l, FIELD_PUMPS_END, 0), FIELDS_REASON_STALL);
    cr_expect_lt(at(&l, FIELD_PUMPS_ENDED_MS, 0), 21 * DAY);
    ended(&l);
}

#define DECLINES                                                                                   \
    "study: {name: t, patients: 9, horizon: 1200 day, seed: 7}\n" DRUG                             \
    "pump: {battery: {capacity: 300 mA.h}, reservoir: {residual_sd: 0 mL}}\n"                      \
    "therapy: {limits: {daily_dose: 1200 ug/day}}\n"                                               \
    "clinic: {policy: titration, replace_share: 0}\n"

/* Who ends the therapy before, or at the very time, is not seen to die. */
Test(death, after_an_explant_is_not_seen)
{
    life_t explanted = lived(DECLINES);
    const double gone = stop_ms(&explanted);
    size_t row = 0;
    cr_assert_eq(explanted.stop, FIELDS_STOP_EXPLANT);
    for (int i = -1; i <= 1; i++) {
        char text[1024];
        (void)snprintf(text, sizeof text, DECLINES "events: [{at: %.10g min, order: death}]\n",
                       gone / MINUTE + i);
        life_t l = lived(text);
        cr_expect_eq(l.stop, i < 0 ? FIELDS_STOP_DEATH : FIELDS_STOP_EXPLANT, "%d minutes", i);
        cr_expect_eq(stop_ms(&l), gone + (i < 0 ? -MINUTE : 0.0));
        cr_expect_eq(events(&l, FIELDS_EVENT_DEATH, &row), i < 0);
        ended(&l);
    }
    ended(&explanted);
}

/* ---- many ---- */

/* Each person's chance is known from age and diagnosis; the number of deaths lies within three SD of their sum. */
Test(death, takes_as_many_as_the_hazards_of_these_people_say)
{
    const double years = 10.0;
    study_t s = fixture_text("study: {name: t, patients: 400, horizon: 3652.5 day, seed: 7}\n" DRUG
                             "pump: {kind: constant_flow, flow: 0.5 mL/day}\nbody: {model: none}\n"
                             "population: {mortality: {model: gompertz}}\n");
    double expected = 0.0, variance = 0.0;
    int died = 0;
    for (int64_t patient = 1; patient <= 400; patient++) {
        life_t l;
        live_as(&l, &s, (record_key_t){patient, 0, 0});
        const double spent = mortality_spent(
            &s.mortality.parameters, (enum person_diagnosis)at(&l, FIELD_PATIENTS_DIAGNOSIS, 0),
            at(&l, FIELD_PATIENTS_AGE_YEARS, 0), years);
        expected += -expm1(-spent);
        variance += -expm1(-spent) * exp(-spent);
        died += l.stop == FIELDS_STOP_DEATH;
        record_free(&l.record);
    }
    cr_expect_lt(fabs(died - expected), 3.0 * sqrt(variance), "%d died, %g were expected", died,
                 expected);
    cr_expect_gt(expected, 50.0);
    study_free(&s);
}
