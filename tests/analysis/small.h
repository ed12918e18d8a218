/* SPDX-License-Identifier: Apache-2.0 */
/* Small datasets whose every row a test writes itself. */
#ifndef TESTS_ANALYSIS_SMALL_H
#define TESTS_ANALYSIS_SMALL_H

#include <stdint.h>

#include "dataset/reader.h"
#include "dataset/record.h"

#define SMALL_DAY_MS INT64_C(86400000)

/* Writes a dataset, or a trace, of patients 1 to n in each arm ("first", "second"), and opens it; the caller closes it.
 * `put` adds what rows it likes to tables other than `patients`; whatever else a row needs is 1, of whole numbers 0. */
reader_t *small_dataset(int64_t patients, int arms, int trace,
                        void (*put)(record_t *r, record_key_t key));

/* Fills every field of the table's last row that was not set. */
void small_rest(record_t *r, enum fields_table table);

#endif
