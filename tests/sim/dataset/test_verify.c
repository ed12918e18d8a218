/* SPDX-License-Identifier: Apache-2.0 */
/* Verifying a dataset: a sound one passes, and each kind of fault is named; hashes move with values alone. */
#include "tests/sim/dataset/fixture.h"

#include "dataset/verify.h"

#include <criterion/criterion.h>
#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENTS 3
#define ROWS 2
#define LEVELS 26 /* rows of a sample of the canal; there are ROWS of these, a day apart */

/* One value that is not what it should be: the field, in row `row` of patient 2; a day of the canal in that row's whole sample. */
typedef struct fault_t {
    enum fields_id field;
    size_t row;
    double value;
} fault_t;

/* How every trajectory ended, and the one pump of each. */
static int stopped = FIELDS_STOP_HORIZON, ended = FIELDS_REASON_HORIZON;

static const fault_t none = {FIELD_COUNT, 0, 0.0};

/* What the other tables make of a patient with a pump: ROWS refills, no events that an outcome counts. */
static double sound_outcome(enum fields_id field, int64_t patient)
{
    static const enum fields_id none_at_all[] = {
        FIELD_OUTCOMES_ARM,          FIELD_OUTCOMES_REPLICATE, FIELD_OUTCOMES_DRY,
        FIELD_OUTCOMES_DRY_DAYS,     FIELD_OUTCOMES_MISSED,    FIELD_OUTCOMES_CALLS,
        FIELD_OUTCOMES_ORDERS_FAILED};
    for (size_t i = 0; i < sizeof none_at_all / sizeof none_at_all[0]; i++) {
        if (field == none_at_all[i]) {
            return 0.0;
        }
    }
    return field == FIELD_OUTCOMES_PATIENT           ? (double)patient
           : field == FIELD_OUTCOMES_REFILLS         ? (double)ROWS
           : field == FIELD_OUTCOMES_REFILL_INTERVAL ? 0.25
           : field == FIELD_OUTCOMES_ASHWORTH_BEFORE || field == FIELD_OUTCOMES_ASHWORTH_AFTER
               ? 1.125
               : (double)NAN;
}

/* The one pump of a patient, there until the end: its sums are those of the patient. */
static double sound_pump(enum fields_id field, int64_t patient)
{
    return field == FIELD_PUMPS_PATIENT                                 ? (double)patient
           : field == FIELD_PUMPS_ARM || field == FIELD_PUMPS_REPLICATE ? 0.0
           : field == FIELD_PUMPS_PUMP || field == FIELD_PUMPS_SERIAL   ? 1.0
           : field == FIELD_PUMPS_END                                   ? (double)ended
           : fields_is_real(fields_get(field)->type) && fields_get(field)->low >= 0.0 ? 0.125
                                                                                      : 0.0;
}

/* A value that is right for any field: inside its range, and rising along the rows. */
static double sound(enum fields_id field, int64_t patient, size_t row)
{
    const fields_t *f = fields_get(field);
    if (field == FIELD_PATIENTS_PATIENT) {
        return (double)patient;
    }
    if (f->table == TABLE_OUTCOMES) {
        return sound_outcome(field, patient);
    }
    if (f->table == TABLE_PUMPS) {
        return sound_pump(field, patient);
    }
    if (field == FIELD_CANAL_DAY || field == FIELD_CANAL_LEVEL) {
        return (double)(field == FIELD_CANAL_DAY ? row / LEVELS : row % LEVELS);
    }
    if (field == FIELD_DAILY_DAY) {
        return (double)row;
    }
    if (field == FIELD_PATIENTS_PUMPS) {
        return 1.0;
    }
    if (field == FIELD_PATIENTS_STOP_REASON) {
        return (double)stopped;
    }
    if (field == FIELD_LEDGER_DRUG) {
        return (double)row;
    }
    if (field == FIELD_LEDGER_FROM_VIALS_UG || field == FIELD_LEDGER_RESERVOIR_UG) {
        return 1000.0 + (double)patient;
    }
    if (f->table == TABLE_LEDGER || field == FIELD_PATIENTS_WORST_LEDGER_ERROR ||
        field == FIELD_PATIENTS_ARM || field == FIELD_PATIENTS_REPLICATE) {
        return 0.0;
    }
    if (fields_choices(f->type) > 0) {
        int first = 0;
        cr_assert_not_null(fields_choice(f->type, 0, &first));
        return first;
    }
    const double low = isinf(f->low) ? 0.0 : f->low;
    return fmin(low + 0.25 * (double)row + (fields_is_real(f->type) ? 0.125 : 0.0), f->high);
}

static void put(record_t *r, enum fields_id field, double value)
{
    if (fields_is_real(fields_get(field)->type)) {
        record_put_f64(r, field, value);
    } else {
        record_put_i64(r, field, (int64_t)value);
    }
}

static size_t rows_of(enum fields_table table)
{
    const int single = table == TABLE_PATIENTS || table == TABLE_OUTCOMES || table == TABLE_PUMPS;
    return single ? 1 : table == TABLE_CANAL ? (size_t)ROWS * LEVELS : ROWS;
}

static int is_here(const fault_t *fault, enum fields_id field, size_t row)
{
    return field == fault->field &&
           (field == FIELD_CANAL_DAY ? row / LEVELS == fault->row / LEVELS : row == fault->row);
}

static void build(record_t *r, int64_t patient, const fault_t *fault)
{
    error_t e = {0};
    record_reset(r, (record_key_t){patient, 0, 0});
    for (int t = 0; t < TABLE_COUNT; t++) {
        const enum fields_table table = (enum fields_table)t;
        const size_t rows = rows_of(table);
        for (size_t row = 0; fields_table(table)->kind == FIELDS_KIND_COHORT && row < rows; row++) {
            record_row(r, table);
            for (int f = 0; f < FIELD_COUNT; f++) {
                const enum fields_id field = (enum fields_id)f;
                const int here = patient == 2 && is_here(fault, field, row);
                if (fields_get(field)->table == table) {
                    put(r, field, here ? fault->value : sound(field, patient, row));
                }
            }
        }
    }
    cr_assert_eq(record_finish(r, &e), 0, "%s", e.text);
}

static void make(const char *path, const fault_t *fault, const provenance_t *p)
{
    writer_t *w = NULL;
    record_t r;
    error_t e = {0};
    record_init(&r);
    cr_assert_eq(writer_create(&w, path, p, &(writer_options_t){0, 1}, &e), 0, "%s", e.text);
    for (int64_t patient = 1; patient <= PATIENTS; patient++) {
        size_t size = 0;
        record_view_t view;
        build(&r, patient, fault);
        const uint8_t *frame = record_frame(&r, &size);
        cr_assert_eq(record_parse(frame, size, &r.layout, &view, &e), 0, "%s", e.text);
        cr_assert_eq(writer_append(w, &view, &e), 0, "%s", e.text);
    }
    cr_assert_eq(writer_commit(&w, &e), 0, "%s", e.text);
    record_free(&r);
}

static provenance_t three_patients(void)
{
    provenance_t p;
    fixture_provenance(&p);
    p.patients = PATIENTS;
    return p;
}

typedef struct said_t {
    int count;
    char text[4096];
} said_t;

static void collect(void *context, const char *text)
{
    said_t *said = context;
    const size_t used = strlen(said->text);
    said->count++;
    (void)snprintf(said->text + used, sizeof said->text - used, "%s\n", text);
}

static said_t verify(const char *path)
{
    said_t said = {0};
    const verify_sink_t sink = {collect, &said};
    reader_t *r = NULL;
    error_t e = {0};
    cr_assert_eq(reader_open(&r, path, &e), 0, "%s", e.text);
    cr_assert_eq(verify_dataset(r, &sink, &e), said.count, "%s", e.text);
    reader_close(&r);
    return said;
}

static void expect_one(const fault_t *fault, const char *words)
{
    char path[256];
    const provenance_t p = three_patients();
    fixture_path(path, sizeof path, "a.h5");
    make(path, fault, &p);
    const said_t said = verify(path);
    cr_assert_eq(said.count, 1, "%d problems:\n%s", said.count, said.text);
    cr_assert_not_null(strstr(said.text, words), "no \"%s\" in: %s", words, said.text);
}

Test(verify, a_sound_dataset_has_no_problem)
{
    char path[256];
    const provenance_t p = three_patients();
    fixture_path(path, sizeof path, "a.h5");
    make(path, &none, &p);
    const said_t said = verify(path);
    cr_assert_eq(said.count, 0, "%s", said.text);
}

Test(verify, a_value_outside_its_range_is_named)
{
    const fault_t fault = {FIELD_PATIENTS_BASELINE_TONE, 0, 5.5};
    expect_one(&fault, "patients/baseline_tone: 1 of 3 values outside 0 to 5, first 5.5 in row 1");
}

Test(verify, a_value_below_its_range_is_named)
{
    const fault_t fault = {FIELD_DAILY_RESERVOIR_ML, 1, -0.5};
    expect_one(&fault, "daily/reservoir_ml: 1 of 6 values outside 0 to inf, first -0.5 in row 3");
}

Test(verify, no_value_at_all_is_sound_in_a_float)
{
    char path[256];
    const provenance_t p = three_patients();
    const fault_t missing = {FIELD_REFILLS_EXPECTED_ML, 0, (double)NAN};
    fixture_path(path, sizeof path, "a.h5");
    make(path, &missing, &p);
    cr_assert_eq(verify(path).count, 0);
}

Test(verify, a_time_that_falls_within_a_record_is_named)
{
    const fault_t fault = {FIELD_REFILLS_TIME_MS, 0, 7.0};
    expect_one(&fault, "refills/time_ms: falls from 7 to 0 within a record, at row 3");
}

Test(verify, a_stored_closure_error_above_the_bound_is_named)
{
    const fault_t fault = {FIELD_LEDGER_CLOSURE_ERROR, 1, 2e-9};
    expect_one(&fault, "ledger/closure_error: 1 of 6 rows do not close within 1e-09, first 2e-09");
}

Test(verify, a_ledger_that_does_not_add_up_is_found_whatever_it_says_of_itself)
{
    const fault_t fault = {FIELD_LEDGER_CSF_UG, 0, 1e-5};
    expect_one(&fault, "ledger, recomputed: 1 of 6 rows do not close");
}

Test(verify, a_ledger_that_is_no_number_does_not_pass)
{
    const fault_t fault = {FIELD_LEDGER_PLASMA_UG, 0, (double)NAN};
    expect_one(&fault, "ledger, recomputed: 1 of 6 rows do not close");
}

Test(verify, the_worst_error_along_a_run_is_bounded_too)
{
    const fault_t fault = {FIELD_PATIENTS_WORST_LEDGER_ERROR, 0, 1e-8};
    expect_one(&fault, "patients/worst_ledger_error: 1 of 3 rows do not close");
}

Test(verify, a_drug_without_a_name_is_named)
{
    const fault_t fault = {FIELD_LEDGER_DRUG, 0, 4.0};
    expect_one(&fault, "ledger/drug: row 2 is of drug 4, and the study names 2");
}

/* Each is inside its range, and not what patients, events, refills and daily say. */
Test(verify, an_outcome_that_the_other_tables_do_not_bear_out_is_named)
{
    static const fault_t fault[] = {
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
        expect_one(&fault[i], words);
    }
}

/* Each is inside its range, and makes lives that cannot be. */
Test(verify, lives_of_pumps_that_cannot_be_are_named)
{
    static const struct {
        fault_t fault;
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
        expect_one(&row[i].fault, "pumps: 1 records are not sound, first record 1");
        expect_one(&row[i].fault, row[i].words);
    }
}

/* A pump in place at the end was left there by the horizon or by death; one that an explant ended was taken out for a reason. */
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
    const provenance_t p = three_patients();
    fixture_path(path, sizeof path, "a.h5");
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        stopped = row[i].stop;
        ended = row[i].end;
        make(path, &none, &p);
        const said_t said = verify(path);
        cr_expect_eq(said.count, row[i].sound ? 0 : 1, "stop %d, end %d: %s", stopped, ended,
                     said.text);
    }
}

Test(verify, an_outcome_of_a_pump_that_nobody_has_is_named)
{
    char path[256];
    const provenance_t p = three_patients();
    const fault_t fault = {FIELD_OUTCOMES_IMPLANTED, 0, 0.0};
    fixture_path(path, sizeof path, "a.h5");
    make(path, &fault, &p);
    const said_t said = verify(path);
    cr_assert_not_null(strstr(said.text, "outcomes/refills: 1 values"), "%s", said.text);
    cr_assert_not_null(strstr(said.text, "outcomes/ashworth_after: 1 values"), "%s", said.text);
}

/* An event that counts, and an outcome that does not know of it. */
Test(verify, an_event_that_no_outcome_counts_is_named)
{
    const fault_t call = {FIELD_EVENTS_KIND, 1, FIELDS_EVENT_CALL};
    const fault_t failed = {FIELD_EVENTS_KIND, 0, FIELDS_EVENT_ORDER_FAILED};
    expect_one(&call, "outcomes/calls: 1 values are not what the other tables say, first 0, and 1");
    expect_one(&failed, "outcomes/orders_failed: 1 values");
}

Test(verify, a_missing_row_of_outcomes_is_named)
{
    char path[256];
    provenance_t p = three_patients();
    writer_t *w = NULL;
    record_t r;
    record_view_t view;
    size_t size = 0;
    error_t e = {0};
    p.patients = 1;
    record_init(&r);
    fixture_path(path, sizeof path, "a.h5");
    cr_assert_eq(writer_create(&w, path, &p, &(writer_options_t){0, 1}, &e), 0, "%s", e.text);
    build(&r, 1, &none);
    const uint8_t *frame = record_frame(&r, &size);
    cr_assert_eq(record_parse(frame, size, &r.layout, &view, &e), 0, "%s", e.text);
    view.count[TABLE_OUTCOMES] = 0;
    cr_assert_eq(writer_append(w, &view, &e), 0, "%s", e.text);
    cr_assert_eq(writer_commit(&w, &e), 0, "%s", e.text);
    record_free(&r);
    const said_t said = verify(path);
    cr_assert_eq(said.count, 1, "%s", said.text);
    cr_assert_not_null(strstr(said.text, "outcomes: not one row for each of 1 records, from 0 on"));
}

Test(verify, a_missing_patient_is_missed)
{
    char path[256];
    provenance_t p = three_patients();
    p.patients = 4;
    fixture_path(path, sizeof path, "a.h5");
    make(path, &none, &p);
    const said_t said = verify(path);
    cr_assert_eq(said.count, 1, "%s", said.text);
    cr_assert_not_null(strstr(said.text, "3 records; the study has 4 patients in 1 arms"), "%s",
                       said.text);
}

Test(verify, two_arms_of_one_name_are_named)
{
    char path[256];
    provenance_t p = three_patients();
    p.arms = (provenance_names_t){2, {"same", "same"}};
    fixture_path(path, sizeof path, "a.h5");
    make(path, &none, &p);
    cr_assert_not_null(strstr(verify(path).text, "arms: row 1 is number 1 with the name 'same'"));
}

Test(verify, every_absent_part_of_the_provenance_is_named)
{
    char path[256];
    provenance_t p = three_patients();
    p.core_id = "";
    p.config = NULL;
    fixture_path(path, sizeof path, "a.h5");
    make(path, &none, &p);
    const said_t said = verify(path);
    cr_assert_eq(said.count, 2, "%s", said.text);
    cr_assert_not_null(strstr(said.text, "core_id is missing"), "%s", said.text);
    cr_assert_not_null(strstr(said.text, "config is missing"), "%s", said.text);
}

/* Overwrites one number of a column of whole numbers in place. */
static void disturb(const char *path, const char *column, hsize_t row, int64_t value)
{
    const hsize_t one = 1;
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t dataset = H5Dopen2(file, column, H5P_DEFAULT);
    const hid_t space = H5Dget_space(dataset), memory = H5Screate_simple(1, &one, NULL);
    cr_assert_geq(H5Sselect_hyperslab(space, H5S_SELECT_SET, &row, NULL, &one, NULL), 0);
    cr_assert_geq(H5Dwrite(dataset, H5T_NATIVE_INT64, memory, space, H5P_DEFAULT, &value), 0);
    (void)H5Sclose(memory);
    (void)H5Sclose(space);
    (void)H5Dclose(dataset);
    (void)H5Fclose(file);
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
    const provenance_t p = three_patients();
    fixture_path(path, sizeof path, "a.h5");
    for (size_t i = 0; i < sizeof fault / sizeof fault[0]; i++) {
        make(path, &none, &p);
        disturb(path, fault[i].column, fault[i].row, fault[i].value);
        const said_t said = verify(path);
        cr_assert_geq(said.count, 1, "%s", fault[i].column);
        cr_assert_not_null(strstr(said.text, fault[i].words), "no \"%s\" in: %s", fault[i].words,
                           said.text);
    }
}

/* ---- draws ---- */

#define PARAMETERS 2

/* What is known of two parameters, and a draw beside their central values. */
typedef struct drawn_t {
    const char *key, *unit, *shape; /* of the second */
    provenance_range_t range;       /* of the second */
    double value[2 * PARAMETERS];
} drawn_t;

static const drawn_t sound_draw = {
    "b", "mL", "uniform", {1.0, 2.0, 0.5, 3.0}, {5.0, 2.5, -9.0, 1.5}};

/* Three patients in each of two replicates, each after the other. */
static said_t verify_drawn(const drawn_t *d, size_t replicates, const char *column, hsize_t row)
{
    char path[256];
    const provenance_range_t range[PARAMETERS] = {{-1.0, 1.0, -9.0, 9.0}, d->range};
    provenance_t p = three_patients();
    p.draws = (provenance_draws_t){.key = {PARAMETERS, {"a", d->key}},
                                   .unit = {PARAMETERS, {"1", d->unit}},
                                   .shape = {PARAMETERS, {"normal", d->shape}},
                                   .range = range,
                                   .replicates = replicates,
                                   .value = d->value};
    fixture_path(path, sizeof path, "a.h5");
    make(path, &none, &p);
    if (column != NULL) {
        disturb(path, column, row, 7);
    }
    return verify(path);
}

static void expect_drawn(drawn_t d, const char *words)
{
    const said_t said = verify_drawn(&d, 1, NULL, 0);
    cr_expect_not_null(strstr(said.text, words), "no \"%s\" in: %s", words, said.text);
}

/* A central value may lie outside of the range of the draws. */
Test(verify, draws_that_are_sound_pass)
{
    const said_t said = verify_drawn(&sound_draw, 0, NULL, 0);
    cr_expect_eq(said.count, 0, "%s", said.text);
}

Test(verify, replicates_without_their_patients_are_named)
{
    const said_t said = verify_drawn(&sound_draw, 1, NULL, 0);
    cr_expect_eq(said.count, 1, "%s", said.text);
    cr_expect_not_null(strstr(said.text, "index: 3 records; the study has 3 patients in 1 arms and "
                                         "2 replicates"),
                       "%s", said.text);
}

Test(verify, each_fault_of_the_draws_is_named)
{
    drawn_t d = sound_draw;
    d.value[3] = 2.25;
    expect_drawn(d, "draws/value: 1 of 2 values of b are out of bounds, first 2.25 of replicate 1");
    d = sound_draw;
    d.shape = "normal";
    d.value[3] = 3.25;
    expect_drawn(d, "draws/value: 1 of 2 values of b are out of bounds, first 3.25 of replicate 1");
    d = sound_draw;
    d.value[2] = (double)NAN;
    expect_drawn(d, "draws/value: 1 of 2 values of a are out of bounds, first nan");
    d = sound_draw;
    d.value[1] = 3.5;
    expect_drawn(d, "draws/value: 1 of 2 values of b are out of bounds, first 3.5 of replicate 0");
    d = sound_draw;
    d.key = "a";
    expect_drawn(d, "uncertain/key: rows 0 and 1 are both 'a'");
    d = sound_draw;
    d.unit = "";
    expect_drawn(d, "uncertain: row 1 is 'b' in ''");
    d = sound_draw;
    d.shape = "beta";
    expect_drawn(d, "uncertain: row 1 is 'b' in 'mL', drawn 'beta'");
    d = sound_draw;
    d.range.high = 3.5;
    expect_drawn(d, "uncertain: row 1, b, goes from 1 to 3.5 within 0.5 to 3");
    d = sound_draw;
    d.range.low = d.range.high;
    expect_drawn(d, "uncertain: row 1, b, goes from 2 to 2");
}

Test(verify, draws_that_are_not_numbered_in_order_are_named)
{
    static const struct {
        const char *column, *words;
    } fault[] = {
        {"/uncertain/parameter", "uncertain/parameter: row 1 is 7, and 1 is due"},
        {"/draws/replicate", "draws/replicate: row 1 is 7, and 0 is due"},
        {"/draws/parameter", "draws/parameter: row 1 is 7, and 1 is due"},
    };
    for (size_t i = 0; i < sizeof fault / sizeof fault[0]; i++) {
        const said_t said = verify_drawn(&sound_draw, 1, fault[i].column, 1);
        cr_expect_not_null(strstr(said.text, fault[i].words), "no \"%s\" in: %s", fault[i].words,
                           said.text);
    }
}

static verify_hashes_t hashes_of(const fault_t *fault, const provenance_t *p)
{
    char path[256];
    verify_hashes_t h;
    reader_t *r = NULL;
    error_t e = {0};
    fixture_path(path, sizeof path, "a.h5");
    make(path, fault, p);
    cr_assert_eq(reader_open(&r, path, &e), 0, "%s", e.text);
    cr_assert_eq(verify_hash(r, &h, &e), 0, "%s", e.text);
    reader_close(&r);
    return h;
}

Test(verify, one_bit_of_one_value_moves_its_field_and_the_total_alone)
{
    const enum fields_id field = FIELD_DAILY_DOSE_UG;
    const provenance_t p = three_patients();
    const double value = sound(field, 2, 1);
    const fault_t bit = {field, 1, (double)nextafterf((float)value, 9.0F)};
    const verify_hashes_t a = hashes_of(&none, &p), b = hashes_of(&bit, &p);
    for (int f = 0; f < FIELD_COUNT; f++) {
        cr_assert_eq(memcmp(a.field[f], b.field[f], VERIFY_HASH_SIZE) != 0,
                     (enum fields_id)f == field, "%s", fields_get((enum fields_id)f)->name);
    }
    cr_assert_neq(memcmp(a.total, b.total, VERIFY_HASH_SIZE), 0);
}

Test(verify, provenance_is_not_in_the_hashes)
{
    const provenance_t p = three_patients();
    provenance_t other = p;
    other.version = "9.9.9";
    other.build = "another compiler";
    const verify_hashes_t a = hashes_of(&none, &p), b = hashes_of(&none, &other);
    cr_assert_eq(memcmp(&a, &b, sizeof a), 0);
}

/* BLAKE2b-256 of the 24 bytes of three little-endian int64: 1, 2, 3; by `b2sum -l 256`. */
Test(verify, the_hash_is_blake2b_of_the_raw_little_endian_values)
{
    static const char known[] = "4309cdc8741445bfc9bcdbe384e54da89b00f953dfc4b01763cfed613426736b";
    const provenance_t p = three_patients();
    const verify_hashes_t h = hashes_of(&none, &p);
    char text[2 * VERIFY_HASH_SIZE + 1];
    for (size_t i = 0; i < VERIFY_HASH_SIZE; i++) {
        (void)snprintf(text + 2 * i, 3, "%02x", h.field[FIELD_PATIENTS_PATIENT][i]);
    }
    cr_assert_str_eq(text, known);
}

Test(verify, a_level_of_the_canal_out_of_order_is_named)
{
    const fault_t fault = {FIELD_CANAL_LEVEL, 3, 5.0};
    expect_one(&fault, "canal: record 1: a sample does not have each level once, in order");
}

Test(verify, samples_of_the_canal_on_one_day_are_named)
{
    const fault_t fault = {FIELD_CANAL_DAY, LEVELS, 0.0};
    expect_one(&fault, "canal: record 1: days do not rise from sample to sample");
}

Test(verify, a_sample_of_the_canal_without_a_daily_row_is_named)
{
    const fault_t fault = {FIELD_CANAL_DAY, LEVELS, 7.0};
    expect_one(&fault, "canal: record 1: a sample is of a day that the daily series does not have");
}

Test(verify, a_concentration_along_the_canal_below_0_is_named)
{
    const fault_t fault = {FIELD_CANAL_NG_PER_ML, 30, -0.5};
    expect_one(&fault, "canal/ng_per_ml: 1 of 156 values outside 0 to inf, first -0.5 in row 82");
}

Test(verify, a_voltage_that_no_cell_has_is_named)
{
    const fault_t fault = {FIELD_DAILY_LOADED_V, 0, 11.0};
    expect_one(&fault, "daily/loaded_v: 1 of 6 values outside 0 to 10, first 11 in row 2");
}
