/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger's check: it fails where mass is missing or invented, and only there. */
#include "tests/sim/cohort/fixture.h"
#include "tests/sim/cohort/foreign.h"

#include "body/body_state.h"
#include "cohort/ledger.h"
#include "cohort/patient.h"
#include "cohort/trajectory.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define HEAD                                                                                       \
    "study: {name: t, patients: 3, horizon: 4 day, seed: 7}\ncatheter: {tip: T10}\n"               \
    "therapy: {mode: simple, dose: 300 ug/day}\n"                                                  \
    "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"
#define TWO HEAD "  - {name: other, concentration: 50 ug/mL}\n"

/* ---- one patient at enrolment, disturbed by hand ---- */

typedef struct bench_t {
    study_t study;
    core_t core;
    record_t record;
    patient_t patient;
    error_t e;
} bench_t;

static bench_t bench;

static void bench_start(const char *text)
{
    bench_t *b = &bench;
    memset(b, 0, sizeof *b);
    b->study = fixture_text(text);
    b->core = core_builtin();
    trajectory_request_t q = {&b->study, &b->core, {3, 0, 0}, false, NULL};
    record_init(&b->record);
    record_reset(&b->record, q.key);
    cr_assert_eq(patient_init(&b->patient, &q, &b->record, &b->e), 0, "%s", b->e.text);
    cr_assert_eq(ledger_check(&b->patient, &b->e), 0, "%s", b->e.text);
}

static void bench_end(void)
{
    patient_free(&bench.patient);
    record_free(&bench.record);
    study_free(&bench.study);
}

static void more_withdrawn(patient_t *p, int drug, double ug)
{
    p->account[drug].withdrawn_ug += ug;
}

static void less_withdrawn(patient_t *p, int drug, double ug)
{
    p->account[drug].withdrawn_ug -= ug;
}

static void more_from_vials(patient_t *p, int drug, double ug)
{
    p->account[drug].from_vials_ug += ug;
}

static void more_in_reservoir(patient_t *p, int drug, double ug)
{
    reservoir_t *r = &p->implant.pump.reservoir;
    r->ug_per_ml[drug] *= 1.0 + ug / reservoir_mass_ug(r, drug);
}

static void more_in_catheter(patient_t *p, int drug, double ug)
{
    column_t *c = &p->catheter.column[CATHETER_DISTAL];
    cr_assert(c->uniform);
    c->leaving_ug_per_ml[drug] *= 1.0 + ug / column_mass_ug(c, drug);
}

static void more_before_its_step(patient_t *p, int drug, double ug)
{
    p->feed.minute_ug[drug] += ug;
}

static void more_in_body(patient_t *p, int drug, double ug)
{
    cr_assert_eq(body_inject_level(&p->body, drug, ug, "L3/4", &bench.e), 0, "%s", bench.e.text);
}

static void more_past_tip(patient_t *p, int drug, double ug)
{
    p->account[drug].left_tip_ug += ug;
}

static void more_injected(patient_t *p, int drug, double ug)
{
    p->account[drug].injected_ug += ug;
}

typedef struct disturbance_t {
    const char *name;
    void (*by)(patient_t *p, int drug, double ug);
} disturbance_t;

/* The share of the dose by which `by` must be seen, in either drug, and the error's measure of it. */
static void expect_seen(const char *text, const disturbance_t *how)
{
    for (int drug = 0; drug < 2; drug++) {
        bench_start(text);
        patient_t *p = &bench.patient;
        how->by(p, drug, 1e-6 * p->account[drug].from_vials_ug);
        cr_expect_eq(ledger_check(p, &bench.e), ERROR_LEDGER, "%s of drug %d", how->name, drug);
        cr_expect_neq(strstr(bench.e.text, bench.study.drug[drug].name), NULL, "%s", bench.e.text);
        cr_expect_float_eq(p->worst_ledger_error, 1e-6, 1e-9, "%s of drug %d: %g", how->name, drug,
                           p->worst_ledger_error);
        bench_end();
    }
}

Test(ledger, a_millionth_of_the_dose_astray_in_any_account_is_an_error)
{
    static const disturbance_t row[] = {
        {"withdrawn", more_withdrawn},   {"withdrawn, less", less_withdrawn},
        {"from vials", more_from_vials}, {"reservoir", more_in_reservoir},
        {"catheter", more_in_catheter},  {"past the tip, before its step", more_before_its_step},
        {"body", more_in_body}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        expect_seen(TWO, &row[i]);
    }
}

Test(ledger, without_a_body_what_left_the_tip_or_was_injected_counts)
{
    static const disturbance_t row[] = {{"past the tip", more_past_tip},
                                        {"injected", more_injected}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        expect_seen(TWO "body: {model: none}\n", &row[i]);
    }
}

Test(ledger, its_tolerance_is_a_billionth_of_the_dose)
{
    bench_start(TWO);
    patient_t *p = &bench.patient;
    const double dose_ug = p->account[0].from_vials_ug;
    more_withdrawn(p, 0, 0.5e-9 * dose_ug);
    cr_expect_eq(ledger_check(p, &bench.e), 0, "half of it is no error: %s", bench.e.text);
    more_withdrawn(p, 0, 1.5e-9 * dose_ug);
    cr_expect_eq(ledger_check(p, &bench.e), ERROR_LEDGER, "twice of it is");
    less_withdrawn(p, 0, 4.0e-9 * dose_ug);
    cr_expect_eq(ledger_check(p, &bench.e), ERROR_LEDGER, "also where it is too little");
    cr_expect_eq(p->ledger_checks, 4);
    bench_end();
}

Test(ledger, an_error_that_is_no_number_is_an_error)
{
    bench_start(TWO);
    bench.patient.account[1].withdrawn_ug = (double)NAN;
    cr_expect_eq(ledger_check(&bench.patient, &bench.e), ERROR_LEDGER);
    bench_end();
}

/* ---- along a whole trajectory: drug that comes from nowhere ---- */

static double invented; /* share of what is in the reservoir, at 2.1 days */
static int inventions;

static dosing_status_t invent(const dosing_hal_t *hal, void *context)
{
    implant_t *im = context;
    uint64_t now_ms = 0;
    (void)hal->clock_ms(context, &now_ms);
    if (inventions == 0 && now_ms >= (uint64_t)(2 * DAY_MS + DAY_MS / 10)) {
        inventions++;
        im->pump.reservoir.ug_per_ml[0] *= 1.0 + invented;
    }
    return DOSING_OK;
}

/* When a day is observed and its ledger checked, ms of that day. */
static int64_t daily_ms(const char *text)
{
    study_t s = fixture_text(text);
    const int64_t time_ms = s.record.daily_time_ms;
    study_free(&s);
    return time_ms;
}

Test(ledger, an_invention_ends_the_run_at_the_next_days_check_with_patient_and_time)
{
    record_t r;
    error_t e = {0};
    const int64_t daily = daily_ms(HEAD);
    int64_t at_ms;
    invented = 1e-6;
    cr_assert_eq(foreign_run(foreign_core(NULL, invent), HEAD, &r, &e), ERROR_LEDGER, "%s", e.text);
    cr_assert_eq(inventions, 1);
    at_ms = daily > DAY_MS / 10 ? 2 * DAY_MS + daily : 3 * DAY_MS + daily;
    cr_expect_eq(e.patient, 3);
    cr_expect_eq(e.time_ms, at_ms, "at %lld ms, not %lld", (long long)e.time_ms, (long long)at_ms);
    record_free(&r);
}

/* The body's own book of what entered: nobody but body_verify, at the end, reads it. */
static dosing_status_t falsify_body(const dosing_hal_t *hal, void *context)
{
    patient_t *p = (patient_t *)(void *)((uint8_t *)context - offsetof(patient_t, implant));
    uint64_t now_ms = 0;
    (void)hal->clock_ms(context, &now_ms);
    if (inventions == 0 && now_ms >= (uint64_t)(2 * DAY_MS)) {
        inventions++;
        p->body.state->drug[0].entered_ug *= 1.0 + 1e-6;
    }
    return DOSING_OK;
}

Test(ledger, the_bodys_own_books_are_verified_at_the_end)
{
    record_t r;
    error_t e = {0};
    cr_assert_eq(foreign_run(foreign_core(NULL, falsify_body), HEAD, &r, &e), ERROR_LEDGER, "%s",
                 e.text);
    cr_expect_eq(e.patient, 3);
    cr_expect_eq(e.time_ms, 4 * DAY_MS);
    record_free(&r);
}

/* The row's own columns, added up here. */
static double recompute(const record_t *r, const record_view_t *view, size_t row)
{
    static const enum fields_id place[] = {
        FIELD_LEDGER_RESERVOIR_UG,  FIELD_LEDGER_TUBING_CATHETER_UG, FIELD_LEDGER_CSF_UG,
        FIELD_LEDGER_TISSUE_UG,     FIELD_LEDGER_PLASMA_UG,          FIELD_LEDGER_DEPOTS_UG,
        FIELD_LEDGER_ELIMINATED_UG, FIELD_LEDGER_DEGRADED_UG,        FIELD_LEDGER_ADSORBED_UG,
        FIELD_LEDGER_WITHDRAWN_UG,  FIELD_LEDGER_EXPLANTED_UG,       FIELD_LEDGER_SPILLED_UG};
    const double vials = record_view_number(view, &r->layout, FIELD_LEDGER_FROM_VIALS_UG, row);
    double found = 0.0;
    for (size_t i = 0; i < sizeof place / sizeof place[0]; i++) {
        found += record_view_number(view, &r->layout, place[i], row);
    }
    return (found - vials) / vials;
}

/* A share below the tolerance, which the run survives: the column must tell it, and the other drug nothing. */
Test(ledger, the_columns_give_the_closure_error_that_is_written_beside_them)
{
    static const char text[] = TWO "events:\n  - {at: 1 day, order: refill, volume: 19 mL}\n";
    record_t r;
    record_view_t view;
    error_t e = {0};
    size_t size = 0;
    invented = 5e-10;
    cr_assert_eq(foreign_run(foreign_core(NULL, invent), text, &r, &e), FIELDS_STOP_HORIZON, "%s",
                 e.text);
    cr_assert_eq(record_finish(&r, &e), 0, "%s", e.text);
    const uint8_t *frame = record_frame(&r, &size);
    cr_assert_eq(record_parse(frame, size, &r.layout, &view, &e), 0, "%s", e.text);
    cr_assert_eq(view.count[TABLE_LEDGER], 2);
    for (size_t d = 0; d < 2; d++) {
        const double written = record_view_number(&view, &r.layout, FIELD_LEDGER_CLOSURE_ERROR, d);
        const double error = recompute(&r, &view, d);
        cr_expect_float_eq(written, fabs(error), 1e-14, "drug %zu: %g written, %g found", d,
                           written, error);
        cr_expect_gt(record_view_number(&view, &r.layout, FIELD_LEDGER_WITHDRAWN_UG, d), 0.0);
        if (d == 0) {
            cr_expect(error > 1e-10 && error < 5e-10, "%g of the drug was invented", error);
        } else {
            cr_expect_lt(fabs(error), 1e-12, "drug %zu misses %g", d, error);
        }
    }
    cr_expect_geq(record_view_number(&view, &r.layout, FIELD_PATIENTS_WORST_LEDGER_ERROR, 0),
                  1e-10);
    record_free(&r);
}
