/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a frozen cohort block by block, and hands out its people. */
#include "cohort/thaw_people.h"

#include <stdlib.h>
#include <string.h>

#include "cohort/person_row.h"

/* People in memory at a time: workers ask for neighbours, so that a block at a border and the next one are enough. */
#define BLOCK 1024
#define BLOCKS 2

typedef struct block_t {
    size_t start, people; /* 0 people: nothing is in it */
    double *row;          /* [people * columns], owned */
} block_t;

struct thaw_people_t {
    frozen_t *file;
    int drugs;
    size_t columns;
    int at[FROZEN_FIELDS_MAX]; /* of each column, its field in the file */
    block_t block[BLOCKS];
    int latest; /* block that was read last */
};

/* ---- people ---- */

static void release(void *context)
{
    thaw_people_t *t = context;
    for (int i = 0; i < BLOCKS; i++) {
        free(t->block[i].row);
    }
    frozen_close(&t->file);
    free(t);
}

static int fill(thaw_people_t *t, block_t *b, size_t start, error_t *e)
{
    const size_t all = frozen_people(t->file), n = all - start < BLOCK ? all - start : BLOCK;
    double column[BLOCK];
    int rc = 0;
    b->people = 0;
    for (size_t k = 0; rc == 0 && k < t->columns; k++) {
        rc = frozen_read(t->file, (size_t)t->at[k], start, n, column, e);
        for (size_t i = 0; rc == 0 && i < n; i++) {
            b->row[i * t->columns + k] = column[i];
        }
    }
    b->start = start;
    b->people = rc == 0 ? n : 0;
    return rc;
}

/* Copies the row of a person, counted from 0. */
static int copy_row(thaw_people_t *t, size_t index, double *row, error_t *e)
{
    const block_t *found = NULL;
    int rc = 0;
    for (int i = 0; i < BLOCKS; i++) {
        const block_t *b = &t->block[i];
        found = index >= b->start && index - b->start < b->people ? b : found;
    }
    if (found == NULL) {
        t->latest = (t->latest + 1) % BLOCKS;
        found = &t->block[t->latest];
#pragma omp critical(cohort_hdf5)
        rc = fill(t, &t->block[t->latest], index / BLOCK * BLOCK, e);
    }
    if (rc == 0) {
        memcpy(row, found->row + (index - found->start) * t->columns, t->columns * sizeof *row);
    }
    return rc;
}

static int give_person(void *context, int64_t patient, struct person_t *person, error_t *e)
{
    thaw_people_t *t = context;
    double row[FROZEN_FIELDS_MAX];
    int rc;
#pragma omp critical(thaw_people)
    rc = copy_row(t, (size_t)(patient - 1), row, e);
    return rc != 0 ? rc : person_row_read(person, t->drugs, row, e);
}

/* ---- opening ---- */

/* Where the file has each column of a person. */
static int map_columns(thaw_people_t *t, const char *path, error_t *e)
{
    t->columns = person_row_columns(t->drugs);
    for (size_t k = 0; k < t->columns; k++) {
        const frozen_field_t *column = person_row_field(k);
        t->at[k] = frozen_find(t->file, column->name);
        const frozen_field_t *field = t->at[k] < 0 ? NULL : &frozen_head(t->file)->field[t->at[k]];
        if (field == NULL || strcmp(field->unit, column->unit) != 0 ||
            strcmp(field->meanings, column->meanings) != 0) {
            return ERROR_RAISE(e, ERROR_DATASET_VERSION,
                               "%s has no field people/%s in %s: another version of the program "
                               "froze it, and this one needs it; freeze the people again",
                               path, column->name, column->unit);
        }
    }
    return 0;
}

static int check_drugs(const study_t *s, const provenance_t *p, error_t *e)
{
    int same = p->drugs.count == (size_t)s->n_drugs;
    for (size_t i = 0; same && i < p->drugs.count; i++) {
        same = strcmp(p->drugs.name[i], s->drug[i].name) == 0;
    }
    return same
               ? 0
               : ERROR_RAISE(e, ERROR_CONFIG,
                             "population.cohort: the people of %s were drawn for %zu drug%s, the "
                             "first %s, and %s has %lld, the first %s; freeze people of this study",
                             s->cohort.file, p->drugs.count, p->drugs.count == 1 ? "" : "s",
                             p->drugs.count > 0 ? p->drugs.name[0] : "none", s->name,
                             (long long)s->n_drugs, s->drug[0].name);
}

static int check_fit(const study_t *s, const frozen_t *f, error_t *e)
{
    const size_t people = frozen_people(f);
    if (s->cohort.hash[0] != '\0' && strcmp(s->cohort.hash, frozen_identity(f)) != 0) {
        return ERROR_RAISE(
            e, ERROR_CONFIG,
            "population.cohort: %s holds other people than those asked for: its hash "
            "is %s, and population.cohort_hash is %.16s...; give the right file, or "
            "that hash",
            s->cohort.path, frozen_identity(f), s->cohort.hash);
    }
    if ((int64_t)people < s->patients) {
        return ERROR_RAISE(
            e, ERROR_CONFIG,
            "population.cohort: %s holds %zu people, and %s has %lld patients; lower "
            "study.patients, or freeze more: thecasim population STUDY.yaml --people "
            "%lld -o COHORT.h5",
            s->cohort.path, people, s->name, (long long)s->patients, (long long)s->patients);
    }
    return check_drugs(s, &frozen_head(f)->provenance, e);
}

int thaw_people_open(thaw_people_t **opened, const study_t *s, error_t *e)
{
    thaw_people_t *t = calloc(1, sizeof *t);
    *opened = NULL;
    if (t == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for the people of %s", s->cohort.path);
    }
    t->drugs = (int)s->n_drugs;
    int rc = frozen_open(&t->file, s->cohort.path, e);
    rc = rc != 0 ? rc : check_fit(s, t->file, e);
    rc = rc != 0 ? rc : map_columns(t, s->cohort.path, e);
    rc = rc != 0 ? rc : frozen_verify_identity(t->file, e);
    for (int i = 0; rc == 0 && i < BLOCKS; i++) {
        t->block[i].row = malloc(BLOCK * t->columns * sizeof(double));
        rc = t->block[i].row != NULL
                 ? 0
                 : ERROR_RAISE(e, ERROR_MEMORY, "no memory for %d people", BLOCK);
    }
    if (rc != 0) {
        release(t);
        return rc;
    }
    *opened = t;
    return 0;
}

const frozen_t *thaw_people_file(const thaw_people_t *t)
{
    return t->file;
}

size_t thaw_people_at(const thaw_people_t *t, size_t column)
{
    return (size_t)t->at[column];
}

study_people_t thaw_people_source(thaw_people_t *t)
{
    return (study_people_t){t, give_person, release};
}
