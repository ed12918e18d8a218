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
    medians(uniform);
    const person_t p = person_at(uniform);
    cr_expect_float_eq(p.csf.dispersion_thoracic_cm2_per_h, csf.dispersion_thoracic_cm2_per_h,
                       1e-9);
    cr_expect_float_eq(p.csf.tip_zone_drain_ml_per_h, csf.tip_zone_drain_ml_per_h, 1e-12);
    cr_expect_float_eq(p.drug[0].loss_per_h, drug.loss_per_h, 1e-12);
    cr_expect_float_eq(p.unit_error, 0.0, 1e-12);
    cr_expect_float_eq(p.oscillator_error_ppm, 0.0, 1e-12);
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
        cr_assert(fabs(p.unit_error) <= 0.145);
    }
    cr_expect(fabs(cv(&volume, PEOPLE) - 0.24) < 0.01, "CV of the CSF volume %g",
              cv(&volume, PEOPLE));
    cr_expect(fabs(cv(&loss, PEOPLE) - 0.60) < 0.04, "CV of the loss %g", cv(&loss, PEOPLE));
    cr_expect(fabs(cv(&clearance, PEOPLE) - 0.21) < 0.01, "CV of the clearance %g",
              cv(&clearance, PEOPLE));
    cr_expect(fabs(volume.sum / PEOPLE - 91.3 * sqrt(1.0 + 0.24 * 0.24)) < 1.0,
              "mean CSF volume %g mL", volume.sum / PEOPLE);
}

Test(person, uniforms_at_the_ends_are_held_to_the_accepted_ranges)
{
    for (int end = 0; end < 2; end++) {
        double uniform[PERSON_DRAWS];
        for (int i = 0; i < PERSON_DRAWS; i++)
            uniform[i] = end == 0 ? 0x1p-53 : 1.0 - 0x1p-53;
        const person_t p = person_at(uniform);
        cr_expect_eq(parameters_check_csf(&p.csf, &e), 0, "end %d: %s", end, e.text);
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
