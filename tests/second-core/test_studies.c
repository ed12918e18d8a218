/* SPDX-License-Identifier: Apache-2.0 */
/* Every study of configs/ in smoke size, with the second core and with the first: what was ordered is given by both, and both
 * tell of it. A run fails by itself where a train breaks a limit of its pump, or a ledger does not close. */
#include <criterion/criterion.h>
#include <glob.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lived.h"
#include "stand.h"

#define HOUR_MS 3.6e6
#define PATIENTS 2
#define LIFE_DAYS 2555 /* 84 months: each core ends its service by its own daily look */

/* A clinic that answers what it is told is a closed loop: a threshold that one core meets a pulse earlier moves a visit, and
 * lives part after some years. */
#define CLINIC_DAYS 400
#define HORIZON "study.horizon=400 day"
#define UNPRIMED "clinic.primes=none" /* the second core primes no path */

static lived_t first, second;

static bool is_kind(const lived_t *l, size_t row, int kind)
{
    return (int)lived_at(l, FIELD_EVENTS_KIND, row) == kind;
}

static int events(const lived_t *l, int kind)
{
    int found = 0;
    for (size_t i = 0; i < l->view.count[TABLE_EVENTS]; i++) {
        found += is_kind(l, i, kind);
    }
    return found;
}

/* ---- volume --------------------------------------------------------------------------------------------------------- */

/* One pulse and 0.1 %. A clinic that answers what it is told does so a few minutes earlier or later, and with it ends a day
 * of nothing after an empty reservoir: five minutes of a day. */
static double allowed(double pulses)
{
    const double share = 1e-3 + (events(&first, FIELDS_EVENT_VISIT) > 0 ? 5.0 / 1440.0 : 0.0);
    return 1.0 + share * pulses;
}

/* The pump's last day is not whole: its last train is cut at the end of the study. */
static void same_pulses(const char *name, record_key_t key)
{
    cr_assert_eq(first.pumps, second.pumps, "%s: %d and %d pumps", name, first.pumps, second.pumps);
    for (int32_t pump = 0; pump < first.pumps; pump++) {
        const int32_t days = first.days[pump] < LIFE_DAYS ? first.days[pump] : LIFE_DAYS;
        for (int32_t day = 0; day < days; day++) {
            const double a = (double)first.pulses[pump][day];
            const double b = (double)second.pulses[pump][day];
            cr_expect(fabs(a - b) <= allowed(fmax(a, b)),
                      "%s, arm %d, patient %lld: %g and %g pulses on day %d of pump %d", name,
                      key.arm, (long long)key.patient, a, b, day, pump + 1);
        }
    }
}

static void same_accounts(const char *name, record_key_t key)
{
    static const enum fields_id fields[] = {FIELD_PATIENTS_VOLUME_COMMANDED_ML,
                                            FIELD_PATIENTS_VOLUME_BELIEVED_IN_RESERVOIR_ML};
    const double commanded_ml = lived_at(&first, FIELD_PATIENTS_VOLUME_COMMANDED_ML, 0);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const double a = lived_at(&first, fields[i], 0), b = lived_at(&second, fields[i], 0);
        cr_expect(isnan(a) ? isnan(b) : fabs(a - b) <= 1e-3 * fmax(commanded_ml, 1.0),
                  "%s, arm %d, patient %lld: %s %g and %g", name, key.arm, (long long)key.patient,
                  fields_get(fields[i])->name, a, b);
    }
    cr_expect_lt(lived_at(&second, FIELD_PATIENTS_WORST_LEDGER_ERROR, 0), 1e-9);
    for (size_t drug = 0; drug < second.view.count[TABLE_LEDGER]; drug++) {
        const double a = lived_at(&first, FIELD_LEDGER_BELIEVED_GIVEN_UG, drug);
        const double b = lived_at(&second, FIELD_LEDGER_BELIEVED_GIVEN_UG, drug);
        cr_expect(isnan(a) ? isnan(b) : fabs(a - b) <= 1e-3 * a + 1.0, "%s: %g and %g ug", name, a,
                  b);
    }
}

/* ---- alarms ---------------------------------------------------------------------------------------------------------- */

/* Thresholds that are reached just when the reservoir is filled, or the study ends, are told by one core and not by the
 * other: a pulse decides. */
static bool is_close_call(const lived_t *l, double time_ms)
{
    for (size_t i = 0; i < l->view.count[TABLE_EVENTS]; i++) {
        if ((is_kind(l, i, FIELDS_EVENT_REFILL) || is_kind(l, i, FIELDS_EVENT_END)) &&
            fabs(lived_at(l, FIELD_EVENTS_TIME_MS, i) - time_ms) < 2.0 * HOUR_MS) {
            return true;
        }
    }
    return false;
}

/* When a tone of this kind first sounds; INFINITY: never. */
static double first_tone_ms(const lived_t *l, uint32_t tone, int *tones)
{
    double first_ms = (double)INFINITY;
    *tones = 0;
    for (size_t i = 0; i < l->view.count[TABLE_EVENTS]; i++) {
        const double time_ms = lived_at(l, FIELD_EVENTS_TIME_MS, i);
        if (is_kind(l, i, FIELDS_EVENT_TONE) && lived_at(l, FIELD_EVENTS_VALUE, i) == tone &&
            !is_close_call(l, time_ms)) {
            first_ms = fmin(first_ms, time_ms);
            ++*tones;
        }
    }
    return first_ms;
}

/* A notice may wait for the daily look, and so may the end of service; what else is critical for the end of a train. A motor
 * that a fault makes miss one step in ten is on the threshold of a day's deviation: there chance decides on the day. */
static double within_ms(uint32_t tone, double first_ms)
{
    if (tone == DOSING_TONE_ADVISORY && events(&first, FIELDS_EVENT_FAULT) > 0) {
        return (double)INFINITY;
    }
    const bool by_day = tone == DOSING_TONE_ADVISORY || first_ms >= LIFE_DAYS * 24.0 * HOUR_MS;
    return (by_day ? 25.0 : 2.0) * HOUR_MS;
}

static void same_tones(const char *name, record_key_t key)
{
    for (uint32_t tone = DOSING_TONE_ADVISORY; tone <= DOSING_TONE_CRITICAL; tone++) {
        int a_tones, b_tones;
        const double a = first_tone_ms(&first, tone, &a_tones);
        const double b = first_tone_ms(&second, tone, &b_tones);
        const bool same = isinf(a) ? isinf(b) : !isinf(b) && fabs(a - b) <= within_ms(tone, a);
        cr_expect(same, "%s, arm %d, patient %lld: tone %u first after %.3f and %.3f h", name,
                  key.arm, (long long)key.patient, tone, a / HOUR_MS, b / HOUR_MS);
        cr_expect(abs(a_tones - b_tones) <= 3 + a_tones / 5,
                  "%s, arm %d, patient %lld: tone %u sounds %d and %d times", name, key.arm,
                  (long long)key.patient, tone, a_tones, b_tones);
    }
}

/* Orders that were carried out, and refusals, are the same ones. */
static void same_orders(const char *name, record_key_t key)
{
    static const int kinds[] = {FIELDS_EVENT_PROGRAMME,     FIELDS_EVENT_BOLUS,
                                FIELDS_EVENT_REFILL,        FIELDS_EVENT_ORDER_FAILED,
                                FIELDS_EVENT_PATIENT_BOLUS, FIELDS_EVENT_PATIENT_REFUSED};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        const int a = events(&first, kinds[k]), b = events(&second, kinds[k]);
        cr_expect_eq(a, b, "%s, arm %d, patient %lld: %d and %d events of kind %d", name, key.arm,
                     (long long)key.patient, a, b, kinds[k]);
    }
}

/* ---- the end ---------------------------------------------------------------------------------------------------------- */

static int died;

/* The date of a death is the person's, whatever the core. */
static void same_end(const char *name, record_key_t key)
{
    const int a = (int)lived_at(&first, FIELD_PATIENTS_STOP_REASON, 0);
    const int b = (int)lived_at(&second, FIELD_PATIENTS_STOP_REASON, 0);
    cr_expect_eq(a, b, "%s, arm %d, patient %lld: ends %d and %d", name, key.arm,
                 (long long)key.patient, a, b);
    if (a == FIELDS_STOP_DEATH) {
        cr_expect_eq(lived_at(&first, FIELD_PATIENTS_STOP_TIME_MS, 0),
                     lived_at(&second, FIELD_PATIENTS_STOP_TIME_MS, 0));
        died++;
    }
}

/* ---- studies ---------------------------------------------------------------------------------------------------------- */

static void live_both(const study_t *arm, record_key_t key)
{
    const core_t builtin = core_builtin();
    lived_run(&first, arm, &builtin, key);
    if (lived_was_reset(&first)) { /* what is kept over a reset is its own affair (its README) */
        lived_free(&first);
        return;
    }
    lived_run(&second, arm, stand_core(), key);
    same_pulses(arm->name, key);
    same_accounts(arm->name, key);
    same_tones(arm->name, key);
    same_orders(arm->name, key);
    same_end(arm->name, key);
    cr_expect(second.trains > 0u || first.trains == 0u, "%s: no train", arm->name);
    cr_expect_geq(second.closest_ms, 900u, "%s: pulses %llu ms apart", arm->name,
                  (unsigned long long)second.closest_ms);
    lived_free(&first);
    lived_free(&second);
}

/* What the second core has not, as its README says: it primes no path, looks at one clock alone, and keeps no count of starts. */
static bool is_beyond(const study_event_t *event)
{
    switch ((int)event->fault) {
    case STUDY_FAULT_BATTERY_FILM:
    case STUDY_FAULT_BATTERY_LEAK:
    case STUDY_FAULT_CLOCK_STOP:
    case STUDY_FAULT_SECOND_CLOCK_STOP:
    case STUDY_FAULT_CLOCK_JUMP:
    case STUDY_FAULT_SECOND_CLOCK_JUMP:
    case STUDY_FAULT_RESET:
    case STUDY_FAULT_CALL_FAILS: /* what it keeps, where, and how often it calls is its own affair */
    case STUDY_FAULT_CALL_LIES:
    case STUDY_FAULT_STORE_TORN:
    case STUDY_FAULT_STORE_ROT:
    case STUDY_FAULT_STORE_WORN:
    case STUDY_FAULT_STORE_FLIP:
    case STUDY_FAULT_MEMORY_FLIP:
    case STUDY_FAULT_TELEMETRY: /* a day without a wake, which it calls a deviation */
        return event->order == STUDY_ORDER_FAULT;
    default:
        return event->order == STUDY_ORDER_PRIME;
    }
}

static bool asks_too_much(const study_t *arm)
{
    bool any = false;
    for (int64_t i = 0; i < arm->n_events; i++) {
        any = any || is_beyond(&arm->event[i]);
    }
    return any;
}

static void run_study(const char *path)
{
    diagnostic_t found;
    error_t e = {0};
    study_t s;
    diagnostic_init(&found);
    int code = study_load(&s, path, NULL, 0, &found, &e);
    cr_assert_eq(code, 0, "%s: %s", path, e.text);
    if (s.clinic_policy == STUDY_POLICY_TITRATION) {
        static const study_override_t other[] = {{UNPRIMED}, {HORIZON}};
        const bool shorter = s.horizon_ms > CLINIC_DAYS * INT64_C(86400000);
        study_free(&s);
        code = study_load(&s, path, other, shorter ? 2 : 1, &found, &e);
        cr_assert_eq(code, 0, "%s: %s", path, e.text);
    }
    const int64_t arms = s.arms.count > 0 ? s.arms.count : 1;
    for (int64_t patient = 1; patient <= PATIENTS && patient <= s.patients; patient++) {
        for (int32_t arm = 0; arm < (int32_t)arms; arm++) {
            if (!asks_too_much(study_arm(&s, arm))) {
                live_both(study_arm(&s, arm), (record_key_t){patient, arm, 0});
            }
        }
    }
    study_free(&s);
    diagnostic_free(&found);
}

static void run_all(const char *pattern, size_t least)
{
    glob_t files = {0};
    cr_assert_eq(glob(pattern, 0, NULL, &files), 0);
    cr_assert_geq(files.gl_pathc, least);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        run_study(files.gl_pathv[i]);
    }
    globfree(&files);
}

Test(second_studies, every_study_gives_and_tells_what_the_first_core_does)
{
    run_all("configs/*.yaml", 8u);
}

Test(second_studies, so_does_every_scenario)
{
    run_all("configs/scenarios/*.yaml", 9u);
}

Test(second_studies, people_die_on_the_same_day_whatever_the_core)
{
    static const study_override_t mortal[] = {{"population.mortality.model=gompertz"},
                                              {"population.mortality.rate=1 1/year"},
                                              {"study.horizon=60 day"},
                                              {"events=[{at: 30 day, order: death, patient: 1}]"}};
    diagnostic_t found;
    error_t e = {0};
    study_t s;
    died = 0;
    diagnostic_init(&found);
    cr_assert_eq(study_load(&s, "configs/baclofen-maintenance.yaml", mortal, 4, &found, &e), 0,
                 "%s", e.text);
    for (int64_t patient = 1; patient <= 8; patient++) {
        live_both(study_arm(&s, 0), (record_key_t){patient, 0, 0});
    }
    cr_expect(died > 0 && died < 8, "%d of 8", died);
    study_free(&s);
    diagnostic_free(&found);
}
