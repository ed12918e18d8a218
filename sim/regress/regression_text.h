/* SPDX-License-Identifier: Apache-2.0 */
/* A regression as text for people: a line for each scenario, what differs, and the first difference side by side. */
#ifndef SIM_REGRESS_REGRESSION_TEXT_H
#define SIM_REGRESS_REGRESSION_TEXT_H

#include "regress/regression.h"

#include <stdio.h>

#define REGRESSION_TEXT_SIZE 256
#define REGRESSION_TIME_SIZE 64

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

/* A call: "train_start(30, 120000) = 0". */
void regression_text_call(const recorder_call_t *call, char out[REGRESSION_TEXT_SIZE]);

/* "day 3 06:00:00.000". */
void regression_text_time(int64_t time_ms, char out[REGRESSION_TIME_SIZE]);

#endif
