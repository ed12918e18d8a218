/* SPDX-License-Identifier: Apache-2.0 */
/* Self-test: at every start, before anything is dosed, and daily after the scrub.
 *
 * What is not tested, because it cannot be without moving the motor: that an arm drops by itself, and that a start without
 * an arm moves nothing. The scrub checks the seals of all blocks; every wake checks the words on the path. */
#ifndef DOSING_SELFTEST_H
#define DOSING_SELFTEST_H

#include "dosing_state.h"

/* What arithmetic is known to give. */
typedef struct dosing_answers_t {
    uint64_t a, b;
    uint64_t product;  /* of a and b */
    uint64_t divisor;  /* their greatest */
    uint64_t quotient; /* a / b, rounded up */
    uint32_t crc;      /* of the nine characters 1 to 9 */
} dosing_answers_t;

extern const dosing_answers_t dosing_selftest_known;

/* DOSING_SELFTEST_CRC, _ARITHMETIC where the core's own are others than `known`. */
uint32_t dosing_selftest_answers(const dosing_answers_t *known);

/* Runs every test and keeps what failed in life.selftest; raises SELFTEST or ends it. False where one of
 * DOSING_SELFTEST_STOPS failed: the caller must give up. Pre: the whole state holds. Seals the life block. */
bool dosing_selftest_run(dosing_state_t *state);

#endif
