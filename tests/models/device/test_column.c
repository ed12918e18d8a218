/* SPDX-License-Identifier: Apache-2.0 */
/* One column: breakthrough against the analytic solution, its moments, the stirred chamber, division, mass, cost. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/column.h"
#include "draw.h"

#define SEED 29U
#define DAY_S 86400.0
#define D_CM2_PER_S 7e-6
#define LUMEN_ML 0.198 /* 90 cm of 0.0022 mL/cm */

static const column_shape_t lumen = {
    .volume_ml = LUMEN_ML, .cell_ml = 1e-3, .tube = {0.0022, LUMEN_ML}};

static column_t filled(const column_shape_t *shape, double ug_per_ml)
{
    column_t c;
    column_init(&c, shape, 1, &ug_per_ml);
    return c;
}

/* Pushes volume_ml of fluid; returns the mass that left. */
static double push(column_t *c, double volume_ml, double ug_per_ml, double dispersion)
{
    double mass_ug = 0.0;
    while (volume_ml > 0.0) {
        double out;
        double taken_ml = column_take(c, volume_ml, &ug_per_ml, &dispersion, &out);
        mass_ug += taken_ml * out;
        volume_ml -= taken_ml;
    }
    return mass_ug;
}

/* Taylor-Aris as it is written in the papers: D (1 + Pe^2/48), Pe = a u / D. */
static double effective_cm2_per_s(double ml_per_day)
{
    double radius_cm = sqrt(0.0022 / acos(-1.0));
    double u = ml_per_day / DAY_S / 0.0022;
    double peclet = radius_cm * u / D_CM2_PER_S;
    return D_CM2_PER_S * (1.0 + peclet * peclet / 48.0);
}

/* Ogata and Banks (USGS Prof Pap 411-A, 1961): flux at x = L, for a step at the inlet, after v mL; also the
 * distribution function of the inverse Gaussian first passage. */
static double ogata_banks(double v, double ml_per_day)
{
    double length_cm = LUMEN_ML / 0.0022;
    double u = ml_per_day / DAY_S / 0.0022;
    double t = v / (ml_per_day / DAY_S);
    double d = effective_cm2_per_s(ml_per_day);
    double root = 2.0 * sqrt(d * t);
    double far = (length_cm + u * t) / root;
    /* exp(u L / D) erfc(far): by erfc's asymptote where far is large, as it is here. */
    double second = far > 5.0 ? exp(u * length_cm / d - far * far) / (far * sqrt(acos(-1.0))) *
                                    (1.0 - 0.5 / (far * far))
                              : exp(u * length_cm / d) * erfc(far);
    return 0.5 * (erfc((length_cm - u * t) / root) + second);
}

typedef struct breakthrough_t {
    double mean_ml,
        variance_ml2; /* of the volume at which a step comes through: integrals of 1 - F */
    double worst;     /* difference from the analytic step */
} breakthrough_t;

/* A step in the inflow, cell by cell: a cell leaves with one concentration, to be compared at its middle. */
static breakthrough_t breakthrough(double ml_per_day)
{
    breakthrough_t b = {0.0, 0.0, 0.0};
    column_t c = filled(&lumen, 0.0);
    double dispersion = dispersion_ml2_per_ml(&c.shape.tube, ml_per_day / DAY_S, D_CM2_PER_S);
    double part_ml = LUMEN_ML / (c.fine_cells + 1);
    for (int k = 0; k < 3 * c.fine_cells; k++) {
        double f = push(&c, part_ml, 1.0, dispersion) / part_ml;
        double middle_ml = (k + 0.5) * part_ml;
        b.mean_ml += (1.0 - f) * part_ml;
        b.variance_ml2 += 2.0 * middle_ml * part_ml * (1.0 - f);
        b.worst = fmax(b.worst, fabs(f - ogata_banks(middle_ml, ml_per_day)));
    }
    b.variance_ml2 -= b.mean_ml * b.mean_ml;
    return b;
}

/* The limits: 5 % of the physical variance either way, and of the analytic step the term that the outlet's
 * boundary condition decides, 1 / (2 sqrt(pi Pe)). */
static void check_breakthrough(double ml_per_day)
{
    breakthrough_t b = breakthrough(ml_per_day);
    double u = ml_per_day / DAY_S / 0.0022;
    double length_cm = LUMEN_ML / 0.0022;
    double d = effective_cm2_per_s(ml_per_day);
    double physical_ml2 = 2.0 * d * length_cm / u * 0.0022 * 0.0022;
    double limit = 0.01 + 0.5 / sqrt(acos(-1.0) * u * length_cm / d);
    cr_log_info(
        "%g mL/day: column Pe %.0f, variance %+.2f %% off, mean %.9g mL, worst %.4f of %.4f",
        ml_per_day, u * length_cm / d, 100.0 * (b.variance_ml2 / physical_ml2 - 1.0), b.mean_ml,
        b.worst, limit);
    cr_expect_float_eq(b.variance_ml2 / physical_ml2, 1.0, 0.05, "%g mL/day: %g of the variance",
                       ml_per_day, b.variance_ml2 / physical_ml2);
    cr_expect_float_eq(b.mean_ml, LUMEN_ML, 1e-6 * LUMEN_ML);
    cr_expect_lt(b.worst, limit, "%g mL/day: off the analytic step by %g", ml_per_day, b.worst);
}

Test(column, spread_is_taylor_aris_at_a_low_flow)
{
    check_breakthrough(0.3);
}

Test(column, spread_is_taylor_aris_at_the_fastest_flow)
{
    check_breakthrough(24.0);
}

/* A slug that begins anywhere on the lattice: mean delay V, variance that of the dispersion and no more than
 * 5 % beside it. */
Test(column, a_slug_off_the_lattice_spreads_no_more)
{
    column_t c = filled(&lumen, 0.0);
    double dispersion = dispersion_ml2_per_ml(&c.shape.tube, 0.3 / DAY_S, D_CM2_PER_S);
    double q = LUMEN_ML / (c.fine_cells + 1);
    double mass = 0.0, first = 0.0, second = 0.0;
    double slug_ml = 0.4 * q;
    (void)push(&c, 30.3 * q, 1e-9, dispersion); /* wakes the lattice */
    (void)push(&c, slug_ml, 100.0, dispersion);
    for (int k = 0; k < 30000; k++) {
        double part_ml = 0.01 * q;
        double m = push(&c, part_ml, 0.0, dispersion);
        double at_ml = (k + 0.5) * part_ml + 0.5 * slug_ml;
        mass += m;
        first += m * at_ml;
        second += m * at_ml * at_ml;
    }
    first /= mass;
    second = second / mass - first * first;
    double physical_ml2 = dispersion * LUMEN_ML;
    cr_log_info("slug: delay %.6f mL, variance %+.2f %% off", first,
                100.0 * (second / physical_ml2 - 1.0));
    cr_expect_float_eq(mass, slug_ml * 100.0, 1e-9);
    cr_expect_float_eq(first, LUMEN_ML, q);
    cr_expect_float_eq(second / physical_ml2, 1.0, 0.05);
}

/* g = 1 for slow flow; for a push of seconds the spread is that of laminar flow without diffusion, a third
 * of the square of the distance in the limit, here within the one mode kept. */
Test(column, dispersion_leaves_taylors_regime_when_there_is_no_time)
{
    column_t c = filled(&lumen, 0.0);
    double slow = dispersion_ml2_per_ml(&c.shape.tube, 0.3 / DAY_S, D_CM2_PER_S);
    double u = 0.3 / DAY_S / 0.0022;
    cr_expect_float_eq(slow, 2.0 * effective_cm2_per_s(0.3) * 0.0022 / u, 1e-3 * slow);
    double fast = dispersion_ml2_per_ml(&c.shape.tube, 10.0, D_CM2_PER_S) * LUMEN_ML;
    cr_expect_float_eq(fast / (LUMEN_ML * LUMEN_ML), 1.0 / 3.0, 0.03);
    cr_expect_eq(dispersion_ml2_per_ml(&c.shape.tube, HUGE_VAL, D_CM2_PER_S), 0.0);
}

/* A step through a chamber V_m and a plug: 1 - exp(-(v - plug) / V_m). */
Test(column, the_chamber_is_stirred)
{
    column_shape_t shape = lumen;
    shape.volume_ml += 0.05;
    shape.mixer_ml = 0.05;
    column_t c = filled(&shape, 0.0);
    double q = LUMEN_ML / (c.fine_cells + 1);
    for (int k = 0; k < 500; k++) {
        double out = push(&c, q, 1.0, 0.0);
        double from = fmax(0.0, k * q - LUMEN_ML), to = fmax(0.0, (k + 1) * q - LUMEN_ML);
        double expected = (to - from) - 0.05 * (exp(-from / 0.05) - exp(-to / 0.05));
        cr_assert_float_eq(out, expected, 1e-9 * q, "cell %d: %.12g, expected %.12g", k, out,
                           expected);
    }
}

/* The front's tail leaves, the chamber settles: the column is one fluid again, to the bit. */
Test(column, one_fluid_stays_one_fluid)
{
    column_shape_t shape = lumen;
    shape.mixer_ml = 0.01;
    column_t c = filled(&shape, 500.0);
    (void)push(&c, 0.7, 123.4, 1e-5);
    for (int i = 0; i < 4000 && !c.uniform; i++) {
        (void)push(&c, 0.25e-3, 123.4, 1e-5);
    }
    cr_assert(c.uniform);
    for (int i = 0; i < 10000; i++) {
        cr_assert_float_eq(push(&c, 0.25e-3, 123.4, 1e-5), 0.25e-3 * 123.4, 0.0);
    }
    cr_assert_float_eq(column_mass_ug(&c, 0), 123.4 * shape.volume_ml, 0.0);
}

/* Fluid that changes slowly is kept coarsely; what came in still comes out, a column's volume later. */
Test(column, slow_change_needs_few_cells)
{
    column_t c = filled(&lumen, 500.0);
    double in_ug = 500.0 * LUMEN_ML, out_ug = 0.0, now = 500.0;
    for (int i = 0; i < 2000; i++) {
        now *= 1.0 - 2e-6;
        in_ug += now * 12.5e-3;
        double out = push(&c, 12.5e-3, now, 3e-5);
        out_ug += out;
        cr_assert_eq(c.cells, COLUMN_COARSE);
        if (i > 20) {
            cr_assert_float_eq(out / 12.5e-3, now * (1.0 + 2e-6 * LUMEN_ML / 12.5e-3),
                               500.0 * 5e-6);
        }
    }
    cr_assert_float_eq(out_ug + column_mass_ug(&c, 0), in_ug, 1e-12 * in_ug);
}

static double draw_fluid(draw_t *d)
{
    double kind = draw_uniform(d);
    return kind < 0.3 ? 0.0 : kind < 0.6 ? 500.0 : 2000.0 * draw_uniform(d);
}

/* Random fluids, volumes, flows and rests; each push whole in one column and in 1 to 60 parts in another. */
Test(column, a_push_and_any_division_of_it_are_the_same)
{
    column_shape_t shape = lumen;
    draw_t d;
    shape.mixer_ml = 0.01;
    column_t whole = filled(&shape, 500.0), cut = filled(&shape, 500.0);
    long double in_ug = 500.0L * (long double)LUMEN_ML, out_whole = 0.0L, out_cut = 0.0L;
    double now = 0.0;
    error_t e = {0};
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 0);
    for (int i = 0; i < 3000; i++) {
        now = i % 7 == 0 ? draw_fluid(&d) : now * (draw_uniform(&d) < 0.1 ? 1.00003 : 1.0);
        double volume_ml = draw_exponential(&d, 0.01);
        double dispersion = pow(10.0, -6.0 + 4.0 * draw_uniform(&d));
        double rest_ml2 = draw_uniform(&d) < 0.05 ? draw_exponential(&d, 1e-4) : 0.0;
        int parts = 1 + (int)(60.0 * draw_uniform(&d));
        column_rest(&whole, &rest_ml2);
        column_rest(&cut, &rest_ml2);
        in_ug += (long double)now * (long double)volume_ml;
        out_whole += (long double)push(&whole, volume_ml, now, dispersion);
        for (int k = 0; k < parts; k++) {
            out_cut += (long double)push(&cut, volume_ml / parts, now, dispersion);
        }
        cr_assert_eq(column_verify(&whole, &e), 0, "push %d (seed %u): %s", i, SEED, e.text);
        cr_assert(fabsl(out_whole - out_cut) <= 1e-12L * fmaxl(out_whole, 1.0L),
                  "push %d (seed %u): %.17Lg and %.17Lg ug out", i, SEED, out_whole, out_cut);
        cr_assert_float_eq(column_mass_ug(&whole, 0), column_mass_ug(&cut, 0),
                           1e-12 * 2000.0 * 0.2);
        cr_assert(fabsl(in_ug - out_whole - (long double)column_mass_ug(&whole, 0)) <=
                      1e-12L * in_ug,
                  "push %d (seed %u): the book is off", i, SEED);
    }
}

/* Ten million pulses of ever changing fluid: the book still closes. */
Test(column, ten_million_pulses_lose_nothing)
{
    column_shape_t shape = lumen;
    shape.mixer_ml = 0.01;
    column_t c = filled(&shape, 500.0);
    long double in_ug = 500.0L * (long double)LUMEN_ML, out_ug = 0.0L;
    for (int i = 0; i < 10000000; i++) {
        double now = (double)(i / 640 % 7) * 333.0;
        in_ug += (long double)now * 0.25e-3L;
        out_ug += (long double)push(&c, 0.25e-3, now, 3e-5);
    }
    long double off = in_ug - out_ug - (long double)column_mass_ug(&c, 0);
    cr_assert(fabsl(off) <= 1e-12L * in_ug, "off by %Lg of %Lg ug", off, in_ug);
}

/* Pieces taken out and put in again are the fluid; a shorter column takes the first of them. */
Test(column, pieces_are_the_fluid)
{
    column_shape_t shape = lumen;
    fluid_piece_t piece[COLUMN_PIECES_MAX];
    error_t e = {0};
    shape.mixer_ml = 0.02;
    column_t c = filled(&shape, 500.0), other = filled(&shape, 0.0);
    (void)push(&c, 0.1234, 80.0, 3e-5);
    int count = column_pieces(&c, piece);
    fluid_cursor_t from = fluid_begin(piece, count);
    double volume_ml = 0.0, mass_ug = 0.0;
    for (int i = 0; i < count; i++) {
        volume_ml += piece[i].volume_ml;
        mass_ug += piece[i].volume_ml * piece[i].ug_per_ml[0];
    }
    column_load(&other, &from);
    cr_assert_float_eq(volume_ml, shape.volume_ml, 1e-15);
    cr_assert_float_eq(mass_ug, column_mass_ug(&c, 0), 1e-12);
    cr_assert_float_eq(column_mass_ug(&other, 0), mass_ug, 1e-12);
    cr_assert_eq(column_verify(&other, &e), 0, "%s", e.text);
}

Test(column, too_little_to_hold_fluid_passes_it)
{
    column_shape_t shape = lumen;
    shape.volume_ml = 0.0;
    column_t c = filled(&shape, 500.0);
    cr_assert_float_eq(push(&c, 0.1, 7.0, 1e-5), 0.7, 1e-15);
    cr_assert_float_eq(column_mass_ug(&c, 0), 0.0, 0.0);
}

Test(column, verify_sees_a_cell_that_cannot_be)
{
    column_t c = filled(&lumen, 500.0);
    error_t e = {0};
    c.cell_ug_per_ml[0][COLUMN_BLOCK] = -1e-9;
    cr_assert_eq(column_verify(&c, &e), ERROR_INVARIANT);
    c.cell_ug_per_ml[0][COLUMN_BLOCK] = (double)NAN;
    cr_assert_eq(column_verify(&c, &e), ERROR_INVARIANT);
}
