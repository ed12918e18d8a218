/* SPDX-License-Identifier: Apache-2.0 */
/* The benchmarks: each prints its lines to stdout, figure beside target. */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

/* CSF transport and plasma alone, one core. */
void bench_csf(void);

/* The dosing core on a fake platform, one core. */
void bench_core(void);

/* The study configs/baclofen-maintenance.yaml: patient-years a second and the budget of a patient-year. */
void bench_study(void);

#endif
