/* SPDX-License-Identifier: Apache-2.0 */
/* The modal path against CVODE on the full operator, in one regime and across a change of regime. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "body/lanes.h"
#include "tests/models/body/oracle.h"

#define KE0 0.5
#define EXTRA 6

typedef struct pair_t {
    csf_param_t csf;
    drug_param_t drug;
    anatomy_t anatomy;
    csf_grid_t grid;
    plasma_t plasma;
    transport_t transport;
    int tip, target; /* states */
} pair_t;

static void pair_init(pair_t *p)
{
    error_t e = {0};
    transport_place_t place = {.ke0_per_h = KE0};
    cr_assert_eq(anatomy_init(&p->anatomy, &p->csf, &e), 0, "%s", e.text);
    cr_assert_eq(anatomy_find(&p->anatomy, "T10", &place.tip_cm, &e), 0, "%s", e.text);
    cr_assert_eq(csf_grid_person(&p->grid, &p->csf, &p->anatomy, place.tip_cm, &e), 0, "%s",
                 e.text);
    const int target = csf_grid_cell(&p->grid, 16.0);
    place.target_cm = csf_grid_centre_cm(&p->grid, target);
    cr_assert_eq(plasma_init(&p->plasma, &p->drug, &e), 0, "%s", e.text);
    cr_assert_eq(transport_init(&p->transport, &p->grid, &p->csf, &p->drug, &p->plasma, &place, &e),
                 0, "%s", e.text);
    p->tip = p->transport.op.cell + csf_grid_cell(&p->grid, place.tip_cm);
    p->target = (p->transport.op.cord >= 0 ? p->transport.op.cord : p->transport.op.cell) + target;
}

static void pair_free(pair_t *p)
{
    transport_free(&p->transport);
    csf_grid_free(&p->grid);
}

/* The modal state in the oracle's order. */
static void gather(const pair_t *p, const csf_state_t *s, double y[])
{
    const transport_t *t = &p->transport;
    const int n = t->op.states;
    y[0] = s->zone_ug;
    transport_masses(t, s->amplitude, y + 1);
    y[1 + n] = plasma_mass_ug(&p->plasma, 0, s->filter);
    y[2 + n] = plasma_mass_ug(&p->plasma, 1, s->filter);
    y[3 + n] = s->filter[t->effect];
    y[4 + n] = s->integral;
    y[5 + n] = t->sink >= 0 ? s->filter[t->sink] : 0.0;
}

typedef struct phase_t {
    int32_t minutes;
    double ug;
    int regime;
} phase_t;

typedef struct watch_t {
    double most[512], off[512];
} watch_t;

static void watch(watch_t *w, const oracle_t *o, const double y[])
{
    for (int i = 0; i < o->size; i++) {
        w->most[i] = fmax(w->most[i], fabs(o->y[i]));
        w->off[i] = fmax(w->off[i], fabs(o->y[i] - y[i]));
    }
}

static void expect_close(const watch_t *w, int size)
{
    for (int i = 0; i < size; i++)
        cr_expect(w->off[i] <= 1e-6 * w->most[i], "state %d of %d: off by %.2e of its maximum %g",
                  i, size, w->off[i] / w->most[i], w->most[i]);
}

/* Runs the phases by both roads; pair[regime] are regimes of one person. */
static void compare(pair_t pair[], const phase_t phase[], int phases)
{
    static watch_t w;
    static double y[512];
    oracle_t o;
    int regime = 0;
    const size_t padded = pair[0].transport.basis.padded, n = pair[0].transport.basis.modes;
    csf_state_t s = {.amplitude = lanes_alloc(padded)};
    double *next = lanes_alloc(padded), *change = lanes_alloc(n * padded);
    memset(&w, 0, sizeof w);
    oracle_init(&o, &pair[0].transport);
    for (int k = 0; k < phases; k++) {
        pair_t *p = &pair[phase[k].regime];
        oracle_matrix(&o, &p->transport, &p->csf, &p->drug, p->tip, p->target, KE0);
        if (phase[k].regime != regime) {
            cr_assert_eq(
                csf_basis_change(&pair[regime].transport.basis, &p->transport.basis, change, NULL),
                0);
            lanes_rows(n, padded, change, s.amplitude, next);
            memcpy(s.amplitude, next, padded * sizeof *next);
            regime = phase[k].regime;
        }
        const double rate = phase[k].ug * 60.0 / phase[k].minutes;
        oracle_advance(&o, phase[k].minutes / 60.0, rate);
        csf_propagator_step(&p->transport.step, phase[k].minutes, rate, &s);
        gather(p, &s, y);
        watch(&w, &o, y);
    }
    expect_close(&w, o.size);
    oracle_free(&o);
    free(s.amplitude);
    free(next);
    free(change);
}

static const phase_t day[] = {{5, 2.0, 0},  {55, 20.0, 0}, {300, 125.0, 0}, {10, 50.0, 0},
                              {50, 0.0, 0}, {240, 0.0, 0}, {600, 400.0, 0}, {1440, 960.0, 0}};

Test(modes, agree_with_cvode)
{
    pair_t p = {.csf = parameters_csf(), .drug = parameters_drug()};
    pair_init(&p);
    compare(&p, day, sizeof day / sizeof *day);
    pair_free(&p);
}

Test(modes, agree_with_cvode_without_cord_uptake)
{
    pair_t p = {.csf = parameters_csf(), .drug = parameters_drug()};
    p.drug.cord_in_per_h = 0.0;
    pair_init(&p);
    cr_expect_eq(p.transport.op.cord, -1);
    cr_expect_eq(p.transport.op.states, 63);
    compare(&p, day, sizeof day / sizeof *day);
    pair_free(&p);
}

Test(modes, agree_with_cvode_with_irreversible_uptake)
{
    pair_t p = {.csf = parameters_csf(), .drug = parameters_drug()};
    p.drug.cord_out_per_h = 0.0;
    pair_init(&p);
    cr_expect(p.transport.sink >= 0);
    compare(&p, day, sizeof day / sizeof *day);
    pair_free(&p);
}

Test(modes, agree_with_cvode_with_reversed_drift)
{
    pair_t p = {.csf = parameters_csf(), .drug = parameters_drug()};
    p.csf.spinal_share = -0.4;
    pair_init(&p);
    cr_expect(p.grid.top.flow_ml_per_h > 11.9, "drift at the top is %g mL/h",
              p.grid.top.flow_ml_per_h);
    compare(&p, day, sizeof day / sizeof *day);
    pair_free(&p);
}

Test(modes, agree_with_cvode_near_the_range_limit)
{
    pair_t p = {.csf = parameters_csf(), .drug = parameters_drug()};
    p.csf.spinal_share = 1.0;
    p.csf.dispersion_lumbar_cm2_per_h = 21.0;
    p.csf.dispersion_thoracic_cm2_per_h = 21.0;
    p.csf.dispersion_cervical_cm2_per_h = 21.0;
    pair_init(&p);
    cr_expect(p.transport.op.range > 1e7, "range %g", p.transport.op.range);
    compare(&p, day, sizeof day / sizeof *day);
    pair_free(&p);
}

Test(modes, agree_with_cvode_across_regimes)
{
    static const phase_t phase[] = {{360, 150.0, 0}, {360, 150.0, 1}, {10, 50.0, 1},
                                    {230, 0.0, 0},   {480, 300.0, 1}, {480, 200.0, 0}};
    static pair_t p[2];
    for (int r = 0; r < 2; r++) {
        p[r].csf = parameters_csf();
        p[r].drug = parameters_drug();
    }
    p[1].csf.production_ml_per_h = 42.0;
    p[1].csf.leak_ml_per_h = 8.0;
    p[1].csf.dispersion_lumbar_cm2_per_h = 90.0;
    pair_init(&p[0]);
    pair_init(&p[1]);
    compare(p, phase, sizeof phase / sizeof *phase);
    pair_free(&p[0]);
    pair_free(&p[1]);
}
