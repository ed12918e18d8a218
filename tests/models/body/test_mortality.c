/* SPDX-License-Identifier: Apache-2.0 */
/* Mortality: the closed forms against each other and against sums, and how soon a population dies. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "body/mortality.h"
#include "body/population.h"
#include "draw.h"

static double relative(double a, double b)
{
    return fabs(a - b) / fabs(b);
}

Test(mortality, years_spend_just_what_is_given)
{
    static const double growth[] = {0.0, 1e-12, 0.03, 0.0693, 0.3};
    mortality_param_t p = parameters_mortality();
    for (size_t g = 0; g < sizeof growth / sizeof growth[0]; g++) {
        p.growth_per_year = growth[g];
        for (double age = 18.0; age <= 80.0; age += 31.0)
            for (double given = 1e-6; given < 20.0; given *= 7.0) {
                const double years = mortality_years(&p, PERSON_MS, age, given);
                const double spent = mortality_spent(&p, PERSON_MS, age, years);
                cr_expect_lt(relative(spent, given), 1e-12, "growth %g, age %g: %g of %g",
                             growth[g], age, spent, given);
            }
    }
}

/* Simpson's rule on the hazard itself. */
Test(mortality, what_is_spent_is_the_hazard_added_up)
{
    enum { STEPS = 200 };
    const mortality_param_t p = parameters_mortality();
    const double from = 40.0, years = 25.0, h = years / STEPS;
    double sum = 0.0;
    for (int i = 0; i <= STEPS; i++) {
        const int weight = i == 0 || i == STEPS ? 1 : i % 2 == 1 ? 4 : 2;
        sum += weight * mortality_hazard_per_year(&p, PERSON_OTHER, from + i * h);
    }
    cr_expect_lt(relative(mortality_spent(&p, PERSON_OTHER, from, years), sum * h / 3.0), 1e-8);
}

Test(mortality, a_life_spends_the_same_in_one_part_or_two)
{
    const mortality_param_t p = parameters_mortality();
    const double whole = mortality_spent(&p, PERSON_SCI, 30.0, 20.0);
    const double parts =
        mortality_spent(&p, PERSON_SCI, 30.0, 13.0) + mortality_spent(&p, PERSON_SCI, 43.0, 7.0);
    cr_expect_lt(relative(parts, whole), 1e-13);
}

Test(mortality, the_hazard_is_the_rate_at_the_reference_age_and_doubles_in_ten_years)
{
    const mortality_param_t p = parameters_mortality();
    const double age = p.reference_age_years;
    const double sci = mortality_hazard_per_year(&p, PERSON_SCI, age);
    cr_expect_eq(sci, p.rate_per_year);
    cr_expect_float_eq(mortality_hazard_per_year(&p, PERSON_SCI, age + 10.0) / sci, 2.0, 1e-3);
    cr_expect_float_eq(mortality_hazard_per_year(&p, PERSON_MS, age) / sci, p.factor_ms, 1e-14);
    cr_expect_float_eq(mortality_hazard_per_year(&p, PERSON_OTHER, age) / sci, p.factor_other,
                       1e-14);
}

Test(mortality, without_a_hazard_nobody_dies)
{
    mortality_param_t p = parameters_mortality();
    p.factor_ms = 0.0;
    cr_expect(isinf(mortality_years(&p, PERSON_MS, 80.0, 1e-9)));
    p.rate_per_year = 0.0;
    cr_expect(isinf(mortality_years(&p, PERSON_SCI, 80.0, 1e-9)));
    cr_expect_eq(mortality_spent(&p, PERSON_SCI, 18.0, 100.0), 0.0);
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Nobody is cut off, so that Kaplan's and Meier's estimate is the share of those not dead yet: by Kolmogorov and Smirnov it lies
 * within 1.63 / sqrt(n) of Gompertz's law in 99 of 100 seeds. */
Test(mortality, ages_at_death_follow_gompertz)
{
    enum { N = 20000, SEED = 5 };
    static double years[N];
    const mortality_param_t p = parameters_mortality();
    double worst = 0.0;
    for (int i = 0; i < N; i++) {
        draw_t d;
        draw_init(&d, SEED, DRAW_DEATH, (uint64_t)i + 1, 0, 0);
        years[i] = mortality_years(&p, PERSON_SCI, 18.0, draw_exponential(&d, 1.0));
    }
    qsort(years, N, sizeof years[0], by_value);
    for (int i = 0; i < N; i++) {
        const double law = exp(-mortality_spent(&p, PERSON_SCI, 18.0, years[i]));
        worst = fmax(worst,
                     fmax(fabs(1.0 - (double)i / N - law), fabs(1.0 - (double)(i + 1) / N - law)));
    }
    cr_expect_lt(worst, 1.63 / sqrt(N), "seed %d: %g", SEED, worst);
    cr_expect_lt(18.0 + years[N - 1], 130.0, "nobody lives for ever");
}

/* Years lived of the next `until`, on the mean. */
static double lived(const mortality_param_t *p, const person_t *who, double until)
{
    enum { STEPS = 50 };
    double sum = 0.0;
    for (int i = 0; i < STEPS; i++)
        sum += exp(
            -mortality_spent(p, who->diagnosis, who->age_years, ((double)i + 0.5) * until / STEPS));
    return sum * until / STEPS;
}

/* What the rate was set by: 2.5 per 100 patient-years in the 3.7 years for which the registry followed people. */
Test(mortality, a_population_dies_at_the_rate_of_the_registry)
{
    enum { PEOPLE = 4000, SEED = 3 };
    const double until = 6481.0 / 1743.0;
    const mortality_param_t p = parameters_mortality();
    const population_param_t of = parameters_population();
    const person_centre_t centre = person_centre_default();
    double deaths = 0.0, years = 0.0;
    error_t e = {0};
    for (uint64_t i = 1; i <= PEOPLE; i++) {
        person_t who;
        cr_assert_eq(population_draw(&who, &of, &centre, SEED, i, 0, &e), 0, "%s", e.text);
        deaths += -expm1(-mortality_spent(&p, who.diagnosis, who.age_years, until));
        years += lived(&p, &who, until);
    }
    cr_expect_float_eq(100.0 * deaths / years, 2.5, 0.1, "%g", 100.0 * deaths / years);
}
