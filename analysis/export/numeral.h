/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as text that reads back the same, to the bit.
 *
 * Thread rule: any thread; the locale must be "C", as the program leaves it.
 */
#ifndef ANALYSIS_NUMERAL_H
#define ANALYSIS_NUMERAL_H

#include <stdint.h>

#define NUMERAL_SIZE 32
#define NUMERAL_ELAPSED_SIZE 48

/* The shortest of 15 to 17 significant digits, of a float of 6 to 9, that strtod, or strtof, reads back as `value`; "INF" and
 * "-INF", as Frictionless writes them; "" for NaN, which is no value. Returns text. */
const char *numeral_f64(double value, char text[NUMERAL_SIZE]);
const char *numeral_f32(float value, char text[NUMERAL_SIZE]);

/* Milliseconds as a duration of ISO 8601, "P12DT3H4M5.678S": exact. Returns text. time_ms >= 0. */
const char *numeral_elapsed(int64_t time_ms, char text[NUMERAL_ELAPSED_SIZE]);

/* The day of a study in which a time lies: the first is 1, as the CDISC standards count. */
int64_t numeral_study_day(int64_t time_ms);

#endif
