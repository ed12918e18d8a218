/* SPDX-License-Identifier: Apache-2.0 */
/* Verifies a frozen cohort: values, the count of people, provenance, hash. */
#include "dataset/frozen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/frozen_digest.h"

#define BLOCK 1024

/* ---- hash ---- */

/* Rows [start, start + n) of all fields, person after person. */
static int read_rows(frozen_t *f, size_t start, size_t n, double *rows, error_t *e)
{
    const size_t fields = frozen_head(f)->fields;
    double column[BLOCK];
    int rc = 0;
    for (size_t k = 0; rc == 0 && k < fields; k++) {
        rc = frozen_read(f, k, start, n, column, e);
        for (size_t i = 0; rc == 0 && i < n; i++) {
            rows[i * fields + k] = column[i];
        }
    }
    return rc;
}

/* The hash of what is there. */
static int digest(frozen_t *f, char hash[FROZEN_HASH_SIZE], error_t *e)
{
    const size_t fields = frozen_head(f)->fields, people = frozen_people(f);
    double *rows = malloc(BLOCK * fields * sizeof *rows);
    frozen_digest_t d;
    int rc = rows == NULL ? ERROR_RAISE(e, ERROR_MEMORY, "no memory for %d people", BLOCK) : 0;
    frozen_digest_begin(&d, frozen_head(f));
    for (size_t start = 0; rc == 0 && start < people; start += BLOCK) {
        const size_t n = people - start < BLOCK ? people - start : BLOCK;
        rc = read_rows(f, start, n, rows, e);
        if (rc == 0) {
            frozen_digest_add(&d, rows, n * fields);
        }
    }
    frozen_digest_end(&d, hash);
    free(rows);
    return rc;
}

int frozen_verify_identity(frozen_t *f, error_t *e)
{
    char hash[FROZEN_HASH_SIZE];
    const int rc = digest(f, hash, e);
    if (rc != 0 || strcmp(hash, frozen_identity(f)) == 0) {
        return rc;
    }
    return ERROR_RAISE(
        e, ERROR_DATASET_TRUNCATED,
        "the people of this cohort have the hash %.16s, and the file says %.16s: it was "
        "changed or is damaged",
        hash, frozen_identity(f));
}

/* ---- all ---- */

typedef struct audit_t {
    frozen_t *file;
    const verify_sink_t *sink;
    int problems;
} audit_t;

/* The first field counts the people; the others are in their ranges. */
static int is_bad(const frozen_field_t *f, size_t field, size_t row, double value)
{
    return field == 0 ? value != (double)(row + 1)
                      : !isfinite(value) || value < f->low || value > f->high;
}

static int check_field(audit_t *a, size_t field, error_t *e)
{
    const frozen_field_t *f = &frozen_head(a->file)->field[field];
    const size_t people = frozen_people(a->file);
    size_t bad = 0, first = 0;
    double block[BLOCK], value = 0.0;
    int rc = 0;
    for (size_t start = 0; rc == 0 && start < people; start += BLOCK) {
        const size_t n = people - start < BLOCK ? people - start : BLOCK;
        rc = frozen_read(a->file, field, start, n, block, e);
        for (size_t i = 0; rc == 0 && i < n; i++) {
            if (is_bad(f, field, start + i, block[i]) && bad++ == 0) {
                first = start + i;
                value = block[i];
            }
        }
    }
    if (rc == 0 && bad > 0) {
        a->problems += verify_tell(
            a->sink, "people/%s: %zu of %zu values outside %g to %g%s, first %.17g in row %zu",
            f->name, bad, people, f->low, f->high, field == 0 ? " or out of order" : "", value,
            first);
    }
    return rc;
}

static void check_provenance(audit_t *a)
{
    const provenance_t *p = &frozen_head(a->file)->provenance;
    const struct {
        const char *name, *text;
    } row[] = {{"study", p->study}, {"program", p->program}, {"version", p->version},
               {"build", p->build}, {"config", p->config},   {"libm", p->libm}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        if (row[i].text == NULL || row[i].text[0] == '\0') {
            a->problems += verify_tell(a->sink, "provenance: %s is missing", row[i].name);
        }
    }
    if (p->patients != (int64_t)frozen_people(a->file)) {
        a->problems += verify_tell(a->sink, "provenance: %lld people, and there are %zu",
                                   (long long)p->patients, frozen_people(a->file));
    }
}

int frozen_verify(frozen_t *f, const verify_sink_t *sink, error_t *e)
{
    audit_t a = {f, sink, 0};
    char hash[FROZEN_HASH_SIZE];
    int rc = 0;
    check_provenance(&a);
    for (size_t i = 0; rc == 0 && i < frozen_head(f)->fields; i++) {
        rc = check_field(&a, i, e);
    }
    rc = rc != 0 ? rc : digest(f, hash, e);
    if (rc == 0 && strcmp(hash, frozen_identity(f)) != 0) {
        a.problems += verify_tell(a.sink, "hash: the people have %.16s, and the file says %.16s",
                                  hash, frozen_identity(f));
    }
    return rc != 0 ? rc : a.problems;
}
