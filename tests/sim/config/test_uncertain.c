/* SPDX-License-Identifier: Apache-2.0 */
/* Uncertain keys: how their draws are spread, what moves them and what does not, and which studies they make. */
#include <criterion/criterion.h>

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/uncertain.h"
#include "tests/folder.h"
#include "tests/sim/config/fixture.h"

#define Z 1.959963984540054 /* the standard normal's quantile 0.975 */
#define DRAWS 4000
/* Kolmogorov's bound that a sample of DRAWS passes with probability 1 - 1e-4; the seeds are fixed. */
#define KS_BOUND (2.225 / 63.2455532)

#define ROW_LUMBAR "  - {key: body.csf.dispersion_lumbar, low: 45 cm2/h, high: 760 cm2/h}\n"
#define ROW_LOSS "  - {key: \"drugs[0].kinetics.loss\", low: 0.1 1/h, high: 60 1/h}\n"
#define ROW_BASELINE "  - {key: body.response.baseline, low: 3, high: 6e0, shape: normal}\n"
#define ROW_RISE "  - {key: body.tolerance.rise, low: 0, high: 3}\n"
#define ROW_SHARE "  - {key: body.csf.spinal_share, low: 0.02, high: 0.47, shape: uniform}\n"
#define ROWS "uncertain:\n" ROW_LUMBAR ROW_RISE ROW_SHARE

static study_t study_of(const char *text)
{
    study_t s;
    fixture_accepted(&s, text, NULL);
    return s;
}

/* ---- how draws are spread ---- */

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double cut(double x, double mean, double sd, double least, double most)
{
    const double low = gsl_cdf_ugaussian_P((least - mean) / sd),
                 high = gsl_cdf_ugaussian_P((most - mean) / sd);
    return (gsl_cdf_ugaussian_P((x - mean) / sd) - low) / (high - low);
}

/* The distribution function in closed form. */
static double function_of(const study_uncertain_t *u, double x)
{
    const double low = u->low, high = u->high;
    switch (u->shape) {
    case STUDY_SHAPE_UNIFORM:
        return (x - low) / (high - low);
    case STUDY_SHAPE_NORMAL:
        return cut(x, (low + high) / 2.0, (high - low) / (2.0 * Z), u->least, u->most);
    default:
        return cut(log(x), log(low * high) / 2.0, log(high / low) / (2.0 * Z),
                   u->least > 0.0 ? log(u->least) : -1e9, log(u->most));
    }
}

/* Kolmogorov's distance of DRAWS draws of a row from that function. */
static double distance_of(const study_t *s, int64_t k)
{
    const study_uncertain_t *u = &s->uncertain[k];
    static double x[DRAWS];
    double distance = 0.0;
    for (int64_t r = 1; r <= DRAWS; r++) {
        x[r - 1] = uncertain_value(s, k, r);
        cr_assert(x[r - 1] >= u->least && x[r - 1] <= u->most, "%s: %g", u->key, x[r - 1]);
    }
    qsort(x, DRAWS, sizeof *x, rising);
    for (int i = 0; i < DRAWS; i++) {
        const double f = function_of(u, x[i]);
        distance =
            fmax(distance, fmax(fabs(f - i / (double)DRAWS), fabs((i + 1) / (double)DRAWS - f)));
    }
    return distance;
}

/* Log-normal far from and across an end of the key's range, normal across one and both, uniform. */
Test(uncertain, draws_have_the_distribution_that_is_asked_for)
{
    static const char text[] =
        FIXTURE_LEAST "uncertain:\n" ROW_LUMBAR ROW_RISE ROW_SHARE
                      "  - {key: \"drugs[0].kinetics.loss\", low: 2 1/h, high: 90 1/h}\n"
                      "  - {key: body.response.baseline, low: 3, high: 5, shape: normal}\n"
                      "  - {key: body.response.greatest, low: 0, high: 1, shape: normal}\n"
                      "  - {key: body.response.hill, low: 1, high: 3, shape: log_normal}\n";
    static const int shape[] = {STUDY_SHAPE_LOG_NORMAL, STUDY_SHAPE_NORMAL, STUDY_SHAPE_UNIFORM,
                                STUDY_SHAPE_LOG_NORMAL, STUDY_SHAPE_NORMAL, STUDY_SHAPE_NORMAL,
                                STUDY_SHAPE_LOG_NORMAL};
    study_t s = study_of(text);
    cr_assert_eq(s.n_uncertain, 7);
    for (int64_t k = 0; k < s.n_uncertain; k++) {
        cr_expect_eq(s.uncertain[k].shape, shape[k], "%s", s.uncertain[k].key);
        cr_expect_lt(distance_of(&s, k), KS_BOUND, "%s: %g", s.uncertain[k].key,
                     distance_of(&s, k));
    }
    study_free(&s);
}

/* The ends are the quantiles 0.025 and 0.975: of DRAWS, 100 lie beyond each, 9.9 their SD. */
Test(uncertain, low_and_high_hold_the_central_95_percent)
{
    study_t s = study_of(FIXTURE_LEAST "uncertain:\n" ROW_LUMBAR);
    int below = 0, above = 0;
    for (int64_t r = 1; r <= DRAWS; r++) {
        below += uncertain_value(&s, 0, r) < 45.0;
        above += uncertain_value(&s, 0, r) > 760.0;
    }
    cr_expect(abs(below - 100) < 40 && abs(above - 100) < 40, "%d below, %d above", below, above);
    study_free(&s);
}

Test(uncertain, rows_are_drawn_independently)
{
    study_t s = study_of(FIXTURE_LEAST ROWS);
    for (int64_t j = 0; j < s.n_uncertain; j++)
        for (int64_t k = 0; k < j; k++) {
            double sum = 0.0;
            for (int64_t r = 1; r <= DRAWS; r++)
                sum += (function_of(&s.uncertain[j], uncertain_value(&s, j, r)) - 0.5) *
                       (function_of(&s.uncertain[k], uncertain_value(&s, k, r)) - 0.5);
            cr_expect_lt(fabs(12.0 * sum / DRAWS), 4.0 / sqrt(DRAWS), "%s and %s",
                         s.uncertain[j].key, s.uncertain[k].key);
        }
    study_free(&s);
}

/* ---- what moves a draw ---- */

Test(uncertain, other_rows_their_order_and_units_move_no_draw)
{
    study_t few = study_of(FIXTURE_LEAST "uncertain:\n" ROW_RISE);
    study_t many = study_of(FIXTURE_LEAST "uncertain:\n" ROW_SHARE ROW_LUMBAR ROW_RISE);
    study_t unit = study_of(
        FIXTURE_LEAST "uncertain: [{key: body.csf.production, low: 0.5 mL/min, high: 1 mL/min}]\n");
    study_t same = study_of(
        FIXTURE_LEAST "uncertain: [{key: body.csf.production, low: 30 mL/h, high: 60 mL/h}]\n");
    for (int64_t r = 1; r <= 50; r++) {
        cr_expect_eq(uncertain_value(&few, 0, r), uncertain_value(&many, 2, r));
        cr_expect_float_eq(uncertain_value(&unit, 0, r), uncertain_value(&same, 0, r), 1e-12);
        cr_expect_neq(uncertain_value(&few, 0, r), uncertain_value(&few, 0, r + 1));
    }
    study_free(&few);
    study_free(&many);
    study_free(&unit);
    study_free(&same);
}

Test(uncertain, the_seed_moves_every_draw)
{
    study_t a, b;
    fixture_accepted(&a, FIXTURE_LEAST ROWS, "study.seed=1");
    fixture_accepted(&b, FIXTURE_LEAST ROWS, "study.seed=2");
    for (int64_t k = 0; k < 3; k++)
        cr_expect_neq(uncertain_value(&a, k, 1), uncertain_value(&b, k, 1));
    study_free(&a);
    study_free(&b);
}

/* ---- the study of a replicate ---- */

Test(uncertain, a_replicate_is_the_study_but_for_its_draws)
{
    study_t s, room;
    fixture_accepted(&s, FIXTURE_LEAST ROWS, "study.parameter_draws=3");
    cr_expect_eq(study_replicate(&s, 0, 0, &room), &s);
    cr_expect_eq(uncertain_value(&s, 0, 0), s.body.csf.dispersion_lumbar_cm2_per_h);
    cr_assert_eq(study_replicate(&s, 0, 3, &room), &room);
    cr_expect_eq(room.body.csf.dispersion_lumbar_cm2_per_h, uncertain_value(&s, 0, 3));
    cr_expect_eq(room.body.tolerance.rise, uncertain_value(&s, 1, 3));
    cr_expect_eq(room.body.csf.spinal_share, uncertain_value(&s, 2, 3));
    cr_expect_neq(room.body.csf.spinal_share, s.body.csf.spinal_share);
    room.body.csf.dispersion_lumbar_cm2_per_h = s.body.csf.dispersion_lumbar_cm2_per_h;
    room.body.tolerance.rise = s.body.tolerance.rise;
    room.body.csf.spinal_share = s.body.csf.spinal_share;
    cr_expect(memcmp(&room, &s, sizeof s) == 0, "more than the draws differs");
    cr_expect_null(study_replicate(&s, 0, 4, &room));
    cr_expect_null(study_replicate(&s, 0, -1, &room));
    cr_expect_null(study_replicate(&s, 1, 1, &room));
    study_free(&s);
}

/* Both arms have the draw, though one has another dose and a body that it gives in part itself. */
Test(uncertain, arms_share_a_draw)
{
    study_t s, a, b;
    fixture_accepted(&s,
                     "study: {name: x, patients: 1, horizon: 30 day, parameter_draws: 2, arms: [a, "
                     "{name: b, set: {therapy.dose: 200 ug/day, body.csf.production: 20 mL/h}}]}\n"
                     "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                     "therapy: {dose: 300 ug/day}\ncatheter: {tip: T10}\n" ROWS,
                     NULL);
    cr_assert_eq(study_replicate(&s, 0, 2, &a), &a);
    cr_assert_eq(study_replicate(&s, 1, 2, &b), &b);
    cr_expect_eq(a.body.tolerance.rise, b.body.tolerance.rise);
    cr_expect_eq(a.body.csf.dispersion_lumbar_cm2_per_h, b.body.csf.dispersion_lumbar_cm2_per_h);
    cr_expect_neq(a.body.csf.dispersion_lumbar_cm2_per_h, s.body.csf.dispersion_lumbar_cm2_per_h);
    cr_expect_eq(b.therapy.dose_ug_per_day, 200.0);
    cr_expect_eq(b.body.csf.production_ml_per_h, 20.0);
    study_free(&s);
}

/* A motor is nothing to a pump without one: there the draw is left out, and the member stays 0. */
Test(uncertain, a_key_need_not_apply_in_every_arm)
{
    study_t s, a, b;
    fixture_accepted(
        &s,
        "study: {name: x, patients: 1, horizon: 10 day, parameter_draws: 1, arms: [a, "
        "{name: b, set: {pump.kind: constant_flow, pump.flow: 0.5 mL/day}}]}\n"
        "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
        "therapy: {dose: 300 ug/day}\ncatheter: {tip: T10}\n"
        "uncertain: [{key: pump.wear.shaft_cv, low: 0.1, high: 0.9, shape: uniform}]\n",
        NULL);
    cr_assert_eq(study_replicate(&s, 0, 1, &a), &a);
    cr_assert_eq(study_replicate(&s, 1, 1, &b), &b);
    cr_expect_eq(memcmp(&b, study_arm(&s, 1), sizeof b), 0);
    cr_expect_neq(memcmp(&a, study_arm(&s, 0), sizeof a), 0);
    study_free(&s);
}

Test(uncertain, the_second_drug_is_drawn_apart_from_the_first)
{
    study_t s, room;
    fixture_accepted(&s,
                     "study: {name: x, patients: 1, horizon: 10 day, parameter_draws: 1}\n"
                     "drugs: [{name: baclofen, concentration: 500 ug/mL}, {name: morphine, "
                     "concentration: 1 mg/mL, kinetics: {loss: 0.2 1/h}}]\n"
                     "therapy: {dose: 300 ug/day}\ncatheter: {tip: T10}\n"
                     "uncertain:\n"
                     "  - {key: \"drugs[0].kinetics.loss\", low: 0.1 1/h, high: 1 1/h}\n"
                     "  - {key: \"drugs[01].kinetics.loss\", low: 0.1 1/h, high: 1 1/h}\n",
                     NULL);
    cr_expect_str_eq(s.uncertain[1].key, "drugs[1].kinetics.loss");
    cr_assert_eq(study_replicate(&s, 0, 1, &room), &room);
    cr_expect_eq(room.drug[0].kinetics.loss_per_h, uncertain_value(&s, 0, 1));
    cr_expect_eq(room.drug[1].kinetics.loss_per_h, uncertain_value(&s, 1, 1));
    cr_expect_neq(room.drug[0].kinetics.loss_per_h, room.drug[1].kinetics.loss_per_h);
    study_free(&s);
}

/* ---- what is refused or warned of, beside what stands in wrong/ ---- */

Test(uncertain, draws_of_nothing_are_refused_with_the_mend)
{
    fixture_refused(FIXTURE_LEAST, "study.parameter_draws=3",
                    "study.parameter_draws: nothing is there to draw; list what the study does not "
                    "know under uncertain");
}

#define CATHETER                                                                                   \
    "study: {name: x, patients: 1, horizon: 10 day, parameter_draws: 200}\n"                       \
    "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"                                        \
    "therapy: {dose: 300 ug/day}\ncatheter: {tip: T10, length: 89 cm, trimmed: 40 cm}\n"           \
    "uncertain:\n" ROW_RISE

/* Half of the draws leave nothing of the catheter: the first that does is named, with key and value. */
Test(uncertain, a_draw_that_makes_no_study_is_named)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    static const char text[] =
        CATHETER "  - {key: catheter.length, low: 20 cm, high: 80 cm, shape: uniform}\n";
    study_t s;
    long long replicate = 0;
    double value = 0.0;
    cr_assert_eq(fixture_parse(&s, text, sizeof text - 1, NULL, out), ERROR_CONFIG);
    const char *found = strstr(out, "uncertain[1]: replicate ");
    cr_assert_not_null(found, "%s", out);
    cr_assert_eq(sscanf(found, "uncertain[1]: replicate %lld draws catheter.length as %lf cm",
                        &replicate, &value),
                 2, "%s", out);
    cr_expect_not_null(strstr(found, "leaves nothing of catheter.length"), "%s", out);
    cr_expect_not_null(strstr(found, "narrow low and high"), "%s", out);
    cr_expect_not_null(strstr(out, "s.yaml:7:5: error: "), "%s", out);
    /* The same list without the draws is a study, and tells that it was the first. */
    fixture_accepted(&s, text, "study.parameter_draws=0");
    cr_expect_float_eq(uncertain_value(&s, 1, replicate), value, 1e-6);
    for (int64_t r = 1; r < replicate; r++)
        cr_expect_gt(uncertain_value(&s, 1, r), 40.0, "replicate %lld", (long long)r);
    cr_expect_leq(value, 40.0);
    study_free(&s);
    fixture_accepted(
        &s, CATHETER "  - {key: catheter.length, low: 50 cm, high: 80 cm, shape: uniform}\n", NULL);
    study_free(&s);
}

/* Neither alone is to blame: 60 cm are too short for the 65 that the study cuts off, its 89 for the 90 that the draw does. */
Test(uncertain, draws_that_make_no_study_together_are_told_of_the_whole_list)
{
    fixture_refused(
        "study: {name: x, patients: 1, horizon: 10 day, parameter_draws: 1}\n"
        "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
        "therapy: {dose: 300 ug/day}\ncatheter: {tip: T10, length: 89 cm, trimmed: 65 cm}\n"
        "uncertain:\n"
        "  - {key: catheter.length, low: 60 cm, high: 61 cm, shape: uniform}\n"
        "  - {key: catheter.trimmed, low: 90 cm, high: 91 cm, shape: uniform}\n",
        NULL, "uncertain: replicate 1 makes no study: catheter.trimmed: ");
}

Test(uncertain, a_study_outside_of_its_own_ranges_is_warned)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    static const char text[] =
        FIXTURE_LEAST "uncertain: [{key: body.csf.production, low: 40 mL/h, high: 60 mL/h}]\n";
    study_t s;
    cr_assert_eq(fixture_parse(&s, text, sizeof text - 1, NULL, out), 0, "%s", out);
    cr_expect_not_null(strstr(out, "warning: uncertain[0].key: the study's own value of "
                                   "body.csf.production, 30 mL/h, is not from 40 to 60"),
                       "%s", out);
    study_free(&s);
}

/* ---- lists from files ---- */

static int load(study_t *s, const char *name, const char *text, char *out)
{
    char path[256];
    FILE *file = fopen(folder_path(path, sizeof path, name), "w");
    cr_assert_not_null(file);
    fputs(text, file);
    cr_assert_eq(fclose(file), 0);
    return s != NULL ? fixture_load(s, path, NULL, out) : 0;
}

Test(uncertain, an_included_list_is_joined_and_beaten_by_rows_beside_it)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    study_t s, plain = study_of(FIXTURE_LEAST ROWS);
    load(NULL, "list.yaml", "uncertain:\n" ROW_RISE ROW_LUMBAR, NULL);
    load(NULL, "other.yaml", "uncertain:\n" ROW_SHARE, NULL);
    cr_assert_eq(load(&s, "s.yaml",
                      FIXTURE_LEAST
                      "uncertain:\n"
                      "  - include: list.yaml\n"
                      "  - {key: body.tolerance.rise, low: 1, high: 2, shape: uniform}\n"
                      "  - include: other.yaml\n",
                      out),
                 0, "%s", out);
    cr_assert_eq(s.n_uncertain, 3);
    cr_expect_str_eq(s.uncertain[0].key, "body.csf.dispersion_lumbar");
    cr_expect_str_eq(s.uncertain[1].key, "body.tolerance.rise");
    cr_expect_eq(s.uncertain[1].low, 1.0);
    cr_expect_eq(s.uncertain[1].shape, STUDY_SHAPE_UNIFORM);
    cr_expect_str_eq(s.uncertain[2].key, "body.csf.spinal_share");
    cr_expect_eq(uncertain_value(&s, 0, 5), uncertain_value(&plain, 0, 5));
    study_free(&s);
    study_free(&plain);
}

Test(uncertain, an_error_in_an_included_list_is_placed_there)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    study_t s;
    load(NULL, "list.yaml", "uncertain:\n  - {key: body.csf.leek, low: 1 mL/h, high: 2 mL/h}\n",
         NULL);
    cr_assert_eq(load(&s, "s.yaml", FIXTURE_LEAST "uncertain: [{include: list.yaml}]\n", out),
                 ERROR_CONFIG);
    cr_expect_not_null(strstr(out, "list.yaml:2:11: error: uncertain[0].key: body.csf.leek: "
                                   "unknown key; did you mean body.csf.leak?"),
                       "%s", out);
    cr_assert_eq(load(&s, "s.yaml", FIXTURE_LEAST "uncertain: [{include: none.yaml}]\n", out),
                 ERROR_CONFIG);
    cr_expect_not_null(strstr(out, "none.yaml is not found"), "%s", out);
    cr_expect_null(strstr(out, "is required"), "%s", out);
}

/* Every row of the shipped list is a row of the field table, within its range, and in the study's own words. */
Test(uncertain, the_shipped_list_is_sound_and_silent)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    study_t s;
    cr_assert_eq(fixture_load(&s, "configs/baclofen-uncertainty.yaml", NULL, out), 0, "%s", out);
    cr_expect_str_eq(out, "");
    cr_expect_geq(s.n_uncertain, 20);
    study_free(&s);
}
