/* SPDX-License-Identifier: Apache-2.0 */
/* The groups /uncertain and /draws of an HDF5 file: the uncertain parameters of the study and their draws, from the provenance.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program.
 */
#ifndef DATASET_UNCERTAIN_TABLE_H
#define DATASET_UNCERTAIN_TABLE_H

#include <hdf5.h>

#include "dataset/provenance.h"

#define UNCERTAIN_TABLE_BLOCKS 3

/* Write p->draws, without a row where there is none. 0, or negative on a failure that hdf_raise then explains. */
int uncertain_table_write(hid_t file, const provenance_t *p) __attribute__((warn_unused_result));
int uncertain_table_write_draws(hid_t file, const provenance_t *p)
    __attribute__((warn_unused_result));

/* Reads the texts; the numbers are columns like others. They point into the blocks, which the caller frees, also after a
 * failure. Negative when a column is missing, of another shape or damaged, or on no memory. */
int uncertain_table_read(hid_t file, provenance_t *p, char *block[UNCERTAIN_TABLE_BLOCKS])
    __attribute__((warn_unused_result));

#endif
