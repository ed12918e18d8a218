/* SPDX-License-Identifier: Apache-2.0 */
/* Reduces a dataset to the numbers of its summary, column by column. */
#include "summary/summary.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/catheters.h"

#define MS_PER_DAY 86400000.0

#define BLOCK 8192

/* ---- distributions over the patients of an arm ---- */

/* Places of a distribution in an arm. */
#define AT_QUANTITY(which) (offsetof(summary_arm_t, quantity) + (which) * sizeof(spread_t))
#define AT(member) offsetof(summary_arm_t, member)

static spread_t *spread_at(summary_arm_t *arm, size_t place)
{
    return (spread_t *)(void *)((char *)arm + place);
}

/* Describes values[records] in each arm, of those with a pump. */
static int spread_arms(summary_t *s, const double *values, size_t place, error_t *e)
{
    double *scratch = calloc(s->records + 1, sizeof *scratch);
    if (scratch == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu numbers", s->records);
    }
    for (size_t arm = 0; arm < s->arms; arm++) {
        size_t n = 0;
        for (size_t i = 0; i < s->records; i++) {
            if ((size_t)s->outcomes->key[i].arm == arm && outcomes_has_pump(s->outcomes, i)) {
                scratch[n++] = values[i];
            }
        }
        *spread_at(&s->arm[arm], place) = spread_of(scratch, n);
    }
    free(scratch);
    return 0;
}

static double divide(double a, double b)
{
    return b > 0.0 ? a / b : (double)NAN;
}

static double subtract(double a, double b)
{
    return a - b;
}

/* The first of two fields of one table, or what `combine` makes of both; the caller frees *values. */
static int read_combined(reader_t *r, const enum fields_id field[2],
                         double (*combine)(double, double), double **values, error_t *e)
{
    double *second = NULL;
    int rc = reader_column_f64(r, field[0], values, e);
    if (rc == 0 && combine != NULL) {
        rc = reader_column_f64(r, field[1], &second, e);
    }
    for (size_t i = 0;
         rc == 0 && combine != NULL && i < reader_rows(r, fields_get(field[0])->table); i++) {
        (*values)[i] = combine((*values)[i], second[i]);
    }
    free(second);
    return rc;
}

static int compute_spreads(summary_t *s, reader_t *r, error_t *e)
{
    static const struct {
        enum fields_id field[2];
        double (*combine)(double, double);
        size_t place;
    } row[] = {
        {{FIELD_PATIENTS_LUMBAR_NG_PER_ML}, NULL, AT_QUANTITY(REFERENCE_LUMBAR)},
        {{FIELD_PATIENTS_TIP_NG_PER_ML}, NULL, AT_QUANTITY(REFERENCE_TIP)},
        {{FIELD_PATIENTS_CISTERNAL_NG_PER_ML}, NULL, AT_QUANTITY(REFERENCE_CISTERNAL)},
        {{FIELD_PATIENTS_PLASMA_NG_PER_ML}, NULL, AT_QUANTITY(REFERENCE_PLASMA)},
        {{FIELD_PATIENTS_ASHWORTH_BEFORE}, NULL, AT_QUANTITY(REFERENCE_ASHWORTH_BEFORE)},
        {{FIELD_PATIENTS_ASHWORTH_AFTER}, NULL, AT_QUANTITY(REFERENCE_ASHWORTH_AFTER)},
        {{FIELD_PATIENTS_ASHWORTH_BEFORE_LATENT}, NULL, AT(ashworth_latent_before)},
        {{FIELD_PATIENTS_ASHWORTH_AFTER_LATENT}, NULL, AT(ashworth_latent_after)},
        {{FIELD_PATIENTS_VOLUME_COMMANDED_ML}, NULL, AT(volume_commanded_ml)},
        {{FIELD_PATIENTS_VOLUME_DELIVERED_ML}, NULL, AT(volume_delivered_ml)},
        {{FIELD_PATIENTS_BATTERY_CHARGE_USED_MAH}, NULL, AT(battery_mah)},
        {{FIELD_PATIENTS_LUMBAR_NG_PER_ML, FIELD_PATIENTS_CISTERNAL_NG_PER_ML},
         divide,
         AT_QUANTITY(REFERENCE_RATIO)},
        {{FIELD_PATIENTS_VOLUME_DELIVERED_ML, FIELD_PATIENTS_VOLUME_COMMANDED_ML},
         divide,
         AT_QUANTITY(REFERENCE_VOLUME_RUN)},
        {{FIELD_PATIENTS_VOLUME_BELIEVED_IN_RESERVOIR_ML, FIELD_PATIENTS_VOLUME_IN_RESERVOIR_ML},
         subtract,
         AT(reservoir_belief_error_ml)},
    };
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < sizeof row / sizeof row[0]; i++) {
        double *values = NULL;
        rc = read_combined(r, row[i].field, row[i].combine, &values, e);
        rc = rc != 0 ? rc : spread_arms(s, values, row[i].place, e);
        free(values);
    }
    return rc;
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

#define CHOICE(list, symbol, value, name)                                                          \
    _Static_assert((value) < SUMMARY_CHOICES, #list " " #symbol " has a place");
#include "dataset/choices.def"
#undef CHOICE

static int count_choices(reader_t *r, enum fields_id field, size_t counts[SUMMARY_CHOICES],
                         error_t *e)
{
    const size_t rows = reader_rows(r, fields_get(field)->table);
    int64_t value[BLOCK];
    int rc = 0;
    for (size_t start = 0; rc == 0 && start < rows; start += BLOCK) {
        const size_t n = rows - start < BLOCK ? rows - start : BLOCK;
        rc = reader_read_i64(r, field, start, n, value, e);
        for (size_t i = 0; rc == 0 && i < n; i++) {
            if (value[i] < 0 || value[i] >= SUMMARY_CHOICES ||
                fields_choice_name(fields_get(field)->type, value[i]) == NULL) {
                rc = ERROR_RAISE(e, ERROR_DATASET_TRUNCATED,
                                 "row %zu of %s is %lld, which has no name", start + i,
                                 fields_get(field)->name, (long long)value[i]);
            } else {
                counts[value[i]]++;
            }
        }
    }
    return rc;
}

static int compute_extremes(summary_t *s, reader_t *r, error_t *e)
{
    double *weight = NULL;
    double *error = NULL;
    int rc = reader_column_f64(r, FIELD_PATIENTS_WEIGHT, &weight, e);
    rc = rc != 0 ? rc : reader_column_f64(r, FIELD_PATIENTS_WORST_LEDGER_ERROR, &error, e);
    s->worst_ledger_error = (double)NAN;
    for (size_t i = 0; rc == 0 && i < s->records; i++) {
        s->weighted |= weight[i] < 1.0 || weight[i] > 1.0;
        s->worst_ledger_error = fmax(s->worst_ledger_error, error[i]);
    }
    free(weight);
    free(error);
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

/* What a patient's k-th refill is averaged over. */
static const struct {
    enum fields_id field;
    size_t place;
} refill_row[] = {
    {FIELD_REFILLS_TIME_MS, offsetof(summary_refill_t, day)},
    {FIELD_REFILLS_WITHDRAWN_ML, offsetof(summary_refill_t, withdrawn_ml)},
    {FIELD_REFILLS_EXPECTED_ML, offsetof(summary_refill_t, expected_ml)},
    {FIELD_REFILLS_FILLED_ML, offsetof(summary_refill_t, filled_ml)},
    {FIELD_REFILLS_CONCENTRATION_UG_PER_ML, offsetof(summary_refill_t, concentration_ug_per_ml)},
};

static double *refill_at(summary_refill_t *refill, size_t place)
{
    return (double *)(void *)((char *)refill + place);
}

static summary_arm_t *arm_of(summary_t *s, size_t refill)
{
    return &s->arm[s->outcomes->key[s->outcomes->interval_record[refill]].arm];
}

/* Counts the refills of each arm, and *number[i]: which of its patient's the i-th is, from 0. */
static void count_refills(summary_t *s, size_t *number)
{
    const outcomes_t *o = s->outcomes;
    for (size_t i = 0; i < o->intervals; i++) {
        summary_arm_t *arm = arm_of(s, i);
        number[i] =
            i > 0 && o->interval_record[i] == o->interval_record[i - 1] ? number[i - 1] + 1 : 0;
        arm->refills++;
        if (number[i] < SUMMARY_REFILLS) {
            arm->refill[number[i]].records++;
            arm->refill_rows = number[i] + 1 > arm->refill_rows ? number[i] + 1 : arm->refill_rows;
        }
    }
}

static void take_means(summary_arm_t *arm)
{
    for (size_t k = 0; k < arm->refill_rows; k++) {
        summary_refill_t *to = &arm->refill[k];
        for (size_t c = 0; c < sizeof refill_row / sizeof refill_row[0]; c++) {
            *refill_at(to, refill_row[c].place) /= (double)to->records;
        }
        to->day /= MS_PER_DAY;
        to->found_minus_expected_ml = to->withdrawn_ml - to->expected_ml;
    }
}

static int average_refills(summary_t *s, reader_t *r, const size_t *number, error_t *e)
{
    int rc = 0;
    for (size_t c = 0; rc == 0 && c < sizeof refill_row / sizeof refill_row[0]; c++) {
        double *values = NULL;
        rc = reader_column_f64(r, refill_row[c].field, &values, e);
        for (size_t i = 0; rc == 0 && i < s->outcomes->intervals; i++) {
            if (number[i] < SUMMARY_REFILLS) {
                *refill_at(&arm_of(s, i)->refill[number[i]], refill_row[c].place) += values[i];
            }
        }
        free(values);
    }
    for (size_t arm = 0; rc == 0 && arm < s->arms; arm++) {
        take_means(&s->arm[arm]);
    }
    return rc;
}

/* Delivered over commanded from refill to refill, of which a patient has many. */
static int spread_refills(summary_t *s, reader_t *r, error_t *e)
{
    static const enum fields_id field[2] = {FIELD_REFILLS_DELIVERED_SINCE_ML,
                                            FIELD_REFILLS_COMMANDED_SINCE_ML};
    const outcomes_t *o = s->outcomes;
    double *values = NULL;
    double *scratch = calloc(o->intervals + 1, sizeof *scratch);
    size_t *owner = calloc(o->intervals + 1, sizeof *owner);
    int rc = scratch == NULL || owner == NULL
                 ? ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu refills", o->intervals)
                 : read_combined(r, field, divide, &values, e);
    for (size_t arm = 0; rc == 0 && arm < s->arms; arm++) {
        size_t n = 0;
        for (size_t i = 0; i < o->intervals; i++) {
            if ((size_t)o->key[o->interval_record[i]].arm == arm) {
                owner[n] = o->interval_record[i];
                scratch[n++] = values[i];
            }
        }
        s->arm[arm].quantity[REFERENCE_VOLUME_REFILL] = spread_clustered(scratch, owner, n);
    }
    free(values);
    free(scratch);
    free(owner);
    return rc;
}

static int compute_refills(summary_t *s, reader_t *r, error_t *e)
{
    size_t *number = calloc(s->outcomes->intervals + 1, sizeof *number);
    int rc = 0;
    if (number == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu refills", s->outcomes->intervals);
    }
    count_refills(s, number);
    rc = average_refills(s, r, number, e);
    free(number);
    return rc != 0 ? rc : spread_refills(s, r, e);
}

/* ---- pumps ---- */

static int describe_lives(summary_t *s, const survival_life_t *all, const int64_t *arm_of, size_t n,
                          error_t *e)
{
    survival_life_t *life = calloc(n + 1, sizeof *life);
    int rc = life == NULL ? ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu lives", n) : 0;
    for (size_t arm = 0; rc == 0 && arm < s->arms; arm++) {
        size_t here = 0;
        for (size_t i = 0; i < n; i++) {
            if (arm_of[i] == (int64_t)arm) {
                life[here++] = all[i];
            }
        }
        rc = lives_describe(&s->arm[arm].lives, life, here, e);
    }
    free(life);
    return rc;
}

/* The lives of all arms are one for each row of pumps, in their order. */
static int compute_lives(summary_t *s, reader_t *r, error_t *e)
{
    survival_life_t *all = NULL;
    int64_t *arm_of = NULL;
    size_t n = 0;
    int rc = lives_pumps(r, LIVES_ALL_ARMS, &all, &n, e);
    rc = rc != 0 ? rc : reader_column_i64(r, FIELD_PUMPS_ARM, &arm_of, e);
    rc = rc != 0 ? rc : describe_lives(s, all, arm_of, n, e);
    free(all);
    free(arm_of);
    return rc;
}

/* Where none failed, there is nothing to tell that the study's horizon does not. */
static int compute_catheters(summary_t *s, reader_t *r, error_t *e)
{
    int rc = 0;
    for (size_t arm = 0; s->events[FIELDS_EVENT_CATHETER_FAILED] > 0 && rc == 0 && arm < s->arms;
         arm++) {
        survival_life_t *life = NULL;
        size_t n = 0;
        rc = catheters_lives(r, (int32_t)arm, CATHETERS_ALL, &life, &n, e);
        rc = rc != 0 ? rc : lives_describe(&s->arm[arm].catheters, life, n, e);
        free(life);
    }
    return rc;
}

static int compute_trumpet(summary_t *s, reader_t *r, error_t *e)
{
    return s->trace ? trumpet_trace_compute(&s->trumpet, r, e) : 0;
}

static int compute_history(summary_t *s, reader_t *r, error_t *e)
{
    return s->trace ? 0 : history_compute(&s->history, r, e);
}

static int compute_nested(summary_t *s, reader_t *r, error_t *e)
{
    return s->trace ? 0 : nested_study_compute(&s->nested, r, &s->history, e);
}

/* ---- all ---- */

/* Counts the patients of each arm. */
static int begin(summary_t *s, const outcomes_t *o, reader_t *r, error_t *e)
{
    memset(s, 0, sizeof *s);
    s->provenance = reader_provenance(r);
    s->outcomes = o;
    s->records = o->records;
    s->trace = reader_is_trace(r);
    s->arms = s->provenance->arms.count;
    s->arm = calloc(s->arms + 1, sizeof *s->arm);
    if (s->arm == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu arms", s->arms);
    }
    for (size_t i = 0; i < o->records; i++) {
        if (o->key[i].arm < 0 || (size_t)o->key[i].arm >= s->arms) {
            return ERROR_RAISE(e, ERROR_DATASET_TRUNCATED, "record %zu is of arm %d of %zu", i,
                               o->key[i].arm, s->arms);
        }
        s->arm[o->key[i].arm].patients++;
        s->arm[o->key[i].arm].with_pump += outcomes_has_pump(o, i) ? 1 : 0;
    }
    return 0;
}

int summary_compute(summary_t *s, const outcomes_t *o, reader_t *r, error_t *e)
{
    static int (*const step[])(summary_t *, reader_t *, error_t *) = {
        compute_spreads, compute_totals,    compute_extremes, compute_ledger,  compute_refills,
        compute_lives,   compute_catheters, compute_trumpet,  compute_history, compute_nested};
    int rc = begin(s, o, r, e);
    rc = rc != 0 ? rc : count_choices(r, FIELD_PATIENTS_STOP_REASON, s->stopped, e);
    rc = rc != 0 ? rc : count_choices(r, FIELD_EVENTS_KIND, s->events, e);
    for (size_t i = 0; rc == 0 && i < sizeof step / sizeof step[0]; i++) {
        rc = step[i](s, r, e);
    }
    return rc;
}

void summary_free(summary_t *s)
{
    history_free(&s->history);
    nested_study_free(&s->nested);
    free(s->arm);
    s->arm = NULL;
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
