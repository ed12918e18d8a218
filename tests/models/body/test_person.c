/* SPDX-License-Identifier: Apache-2.0 */
/* Drawn people: centre, spread, order, refusals; tone and its rating; levels of the canal. */
#include <criterion/criterion.h>
#include <math.h>

#include "body/anatomy.h"
#include "body/person.h"
#include "draw.h"

static error_t e;

static person_t person_at(const double uniform[PERSON_DRAWS])
{
    const population_param_t population = parameters_population();
    const person_centre_t centre = person_centre_default();
    person_t person;
    cr_assert_eq(person_draw(&person, &population, &centre, uniform, &e), 0, "%s", e.text);
    return person;
}

static void medians(double uniform[PERSON_DRAWS])
{
    for (int i = 0; i < PERSON_DRAWS; i++)
        uniform[i] = 0.5;
}

Test(person, medians_give_the_centre)
{
    double uniform[PERSON_DRAWS];
    const csf_param_t csf = parameters_csf();
    const drug_param_t drug = parameters_drug();
    const tolerance_param_t tolerance = parameters_tolerance();
    medians(uniform);
    const person_t p = person_at(uniform);
    cr_expect_float_eq(p.csf.dispersion_thoracic_cm2_per_h, csf.dispersion_thoracic_cm2_per_h,
                       1e-9);
    cr_expect_float_eq(p.csf.volume_scale, 1.0, 1e-12);
    cr_expect_float_eq(p.csf.tip_zone_drain_ml_per_h, csf.tip_zone_drain_ml_per_h, 1e-12);
    cr_expect_float_eq(p.drug[0].loss_per_h, drug.loss_per_h, 1e-12);
    cr_expect_float_eq(p.tolerance.rise, tolerance.rise, 1e-12);
    cr_expect_str_eq(p.tip_level, "T10");
    cr_expect_eq(p.held, 0);
}

Test(person, dispersion_goes_with_the_square_of_the_stroke_volume)
{
    double uniform[PERSON_DRAWS];
    medians(uniform);
    uniform[PERSON_STROKE] = 0.9;
    const person_t p = person_at(uniform);
    const double expected = 624.0 * p.stroke_factor * p.stroke_factor;
    cr_expect(p.stroke_factor > 1.3);
    cr_expect_float_eq(p.csf.dispersion_cervical_cm2_per_h, expected, 1e-9 * expected);
}

Test(person, canal_is_as_long_as_the_person_is_tall)
{
    double uniform[PERSON_DRAWS];
    anatomy_t a;
    medians(uniform);
    uniform[PERSON_HEIGHT] = 0.95;
    const person_t p = person_at(uniform);
    cr_assert_eq(anatomy_init(&a, &p.csf, &e), 0, "%s", e.text);
    cr_expect_float_eq(a.length_cm, 65.15 * p.height_cm / 170.0, 1e-9);
    cr_expect_float_eq(p.height_cm, 176.5 + 7.2 * 1.6448536269514722, 1e-9);
    cr_expect_float_eq(p.weight_kg, 27.5 * 1e-4 * p.height_cm * p.height_cm, 1e-9);
}

Test(person, cranial_node_grows_by_30_ml_a_decade)
{
    double uniform[PERSON_DRAWS];
    medians(uniform);
    uniform[PERSON_AGE] = 0.1;
    const person_t young = person_at(uniform);
    uniform[PERSON_AGE] = 0.9;
    const person_t old = person_at(uniform);
    cr_expect_gt(old.age_years - young.age_years, 30.0);
    cr_expect_float_eq(
        (old.csf.cranial_ml - young.csf.cranial_ml) / (old.age_years - young.age_years), 3.0, 1e-9);
}

static person_t meant_for(const char *level, double uniform_tip)
{
    const population_param_t population = parameters_population();
    person_centre_t centre = person_centre_default();
    double uniform[PERSON_DRAWS];
    person_t p;
    centre.tip_level = level;
    medians(uniform);
    uniform[PERSON_TIP] = uniform_tip;
    cr_assert_eq(person_draw(&p, &population, &centre, uniform, &e), 0, "%s", e.text);
    return p;
}

Test(person, tips_lie_at_most_two_levels_from_where_they_were_meant)
{
    cr_expect_str_eq(meant_for("T10", 1e-15).tip_level, "T12");
    cr_expect_str_eq(meant_for("T10", 0.1).tip_level, "T11");
    cr_expect_str_eq(meant_for("T10", 0.9).tip_level, "T9");
    cr_expect_str_eq(meant_for("T10", 1.0 - 1e-15).tip_level, "T8");
    cr_expect_str_eq(meant_for("T9/10", 0.9).tip_level, "T9/T8");
    const person_t p = meant_for("T10", 0.5);
    cr_expect_float_eq(p.tip_cm, (24.35 + 3.15 + 1.45) * p.csf.length_scale, 1e-9);
}

Test(person, a_tip_meant_for_no_level_is_refused)
{
    const population_param_t population = parameters_population();
    person_centre_t centre = person_centre_default();
    double uniform[PERSON_DRAWS];
    person_t p;
    centre.tip_level = "L9";
    medians(uniform);
    cr_expect_eq(person_draw(&p, &population, &centre, uniform, &e), ERROR_ARGUMENT);
}

Test(person, a_centre_without_tolerance_makes_nobody_tolerant)
{
    const population_param_t population = parameters_population();
    person_centre_t centre = person_centre_default();
    double uniform[PERSON_DRAWS];
    person_t p;
    centre.tolerance.rise = 0.0;
    medians(uniform);
    uniform[PERSON_TOLERANCE_CLASS] = 0.01;
    cr_assert_eq(person_draw(&p, &population, &centre, uniform, &e), 0, "%s", e.text);
    cr_expect_eq(p.tolerance.rise, 0.0);
    cr_expect_eq(p.tolerance.slow_rise, 0.0);
}

Test(person, body_is_that_of_the_person)
{
    double uniform[PERSON_DRAWS];
    medians(uniform);
    uniform[PERSON_TOLERANCE_CLASS] = 0.01;
    uniform[PERSON_TOLERANCE_RISE] = 0.9;
    const person_t p = person_at(uniform);
    const body_param_t b = person_body(&p, p.tip_level, "T12");
    cr_expect_gt(p.tolerance.rise, parameters_tolerance().rise);
    cr_expect_eq(b.tolerance.rise, p.tolerance.rise);
    cr_expect_gt(b.tolerance.slow_rise, 0.0);
    cr_expect_eq(b.csf[0].length_scale, p.csf.length_scale);
    cr_expect_eq(b.ashworth.ec50_ng_per_ml, p.ashworth.ec50_ng_per_ml);
    cr_expect_str_eq(b.tip_level, p.tip_level);
}

Test(person, shares_above_one_are_refused)
{
    population_param_t population = parameters_population();
    const person_centre_t centre = person_centre_default();
    double uniform[PERSON_DRAWS];
    person_t p;
    population.share_ms = 0.5;
    medians(uniform);
    cr_expect_eq(person_draw(&p, &population, &centre, uniform, &e), ERROR_ARGUMENT);
}

typedef struct spread_t {
    double sum, square;
} spread_t;

static void add(spread_t *s, double x)
{
    s->sum += x;
    s->square += x * x;
}

static double cv(const spread_t *s, int n)
{
    const double mean = s->sum / n;
    return sqrt(s->square / n - mean * mean) / mean;
}

Test(person, spreads_are_those_of_the_population)
{
    enum { PEOPLE = 20000 };
    spread_t volume = {0, 0}, loss = {0, 0}, clearance = {0, 0};
    for (int i = 1; i <= PEOPLE; i++) {
        double uniform[PERSON_DRAWS];
        draw_t d;
        draw_init(&d, 7, DRAW_TEST, (uint64_t)i, 0, 0);
        for (int k = 0; k < PERSON_DRAWS; k++)
            uniform[k] = draw_uniform(&d);
        const person_t p = person_at(uniform);
        add(&volume, p.canal_csf_ml);
        add(&loss, p.drug[0].loss_per_h);
        add(&clearance, p.drug[0].clearance_l_per_h);
        cr_assert(p.ashworth.baseline >= 1.0 && p.ashworth.baseline <= 5.0);
    }
    /* 0.24 at one height; men and women, tall and short add to it. */
    cr_expect(fabs(cv(&volume, PEOPLE) - 0.247) < 0.01, "CV of the CSF volume %g",
              cv(&volume, PEOPLE));
    cr_expect(fabs(cv(&loss, PEOPLE) - 0.60) < 0.04, "CV of the loss %g", cv(&loss, PEOPLE));
    cr_expect(fabs(cv(&clearance, PEOPLE) - 0.21) < 0.01, "CV of the clearance %g",
              cv(&clearance, PEOPLE));
    cr_expect(fabs(volume.sum / PEOPLE - 91.3 * sqrt(1.0 + 0.24 * 0.24)) < 1.5,
              "mean CSF volume %g mL", volume.sum / PEOPLE);
}

static person_t uncorrelated(const double uniform[PERSON_DRAWS])
{
    population_param_t population = parameters_population();
    const person_centre_t centre = person_centre_default();
    person_t person;
    population.bmi_volume_correlation = 0.0;
    population.height_stroke_correlation = 0.0;
    population.age_clearance_correlation = 0.0;
    population.sensitivity_baseline_correlation = 0.0;
    cr_assert_eq(person_draw(&person, &population, &centre, uniform, &e), 0, "%s", e.text);
    return person;
}

/* One standard deviation up: exp(sigma), sigma^2 = ln(1 + cv^2), each from its own uniform. */
Test(person, each_factor_takes_its_own_uniform_and_sigma)
{
    static const double up = 0.84134474606854293;
    double half[PERSON_DRAWS];
    medians(half);
    const person_t centre = uncorrelated(half);
    static const double cv[PERSON_BASELINE] = {0.24, 0.33, 0.2, 0.6, 0.6, 0.21, 0.6};
    for (int k = 0; k < PERSON_BASELINE; k++) {
        double uniform[PERSON_DRAWS];
        medians(uniform);
        uniform[k] = up;
        const person_t p = uncorrelated(uniform);
        const double f = exp(sqrt(log(1.0 + cv[k] * cv[k])));
        const double found[PERSON_BASELINE] = {
            p.csf.volume_scale / centre.csf.volume_scale,
            p.stroke_factor / centre.stroke_factor,
            p.csf.dispersion_lumbar_cm2_per_h / centre.csf.dispersion_lumbar_cm2_per_h,
            p.drug[0].loss_per_h / centre.drug[0].loss_per_h,
            p.csf.tip_zone_drain_ml_per_h / centre.csf.tip_zone_drain_ml_per_h,
            p.drug[0].clearance_l_per_h / centre.drug[0].clearance_l_per_h,
            p.ashworth.ec50_ng_per_ml / centre.ashworth.ec50_ng_per_ml};
        for (int i = 0; i < PERSON_BASELINE; i++) {
            double expected = i == k ? f : 1.0;
            if (k == PERSON_STROKE && i == PERSON_DISPERSION)
                expected = f * f; /* follows the square of the stroke volume */
            cr_expect(fabs(found[i] / expected - 1.0) < 1e-9, "uniform %d, factor %d: %g, not %g",
                      k, i, found[i], expected);
        }
    }
}

/* The distribution function of a truncated normal at what is drawn gives the uniform back. */
Test(person, truncated_normals_are_inverted)
{
    for (double u = 0.01; u < 1.0; u += 0.07) {
        double uniform[PERSON_DRAWS];
        medians(uniform);
        uniform[PERSON_BASELINE] = u;
        const person_t p = uncorrelated(uniform);
        const double root = sqrt(0.5), low = erfc(6.0 * root), high = erfc(-2.0 * root);
        const double tone = erfc(-(p.ashworth.baseline - 4.0) / 0.5 * root);
        cr_expect(fabs((tone - low) / (high - low) - u) < 1e-9, "baseline %g at %g",
                  p.ashworth.baseline, u);
    }
}

Test(person, uniforms_at_the_ends_are_held_to_the_accepted_ranges)
{
    for (int end = 0; end < 2; end++) {
        double uniform[PERSON_DRAWS];
        for (int i = 0; i < PERSON_DRAWS; i++)
            uniform[i] = end == 0 ? 0x1p-53 : 1.0 - 0x1p-53;
        const person_t p = person_at(uniform);
        cr_expect(end == 0 || p.held > 0, "dispersion was not held");
        cr_expect_eq(parameters_check_csf(&p.csf, &e), 0, "end %d: %s", end, e.text);
        cr_expect_eq(parameters_check_tolerance(&p.tolerance, &e), 0, "end %d: %s", end, e.text);
        cr_expect_eq(parameters_check_drug(&p.drug[0], &e), 0, "end %d: %s", end, e.text);
        cr_expect_eq(parameters_check_ashworth(&p.ashworth, &e), 0, "end %d: %s", end, e.text);
    }
}

Test(person, a_uniform_of_one_is_refused)
{
    const population_param_t population = parameters_population();
    const person_centre_t centre = person_centre_default();
    double uniform[PERSON_DRAWS];
    person_t p;
    medians(uniform);
    uniform[3] = 1.0;
    cr_expect_eq(person_draw(&p, &population, &centre, uniform, &e), ERROR_ARGUMENT);
}

static ashworth_t tone_of(double baseline, double group_sd)
{
    static const double normal[ASHWORTH_GROUPS] = {-1.5, -1.0, -0.5, 0.0, 0.0, 0.5, 1.0, 1.5};
    ashworth_param_t p = parameters_ashworth();
    ashworth_t a;
    p.baseline = baseline;
    p.group_sd = group_sd;
    cr_assert_eq(ashworth_init(&a, &p, normal, &e), 0, "%s", e.text);
    return a;
}

Test(ashworth, half_of_the_greatest_inhibition_at_ec50)
{
    const ashworth_t a = tone_of(4.0, 0.0);
    cr_expect_float_eq(ashworth_inhibition(&a.param, a.param.ec50_ng_per_ml), 0.475, 1e-12);
    cr_expect_float_eq(ashworth_latent(&a, a.param.ec50_ng_per_ml), 1.0 + 3.0 * 0.525, 1e-12);
}

Test(ashworth, no_drug_leaves_the_baseline)
{
    const ashworth_t a = tone_of(3.5, 0.5);
    cr_expect_float_eq(ashworth_latent(&a, 0.0), 3.5, 1e-12);
    cr_expect_float_eq(ashworth_latent(&a, -1e-12), 3.5, 1e-12);
}

Test(ashworth, more_drug_never_raises_tone)
{
    const ashworth_t a = tone_of(4.0, 0.8);
    double before = 6.0;
    for (double c = 0.0; c < 1e5; c = 2.0 * c + 1.0) {
        const double now = ashworth_latent(&a, c);
        cr_expect(now <= before && now >= 1.0, "tone %g after %g at %g ng/mL", now, before, c);
        before = now;
    }
}

Test(ashworth, ratings_are_whole_categories_on_the_scale)
{
    static const double kind[ASHWORTH_GROUPS] = {-50, -50, -50, -50, -50, -50, -50, -50};
    static const double harsh[ASHWORTH_GROUPS] = {50, 50, 50, 50, 50, 50, 50, 50};
    static const double exact[ASHWORTH_GROUPS] = {0};
    const ashworth_t a = tone_of(3.8, 0.5);
    cr_expect_eq(ashworth_rated(&a, 0.0, kind), 1.0);
    cr_expect_eq(ashworth_rated(&a, 0.0, harsh), 5.0);
    /* 3.05, 3.3, 3.55, 3.8, 3.8, 4.05, 4.3, 4.55 */
    cr_expect_eq(ashworth_rated(&a, 0.0, exact), (3 + 3 + 4 + 4 + 4 + 4 + 4 + 5) / 8.0);
}

/* What raters write on average: never rises with the dose, and is off by little at the ends of the scale,
 * where an error can go one way only. */
Test(ashworth, mean_rating_falls_from_top_to_floor)
{
    enum { RATINGS = 20000 };
    static const double dose[] = {0.0, 30.0, 100.0, 200.0, 500.0, 1e4};
    const ashworth_t a = tone_of(4.0, 0.5);
    ashworth_t top = tone_of(5.0, 0.0), floor = tone_of(1.0, 0.0);
    double mean[6] = {0}, at_top = 0.0, at_floor = 0.0;
    draw_t d;
    draw_init(&d, 7, DRAW_TEST, 0, 0, 1);
    for (int i = 0; i < RATINGS; i++) {
        double normal[ASHWORTH_GROUPS];
        for (int g = 0; g < ASHWORTH_GROUPS; g++)
            normal[g] = draw_normal(&d);
        for (int k = 0; k < 6; k++)
            mean[k] += ashworth_rated(&a, dose[k], normal) / RATINGS;
        at_top += ashworth_rated(&top, 0.0, normal) / RATINGS;
        at_floor += ashworth_rated(&floor, 0.0, normal) / RATINGS;
    }
    for (int k = 0; k < 6; k++) {
        cr_expect(k == 0 || mean[k]<mean[k - 1], "%g ng/mL: %g after %g", dose[k], mean[k], k> 0
                      ? mean[k - 1]
                      : 5.0);
        cr_expect(fabs(mean[k] - ashworth_latent(&a, dose[k])) < 0.15, "%g ng/mL: %g, latent %g",
                  dose[k], mean[k], ashworth_latent(&a, dose[k]));
    }
    /* P(0.3 z > 1/2) = 0.04779 of one category. */
    cr_expect_float_eq(at_floor, 1.04779, 2e-3);
    cr_expect_float_eq(at_top, 4.95221, 2e-3);
}

Test(ashworth, tone_is_held_to_the_scale)
{
    const ashworth_t a = tone_of(4.9, 3.0);
    for (int g = 0; g < ASHWORTH_GROUPS; g++)
        cr_expect(a.tone[g] >= 1.0 && a.tone[g] <= 5.0, "group %d at %g", g, a.tone[g]);
}

static anatomy_t typical(void)
{
    const csf_param_t p = parameters_csf();
    anatomy_t a;
    cr_assert_eq(anatomy_init(&a, &p, &e), 0, "%s", e.text);
    return a;
}

static double find(const anatomy_t *a, const char *name)
{
    double cm = -1.0;
    cr_assert_eq(anatomy_find(a, name, &cm, &e), 0, "%s", e.text);
    return cm;
}

Test(anatomy, tells_the_level_that_holds_a_position)
{
    const anatomy_t a = typical();
    for (int i = 0; i < ANATOMY_LEVELS; i++) {
        cr_expect_eq(anatomy_at(&a, find(&a, anatomy_level(i)->name)), i);
        cr_expect_eq(anatomy_at(&a, a.edge_cm[i]), i, "an edge is the upper level's");
    }
    cr_expect_eq(anatomy_at(&a, -1.0), 0);
    cr_expect_eq(anatomy_at(&a, a.length_cm), ANATOMY_LEVELS - 1);
}

Test(anatomy, volumes_are_those_published)
{
    const anatomy_t a = typical();
    const double t12_top = a.edge_cm[7];
    cr_expect_float_eq(a.length_cm, 65.15, 1e-9);
    cr_expect_float_eq(anatomy_volume_ml(&a, 0.0, t12_top), 40.0, 1e-9);
    /* C1 to T4 30.2 mL, T5 to T11 21 mL. */
    cr_expect_float_eq(anatomy_volume_ml(&a, find(&a, "T4/5"), a.length_cm), 30.2, 0.1);
    cr_expect_float_eq(anatomy_volume_ml(&a, find(&a, "T11/12"), find(&a, "T4/5")), 21.0, 0.1);
}

/* Length mm, cord mm2, CSF mm2 as published, C1 down to T4; then length and cord only. */
Test(anatomy, levels_are_those_published)
{
    static const double published[][3] = {
        {23.0, 78.6, 218.4}, {15.5, 70.7, 180.3}, {18.5, 70.4, 137.8},   {18.5, 74.2, 128.7},
        {16.5, 72.3, 131.3}, {15.5, 65.1, 130.9}, {17.0, 54.0, 138.0},   {21.5, 46.0, 135.1},
        {23.0, 42.4, 118.9}, {23.0, 38.8, 113.5}, {24.5, 36.3, 108.6},   {25.5, 35.1, 110.0},
        {25.5, 34.9, 110.0}, {26.5, 35.6, 110.0}, {27.0, 37.3, 110.0},   {26.5, 39.3, 110.0},
        {29.0, 42.5, 110.0}, {31.5, 49.3, 110.0}, {31.5, 48.0, 164.271}, {33.0, 22.8, 164.271}};
    for (int i = 0; i < 20; i++) {
        const anatomy_level_t *l = anatomy_level(ANATOMY_LEVELS - 1 - i);
        cr_expect_float_eq(10.0 * l->length_cm, published[i][0], 1e-9, "%s: length", l->name);
        cr_expect_float_eq(100.0 * l->cord_cm2, published[i][1], 0.051, "%s: cord", l->name);
        cr_expect_float_eq(100.0 * l->csf_cm2, published[i][2], 1e-3, "%s: CSF", l->name);
    }
    cr_expect_null(anatomy_level(ANATOMY_LEVELS));
    cr_expect_null(anatomy_level(-1));
}

Test(anatomy, cord_volume_is_that_published)
{
    const anatomy_t a = typical();
    double ml = 0.0;
    for (int i = 0; i < ANATOMY_LEVELS; i++)
        ml += a.cord_cm2[i] * (a.edge_cm[i + 1] - a.edge_cm[i]);
    cr_expect_float_eq(ml, 22.3, 0.15, "cord volume %g mL", ml);
}

Test(anatomy, names_find_levels)
{
    const anatomy_t a = typical();
    cr_expect_float_eq(find(&a, "SAC"), 2.0, 1e-12);
    cr_expect_float_eq(find(&a, "L3/4"), 4.0 + 3.5 + 3.5, 1e-12);
    cr_expect_float_eq(find(&a, "l4/L3"), find(&a, "L3/4"), 1e-12);
    cr_expect_float_eq(find(&a, "T12/L1"), a.edge_cm[6], 1e-12);
    cr_expect(find(&a, "T10") < find(&a, "T9") && find(&a, "T1") < find(&a, "C7"));
}

static const char *shifted(const char *name, int levels, char out[ANATOMY_NAME_SIZE])
{
    cr_assert_eq(anatomy_shift(name, levels, out, &e), 0, "%s", e.text);
    return out;
}

Test(anatomy, levels_shift_and_stop_at_the_ends)
{
    char out[ANATOMY_NAME_SIZE];
    cr_expect_str_eq(shifted("t10", 0, out), "T10");
    cr_expect_str_eq(shifted("T10", 1, out), "T9");
    cr_expect_str_eq(shifted("T12", -2, out), "L2");
    cr_expect_str_eq(shifted("L5", -3, out), "SAC");
    cr_expect_str_eq(shifted("C1", 1, out), "C1");
    cr_expect_str_eq(shifted("L3/4", -1, out), "L5/L4");
    cr_expect_str_eq(shifted("C1/2", 2, out), "C2/C1");
    cr_expect_str_eq(shifted("T9/10", -1, out), "T11/T10");
    cr_expect_eq(anatomy_shift("T13", 1, out, &e), ERROR_ARGUMENT);
}

Test(anatomy, other_names_are_refused)
{
    static const char *const name[] = {"",   "L6",  "T13",    "C0", "L3/5", "L3/",
                                       "/4", "T1x", "L3/4/5", "TT", "L33/4"};
    const anatomy_t a = typical();
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        double cm = 0.0;
        cr_expect_eq(anatomy_find(&a, name[i], &cm, &e), ERROR_ARGUMENT,
                     "\"%s\" was accepted at %g", name[i], cm);
    }
}

Test(anatomy, scales_multiply)
{
    csf_param_t p = parameters_csf();
    anatomy_t a;
    p.length_scale = 1.1;
    p.volume_scale = 0.7;
    cr_assert_eq(anatomy_init(&a, &p, &e), 0, "%s", e.text);
    const anatomy_t one = typical();
    cr_expect_float_eq(anatomy_volume_ml(&a, 0.0, a.length_cm),
                       0.77 * anatomy_volume_ml(&one, 0.0, one.length_cm), 1e-9);
}
