/* SPDX-License-Identifier: Apache-2.0 */
/* Each further arm less the first, patient by patient. */
#include "page/section.h"

#include "page/html.h"
#include "page/section_parameters.h"
#include "summary/comparison.h"

#define PARAMETERS 7 /* the column that only a dataset with draws of parameters has */

static void put_row(enum outcomes_id id, const comparison_pair_t *pair, const nested_row_t *draws,
                    FILE *out)
{
    const outcomes_row_t row = outcomes_row(id);
    char from[64];
    (void)snprintf(from, sizeof from, "outcomes/%s", row.key);
    html_row(out);
    html_cell_head(row.label, out);
    html_cell_unit(row.kind == OUTCOMES_SHARE ? "share" : row.unit, out);
    html_cell_count(pair->n, out);
    html_cell_number(pair->first, from, out);
    html_cell_number(pair->second, from, out);
    html_cell_number(pair->difference, from, out);
    html_cell_interval(pair->ci.low, pair->ci.high, out);
    if (draws != NULL) {
        section_parameters_cell(&draws->draws, out);
    }
    html_cell_number(pair->correlation, from, out);
    html_cell_from(from, out);
    html_row_end(out);
}

static int put_arm(const source_t *s, size_t arm, FILE *out, error_t *e)
{
    comparison_pair_t pair[OUTCOMES_COUNT];
    const nested_study_t *nested = &s->summary.nested;
    const int told = nested->draws > 0;
    const html_column_t all[] = {{"", 0},
                                 {"unit", 0},
                                 {"pairs", 1},
                                 {source_arm(s, 0), 1},
                                 {source_arm(s, arm), 1},
                                 {"difference", 1},
                                 {"95 % CI", 1},
                                 {SECTION_PARAMETERS_COLUMN, 1},
                                 {"correlation", 1},
                                 {"from", 0}};
    html_column_t column[sizeof all / sizeof all[0]];
    size_t columns = 0;
    char caption[256];
    const int rc = comparison_pairs(&s->outcomes, 0, &s->outcomes, (int32_t)arm, pair, e);
    if (rc != 0) {
        return rc;
    }
    (void)snprintf(caption, sizeof caption, "Arm %.80s less arm %.80s", source_arm(s, arm),
                   source_arm(s, 0));
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (told || i != PARAMETERS) {
            column[columns++] = all[i];
        }
    }
    html_table(caption, column, columns, out);
    for (int i = 0; i < OUTCOMES_COUNT; i++) {
        if (pair[i].n > 0) {
            put_row((enum outcomes_id)i, &pair[i], told ? &nested->arm[arm].difference[i] : NULL,
                    out);
        }
    }
    html_table_end(out);
    return 0;
}

int section_arms(const source_t *s, FILE *out, error_t *e)
{
    int rc = 0;
    if (s->history.people.arms < 2) {
        html_paragraph("soft", "The study has one arm.", out);
        return 0;
    }
    html_paragraph(NULL,
                   "Arms share their random numbers, so each patient is his own control: the "
                   "difference is taken within the patient, and its interval is Student’s t on "
                   "these differences. The correlation tells how much sharing draws has gained.",
                   out);
    section_parameters_note(s, out);
    for (size_t arm = 1; rc == 0 && arm < s->history.people.arms; arm++) {
        rc = put_arm(s, arm, out, e);
    }
    return rc;
}
