/* SPDX-License-Identifier: Apache-2.0 */
/* The benchmarks: each prints its lines to stdout, figure beside target, and whether the target is met. */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include <stdbool.h>

/* Each figure is the best of so many: what the machine's other work adds is never negative. */
#define BENCH_RUNS 5

/* CSF transport and plasma alone, one core. */
void bench_csf(void);

/* The dosing core on a fake platform, one core. */
void bench_core(void);

/* Pump and catheter alone, one core. */
void bench_device(void);

/* The studies: patient-years a second and the budget of a patient-year. */
void bench_study(void);

typedef enum bench_sense_t { BENCH_AT_LEAST, BENCH_AT_MOST } bench_sense_t;

/* Summary and report of a large dataset, by the program itself. */
void bench_read(void);

/* Prints one line, figure, target and `met` or `missed` by how much, and counts it. A figure that is not a number is
 * missed. */
void bench_line(const char *what, double figure, const char *unit, bench_sense_t sense,
                double target);

/* Prints how many were met and missed; false if one was missed. */
bool bench_count(void);

#endif
