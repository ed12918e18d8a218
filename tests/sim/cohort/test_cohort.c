/* SPDX-License-Identifier: Apache-2.0 */
/* Many patients: the same bytes whatever the threads and interruptions, and a patient again to the bit. */
#include "tests/sim/cohort/fixture.h"
#include "tests/sim/cohort/foreign.h"

#include "care/finding.h"
#include "cohort/cohort.h"
#include "cohort/replay.h"
#include "cohort/trajectory.h"

#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t interrupt;

static study_t nine_patients(void)
{
    const char *set[] = {"study.patients=9", "study.horizon=30 day", "events=[]", NULL};
    return fixture_study(set);
}

static int run(const study_t *s, const char *path, int jobs, bool resume, cohort_outcome_t *outcome)
{
    core_t core = core_builtin();
    error_t e = {0};
    cohort_t c = {.study = s,
                  .core = &core,
                  .path = path,
                  .jobs = jobs,
                  .resume = resume,
                  .interrupt = &interrupt};
    int code = cohort_run(&c, outcome, &e);
    cr_assert(code == 0 || code == ERROR_INTERRUPTED, "%s", e.text);
    return code;
}

Test(cohort, any_number_of_threads_and_a_second_run_give_the_same_bytes)
{
    char first[FIXTURE_PATH_SIZE], other[FIXTURE_PATH_SIZE];
    static const int jobs[] = {1, 2, 7};
    study_t s = nine_patients();
    cohort_outcome_t outcome;
    cr_assert_eq(run(&s, fixture_path("first.h5", first), 1, false, &outcome), 0);
    for (size_t i = 0; i < 3; i++) {
        char what[64];
        (void)snprintf(what, sizeof what, "%d threads", jobs[i]);
        cr_assert_eq(run(&s, fixture_path(what, other), jobs[i], false, &outcome), 0);
        fixture_same_bytes(first, other);
    }
    study_free(&s);
}

/* Nine people who die within months, of disease and age or by order. */
static study_t nine_mortals(void)
{
    const char *set[] = {"study.patients=9",
                         "study.horizon=60 day",
                         "events=[{at: 20 day, order: death, fraction: 0.3}]",
                         "population.mortality.model=gompertz",
                         "population.mortality.rate=1 1/year",
                         NULL};
    return fixture_study(set);
}

static void interrupt_after_three(void *context, int64_t done, int64_t total)
{
    (void)context, (void)total;
    interrupt = done >= 3;
}

/* Runs a study whole, and again until three records are done and then to the end: the same bytes. Returns what the last run was. */
static cohort_outcome_t resumed_to_the_same_bytes(const study_t *s, int jobs)
{
    char whole[FIXTURE_PATH_SIZE], parts[FIXTURE_PATH_SIZE];
    core_t core = core_builtin();
    cohort_outcome_t outcome;
    error_t e = {0};
    cohort_t c = {.study = s,
                  .core = &core,
                  .path = fixture_path("parts.h5", parts),
                  .jobs = jobs,
                  .progress = interrupt_after_three,
                  .interrupt = &interrupt};
    cr_assert_eq(run(s, fixture_path("whole.h5", whole), 2, false, &outcome), 0);
    cr_assert_eq(cohort_run(&c, &outcome, &e), ERROR_INTERRUPTED);
    cr_assert_neq(access(parts, F_OK), 0, "an interrupted run left a dataset under its final name");
    interrupt = 0;
    cr_assert_eq(run(s, parts, 2, true, &outcome), 0);
    cr_assert_geq(outcome.resumed, 3);
    fixture_same_bytes(whole, parts);
    return outcome;
}

Test(cohort, an_interrupted_run_resumes_to_the_same_bytes)
{
    study_t s = nine_patients();
    const cohort_outcome_t outcome = resumed_to_the_same_bytes(&s, 2);
    cr_assert_eq(outcome.resumed + outcome.run, 9);
    study_free(&s);
}

Test(cohort, deaths_come_to_the_same_bytes_by_any_threads_and_after_an_interruption)
{
    study_t s = nine_mortals();
    (void)resumed_to_the_same_bytes(&s, 3);
    study_free(&s);
}

Test(cohort, an_existing_dataset_is_not_replaced)
{
    char path[FIXTURE_PATH_SIZE];
    const char *set[] = {"study.patients=1", "study.horizon=1 day", "events=[]", NULL};
    study_t s = fixture_study(set);
    core_t core = core_builtin();
    cohort_outcome_t outcome;
    error_t e = {0};
    cohort_t c = {.study = &s,
                  .core = &core,
                  .path = fixture_path("once.h5", path),
                  .jobs = 1,
                  .interrupt = &interrupt};
    cr_assert_eq(cohort_run(&c, &outcome, &e), 0, "%s", e.text);
    cr_assert_eq(cohort_run(&c, &outcome, &e), ERROR_EXISTS);
    cr_assert_neq(strstr(e.text, "--force"), NULL, "no cure in: %s", e.text);
    study_free(&s);
}

/* ---- which failure is told ---- */

#define CROWD 9
#define GRACE_MS                                                                                   \
    300 /* for a failure to be booked after its core has given up: microseconds, normally */

static atomic_int given_up;
static uint32_t first_serial;

static void sleep_ms(long ms)
{
    struct timespec t = {0, ms * 1000000L};
    (void)nanosleep(&t, NULL);
}

/* The pump of first_serial gives up at once; every other only after that failure was booked. */
static dosing_status_t give_up_in_turn(const dosing_hal_t *hal, void *context)
{
    dosing_factory_t factory = {0};
    (void)hal->factory_read(context, &factory);
    if (factory.device_id == first_serial) {
        atomic_store(&given_up, 1);
        return DOSING_ERROR_FACTORY;
    }
    for (int tries = 0; atomic_load(&given_up) == 0 && tries < 1000; tries++) {
        sleep_ms(10);
    }
    sleep_ms(GRACE_MS);
    return DOSING_ERROR_FACTORY;
}

/* All patients of the crowd are under way at once, and the one of first_serial fails before all others. */
static void expect_first_patient_told(uint32_t serial)
{
    char path[FIXTURE_PATH_SIZE];
    study_t s = nine_patients();
    core_t core = foreign_core(give_up_in_turn, NULL);
    cohort_outcome_t outcome;
    error_t e = {0};
    cohort_t c = {.study = &s,
                  .core = &core,
                  .path = fixture_path("none.h5", path),
                  .jobs = CROWD,
                  .interrupt = &interrupt};
    first_serial = serial;
    atomic_store(&given_up, 0);
    cr_expect_eq(cohort_run(&c, &outcome, &e), ERROR_CORE_REFUSED, "%s", e.text);
    cr_expect_eq(atomic_load(&given_up), 1, "the patient that is to fail first never began");
    cr_expect_eq(e.patient, 1, "serial %u failed first, patient %lld was told", serial,
                 (long long)e.patient);
    cr_expect_neq(access(path, F_OK), 0);
    study_free(&s);
}

/* A pump's serial number is its patient's plus one. */
Test(cohort, the_lowest_patient_is_told_though_the_highest_failed_first)
{
    expect_first_patient_told(CROWD + 1);
}

Test(cohort, the_lowest_patient_is_told_though_others_failed_later)
{
    expect_first_patient_told(2);
}

Test(cohort, a_replayed_patient_equals_the_one_in_the_cohort)
{
    char path[FIXTURE_PATH_SIZE];
    study_t s = nine_patients();
    core_t core = core_builtin();
    cohort_outcome_t outcome;
    reader_t *reader = NULL;
    study_t stored;
    error_t e = {0};
    cr_assert_eq(run(&s, fixture_path("nine.h5", path), 2, false, &outcome), 0);
    cr_assert_eq(reader_open(&reader, path, &e), 0, "%s", e.text);
    cr_assert_eq(replay_study(reader, &stored, &e), 0, "%s", e.text);
    for (int64_t patient = 1; patient <= 9; patient += 4) {
        replay_difference_t d;
        record_t r;
        record_init(&r);
        cr_assert_eq(replay_run(&stored, &core, (record_key_t){patient, 0, 0}, &r, &e), 0, "%s",
                     e.text);
        cr_assert_eq(replay_compare(reader, &r, &d, &e), 0, "%s", e.text);
        cr_assert_eq(d.different, 0,
                     "patient %lld: %zu values differ, first %s row %zu: %.17g, %.17g",
                     (long long)patient, d.different, fields_get(d.field)->name, d.row, d.stored,
                     d.replayed);
        record_free(&r);
    }
    study_free(&stored);
    reader_close(&reader);
    study_free(&s);
}

Test(cohort, another_seed_is_another_cohort)
{
    char path[FIXTURE_PATH_SIZE];
    study_t s = nine_patients();
    core_t core = core_builtin();
    cohort_outcome_t outcome;
    reader_t *reader = NULL;
    replay_difference_t d;
    error_t e = {0};
    record_t r;
    cr_assert_eq(run(&s, fixture_path("seed.h5", path), 2, false, &outcome), 0);
    cr_assert_eq(reader_open(&reader, path, &e), 0, "%s", e.text);
    record_init(&r);
    s.seed++;
    record_reset(&r, (record_key_t){1, 0, 0});
    trajectory_request_t q = {&s, &core, {1, 0, 0}, false, NULL};
    cr_assert_geq(trajectory_run(&q, &r, &e), 0, "%s", e.text);
    cr_assert_eq(record_finish(&r, &e), 0, "%s", e.text);
    cr_assert_eq(replay_compare(reader, &r, &d, &e), 0, "%s", e.text);
    cr_assert_gt(d.different, 20, "the comparison does not see another patient");
    record_free(&r);
    reader_close(&reader);
    study_free(&s);
}

/* ---- arms ---- */

/* Every field of every row but the arm itself; returns the number that differ. */
static size_t differences(const record_t *r, const record_view_t *a, const record_view_t *b)
{
    size_t different = 0;
    for (int f = 0; f < FIELD_COUNT; f++) {
        const enum fields_id field = (enum fields_id)f;
        const enum fields_table table = fields_get(field)->table;
        cr_assert_eq(a->count[table], b->count[table], "rows of %s", fields_table(table)->name);
        const bool arm =
            field == FIELD_PATIENTS_ARM || field == FIELD_OUTCOMES_ARM || field == FIELD_PUMPS_ARM;
        for (size_t row = 0; !arm && row < a->count[table]; row++) {
            different += record_view_bits(a, &r->layout, field, row) !=
                         record_view_bits(b, &r->layout, field, row);
        }
    }
    return different;
}

Test(cohort, arms_of_equal_settings_differ_in_nothing_but_their_number)
{
    study_t s = nine_patients();
    for (int64_t patient = 1; patient <= 9; patient += 4) {
        record_view_t a, b;
        record_t ra, rb;
        fixture_live(&s, (record_key_t){patient, 0, 0}, &ra, &a);
        fixture_live(&s, (record_key_t){patient, 1, 0}, &rb, &b);
        cr_assert_eq(record_view_bits(&b, &rb.layout, FIELD_PATIENTS_ARM, 0), 1);
        cr_assert_eq(differences(&ra, &a, &b), 0, "patient %lld: %zu values", (long long)patient,
                     differences(&ra, &a, &b));
        record_free(&ra);
        record_free(&rb);
    }
    study_free(&s);
}

/* What the person and the pump unit were drawn to be: nothing of it may hang on what an arm orders. */
static void same_draws(const record_t *r, const record_view_t *a, const record_view_t *b)
{
    static const enum fields_id drawn[] = {
        FIELD_PATIENTS_CSF_VOLUME_ML,        FIELD_PATIENTS_DISPERSION_FACTOR,
        FIELD_PATIENTS_LOSS_PER_H,           FIELD_PATIENTS_TIP_DRAIN_ML_PER_H,
        FIELD_PATIENTS_CLEARANCE_L_PER_H,    FIELD_PATIENTS_EC50_NG_PER_ML,
        FIELD_PATIENTS_BASELINE_TONE,        FIELD_PATIENTS_PUMP_UNIT_ERROR,
        FIELD_PATIENTS_OSCILLATOR_ERROR_PPM, FIELD_PATIENTS_ASHWORTH_BEFORE,
        FIELD_PATIENTS_ASHWORTH_AFTER,
    };
    for (size_t i = 0; i < sizeof drawn / sizeof drawn[0]; i++) {
        cr_assert_eq(record_view_bits(a, &r->layout, drawn[i], 0),
                     record_view_bits(b, &r->layout, drawn[i], 0), "%s is %.17g and %.17g",
                     fields_get(drawn[i])->name, record_view_number(a, &r->layout, drawn[i], 0),
                     record_view_number(b, &r->layout, drawn[i], 0));
    }
}

/* With a response that no drug changes, the latent tone is equal at the end, and the rating there equal only
 * if the rater's errors are those of the same visit, whatever sessions and orders came before it. */
Test(cohort, an_early_extra_order_leaves_every_later_draw_shared)
{
    const char *plain[] = {"study.horizon=20 day", "events=[]", "body.response.greatest=0",
                           "body.response.rater_sd=1.5", NULL};
    const char *extra[] = {"study.horizon=20 day",
                           "events=[{at: 2 day, order: therapy, dose: 150 ug/day}, {at: 3 day, "
                           "order: bolus, amount: 20 ug, over: 1 h}]",
                           "body.response.greatest=0", "body.response.rater_sd=1.5", NULL};
    study_t one = fixture_study(plain), other = fixture_study(extra);
    for (int64_t patient = 1; patient <= 3; patient++) {
        record_view_t a, b;
        record_t ra, rb;
        fixture_live(&one, (record_key_t){patient, 0, 0}, &ra, &a);
        fixture_live(&other, (record_key_t){patient, 1, 0}, &rb, &b);
        cr_assert_gt(record_view_number(&a, &ra.layout, FIELD_PATIENTS_VOLUME_DELIVERED_ML, 0),
                     1.3 *
                         record_view_number(&b, &rb.layout, FIELD_PATIENTS_VOLUME_DELIVERED_ML, 0),
                     "the planted divergence did not take place");
        same_draws(&ra, &a, &b);
        record_free(&ra);
        record_free(&rb);
    }
    study_free(&one);
    study_free(&other);
}

/* 1 for a bolus at 10 days, else 0. */
static int is_given(const record_view_t *v, const record_t *r)
{
    int given = 0;
    for (size_t row = 0; row < v->count[TABLE_EVENTS]; row++) {
        given |= record_view_number(v, &r->layout, FIELD_EVENTS_TIME_MS, row) == 10 * 86400e3;
    }
    return given;
}

/* An event for a fraction of the patients goes to the same ones, whatever other events stand before it in the list; and
 * twins at one time have draws of their own. */
Test(cohort, an_event_chooses_the_same_patients_whatever_stands_before_it)
{
    const char *plain[] = {"study.patients=24", "study.horizon=11 day",
                           "events=[{at: 10 day, fraction: 0.5, order: bolus, amount: 9 ug}]",
                           NULL};
    const char *extra[] = {
        "study.patients=24", "study.horizon=11 day",
        "events=[{at: 2 day, order: therapy, dose: 150 ug/day}, {at: 3 day, order: "
        "bolus, amount: 20 ug}, {at: 10 day, fraction: 0.5, order: bolus, amount: 9 ug}]",
        NULL};
    study_t one = fixture_study(plain), other = fixture_study(extra);
    int chosen = 0;
    for (int64_t patient = 1; patient <= 24; patient++) {
        record_view_t a, b;
        record_t ra, rb;
        fixture_live(&one, (record_key_t){patient, 0, 0}, &ra, &a);
        fixture_live(&other, (record_key_t){patient, 1, 0}, &rb, &b);
        cr_expect_eq(is_given(&a, &ra), is_given(&b, &rb), "patient %lld", (long long)patient);
        chosen += is_given(&a, &ra);
        record_free(&ra);
        record_free(&rb);
    }
    cr_expect(chosen >= 5 && chosen <= 19, "%d of 24 at a fraction of a half", chosen);
    study_free(&one);
    study_free(&other);
}

static study_t two_arms(void)
{
    const char *set[] = {"study.patients=3", "study.horizon=3 day", "events=[]",
                         "study.arms=[whole, {name: half, set: {therapy.dose: 150 ug/day}}]", NULL};
    return fixture_study(set);
}

Test(cohort, each_patient_lives_once_in_every_arm)
{
    char path[FIXTURE_PATH_SIZE];
    study_t s = two_arms();
    cohort_outcome_t outcome;
    reader_t *reader = NULL;
    int64_t *patient = NULL, *arm = NULL;
    double *ml = NULL;
    error_t e = {0};
    cr_assert_eq(run(&s, fixture_path("arms.h5", path), 2, false, &outcome), 0);
    cr_assert_eq(outcome.run, 6);
    cr_assert_eq(reader_open(&reader, path, &e), 0, "%s", e.text);
    cr_assert_eq(reader_rows(reader, TABLE_PATIENTS), 6);
    cr_assert_eq(reader_rows(reader, TABLE_ARMS), 2);
    cr_assert_str_eq(reader_text(reader, FIELD_ARMS_NAME, 1), "half");
    cr_assert_str_eq(reader_text(reader, FIELD_ARMS_SETTINGS, 0), "");
    cr_assert_str_eq(reader_text(reader, FIELD_ARMS_SETTINGS, 1), "{\"therapy.dose\": 150 ug/day}");
    cr_assert_eq(reader_column_i64(reader, FIELD_PATIENTS_PATIENT, &patient, &e), 0);
    cr_assert_eq(reader_column_i64(reader, FIELD_PATIENTS_ARM, &arm, &e), 0);
    cr_assert_eq(reader_column_f64(reader, FIELD_PATIENTS_VOLUME_COMMANDED_ML, &ml, &e), 0);
    for (int64_t i = 0; i < 6; i++) {
        cr_assert(patient[i] == i / 2 + 1 && arm[i] == i % 2, "row %lld: patient %lld, arm %lld",
                  (long long)i, (long long)patient[i], (long long)arm[i]);
        /* Three days at 300 or 150 ug/day and 500 ug/mL. */
        cr_assert_float_eq(ml[i], i % 2 == 0 ? 1.8 : 0.9, 0.002, "row %lld: %g mL", (long long)i,
                           ml[i]);
    }
    free(ml);
    free(patient);
    free(arm);
    reader_close(&reader);
    study_free(&s);
}

Test(cohort, a_run_of_arms_resumes_to_the_same_bytes)
{
    study_t s = two_arms();
    const cohort_outcome_t outcome = resumed_to_the_same_bytes(&s, 1);
    cr_assert_eq(outcome.resumed, 3, "%lld: three records, the third in the middle of a patient",
                 (long long)outcome.resumed);
    study_free(&s);
}

Test(cohort, a_patient_of_the_second_arm_is_replayed_in_its_settings)
{
    char path[FIXTURE_PATH_SIZE];
    study_t s = two_arms(), stored;
    core_t core = core_builtin();
    cohort_outcome_t outcome;
    reader_t *reader = NULL;
    replay_difference_t d;
    error_t e = {0};
    record_t r;
    record_init(&r);
    cr_assert_eq(run(&s, fixture_path("arms.h5", path), 2, false, &outcome), 0);
    cr_assert_eq(reader_open(&reader, path, &e), 0, "%s", e.text);
    cr_assert_eq(replay_study(reader, &stored, &e), 0, "%s", e.text);
    cr_assert_eq(replay_run(&stored, &core, (record_key_t){2, 1, 0}, &r, &e), 0, "%s", e.text);
    cr_assert_eq(replay_compare(reader, &r, &d, &e), 0, "%s", e.text);
    cr_assert_eq(d.different, 0, "%zu values differ, first %s", d.different,
                 d.different > 0 ? fields_get(d.field)->name : "");
    cr_assert_lt(replay_run(&stored, &core, (record_key_t){2, 2, 0}, &r, &e), 0);
    record_free(&r);
    reader_close(&reader);
    study_free(&stored);
    study_free(&s);
}

/* The second arm alone fails: its pump may not give what it is told to. */
Test(cohort, an_error_names_the_arm_of_its_patient)
{
    char path[FIXTURE_PATH_SIZE];
    study_t s = two_arms();
    core_t core = core_builtin();
    cohort_outcome_t outcome;
    error_t e = {0};
    cohort_t c = {.study = &s,
                  .core = &core,
                  .path = fixture_path("none.h5", path),
                  .jobs = 2,
                  .interrupt = &interrupt};
    s.arm[1].study->therapy.limit_dose_ug_per_day = 100.0;
    cr_assert_eq(cohort_run(&c, &outcome, &e), ERROR_CORE_REFUSED);
    cr_assert_eq(e.patient, 1);
    cr_assert_eq(outcome.failed_arm, 1);
    study_free(&s);
}

/* Whether the k-th contact of a kind was kept, came late, was missed or brought forward; -1 past the last. */
static int64_t kept(const record_t *r, const record_view_t *v, int kind, size_t k)
{
    for (size_t row = 0; row < v->count[TABLE_EVENTS]; row++) {
        const int64_t event = (int64_t)record_view_bits(v, &r->layout, FIELD_EVENTS_KIND, row);
        const double value = record_view_number(v, &r->layout, FIELD_EVENTS_VALUE, row);
        if (event == FIELDS_EVENT_VISIT && (int)value == kind && k-- == 0) {
            return (int64_t)record_view_bits(v, &r->layout, FIELD_EVENTS_REASON, row);
        }
    }
    return -1;
}

/* Counts the contacts that both arms had, and those of them that were late or missed; each must be so in both, unless
 * an alarm brought it forward in one. */
static void compare_contacts(const record_t *r, const record_view_t *a, const record_view_t *b,
                             size_t *both, size_t *irregular)
{
    for (int kind = FINDING_CONTACT_TITRATION; kind <= FINDING_CONTACT_REFILL; kind++) {
        for (size_t k = 0; kept(r, a, kind, k) >= 0 && kept(r, b, kind, k) >= 0; k++) {
            const int64_t one = kept(r, a, kind, k), two = kept(r, b, kind, k);
            if (one == FIELDS_REASON_ALARM || two == FIELDS_REASON_ALARM) {
                continue;
            }
            cr_assert_eq(one, two, "contact %zu of kind %d, patient %lld", k, kind,
                         (long long)a->key.patient);
            *irregular += one != FIELDS_REASON_PROTOCOL;
            ++*both;
        }
    }
}

/* The planted order takes most of the dose away early, so the clinic of that arm decides otherwise ever after. */
Test(cohort, a_clinic_that_decides_otherwise_meets_the_same_chance)
{
    static const char text[] =
        "study: {name: x, patients: 9, horizon: 300 day, arms: [plain, {name: extra, set: {events: "
        "[{at: 50 day, order: therapy, dose: 30 ug/day}]}}]}\n"
        "drugs: [{name: baclofen, concentration: 500 ug/mL}]\ncatheter: {tip: T10}\n"
        "clinic: {policy: titration}\n";
    study_t s = fixture_text(text);
    size_t both = 0, irregular = 0, other = 0;
    for (int64_t patient = 1; patient <= 9; patient++) {
        record_view_t a, b;
        record_t ra, rb;
        fixture_live(study_arm(&s, 0), (record_key_t){patient, 0, 0}, &ra, &a);
        fixture_live(study_arm(&s, 1), (record_key_t){patient, 1, 0}, &rb, &b);
        other += a.count[TABLE_EVENTS] != b.count[TABLE_EVENTS];
        compare_contacts(&ra, &a, &b, &both, &irregular);
        record_free(&ra);
        record_free(&rb);
    }
    cr_assert_gt(other, 3, "the arms hardly differ: %zu", other);
    cr_assert(both > 40 && irregular > 10, "%zu contacts, %zu irregular", both, irregular);
    study_free(&s);
}
