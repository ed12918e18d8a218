/* SPDX-License-Identifier: Apache-2.0 */
/* Which patients the explorer holds, and how finely. Thread rule: any thread. */
#ifndef ANALYSIS_EXPLORER_CHOICE_H
#define ANALYSIS_EXPLORER_CHOICE_H

#include <stddef.h>

#include "error.h"
#include "page/source.h"

typedef struct explorer_choice_t {
    unsigned char *
        taken; /* owned, [records of the source]: 1 for each that is held; all arms of a patient, replicate 0 */
    size_t records; /* held */
    size_t of;      /* of so many of replicate 0 */
    int days;       /* days to a point; above 1 each is a least and a greatest */
    int samples;    /* of the canal: of so many the first is held */
} explorer_choice_t;

/* Chooses for `bytes`. explorer_choice_free is legal after a failure. ERROR_MEMORY. */
int explorer_choice(explorer_choice_t *c, const source_t *s, size_t bytes, error_t *e)
    __attribute__((warn_unused_result));
void explorer_choice_free(explorer_choice_t *c);

#endif
