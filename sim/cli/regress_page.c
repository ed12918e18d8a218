/* SPDX-License-Identifier: Apache-2.0 */
/* A comparison of two cores as one page of HTML. */
#include "cli/regress_page.h"

#include "cli/regress_page_lives.h"
#include "cli/regress_page_populations.h"
#include "cli/regress_page_suite.h"
#include "page/html.h"

static const char *const sides[POOL_SIDES] = {"baseline", "candidate"};

/* ---- the verdict ------------------------------------------------------------------------------------------------- */

static void put_fact(const char *what, size_t count, FILE *out)
{
    fprintf(out, "<div><dt>%s</dt><dd>%zu</dd></div>\n", what, count);
}

static void put_verdict(const regress_page_t *p, FILE *out)
{
    static const html_column_t column[] = {{"core", 0}, {"its name", 0}, {"file", 0}};
    char summary[REGRESSION_TEXT_SIZE];
    regression_text_summary(p->r, summary);
    fprintf(out,
            "<p class=\"verdict %s\" style=\"font-size:1.3rem\">%s: ", p->r->passes ? "in" : "out",
            p->r->passes ? "PASS" : "FAIL");
    html_text(summary, out);
    fputs("</p>\n<dl class=\"facts\">\n", out);
    put_fact("lives", p->r->units, out);
    for (int v = 0; v < REGRESSION_VERDICTS; v++) {
        if (p->r->verdicts[v] > 0) {
            put_fact(regression_verdict_name((regression_verdict_t)v), p->r->verdicts[v], out);
        }
    }
    fputs("</dl>\n", out);
    html_table("What was compared", column, 3, out);
    for (int i = 0; i < POOL_SIDES; i++) {
        html_row(out);
        html_cell_head(sides[i], out);
        html_cell_text(p->names->id[i], out);
        html_cell_text(p->names->core[i] != NULL ? p->names->core[i] : "built in", out);
        html_row_end(out);
    }
    html_table_end(out);
}

/* ---- again ------------------------------------------------------------------------------------------------------------------ */

static void put_command(const regress_page_t *p, const char *path, const char *more, FILE *out)
{
    static const char *const option[POOL_SIDES] = {"--baseline", "--candidate"};
    fputs("<pre tabindex=\"0\"><code>thecasim regress ", out);
    html_text(path, out);
    for (int i = 0; i < POOL_SIDES; i++) {
        if (p->names->core[i] != NULL) {
            fprintf(out, " %s ", option[i]);
            html_text(p->names->core[i], out);
        }
    }
    fprintf(out, "%s</code></pre>\n", more);
}

static void put_replay(const regress_page_t *p, FILE *out)
{
    html_paragraph(NULL, "The whole suite again:", out);
    put_command(p, p->names->path, "", out);
    if (p->shrunk != NULL) {
        html_paragraph(NULL, "The shortest scenario found that still differs:", out);
        put_command(p, p->shrunk, "", out);
    } else if (p->r->divergence.found) {
        html_paragraph(NULL,
                       "The shortest scenario that still differs, as a suite of its own:", out);
        put_command(p, p->names->path, " --shrink shrunk.yaml", out);
    }
}

/* ---- the page ------------------------------------------------------------------------------------------------------------------ */

typedef struct part_t {
    html_place_t place;
    void (*put)(const regress_page_t *p, FILE *out);
} part_t;

static void put_populations(const regress_page_t *p, FILE *out)
{
    if (p->groups != NULL) {
        regress_page_populations_put(p->groups, out);
    } else {
        html_paragraph(NULL, "The suite compares no populations.", out);
    }
}

void regress_page_put(const regress_page_t *p, FILE *out)
{
    static const part_t part[] = {
        {{"verdict", "Verdict"}, put_verdict},
        {{"scenarios", "Scenarios by level"}, regress_page_suite_scenarios},
        {{"first", "First difference"}, regress_page_lives_first},
        {{"lives", "What differs"}, regress_page_lives_put},
        {{"populations", "Populations"}, put_populations},
        {{"covers", "What the suite covers"}, regress_page_suite_covers},
        {{"replay", "Again"}, put_replay},
    };
    enum { PARTS = sizeof part / sizeof part[0] };
    html_place_t place[PARTS];
    const html_head_t head = {p->r->suite->title,
                              "thecasim regress: two dosing cores on the same patients",
                              "Every life here is a simulation; it is no medical device, and no "
                              "patient had any of it.",
                              NULL};
    for (int i = 0; i < PARTS; i++) {
        place[i] = part[i].place;
    }
    html_begin(&head, out);
    html_contents(place, PARTS, out);
    for (int i = 0; i < PARTS; i++) {
        html_section(&place[i], out);
        part[i].put(p, out);
        html_section_end(out);
    }
    html_end(out);
}
