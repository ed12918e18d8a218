/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a dataset: records in order of keys become one HDF5 file, which appears under its name whole or not at all.
 *
 * The file: one group per table with one 1-D dataset per field (chunked, shuffle, deflate 4, fletcher32, little-endian),
 * each with units, long_name, valid range, flag_values and flag_meanings; the first field of a table is its dimension
 * scale. Group /index: patient, arm, replicate, and for each table but `patients` the offset and count of
 * the record's rows; /arms has one row an arm, its texts with a checksum of their own; /uncertain what the
 * study does not know, and /draws its values in every replicate. Group /provenance: see
 * provenance.h. No times and no random part: the same records and provenance give the same bytes.
 *
 * It is written as PATH.part, then synced and renamed. Memory: one block of rows per field, whatever the number of
 * patients.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program. SIGXFSZ must be ignored by the program.
 */
#ifndef DATASET_WRITER_H
#define DATASET_WRITER_H

#include "dataset/journal.h"
#include "dataset/provenance.h"
#include "dataset/record.h"
#include "error.h"

typedef struct writer_t writer_t;

typedef struct writer_options_t {
    int trace; /* non-zero: a trace, with the TRACE tables; else a dataset without them */
    int overwrite; /* non-zero: an existing file of that name is replaced, at the rename and not before */
} writer_options_t;

/* Begins a dataset. *w is NULL on an error. ERROR_EXISTS when path exists and may not be overwritten;
 * ERROR_FILE_OPEN when PATH.part cannot be made; ERROR_FILE_WRITE; ERROR_LIBRARY; ERROR_MEMORY. */
int writer_create(writer_t **w, const char *path, const provenance_t *p,
                  const writer_options_t *options, error_t *e) __attribute__((warn_unused_result));

/* Adds a record. Keys must ascend: ERROR_INVARIANT otherwise, or when the record has rows in a TRACE table and the file
 * is not a trace. ERROR_FILE_WRITE with the system's reason; ERROR_LIBRARY. After an error only writer_abandon is
 * legal. */
int writer_append(writer_t *w, const record_view_t *record, error_t *e)
    __attribute__((warn_unused_result));

/* Adds the record at an entry of the journal, of which it reads only this frame: others may append meanwhile. Errors of
 * writer_append, journal_read and record_parse. */
int writer_append_entry(writer_t *w, const journal_t *j, const journal_entry_t *entry, error_t *e)
    __attribute__((warn_unused_result));

/* Ends the dataset: the file gets its name. Frees *w and sets it to NULL, also on an error, which leaves nothing
 * under the name (or what was there before) and no PATH.part. ERROR_FILE_WRITE, ERROR_LIBRARY, ERROR_EXISTS. */
int writer_commit(writer_t **w, error_t *e) __attribute__((warn_unused_result));

/* Gives up: removes PATH.part, frees *w and sets it to NULL. Legal on NULL. */
void writer_abandon(writer_t **w);

/* All of the above for a run: sorts the journal and writes its records. The journal stays open and as it was.
 * Errors of the functions above, of journal_sort, journal_read and record_parse. */
int writer_assemble(journal_t *j, const char *path, const provenance_t *p,
                    const writer_options_t *options, error_t *e)
    __attribute__((warn_unused_result));

/* The same for one finished record, without a journal: a trace. */
int writer_single(const record_t *r, const char *path, const provenance_t *p,
                  const writer_options_t *options, error_t *e) __attribute__((warn_unused_result));

#endif
