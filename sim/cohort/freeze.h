/* SPDX-License-Identifier: Apache-2.0 */
/* Draws the people of an arm of a study without living them, and freezes them to a file (dataset/frozen.h).
 *
 * A person is a pure function of study and key, so that the file is the same for any number of threads. Memory is constant in people.
 */
#ifndef SIM_COHORT_FREEZE_H
#define SIM_COHORT_FREEZE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "config/study.h"
#include "dataset/frozen.h"
#include "error.h"

typedef struct freeze_t {
    const study_t *study; /* borrowed; its patients are drawn */
    int32_t arm;
    const char *path; /* of the file */
    int jobs;         /* threads, >= 1 */
    bool overwrite;
    void (*progress)(void *context, int64_t done, int64_t total); /* NULL: none */
    void *context;
    const volatile sig_atomic_t *interrupt; /* not 0: give up, nothing is left; NULL: none */
} freeze_t;

/* Writes the file; its hash to `hash`. The errors of embody_person, of the lowest patient, with e->patient; ERROR_INTERRUPTED; those of
 * frozen_writer.h. */
int freeze_run(const freeze_t *f, char hash[FROZEN_HASH_SIZE], error_t *e)
    __attribute__((warn_unused_result));

#endif
