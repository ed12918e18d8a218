/* SPDX-License-Identifier: Apache-2.0 */
/* Parameter uncertainty from a dataset to the page: a study whose every draw is known. */
#define _XOPEN_SOURCE 700
#include "summary/nested_study.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page/page.h"
#include "small.h"
#include "summary/summary_json.h"
#include "summary/summary_text.h"

#define PATIENTS 16
#define DRAWS 20
#define YEAR_MS INT64_C(31557600000)

/* Central values are those of r = 0. In draw r the dose at the end is 100 + 10 r in the first arm, half of the patients 8 above
 * and half below, and 5 r more in the second. Of draw 3 half the patients have none. A lumbar level of 50 + r and patient / 100;
 * patient k has a tone on day k where k <= r / 2, and the pump of patient k stops after half a year where k <= r / 2. The latent score
 * is 2 below before on the first r of 20 days. Refills are 3 in all. A catheter fails in draw 5 alone. */
static double dose_of(record_key_t key)
{
    return key.replicate == 3 && key.patient % 4 < 2
               ? (double)NAN
               : 100.0 + 10.0 * key.replicate + (key.patient % 2 == 0 ? 8.0 : -8.0) +
                     (key.arm == 1 ? 5.0 * key.replicate : 0.0);
}

static void put_event(record_t *r, int64_t day, int kind)
{
    record_row(r, TABLE_EVENTS);
    record_put_i64(r, FIELD_EVENTS_TIME_MS, day * SMALL_DAY_MS);
    record_put_i64(r, FIELD_EVENTS_KIND, kind);
    record_put_i64(r, FIELD_EVENTS_REASON, FIELDS_REASON_CORE);
    small_rest(r, TABLE_EVENTS);
}

static void put_outcomes(record_t *r, record_key_t key)
{
    record_row(r, TABLE_OUTCOMES);
    record_put_i64(r, FIELD_OUTCOMES_PATIENT, key.patient);
    record_put_i64(r, FIELD_OUTCOMES_ARM, key.arm);
    record_put_i64(r, FIELD_OUTCOMES_REPLICATE, key.replicate);
    record_put_f64(r, FIELD_OUTCOMES_DOSE_END, dose_of(key));
    record_put_f64(r, FIELD_OUTCOMES_DRY, key.patient <= key.replicate ? 0.0 : 1.0);
    record_put_f64(r, FIELD_OUTCOMES_REFILLS, 3.0);
    small_rest(r, TABLE_OUTCOMES);
}

static void put_life(record_t *r, record_key_t key, int arms)
{
    const int stops = key.patient <= key.replicate / 2;
    (void)arms;
    record_row(r, TABLE_PATIENTS);
    record_put_i64(r, FIELD_PATIENTS_PATIENT, key.patient);
    record_put_i64(r, FIELD_PATIENTS_ARM, key.arm);
    record_put_i64(r, FIELD_PATIENTS_REPLICATE, key.replicate);
    record_put_i64(r, FIELD_PATIENTS_STOP_TIME_MS, 3 * YEAR_MS);
    record_put_f64(r, FIELD_PATIENTS_LUMBAR_NG_PER_ML,
                   50.0 + key.replicate + 0.01 * (double)key.patient);
    record_put_f64(r, FIELD_PATIENTS_ASHWORTH_BEFORE_LATENT, 4.0);
    small_rest(r, TABLE_PATIENTS);
    put_outcomes(r, key);
    if (key.patient <= key.replicate / 2) {
        put_event(r, key.patient, FIELDS_EVENT_TONE);
    }
    if (key.replicate == 5 && key.patient == 1) {
        put_event(r, 30, FIELDS_EVENT_CATHETER_FAILED);
    }
    for (int day = 0; day < 20; day++) {
        record_row(r, TABLE_DAILY);
        record_put_i64(r, FIELD_DAILY_DAY, day);
        record_put_f64(r, FIELD_DAILY_ASHWORTH_LATENT, day < key.replicate ? 2.0 : 4.0);
        small_rest(r, TABLE_DAILY);
    }
    record_row(r, TABLE_PUMPS);
    record_put_i64(r, FIELD_PUMPS_PATIENT, key.patient);
    record_put_i64(r, FIELD_PUMPS_ARM, key.arm);
    record_put_i64(r, FIELD_PUMPS_REPLICATE, key.replicate);
    record_put_i64(r, FIELD_PUMPS_ENDED_MS, stops ? YEAR_MS / 2 : 3 * YEAR_MS);
    record_put_i64(r, FIELD_PUMPS_END, stops ? FIELDS_REASON_BATTERY_LOW : FIELDS_REASON_HORIZON);
    small_rest(r, TABLE_PUMPS);
}

static const provenance_t study = {.study = "small",
                                   .title = "Known draws",
                                   .program = "thecasim",
                                   .version = "0",
                                   .build = "none",
                                   .core_id = "none",
                                   .core_code = "none",
                                   .config = "",
                                   .assumptions = "",
                                   .patients = PATIENTS,
                                   .horizon_ms = 3 * YEAR_MS,
                                   .arms = {2, {"one", "two"}},
                                   .settings = {2, {"", ""}},
                                   .drugs = {1, {"baclofen"}}};

static reader_t *reader;
static outcomes_t outcomes;
static summary_t summary;

static void end(void)
{
    summary_free(&summary);
    outcomes_free(&outcomes);
    reader_close(&reader);
}

/* In the place of the study that the suite has opened, if it has. */
static void open_lives(int32_t draws, small_put_t put)
{
    error_t e = {0};
    if (reader != NULL) {
        end();
    }
    reader = small_nested(&study, draws, put);
    cr_assert_eq(reader_show(reader, READER_CENTRAL, &e), 0, "%s", e.text);
    cr_assert_eq(outcomes_read(&outcomes, reader, &e), 0, "%s", e.text);
    cr_assert_eq(summary_compute(&summary, &outcomes, reader, &e), 0, "%s", e.text);
    cr_assert_eq(reader_rows(reader, TABLE_PATIENTS), 2 * PATIENTS, "central records are shown");
}

static void open_study(int32_t draws)
{
    open_lives(draws, put_life);
}

static void begin(void)
{
    open_study(DRAWS);
}

TestSuite(nested_study, .init = begin, .fini = end);

/* Type 7 quantiles of first + step * (0 .. DRAWS - 1), drawn in to `within`. */
static interval_t known(double first, double step, double within)
{
    const double mean = first + step * (DRAWS - 1) / 2.0;
    const double between = step * step * DRAWS * (DRAWS + 1) / 12.0;
    const double half = sqrt(1.0 - within / between) * 0.475 * (DRAWS - 1) * step;
    return (interval_t){mean - half, mean + half};
}

static void expect(const nested_row_t *row, double central, interval_t ci, const char *what)
{
    cr_expect_float_eq(row->central, central, 1e-9, "%s: central %g", what, row->central);
    cr_expect_eq(row->draws.state, NESTED_RESOLVED, "%s is %s", what,
                 nested_state_name(row->draws.state));
    cr_expect_eq(row->draws.draws, DRAWS, "%s: %zu draws", what, row->draws.draws);
    cr_expect_float_eq(row->draws.ci.low, ci.low, 1e-9, "%s: from %.12g, expected %.12g", what,
                       row->draws.ci.low, ci.low);
    cr_expect_float_eq(row->draws.ci.high, ci.high, 1e-9, "%s: to %.12g, expected %.12g", what,
                       row->draws.ci.high, ci.high);
}

/* Of 16 doses 8 above and below, 64 * 16 / 15 is the variance, of draw 3 with 8 of them 64 * 8 / 7; means have it over n. */
Test(nested_study, a_mean_is_that_of_each_draw_with_its_own_chance)
{
    const nested_row_t *row = &summary.nested.arm[0].outcome[OUTCOMES_DOSE_END];
    const double within = (19.0 * 64.0 / 15.0 + 64.0 / 7.0) / 20.0;
    expect(row, 100.0, known(110.0, 10.0, within), "dose at the end");
    cr_expect_eq(row->n, PATIENTS);
    cr_expect_eq(row->draws.n, PATIENTS);
    cr_expect_float_eq(row->draws.sd_monte_carlo, sqrt(within), 1e-12);
    cr_expect_float_eq(row->draws.mean, 205.0, 1e-9);
}

/* Within a patient it is 5 r to the last bit, whatever patients differ by. */
Test(nested_study, a_difference_of_arms_is_taken_within_patient_and_draw)
{
    const nested_row_t *row = &summary.nested.arm[1].difference[OUTCOMES_DOSE_END];
    expect(row, 0.0, known(5.0, 5.0, 0.0), "difference of doses");
    cr_expect_float_eq(row->draws.sd_monte_carlo, 0.0, 1e-12);
    cr_expect_eq(summary.nested.arm[1].difference[OUTCOMES_REFILLS].draws.state, NESTED_SAME);
}

/* 15 of 16 at 1, then 14 ... none at 16 and after: p (1 - p) / 15 each. */
Test(nested_study, a_share_has_the_variance_of_a_share)
{
    const nested_row_t *row = &summary.nested.arm[0].outcome[OUTCOMES_DRY];
    double within = 0.0;
    for (int r = 1; r <= DRAWS; r++) {
        const double p = r < PATIENTS ? 1.0 - r / 16.0 : 0.0;
        within += p * (1.0 - p) / 15.0 / DRAWS;
    }
    cr_expect_float_eq(row->draws.sd_monte_carlo, sqrt(within), 1e-12);
    cr_expect_float_eq(row->central, 1.0, 0.0);
    cr_expect_eq(row->draws.state, NESTED_RESOLVED);
}

/* Of 16 levels 0.01 apart the order statistics 5 and 12 lie 0.07 apart and leave out 4 of 16 coins at most each. */
Test(nested_study, a_level_is_a_median)
{
    const nested_row_t *row = &summary.nested.arm[0].quantity[NESTED_QUANTITY_LUMBAR];
    double value[PATIENTS];
    for (int i = 0; i < PATIENTS; i++) {
        value[i] = 0.01 * (i + 1);
    }
    expect(row, 50.085, known(51.085, 1.0, nested_variance_median(value, PATIENTS)), "lumbar");
    cr_expect_float_eq(row->draws.sd_monte_carlo, 0.07 / (2.0 * 1.7688), 1e-4);
    cr_expect_str_eq(nested_study_quantity(NESTED_QUANTITY_LUMBAR).key, "lumbar_ng_per_ml");
}

/* r / 20 of the days of all alike. */
Test(nested_study, days_in_target_are_those_of_each_draw)
{
    expect(&summary.nested.arm[0].target[0], 0.0, known(0.05, 0.05, 0.0), "days in effect");
}

/* r / 2 tones in 48 patient-years, Poisson's variance their number over the time's square; by the first of the moments, day 156,
 * r / 2 of 16 have had one. */
Test(nested_study, events_are_those_of_each_draw)
{
    const nested_arm_t *arm = &summary.nested.arm[0];
    const nested_row_t *rate = &arm->rate[OCCURRENCE_TONE];
    const nested_row_t *first = &arm->first[OCCURRENCE_TONE][0];
    double within = 0.0, shares = 0.0;
    for (int r = 1; r <= DRAWS; r++) {
        const double k = r / 2;
        within += k / (48.0 * 48.0) / DRAWS;
        shares += k / 16.0 * (1.0 - k / 16.0) / 16.0 / DRAWS;
    }
    cr_expect_float_eq(rate->draws.mean, 5.0 / 48.0, 1e-12, "%.12g", rate->draws.mean);
    cr_expect_float_eq(rate->draws.sd_monte_carlo, sqrt(within), 1e-12);
    cr_expect_float_eq(first->draws.mean, 5.0 / 16.0, 1e-12);
    cr_expect_float_eq(first->draws.sd_monte_carlo, sqrt(shares), 1e-9);
    cr_expect_float_eq(summary.nested.day[0], 3.0 * 365.25 / 7.0, 1e-9);
    cr_expect_eq(arm->first[OCCURRENCE_CATHETER_FAILED][6].draws.state, NESTED_UNRESOLVED,
                 "one failure in one draw is chance");
    cr_expect_eq(arm->rate[OCCURRENCE_REFILL].draws.state, NESTED_SAME);
}

/* r / 2 of 16 have stopped by the first year. None of the central ones has, so that its table has no causes. */
Test(nested_study, pumps_are_those_of_each_draw)
{
    const nested_arm_t *arm = &summary.nested.arm[1];
    double mean = 0.0;
    for (int r = 1; r <= DRAWS; r++) {
        mean += (1.0 - (r / 2) / 16.0) / DRAWS;
    }
    cr_expect_float_eq(arm->left[0].central, 1.0, 0.0);
    cr_expect_float_eq(arm->left[0].draws.mean, mean, 1e-12);
    cr_expect_float_eq(arm->left[2].draws.mean, mean, 1e-12);
    cr_expect_eq(arm->left[3].draws.draws, 0, "nobody is followed for four years");
    cr_expect_eq(arm->causes, 0);
}

/* A patient whose pump ends after half a year for a reason, or with the run. */
static void put_pump(record_t *r, record_key_t key, int reason)
{
    record_row(r, TABLE_PATIENTS);
    record_put_i64(r, FIELD_PATIENTS_PATIENT, key.patient);
    record_put_i64(r, FIELD_PATIENTS_ARM, key.arm);
    record_put_i64(r, FIELD_PATIENTS_REPLICATE, key.replicate);
    record_put_i64(r, FIELD_PATIENTS_STOP_TIME_MS, 3 * YEAR_MS);
    small_rest(r, TABLE_PATIENTS);
    put_outcomes(r, key);
    record_row(r, TABLE_PUMPS);
    record_put_i64(r, FIELD_PUMPS_PATIENT, key.patient);
    record_put_i64(r, FIELD_PUMPS_ARM, key.arm);
    record_put_i64(r, FIELD_PUMPS_REPLICATE, key.replicate);
    record_put_i64(r, FIELD_PUMPS_ENDED_MS,
                   reason == FIELDS_REASON_HORIZON ? 3 * YEAR_MS : YEAR_MS / 2);
    record_put_i64(r, FIELD_PUMPS_END, reason);
    small_rest(r, TABLE_PUMPS);
}

/* In every second draw all pumps stop after half a year: none is left of them then and later, which counts as others do. */
static void put_all_or_none(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    put_pump(r, key, key.replicate % 2 ? FIELDS_REASON_STALL : FIELDS_REASON_HORIZON);
}

/* All pumps end in every draw, half of the central ones by either of two causes, in a draw all by one. */
static void put_either(record_t *r, record_key_t key, int arms)
{
    const int64_t which = key.replicate > 0 ? key.replicate : key.patient;
    (void)arms;
    put_pump(r, key, which % 2 ? FIELDS_REASON_STALL : FIELDS_REASON_BATTERY_LOW);
}

Test(nested_study, a_draw_of_which_no_pump_is_left_counts)
{
    open_lives(DRAWS, put_all_or_none);
    const nested_row_t *left = summary.nested.arm[0].left;
    for (int y = 0; y < 2; y++) {
        cr_expect_eq(left[y].draws.draws, DRAWS, "%zu draws", left[y].draws.draws);
        cr_expect_float_eq(left[y].draws.mean, 0.5, 1e-12);
        cr_expect_eq(left[y].draws.state, NESTED_RESOLVED);
        cr_expect_float_eq(left[y].draws.ci.low, 0.0, 1e-12);
        cr_expect_float_eq(left[y].draws.ci.high, 1.0, 1e-12);
    }
}

/* ---- paper ---- */

static char *print(int json)
{
    char *text = NULL;
    size_t size = 0;
    error_t e = {0};
    FILE *out = open_memstream(&text, &size);
    cr_assert_eq(json ? summary_json_print(&summary, out, &e)
                      : summary_text_print(&summary, out, &e),
                 0, "%s", e.text);
    (void)fclose(out);
    return text;
}

static void has(const char *text, const char *what)
{
    cr_expect_not_null(strstr(text, what), "no '%s'", what);
}

Test(nested_study, text_says_which_interval_it_is_and_on_how_many_draws)
{
    char *text = print(0);
    has(text, "parameters  20 draws beside the central values");
    has(text, "Outcomes, arm one: parameter uncertainty, 20 draws\n");
    has(text, "dose at the end         ug/day    20    16     100.0     205.0     114.");
    has(text,
        "refills                 1         20    16     3.000     3.000   same in all draws\n");
    has(text, "Difference to arm one, arm two: parameter uncertainty, 20 draws\n");
    has(text, "     7.375     97.62        29.58\n");
    has(text, "not resolved <=");
    has(text, "Lives of pumps, arm two: parameter uncertainty, 20 draws\n");
    has(text, "First events, arm one: parameter uncertainty, 20 draws\n");
    for (const char *line = strstr(text, "parameter uncertainty, 20"); line != NULL && *line;) {
        const size_t length = strcspn(line, "\n");
        cr_expect(length <= 100 || memchr(line, '\xe2', length) != NULL, "%zu: %.*s", length,
                  (int)length, line);
        line += length + (line[length] == '\n');
    }
    free(text);
}

static const json_t *at(const json_t *from, const char *key)
{
    const json_t *found = json_object_get(from, key);
    cr_assert_not_null(found, "no %s", key);
    return found;
}

Test(nested_study, a_cause_that_moves_has_a_row_though_the_share_in_place_does_not)
{
    open_lives(DRAWS, put_either);
    cr_expect_eq(summary.nested.arm[0].left[0].draws.state, NESTED_SAME);
    char *text = print(0);
    const char *table = strstr(text, "Lives of pumps, arm one: parameter uncertainty, 20 draws\n");
    cr_assert_not_null(table, "no table of pumps: %s", text);
    has(table, "\n  motor_stands_still            0.5000");
    free(text);
}

Test(nested_study, json_has_every_number)
{
    char *text = print(1);
    json_t *root = json_loads(text, 0, NULL);
    const json_t *all = at(root, "parameter_uncertainty");
    cr_expect_eq(json_integer_value(at(all, "draws")), DRAWS);
    const json_t *arm = json_array_get(at(all, "arms"), 0);
    const json_t *dose = at(at(arm, "outcomes"), "dose_end_ug_per_day");
    cr_expect_str_eq(json_string_value(at(dose, "state")), "resolved");
    cr_expect_float_eq(json_real_value(at(dose, "parameters_95_low")),
                       summary.nested.arm[0].outcome[OUTCOMES_DOSE_END].draws.ci.low, 1e-12);
    const json_t *pair = json_array_get(at(all, "paired"), 0);
    const json_t *less = at(at(pair, "outcomes"), "dose_end_ug_per_day");
    cr_expect_float_eq(json_real_value(at(less, "parameters_95_high")), 97.625, 1e-9);
    cr_expect_str_eq(json_string_value(at(at(at(pair, "outcomes"), "refills"), "state")),
                     "same_in_all_draws");
    (void)at(at(at(arm, "events"), "tone"), "share_by_day");
    (void)at(at(arm, "pump_lives"), "in_place");
    json_decref(root);
    free(text);
}

Test(nested_study, a_page_shows_it_beside_each_outcome, .timeout = 120)
{
    source_t source = {.path = "a.h5", .reader = reader};
    error_t e = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    cr_assert_eq(source_read(&source, &e), 0, "%s", e.text);
    cr_assert_eq(page_put(&source, out, &e), 0, "%s", e.text);
    (void)fclose(out);
    has(text, "95 %, parameters");
    has(text, "not resolved");
    has(text, "same in all draws");
    has(text, "The dataset holds 20 draws of them beside the central values");
    has(text, "Only the central values of the parameters (replicate 0) are here.");
    cr_expect_null(strstr(text, "mixes people and parameters"));
    source.reader = NULL;
    source_close(&source);
    free(text);
}

/* ---- few draws, none ---- */

Test(nested_study, of_one_draw_it_says_that_it_takes_ten)
{
    open_study(1);
    const nested_row_t *row = &summary.nested.arm[0].outcome[OUTCOMES_DOSE_END];
    cr_expect_eq(row->draws.state, NESTED_FEW);
    cr_expect_float_eq(row->draws.mean, 110.0, 1e-12);
    char *text = print(0);
    has(text, "too few draws\n");
    free(text);
}

Test(nested_study, of_no_draws_nothing_is_said)
{
    open_study(0);
    char *text = print(0), *json = print(1);
    cr_expect_null(strstr(text, "parameter uncertainty"));
    cr_expect_null(strstr(json, "parameter_uncertainty"));
    has(text, "parameters at central values");
    free(text);
    free(json);
}
