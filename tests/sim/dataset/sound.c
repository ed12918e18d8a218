/* SPDX-License-Identifier: Apache-2.0 */
/* Makes datasets whose every value is right but one. */
#include "tests/sim/dataset/sound.h"

#include "dataset/verify.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* How every trajectory sound_ended, and the one pump of each. */
int sound_stopped = FIELDS_STOP_HORIZON, sound_ended = FIELDS_REASON_HORIZON;

const sound_fault_t sound_none = {FIELD_COUNT, 0, 0.0};

/* What the other tables make of a patient with a pump: SOUND_ROWS refills, no events that an outcome counts. */
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
           : field == FIELD_OUTCOMES_REFILLS         ? (double)SOUND_ROWS
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
           : field == FIELD_PUMPS_END                                   ? (double)sound_ended
           : fields_is_real(fields_get(field)->type) && fields_get(field)->low >= 0.0 ? 0.125
                                                                                      : 0.0;
}

/* A value that is right for any field: inside its range, and rising along the rows. */
double sound_value(enum fields_id field, int64_t patient, size_t row)
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
        return (double)(field == FIELD_CANAL_DAY ? row / SOUND_LEVELS : row % SOUND_LEVELS);
    }
    if (field == FIELD_DAILY_DAY) {
        return (double)row;
    }
    if (field == FIELD_PATIENTS_PUMPS) {
        return 1.0;
    }
    if (field == FIELD_PATIENTS_STOP_REASON) {
        return (double)sound_stopped;
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
    return single ? 1 : table == TABLE_CANAL ? (size_t)SOUND_ROWS * SOUND_LEVELS : SOUND_ROWS;
}

static int is_here(const sound_fault_t *fault, enum fields_id field, size_t row)
{
    return field == fault->field &&
           (field == FIELD_CANAL_DAY ? row / SOUND_LEVELS == fault->row / SOUND_LEVELS
                                     : row == fault->row);
}

void sound_build(record_t *r, int64_t patient, const sound_fault_t *fault)
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
                    put(r, field, here ? fault->value : sound_value(field, patient, row));
                }
            }
        }
    }
    cr_assert_eq(record_finish(r, &e), 0, "%s", e.text);
}

void sound_make(const char *path, const sound_fault_t *fault, const provenance_t *p)
{
    writer_t *w = NULL;
    record_t r;
    error_t e = {0};
    record_init(&r);
    cr_assert_eq(writer_create(&w, path, p, &(writer_options_t){0, 1}, &e), 0, "%s", e.text);
    for (int64_t patient = 1; patient <= SOUND_PATIENTS; patient++) {
        size_t size = 0;
        record_view_t view;
        sound_build(&r, patient, fault);
        const uint8_t *frame = record_frame(&r, &size);
        cr_assert_eq(record_parse(frame, size, &r.layout, &view, &e), 0, "%s", e.text);
        cr_assert_eq(writer_append(w, &view, &e), 0, "%s", e.text);
    }
    cr_assert_eq(writer_commit(&w, &e), 0, "%s", e.text);
    record_free(&r);
}

provenance_t sound_provenance(void)
{
    provenance_t p;
    fixture_provenance(&p);
    p.patients = SOUND_PATIENTS;
    return p;
}

static void collect(void *context, const char *text)
{
    sound_said_t *said = context;
    const size_t used = strlen(said->text);
    said->count++;
    (void)snprintf(said->text + used, sizeof said->text - used, "%s\n", text);
}

sound_said_t sound_verify(const char *path)
{
    sound_said_t said = {0};
    const verify_sink_t sink = {collect, &said};
    reader_t *r = NULL;
    error_t e = {0};
    cr_assert_eq(reader_open(&r, path, &e), 0, "%s", e.text);
    cr_assert_eq(verify_dataset(r, &sink, &e), said.count, "%s", e.text);
    reader_close(&r);
    return said;
}

void sound_expect_one(const sound_fault_t *fault, const char *words)
{
    char path[256];
    const provenance_t p = sound_provenance();
    fixture_path(path, sizeof path, "a.h5");
    sound_make(path, fault, &p);
    const sound_said_t said = sound_verify(path);
    cr_assert_eq(said.count, 1, "%d problems:\n%s", said.count, said.text);
    cr_assert_not_null(strstr(said.text, words), "no \"%s\" in: %s", words, said.text);
}

/* Overwrites one number of a column of whole numbers in place. */
void sound_disturb(const char *path, const char *column, hsize_t row, int64_t value)
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
