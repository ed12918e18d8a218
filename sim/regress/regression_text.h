/* SPDX-License-Identifier: Apache-2.0 */
/* A regression as text for people: a line for each scenario, what differs, and the first difference side by side. */
#ifndef SIM_REGRESS_REGRESSION_TEXT_H
#define SIM_REGRESS_REGRESSION_TEXT_H

#include "regress/call_text.h"
#include "regress/regression.h"

#include <stdio.h>

#define REGRESSION_TEXT_SIZE CALL_TEXT_SIZE

/* Names of what was compared; borrowed. */
typedef struct regression_names_t {
    const char *path;             /* of the suite */
    const char *core[POOL_SIDES]; /* path; NULL: the built-in one */
    const char *id[POOL_SIDES];   /* core_id */
} regression_names_t;

void regression_text_print(const regression_t *r, const regression_names_t *names, FILE *out);

/* The command that does the same again, with a line's end. */
void regression_text_replay(const regression_names_t *names, FILE *out);

/* What differs, in one phrase that claims no more than was seen: "sound alone; no volume, no exposure". */
void regression_text_summary(const regression_t *r, char out[REGRESSION_TEXT_SIZE]);

/* One difference: "volume of 24 h: 0.6 -> 0.604 mL, day 3 06:00". */
void regression_text_difference(const compare_difference_t *d, char out[REGRESSION_TEXT_SIZE]);

/* How a side ended: "lived", "crashed: Segmentation fault, after 1234 calls, at day 3 06:00:00.000". */
void regression_text_end(const regression_end_t *end, char out[REGRESSION_TEXT_SIZE]);

/* Call `i` of the windows around the first difference on both sides, "" where a side has none. False: there are no more; they begin at
 * regression_text_calls_from and differ from d->at on. */
typedef struct regression_text_calls_t {
    char when[CALL_TEXT_TIME_SIZE];
    char side[POOL_SIDES][REGRESSION_TEXT_SIZE];
} regression_text_calls_t;

size_t regression_text_calls_from(const divergence_t *d);
bool regression_text_calls(const divergence_t *d, size_t i, regression_text_calls_t *out);

#endif
