/* SPDX-License-Identifier: Apache-2.0 */
/* Published rows against the simulation, by what role their numbers had in it. */
#include "page/section.h"

#include <string.h>

#include "page/html.h"
#include "validation/results_text.h"

static void put_row(const results_row_t *r, FILE *out)
{
    html_row(out);
    html_cell_head(r->what, out);
    html_cell_unit(r->unit, out);
    html_cell_number(r->value, r->source, out);
    html_cell_interval(r->low, r->high, out);
    html_cell_number(r->estimate, r->estimator, out);
    html_cell_number(r->half_width, r->estimator, out);
    fprintf(out, "<td class=\"verdict %s\">", strcmp(r->verdict, "inside") == 0 ? "in" : "out");
    html_text(r->verdict, out);
    fprintf(out, "%s%s</td>", r->gate ? ", a gate" : "", r->weak ? ", weak: not counted" : "");
    html_cell_text(r->source, out);
    html_row_end(out);
}

static size_t count_role(const results_t *v, const char *role)
{
    size_t n = 0;
    for (size_t i = 0; i < v->rows; i++) {
        n += strcmp(v->row[i].role, role) == 0 ? 1 : 0;
    }
    return n;
}

static void put_role(const results_t *v, enum verdict_role role, const verdict_sum_t *sum,
                     FILE *out)
{
    static const char *const meaning[VERDICT_ROLES] = {
        "imposed: the number is a parameter", "fitted: a parameter was set by it",
        "derived: it follows from a fitted one",
        "emergent: nothing was set by it, and only these are a validation"};
    const html_column_t column[] = {{"", 0},         {"unit", 0},      {"published", 1},
                                    {"interval", 1}, {"simulated", 1}, {"± 95 %", 1},
                                    {"verdict", 0},  {"source", 0}};
    char caption[160];
    (void)snprintf(caption, sizeof caption, "%s. Inside: %zu of %zu", meaning[role],
                   sum->rows[role][VERDICT_INSIDE], count_role(v, verdict_role_name(role)));
    html_table(caption, column, sizeof column / sizeof column[0], out);
    for (size_t i = 0; i < v->rows; i++) {
        if (strcmp(v->row[i].role, verdict_role_name(role)) == 0) {
            put_row(&v->row[i], out);
        }
    }
    html_table_end(out);
}

int section_validation(const source_t *s, FILE *out, error_t *e)
{
    const results_t *v = &s->validation;
    verdict_sum_t sum = {0};
    if (v->rows == 0) {
        html_paragraph("soft",
                       "No validation was given to this report (thecasim report --validation "
                       "RESULTS.h5, from thecasim validate -o RESULTS.h5). Published values that "
                       "stand beside outcomes are for orientation, and judge nothing.",
                       out);
        return 0;
    }
    const int rc = results_text_sum(v, &sum, e);
    if (rc != 0) {
        return rc;
    }
    fputs("<p>Published studies held against full simulations by ", out);
    html_text(v->program, out);
    fprintf(out, "%s: of the rows that count, %zu of %zu are inside.</p>\n",
            v->quick ? ", on small pools" : "", sum.counted_inside, sum.counted);
    for (int role = VERDICT_ROLES - 1; role >= 0; role--) {
        if (count_role(v, verdict_role_name((enum verdict_role)role)) > 0) {
            put_role(v, (enum verdict_role)role, &sum, out);
        }
    }
    return 0;
}
