/* SPDX-License-Identifier: Apache-2.0 */
/* The outcomes of each arm, with their intervals and what is published. */
#include "page/section.h"

#include "page/html.h"
#include "page/section_parameters.h"
#include "summary/comparison.h"
#include "summary/table.h"

#define PARAMETERS 5 /* the column that only a dataset with draws of parameters has */

static void put_published(const reference_t *reference, table_notes_t *notes, FILE *out)
{
    fputs("<td class=\"published\">", out);
    if (reference != NULL) {
        html_text(reference->text, out);
        fprintf(out, " <sup>%zu</sup>", table_cite(notes, reference->source));
    }
    fputs("</td>", out);
}

static void put_row(const source_t *s, enum outcomes_id id, const comparison_estimate_t *q,
                    const nested_row_t *draws, int titrated, table_notes_t *notes, FILE *out)
{
    const outcomes_row_t row = outcomes_row(id);
    char from[64];
    (void)snprintf(from, sizeof from, "outcomes/%s", row.key);
    html_row(out);
    html_cell_head(row.label, out);
    html_cell_unit(row.kind == OUTCOMES_SHARE ? "share" : row.unit, out);
    html_cell_count(q->spread.n, out);
    html_cell_number(q->spread.mean, from, out);
    html_cell_interval(q->ci.low, q->ci.high, out);
    if (draws != NULL) {
        section_parameters_cell(&draws->draws, out);
    }
    if (row.kind == OUTCOMES_SHARE) {
        fputs("<td></td><td></td>", out);
    } else {
        html_cell_number(q->spread.median, from, out);
        html_cell_interval(q->spread.median_ci.low, q->spread.median_ci.high, out);
    }
    put_published(outcomes_published(&s->outcomes, id, titrated), notes, out);
    html_cell_from(from, out);
    html_row_end(out);
}

static int put_arm(const source_t *s, size_t arm, table_notes_t *notes, FILE *out, error_t *e)
{
    comparison_estimate_t estimate[OUTCOMES_COUNT];
    const nested_study_t *nested = &s->summary.nested;
    const int told = nested->draws > 0;
    const html_column_t all[] = {{"", 0},       {"unit", 0},    {"n", 1},
                                 {"mean", 1},   {"95 % CI", 1}, {SECTION_PARAMETERS_COLUMN, 1},
                                 {"median", 1}, {"95 % CI", 1}, {"published", 0},
                                 {"from", 0}};
    html_column_t column[sizeof all / sizeof all[0]];
    size_t columns = 0;
    char caption[160];
    const int rc = comparison_arm(&s->outcomes, (int32_t)arm, estimate, e);
    if (rc != 0) {
        return rc;
    }
    (void)snprintf(caption, sizeof caption, "Arm %.80s: %zu patients, %zu with a pump",
                   source_arm(s, arm), s->history.people.of_arm[arm],
                   s->history.people.with_pump[arm]);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (told || i != PARAMETERS) {
            column[columns++] = all[i];
        }
    }
    html_table(caption, column, columns, out);
    for (int i = 0; i < OUTCOMES_COUNT; i++) {
        if (estimate[i].spread.n > 0) {
            put_row(s, (enum outcomes_id)i, &estimate[i],
                    told ? &nested->arm[arm].outcome[i] : NULL,
                    estimate[OUTCOMES_IMPLANTED].spread.n > 0, notes, out);
        }
    }
    html_table_end(out);
    return 0;
}

static void put_notes(const table_notes_t *notes, FILE *out)
{
    if (notes->count > 0) {
        fputs("<h3>Sources of the published values</h3>\n<ol class=\"sources\">\n", out);
        for (size_t i = 0; i < notes->count; i++) {
            fputs("<li>", out);
            html_text(notes->source[i], out);
            fputs("</li>\n", out);
        }
        fputs("</ol>\n", out);
    }
}

int section_outcomes(const source_t *s, FILE *out, error_t *e)
{
    table_notes_t notes = {{NULL}, 0};
    int rc = 0;
    html_paragraph(NULL,
                   "The unit is the patient; n is whom a row is over, since an outcome does not "
                   "apply to everybody. Intervals are 95 %, for a cohort of this size, and tell "
                   "of chance between patients alone: of a mean Student’s t, of amounts that "
                   "cannot be below 0 empirical likelihood, of a share Wilson’s score, of a "
                   "median order statistics.",
                   out);
    section_parameters_note(s, out);
    for (size_t arm = 0; rc == 0 && arm < s->history.people.arms; arm++) {
        rc = s->history.people.of_arm[arm] > 0 ? put_arm(s, arm, &notes, out, e) : 0;
    }
    put_notes(&notes, out);
    return rc;
}
