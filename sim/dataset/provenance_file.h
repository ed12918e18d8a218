/* SPDX-License-Identifier: Apache-2.0 */
/* The group /provenance of an HDF5 file: every member of a provenance_t as an attribute, but for the config and the lists
 * of assumptions and warnings, which may be long and are datasets.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program.
 */
#ifndef DATASET_PROVENANCE_FILE_H
#define DATASET_PROVENANCE_FILE_H

#include <hdf5.h>

#include "dataset/provenance.h"

#define PROVENANCE_FILE_BLOCKS 18

/* Creates the group; p->libm is not looked at, this machine's fingerprint is written. 0, or negative on a failure of
 * HDF5. */
int provenance_file_write(hid_t file, const provenance_t *p) __attribute__((warn_unused_result));

/* Reads the group. Fills *p with pointers into owned[], whose elements must be NULL before and are freed by the caller
 * after the last use of *p, also on a failure. 0, or negative when a member is missing or damaged. */
int provenance_file_read(hid_t file, provenance_t *p, char *owned[PROVENANCE_FILE_BLOCKS])
    __attribute__((warn_unused_result));

#endif
