/* SPDX-License-Identifier: Apache-2.0 */
/* Verifying a dataset: a sound one passes, and each kind of fault is named. */
#include "tests/sim/dataset/sound.h"

#include "dataset/verify.h"

#include <criterion/criterion.h>
#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Test(verify, a_sound_dataset_has_no_problem)
{
    char path[256];
    const provenance_t p = sound_provenance();
    fixture_path(path, sizeof path, "a.h5");
    sound_make(path, &sound_none, &p);
    const sound_said_t said = sound_verify(path);
    cr_assert_eq(said.count, 0, "%s", said.text);
}

Test(verify, a_value_outside_its_range_is_named)
{
    const sound_fault_t fault = {FIELD_PATIENTS_BASELINE_TONE, 0, 5.5};
    sound_expect_one(&fault,
                     "patients/baseline_tone: 1 of 3 values outside 0 to 5, first 5.5 in row 1");
}

Test(verify, a_value_below_its_range_is_named)
{
    const sound_fault_t fault = {FIELD_DAILY_RESERVOIR_ML, 1, -0.5};
    sound_expect_one(&fault,
                     "daily/reservoir_ml: 1 of 6 values outside 0 to inf, first -0.5 in row 3");
}

Test(verify, no_value_at_all_is_sound_in_a_float)
{
    char path[256];
    const provenance_t p = sound_provenance();
    const sound_fault_t missing = {FIELD_REFILLS_EXPECTED_ML, 0, (double)NAN};
    fixture_path(path, sizeof path, "a.h5");
    sound_make(path, &missing, &p);
    cr_assert_eq(sound_verify(path).count, 0);
}

Test(verify, a_time_that_falls_within_a_record_is_named)
{
    const sound_fault_t fault = {FIELD_REFILLS_TIME_MS, 0, 7.0};
    sound_expect_one(&fault, "refills/time_ms: falls from 7 to 0 within a record, at row 3");
}

Test(verify, a_stored_closure_error_above_the_bound_is_named)
{
    const sound_fault_t fault = {FIELD_LEDGER_CLOSURE_ERROR, 1, 2e-9};
    sound_expect_one(&fault,
                     "ledger/closure_error: 1 of 6 rows do not close within 1e-09, first 2e-09");
}

Test(verify, a_ledger_that_does_not_add_up_is_found_whatever_it_says_of_itself)
{
    const sound_fault_t fault = {FIELD_LEDGER_CSF_UG, 0, 1e-5};
    sound_expect_one(&fault, "ledger, recomputed: 1 of 6 rows do not close");
}

Test(verify, a_ledger_that_is_no_number_does_not_pass)
{
    const sound_fault_t fault = {FIELD_LEDGER_PLASMA_UG, 0, (double)NAN};
    sound_expect_one(&fault, "ledger, recomputed: 1 of 6 rows do not close");
}

Test(verify, the_worst_error_along_a_run_is_bounded_too)
{
    const sound_fault_t fault = {FIELD_PATIENTS_WORST_LEDGER_ERROR, 0, 1e-8};
    sound_expect_one(&fault, "patients/worst_ledger_error: 1 of 3 rows do not close");
}

Test(verify, a_drug_without_a_name_is_named)
{
    const sound_fault_t fault = {FIELD_LEDGER_DRUG, 0, 4.0};
    sound_expect_one(&fault, "ledger/drug: row 2 is of drug 4, and the study names 2");
}

/* Each is inside its range, and not what patients, events, refills and daily say. */
Test(verify, an_outcome_that_the_other_tables_do_not_bear_out_is_named)
{
    static const sound_fault_t fault[] = {
        {FIELD_OUTCOMES_PATIENT, 0, 3.0},
        {FIELD_OUTCOMES_REPLICATE, 0, 1.0},
        {FIELD_OUTCOMES_RESPONDED, 0, 1.0},
        {FIELD_OUTCOMES_DOSE_END, 0, 90.0},
        {FIELD_OUTCOMES_ASHWORTH_BEFORE, 0, 2.0},
        {FIELD_OUTCOMES_ASHWORTH_AFTER, 0, 3.0},
        {FIELD_OUTCOMES_REFILLS, 0, 3.0},
        {FIELD_OUTCOMES_REFILL_INTERVAL, 0, 0.251},
        {FIELD_OUTCOMES_DRY, 0, 1.0},
        {FIELD_OUTCOMES_MISSED, 0, 1.0},
        {FIELD_OUTCOMES_CALLS, 0, 2.0},
        {FIELD_OUTCOMES_ORDERS_FAILED, 0, 1.0},
    };
    for (size_t i = 0; i < sizeof fault / sizeof fault[0]; i++) {
        char words[128];
        (void)snprintf(words, sizeof words, "outcomes/%s: 1 values are not what the other tables",
                       fields_get(fault[i].field)->name);
        sound_expect_one(&fault[i], words);
    }
}

/* Each is inside its range, and makes lives that cannot be. */
Test(verify, lives_of_pumps_that_cannot_be_are_named)
{
    static const struct {
        sound_fault_t fault;
        const char *words;
    } row[] = {
        {{FIELD_PUMPS_PATIENT, 0, 3.0}, "a row is another patient's"},
        {{FIELD_PUMPS_PUMP, 0, 2.0}, "lives do not follow"},
        {{FIELD_PUMPS_END, 0, FIELDS_REASON_AGE}, "lives do not follow"},
        {{FIELD_PUMPS_IMPLANTED_MS, 0, 5.0}, "lives do not follow"},
        {{FIELD_PUMPS_ENDED_MS, 0, 5.0}, "lives do not follow"},
        {{FIELD_PATIENTS_STOP_TIME_MS, 0, 7.0}, "lives do not follow"},
        {{FIELD_PATIENTS_STOP_REASON, 0, FIELDS_STOP_EXPLANT}, "lives do not follow"},
        {{FIELD_PATIENTS_STOP_REASON, 0, FIELDS_STOP_DEATH}, "lives do not follow"},
        {{FIELD_PUMPS_END, 0, FIELDS_REASON_DIED}, "lives do not follow"},
        {{FIELD_PATIENTS_PUMPS, 0, 2.0}, "counts another number"},
        {{FIELD_PUMPS_VOLUME_DELIVERED_ML, 0, 0.126}, "do not add up"},
        {{FIELD_PUMPS_CHARGE_USED_MAH, 0, 0.124}, "do not add up"},
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        sound_expect_one(&row[i].fault, "pumps: 1 records are not sound, first record 1");
        sound_expect_one(&row[i].fault, row[i].words);
    }
}

/* A pump in place at the end was left there by the horizon or by death; one that an explant sound_ended was taken out for a reason. */
Test(verify, a_pump_ends_as_its_patient_does)
{
    static const struct {
        int stop, end, sound;
    } row[] = {
        {FIELDS_STOP_HORIZON, FIELDS_REASON_HORIZON, 1},
        {FIELDS_STOP_HORIZON, FIELDS_REASON_DIED, 0},
        {FIELDS_STOP_HORIZON, FIELDS_REASON_AGE, 0},
        {FIELDS_STOP_HORIZON, FIELDS_REASON_STALL, 1},
        {FIELDS_STOP_DEATH, FIELDS_REASON_HORIZON, 0},
        {FIELDS_STOP_DEATH, FIELDS_REASON_DIED, 1},
        {FIELDS_STOP_DEATH, FIELDS_REASON_AGE, 0},
        {FIELDS_STOP_DEATH, FIELDS_REASON_STALL, 1},
        {FIELDS_STOP_EXPLANT, FIELDS_REASON_HORIZON, 0},
        {FIELDS_STOP_EXPLANT, FIELDS_REASON_DIED, 0},
        {FIELDS_STOP_EXPLANT, FIELDS_REASON_AGE, 1},
        {FIELDS_STOP_EXPLANT, FIELDS_REASON_STALL, 1},
    };
    char path[256];
    const provenance_t p = sound_provenance();
    fixture_path(path, sizeof path, "a.h5");
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        sound_stopped = row[i].stop;
        sound_ended = row[i].end;
        sound_make(path, &sound_none, &p);
        const sound_said_t said = sound_verify(path);
        cr_expect_eq(said.count, row[i].sound ? 0 : 1, "stop %d, end %d: %s", sound_stopped,
                     sound_ended, said.text);
    }
}

Test(verify, an_outcome_of_a_pump_that_nobody_has_is_named)
{
    char path[256];
    const provenance_t p = sound_provenance();
    const sound_fault_t fault = {FIELD_OUTCOMES_IMPLANTED, 0, 0.0};
    fixture_path(path, sizeof path, "a.h5");
    sound_make(path, &fault, &p);
    const sound_said_t said = sound_verify(path);
    cr_assert_not_null(strstr(said.text, "outcomes/refills: 1 values"), "%s", said.text);
    cr_assert_not_null(strstr(said.text, "outcomes/ashworth_after: 1 values"), "%s", said.text);
}

/* An event that counts, and an outcome that does not know of it. */
Test(verify, an_event_that_no_outcome_counts_is_named)
{
    const sound_fault_t call = {FIELD_EVENTS_KIND, 1, FIELDS_EVENT_CALL};
    const sound_fault_t failed = {FIELD_EVENTS_KIND, 0, FIELDS_EVENT_ORDER_FAILED};
    sound_expect_one(&call,
                     "outcomes/calls: 1 values are not what the other tables say, first 0, and 1");
    sound_expect_one(&failed, "outcomes/orders_failed: 1 values");
}

Test(verify, a_missing_row_of_outcomes_is_named)
{
    char path[256];
    provenance_t p = sound_provenance();
    writer_t *w = NULL;
    record_t r;
    record_view_t view;
    size_t size = 0;
    error_t e = {0};
    p.patients = 1;
    record_init(&r);
    fixture_path(path, sizeof path, "a.h5");
    cr_assert_eq(writer_create(&w, path, &p, &(writer_options_t){0, 1}, &e), 0, "%s", e.text);
    sound_build(&r, 1, &sound_none);
    const uint8_t *frame = record_frame(&r, &size);
    cr_assert_eq(record_parse(frame, size, &r.layout, &view, &e), 0, "%s", e.text);
    view.count[TABLE_OUTCOMES] = 0;
    cr_assert_eq(writer_append(w, &view, &e), 0, "%s", e.text);
    cr_assert_eq(writer_commit(&w, &e), 0, "%s", e.text);
    record_free(&r);
    const sound_said_t said = sound_verify(path);
    cr_assert_eq(said.count, 1, "%s", said.text);
    cr_assert_not_null(strstr(said.text, "outcomes: not one row for each of 1 records, from 0 on"));
}

Test(verify, a_missing_patient_is_missed)
{
    char path[256];
    provenance_t p = sound_provenance();
    p.patients = 4;
    fixture_path(path, sizeof path, "a.h5");
    sound_make(path, &sound_none, &p);
    const sound_said_t said = sound_verify(path);
    cr_assert_eq(said.count, 1, "%s", said.text);
    cr_assert_not_null(strstr(said.text, "3 records; the study has 4 patients in 1 arms"), "%s",
                       said.text);
}

Test(verify, two_arms_of_one_name_are_named)
{
    char path[256];
    provenance_t p = sound_provenance();
    p.arms = (provenance_names_t){2, {"same", "same"}};
    fixture_path(path, sizeof path, "a.h5");
    sound_make(path, &sound_none, &p);
    cr_assert_not_null(
        strstr(sound_verify(path).text, "arms: row 1 is number 1 with the name 'same'"));
}

Test(verify, every_absent_part_of_the_provenance_is_named)
{
    char path[256];
    provenance_t p = sound_provenance();
    p.core_id = "";
    p.config = NULL;
    fixture_path(path, sizeof path, "a.h5");
    sound_make(path, &sound_none, &p);
    const sound_said_t said = sound_verify(path);
    cr_assert_eq(said.count, 2, "%s", said.text);
    cr_assert_not_null(strstr(said.text, "core_id is missing"), "%s", said.text);
    cr_assert_not_null(strstr(said.text, "config is missing"), "%s", said.text);
}

Test(verify, each_fault_of_the_index_is_named)
{
    static const struct {
        const char *column;
        hsize_t row;
        int64_t value;
        const char *words;
    } fault[] = {
        {"/index/events_offset", 1, 3, "index/events: record 1 has 2 rows from 3"},
        {"/index/daily_count", 2, 1, "index/daily: covers 5 of 6 rows"},
        {"/index/patient", 1, 1, "record 1 (patient 1, arm 0, replicate 0) does not come after"},
        {"/index/arm", 2, 1,
         "record 2 is patient 3 of arm 1, replicate 0; the study has 3 patients in 1 arms"},
        {"/index/replicate", 2, 1, "index/replicate: record 2 is 1, and 0 in patients"},
    };
    char path[256];
    const provenance_t p = sound_provenance();
    fixture_path(path, sizeof path, "a.h5");
    for (size_t i = 0; i < sizeof fault / sizeof fault[0]; i++) {
        sound_make(path, &sound_none, &p);
        sound_disturb(path, fault[i].column, fault[i].row, fault[i].value);
        const sound_said_t said = sound_verify(path);
        cr_assert_geq(said.count, 1, "%s", fault[i].column);
        cr_assert_not_null(strstr(said.text, fault[i].words), "no \"%s\" in: %s", fault[i].words,
                           said.text);
    }
}

Test(verify, a_level_of_the_canal_out_of_order_is_named)
{
    const sound_fault_t fault = {FIELD_CANAL_LEVEL, 3, 5.0};
    sound_expect_one(&fault, "canal: record 1: a sample does not have each level once, in order");
}

Test(verify, samples_of_the_canal_on_one_day_are_named)
{
    const sound_fault_t fault = {FIELD_CANAL_DAY, SOUND_LEVELS, 0.0};
    sound_expect_one(&fault, "canal: record 1: days do not rise from sample to sample");
}

Test(verify, a_sample_of_the_canal_without_a_daily_row_is_named)
{
    const sound_fault_t fault = {FIELD_CANAL_DAY, SOUND_LEVELS, 7.0};
    sound_expect_one(&fault,
                     "canal: record 1: a sample is of a day that the daily series does not have");
}

Test(verify, a_concentration_along_the_canal_below_0_is_named)
{
    const sound_fault_t fault = {FIELD_CANAL_NG_PER_ML, 30, -0.5};
    sound_expect_one(&fault,
                     "canal/ng_per_ml: 1 of 156 values outside 0 to inf, first -0.5 in row 82");
}

Test(verify, a_voltage_that_no_cell_has_is_named)
{
    const sound_fault_t fault = {FIELD_DAILY_LOADED_V, 0, 11.0};
    sound_expect_one(&fault, "daily/loaded_v: 1 of 6 values outside 0 to 10, first 11 in row 2");
}
