/* SPDX-License-Identifier: Apache-2.0 */
/* Makes every estimate again of each draw, a column of the dataset at a time. */
#include "summary/nested_study.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "summary/nested_course.h"

enum combine { FIRST, RATIO, DIFFERENCE };
enum kind { MEAN, MEDIAN };

static const struct {
    const char *key, *label;
    enum fields_id field[2];
    enum combine combine;
    enum kind kind;
} quantities[NESTED_QUANTITIES] = {
#define NESTED_QUANTITY(symbol, key, label, first, second, combine, kind)                          \
    {key, label, {FIELD_PATIENTS_##first, FIELD_PATIENTS_##second}, combine, kind},
#include "summary/nested_study.def"
#undef NESTED_QUANTITY
};

static const enum fields_id outcome_field[OUTCOMES_COUNT] = {
#define OUTCOME(symbol, label, kind, reference) FIELD_OUTCOMES_##symbol,
#include "summary/outcomes.def"
#undef OUTCOME
};

nested_quantity_t nested_study_quantity(enum nested_study_quantity quantity)
{
    const enum combine combine = quantities[quantity].combine;
    return (nested_quantity_t){quantities[quantity].key, quantities[quantity].label,
                               combine == RATIO ? "1"
                                                : fields_get(quantities[quantity].field[0])->unit,
                               quantities[quantity].kind == MEDIAN};
}

/* ---- estimates of one group ---- */

/* A column with room to work on the values of a group. */
typedef struct work_t {
    const double *value; /* [records] */
    double *scratch;     /* [records of the largest group] */
} work_t;

/* The values of a group that are there, or of those in it with a pump; how many. */
static size_t gather(const work_t *w, const people_t *p, size_t group, int pumps)
{
    const size_t *list = people_of(p, group);
    size_t n = 0;
    for (size_t i = 0; i < p->of_arm[group]; i++) {
        const double value = w->value[list[i]];
        if (!isnan(value) && (!pumps || p->record[list[i]].pump)) {
            w->scratch[n++] = value;
        }
    }
    return n;
}

static nested_draw_t mean_of(const double *value, size_t n)
{
    const double mean = n > 0 ? gsl_stats_mean(value, 1, n) : (double)NAN;
    const double sd = n > 1 ? gsl_stats_sd_m(value, 1, n, mean) : (double)NAN;
    return (nested_draw_t){mean, nested_variance_mean(n, sd), n};
}

static nested_draw_t share_of(const double *value, size_t n)
{
    const double mean = n > 0 ? gsl_stats_mean(value, 1, n) : (double)NAN;
    return (nested_draw_t){
        mean, n > 0 ? nested_variance_share((size_t)llround(mean * (double)n), n) : mean, n};
}

static nested_draw_t median_of(double *value, size_t n)
{
    gsl_sort(value, 1, n);
    return (nested_draw_t){n > 0 ? gsl_stats_quantile_from_sorted_data(value, 1, n, 0.5)
                                 : (double)NAN,
                           nested_variance_median(value, n), n};
}

/* Each patient's value in `second` less that in `first`, of who has both. Lists ascend in patients. */
static size_t pair_up(const work_t *w, const people_t *p, size_t first, size_t second)
{
    const size_t *x = people_of(p, first), *y = people_of(p, second);
    size_t i = 0, k = 0, n = 0;
    while (i < p->of_arm[first] && k < p->of_arm[second]) {
        const int64_t a = p->record[x[i]].key.patient, b = p->record[y[k]].key.patient;
        if (a == b) {
            w->scratch[n] = w->value[y[k]] - w->value[x[i]];
            n += isnan(w->scratch[n]) ? 0 : 1;
        }
        i += a <= b ? 1 : 0;
        k += b <= a ? 1 : 0;
    }
    return n;
}

/* ---- rows ---- */

static void describe_outcome(const nested_pass_t *p, const work_t *w, size_t arm,
                             enum outcomes_id which)
{
    const int32_t draws = p->study->draws;
    const int share = outcomes_row(which).kind == OUTCOMES_SHARE;
    nested_arm_t *to = &p->study->arm[arm];
    for (int32_t r = 0; r <= draws; r++) {
        const size_t n = gather(w, p->people, people_apart(draws, arm, r), 0);
        p->draw[r] = share ? share_of(w->scratch, n) : mean_of(w->scratch, n);
    }
    nested_course_row(p, &to->outcome[which]);
    for (int32_t r = 0; r <= draws && arm > 0; r++) {
        const size_t n =
            pair_up(w, p->people, people_apart(draws, 0, r), people_apart(draws, arm, r));
        p->draw[r] = mean_of(w->scratch, n);
    }
    if (arm > 0) {
        nested_course_row(p, &to->difference[which]);
    }
}

static int describe_outcomes(const nested_pass_t *p, work_t *w, error_t *e)
{
    int rc = 0;
    for (int i = 0; rc == 0 && i < OUTCOMES_COUNT; i++) {
        double *value = NULL;
        rc = reader_column_f64(p->reader, outcome_field[i], &value, e);
        w->value = value;
        for (size_t arm = 0; rc == 0 && arm < p->study->arms; arm++) {
            describe_outcome(p, w, arm, (enum outcomes_id)i);
        }
        free(value);
    }
    return rc;
}

static void describe_quantity(const nested_pass_t *p, const work_t *w, size_t arm, size_t which)
{
    const int32_t draws = p->study->draws;
    for (int32_t r = 0; r <= draws; r++) {
        const size_t n = gather(w, p->people, people_apart(draws, arm, r), 1);
        p->draw[r] =
            quantities[which].kind == MEDIAN ? median_of(w->scratch, n) : mean_of(w->scratch, n);
    }
    nested_course_row(p, &p->study->arm[arm].quantity[which]);
}

static int read_quantity(reader_t *r, size_t which, double **value, error_t *e)
{
    const enum combine combine = quantities[which].combine;
    double *second = NULL;
    int rc = reader_column_f64(r, quantities[which].field[0], value, e);
    if (rc == 0 && combine != FIRST) {
        rc = reader_column_f64(r, quantities[which].field[1], &second, e);
    }
    for (size_t i = 0; rc == 0 && combine != FIRST && i < reader_rows(r, TABLE_PATIENTS); i++) {
        const double first = (*value)[i];
        (*value)[i] = combine == DIFFERENCE ? first - second[i]
                      : second[i] > 0.0     ? first / second[i]
                                            : (double)NAN;
    }
    free(second);
    return rc;
}

static int describe_quantities(const nested_pass_t *p, work_t *w, error_t *e)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < NESTED_QUANTITIES; i++) {
        double *value = NULL;
        rc = read_quantity(p->reader, i, &value, e);
        w->value = value;
        for (size_t arm = 0; rc == 0 && arm < p->study->arms; arm++) {
            describe_quantity(p, w, arm, i);
        }
        free(value);
    }
    return rc;
}

/* ---- all ---- */

static size_t largest(const people_t *p)
{
    size_t most = 0;
    for (size_t i = 0; i < p->arms; i++) {
        most = p->of_arm[i] > most ? p->of_arm[i] : most;
    }
    return most;
}

static int describe(const nested_pass_t *p, const history_t *h, error_t *e)
{
    work_t w = {NULL, calloc(largest(p->people) + 1, sizeof *w.scratch)};
    int rc = w.scratch == NULL || p->draw == NULL
                 ? ERROR_RAISE(e, ERROR_MEMORY, "no memory for %d draws", (int)p->study->draws)
                 : describe_outcomes(p, &w, e);
    rc = rc != 0 ? rc : describe_quantities(p, &w, e);
    free(w.scratch);
    return rc != 0 ? rc : nested_course(p, h, e);
}

static int begin(nested_study_t *n, const history_t *h, reader_t *r, error_t *e)
{
    const size_t each = (HISTORY_CURVE_DAYS - 1) / NESTED_DAYS;
    n->draws = reader_draws(r);
    n->arms = h->people.arms;
    n->windows = h->windows;
    for (size_t d = 0; d < NESTED_DAYS; d++) {
        n->day[d] = h->occurrences.day[(d + 1) * each];
    }
    n->arm = calloc(n->arms + 1, sizeof *n->arm);
    return n->arm != NULL ? 0 : ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu arms", n->arms);
}

int nested_study_compute(nested_study_t *n, reader_t *r, const history_t *h, error_t *e)
{
    people_t people = {0};
    memset(n, 0, sizeof *n);
    if (reader_draws(r) == 0) {
        return 0;
    }
    nested_pass_t pass = {n, r, &people, NULL};
    int rc = begin(n, h, r, e);
    rc = rc != 0 ? rc : reader_show(r, READER_ALL, e);
    rc = rc != 0 ? rc : people_read_apart(&people, r, n->draws, e);
    pass.draw = calloc((size_t)n->draws + 1, sizeof *pass.draw);
    rc = rc != 0 ? rc : describe(&pass, h, e);
    free(pass.draw);
    people_free(&people);
    const int back = reader_show(r, READER_CENTRAL, e); /* it has been before: it cannot fail */
    return rc != 0 ? rc : back;
}

void nested_study_free(nested_study_t *n)
{
    free(n->arm);
    memset(n, 0, sizeof *n);
}
