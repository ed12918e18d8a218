/* SPDX-License-Identifier: Apache-2.0 */
/* What the operator and its basis accept, refuse, and guarantee. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "body/csf_basis.h"
#include "tests/models/body/line.h"

typedef struct case_t {
    csf_param_t csf;
    drug_param_t drug;
    anatomy_t anatomy;
    csf_grid_t grid;
    csf_operator_t op;
} case_t;

static int build(case_t *c, error_t *e)
{
    int rc = anatomy_init(&c->anatomy, &c->csf, e);
    if (rc == 0)
        rc = csf_grid_person(&c->grid, &c->csf, &c->anatomy, 25.0, e);
    return rc != 0 ? rc : csf_operator_init(&c->op, &c->grid, &c->drug, e);
}

static void release(case_t *c)
{
    csf_operator_free(&c->op);
    csf_grid_free(&c->grid);
}

static case_t standard(void)
{
    return (case_t){.csf = parameters_csf(), .drug = parameters_drug()};
}

static void expect_refused(case_t c, int code, const char *word)
{
    error_t e = {0};
    cr_expect_eq(build(&c, &e), code, "expected %s, found %s: %s", error_symbol(code),
                 error_symbol(e.code), e.text);
    cr_expect_not_null(strstr(e.text, word), "\"%s\" is not in \"%s\"", word, e.text);
    release(&c);
}

Test(operator, water_closes)
{
    static const double share[] = {0.177, 0.0, 1.0, -0.5};
    for (int i = 0; i < 4; i++) {
        error_t e = {0};
        case_t c = standard();
        c.csf.spinal_share = share[i];
        cr_assert_eq(build(&c, &e), 0, "share %g: %s", share[i], e.text);
        cr_expect(csf_grid_residual_ml_per_h(&c.grid) < 1e-12, "share %g: residual %g mL/h",
                  share[i], csf_grid_residual_ml_per_h(&c.grid));
        release(&c);
    }
}

Test(operator, leak_is_fed_from_above)
{
    case_t c = standard();
    error_t e = {0};
    c.csf.leak_ml_per_h = 10.0;
    cr_assert_eq(build(&c, &e), 0, "%s", e.text);
    cr_expect_float_eq(c.grid.top.flow_ml_per_h, -(30.0 * 0.177 + 10.0), 1e-12);
    const int tip = csf_grid_cell(&c.grid, 25.0);
    for (int i = 0; i < c.grid.cells; i++) {
        const double share = 30.0 * 0.177 / c.grid.cells, leak = i == tip ? 10.0 : 0.0;
        cr_expect_float_eq(c.grid.absorbed_ml_per_h[i], share + leak, 1e-12, "cell %d", i);
        if (i < c.grid.cells - 1)
            cr_expect_float_eq(c.grid.face[i].flow_ml_per_h,
                               -(share * (i + 1) + (i >= tip ? 10.0 : 0.0)), 1e-12, "face %d", i);
    }
    cr_expect(csf_grid_residual_ml_per_h(&c.grid) < 1e-12);
    release(&c);
}

Test(operator, water_that_cannot_close_is_refused)
{
    case_t c = standard();
    c.csf.leak_ml_per_h = 25.0;
    expect_refused(c, ERROR_ARGUMENT, "water does not close");
}

Test(operator, columns_lose_only_to_blood)
{
    case_t c = standard();
    error_t e = {0};
    double mass[256] = {0}, derivative[256];
    cr_assert_eq(build(&c, &e), 0, "%s", e.text);
    for (int s = 0; s < c.op.states; s++) {
        double sum = 0.0;
        mass[s] = 1.0;
        csf_operator_apply(&c.op, mass, derivative);
        mass[s] = 0.0;
        for (int i = 0; i < c.op.states; i++)
            sum += derivative[i];
        cr_expect(fabs(sum + c.op.blood_per_h[s]) < 1e-9, "column %d sums to %g, loss is %g", s,
                  sum, c.op.blood_per_h[s]);
    }
    release(&c);
}

Test(operator, absorbed_water_carries_drug_at_the_local_concentration)
{
    case_t c = standard();
    error_t e = {0};
    cr_assert_eq(build(&c, &e), 0, "%s", e.text);
    const double spinal = 30.0 * 0.177 / 60.0, cranial = 30.0 * (1.0 - 0.177);
    for (int i = 0; i < c.op.cells; i++)
        cr_expect_float_eq(c.op.blood_per_h[c.op.cell + i], 0.351 + spinal / c.grid.volume_ml[i],
                           1e-13);
    cr_expect_float_eq(c.op.blood_per_h[c.op.cranial], cranial / 277.0, 1e-15);
    cr_expect_eq(c.op.blood_per_h[c.op.cisternal], 0.0);
    release(&c);
}

Test(operator, uptake_of_zero_has_no_edge)
{
    case_t c = standard();
    error_t e = {0};
    c.drug.cord_in_per_h = 0.0;
    c.drug.brain_in_per_h = 0.0;
    cr_assert_eq(build(&c, &e), 0, "%s", e.text);
    cr_expect_eq(c.op.states, 62);
    for (int i = 0; i < c.op.states; i++)
        cr_expect_eq(c.op.sink_per_h[i], 0.0);
    release(&c);
}

Test(operator, irreversible_uptake_is_a_loss_into_tissue)
{
    case_t c = standard();
    error_t e = {0};
    c.drug.cord_out_per_h = 0.0;
    cr_assert_eq(build(&c, &e), 0, "%s", e.text);
    cr_expect_eq(c.op.cord, -1);
    for (int i = 0; i < c.op.cells; i++)
        cr_expect_eq(c.op.sink_per_h[c.op.cell + i], c.drug.cord_in_per_h);
    release(&c);
}

Test(operator, one_way_edge_is_refused_by_name)
{
    case_t c = standard();
    c.csf.cranial_exchange_ml_per_h = 0.0;
    expect_refused(c, ERROR_OPERATOR_ONE_WAY, "cisternal node");
}

Test(operator, canal_without_dispersion_is_one_way)
{
    static const double edge[] = {0, 1, 2, 3};
    const csf_line_t line = {
        .cells = 3, .edge_cm = edge, .area_cm2 = line_area, .flow_ml_per_h = 1.0};
    const drug_param_t drug = parameters_drug();
    csf_grid_t g;
    csf_operator_t op;
    error_t e = {0};
    cr_assert_eq(csf_grid_line(&g, &line, &e), 0, "%s", e.text);
    cr_expect_eq(csf_operator_init(&op, &g, &drug, &e), ERROR_OPERATOR_ONE_WAY, "%s", e.text);
    csf_operator_free(&op);
    csf_grid_free(&g);
}

Test(operator, molecular_dispersion_is_refused)
{
    case_t c = standard();
    c.csf.dispersion_lumbar_cm2_per_h = 0.018;
    c.csf.dispersion_thoracic_cm2_per_h = 0.018;
    c.csf.dispersion_cervical_cm2_per_h = 0.018;
    expect_refused(c, ERROR_OPERATOR_RANGE, "raise the dispersion");
}

Test(operator, least_dispersion_is_refused)
{
    case_t c = standard();
    c.csf.spinal_share = 1.0;
    c.csf.dispersion_cervical_cm2_per_h = 0.001;
    expect_refused(c, ERROR_OPERATOR_RANGE, "raise the dispersion");
}

Test(operator, negative_rate_is_refused)
{
    case_t c = standard();
    c.drug.cord_in_per_h = -0.1;
    expect_refused(c, ERROR_ARGUMENT, "cord_in");
}

/* A person's canal at steady state, fed at its caudal end, without loss to blood but what water carries.
 * With absorption q per length the drift is -q x, and the flow of drug by dispersion y = -D A C' decays
 * as y' = -q x y / (D A): C' is known up to C at the top, where cisternal and cranial nodes follow. */
typedef struct canal_t {
    double at[ANATOMY_LEVELS]; /* C at the caudal edge of each level */
    double cisternal, cranial;
} canal_t;

static canal_t canal_closed_form(const case_t *c, double rate)
{
    enum { PARTS = 2000 };
    canal_t out;
    double x = 0.0, exponent = 0.0, fall[ANATOMY_LEVELS + 1] = {0.0}; /* C(0) - C(edge) */
    const double water = c->csf.production_ml_per_h * c->csf.spinal_share;
    const double rest = c->csf.production_ml_per_h - water;
    double length = 0.0;
    for (int i = 0; i < ANATOMY_LEVELS; i++)
        length += anatomy_level(i)->length_cm;
    for (int i = 0; i < ANATOMY_LEVELS; i++) {
        const double d = i <= 5    ? c->csf.dispersion_lumbar_cm2_per_h
                         : i <= 17 ? c->csf.dispersion_thoracic_cm2_per_h
                                   : c->csf.dispersion_cervical_cm2_per_h;
        const double da = d * anatomy_level(i)->csf_cm2, h = anatomy_level(i)->length_cm / PARTS;
        fall[i + 1] = fall[i];
        for (int k = 0; k < PARTS; k++, x += h) {
            const double half = exponent + water / length * (x + 0.25 * h) * 0.5 * h / da;
            exponent += water / length * (x + 0.5 * h) * h / da;
            fall[i + 1] += rate * exp(-half) * h / da;
        }
    }
    /* top: y - water C = F; cisternal: F = X C - (X + water) H; cranial: F = rest H. */
    const double exchange = c->csf.cranial_exchange_ml_per_h;
    const double y = rate * exp(-exponent), per_h = rest + exchange + water; /* X C = per_h H */
    out.cranial = y / (rest + water * per_h / exchange);
    out.cisternal = out.cranial * per_h / exchange;
    for (int i = 0; i < ANATOMY_LEVELS; i++)
        out.at[i] = out.cisternal + fall[ANATOMY_LEVELS] - fall[i];
    return out;
}

static void expect_canal(double spinal_share, double production)
{
    case_t c = standard();
    error_t e = {0};
    csf_basis_t b;
    char name[80];
    const double rate = 25.0;
    double mass[512] = {0};
    c.csf.cells = 200.0;
    c.csf.spinal_share = spinal_share;
    c.csf.production_ml_per_h = production;
    c.drug.loss_per_h = c.drug.cord_in_per_h = c.drug.brain_in_per_h = 0.0;
    cr_assert_eq(build(&c, &e), 0, "%s", e.text);
    cr_assert_eq(csf_basis_init(&b, &c.op, &e), 0, "%s", e.text);
    for (int s = 0; s < c.op.states; s++)
        for (size_t i = 0; i < b.modes; i++)
            mass[s] +=
                b.to_mass[(size_t)s * b.padded + i] * rate * b.from_mass[i] / b.rate_per_h[i];
    const canal_t exact = canal_closed_form(&c, rate);
    line_expect("cisternal", mass[c.op.cisternal] / 28.7, exact.cisternal, 1e-4);
    line_expect("cranial", mass[c.op.cranial] / 277.0, exact.cranial, 1e-4);
    for (int i = 1; i < ANATOMY_LEVELS; i++) {
        const double x = c.anatomy.edge_cm[i];
        int low = csf_grid_cell(&c.grid, x);
        if (x < csf_grid_centre_cm(&c.grid, low))
            low--;
        const double from = csf_grid_centre_cm(&c.grid, low),
                     to = csf_grid_centre_cm(&c.grid, low + 1);
        const double below = mass[low] / c.grid.volume_ml[low],
                     above = mass[low + 1] / c.grid.volume_ml[low + 1];
        /* Linear in the integral of 1/(D A), as the flux is between two centres. */
        const double share = anatomy_resistance_h_per_ml(&c.anatomy, from, x) /
                             anatomy_resistance_h_per_ml(&c.anatomy, from, to);
        snprintf(name, sizeof name, "share %g, below %s", spinal_share, anatomy_level(i)->name);
        line_expect(name, below + share * (above - below), exact.at[i], 1e-3);
    }
    csf_basis_free(&b);
    release(&c);
}

/* Without drift C is linear in the integral of 1/(D A), whatever the cells. */
Test(operator, v9_person_with_levels_of_unlike_area)
{
    expect_canal(0.0, 30.0);
}

Test(operator, v9_person_with_caudad_drift)
{
    expect_canal(0.177, 30.0);
    expect_canal(0.7, 60.0);
}

static void expect_sound_basis(case_t c, const char *name)
{
    error_t e = {0};
    csf_basis_t b;
    cr_assert_eq(build(&c, &e), 0, "%s: %s", name, e.text);
    cr_assert_eq(csf_basis_init(&b, &c.op, &e), 0, "%s: %s", name, e.text);
    cr_expect(b.asymmetry <= 1e-12, "%s: asymmetry %g", name, b.asymmetry);
    cr_expect(b.top_eigenvalue_per_h <= 1e-13 * b.rate_per_h[b.modes - 1], "%s: top eigenvalue %g",
              name, b.top_eigenvalue_per_h);
    for (size_t i = 0; i < b.modes; i++)
        cr_expect(b.rate_per_h[i] >= 0.0, "%s: rate %zu is %g", name, i, b.rate_per_h[i]);
    csf_basis_free(&b);
    release(&c);
}

Test(basis, is_sound_for_baclofen)
{
    expect_sound_basis(standard(), "baclofen");
}

Test(basis, is_sound_near_the_range_limit)
{
    case_t c = standard();
    c.csf.spinal_share = 1.0;
    c.csf.dispersion_lumbar_cm2_per_h = 30.0;
    c.csf.dispersion_thoracic_cm2_per_h = 30.0;
    c.csf.dispersion_cervical_cm2_per_h = 30.0;
    expect_sound_basis(c, "drift of 20 cm/h");
}

Test(basis, without_loss_the_slowest_rate_is_zero)
{
    line_case_t c = line_infinite();
    line_t l;
    c.loss_per_h = 0.0;
    c.dx_cm = 1.0;
    c.drift_cm_per_h = 2.0;
    line_build(&l, &c);
    cr_expect(l.basis.rate_per_h[0] <= 1e-13 * l.basis.rate_per_h[l.basis.modes - 1],
              "slowest rate %g", l.basis.rate_per_h[0]);
    line_free(&l);
}

Test(basis, a_wrong_similarity_is_refused)
{
    case_t c = standard();
    error_t e = {0};
    csf_basis_t b;
    cr_assert_eq(build(&c, &e), 0, "%s", e.text);
    c.op.similarity[70] *= 1.0 + 1e-9;
    cr_expect_eq(csf_basis_init(&b, &c.op, &e), ERROR_OPERATOR_EIGEN, "%s", e.text);
    csf_basis_free(&b);
    release(&c);
}

Test(basis, a_growing_mode_is_refused)
{
    case_t c = standard();
    error_t e = {0};
    csf_basis_t b;
    cr_assert_eq(build(&c, &e), 0, "%s", e.text);
    for (int i = 0; i < c.op.states; i++)
        c.op.blood_per_h[i] = -0.01;
    cr_expect_eq(csf_basis_init(&b, &c.op, &e), ERROR_OPERATOR_EIGEN, "%s", e.text);
    csf_basis_free(&b);
    release(&c);
}

/* One cell with a cord leaf, by hand. */
static void one_cell(line_t *l, double in, double out, double cord_loss)
{
    static const double edge[] = {0, 2};
    const csf_line_t line = {
        .cells = 1, .edge_cm = edge, .area_cm2 = line_area, .dispersion_cm2_per_h = 1.0};
    drug_param_t drug = parameters_drug();
    error_t e = {0};
    drug.loss_per_h = 0.0;
    drug.cord_in_per_h = in;
    drug.cord_out_per_h = out;
    cr_assert_eq(csf_grid_line(&l->grid, &line, &e), 0, "%s", e.text);
    cr_assert_eq(csf_operator_init(&l->op, &l->grid, &drug, &e), 0, "%s", e.text);
    l->op.blood_per_h[l->op.cord] = cord_loss;
    cr_assert_eq(csf_basis_init(&l->basis, &l->op, &e), 0, "%s", e.text);
}

/* Q 2 mL/h, CSF 3 mL, cord 1 mL, partition 4. */
Test(exchange, v10_closed_pair_relaxes_at_its_rate_constant)
{
    line_t l;
    double mass[2];
    const double in = 2.0 / 3.0, out = 2.0 / (4.0 * 1.0);
    one_cell(&l, in, out, 0.0);
    cr_expect_float_eq(l.basis.rate_per_h[0], 0.0, 1e-14);
    line_expect("rate constant", l.basis.rate_per_h[1], 2.0 * (1.0 / 3.0 + 1.0 / 4.0), 1e-13);
    line_bolus(&l, l.op.cell, 10.0, 200.0, mass);
    line_expect("cord over CSF concentration at equilibrium",
                mass[l.op.cord] / 1.0 / (mass[l.op.cell] / 3.0), 4.0, 1e-12);
    line_expect("mass", mass[0] + mass[1], 10.0, 1e-13);
    line_free(&l);
}

Test(exchange, v10_cord_sink_is_an_effective_loss)
{
    line_t l;
    double mass[2];
    const double q = 2.0, sink = 0.7, partition = 4.0, cord_ml = 1.0;
    one_cell(&l, q / 3.0, q / (partition * cord_ml), sink);
    line_infuse(&l, l.op.cell, 5.0, (double)INFINITY, mass);
    line_expect("effective clearance", 5.0 / (mass[l.op.cell] / 3.0),
                q * sink * cord_ml * partition / (q + sink * cord_ml * partition), 1e-12);
    line_free(&l);
}
