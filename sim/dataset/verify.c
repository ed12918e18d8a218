/* SPDX-License-Identifier: Apache-2.0 */
/* Verifies a whole dataset against what its schema promises. */
#include "dataset/verify.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/walk.h"

#define TEXT_SIZE 320

int verify_tell(const verify_sink_t *sink, const char *format, ...)
{
    char text[TEXT_SIZE];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text, sizeof text, format, list);
    va_end(list);
    sink->problem(sink->context, text);
    return 1;
}

typedef struct audit_t {
    reader_t *reader;
    const verify_sink_t *sink;
    record_key_t *keys; /* owned, of all records */
    size_t records;
    int problems;
    int bad_index; /* which rows are whose cannot be trusted */
} audit_t;

static int in_file(const audit_t *a, enum fields_table table)
{
    return fields_in_file(table, reader_is_trace(a->reader));
}

/* ---- values ---- */

/* What is wrong with one column so far. */
typedef struct finding_t {
    size_t count;
    size_t row; /* first that is wrong, and its value */
    double value;
} finding_t;

static int is_bad(const fields_t *f, double value)
{
    if (isnan(value)) {
        return !fields_is_real(f->type);
    }
    if (isinf(value) || value < f->low || value > f->high) {
        return 1;
    }
    return fields_choices(f->type) > 0 && fields_choice_name(f->type, (int64_t)value) == NULL;
}

static int check_column(audit_t *a, enum fields_id field, error_t *e)
{
    const fields_t *f = fields_get(field);
    const size_t rows = reader_rows(a->reader, f->table);
    finding_t found = {0};
    walk_t column;
    int rc = walk_begin(&column, a->reader, &field, 1, e);
    for (size_t row = 0; rc == 0 && row < rows; row++) {
        const double value = walk_at(&column, 0, row);
        rc = column.failed;
        if (rc == 0 && is_bad(f, value) && found.count++ == 0) {
            found.row = row;
            found.value = value;
        }
    }
    walk_end(&column);
    if (rc == 0 && found.count > 0) {
        a->problems += verify_tell(
            a->sink, "%s/%s: %zu of %zu values outside %g to %g%s, first %.17g in row %zu",
            fields_table(f->table)->name, f->name, found.count, rows, f->low, f->high,
            fields_choices(f->type) > 0 ? " or without a name" : "", found.value, found.row);
    }
    return rc;
}

static int check_values(audit_t *a, error_t *e)
{
    int rc = 0;
    for (int i = 0; rc == 0 && i < FIELD_COUNT; i++) {
        const fields_t *f = fields_get((enum fields_id)i);
        if (in_file(a, f->table) && f->type != FIELDS_TYPE_TEXT) {
            rc = check_column(a, (enum fields_id)i, e);
        }
    }
    return rc;
}

/* ---- index and keys ---- */

static void check_order(audit_t *a)
{
    for (size_t i = 1; i < a->records; i++) {
        if (record_compare(&a->keys[i - 1], &a->keys[i]) >= 0) {
            a->problems += verify_tell(
                a->sink,
                "index: record %zu (patient %lld, arm %d, replicate %d) does not come after "
                "the one before it",
                i, (long long)a->keys[i].patient, a->keys[i].arm, a->keys[i].replicate);
            return;
        }
    }
}

static int64_t key_part(const record_key_t *key, enum fields_id field)
{
    return field == FIELD_PATIENTS_PATIENT ? key->patient
           : field == FIELD_PATIENTS_ARM   ? key->arm
                                           : key->replicate;
}

static int check_same_keys(audit_t *a, enum fields_id field, error_t *e)
{
    int64_t *value = NULL;
    const int rc = reader_column_i64(a->reader, field, &value, e);
    for (size_t i = 0; rc == 0 && i < a->records; i++) {
        if (value[i] != key_part(&a->keys[i], field)) {
            a->problems +=
                verify_tell(a->sink, "index/%s: record %zu is %lld, and %lld in patients",
                            fields_get(field)->name, i, (long long)key_part(&a->keys[i], field),
                            (long long)value[i]);
            break;
        }
    }
    free(value);
    return rc;
}

/* Keys against the study: arms with a name, patients and replicates of it, and in a dataset all of them. */
static void check_cohort(audit_t *a)
{
    const provenance_t *p = reader_provenance(a->reader);
    const size_t replicates = p->draws.replicates + 1;
    for (size_t i = 0; i < a->records; i++) {
        const record_key_t *key = &a->keys[i];
        if (key->patient < 1 || key->patient > p->patients || key->arm < 0 ||
            (size_t)key->arm >= p->arms.count || key->replicate < 0 ||
            (size_t)key->replicate >= replicates) {
            a->problems += verify_tell(
                a->sink,
                "index: record %zu is patient %lld of arm %d, replicate %d; the study has %lld "
                "patients in %zu arms and %zu replicates",
                i, (long long)key->patient, key->arm, key->replicate, (long long)p->patients,
                p->arms.count, replicates);
            return;
        }
    }
    if (!reader_is_trace(a->reader) &&
        a->records != (size_t)p->patients * p->arms.count * replicates) {
        a->problems += verify_tell(
            a->sink,
            "index: %zu records; the study has %lld patients in %zu arms and %zu replicates",
            a->records, (long long)p->patients, p->arms.count, replicates);
    }
}

static int check_cover(audit_t *a, enum fields_table table, error_t *e)
{
    int64_t *offset = NULL;
    int64_t *count = NULL;
    int64_t next = 0;
    const int rc = reader_index(a->reader, table, &offset, &count, e);
    size_t i = 0;
    while (rc == 0 && i < a->records && offset[i] == next && count[i] >= 0) {
        next += count[i++];
    }
    if (rc == 0 && i < a->records) {
        a->problems += verify_tell(
            a->sink,
            "index/%s: record %zu has %lld rows from %lld, and the one before ends at %lld",
            fields_table(table)->name, i, (long long)count[i], (long long)offset[i],
            (long long)next);
    } else if (rc == 0 && (uint64_t)next != reader_rows(a->reader, table)) {
        a->problems +=
            verify_tell(a->sink, "index/%s: covers %lld of %zu rows", fields_table(table)->name,
                        (long long)next, reader_rows(a->reader, table));
    }
    free(offset);
    free(count);
    return rc;
}

static int check_index(audit_t *a, error_t *e)
{
    static const enum fields_id key[] = {FIELD_PATIENTS_PATIENT, FIELD_PATIENTS_ARM,
                                         FIELD_PATIENTS_REPLICATE};
    const int before = a->problems;
    int rc = 0;
    check_order(a);
    check_cohort(a);
    for (size_t i = 0; rc == 0 && i < sizeof key / sizeof key[0]; i++) {
        rc = check_same_keys(a, key[i], e);
    }
    for (int t = TABLE_PATIENTS + 1; rc == 0 && t < TABLE_COUNT; t++) {
        const enum fields_table table = (enum fields_table)t;
        rc = fields_in_records(table, reader_is_trace(a->reader)) ? check_cover(a, table, e) : 0;
    }
    a->bad_index = a->problems > before;
    return rc;
}

/* ---- order of time ---- */

/* `offset` as stored; a row that begins a record may be earlier than the one before it. */
static void check_rising(audit_t *a, const fields_t *f, walk_t *time, const int64_t *offset)
{
    const size_t rows = reader_rows(a->reader, f->table);
    size_t record = 0;
    for (size_t row = 1; row < rows; row++) {
        const double before = walk_at(time, 0, row - 1), now = walk_at(time, 0, row);
        while (record < a->records && offset[record] < (int64_t)row) {
            record++;
        }
        if (now < before && (record == a->records || offset[record] != (int64_t)row)) {
            a->problems +=
                verify_tell(a->sink, "%s/%s: falls from %.17g to %.17g within a record, at row %zu",
                            fields_table(f->table)->name, f->name, before, now, row);
            return;
        }
    }
}

static int check_times(audit_t *a, error_t *e)
{
    static const enum fields_id field[] = {FIELD_EVENTS_TIME_MS, FIELD_DAILY_DAY,
                                           FIELD_REFILLS_TIME_MS};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < sizeof field / sizeof field[0]; i++) {
        const fields_t *f = fields_get(field[i]);
        walk_t time;
        int64_t *offset = NULL;
        int64_t *count = NULL;
        rc = walk_begin(&time, a->reader, &field[i], 1, e);
        rc = rc != 0 ? rc : reader_index(a->reader, f->table, &offset, &count, e);
        if (rc == 0) {
            check_rising(a, f, &time, offset);
            rc = time.failed;
        }
        walk_end(&time);
        free(offset);
        free(count);
    }
    return rc;
}

/* ---- provenance ---- */

static int check_drugs(audit_t *a, error_t *e)
{
    const provenance_t *p = reader_provenance(a->reader);
    int64_t *drug = NULL;
    const int rc = reader_column_i64(a->reader, FIELD_LEDGER_DRUG, &drug, e);
    for (size_t i = 0; rc == 0 && i < reader_rows(a->reader, TABLE_LEDGER); i++) {
        if (drug[i] < 0 || (size_t)drug[i] >= p->drugs.count) {
            a->problems += verify_tell(
                a->sink, "ledger/drug: row %zu is of drug %lld, and the study names %zu", i,
                (long long)drug[i], p->drugs.count);
            break;
        }
    }
    free(drug);
    return rc;
}

/* Arms are numbered by their rows, and told apart by their names. */
static int check_arms(audit_t *a, error_t *e)
{
    const size_t arms = reader_rows(a->reader, TABLE_ARMS);
    int64_t *number = NULL;
    const int rc = reader_column_i64(a->reader, FIELD_ARMS_ARM, &number, e);
    for (size_t i = 0; rc == 0 && i < arms; i++) {
        const char *name = reader_text(a->reader, FIELD_ARMS_NAME, i);
        size_t before = 0;
        while (before < i && strcmp(name, reader_text(a->reader, FIELD_ARMS_NAME, before)) != 0) {
            before++;
        }
        if (number[i] != (int64_t)i || name[0] == '\0' || before < i) {
            a->problems += verify_tell(
                a->sink,
                "arms: row %zu is number %lld with the name '%s'; numbers are rows, names "
                "differ",
                i, (long long)number[i], name);
            break;
        }
    }
    free(number);
    return rc;
}

static int check_provenance(audit_t *a, error_t *e)
{
    const provenance_t *p = reader_provenance(a->reader);
    const struct {
        const char *name;
        const char *text;
    } row[] = {
        {"study", p->study},   {"program", p->program}, {"version", p->version},
        {"build", p->build},   {"core_id", p->core_id}, {"core_code", p->core_code},
        {"config", p->config}, {"libm", p->libm},
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        if (row[i].text == NULL || row[i].text[0] == '\0') {
            a->problems += verify_tell(a->sink, "provenance: %s is missing", row[i].name);
        }
    }
    if (p->patients < 1 || p->horizon_ms < 1) {
        a->problems += verify_tell(a->sink, "provenance: %lld patients over %lld ms",
                                   (long long)p->patients, (long long)p->horizon_ms);
    }
    const int rc = check_arms(a, e);
    return rc != 0 ? rc : check_drugs(a, e);
}

/* ---- parts in files of their own ---- */

static int add_problems(audit_t *a, int problems)
{
    a->problems += problems > 0 ? problems : 0;
    return problems < 0 ? problems : 0;
}

static int check_ledger(audit_t *a, error_t *e)
{
    return add_problems(a, verify_ledger(a->reader, a->sink, e));
}

static int check_draws(audit_t *a, error_t *e)
{
    return add_problems(a, verify_draws(a->reader, a->sink, e));
}

static int check_outcomes(audit_t *a, error_t *e)
{
    return a->bad_index ? 0 : add_problems(a, verify_outcomes(a->reader, a->keys, a->sink, e));
}

static int check_pumps(audit_t *a, error_t *e)
{
    return a->bad_index ? 0 : add_problems(a, verify_pumps(a->reader, a->keys, a->sink, e));
}

static int check_canal(audit_t *a, error_t *e)
{
    return a->bad_index ? 0 : add_problems(a, verify_canal(a->reader, a->sink, e));
}

int verify_dataset(reader_t *r, const verify_sink_t *sink, error_t *e)
{
    static int (*const step[])(audit_t *, error_t *) = {
        check_provenance, check_draws,    check_index, check_times, check_values,
        check_ledger,     check_outcomes, check_pumps, check_canal};
    audit_t a = {.reader = r, .sink = sink, .records = reader_rows(r, TABLE_PATIENTS)};
    int rc = reader_keys(r, &a.keys, e);
    for (size_t i = 0; rc == 0 && i < sizeof step / sizeof step[0]; i++) {
        rc = step[i](&a, e);
    }
    free(a.keys);
    return rc < 0 ? rc : a.problems;
}
