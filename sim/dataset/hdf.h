/* SPDX-License-Identifier: Apache-2.0 */
/* What writer and reader share of HDF5: its errors as ours, and attributes of fixed-length UTF-8 text and numbers.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program.
 */
#ifndef DATASET_HDF_H
#define DATASET_HDF_H

#include <hdf5.h>
#include <stddef.h>
#include <stdint.h>

#include "dataset/fields.h"
#include "dataset/provenance.h"
#include "error.h"

/* The first failure that HDF5 met since hdf_listen. */
typedef struct hdf_cause_t {
    int reason;     /* errno of the system call that failed, or 0 */
    char text[160]; /* HDF5's own words for the deepest cause, "" when nothing failed */
} hdf_cause_t;

/* From here on, failures of HDF5 in this thread are noted in *cause, which is emptied, and not printed. Ends with
 * the next hdf_listen or hdf_silence, which must come before *cause goes. */
void hdf_listen(hdf_cause_t *cause);

/* From here on, failures of HDF5 in this thread are neither printed nor noted. */
void hdf_silence(void);

/* Raises a failure to write path: ERROR_FILE_WRITE with the text of the errno `reason`, or when that is 0 ERROR_LIBRARY with
 * HDF5's words. */
int hdf_raise_write(error_t *e, const hdf_cause_t *cause, const char *path, int reason);

/* Raises the noted failure to read path: ERROR_FILE_READ with the system's reason where there is one, else
 * ERROR_DATASET_TRUNCATED naming what was read, with HDF5's words. */
int hdf_raise_read(error_t *e, const hdf_cause_t *cause, const char *path, const char *what);

/* Type of a field in a file, explicit little-endian; one of HDF5's constants, not to be closed. */
hid_t hdf_file_type(enum fields_type type);

/* Creates a group that keeps the order of its members and no times. Negative on failure. */
hid_t hdf_group(hid_t parent, const char *name);

/* Writes an attribute. Text of "" is stored as one zero byte; NULL counts as "". 0, or negative on a failure
 * that hdf_raise then explains. */
int hdf_put_text(hid_t object, const char *name, const char *text)
    __attribute__((warn_unused_result));
int hdf_put_number(hid_t object, const char *name, hid_t file_type, hid_t memory_type,
                   const void *values, size_t count) __attribute__((warn_unused_result));
int hdf_put_names(hid_t object, const char *name, const provenance_names_t *names)
    __attribute__((warn_unused_result));

/* Writes a scalar dataset of text into a group, without times; its attribute crc32 is that of the text, since a scalar
 * cannot have fletcher32. */
int hdf_put_document(hid_t group, const char *name, const char *text)
    __attribute__((warn_unused_result));

/* Writes a 1-D dataset of texts of any length, the same way, and leaves it open for its attributes; the caller closes
 * it. Negative on a failure. */
hid_t hdf_put_lines(hid_t group, const char *name, const provenance_names_t *lines);

/* Reads what those above wrote; text is allocated, the caller frees it. Negative when it is missing, has another type or
 * shape, has a wrong checksum, or on no memory. hdf_get_names and hdf_get_lines fill names->name with pointers into *block. */
int hdf_get_text(hid_t object, const char *name, char **text) __attribute__((warn_unused_result));
int hdf_get_number(hid_t object, const char *name, hid_t memory_type, void *value)
    __attribute__((warn_unused_result));
int hdf_get_names(hid_t object, const char *name, provenance_names_t *names, char **block)
    __attribute__((warn_unused_result));
int hdf_get_lines(hid_t group, const char *name, provenance_names_t *lines, char **block)
    __attribute__((warn_unused_result));
int hdf_get_document(hid_t group, const char *name, char **text)
    __attribute__((warn_unused_result));

/* 1 when every chunk that holds a row of [start, start + count) is there and went through all filters. The list of
 * chunks has no checksum: damage there reads as fill values, or as bytes out of order, with success. */
int hdf_chunks_are_sound(hid_t dataset, size_t start, size_t count);

#endif
