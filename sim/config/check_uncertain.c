/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of `uncertain` against each other and against the study. */
#include "config/check_uncertain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config/uncertain.h"

#define ERROR_AT(r, path, ...) reading_report((r), DIAGNOSTIC_ERROR, (path), __VA_ARGS__)

static void place(int64_t k, const char *step, char path[DOCUMENT_PATH_SIZE])
{
    snprintf(path, DOCUMENT_PATH_SIZE, "uncertain[%lld].%s", (long long)k, step);
}

static int is_twice(const reading_t *r, int64_t k)
{
    const study_uncertain_t *u = r->study->uncertain;
    char path[DOCUMENT_PATH_SIZE];
    for (int64_t j = 0; j < k; j++) {
        if (reading_failed(r, u[j].key) || strcmp(u[j].key, u[k].key) != 0)
            continue;
        place(k, "key", path);
        ERROR_AT(r, path, "%s is also the key of uncertain[%lld]; keep one", u[k].key,
                 (long long)j);
        return 1;
    }
    return 0;
}

/* 1 if the study has the key, so that its value may be looked at. */
static int is_there(const reading_t *r, int64_t k)
{
    const study_uncertain_t *u = &r->study->uncertain[k];
    field_index_t at;
    uint64_t bits;
    char path[DOCUMENT_PATH_SIZE];
    const field_t *f = uncertain_field(u->key, &at);
    place(k, "key", path);
    if (f->owner == FIELD_DRUG && at.item >= (size_t)r->study->n_drugs) {
        ERROR_AT(r, path, "%s: the study has %lld drug%s, counted from 0", u->key,
                 (long long)r->study->n_drugs, r->study->n_drugs == 1 ? "" : "s");
        return 0;
    }
    const char *base = field_base(r->study, f->owner, at);
    const field_when_t *lacks = field_lacks(f, base);
    if (lacks != NULL) {
        if (!r->arm)
            ERROR_AT(r, path, "%s applies only where %s; remove the row", u->key, lacks->says);
        return 0;
    }
    memcpy(&bits, base + f->offset, sizeof bits);
    if (f->optional && bits == 0) {
        ERROR_AT(r, path, "%s is not given by the study; give it, or remove the row", u->key);
        return 0;
    }
    return !reading_failed(r, base + f->offset);
}

/* 1 if the range is one. */
static int check_range(const reading_t *r, int64_t k)
{
    const study_uncertain_t *u = &r->study->uncertain[k];
    char path[DOCUMENT_PATH_SIZE];
    place(k, "low", path);
    if (u->low >= u->high) {
        ERROR_AT(r, path, "%.9g is not below high, %.9g", u->low, u->high);
        return 0;
    }
    if (!reading_failed(r, &u->shape) && u->shape == STUDY_SHAPE_LOG_NORMAL && u->low <= 0.0)
        ERROR_AT(r, path, "%.9g has no logarithm; give one above 0, or shape: normal", u->low);
    return 1;
}

static void check_row(const reading_t *r, int64_t k)
{
    const study_t *s = r->study;
    const study_uncertain_t *u = &s->uncertain[k];
    char path[DOCUMENT_PATH_SIZE];
    if (reading_failed(r, u->key) || is_twice(r, k))
        return;
    const int there = is_there(r, k);
    if (reading_failed(r, &u->low) || reading_failed(r, &u->high) || !check_range(r, k) || !there)
        return;
    const double central = uncertain_value(s, k, 0);
    const char *pure = strcmp(u->unit, "1") == 0 ? "" : u->unit;
    place(k, "key", path);
    if (central < u->low || central > u->high)
        reading_report(r, DIAGNOSTIC_WARNING, path,
                       "the study's own value of %s, %.9g%s%s, is not from %.9g to %.9g: replicate "
                       "0 lies outside of what the others are drawn from",
                       u->key, central, pure[0] != '\0' ? " " : "", pure, u->low, u->high);
}

void check_uncertain(const reading_t *r)
{
    const study_t *s = r->study;
    if (!reading_failed(r, &s->parameter_draws) && s->parameter_draws > 0 &&
        !reading_failed(r, &s->n_uncertain) && s->n_uncertain == 0)
        ERROR_AT(r, "study.parameter_draws",
                 "nothing is there to draw; list what the study does not know under uncertain, as "
                 "in configs/uncertain, or write 0");
    for (int64_t k = 0; k < s->n_uncertain; k++)
        check_row(r, k);
}
