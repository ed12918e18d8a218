/* SPDX-License-Identifier: Apache-2.0 */
/* Synthetic records whose every value follows from its place, so that any reader of them can be checked. */
#ifndef TESTS_DATASET_FIXTURE_H
#define TESTS_DATASET_FIXTURE_H

#include "dataset/journal.h"
#include "dataset/provenance.h"
#include "dataset/record.h"
#include "dataset/writer.h"

/* Value of a field in a row (counted within its record) of the fixture's records. */
double fixture_f64(enum fields_id field, int64_t patient, size_t row);
int64_t fixture_i64(enum fields_id field, int64_t patient, size_t row);

/* Rows of a table in a patient's record: 1 in patients, else (patient + table) % 4, or `scale` times that. */
size_t fixture_rows(enum fields_table table, int64_t patient, size_t scale);

/* Fills an initialised record, with rows in TRACE tables when trace is not 0, and finishes it; aborts the test on a
 * failure. */
void fixture_record(record_t *r, int64_t patient, size_t scale, int trace);

/* Provenance with every member set. */
void fixture_provenance(provenance_t *p);

/* Writes the path of a file in the test's own folder to path[size]. */
void fixture_path(char *path, size_t size, const char *name);

/* Writes a dataset of patients 1 to n through a journal, in a scrambled order; returns what writer_assemble does. */
int fixture_dataset(const char *path, int64_t n, size_t scale, error_t *e);

/* Reads a whole file; the caller frees. */
unsigned char *fixture_bytes(const char *path, size_t *size);

/* Writes a whole file. */
void fixture_write(const char *path, const void *bytes, size_t size);

#endif
