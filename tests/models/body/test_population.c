/* SPDX-License-Identifier: Apache-2.0 */
/* Populations: who they are, what goes with what, what is implausible and how it is drawn again. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "body/population.h"
#include "body/tolerance.h"
#include "draw.h"

enum { PEOPLE = 5000, SEED = 11 };

static error_t e;

static person_t person_of(const population_param_t *p, int patient)
{
    const person_centre_t centre = person_centre_default();
    person_t person;
    cr_assert_eq(population_draw(&person, p, &centre, SEED, (uint64_t)patient, 0, &e), 0,
                 "seed %d patient %d: %s", SEED, patient, e.text);
    return person;
}

static person_t *people(void)
{
    static person_t all[PEOPLE];
    const population_param_t p = parameters_population();
    for (int i = 0; i < PEOPLE; i++)
        all[i] = person_of(&p, i + 1);
    return all;
}

static double share(const person_t *all, int (*is)(const person_t *))
{
    int n = 0;
    for (int i = 0; i < PEOPLE; i++)
        n += is(&all[i]);
    return (double)n / PEOPLE;
}

static int is_sci(const person_t *p)
{
    return p->diagnosis == PERSON_SCI;
}

static int is_ms(const person_t *p)
{
    return p->diagnosis == PERSON_MS;
}

static int is_woman(const person_t *p)
{
    return p->sex == PERSON_FEMALE;
}

static int is_man(const person_t *p)
{
    return p->sex == PERSON_MALE;
}

static int is_obese(const person_t *p)
{
    return p->bmi_kg_per_m2 >= 30.0;
}

static int is_not_obese(const person_t *p)
{
    return !is_obese(p);
}

static int continues(const person_t *p)
{
    return p->tolerance_class == PERSON_TOLERANCE_CONTINUES;
}

/* 59, 31 and 3 of 93; standard errors 0.007 and less. */
Test(population, diagnoses_are_those_of_the_cohort)
{
    const person_t *all = people();
    cr_expect_float_eq(share(all, is_sci), 59.0 / 93.0, 0.025);
    cr_expect_float_eq(share(all, is_ms), 31.0 / 93.0, 0.025);
}

/* Between one adult centre's 37 % and a registry's 46.8 %. */
Test(population, women_are_between_the_published_shares)
{
    const double women = share(people(), is_woman);
    cr_expect(women > 0.37 && women < 0.468, "%g of them women", women);
}

static double mean_of(const person_t *all, int (*is)(const person_t *),
                      double (*value)(const person_t *))
{
    double sum = 0.0;
    int n = 0;
    for (int i = 0; i < PEOPLE; i++)
        if (is == NULL || is(&all[i])) {
            sum += value(&all[i]);
            n++;
        }
    return sum / n;
}

static double age(const person_t *p)
{
    return p->age_years;
}

static double height(const person_t *p)
{
    return p->height_cm;
}

static double bmi(const person_t *p)
{
    return p->bmi_kg_per_m2;
}

static double canal(const person_t *p)
{
    return p->canal_csf_ml;
}

static double log_stroke(const person_t *p)
{
    return log(p->stroke_factor);
}

static double log_clearance(const person_t *p)
{
    return log(p->clearance_factor);
}

static double log_ec50(const person_t *p)
{
    return log(p->ashworth.ec50_ng_per_ml);
}

static double baseline(const person_t *p)
{
    return p->ashworth.baseline;
}

Test(population, covariates_have_the_published_means)
{
    const person_t *all = people();
    cr_expect_float_eq(mean_of(all, NULL, age), 51.0, 1.0);
    cr_expect_float_eq(mean_of(all, is_man, height), 176.5, 0.5);
    cr_expect_float_eq(mean_of(all, is_woman, height), 162.6, 0.5);
    cr_expect_float_eq(mean_of(all, NULL, bmi), 28.0, 0.4);
}

/* 42.9 against 53.5 mL. */
Test(population, the_obese_have_a_fifth_less_fluid)
{
    const person_t *all = people();
    const double ratio = mean_of(all, is_obese, canal) / mean_of(all, is_not_obese, canal);
    cr_expect_float_eq(ratio, 0.80, 0.02, "ratio %g", ratio);
}

static double correlation(const person_t *all, int (*is)(const person_t *),
                          double (*x)(const person_t *), double (*y)(const person_t *))
{
    const double mx = mean_of(all, is, x), my = mean_of(all, is, y);
    double xx = 0.0, yy = 0.0, xy = 0.0;
    for (int i = 0; i < PEOPLE; i++) {
        if (is != NULL && !is(&all[i]))
            continue;
        xx += (x(&all[i]) - mx) * (x(&all[i]) - mx);
        yy += (y(&all[i]) - my) * (y(&all[i]) - my);
        xy += (x(&all[i]) - mx) * (y(&all[i]) - my);
    }
    return xy / sqrt(xx * yy);
}

/* Standard error 0.014 among all, 0.02 among the men. */
Test(population, correlations_are_those_of_the_parameters)
{
    const person_t *all = people();
    cr_expect_float_eq(correlation(all, is_man, height, log_stroke), 0.2, 0.06);
    cr_expect_float_eq(correlation(all, NULL, age, log_clearance), -0.2, 0.045);
    cr_expect_float_eq(correlation(all, NULL, log_ec50, baseline), 0.2, 0.045);
    cr_expect_float_eq(correlation(all, NULL, log_ec50, age), 0.0, 0.045);
}

Test(population, correlated_normals_stay_standard)
{
    population_param_t p = parameters_population();
    double sum = 0.0, square = 0.0;
    p.bmi_volume_correlation = -0.9;
    for (int i = 0; i < PEOPLE; i++) {
        double uniform[PERSON_DRAWS], normal[PERSON_DRAWS];
        draw_t d;
        draw_init(&d, SEED, DRAW_TEST, (uint64_t)i, 0, 0);
        for (int k = 0; k < PERSON_DRAWS; k++)
            uniform[k] = draw_uniform(&d);
        person_normals(&p, uniform, normal);
        sum += normal[PERSON_VOLUME];
        square += normal[PERSON_VOLUME] * normal[PERSON_VOLUME];
    }
    cr_expect_float_eq(sum / PEOPLE, 0.0, 0.045);
    cr_expect_float_eq(square / PEOPLE, 1.0, 0.06);
}

Test(population, tips_lie_from_t8_to_t12)
{
    static const char *const level[] = {"T8", "T9", "T10", "T11", "T12"};
    const person_t *all = people();
    int count[5] = {0};
    for (int i = 0; i < PEOPLE; i++)
        for (int k = 0; k < 5; k++)
            count[k] += strcmp(all[i].tip_level, level[k]) == 0;
    cr_expect_eq(count[0] + count[1] + count[2] + count[3] + count[4], PEOPLE);
    cr_expect(count[2] > count[1] && count[1] > count[0] && count[0] > 0, "%d, %d, %d at T8, 9, 10",
              count[0], count[1], count[2]);
}

/* 8 of 37 kept on rising. */
Test(population, a_fifth_keep_on_becoming_tolerant)
{
    const person_t *all = people();
    cr_expect_float_eq(share(all, continues), 0.22, 0.025);
    for (int i = 0; i < PEOPLE; i++)
        cr_assert((all[i].tolerance.slow_rise > 0.0) == (continues(&all[i]) != 0), "patient %d",
                  i + 1);
}

/* How much the dose grows that keeps a person's effect, from year `from` to year `to` of therapy: C goes with
 * m from twice the naive EC50, in weekly steps. */
static double growth(const person_t *p, int from, int to)
{
    tolerance_t t;
    double before = 1.0;
    cr_assert_eq(tolerance_init(&t, &p->tolerance, &e), 0, "%s", e.text);
    for (int week = 0; week < 52 * to; week++) {
        if (week == 52 * from)
            before = tolerance_multiplier(&t);
        tolerance_advance(&t, 168.0, 2.0 * p->ashworth.ec50_ng_per_ml * tolerance_multiplier(&t));
    }
    return tolerance_multiplier(&t) / before;
}

static double two_years(const person_t *p)
{
    return growth(p, 0, 2);
}

static double eight_years(const person_t *p)
{
    return growth(p, 1, 9);
}

static int ends(const person_t *p)
{
    return !continues(p);
}

/* 2.0 to 3.2 times, done within two years in those who then need no more. */
Test(population, doses_rise_2_to_3_times_and_stay)
{
    const person_t *all = people();
    const double rise = mean_of(all, ends, two_years);
    cr_expect(rise > 2.0 && rise < 3.2, "%g times", rise);
    cr_expect_lt(mean_of(all, ends, eight_years), 1.2);
}

/* After the first year: 157 and 194 % at 7 and 10 years in multiple sclerosis, 113 and 121 % after injury. */
Test(population, later_growth_goes_with_the_diagnosis)
{
    const person_t *all = people();
    const double ms = mean_of(all, is_ms, eight_years), sci = mean_of(all, is_sci, eight_years);
    cr_expect(ms > 1.5 && ms < 2.0, "multiple sclerosis: %g times", ms);
    cr_expect(sci > 1.1 && sci < 1.35, "injury: %g times", sci);
}

Test(population, everybody_is_plausible_and_few_are_drawn_again)
{
    const population_param_t p = parameters_population();
    const person_t *all = people();
    int attempts = 0;
    for (int i = 0; i < PEOPLE; i++) {
        cr_assert_null(population_implausible(&all[i], &p), "patient %d", i + 1);
        attempts += all[i].attempts;
    }
    const double acceptance = (double)PEOPLE / attempts;
    cr_expect(acceptance > 0.95 && acceptance < 1.0, "acceptance %g", acceptance);
}

typedef struct limit_t {
    double height, bmi, canal, clearance;
    int held;
} limit_t;

Test(population, each_limit_is_seen)
{
    static const limit_t outside[] = {
        {139.9, 25, 90, 1, 0},       {205.1, 25, 90, 1, 0}, {170, 14.9, 90, 1, 0},
        {170, 50.1, 90, 1, 0},       {170, 25, 27.9, 1, 0}, {170, 25, 160.1, 1, 0},
        {170, 25, 90, 0.3, 0},       {170, 25, 90, 2.6, 0}, {170, 25, 90, 1, 1},
        {(double)NAN, 25, 90, 1, 0},
    };
    const population_param_t p = parameters_population();
    person_t person = person_of(&p, 1);
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        person.height_cm = outside[i].height;
        person.bmi_kg_per_m2 = outside[i].bmi;
        person.canal_csf_ml = outside[i].canal;
        person.clearance_factor = outside[i].clearance;
        person.held = outside[i].held;
        cr_expect_not_null(population_implausible(&person, &p), "row %zu was plausible", i);
    }
}

/* With half of the men and more of the women too short, many are drawn again, and by the next key. */
Test(population, an_implausible_attempt_is_followed_by_the_next_key)
{
    population_param_t p = parameters_population();
    const person_centre_t centre = person_centre_default();
    int again = 0;
    p.height_least_cm = 175.0;
    for (int patient = 1; patient <= 50; patient++) {
        person_t person = person_of(&p, patient), same;
        double uniform[PERSON_DRAWS];
        draw_t d;
        draw_init(&d, SEED, DRAW_PERSON, (uint64_t)patient, 0, (uint64_t)(person.attempts - 1));
        for (int i = 0; i < PERSON_DRAWS; i++)
            uniform[i] = draw_uniform(&d);
        cr_assert_eq(person_draw(&same, &p, &centre, uniform, &e), 0, "%s", e.text);
        cr_expect(person.height_cm >= 175.0, "patient %d: %g cm", patient, person.height_cm);
        cr_expect_eq(person.height_cm, same.height_cm, "patient %d", patient);
        cr_expect_eq(person.canal_csf_ml, same.canal_csf_ml, "patient %d", patient);
        again += person.attempts > 1;
    }
    cr_expect(again > 10 && again < 50, "%d of 50 drawn again", again);
}

/* A limit changes the people it excludes and nobody else. */
Test(population, a_redraw_moves_no_other_person)
{
    population_param_t p = parameters_population();
    const person_t *all = people();
    p.height_least_cm = 160.0;
    for (int i = 0; i < 300; i++) {
        const person_t person = person_of(&p, i + 1);
        if (all[i].height_cm >= 160.0)
            cr_expect_eq(person.ashworth.ec50_ng_per_ml, all[i].ashworth.ec50_ng_per_ml);
        else
            cr_expect_gt(person.attempts, all[i].attempts);
    }
}

Test(population, nobody_plausible_is_an_error)
{
    population_param_t p = parameters_population();
    const person_centre_t centre = person_centre_default();
    person_t person;
    p.canal_least_ml = 100.0;
    p.canal_most_ml = 80.0;
    cr_expect_eq(population_draw(&person, &p, &centre, SEED, 3, 0, &e), ERROR_ARGUMENT);
    cr_expect(strstr(e.text, "CSF volume") != NULL, "%s", e.text);
    cr_expect_eq(person.attempts, POPULATION_ATTEMPTS_MAX);
}

Test(population, patients_and_replicates_differ_and_repeat)
{
    const population_param_t p = parameters_population();
    const person_centre_t centre = person_centre_default();
    person_t one = person_of(&p, 1), again = person_of(&p, 1), two = person_of(&p, 2), replicate;
    cr_assert_eq(population_draw(&replicate, &p, &centre, SEED, 1, 1, &e), 0, "%s", e.text);
    cr_expect_eq(one.canal_csf_ml, again.canal_csf_ml);
    cr_expect_neq(one.canal_csf_ml, two.canal_csf_ml);
    cr_expect_neq(one.canal_csf_ml, replicate.canal_csf_ml);
}

Test(population, bodies_of_people_stay_in_range)
{
    const population_param_t population = parameters_population();
    for (int patient = 100; patient < 130; patient++) {
        const person_t person = person_of(&population, patient);
        const body_param_t p = person_body(&person, person.tip_level, "L2");
        const double ug = 300.0;
        body_t b;
        cr_assert_eq(body_init(&b, &p, &e), 0, "%s", e.text);
        const int lumbar = body_site(&b, "L3/4", &e);
        cr_assert(lumbar >= 0, "%s", e.text);
        for (int day = 0; day < 30; day++)
            cr_assert_eq(body_advance(&b, 1440, &ug, &e), 0, "%s", e.text);
        const double csf = body_csf_ng_per_ml(&b, 0, lumbar), tip = body_tip_ng_per_ml(&b, 0);
        const double tone = body_ashworth_latent(&b);
        cr_expect(csf > 20.0 && csf < 3000.0, "patient %d: lumbar %g ng/mL", patient, csf);
        cr_expect(tip > csf, "patient %d: tip %g below lumbar %g", patient, tip, csf);
        cr_expect(tone >= 1.0 && tone <= person.ashworth.baseline + 2.0, "patient %d: tone %g",
                  patient, tone);
        cr_expect_eq(body_verify(&b, &e), 0, "patient %d: %s", patient, e.text);
        body_free(&b);
    }
}

/* An attempt is what the draw makes of it: the last one is the person, those before missed a limit. */
Test(population, attempts_are_those_of_the_draw)
{
    population_param_t p = parameters_population();
    const person_centre_t centre = person_centre_default();
    int again = 0;
    p.height_least_cm = 170.0;
    for (int patient = 1; patient <= 60; patient++) {
        const population_key_t key = {SEED, (uint64_t)patient, 0};
        const person_t person = person_of(&p, patient);
        person_t attempt;
        for (int i = 0; i < person.attempts; i++) {
            cr_assert_eq(population_attempt(&attempt, &p, &centre, &key, i, &e), 0, "%s", e.text);
            const int limit = population_limit(&attempt, &p);
            cr_expect_eq(limit < 0, i == person.attempts - 1);
            cr_expect_eq(population_limit_name(limit), population_implausible(&attempt, &p));
            again += limit == 0;
        }
        attempt.attempts = person.attempts;
        cr_expect_eq(memcmp(&attempt, &person, sizeof person), 0, "patient %d", patient);
    }
    cr_expect_gt(again, 10);
}

Test(population, limits_have_names)
{
    for (int i = 0; i < POPULATION_LIMITS; i++)
        cr_expect_not_null(population_limit_name(i));
    cr_expect_null(population_limit_name(-1));
    cr_expect_null(population_limit_name(POPULATION_LIMITS));
}
