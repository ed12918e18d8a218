/* SPDX-License-Identifier: Apache-2.0 */
/* What a core did day by day, in whole numbers that people can check by hand: 300 ug/day of 500 ug/mL by pulses of 0.25 uL are
 * 2,400 pulses a day.
 *
 * Days are the pump's: of 24 h on its clock since it came to life. Of a patient's later pumps the clock begins anew; their
 * days are added to the first ones.
 * Thread rule: one thread at a time.
 */
#ifndef SIM_REGRESS_DAYBOOK_H
#define SIM_REGRESS_DAYBOOK_H

#include "error.h"
#include "host/recorder.h"

#include <stddef.h>
#include <stdint.h>

typedef struct daybook_day_t {
    int64_t pulses;   /* of the trains begun */
    int64_t stops;    /* of trains */
    int64_t tones;    /* begun */
    int64_t writes;   /* into the store, and erases */
    int64_t received; /* frames */
    int64_t sent;
} daybook_day_t;

typedef struct daybook_t {
    daybook_day_t *day; /* [days], owned */
    size_t days;
} daybook_t;

/* Empty, for a life of horizon_ms > 0. ERROR_MEMORY. */
int daybook_init(daybook_t *b, int64_t horizon_ms, error_t *e) __attribute__((warn_unused_result));
void daybook_free(daybook_t *b);

/* Notes a call that succeeded; others change nothing. What lies behind the last day is noted in it. */
void daybook_note(daybook_t *b, const recorder_call_t *call);

#endif
