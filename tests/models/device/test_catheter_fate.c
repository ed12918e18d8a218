/* SPDX-License-Identifier: Apache-2.0 */
/* Fates of catheters: shares, kinds and times of events in cohorts against what is published; closed form; cost. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "device/catheter_fate.h"
#include "draw.h"
#include "tests/models/device/line.h"

enum { CATHETERS = 50000 };

typedef struct cohort_t {
    int events, by_kind[CATHETER_FATE_KINDS];
    double year[CATHETERS]; /* of the events */
} cohort_t;

/* A study's follow-up: triangular from 1 to 89 / 12 years with a mean of 43 months. */
static double follow_up_year(double u)
{
    const double a = 12.0, c = 28.0, b = 89.0;
    double rise = (c - a) / (b - a);
    double months =
        u < rise ? a + sqrt(u * (b - a) * (c - a)) : b - sqrt((1.0 - u) * (b - a) * (b - c));
    return months / 12.0;
}

static void follow(cohort_t *s, catheter_generation_t generation, double years)
{
    *s = (cohort_t){.events = 0};
    for (int i = 0; i < CATHETERS; i++) {
        catheter_fate_t f;
        catheter_event_t event;
        draw_t d;
        draw_init(&d, 5, DRAW_TEST, (uint64_t)i + 1, 0, 0);
        catheter_fate_draw(&f, &default_catheter_fate, generation, &d);
        double until = years > 0.0 ? years : follow_up_year(draw_uniform(&d));
        if (catheter_fate_next(&f, 0.0, until, &event)) {
            s->year[s->events++] = event.year;
            s->by_kind[event.kind]++;
        }
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* 7 of 126 patients, 5.6 % (2.7-11.0); median 6 months; occlusion 5, fracture 2, disconnection 1, kink 1 of 9. */
Test(catheter_fate, modern_catheters_fail_as_followed_up)
{
    static cohort_t s;
    follow(&s, CATHETER_MODERN, 0.0);
    qsort(s.year, (size_t)s.events, sizeof s.year[0], by_value);
    double share = (double)s.events / CATHETERS;
    double median = s.year[s.events / 2];
    cr_log_info("modern: %.2f %% with an event, median %.1f months; occlusion %.2f, fracture %.2f, "
                "disconnection %.2f, kink %.2f",
                100.0 * share, 12.0 * median, s.by_kind[0] / (double)s.events,
                s.by_kind[1] / (double)s.events, s.by_kind[2] / (double)s.events,
                s.by_kind[3] / (double)s.events);
    cr_expect_float_eq(share, 0.056, 0.005);
    cr_expect_float_eq(12.0 * median, 6.0, 1.5);
    cr_expect_float_eq(s.by_kind[CATHETER_FATE_OCCLUSION] / (double)s.events, 0.56, 0.04);
    cr_expect_float_eq(s.by_kind[CATHETER_FATE_FRACTURE] / (double)s.events, 0.22, 0.04);
}

/* Over 81 % free at 5 years, and no better than the modern. */
Test(catheter_fate, legacy_catheters_are_as_the_registry_has_them)
{
    static cohort_t s, modern;
    follow(&s, CATHETER_LEGACY, 5.0);
    follow(&modern, CATHETER_MODERN, 5.0);
    double free_share = 1.0 - (double)s.events / CATHETERS;
    cr_log_info("free at 5 years: legacy %.2f %%, modern %.2f %%", 100.0 * free_share,
                100.0 * (1.0 - (double)modern.events / CATHETERS));
    cr_expect_gt(free_share, 0.81);
    cr_expect_lt(free_share, 0.90);
    cr_expect_lt(modern.events, s.events);
}

/* Events among those still free, per half year: the hazard of the cohort falls. */
Test(catheter_fate, the_hazard_falls_with_time)
{
    static cohort_t s;
    double limit[] = {0.0, 0.5, 1.5, 4.0, 10.0}, before = HUGE_VAL;
    follow(&s, CATHETER_LEGACY, 10.0);
    qsort(s.year, (size_t)s.events, sizeof s.year[0], by_value);
    int gone = 0;
    for (int i = 1; i < 5; i++) {
        int until = gone;
        while (until < s.events && s.year[until] <= limit[i]) {
            until++;
        }
        double hazard = (until - gone) / (limit[i] - limit[i - 1]) / (CATHETERS - gone);
        cr_expect_lt(hazard, before, "from %g to %g years: %g a year", limit[i - 1], limit[i],
                     hazard);
        before = hazard;
        gone = until;
    }
}

Test(catheter_fate, an_event_comes_when_exposure_reaches_strength)
{
    for (int i = 0; i < 2000; i++) {
        catheter_fate_t f;
        catheter_event_t event;
        draw_t d;
        draw_init(&d, 6, DRAW_TEST, (uint64_t)i, 0, 0);
        catheter_fate_draw(&f, &default_catheter_fate, CATHETER_LEGACY, &d);
        if (catheter_fate_next(&f, 0.0, 50.0, &event)) {
            double used = f.per_year[event.kind] * catheter_fate_exposure(&f, event.year);
            cr_assert_float_eq(used / f.strength[event.kind], 1.0, 1e-12, "catheter %d", i);
        }
    }
}

/* Ten years in one look or in any number of them: the same events, to the bit. */
Test(catheter_fate, any_division_of_time_finds_the_same)
{
    int found = 0;
    for (int i = 0; i < 3000; i++) {
        catheter_fate_t f;
        catheter_event_t whole, part;
        draw_t d;
        draw_init(&d, 7, DRAW_TEST, (uint64_t)i, 0, 0);
        catheter_fate_draw(&f, &default_catheter_fate, CATHETER_LEGACY, &d);
        bool any = catheter_fate_next(&f, 0.0, 10.0, &whole), again = false;
        for (int k = 0; k < 120 && !again; k++) {
            again = catheter_fate_next(&f, k / 12.0, (k + 1) / 12.0, &part);
        }
        cr_assert_eq(any, again, "catheter %d", i);
        cr_assert(!any || (part.kind == whole.kind && fabs(part.year - whole.year) < 1e-13 * 10.0));
        found += any;
    }
    cr_assert_gt(found, 100);
}

Test(catheter_fate, deposits_narrow_before_they_close)
{
    catheter_fate_t f = {.early_load = 20.0, .ingrowth_year = 0.25};
    f.per_year[CATHETER_FATE_OCCLUSION] = 0.05;
    double before = 0.0;
    for (double year = 0.0; year < 30.0; year += 0.25) {
        double now = catheter_fate_narrowing(&f, year);
        cr_assert(now >= before && now <= 1.0);
        before = now;
    }
    cr_assert_float_eq(before, 1.0, 0.0);
}

Test(catheter_fate, each_kind_of_event_strikes)
{
    static const catheter_fate_t f = {.where = 0.6, .how_far = 0.5};
    for (int kind = 0; kind < CATHETER_FATE_KINDS; kind++) {
        line_t l = line_filled(&default_catheter, 500.0);
        error_t e = {0};
        double kpa;
        catheter_event_t event = {(catheter_fate_kind_t)kind, 1.0};
        segment_t s = {0.0, 3.6e6, 12.5e-3, 50.0};
        cr_assert_eq(catheter_fate_strike(&f, &event, 0.0, &l.catheter, &e), 0, "%s", e.text);
        double in_ml = catheter_admit_ml(&l.catheter, &s, 100.0, &kpa);
        line_push(&l, in_ml, 3.6e6, 500.0);
        cr_expect_lt(l.out.tip_ug[0], 0.8 * 6.25, "kind %d", kind);
        cr_expect_lt(line_missing(&l), 1e-12);
    }
}

/* 50,000 catheters over ten years: under a second of this processor. */
Test(catheter_fate, cohorts_cost_little)
{
    static cohort_t s;
    clock_t begin = clock();
    follow(&s, CATHETER_LEGACY, 10.0);
    double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    cr_log_info("%d catheters, ten years: %.3f s", CATHETERS, seconds);
    cr_expect_lt(seconds, 1.0);
}
