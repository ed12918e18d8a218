/* SPDX-License-Identifier: Apache-2.0 */
/* The life cycle of pumps: one patient, several pumps on one catheter, one ledger and one time line. */
#include "tests/sim/cohort/fixture.h"

#include "cohort/trajectory.h"

#include <criterion/criterion.h>
#include <math.h>

/* A cell that lasts a good year. */
#define HEAD                                                                                       \
    "study: {name: t, patients: 9, horizon: 1200 day, seed: 7}\ncatheter: {tip: T10}\n"            \
    "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"                                     \
    "therapy: {limits: {daily_dose: 1200 ug/day}}\npump: {battery: {capacity: 300 mA.h}, "         \
    "reservoir: {residual_sd: 0 mL}}\n"

typedef struct life_t {
    record_t r;
    record_view_t v;
    int stop;
} life_t;

static void run(const char *text, int64_t patient, life_t *l)
{
    study_t s = fixture_text(text);
    core_t core = core_builtin();
    trajectory_request_t q = {&s, &core, {patient, 0, 0}, false, NULL};
    error_t e = {0};
    size_t size = 0;
    record_init(&l->r);
    record_reset(&l->r, q.key);
    l->stop = trajectory_run(&q, &l->r, &e);
    cr_assert_geq(l->stop, 0, "%s", e.text);
    cr_assert_eq(record_finish(&l->r, &e), 0, "%s", e.text);
    const uint8_t *frame = record_frame(&l->r, &size);
    cr_assert_eq(record_parse(frame, size, &l->r.layout, &l->v, &e), 0, "%s", e.text);
    study_free(&s);
}

static double at(const life_t *l, enum fields_id field, size_t row)
{
    return record_view_number(&l->v, &l->r.layout, field, row);
}

/* The row of the first event of a kind from row `from` on; fails where there is none. */
static size_t next(const life_t *l, int kind, size_t from)
{
    size_t row = from;
    while (row < l->v.count[TABLE_EVENTS] && (int)at(l, FIELD_EVENTS_KIND, row) != kind) {
        row++;
    }
    cr_assert_lt(row, l->v.count[TABLE_EVENTS], "no event %d", kind);
    return row;
}

static double sum(const life_t *l, enum fields_id field)
{
    double total = 0.0;
    for (size_t i = 0; i < l->v.count[TABLE_PUMPS]; i++) {
        total += at(l, field, i);
    }
    return total;
}

Test(life, a_battery_near_its_end_brings_another_pump_before_it_stops)
{
    life_t l;
    run(HEAD "clinic: {policy: titration}\n", 1, &l);
    const size_t pumps = l.v.count[TABLE_PUMPS];
    cr_assert_eq(l.stop, FIELDS_STOP_HORIZON);
    cr_assert_geq(pumps, 2);
    for (size_t i = 0; i < pumps; i++) {
        const bool last = i + 1 == pumps;
        cr_expect_eq(at(&l, FIELD_PUMPS_PUMP, i), (double)(i + 1));
        cr_expect_eq(at(&l, FIELD_PUMPS_END, i),
                     last ? FIELDS_REASON_HORIZON : FIELDS_REASON_BATTERY_LOW);
        if (!last) {
            cr_expect_eq(at(&l, FIELD_PUMPS_ENDED_MS, i), at(&l, FIELD_PUMPS_IMPLANTED_MS, i + 1));
            cr_expect_neq(at(&l, FIELD_PUMPS_SERIAL, i), at(&l, FIELD_PUMPS_SERIAL, i + 1));
            cr_expect_neq(at(&l, FIELD_PUMPS_UNIT_ERROR, i), at(&l, FIELD_PUMPS_UNIT_ERROR, i + 1),
                          "another unit");
        }
    }
    record_free(&l.r);
}

Test(life, the_clinic_books_operates_and_programmes_the_dose_again)
{
    life_t l;
    run(HEAD "clinic: {policy: titration, frame_loss: 0, reply_loss: 0}\n", 1, &l);
    const size_t booked = next(&l, FIELDS_EVENT_REPLACEMENT_BOOKED, 0);
    const size_t decided = next(&l, FIELDS_EVENT_DECIDED_REPLACEMENT, booked);
    const size_t out = next(&l, FIELDS_EVENT_EXPLANT, decided);
    const size_t in = next(&l, FIELDS_EVENT_REPLACEMENT, out);
    const size_t programmed = next(&l, FIELDS_EVENT_PROGRAMME, in);
    double before_ug = (double)NAN;
    for (size_t row = 0; row < out; row++) {
        if ((int)at(&l, FIELD_EVENTS_KIND, row) == FIELDS_EVENT_PROGRAMME) {
            before_ug = at(&l, FIELD_EVENTS_VALUE2, row);
        }
    }
    cr_expect_eq(at(&l, FIELD_EVENTS_REASON, out), FIELDS_REASON_BATTERY_LOW);
    cr_expect_eq(at(&l, FIELD_EVENTS_TIME_MS, out), at(&l, FIELD_EVENTS_TIME_MS, programmed));
    cr_expect_float_eq(at(&l, FIELD_EVENTS_VALUE2, programmed), before_ug, 1e-6 * before_ug);
    cr_expect_eq(at(&l, FIELD_OUTCOMES_ORDERS_FAILED, 0), 0.0);
    record_free(&l.r);
}

/* The catheter keeps its fluid and the new tubing is full: no day lacks its dose, none has one too many. */
Test(life, the_dose_goes_on_from_pump_to_pump)
{
    life_t l;
    run(HEAD "clinic: {policy: titration}\n", 1, &l);
    const double day = floor(at(&l, FIELD_PUMPS_ENDED_MS, 0) / 86400e3);
    double rate = at(&l, FIELD_OUTCOMES_DOSE_END, 0);
    int seen = 0;
    for (size_t row = 1; row < l.v.count[TABLE_DAILY]; row++) {
        if (fabs(at(&l, FIELD_DAILY_DAY, row) - day) <= 3.0) {
            const double ug = at(&l, FIELD_DAILY_DOSE_UG, row);
            cr_expect(ug > 0.75 * rate && ug < 1.3 * rate, "day %g: %g ug at %g ug/day",
                      at(&l, FIELD_DAILY_DAY, row), ug, rate);
            seen++;
        }
    }
    cr_expect_geq(seen, 6);
    record_free(&l.r);
}

Test(life, what_a_pump_took_with_it_is_in_the_ledger)
{
    life_t l;
    run(HEAD "clinic: {policy: titration}\n", 1, &l);
    const double explanted_ug = at(&l, FIELD_LEDGER_EXPLANTED_UG, 0);
    const size_t out = next(&l, FIELDS_EVENT_EXPLANT, 0);
    /* Reservoir with its residual, and the tubing. */
    cr_expect_geq(explanted_ug, 500.0 * (at(&l, FIELD_EVENTS_VALUE2, out) + 1.4 + 0.14) - 1e-6);
    cr_expect_lt(at(&l, FIELD_LEDGER_CLOSURE_ERROR, 0), 1e-10);
    cr_expect_lt(at(&l, FIELD_PATIENTS_WORST_LEDGER_ERROR, 0), 1e-10);
    cr_expect_float_eq(at(&l, FIELD_LEDGER_BELIEVED_GIVEN_UG, 0),
                       500.0 * at(&l, FIELD_PATIENTS_VOLUME_COMMANDED_ML, 0), 2.0);
    record_free(&l.r);
}

Test(life, lives_add_up_to_the_patients_own)
{
    life_t l;
    run(HEAD "clinic: {policy: titration}\n", 2, &l);
    cr_expect_float_eq(sum(&l, FIELD_PUMPS_VOLUME_DELIVERED_ML),
                       at(&l, FIELD_PATIENTS_VOLUME_DELIVERED_ML, 0), 1e-9);
    cr_expect_eq(sum(&l, FIELD_PUMPS_PULSES_COMMANDED), at(&l, FIELD_PATIENTS_PULSES_COMMANDED, 0));
    cr_expect_eq(sum(&l, FIELD_PUMPS_WAKES), at(&l, FIELD_PATIENTS_WAKES, 0));
    cr_expect_float_eq(sum(&l, FIELD_PUMPS_CHARGE_USED_MAH),
                       at(&l, FIELD_PATIENTS_BATTERY_CHARGE_USED_MAH, 0), 1e-9);
    cr_expect_eq(at(&l, FIELD_PATIENTS_PUMPS, 0), (double)l.v.count[TABLE_PUMPS]);
    record_free(&l.r);
}

Test(life, who_declines_ends_without_a_pump)
{
    life_t l;
    run(HEAD "clinic: {policy: titration, replace_share: 0}\n", 1, &l);
    cr_assert_eq(l.stop, FIELDS_STOP_EXPLANT);
    cr_expect_eq(l.v.count[TABLE_PUMPS], 1);
    cr_expect_eq(at(&l, FIELD_PUMPS_END, 0), FIELDS_REASON_DECLINED);
    cr_expect_eq(at(&l, FIELD_PATIENTS_STOP_REASON, 0), FIELDS_STOP_EXPLANT);
    cr_expect_lt(at(&l, FIELD_PATIENTS_STOP_TIME_MS, 0), 1200 * 86400e3);
    cr_expect_eq(at(&l, FIELD_PATIENTS_STOP_TIME_MS, 0), at(&l, FIELD_PUMPS_ENDED_MS, 0));
    cr_expect(isnan(at(&l, FIELD_PATIENTS_VOLUME_IN_RESERVOIR_ML, 0)));
    cr_expect_float_eq(at(&l, FIELD_LEDGER_RESERVOIR_UG, 0), 0.0, 0.0);
    cr_expect_gt(at(&l, FIELD_LEDGER_BELIEVED_GIVEN_UG, 0), 0.0);
    cr_expect_lt(at(&l, FIELD_LEDGER_CLOSURE_ERROR, 0), 1e-10);
    record_free(&l.r);
}

/* The second unit is drawn by its serial: whenever it comes, it is the same. */
Test(life, a_patients_second_pump_is_the_same_unit_in_every_arm)
{
    life_t early, late;
    run(HEAD "clinic: {policy: titration, replace_wait: 10 day}\n", 3, &early);
    run(HEAD "clinic: {policy: titration, replace_wait: 60 day}\n", 3, &late);
    cr_expect_lt(at(&early, FIELD_PUMPS_IMPLANTED_MS, 1), at(&late, FIELD_PUMPS_IMPLANTED_MS, 1));
    for (size_t i = 0; i < 2; i++) {
        cr_expect_eq(at(&early, FIELD_PUMPS_SERIAL, i), at(&late, FIELD_PUMPS_SERIAL, i));
        cr_expect_eq(at(&early, FIELD_PUMPS_UNIT_ERROR, i), at(&late, FIELD_PUMPS_UNIT_ERROR, i));
    }
    record_free(&early.r);
    record_free(&late.r);
}

Test(life, a_pump_without_a_clinic_is_one_censored_life)
{
    life_t l;
    run("study: {name: t, patients: 1, horizon: 6 day, seed: 7}\ncatheter: {tip: T10}\n"
        "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"
        "therapy: {mode: simple, dose: 300 ug/day}\n",
        1, &l);
    cr_assert_eq(l.v.count[TABLE_PUMPS], 1);
    cr_expect_eq(at(&l, FIELD_PUMPS_IMPLANTED_MS, 0), 0.0);
    cr_expect_eq(at(&l, FIELD_PUMPS_ENDED_MS, 0), 6 * 86400e3);
    cr_expect_eq(at(&l, FIELD_PUMPS_END, 0), FIELDS_REASON_HORIZON);
    record_free(&l.r);
}

#define ALONE                                                                                      \
    "study: {name: t, patients: 1, horizon: 200 day, seed: 7}\ncatheter: {tip: T10}\n"             \
    "drugs:\n  - {name: baclofen, concentration: 2000 ug/mL}\nbody: {model: none}\n"               \
    "therapy: {mode: simple, dose: 300 ug/day}\n"
#define DAY 86400e3

Test(life, a_rotor_that_stands_for_good_ends_a_pump_that_stays_in_place)
{
    life_t l;
    run(ALONE "events:\n  - {at: 50 day, order: fault, fault: motor_seized}\n", 1, &l);
    cr_assert_eq(l.v.count[TABLE_PUMPS], 1);
    cr_expect_eq(at(&l, FIELD_PUMPS_END, 0), FIELDS_REASON_STALL);
    const double ended_ms = at(&l, FIELD_PUMPS_ENDED_MS, 0);
    cr_expect(ended_ms > 49.0 * DAY && ended_ms <= 50.0 * DAY, "day %g", ended_ms / DAY);
    cr_expect_eq(at(&l, FIELD_PATIENTS_STOP_REASON, 0), FIELDS_STOP_HORIZON);
    cr_expect_eq(at(&l, FIELD_PATIENTS_STOP_TIME_MS, 0), 200 * DAY);
    record_free(&l.r);
}

Test(life, a_stall_that_ends_is_no_end_and_nor_is_one_of_the_last_day)
{
    life_t l;
    run(ALONE "events:\n  - {at: 50 day, order: fault, fault: motor_seized}\n"
              "  - {at: 90 day, order: fault, fault: motor_seized, severity: 0}\n"
              "  - {at: 199 day, order: fault, fault: motor_seized}\n",
        1, &l);
    cr_expect_eq(at(&l, FIELD_PUMPS_END, 0), FIELDS_REASON_HORIZON);
    cr_expect_eq(at(&l, FIELD_PUMPS_ENDED_MS, 0), 200 * DAY);
    record_free(&l.r);
}

Test(life, a_spent_cell_ends_a_pump_at_its_last_pulse)
{
    life_t l;
    run(ALONE "pump: {battery: {capacity: 60 mA.h}}\n", 1, &l);
    cr_expect_eq(at(&l, FIELD_PUMPS_END, 0), FIELDS_REASON_BATTERY_SPENT);
    const double ended_ms = at(&l, FIELD_PUMPS_ENDED_MS, 0);
    cr_expect(ended_ms > 80.0 * DAY && ended_ms < 199.0 * DAY, "day %g", ended_ms / DAY);
    /* Nothing flowed from then on. */
    for (size_t row = 0; row < l.v.count[TABLE_DAILY]; row++) {
        if (at(&l, FIELD_DAILY_DAY, row) > ended_ms / DAY + 2.0) {
            cr_expect_eq(at(&l, FIELD_DAILY_VOLUME_DELIVERED_ML, row), 0.0);
        }
    }
    record_free(&l.r);
}

/* Telemetry that finds out how a pump ended takes charge; the row's is that of the patient's all the same. */
Test(life, the_charge_of_a_pump_that_ended_by_itself_is_the_patients)
{
    life_t l;
    run(ALONE "pump: {battery: {capacity: 60 mA.h}}\n", 1, &l);
    cr_expect_eq(at(&l, FIELD_PUMPS_CHARGE_USED_MAH, 0),
                 at(&l, FIELD_PATIENTS_BATTERY_CHARGE_USED_MAH, 0));
    record_free(&l.r);
}

Test(life, an_empty_reservoir_is_no_end)
{
    life_t l;
    run(ALONE "pump: {fill: 5 mL}\n", 1, &l);
    cr_expect_eq(at(&l, FIELD_PUMPS_END, 0), FIELDS_REASON_HORIZON);
    record_free(&l.r);
}
