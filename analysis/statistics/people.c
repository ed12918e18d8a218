/* SPDX-License-Identifier: Apache-2.0 */
/* Reads whose each record is. */
#include "statistics/people.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/walk.h"

typedef struct columns_t {
    record_key_t *key;
    double *implanted;
    int64_t *stop, *stop_ms;
} columns_t;

static int read_columns(reader_t *r, columns_t *c, error_t *e)
{
    int rc = reader_keys(r, &c->key, e);
    rc = rc != 0 ? rc : reader_column_f64(r, FIELD_OUTCOMES_IMPLANTED, &c->implanted, e);
    rc = rc != 0 ? rc : reader_column_i64(r, FIELD_PATIENTS_STOP_REASON, &c->stop, e);
    return rc != 0 ? rc : reader_column_i64(r, FIELD_PATIENTS_STOP_TIME_MS, &c->stop_ms, e);
}

static void free_columns(columns_t *c)
{
    free(c->key);
    free(c->implanted);
    free(c->stop);
    free(c->stop_ms);
}

static int take(people_t *p, const columns_t *c, int32_t draws, size_t arms, error_t *e)
{
    for (size_t i = 0; i < p->records; i++) {
        record_key_t key = c->key[i];
        const int pump = isnan(c->implanted[i]) || c->implanted[i] > 0.0;
        if (key.arm < 0 || (size_t)key.arm >= arms) {
            return ERROR_RAISE(e, ERROR_DATASET_TRUNCATED, "record %zu is of arm %d of %zu", i,
                               key.arm, arms);
        }
        if (draws > 0 && (key.replicate < 0 || key.replicate > draws)) {
            return ERROR_RAISE(e, ERROR_DATASET_TRUNCATED, "record %zu is of replicate %d of %d", i,
                               key.replicate, draws);
        }
        key.arm =
            draws > 0 ? (int32_t)people_apart(draws, (size_t)key.arm, key.replicate) : key.arm;
        p->record[i] = (people_record_t){.key = key,
                                         .pump = pump,
                                         .place = p->with_pump[key.arm],
                                         .stop = (int)c->stop[i],
                                         .followed_d = (double)c->stop_ms[i] / PEOPLE_MS_PER_DAY,
                                         .pump_from_d = (double)NAN};
        p->with_pump[key.arm] += (size_t)pump;
        p->of_arm[key.arm]++;
    }
    return 0;
}

/* When each had its first pump: the table has a record's pumps in their order. */
static int take_pumps(people_t *p, reader_t *r, error_t *e)
{
    static const enum fields_id column[] = {FIELD_PUMPS_IMPLANTED_MS};
    walk_t w;
    int rc = walk_begin(&w, r, column, 1, e);
    for (size_t i = 0; rc == 0 && i < p->records; i++) {
        size_t start = 0, count = 0;
        rc = reader_range(r, TABLE_PUMPS, i, &start, &count, e);
        if (rc == 0 && count > 0) {
            p->record[i].pump_from_d = walk_at(&w, 0, start) / PEOPLE_MS_PER_DAY;
            rc = w.failed;
        }
    }
    walk_end(&w);
    return rc;
}

/* Puts the records of each arm together, in their order. */
static void list_arms(people_t *p)
{
    size_t sum = 0;
    for (size_t arm = 0; arm < p->arms; arm++) {
        p->start[arm] = sum;
        sum += p->of_arm[arm];
        p->of_arm[arm] = 0;
    }
    for (size_t i = 0; i < p->records; i++) {
        const size_t arm = (size_t)p->record[i].key.arm;
        p->list[p->start[arm] + p->of_arm[arm]++] = i;
    }
}

static int read_people(people_t *p, reader_t *r, int32_t draws, error_t *e)
{
    const size_t arms = reader_provenance(r)->arms.count;
    columns_t c = {NULL, NULL, NULL, NULL};
    int rc;
    memset(p, 0, sizeof *p);
    p->records = reader_rows(r, TABLE_PATIENTS);
    p->arms = draws > 0 ? people_apart(draws, arms, 0) : arms;
    if (reader_rows(r, TABLE_OUTCOMES) != p->records) {
        return ERROR_RAISE(e, ERROR_DATASET_TRUNCATED, "%zu rows of outcomes for %zu records",
                           reader_rows(r, TABLE_OUTCOMES), p->records);
    }
    p->record = calloc(p->records + 1, sizeof *p->record);
    p->with_pump = calloc(p->arms + 1, sizeof *p->with_pump);
    p->of_arm = calloc(p->arms + 1, sizeof *p->of_arm);
    p->list = calloc(p->records + 1, sizeof *p->list);
    p->start = calloc(p->arms + 1, sizeof *p->start);
    if (p->record == NULL || p->with_pump == NULL || p->of_arm == NULL || p->list == NULL ||
        p->start == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu records", p->records);
    }
    rc = read_columns(r, &c, e);
    rc = rc != 0 ? rc : take(p, &c, draws, arms, e);
    if (rc == 0) {
        list_arms(p);
    }
    rc = rc != 0 ? rc : take_pumps(p, r, e);
    free_columns(&c);
    return rc;
}

int people_read(people_t *p, reader_t *r, error_t *e)
{
    return read_people(p, r, 0, e);
}

int people_read_apart(people_t *p, reader_t *r, int32_t draws, error_t *e)
{
    return read_people(p, r, draws, e);
}

const size_t *people_of(const people_t *p, size_t arm)
{
    return p->list + p->start[arm];
}

void people_free(people_t *p)
{
    free(p->list);
    free(p->start);
    free(p->record);
    free(p->with_pump);
    free(p->of_arm);
    memset(p, 0, sizeof *p);
}
