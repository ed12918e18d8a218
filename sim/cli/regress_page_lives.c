/* SPDX-License-Identifier: Apache-2.0 */
/* Lives that differ, on the page of a regression. */
#include "cli/regress_page_lives.h"

#include "page/html.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *const sides[POOL_SIDES] = {"baseline", "candidate"};

/* ---- what differs, life by life -------------------------------------------------------------------------------------- */

static void put_value(double value, FILE *out)
{
    char text[32];
    (void)snprintf(text, sizeof text, isnan(value) ? "nothing" : "%.9g", value);
    fputs("<td class=\"n\">", out);
    html_text(text, out);
    fputs("</td>", out);
}

static void put_difference(const compare_difference_t *d, FILE *out)
{
    char when[CALL_TEXT_TIME_SIZE] = "";
    if (d->time_ms >= 0) {
        call_text_time(d->time_ms, when);
    }
    html_row(out);
    html_cell_head(d->what, out);
    html_cell_text(suite_level_name(d->level), out);
    put_value(d->baseline, out);
    put_value(d->candidate, out);
    html_cell_text(strcmp(d->unit, "1") == 0 ? "" : d->unit, out);
    html_cell_text(d->beyond ? "" : "yes", out);
    html_cell_text(when, out);
    html_row_end(out);
}

static void put_unit(const regression_t *r, const regression_unit_t *u, FILE *out)
{
    static const html_column_t column[] = {{"what", 0},      {"level", 0}, {"baseline", 1},
                                           {"candidate", 1}, {"unit", 0},  {"allowed", 0},
                                           {"from", 0}};
    char name[256], text[REGRESSION_TEXT_SIZE];
    const suite_scenario_t *s = &r->suite->scenario[u->unit.scenario];
    (void)snprintf(name, sizeof name, "%.80s, patient %" PRId64 ", %.80s: %s", s->name,
                   u->unit.key.patient, s->study.arms.name[u->unit.key.arm],
                   regression_verdict_name(u->verdict));
    fputs("<details>\n<summary>", out);
    html_text(name, out);
    fputs("</summary>\n", out);
    for (int i = 0; i < POOL_SIDES; i++) {
        if (u->side[i].end != TESTIMONY_LIVED) {
            regression_text_end(&u->side[i], text);
            fprintf(out, "<p>%s ", sides[i]);
            html_text(text, out);
            fputs("</p>\n", out);
        }
    }
    html_table("What differs, with the value that differs most", column,
               sizeof column / sizeof column[0], out);
    for (size_t i = 0; i < u->compare.differences; i++) {
        put_difference(&u->compare.difference[i], out);
    }
    html_table_end(out);
    fputs("</details>\n", out);
}

/* Of each scenario the first life of each verdict, as in the text: a thousand alike tell no more. */
void regress_page_lives_put(const regress_page_t *p, FILE *out)
{
    bool any = false;
    for (size_t i = 0; i < p->r->suite->scenarios; i++) {
        bool told[REGRESSION_VERDICTS] = {[REGRESSION_SAME] = true};
        for (size_t k = 0; k < p->r->units; k++) {
            const regression_unit_t *u = &p->r->unit[k];
            if (u->unit.scenario == i && !told[u->verdict]) {
                told[u->verdict] = any = true;
                put_unit(p->r, u, out);
            }
        }
    }
    html_paragraph("soft",
                   any ? "Of each scenario the first life of each verdict; --json has all."
                       : "No life differs at a level at which it is judged.",
                   out);
}

/* ---- the first difference ---------------------------------------------------------------------------------------------- */

void regress_page_lives_first(const regress_page_t *p, FILE *out)
{
    static const html_column_t column[] = {
        {"", 0}, {"pump's clock", 0}, {"baseline", 0}, {"candidate", 0}};
    const divergence_t *d = &p->r->divergence;
    regression_text_calls_t calls;
    char caption[256];
    if (!d->found) {
        html_paragraph(
            NULL, "No life differs at a level at which it is judged; no call was looked for.", out);
        return;
    }
    const regression_unit_t *u = &p->r->unit[d->unit];
    (void)snprintf(caption, sizeof caption, "%.100s, patient %" PRId64 ", after %" PRId64 " calls",
                   p->r->suite->scenario[u->unit.scenario].name, u->unit.key.patient,
                   d->side[d->at < d->side[0].windowed ? 0 : 1].window[d->at]->number);
    html_table(caption, column, sizeof column / sizeof column[0], out);
    for (size_t i = regression_text_calls_from(d); regression_text_calls(d, i, &calls); i++) {
        fputs(i == d->at ? "<tr style=\"background:var(--badge-ground)\">" : "<tr>", out);
        html_cell_text(i == d->at ? "first" : i > d->at ? "" : "=", out);
        html_cell_text(calls.when, out);
        for (int side = 0; side < POOL_SIDES; side++) {
            fputs("<td><code>", out);
            html_text(calls.side[side], out);
            fputs("</code></td>", out);
        }
        html_row_end(out);
    }
    html_table_end(out);
}
