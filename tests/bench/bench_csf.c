/* SPDX-License-Identifier: Apache-2.0 */
/* Three figures of the transport path: CSF with sites read, CSF with every state written, plasma alone. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "body/csf_basis.h"
#include "body/csf_propagator.h"
#include "body/lanes.h"
#include "body/plasma.h"
#include "tests/bench/bench.h"

#define CELLS 60
#define SITES 8
#define STATES_PADDED 64
#define YEARS 10
#define HOURS (YEARS * 8766 / 24 * 24)
#define CHANGE 6 /* hours between changes of input */
#define BLOCK 24 /* hours read together */
#define HOUR_STRIDE 2

/* Of this thread alone, so that a busy machine does not count. */
static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double area(double x_cm)
{
    return x_cm < 24.0 ? 1.64 : 1.2;
}

typedef struct subject_t {
    csf_grid_t grid;
    csf_operator_t op;
    csf_basis_t basis;
    plasma_t plasma;
    csf_propagator_t step;
    double *blood;
} subject_t;

static int subject_init(subject_t *s, int number)
{
    double edge[CELLS + 1];
    drug_param_t drug = parameters_drug();
    const csf_line_t line = {.cells = CELLS,
                             .edge_cm = edge,
                             .area_cm2 = area,
                             .dispersion_cm2_per_h = 300.0 + number,
                             .flow_ml_per_h = 0.0};
    for (int i = 0; i <= CELLS; i++)
        edge[i] = 65.0 * i / CELLS;
    drug.cord_in_per_h = 0.0;
    memset(s, 0, sizeof *s);
    if (csf_grid_line(&s->grid, &line, NULL) != 0 ||
        csf_operator_init(&s->op, &s->grid, &drug, NULL) != 0 ||
        csf_basis_init(&s->basis, &s->op, NULL) != 0 || plasma_init(&s->plasma, &drug, NULL) != 0)
        return -1;
    s->blood = lanes_alloc(s->basis.padded);
    if (s->blood == NULL)
        return -1;
    for (size_t c = 0; c < CELLS; c++)
        for (size_t i = 0; i < s->basis.padded; i++)
            s->blood[i] += s->op.blood_per_h[c] * s->basis.to_mass[c * s->basis.padded + i];
    csf_filters_t f = {.count = 2};
    for (int j = 0; j < 2; j++) {
        f.rate_per_h[j] = s->plasma.rate_per_h[j];
        f.weight[j] = s->blood;
        f.integral_per_h[j] = s->plasma.elimination_per_h * s->plasma.amount[0][j];
    }
    return csf_propagator_init(&s->step, &s->basis, s->basis.from_mass + 20 * s->basis.padded, 12.5,
                               &f, NULL);
}

static void subject_free(subject_t *s)
{
    csf_propagator_free(&s->step);
    csf_basis_free(&s->basis);
    csf_operator_free(&s->op);
    csf_grid_free(&s->grid);
    free(s->blood);
}

/* Column `column` of a panel reads the concentration of a cell, ng/mL. */
static void panel_cell(const subject_t *s, int cell, double *panel, size_t width, size_t column)
{
    const double scale = 1000.0 / s->grid.volume_ml[cell];
    for (size_t i = 0; i < CELLS; i++)
        panel[i * width + column] = scale * s->basis.to_mass[(size_t)cell * s->basis.padded + i];
}

/* Ten years of one subject: hourly, input changing every six hours, `width` columns read. The sum keeps
 * the compiler from dropping the reads. */
static double run_hours(subject_t *s, int sites, size_t width, double *panel, double *y,
                        double *out, double *amplitude)
{
    double sum = 0.0, plasma[BLOCK];
    csf_state_t state = {.amplitude = amplitude};
    for (int k = 0; k < sites; k++)
        panel_cell(s, sites == CELLS ? k : 7 * k + 3, panel, width, (size_t)k);
    const lanes_panel_t p = {CELLS, s->basis.padded, width, panel};
    for (int hour = 0; hour < HOURS; hour += BLOCK) {
        for (int h = 0; h < BLOCK; h++) {
            const double rate = 10.0 + (hour + h) / CHANGE % 4;
            csf_propagator_stride(&s->step, HOUR_STRIDE, rate, &state);
            memcpy(y + (size_t)h * s->basis.padded, state.amplitude, s->basis.padded * sizeof *y);
            plasma[h] = plasma_ng_per_ml(&s->plasma, state.filter);
        }
        lanes_read(&p, BLOCK, y, out);
        sum += plasma[BLOCK - 1] + out[0] + out[BLOCK * width - width + (size_t)sites - 1];
    }
    return sum;
}

/* -1 where memory or a model refuses. */
static double run_subject(int number, int sites, size_t width)
{
    subject_t s;
    double sum = -1.0;
    if (subject_init(&s, number) == 0) {
        double *panel = lanes_alloc(CELLS * width), *y = lanes_alloc(BLOCK * s.basis.padded);
        double *out = lanes_alloc(BLOCK * width), *amplitude = lanes_alloc(s.basis.padded);
        if (panel != NULL && y != NULL && out != NULL && amplitude != NULL)
            sum = run_hours(&s, sites, width, panel, y, out, amplitude);
        free(panel);
        free(y);
        free(out);
        free(amplitude);
    }
    subject_free(&s);
    return sum;
}

static double run_plasma(int number)
{
    const drug_param_t drug = parameters_drug();
    plasma_t p;
    double z[PLASMA_COMPARTMENTS_MAX] = {0.0}, effect = 0.0, sum = 0.0;
    if (plasma_init(&p, &drug, NULL) != 0)
        return -1.0;
    const plasma_pace_t pace = plasma_pace(&p, 0.5, 1.0);
    for (int hour = 0; hour < HOURS; hour++) {
        plasma_pace_step(&pace, 10.0 + (hour / 24 + number) % 4, z, &effect);
        sum += plasma_ng_per_ml(&p, z) + effect;
    }
    return sum;
}

/* Subject-years a second of `count` subjects, each by run(number), the best of BENCH_RUNS; NaN where one failed, for each
 * run returns a sum above 0, or -1. */
static double best_per_s(double (*run)(int number), int count)
{
    double best_s = (double)INFINITY, keep = 1.0;
    for (int i = 0; i < BENCH_RUNS; i++) {
        const double start = seconds();
        for (int number = 0; number < count; number++)
            keep = fmin(keep, run(number));
        best_s = fmin(best_s, seconds() - start);
    }
    return keep > 0.0 ? count * YEARS / best_s : (double)NAN;
}

static double run_sites(int number)
{
    return run_subject(number, SITES, SITES);
}

static double run_states(int number)
{
    return run_subject(number, CELLS, STATES_PADDED);
}

void bench_csf(void)
{
    const char *unit = "subject-years/s";
    bench_line("CSF 60 cells + plasma, hourly, 8 sites, 10 years, modes included, one core",
               best_per_s(run_sites, 40), unit, BENCH_AT_LEAST, 1000.0);
    bench_line("the same, all 61 states written each hour", best_per_s(run_states, 20), unit,
               BENCH_AT_LEAST, 150.0);
    bench_line("two-compartment plasma + effect site, daily rate change, hourly, one core",
               best_per_s(run_plasma, 200), unit, BENCH_AT_LEAST, 10000.0);
}
