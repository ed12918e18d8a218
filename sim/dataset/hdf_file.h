/* SPDX-License-Identifier: Apache-2.0 */
/* HDF5 files of ours: made, opened, and read row by row, whatever is in them.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program.
 */
#ifndef DATASET_HDF_FILE_H
#define DATASET_HDF_FILE_H

#include <hdf5.h>
#include <stddef.h>

#include "dataset/hdf.h"
#include "error.h"

/* Makes an empty file whose writes do not fail but leave an errno in *reason (sink.h), without times, its members in order. *driver is for
 * hdf_file_close, also after a failure, which is a negative number. */
hid_t hdf_file_create(const char *path, hid_t *driver, int *reason);

/* Closes *file and gives back *driver, where they are positive, and sets both to 0. Negative where HDF5 could not close. */
int hdf_file_close(hid_t *file, hid_t *driver);

/* Opens a file to read; *cause listens. *file is 0 on an error: ERROR_FILE_OPEN, ERROR_FILE_READ; ERROR_DATASET_FOREIGN where it is
 * empty or not HDF5; ERROR_DATASET_TRUNCATED. */
int hdf_file_open(hid_t *file, const char *path, const hdf_cause_t *cause, error_t *e)
    __attribute__((warn_unused_result));

/* Reads rows [start, start + count), which must be there, of a 1-D dataset in chunks as values of a memory type. Negative on a
 * failure, and where a chunk is not there or not whole. */
int hdf_file_rows(hid_t dataset, hid_t type, size_t start, size_t count, void *values)
    __attribute__((warn_unused_result));

#endif
