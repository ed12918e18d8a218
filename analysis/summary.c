/* SPDX-License-Identifier: Apache-2.0 */
/* Reduces a dataset to the numbers of its summary, column by column. */
#include "summary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS_PER_DAY 86400000.0

/* ---- distributions over records ---- */

static int spread_field(reader_t *r, enum fields_id field, spread_t *to, error_t *e)
{
    double *values = NULL;
    const int rc = reader_column_f64(r, field, &values, e);
    if (rc == 0) {
        *to = spread_of(values, reader_rows(r, fields_get(field)->table));
    }
    free(values);
    return rc;
}

static double divide(double a, double b)
{
    return b > 0.0 ? a / b : (double)NAN;
}

static double subtract(double a, double b)
{
    return a - b;
}

/* Distribution of what `combine` makes of two fields of one table. */
static int spread_pair(reader_t *r, enum fields_id a, enum fields_id b,
                       double (*combine)(double, double), spread_t *to, error_t *e)
{
    const size_t n = reader_rows(r, fields_get(a)->table);
    double *first = NULL;
    double *second = NULL;
    int rc = reader_column_f64(r, a, &first, e);
    if (rc == 0) {
        rc = reader_column_f64(r, b, &second, e);
    }
    if (rc == 0) {
        for (size_t i = 0; i < n; i++) {
            first[i] = combine(first[i], second[i]);
        }
        *to = spread_of(first, n);
    }
    free(first);
    free(second);
    return rc;
}

static int compute_spreads(summary_t *s, reader_t *r, error_t *e)
{
    const struct {
        enum fields_id field;
        spread_t *to;
    } row[] = {
        {FIELD_PATIENTS_LUMBAR_NG_PER_ML, &s->quantity[REFERENCE_LUMBAR]},
        {FIELD_PATIENTS_TIP_NG_PER_ML, &s->quantity[REFERENCE_TIP]},
        {FIELD_PATIENTS_CISTERNAL_NG_PER_ML, &s->quantity[REFERENCE_CISTERNAL]},
        {FIELD_PATIENTS_PLASMA_NG_PER_ML, &s->quantity[REFERENCE_PLASMA]},
        {FIELD_PATIENTS_ASHWORTH_BEFORE, &s->quantity[REFERENCE_ASHWORTH_BEFORE]},
        {FIELD_PATIENTS_ASHWORTH_AFTER, &s->quantity[REFERENCE_ASHWORTH_AFTER]},
        {FIELD_PATIENTS_ASHWORTH_BEFORE_LATENT, &s->ashworth_latent_before},
        {FIELD_PATIENTS_ASHWORTH_AFTER_LATENT, &s->ashworth_latent_after},
        {FIELD_PATIENTS_VOLUME_COMMANDED_ML, &s->volume_commanded_ml},
        {FIELD_PATIENTS_VOLUME_DELIVERED_ML, &s->volume_delivered_ml},
        {FIELD_PATIENTS_BATTERY_CHARGE_USED_MAH, &s->battery_mah},
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        const int rc = spread_field(r, row[i].field, row[i].to, e);
        if (rc < 0) {
            return rc;
        }
    }
    return 0;
}

static int compute_pairs(summary_t *s, reader_t *r, error_t *e)
{
    const struct {
        enum fields_id a;
        enum fields_id b;
        double (*combine)(double, double);
        spread_t *to;
    } row[] = {
        {FIELD_PATIENTS_LUMBAR_NG_PER_ML, FIELD_PATIENTS_CISTERNAL_NG_PER_ML, divide,
         &s->quantity[REFERENCE_RATIO]},
        {FIELD_PATIENTS_VOLUME_DELIVERED_ML, FIELD_PATIENTS_VOLUME_COMMANDED_ML, divide,
         &s->quantity[REFERENCE_VOLUME_RUN]},
        {FIELD_REFILLS_DELIVERED_SINCE_ML, FIELD_REFILLS_COMMANDED_SINCE_ML, divide,
         &s->quantity[REFERENCE_VOLUME_REFILL]},
        {FIELD_PATIENTS_VOLUME_BELIEVED_IN_RESERVOIR_ML, FIELD_PATIENTS_VOLUME_IN_RESERVOIR_ML,
         subtract, &s->reservoir_belief_error_ml},
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        const int rc = spread_pair(r, row[i].a, row[i].b, row[i].combine, row[i].to, e);
        if (rc < 0) {
            return rc;
        }
    }
    return 0;
}

/* ---- totals and counts ---- */

static int sum_field(reader_t *r, enum fields_id field, int64_t *to, error_t *e)
{
    int64_t *values = NULL;
    const int rc = reader_column_i64(r, field, &values, e);
    *to = 0;
    for (size_t i = 0; rc == 0 && i < reader_rows(r, fields_get(field)->table); i++) {
        *to += values[i];
    }
    free(values);
    return rc;
}

static int compute_totals(summary_t *s, reader_t *r, error_t *e)
{
    const struct {
        enum fields_id field;
        int64_t *to;
    } row[] = {
        {FIELD_PATIENTS_PULSES_COMMANDED, &s->pulses_commanded},
        {FIELD_PATIENTS_PULSES_CONFIRMED, &s->pulses_confirmed},
        {FIELD_PATIENTS_WAKES, &s->wakes},
        {FIELD_PATIENTS_DRAW_ATTEMPTS, &s->draw_attempts},
        {FIELD_PATIENTS_LEDGER_CHECKS, &s->ledger_checks},
        {FIELD_PATIENTS_NEGATIVE_READS, &s->negative_reads},
    };
    int64_t stop_ms = 0;
    int rc = sum_field(r, FIELD_PATIENTS_STOP_TIME_MS, &stop_ms, e);
    for (size_t i = 0; rc == 0 && i < sizeof row / sizeof row[0]; i++) {
        rc = sum_field(r, row[i].field, row[i].to, e);
    }
    s->patient_days = (double)stop_ms / MS_PER_DAY;
    return rc;
}

static int count_choices(reader_t *r, enum fields_id field, size_t counts[SUMMARY_CHOICES],
                         error_t *e)
{
    int64_t *values = NULL;
    int rc = reader_column_i64(r, field, &values, e);
    for (size_t i = 0; rc == 0 && i < reader_rows(r, fields_get(field)->table); i++) {
        if (values[i] < 0 || values[i] >= SUMMARY_CHOICES ||
            fields_choice_name(fields_get(field)->type, values[i]) == NULL) {
            rc = ERROR_RAISE(e, ERROR_DATASET_TRUNCATED, "row %zu of %s is %lld, which has no name",
                             i, fields_get(field)->name, (long long)values[i]);
        } else {
            counts[values[i]]++;
        }
    }
    free(values);
    return rc;
}

static int compute_extremes(summary_t *s, reader_t *r, error_t *e)
{
    spread_t weight;
    spread_t ledger;
    int rc = spread_field(r, FIELD_PATIENTS_WEIGHT, &weight, e);
    if (rc == 0) {
        rc = spread_field(r, FIELD_PATIENTS_WORST_LEDGER_ERROR, &ledger, e);
    }
    if (rc == 0) {
        s->weighted = weight.n > 0 && (weight.low < 1.0 || weight.high > 1.0);
        s->worst_ledger_error = ledger.high;
    }
    return rc;
}

/* ---- ledger ---- */

static int add_place(reader_t *r, enum fields_id field, const int64_t *drug, summary_t *s,
                     double *(*at)(summary_ledger_t *, enum fields_id), error_t *e)
{
    double *values = NULL;
    const int rc = reader_column_f64(r, field, &values, e);
    for (size_t i = 0; rc == 0 && i < reader_rows(r, TABLE_LEDGER); i++) {
        *at(&s->ledger[drug[i]], field) += values[i];
    }
    free(values);
    return rc;
}

static double *member_of(summary_ledger_t *ledger, enum fields_id field)
{
    if (field == FIELD_LEDGER_FROM_VIALS_UG) {
        return &ledger->from_vials_ug;
    }
    if (field == FIELD_LEDGER_BELIEVED_GIVEN_UG) {
        return &ledger->believed_given_ug;
    }
    return &ledger->place_ug[field - FIELD_LEDGER_RESERVOIR_UG];
}

static int add_closure(summary_t *s, reader_t *r, const int64_t *drug, error_t *e)
{
    double *values = NULL;
    const int rc = reader_column_f64(r, FIELD_LEDGER_CLOSURE_ERROR, &values, e);
    for (size_t i = 0; rc == 0 && i < reader_rows(r, TABLE_LEDGER); i++) {
        summary_ledger_t *ledger = &s->ledger[drug[i]];
        ledger->records++;
        ledger->worst_closure_error = fmax(ledger->worst_closure_error, values[i]);
    }
    free(values);
    return rc;
}

static int check_drugs(summary_t *s, reader_t *r, const int64_t *drug, error_t *e)
{
    for (size_t i = 0; i < reader_rows(r, TABLE_LEDGER); i++) {
        if (drug[i] < 0 || drug[i] >= SUMMARY_DRUGS) {
            return ERROR_RAISE(e, ERROR_DATASET_TRUNCATED, "row %zu of the ledger is of drug %lld",
                               i, (long long)drug[i]);
        }
        s->drugs = (size_t)drug[i] + 1 > s->drugs ? (size_t)drug[i] + 1 : s->drugs;
    }
    return 0;
}

static int compute_ledger(summary_t *s, reader_t *r, error_t *e)
{
    int64_t *drug = NULL;
    int rc = reader_column_i64(r, FIELD_LEDGER_DRUG, &drug, e);
    if (rc == 0) {
        rc = check_drugs(s, r, drug, e);
    }
    for (int f = FIELD_LEDGER_FROM_VIALS_UG; rc == 0 && f <= FIELD_LEDGER_SPILLED_UG; f++) {
        rc = add_place(r, (enum fields_id)f, drug, s, member_of, e);
    }
    if (rc == 0) {
        rc = add_place(r, FIELD_LEDGER_BELIEVED_GIVEN_UG, drug, s, member_of, e);
    }
    if (rc == 0) {
        rc = add_closure(s, r, drug, e);
    }
    free(drug);
    return rc;
}

/* ---- refills ---- */

enum { REFILL_COLUMNS = 5 };

static void add_refill(summary_refill_t *to, double time_ms, double *const column[REFILL_COLUMNS],
                       size_t row)
{
    to->records++;
    to->day += time_ms / MS_PER_DAY;
    to->withdrawn_ml += column[1][row];
    to->expected_ml += column[2][row];
    to->filled_ml += column[3][row];
    to->found_minus_expected_ml += column[1][row] - column[2][row];
    to->concentration_ug_per_ml += column[4][row];
}

static void take_means(summary_t *s)
{
    for (size_t k = 0; k < s->refill_rows; k++) {
        summary_refill_t *to = &s->refill[k];
        const double n = (double)to->records;
        to->day /= n;
        to->withdrawn_ml /= n;
        to->expected_ml /= n;
        to->filled_ml /= n;
        to->found_minus_expected_ml /= n;
        to->concentration_ug_per_ml /= n;
    }
}

static int add_refills(summary_t *s, reader_t *r, double *const column[REFILL_COLUMNS], error_t *e)
{
    for (size_t record = 0; record < s->records; record++) {
        size_t start = 0;
        size_t count = 0;
        const int rc = reader_range(r, TABLE_REFILLS, record, &start, &count, e);
        if (rc < 0) {
            return rc;
        }
        for (size_t k = 0; k < count && k < SUMMARY_REFILLS; k++) {
            add_refill(&s->refill[k], column[0][start + k], column, start + k);
            s->refill_rows = k + 1 > s->refill_rows ? k + 1 : s->refill_rows;
        }
    }
    take_means(s);
    return 0;
}

static int compute_refills(summary_t *s, reader_t *r, error_t *e)
{
    static const enum fields_id field[REFILL_COLUMNS] = {
        FIELD_REFILLS_TIME_MS, FIELD_REFILLS_WITHDRAWN_ML, FIELD_REFILLS_EXPECTED_ML,
        FIELD_REFILLS_FILLED_ML, FIELD_REFILLS_CONCENTRATION_UG_PER_ML};
    double *column[REFILL_COLUMNS] = {NULL};
    int rc = 0;
    s->refills = reader_rows(r, TABLE_REFILLS);
    for (size_t i = 0; rc == 0 && i < REFILL_COLUMNS; i++) {
        rc = reader_column_f64(r, field[i], &column[i], e);
    }
    if (rc == 0) {
        rc = add_refills(s, r, column, e);
    }
    for (size_t i = 0; i < REFILL_COLUMNS; i++) {
        free(column[i]);
    }
    return rc;
}

/* ---- all ---- */

int summary_compute(summary_t *s, reader_t *r, error_t *e)
{
    static int (*const step[])(summary_t *, reader_t *,
                               error_t *) = {compute_spreads,  compute_pairs,  compute_totals,
                                             compute_extremes, compute_ledger, compute_refills};
    memset(s, 0, sizeof *s);
    s->provenance = reader_provenance(r);
    s->records = reader_rows(r, TABLE_PATIENTS);
    s->trace = reader_is_trace(r);
    int rc = count_choices(r, FIELD_PATIENTS_STOP_REASON, s->stopped, e);
    if (rc == 0) {
        rc = count_choices(r, FIELD_EVENTS_KIND, s->events, e);
    }
    for (size_t i = 0; rc == 0 && i < sizeof step / sizeof step[0]; i++) {
        rc = step[i](s, r, e);
    }
    return rc;
}

const char *summary_drug(const summary_t *s, size_t drug, char *text, size_t size)
{
    if (drug < s->provenance->drugs.count) {
        return s->provenance->drugs.name[drug];
    }
    (void)snprintf(text, size, "drug %zu", drug);
    return text;
}

const reference_t *summary_reference(const summary_t *s, enum reference_quantity quantity)
{
    const provenance_names_t *drugs = &s->provenance->drugs;
    return reference_find(drugs->count > 0 ? drugs->name[0] : NULL, quantity);
}
