/* SPDX-License-Identifier: Apache-2.0 */
/* Holds uncertain parameters and their draws to what table uncertain says of them. */
#include "dataset/verify.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct audit_t {
    const provenance_draws_t *draws;
    const verify_sink_t *sink;
    int problems;
} audit_t;

static int is_uniform(const audit_t *a, size_t k)
{
    return strcmp(a->draws->shape.name[k], "uniform") == 0;
}

static int has_shape(const audit_t *a, size_t k)
{
    const char *shape = a->draws->shape.name[k];
    return is_uniform(a, k) || strcmp(shape, "normal") == 0 || strcmp(shape, "log_normal") == 0;
}

/* Keys tell the parameters apart; their ranges are ranges. */
static void check_parameter(audit_t *a, size_t k)
{
    const provenance_draws_t *d = a->draws;
    const provenance_range_t *r = &d->range[k];
    for (size_t j = 0; j < k; j++) {
        if (strcmp(d->key.name[j], d->key.name[k]) == 0) {
            a->problems += verify_tell(a->sink, "uncertain/key: rows %zu and %zu are both '%.80s'",
                                       j, k, d->key.name[k]);
        }
    }
    if (d->key.name[k][0] == '\0' || d->unit.name[k][0] == '\0' || !has_shape(a, k)) {
        a->problems +=
            verify_tell(a->sink, "uncertain: row %zu is '%.80s' in '%.40s', drawn '%.40s'", k,
                        d->key.name[k], d->unit.name[k], d->shape.name[k]);
    }
    if (!(r->least <= r->low && r->low < r->high && r->high <= r->most)) {
        a->problems += verify_tell(
            a->sink, "uncertain: row %zu, %.80s, goes from %.17g to %.17g within %.17g to %.17g", k,
            d->key.name[k], r->low, r->high, r->least, r->most);
    }
}

/* A problem for each parameter: how many of its draws are out of bounds. Its central value is the study's. */
static void check_values(audit_t *a, size_t k)
{
    const provenance_draws_t *d = a->draws;
    size_t wrong = 0, first = 0;
    for (size_t r = 0; r <= d->replicates; r++) {
        const double value = d->value[r * d->key.count + k];
        const int narrow = r > 0 && is_uniform(a, k);
        const double least = narrow ? d->range[k].low : d->range[k].least;
        const double most = narrow ? d->range[k].high : d->range[k].most;
        if (!(value >= least && value <= most) && wrong++ == 0) {
            first = r;
        }
    }
    if (wrong > 0) {
        a->problems += verify_tell(
            a->sink,
            "draws/value: %zu of %zu values of %.80s are out of bounds, first %.17g of "
            "replicate %zu",
            wrong, d->replicates + 1, d->key.name[k], d->value[first * d->key.count + k], first);
    }
}

/* Rows are numbered: replicates in order, in each all parameters in order. */
static int check_numbers(audit_t *a, reader_t *r, enum fields_id field, size_t each, size_t cycle,
                         error_t *e)
{
    const fields_t *f = fields_get(field);
    int64_t *number = NULL;
    const int rc = reader_column_i64(r, field, &number, e);
    for (size_t i = 0; rc == 0 && i < reader_rows(r, f->table); i++) {
        const size_t due = i / each % cycle;
        if (number[i] != (int64_t)due) {
            a->problems += verify_tell(
                a->sink,
                "%s/%s: row %zu is %lld, and %zu is due: every replicate has every parameter",
                fields_table(f->table)->name, f->name, i, (long long)number[i], due);
            break;
        }
    }
    free(number);
    return rc;
}

int verify_draws(reader_t *r, const verify_sink_t *sink, error_t *e)
{
    audit_t a = {.draws = &reader_provenance(r)->draws, .sink = sink};
    const size_t n = a.draws->key.count, replicates = a.draws->replicates + 1;
    if (n == 0) {
        return 0;
    }
    for (size_t k = 0; k < n; k++) {
        check_parameter(&a, k);
        check_values(&a, k);
    }
    int rc = check_numbers(&a, r, FIELD_UNCERTAIN_PARAMETER, 1, n, e);
    rc = rc != 0 ? rc : check_numbers(&a, r, FIELD_DRAWS_REPLICATE, n, replicates, e);
    rc = rc != 0 ? rc : check_numbers(&a, r, FIELD_DRAWS_PARAMETER, 1, n, e);
    return rc < 0 ? rc : a.problems;
}
