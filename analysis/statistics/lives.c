/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the lives of pumps and describes them year by year. */
#include "statistics/lives.h"

#include <stdlib.h>
#include <string.h>

#include "dataset/walk.h"
#include "statistics/people.h"

/* The columns that a life takes. */
typedef struct columns_t {
    int64_t *patient, *arm, *implanted_ms, *ended_ms, *end;
} columns_t;

static int read_columns(reader_t *r, columns_t *c, error_t *e)
{
    int rc = reader_column_i64(r, FIELD_PUMPS_PATIENT, &c->patient, e);
    rc = rc != 0 ? rc : reader_column_i64(r, FIELD_PUMPS_ARM, &c->arm, e);
    rc = rc != 0 ? rc : reader_column_i64(r, FIELD_PUMPS_IMPLANTED_MS, &c->implanted_ms, e);
    rc = rc != 0 ? rc : reader_column_i64(r, FIELD_PUMPS_ENDED_MS, &c->ended_ms, e);
    return rc != 0 ? rc : reader_column_i64(r, FIELD_PUMPS_END, &c->end, e);
}

static int take(const columns_t *c, size_t row, survival_life_t *life, error_t *e)
{
    const int64_t lasted_ms = c->ended_ms[row] - c->implanted_ms[row];
    if (lasted_ms < 0) {
        return ERROR_RAISE(e, ERROR_DATASET_TRUNCATED, "row %zu of pumps ends before it begins",
                           row);
    }
    life->time = (double)lasted_ms / LIVES_MS_PER_YEAR;
    life->cause = c->end[row] == FIELDS_REASON_HORIZON ? 0 : (int)c->end[row];
    life->whose = c->patient[row];
    return 0;
}

int lives_pumps(reader_t *r, int32_t arm, survival_life_t **life, size_t *n, error_t *e)
{
    const size_t rows = reader_rows(r, TABLE_PUMPS);
    columns_t c = {NULL, NULL, NULL, NULL, NULL};
    int rc;
    *n = 0;
    *life = calloc(rows + 1, sizeof **life);
    rc = *life == NULL ? ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu lives", rows)
                       : read_columns(r, &c, e);
    for (size_t i = 0; rc == 0 && i < rows; i++) {
        if (arm == LIVES_ALL_ARMS || c.arm[i] == arm) {
            rc = take(&c, i, &(*life)[(*n)++], e);
        }
    }
    free(c.patient);
    free(c.arm);
    free(c.implanted_ms);
    free(c.ended_ms);
    free(c.end);
    if (rc < 0) {
        free(*life);
        *life = NULL;
    }
    return rc;
}

/* ---- replicates apart ---- */

enum column { ARM, REPLICATE, PATIENT, IMPLANTED, ENDED, END, COLUMNS };

/* Shows the rows one after the other: counts those of each group in start[group + 1], or puts the lives where each begins. */
static int go_apart(walk_t *w, size_t rows, int32_t draws, survival_life_t *life, size_t *start)
{
    const size_t arms = reader_provenance(w->reader)->arms.count;
    for (size_t row = 0; row < rows && w->failed == 0; row++) {
        const double arm = walk_at(w, ARM, row), replicate = walk_at(w, REPLICATE, row);
        if (w->failed == 0 &&
            !(arm >= 0.0 && arm < (double)arms && replicate >= 0.0 && replicate <= draws)) {
            return ERROR_RAISE(w->e, ERROR_DATASET_TRUNCATED,
                               "row %zu of pumps is of an arm or a replicate that is not there",
                               row);
        }
        size_t *at =
            w->failed == 0 ? &start[people_apart(draws, (size_t)arm, (int32_t)replicate)] : NULL;
        if (at != NULL && life == NULL) {
            ++*at;
        } else if (at != NULL) {
            const double lasted_ms = walk_at(w, ENDED, row) - walk_at(w, IMPLANTED, row);
            const int end = (int)walk_at(w, END, row);
            if (lasted_ms < 0.0) {
                return ERROR_RAISE(w->e, ERROR_DATASET_TRUNCATED,
                                   "row %zu of pumps ends before it begins", row);
            }
            life[(*at)++] = (survival_life_t){lasted_ms / LIVES_MS_PER_YEAR,
                                              end == FIELDS_REASON_HORIZON ? 0 : end,
                                              (int64_t)walk_at(w, PATIENT, row)};
        }
    }
    return w->failed;
}

/* Turns counts into where each group begins. */
static void begin_groups(size_t *start, size_t groups)
{
    size_t sum = 0;
    for (size_t i = 0; i < groups; i++) {
        const size_t count = start[i];
        start[i] = sum;
        sum += count;
    }
}

int lives_apart(reader_t *r, int32_t draws, survival_life_t **life, size_t **start, error_t *e)
{
    static const enum fields_id column[COLUMNS] = {FIELD_PUMPS_ARM,      FIELD_PUMPS_REPLICATE,
                                                   FIELD_PUMPS_PATIENT,  FIELD_PUMPS_IMPLANTED_MS,
                                                   FIELD_PUMPS_ENDED_MS, FIELD_PUMPS_END};
    const size_t groups = people_apart(draws, reader_provenance(r)->arms.count, 0);
    const size_t rows = reader_rows(r, TABLE_PUMPS);
    walk_t w;
    int rc = walk_begin(&w, r, column, COLUMNS, e);
    *life = calloc(rows + 1, sizeof **life);
    *start = calloc(groups + 2, sizeof **start);
    if (rc == 0 && (*life == NULL || *start == NULL)) {
        rc = ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu lives", rows);
    }
    /* One place on: when all is put, each group's end has become the next one's beginning. */
    rc = rc != 0 ? rc : go_apart(&w, rows, draws, NULL, *start + 1);
    if (rc == 0) {
        begin_groups(*start + 1, groups);
        rc = go_apart(&w, rows, draws, *life, *start + 1);
    }
    walk_end(&w);
    if (rc < 0) {
        free(*life);
        free(*start);
        *life = NULL;
        *start = NULL;
    }
    return rc;
}

/* ---- describing them ---- */

static void read_years(const survival_curve_t *c, survival_point_t at[LIVES_YEARS])
{
    for (int y = 0; y < LIVES_YEARS; y++) {
        at[y] = survival_stays(c, (double)(y + 1));
    }
}

static int describe_cause(lives_t *l, survival_life_t *life, size_t n, int cause, error_t *e)
{
    lives_cause_t *row = &l->cause[l->causes];
    survival_curve_t curve;
    int rc;
    row->cause = cause;
    row->ended = 0;
    for (size_t i = 0; i < n; i++) {
        row->ended += life[i].cause == cause ? 1 : 0;
    }
    if (row->ended == 0) {
        return 0;
    }
    rc = survival_incidence(&curve, life, n, cause, e);
    read_years(&curve, row->at);
    survival_free(&curve);
    l->causes++;
    return rc;
}

void lives_cut_deaths(survival_life_t *life, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        life[i].cause = life[i].cause == FIELDS_REASON_DIED ? 0 : life[i].cause;
    }
}

/* The same lives, of which a patient's death ends none. */
static int describe_outlasting(lives_t *l, const survival_life_t *life, size_t n, error_t *e)
{
    survival_life_t *alone = calloc(n + 1, sizeof *alone);
    survival_curve_t curve = {.step = NULL};
    if (alone == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu lives", n);
    }
    for (size_t i = 0; i < n; i++) {
        alone[i] = life[i];
        l->died += life[i].cause == FIELDS_REASON_DIED ? 1 : 0;
    }
    lives_cut_deaths(alone, n);
    const int rc = survival_estimate(&curve, alone, n, SURVIVAL_ANY, e);
    read_years(&curve, l->outlast);
    survival_free(&curve);
    free(alone);
    return rc;
}

int lives_describe(lives_t *l, survival_life_t *life, size_t n, error_t *e)
{
    survival_curve_t curve;
    int most = 0, rc;
    memset(l, 0, sizeof *l);
    rc = survival_estimate(&curve, life, n, SURVIVAL_ANY, e);
    read_years(&curve, l->left);
    survival_free(&curve);
    rc = rc != 0 ? rc : describe_outlasting(l, life, n, e);
    l->lives = n;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        l->ended += life[i].cause > 0 ? 1 : 0;
        most = life[i].cause > most ? life[i].cause : most;
        l->longest_years = life[i].time > l->longest_years ? life[i].time : l->longest_years;
    }
    for (int cause = 1; rc == 0 && cause <= most && l->causes < LIVES_CAUSES; cause++) {
        rc = describe_cause(l, life, n, cause, e);
    }
    return rc;
}
