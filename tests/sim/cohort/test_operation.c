/* SPDX-License-Identifier: Apache-2.0 */
/* Catheters that a clinic finds and mends: what is seen, what is booked, and that therapy comes back. */
#include "cohort/operation.h"

#include "care/finding.h"
#include "device/catheter_fault.h"
#include "tests/models/device/usual_catheter.h"
#include "tests/sim/cohort/fixture.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

/* ---- what is seen ---- */

Test(operation, each_fault_looks_like_itself)
{
    catheter_t c = usual_catheter();
    cr_expect_eq(operation_look(&c), FINDING_CATHETER_SOUND);
    cr_assert_eq(catheter_fault_occlude(&c, 0.0, 1.0, 0.0, NULL), 0);
    cr_expect_eq(operation_look(&c), FINDING_CATHETER_CLOSED);
    c = usual_catheter();
    cr_assert_eq(catheter_fault_kink(&c, 0.0, 0.5, NULL), 0);
    cr_expect_eq(operation_look(&c), FINDING_CATHETER_KINKED);
    c = usual_catheter();
    cr_assert_eq(catheter_fault_leak(&c, 60.0, 0.3, NULL), 0);
    cr_expect_eq(operation_look(&c), FINDING_CATHETER_BROKEN);
    c = usual_catheter();
    cr_assert_eq(catheter_fault_disconnect(&c, CATHETER_HOLE_BORDER, false, NULL), 0);
    cr_expect_eq(operation_look(&c), FINDING_CATHETER_PARTED);
    c = usual_catheter();
    cr_assert_eq(catheter_fault_disconnect(&c, CATHETER_HOLE_PUMP, false, NULL), 0);
    cr_expect_eq(operation_look(&c), FINDING_CATHETER_PARTED);
    c = usual_catheter();
    cr_assert_eq(catheter_fault_migrate(&c, -8.0, NULL), 0);
    cr_expect_eq(operation_look(&c), FINDING_CATHETER_MISPLACED);
}

Test(operation, a_small_shift_or_a_slight_narrowing_passes_for_sound)
{
    catheter_t c = usual_catheter();
    cr_assert_eq(catheter_fault_migrate(&c, 3.0, NULL), 0);
    cr_assert_eq(catheter_fault_occlude(&c, 0.0, 0.3, 0.0, NULL), 0);
    cr_expect_eq(operation_look(&c), FINDING_CATHETER_SOUND);
}

/* ---- whole lives ---- */

#define LIFE(fault)                                                                                \
    "study: {name: t, patients: 12, horizon: 700 day, seed: 3}\ncatheter: {tip: T10}\n"            \
    "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"                                     \
    "therapy: {limits: {daily_dose: 1500 ug/day}}\n"                                               \
    "clinic: {policy: titration, concentration: 500 ug/mL}\n"                                      \
    "events:\n  - {when: implant + 250 day, order: fault, fault: " fault "}\n"

typedef struct course_seen_t {
    int implanted, failed, booked, repaired, replaced;
    double fault_ms, repaired_ms;
} course_seen_t;

static course_seen_t live(const study_t *s, int64_t patient)
{
    course_seen_t seen = {.fault_ms = (double)NAN, .repaired_ms = (double)NAN};
    record_t r;
    record_view_t v;
    fixture_live(s, (record_key_t){patient, 0, 0}, &r, &v);
    for (size_t i = 0; i < v.count[TABLE_EVENTS]; i++) {
        const int kind = (int)record_view_number(&v, &r.layout, FIELD_EVENTS_KIND, i);
        const double ms = record_view_number(&v, &r.layout, FIELD_EVENTS_TIME_MS, i);
        const double value = record_view_number(&v, &r.layout, FIELD_EVENTS_VALUE, i);
        seen.implanted += kind == FIELDS_EVENT_IMPLANT;
        seen.booked += kind == FIELDS_EVENT_REVISION_BOOKED;
        seen.fault_ms = kind == FIELDS_EVENT_FAULT ? ms : seen.fault_ms;
        if (kind == FIELDS_EVENT_CATHETER_REPAIRED) {
            seen.repaired++;
            seen.repaired_ms = ms;
            seen.replaced += value > 1.5;
        }
    }
    cr_expect_lt(record_view_number(&v, &r.layout, FIELD_PATIENTS_WORST_LEDGER_ERROR, 0), 1e-12);
    record_free(&r);
    return seen;
}

/* Of twelve most are implanted; whose catheter closes or slips, the clinic finds it within months. */
static void expect_found(const char *text, int replaced)
{
    study_t s = fixture_text(text);
    int faulty = 0, repaired = 0;
    for (int64_t patient = 1; patient <= 12; patient++) {
        const course_seen_t seen = live(&s, patient);
        faulty += !isnan(seen.fault_ms);
        repaired += seen.repaired > 0;
        if (seen.repaired > 0) {
            cr_expect_gt(seen.repaired_ms, seen.fault_ms);
            cr_expect_lt(seen.repaired_ms - seen.fault_ms, 400.0 * 86400e3);
            cr_expect_eq(seen.replaced, replaced * seen.repaired);
            cr_expect_geq(seen.booked, seen.repaired);
        }
    }
    cr_expect_geq(faulty, 6, "%d of 12 had the fault", faulty);
    cr_expect_geq(repaired, (2 * faulty + 2) / 3, "%d of %d were mended", repaired, faulty);
    study_free(&s);
}

Test(operation, a_closed_catheter_is_found_and_replaced)
{
    expect_found(LIFE("catheter_occlusion"), 1);
}

Test(operation, a_connector_that_came_apart_is_joined_on_the_same_catheter)
{
    expect_found(LIFE("catheter_disconnection, position: 38 cm"), 0);
}
