/* SPDX-License-Identifier: Apache-2.0 */
/* Verifies a whole dataset against what its schema promises, and hashes its values.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program.
 */
#ifndef DATASET_VERIFY_H
#define DATASET_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/fields.h"
#include "dataset/reader.h"
#include "error.h"

/* Largest ledger closure error that passes, relative to the drug from vials: the bound that a trajectory itself is held to
 * at every check. */
#define VERIFY_CLOSURE_MAX 1e-9

#define VERIFY_HASH_SIZE 32

/* Where problems go: one line each, without a newline, `text` borrowed for the call. */
typedef struct verify_sink_t {
    void (*problem)(void *context, const char *text);
    void *context; /* borrowed */
} verify_sink_t;

/* Tells the sink of a problem; returns 1, to be counted. For those who verify a part. */
int verify_tell(const verify_sink_t *sink, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

typedef struct verify_hashes_t {
    uint8_t field[FIELD_COUNT][VERIFY_HASH_SIZE]; /* zeros for a field that the file has not */
    uint8_t total[VERIFY_HASH_SIZE]; /* over all fields with their names, and the index */
} verify_hashes_t;

/* Checks, beyond what reader_open did (schema, types, units, lengths):
 *   values      every one inside its field's valid range and finite; whole numbers of a list named; NaN in floats only
 *   index       keys ascend and are those of `patients`; each table is covered once, in order, without gaps
 *   keys        arms and drugs have names, arms distinct ones; a dataset (not a trace) has every patient of the study in every arm and
 *               replicate
 *   draws       uncertain parameters have keys, each once, ranges that are such and a known shape; every replicate draws each of
 *               them once, in order, within where draws are cut off, of a uniform one within its range
 *   time        the first field of events, daily and refills never falls within a record
 *   ledger      stored and recomputed closure of every row, and the worst along each run, at most VERIFY_CLOSURE_MAX
 *   outcomes    one row for each record, with its key; scores, last dose, refills and their interval, calls, missed visits,
 *               failed orders and dry days as patients, events, refills and daily have them
 *   pumps       lives of a record's pumps follow one another from 1, the last to the end unless it was taken out; volumes and
 *               charge add up to those of patients
 *   canal       samples have every level once and in order, on days that rise and that daily has
 *   provenance  study, program, version, build, core, config and libm are present
 * A field with many bad values is one problem that counts them and names the first.
 * Returns the number of problems, each told to the sink. Errors of reading: ERROR_DATASET_TRUNCATED, ERROR_FILE_READ,
 * ERROR_MEMORY. */
int verify_dataset(reader_t *r, const verify_sink_t *sink, error_t *e)
    __attribute__((warn_unused_result));

/* The part of it that is about the ledger. Returns the number of problems; errors as above. */
int verify_ledger(reader_t *r, const verify_sink_t *sink, error_t *e)
    __attribute__((warn_unused_result));

/* The part of it that is about draws; the same. */
int verify_draws(reader_t *r, const verify_sink_t *sink, error_t *e)
    __attribute__((warn_unused_result));

/* The part of it that is about outcomes; keys[] of all records; the same. */
int verify_outcomes(reader_t *r, const record_key_t *keys, const verify_sink_t *sink, error_t *e)
    __attribute__((warn_unused_result));

/* The part of it that is about pumps; the same. */
int verify_pumps(reader_t *r, const record_key_t *keys, const verify_sink_t *sink, error_t *e)
    __attribute__((warn_unused_result));

/* The part of it that is about the canal. Returns the number of problems; errors as above. */
int verify_canal(reader_t *r, const verify_sink_t *sink, error_t *e)
    __attribute__((warn_unused_result));

/* Hashes of the values as stored: BLAKE2b over the little-endian bytes of each column in order of rows (texts with their final zero), and over all of
 * them, named, with the number of rows of each record. Provenance, chunks and compression are not in it. Errors as above. */
int verify_hash(reader_t *r, verify_hashes_t *h, error_t *e) __attribute__((warn_unused_result));

#endif
