/* SPDX-License-Identifier: Apache-2.0 */
/* The group /arms of an HDF5 file: the arms of the study with what sets each apart, from the provenance and back.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program.
 */
#ifndef DATASET_ARMS_TABLE_H
#define DATASET_ARMS_TABLE_H

#include <hdf5.h>

#include "dataset/provenance.h"

/* Writes p->arms and p->settings as columns of their own. 0, or negative on a failure that hdf_raise then explains. */
int arms_table_write(hid_t file, const provenance_t *p) __attribute__((warn_unused_result));

/* Reads them; the strings point into the two blocks, which the caller frees, also after a failure. Negative when a
 * column is missing, of another shape or damaged, or on no memory. */
int arms_table_read(hid_t file, provenance_t *p, char **names, char **settings)
    __attribute__((warn_unused_result));

#endif
