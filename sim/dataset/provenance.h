/* SPDX-License-Identifier: Apache-2.0 */
/* Where a dataset comes from: everything that decides its bytes, and nothing that does not.
 *
 * Never here: number of threads, host, user, paths, wall time. Two runs of the same study by the same build have the
 * same provenance.
 */
#ifndef DATASET_PROVENANCE_H
#define DATASET_PROVENANCE_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/fields.h"

#define PROVENANCE_HASH_SIZE 32
#define PROVENANCE_HASH_CORE 16 /* where the half begins that is of the core alone */
#define PROVENANCE_FINGERPRINT_SIZE 17
#define PROVENANCE_NAMES_MAX 64

/* A list of names, each at most 63 bytes but for settings and the arms' names, which are of any length. */
typedef struct provenance_names_t {
    size_t count; /* at most PROVENANCE_NAMES_MAX */
    const char *name[PROVENANCE_NAMES_MAX];
} provenance_names_t;

/* Where the draws of one uncertain parameter lie, in its unit; see table uncertain. */
typedef struct provenance_range_t {
    double low, high;
    double least, most;
} provenance_range_t;

/* The uncertain parameters of the study and their draws; all 0 where it has none. */
typedef struct provenance_draws_t {
    provenance_names_t key, unit, shape; /* of each parameter */
    const provenance_range_t *range;     /* [key.count] */
    size_t replicates;                   /* draws, beside replicate 0 */
    const double *value;                 /* [replicates + 1][key.count] */
} provenance_draws_t;

/* Strings are UTF-8, borrowed from the caller when writing and from the reader when reading; NULL counts as "". */
typedef struct provenance_t {
    const char *study;       /* short name, study.name */
    const char *title;       /* one line for people */
    const char *description; /* the question in a paragraph of plain text; "": nobody told */
    const char *program;     /* "thecasim" */
    const char *version;     /* of the program */
    const char *build;       /* compiler and flags, see provenance_build */
    const char *core_id; /* what the dosing core that ran says of itself; "none" where none did */
    const char
        *core_code;     /* what tells cores of one id apart: "built-in", its file's hash, "none" */
    const char *config; /* resolved config, YAML */
    const char *assumptions; /* parameters that are assumptions, one a line */
    const char
        *warnings; /* what the study was warned of when it was read, one a line, without places */
    uint64_t seed;
    int64_t patients;            /* N of the study */
    int64_t horizon_ms;          /* end of follow-up, since enrolment */
    provenance_names_t arms;     /* in table arms, as the next is */
    provenance_names_t settings; /* of the arms, in their order: YAML; NULL or missing: "" */
    provenance_names_t drugs;
    provenance_draws_t draws;     /* in tables uncertain and draws */
    provenance_names_t hal_calls; /* names of the hardware calls; empty but in a trace */
    char libm
        [PROVENANCE_FINGERPRINT_SIZE]; /* fingerprint.h; the writer fills it, the reader reads it */
} provenance_t;

/* Identity of a study for its journal, 16 bytes of BLAKE2b each: over all the members above but those of the core and
 * the draws, which follow from config and seed, the schema's version and the fingerprint of this machine's libm; and over core_id and core_code. Resume refuses a journal
 * with another hash. */
void provenance_hash(const provenance_t *p, uint8_t hash[PROVENANCE_HASH_SIZE]);

/* Compiler and the settings that decide its numbers, for the member `build`. Static storage. */
const char *provenance_build(void);

/* What every dataset says of itself. Static storage. */
const char *provenance_note(void);

#endif
