/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what each patient came to. */
#include "summary/outcomes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    enum fields_id field;
    const char *label;
    enum outcomes_kind kind;
    enum reference_quantity reference;
} rows[OUTCOMES_COUNT] = {
#define OUTCOME(symbol, label, kind, reference)                                                    \
    {FIELD_OUTCOMES_##symbol, label, OUTCOMES_##kind, REFERENCE_##reference},
#include "summary/outcomes.def"
#undef OUTCOME
};

outcomes_row_t outcomes_row(enum outcomes_id outcome)
{
    const fields_t *field = fields_get(rows[outcome].field);
    return (outcomes_row_t){field->name, rows[outcome].label, field->unit, rows[outcome].kind,
                            rows[outcome].reference};
}

const reference_t *outcomes_published(const outcomes_t *o, enum outcomes_id outcome, int titrated)
{
    const enum reference_quantity reference = rows[outcome].reference;
    const provenance_names_t *drugs = &o->provenance->drugs;
    const int of_course = reference == REFERENCE_DOSE_START || reference == REFERENCE_DOSE_12M ||
                          reference == REFERENCE_DOSE_18M || reference == REFERENCE_TOLERANT;
    return reference == REFERENCE_COUNT || (of_course && !titrated)
               ? NULL
               : reference_find(drugs->count > 0 ? drugs->name[0] : NULL, reference);
}

int outcomes_has_pump(const outcomes_t *o, size_t record)
{
    const double implanted = o->value[OUTCOMES_IMPLANTED][record];
    return isnan(implanted) || implanted > 0.0;
}

/* Whose each row of refills is. */
static int read_owners(outcomes_t *o, reader_t *r, error_t *e)
{
    o->interval_record = calloc(o->intervals + 1, sizeof *o->interval_record);
    if (o->interval_record == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu refills", o->intervals);
    }
    for (size_t record = 0; record < o->records; record++) {
        size_t start = 0;
        size_t count = 0;
        const int rc = reader_range(r, TABLE_REFILLS, record, &start, &count, e);
        if (rc < 0) {
            return rc;
        }
        for (size_t i = start; i < start + count; i++) {
            o->interval_record[i] = record;
        }
    }
    return 0;
}

int outcomes_read(outcomes_t *o, reader_t *r, error_t *e)
{
    int rc;
    memset(o, 0, sizeof *o);
    o->provenance = reader_provenance(r);
    o->draws = reader_draws(r);
    o->records = reader_rows(r, TABLE_PATIENTS);
    o->intervals = reader_rows(r, TABLE_REFILLS);
    if (reader_rows(r, TABLE_OUTCOMES) != o->records) {
        return ERROR_RAISE(e, ERROR_DATASET_TRUNCATED, "%zu rows of outcomes for %zu records",
                           reader_rows(r, TABLE_OUTCOMES), o->records);
    }
    rc = reader_keys(r, &o->key, e);
    for (int i = 0; rc == 0 && i < OUTCOMES_COUNT; i++) {
        rc = reader_column_f64(r, rows[i].field, &o->value[i], e);
    }
    rc = rc != 0 ? rc : reader_column_f64(r, FIELD_REFILLS_INTERVAL_DAY, &o->interval_day, e);
    return rc != 0 ? rc : read_owners(o, r, e);
}

void outcomes_free(outcomes_t *o)
{
    free(o->key);
    free(o->interval_day);
    free(o->interval_record);
    for (int i = 0; i < OUTCOMES_COUNT; i++) {
        free(o->value[i]);
    }
    memset(o, 0, sizeof *o);
}
