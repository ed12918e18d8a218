/* SPDX-License-Identifier: Apache-2.0 */
/* The core's own time: the main clock, held against the second oscillator, which knows nothing of it.
 *
 * Nobody can say which of two clocks that disagree is right. Dosing goes by the slower: it can then give too little, never
 * too much. The main clock may lead for as long as it takes to be found out, DOSING_CLOCK_CHECK_MS of its own, and the core's
 * time then stands until the slower has caught up: what was given ahead is not given again. A main clock that stands
 * is found out at the next call. A second oscillator that stands still is dead, and is not followed.
 */
#ifndef DOSING_CLOCK_H
#define DOSING_CLOCK_H

#include "dosing_state.h"

/* Clocks are compared over at least this long, by either. */
#define DOSING_CLOCK_CHECK_MS UINT64_C(3600000)

/* Disagreement of 5 % and 5 s is none. Assumption: an untrimmed RC oscillator strays by a few per cent. */
#define DOSING_CLOCK_PARTS 20u
#define DOSING_CLOCK_SLACK_MS 5000u

typedef struct dosing_reading_t {
    uint64_t now_ms;    /* the core's time: never backwards, and never behind the guard's */
    uint64_t main_ms;   /* as read */
    uint64_t second_ms; /* as read; meaningless unless known */
    uint64_t lead_ms;   /* by which the main clock was found to lead since the latest check */
    uint32_t ppm; /* disagreement since the latest check, where due; 0 without a second reading */
    bool known;   /* the second oscillator answered */
    bool due;     /* long enough since the latest check */
    bool disagree;
} dosing_reading_t;

/* Where the core's time begins: at the main clock's, by a first reading of a state that is all zero. */
void dosing_clock_start(dosing_state_t *state, const dosing_reading_t *first);

/* After dosing_clock_start: the core's time now is `core_ms`, at most 2^54, whatever the main clock says; it goes on from there. */
void dosing_clock_continue(dosing_state_t *state, uint64_t core_ms);

/* Reads both clocks; changes nothing. ERROR_HAL: the main clock did not answer, or nonsense. */
dosing_status_t dosing_clock_read(const dosing_state_t *state, dosing_reading_t *reading);

/* Takes a reading into the state where a check was due: the core follows the slower clock from here on, and CLOCK is
 * raised where they disagree. */
void dosing_clock_keep(dosing_state_t *state, const dosing_reading_t *reading);

/* A time of the core's, below 2^62, as the main clock will show it. */
uint64_t dosing_clock_main(const dosing_state_t *state, uint64_t core_ms);

#endif
