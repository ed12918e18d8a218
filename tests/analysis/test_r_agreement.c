/* SPDX-License-Identifier: Apache-2.0 */
/* The statistics against R's on the same data: tests/analysis/data, where README.md says how they were made. */
#include <criterion/criterion.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/bootstrap.h"
#include "statistics/dose_effect.h"
#include "statistics/rate.h"
#include "statistics/spread.h"
#include "statistics/survival.h"

#define FOLDER "tests/analysis/data/"
#define ROWS_MAX 512
#define CLOSE 1e-9

static FILE *opened(const char *path)
{
    FILE *in = fopen(path, "r");
    cr_assert_not_null(in, "%s is not there: run in the root of the project", path);
    return in;
}

/* Two columns of numbers below a line of names. Returns the rows. */
static size_t read_pairs(const char *path, double pair[ROWS_MAX][2])
{
    FILE *in = opened(path);
    size_t n = 0;
    cr_assert_eq(fscanf(in, "%*[^\n]"), 0);
    while (n < ROWS_MAX && fscanf(in, "%lf,%lf", &pair[n][0], &pair[n][1]) == 2) {
        n++;
    }
    (void)fclose(in);
    return n;
}

/* R's values of one quantity, in order of their places. Returns how many; at least one. */
static size_t by_r(const char *quantity, double value[ROWS_MAX])
{
    char line[256], name[64];
    FILE *in = opened(FOLDER "r-agreement.csv");
    size_t n = 0, place;
    double number;
    while (fgets(line, sizeof line, in) != NULL) {
        if (sscanf(line, "%63[^,],%zu,%lf", name, &place, &number) == 3 &&
            strcmp(name, quantity) == 0) {
            cr_assert(place == n && n < ROWS_MAX);
            value[n++] = number;
        }
    }
    (void)fclose(in);
    cr_assert_gt(n, 0, "R has no %s", quantity);
    return n;
}

static void expect(const char *quantity, size_t place, double got, double within)
{
    double value[ROWS_MAX];
    cr_assert_lt(place, by_r(quantity, value), "%s", quantity);
    cr_expect(fabs(got - value[place]) <= within, "%s %zu is %.15g, by R %.15g", quantity, place,
              got, value[place]);
}

static size_t read_lives(survival_life_t life[ROWS_MAX])
{
    static double pair[ROWS_MAX][2];
    const size_t n = read_pairs(FOLDER "lives.csv", pair);
    for (size_t i = 0; i < n; i++) {
        life[i] = (survival_life_t){pair[i][0], (int)pair[i][1], 0};
    }
    cr_assert_eq(n, 120);
    return n;
}

#define TIMES 9 /* 1 to 9 */

Test(r_agreement, product_limit_its_error_and_log_log_band)
{
    static survival_life_t life[ROWS_MAX];
    survival_curve_t all, one;
    interval_t band;
    error_t e = {0};
    const size_t n = read_lives(life);
    cr_assert_eq(survival_estimate(&all, life, n, SURVIVAL_ANY, &e), 0);
    cr_assert_eq(survival_estimate(&one, life, n, 1, &e), 0);
    for (size_t i = 0; i < TIMES; i++) {
        const survival_point_t p = survival_at(&all, (double)(i + 1));
        const survival_point_t q = survival_at(&one, (double)(i + 1));
        expect("km_survival", i, p.value, CLOSE);
        expect("km_se", i, p.se, CLOSE);
        expect("km_low", i, p.band.low, CLOSE);
        expect("km_high", i, p.band.high, CLOSE);
        expect("km_at_risk", i, (double)p.at_risk, 0.0);
        expect("cause_survival", i, q.value, CLOSE);
        expect("cause_se", i, q.se, CLOSE);
    }
    expect("km_median", 0, survival_median(&all, &band), CLOSE);
    expect("km_median_low", 0, band.low, CLOSE);
    expect("km_median_high", 0, band.high, CLOSE);
    survival_free(&all);
    survival_free(&one);
}

/* The values agree; the errors, of the delta method here and of the infinitesimal jackknife there, to some per cent. */
Test(r_agreement, incidence_of_competing_causes)
{
    static survival_life_t life[ROWS_MAX];
    survival_curve_t first, second;
    error_t e = {0};
    const size_t n = read_lives(life);
    cr_assert_eq(survival_incidence(&first, life, n, 1, &e), 0);
    cr_assert_eq(survival_incidence(&second, life, n, 2, &e), 0);
    for (size_t i = 0; i < TIMES; i++) {
        const survival_point_t p = survival_at(&first, (double)(i + 1));
        expect("aj_first", i, p.value, CLOSE);
        expect("aj_second", i, survival_at(&second, (double)(i + 1)).value, CLOSE);
        expect("aj_first_jackknife_se", i, p.se, 0.03 * p.se);
    }
    survival_free(&first);
    survival_free(&second);
}

Test(r_agreement, percentile_interval_of_boot)
{
    double given[ROWS_MAX], value[999];
    const size_t n = by_r("boot_given", given);
    cr_assert_eq(n, 250);
    for (size_t i = 0; i < 999; i++) {
        value[i] = given[i % 250] + (double)(i / 250);
    }
    interval_t i = bootstrap_percentile(value, 999);
    expect("boot_999", 0, i.low, CLOSE);
    expect("boot_999", 1, i.high, CLOSE);
    i = bootstrap_percentile(given, 250);
    expect("boot_250", 0, i.low, CLOSE);
    expect("boot_250", 1, i.high, CLOSE);
}

Test(r_agreement, poisson_limits_and_wilson_s)
{
    static const size_t events[] = {0, 1, 7, 90}, shares[] = {0, 3, 50, 101};
    for (size_t i = 0; i < 4; i++) {
        rate_sums_t sums = {0};
        for (size_t k = 0; k < 335; k++) {
            rate_add(&sums, k < events[i] ? 1 : 0, 0.1);
        }
        const rate_t r = rate_of(&sums);
        const interval_t share = interval_share(shares[i], 101);
        expect("poisson_low", i, r.ci.low, CLOSE);
        expect("poisson_high", i, r.ci.high, CLOSE);
        expect("wilson_low", i, share.low, CLOSE);
        expect("wilson_high", i, share.high, CLOSE);
    }
}

Test(r_agreement, ranks_quantiles_and_a_mean)
{
    static const double share[] = {0.05, 0.25, 0.5, 0.75, 0.95};
    static double pair[ROWS_MAX][2], effect[ROWS_MAX];
    static dose_effect_pair_t dose[ROWS_MAX];
    const size_t n = read_pairs(FOLDER "sample.csv", pair);
    dose_effect_t d;
    error_t e = {0};
    cr_assert_eq(n, 101);
    for (size_t i = 0; i < n; i++) {
        dose[i] = (dose_effect_pair_t){pair[i][0], pair[i][1]};
        effect[i] = pair[i][1];
    }
    cr_assert_eq(dose_effect_describe(&d, dose, n, &e), 0);
    expect("spearman", 0, d.correlation, CLOSE);
    const spread_t s = spread_of(effect, n); /* which leaves them in order */
    expect("mean_ci", 0, s.mean_ci.low, CLOSE);
    expect("mean_ci", 1, s.mean_ci.high, CLOSE);
    for (size_t i = 0; i < 5; i++) {
        expect("quantiles", i, gsl_stats_quantile_from_sorted_data(effect, 1, n, share[i]), CLOSE);
    }
    expect("quantiles", 0, s.p5, CLOSE);
    expect("quantiles", 4, s.p95, CLOSE);
}

/* Who reads the numbers must know by what they were made. */
Test(r_agreement, the_file_names_what_made_it)
{
    char text[512];
    FILE *in = opened(FOLDER "r-agreement.csv");
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    (void)fclose(in);
    cr_expect_not_null(strstr(text, "# made by: Rscript " FOLDER "r-agreement.R"));
    cr_expect_not_null(strstr(text, "# R version "));
    cr_expect_not_null(strstr(text, "# package survival "));
    cr_expect_not_null(strstr(text, "# package boot "));
}
