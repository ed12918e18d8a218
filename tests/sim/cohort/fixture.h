/* SPDX-License-Identifier: Apache-2.0 */
/* What the cohort tests share: the example study made small, and places for datasets. */
#ifndef TESTS_COHORT_FIXTURE_H
#define TESTS_COHORT_FIXTURE_H

#include "config/study.h"
#include "dataset/record.h"
#include "host/core.h"

#include <stddef.h>

#define FIXTURE_PATH_SIZE 256

/* The study configs/baclofen-maintenance.yaml with `set` (ending in NULL) replaced and no events. Fails the
 * test where it is refused. */
study_t fixture_study(const char *const set[]);

/* A study given whole, as text. */
study_t fixture_text(const char *text);

/* A path in the test's own folder; returns it. */
const char *fixture_path(const char *name, char path[FIXTURE_PATH_SIZE]);

/* Runs one patient of a study to its horizon into *r, initialised here and finished; *view borrows from it. The study
 * is an arm's own; the key's arm is only written down. */
void fixture_live(const study_t *s, record_key_t key, record_t *r, record_view_t *view);

/* The same to an end by `stop`, FIELDS_STOP_*. */
void fixture_live_until(const study_t *s, record_key_t key, int stop, record_t *r,
                        record_view_t *view);

/* The same to the horizon for patient 1. */
void fixture_run(const study_t *s, record_t *r, record_view_t *view);

/* One patient lived, with what it left behind. */
typedef struct fixture_life_t {
    study_t study;
    record_t record;
    record_view_t view; /* borrows from the record */
} fixture_life_t;

/* Patient 1 of a study given as text; and the end of it. */
fixture_life_t fixture_lived(const char *text);
void fixture_ended(fixture_life_t *l);

/* Fails the test, with the first place, where two files are not the same bytes. */
void fixture_same_bytes(const char *a, const char *b);

/* A row of a field. */
double fixture_at(const fixture_life_t *l, enum fields_id field, size_t row);

/* The last row of a field. */
double fixture_last(const record_t *r, const record_view_t *view, enum fields_id field);

#endif
