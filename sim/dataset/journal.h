/* SPDX-License-Identifier: Apache-2.0 */
/* The journal of a run: finished records appended in any order, safe against being cut off anywhere.
 *
 * File: "THECAJNL", schema version (u32), study hash (32 bytes), CRC-32 of these 44 bytes (u32), then record frames
 * (record.h). Little-endian. Each frame is written whole, so that a kill costs at most the record in flight; what
 * a cut leaves behind the last whole frame is dropped when the journal is opened again.
 *
 * Thread rule: no call locks; the caller serialises calls on one journal. A record is made into bytes by
 * record_finish, outside any lock; an append is one write. SIGXFSZ must be ignored by the program, so that a file
 * too large is an error and not a signal.
 */
#ifndef DATASET_JOURNAL_H
#define DATASET_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/provenance.h"
#include "dataset/record.h"
#include "error.h"

/* Where one record's frame lies: 32 bytes of memory for each record of the run. */
typedef struct journal_entry_t {
    record_key_t key;
    int64_t offset;
    uint64_t size;
} journal_entry_t;

/* Private to journal.c, but for `entry` and `count`, to be read. */
typedef struct journal_t {
    int fd;     /* -1 when closed */
    char *path; /* owned */
    int64_t end;
    int64_t dropped;        /* bytes of torn tail dropped by journal_open */
    journal_entry_t *entry; /* owned; in order of appending, or of keys after journal_sort */
    size_t count;
    size_t capacity;
    size_t sorted; /* entries before this one are in order of keys */
} journal_t;

/* Makes a closed journal, on which every other call but _close is an error. */
void journal_init(journal_t *j);

/* Creates path, which must not exist. ERROR_EXISTS; ERROR_FILE_OPEN; ERROR_FILE_WRITE with the system's reason;
 * ERROR_MEMORY. On an error nothing is left behind. */
int journal_create(journal_t *j, const char *path, const uint8_t hash[PROVENANCE_HASH_SIZE],
                   error_t *e) __attribute__((warn_unused_result));

/* Opens an existing journal to go on: checks header and study, indexes the whole frames, drops a torn tail.
 * ERROR_FILE_OPEN, ERROR_FILE_READ; ERROR_DATASET_FOREIGN when it is not a journal; ERROR_DATASET_TRUNCATED when damaged
 * or cut within its header, unless what is there begins this study's own: that is written again; ERROR_DATASET_VERSION on another schema; ERROR_ARGUMENT when it is of another study, seed,
 * version, core or libm; ERROR_FILE_WRITE when the tail cannot be dropped; ERROR_MEMORY. */
int journal_open(journal_t *j, const char *path, const uint8_t hash[PROVENANCE_HASH_SIZE],
                 error_t *e) __attribute__((warn_unused_result));

/* Appends a finished record with one write. ERROR_ARGUMENT when the record is not finished; ERROR_FILE_WRITE with
 * path, the system's reason and what to do; ERROR_MEMORY. After an error the journal is as it was before the call. */
int journal_append(journal_t *j, const record_t *r, error_t *e) __attribute__((warn_unused_result));

/* The bytes of a finished record that another process made. */
typedef struct journal_frame_t {
    record_key_t key;
    const uint8_t *bytes; /* [size], borrowed */
    size_t size;
} journal_frame_t;

/* The same for its bytes. */
int journal_append_frame(journal_t *j, const journal_frame_t *frame, error_t *e)
    __attribute__((warn_unused_result));

/* Makes what was appended survive a loss of power. ERROR_FILE_WRITE. */
int journal_sync(journal_t *j, error_t *e) __attribute__((warn_unused_result));

/* Sorts the entries by key. ERROR_INVARIANT when two have the same key. */
int journal_sort(journal_t *j, error_t *e) __attribute__((warn_unused_result));

/* 1 when a record with this key is in the sorted part (everything present at the last journal_sort, and everything
 * after journal_open), else 0. */
int journal_has(const journal_t *j, const record_key_t *key);

/* Reads the frame of an entry into *buffer, which is grown with realloc and belongs to the caller. ERROR_FILE_READ,
 * ERROR_MEMORY. */
int journal_read(const journal_t *j, const journal_entry_t *entry, uint8_t **buffer,
                 size_t *capacity, error_t *e) __attribute__((warn_unused_result));

/* Closes and frees; the file stays. Legal on a journal that was only initialised, and twice. */
void journal_close(journal_t *j);

/* Closes, and removes the file: after its dataset was committed. ERROR_FILE_WRITE. */
int journal_remove(journal_t *j, error_t *e) __attribute__((warn_unused_result));

#endif
