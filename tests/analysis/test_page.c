/* SPDX-License-Identifier: Apache-2.0 */
/* The page and its parts, of datasets whose numbers are known. */
#define _XOPEN_SOURCE 700
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page/explorer.h"
#include "page/explorer_choice.h"
#include "page/figure.h"
#include "page/figure_refills.h"
#include "page/page.h"
#include "page/svg.h"
#include "small.h"

#define DAYS 3

/* Three days: lumbar 1, 2, 3 ng/mL; a pump for 3 days; a refill that found a millilitre less than expected and 2 % too much delivered;
 * the dose at the end is 100 times the patient's number. */
static void put(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    small_rest(r, TABLE_PATIENTS);
    record_row(r, TABLE_OUTCOMES);
    record_put_i64(r, FIELD_OUTCOMES_PATIENT, key.patient);
    record_put_i64(r, FIELD_OUTCOMES_ARM, key.arm);
    record_put_i64(r, FIELD_OUTCOMES_REPLICATE, key.replicate);
    record_put_f64(r, FIELD_OUTCOMES_DOSE_END, 100.0 * (double)key.patient);
    small_rest(r, TABLE_OUTCOMES);
    for (int day = 0; day < DAYS; day++) {
        record_row(r, TABLE_DAILY);
        record_put_i64(r, FIELD_DAILY_DAY, day);
        record_put_f64(r, FIELD_DAILY_LUMBAR_NG_PER_ML, day + 1.0);
        small_rest(r, TABLE_DAILY);
    }
    record_row(r, TABLE_REFILLS);
    record_put_i64(r, FIELD_REFILLS_TIME_MS, SMALL_DAY_MS);
    record_put_f64(r, FIELD_REFILLS_READ_ML, 2.0);
    record_put_f64(r, FIELD_REFILLS_EXPECTED_ML, 3.0);
    record_put_f64(r, FIELD_REFILLS_DELIVERED_SINCE_ML, 10.2);
    record_put_f64(r, FIELD_REFILLS_COMMANDED_SINCE_ML, 10.0);
    small_rest(r, TABLE_REFILLS);
    record_row(r, TABLE_EVENTS);
    record_put_i64(r, FIELD_EVENTS_TIME_MS, SMALL_DAY_MS);
    record_put_i64(r, FIELD_EVENTS_KIND, FIELDS_EVENT_DISCREPANCY_NOTED);
    record_put_i64(r, FIELD_EVENTS_REASON, FIELDS_REASON_SEEN_ONCE);
    small_rest(r, TABLE_EVENTS);
    record_row(r, TABLE_PUMPS);
    record_put_i64(r, FIELD_PUMPS_PATIENT, key.patient);
    record_put_i64(r, FIELD_PUMPS_ARM, key.arm);
    record_put_i64(r, FIELD_PUMPS_ENDED_MS, DAYS * SMALL_DAY_MS);
    record_put_i64(r, FIELD_PUMPS_END, FIELDS_REASON_HORIZON);
    small_rest(r, TABLE_PUMPS);
    record_row(r, TABLE_LEDGER);
    small_rest(r, TABLE_LEDGER);
}

static source_t source;
static char *text;
static size_t size;
static FILE *out;

static void open_study(int64_t patients)
{
    error_t e = {0};
    const provenance_t p = {.study = "small",
                            .title = "Is <b> bold & safe?",
                            .description = "Does <u> help, & whom?",
                            .program = "thecasim",
                            .version = "0",
                            .build = "none",
                            .core_id = "none",
                            .core_code = "none",
                            .config = "study: </script>",
                            .assumptions = "a.key: 1 mL (assumption)\nb.key: 2\n",
                            .patients = patients,
                            .horizon_ms = DAYS * SMALL_DAY_MS,
                            .arms = {2, {"one</script>", "two"}},
                            .settings = {2, {"", "{a: <i>}"}},
                            .drugs = {1, {"baclofen"}}};
    source = (source_t){.path = "a.h5", .reader = small_written(&p, 0, put)};
    cr_assert_eq(source_read(&source, &e), 0, "%s", e.text);
}

static void begin(void)
{
    out = open_memstream(&text, &size);
    cr_assert_neq(out, NULL);
    open_study(30);
}

static void end(void)
{
    source_close(&source);
    (void)fclose(out);
    free(text);
}

TestSuite(page, .init = begin, .fini = end);

static size_t count(const char *what)
{
    size_t n = 0;
    cr_assert_eq(fflush(out), 0);
    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what)) {
        n++;
    }
    return n;
}

static void write_page(void)
{
    error_t e = {0};
    cr_assert_eq(page_put(&source, out, &e), 0, "%s", e.text);
}

Test(page, holds_every_part_and_says_that_it_is_simulated)
{
    static const char *const part[] = {"id=\"study\"",
                                       "id=\"outcomes\"",
                                       "id=\"arms\"",
                                       "id=\"time\"",
                                       "id=\"explorer\"",
                                       "id=\"survival\"",
                                       "id=\"catheters\"",
                                       "id=\"events\"",
                                       "id=\"refills\"",
                                       "id=\"errors\"",
                                       "id=\"validation\"",
                                       "id=\"assumptions\"",
                                       "id=\"provenance\"",
                                       "outcomes/refills",
                                       "daily/lumbar",
                                       "a.key",
                                       "2 parameters of this study"};
    write_page();
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
        cr_expect_gt(count(part[i]), 0, "the page has no %s", part[i]);
    }
    cr_expect_eq(count("<svg "), count("<text>simulated</text>"), "a figure does not say so");
    cr_expect_eq(count("</html>"), 1);
}

Test(page, lets_no_text_of_a_dataset_become_markup)
{
    write_page();
    cr_expect_eq(count("<b> bold"), 0);
    cr_expect_eq(count("<i>}"), 0);
    cr_expect_eq(count("<u> help"), 0);
    cr_expect_eq(count("<script"), count("</script>"));
    cr_expect_gt(count("one\\u003c/script>"), 0);
}

Test(page, asks_the_network_for_nothing)
{
    static const char *const outward[] = {" src=\"http", "@import", "<link", "href=\"http",
                                          "sourceMappingURL"};
    write_page();
    for (size_t i = 0; i < sizeof outward / sizeof outward[0]; i++) {
        cr_expect_eq(count(outward[i]), 0, "a page has %s", outward[i]);
    }
}

Test(page, is_the_same_twice)
{
    write_page();
    cr_assert_eq(fflush(out), 0);
    const size_t once = size;
    write_page();
    cr_assert_eq(fflush(out), 0);
    cr_assert_eq(size, 2 * once);
    cr_expect_eq(memcmp(text, text + once, once), 0);
}

/* 1, 2, 3: steps 0, 32767 and 65534 of the range, two bytes each, the lower first: 00 00 ff 7f fe ff. */
Test(page, a_series_is_steps_of_its_own_range)
{
    error_t e = {0};
    cr_assert_eq(explorer_put(&source, out, &e), 0, "%s", e.text);
    cr_expect_eq(count("[1,3,\"AAD/f/7/\"]"), 60);
    cr_expect_eq(count("[1.000,35,30,1,1]"), 60, "an event of each record");
}

Test(page, begins_with_the_study_s_question)
{
    write_page();
    cr_expect_eq(count("</h1>\n<p class=\"lead\">Does &lt;u&gt; help, &amp; whom?</p>"), 1);
}

Test(page, without_the_canal_says_which_key_records_it)
{
    error_t e = {0};
    cr_assert_eq(explorer_put(&source, out, &e), 0, "%s", e.text);
    cr_expect_eq(count("record.canal: 7 day"), 1);
    cr_expect_eq(count("\"c\":null"), 60);
    cr_expect_eq(count("x-canal"), 0);
}

static int taken(const explorer_choice_t *c, size_t patient)
{
    return c->taken[2 * (patient - 1)] && c->taken[2 * (patient - 1) + 1];
}

Test(page, the_explorer_holds_all_that_fit)
{
    explorer_choice_t c;
    error_t e = {0};
    cr_assert_eq(explorer_choice(&c, &source, EXPLORER_BYTES, &e), 0);
    cr_expect_eq(c.records, 60);
    cr_expect_eq(c.of, 60);
    cr_expect_eq(c.days, 1);
    explorer_choice_free(&c);
}

Test(page, of_too_many_it_holds_the_ten_at_both_ends_in_every_arm)
{
    explorer_choice_t c;
    error_t e = {0};
    cr_assert_eq(explorer_choice(&c, &source, 1000, &e), 0);
    cr_expect_eq(c.records, 40);
    for (size_t i = 1; i <= 10; i++) {
        cr_expect(taken(&c, i) && taken(&c, 31 - i), "patient %zu or %zu", i, 31 - i);
    }
    cr_expect(!taken(&c, 15));
    explorer_choice_free(&c);
}

Test(page, refills_are_counted_in_their_arm)
{
    figure_refills_t h;
    error_t e = {0};
    cr_assert_eq(figure_refills_count(&source, FIGURE_DELIVERED, 1, &h, &e), 0);
    cr_expect_eq(h.refills, 30);
    cr_expect(h.low <= 2.0 && 2.0 < h.low + (double)h.bins * h.width);
    cr_assert_eq(figure_refills_count(&source, FIGURE_FOUND, 0, &h, &e), 0);
    cr_expect_eq(h.refills, 30);
    cr_expect(h.low <= -1.0 && -1.0 < h.low + (double)h.bins * h.width);
}

Test(page, an_unknown_figure_is_answered_with_those_there_are)
{
    enum figure_id id;
    error_t e = {0};
    cr_assert_eq(figure_find("surviva", &id, &e), ERROR_ARGUMENT);
    cr_expect_neq(strstr(e.text, "pump-survival, "), NULL, "%s", e.text);
    cr_assert_eq(figure_find("refill-found", &id, &e), 0);
    cr_expect_eq(id, FIGURE_REFILL_FOUND);
}

Test(page, a_figure_of_nothing_is_an_error)
{
    error_t e = {0};
    cr_expect_eq(figure_draw(&source, FIGURE_PUMP_CAUSES, FIGURE_SVG, out, &e), ERROR_ARGUMENT);
    cr_expect_eq(figure_draw(&source, FIGURE_LUMBAR, FIGURE_SVG, out, &e), 0, "%s", e.text);
    cr_expect_eq(count("</svg>"), 1);
}

Test(page, a_drawing_in_a_page_has_its_colours_and_no_ids)
{
    FILE *drawn = tmpfile();
    cr_assert_neq(drawn, NULL);
    fputs("<?xml?>\n<svg viewBox='0 0 1 1'\n>\n<title>x</title>\n<g id=\"a\">\n<defs>\n<use "
          "href='#b'/>\n</defs>\n<path stroke='rgb(  0, 114, 178)' fill='rgb(1,2,3)'/>\n</g>\n"
          "</svg>\n",
          drawn);
    rewind(drawn);
    svg_put(drawn, "a \"label\"", out);
    (void)fclose(drawn);
    cr_assert_eq(fflush(out), 0);
    cr_assert_str_eq(text, "<svg role=\"img\" aria-label=\"a &quot;label&quot;\" viewBox='0 0 1 "
                           "1'\n>\n<g>\n<path stroke='var(--c1)' fill='rgb(1,2,3)'/>\n</g>\n"
                           "</svg>\n");
}
