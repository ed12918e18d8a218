/* SPDX-License-Identifier: Apache-2.0 */
/* Small datasets whose every row a test writes itself. */
#ifndef TESTS_ANALYSIS_SMALL_H
#define TESTS_ANALYSIS_SMALL_H

#include <stdint.h>

#include "dataset/provenance.h"
#include "dataset/reader.h"
#include "dataset/record.h"

#define SMALL_DAY_MS INT64_C(86400000)

/* Writes the rows of one record: `patients` first. `arms`: how many the dataset has. */
typedef void (*small_put_t)(record_t *r, record_key_t key, int arms);

/* Writes a dataset, or a trace, of patients 1 to p->patients in each of p's arms, and opens it; the caller closes it. */
reader_t *small_written(const provenance_t *p, int trace, small_put_t put);

/* The same of a dataset with replicates 0 to `draws` of each patient in each arm. */
reader_t *small_nested(const provenance_t *p, int32_t draws, small_put_t put);

/* The same of a study without interest, with arms "first" and "second". */
reader_t *small_dataset(int64_t patients, int arms, int trace, small_put_t put);

/* A row of `patients` with 4 pulses, the rest as of small_rest. */
void small_patient(record_t *r, record_key_t key);

/* Fills every field of the table's last row that was not set: 1, of whole numbers 0. */
void small_rest(record_t *r, enum fields_table table);

#endif
