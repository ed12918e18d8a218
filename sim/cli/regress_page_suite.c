/* SPDX-License-Identifier: Apache-2.0 */
/* A suite on the page of a regression. */
#include "cli/regress_page_suite.h"

#include "page/html.h"

#include <string.h>

/* ---- scenarios by level -------------------------------------------------------------------------------------------- */

/* What became of a scenario. */
typedef struct tally_t {
    size_t units, verdict[REGRESSION_VERDICTS];
    bool differs[SUITE_LEVELS], beyond[SUITE_LEVELS], ended;
} tally_t;

static void add_unit(tally_t *t, const regression_unit_t *u)
{
    t->units++;
    t->verdict[u->verdict]++;
    t->ended |= u->verdict == REGRESSION_BROKEN || u->verdict == REGRESSION_BASELINE;
    for (int l = 0; l < SUITE_LEVELS; l++) {
        t->differs[l] |= u->compare.level[l];
    }
    for (size_t i = 0; i < u->compare.differences; i++) {
        t->beyond[u->compare.difference[i].level] |= u->compare.difference[i].beyond;
    }
}

static tally_t tally_of(const regress_page_t *p, size_t scenario)
{
    tally_t t;
    memset(&t, 0, sizeof t);
    for (size_t i = 0; i < p->r->units; i++) {
        if (p->r->unit[i].unit.scenario == scenario) {
            add_unit(&t, &p->r->unit[i]);
        }
    }
    for (size_t i = 0; p->groups != NULL && i < p->groups->groups; i++) {
        const regress_population_group_t *g = &p->groups->group[i];
        t.differs[SUITE_POPULATION] |= g->scenario == scenario && !g->passes;
    }
    t.beyond[SUITE_POPULATION] = t.differs[SUITE_POPULATION];
    return t;
}

static const char *level_word(const suite_scenario_t *s, const tally_t *t, int level)
{
    if (!s->level[level]) {
        return t->differs[level] ? "differs, not judged" : "not judged";
    }
    if (t->ended && !t->differs[level]) {
        return "a life ended";
    }
    return !t->differs[level] ? "same" : t->beyond[level] ? "DIFFERENT" : "within";
}

static void put_level(const suite_scenario_t *s, const tally_t *t, int level, FILE *out)
{
    const char *word = level_word(s, t, level);
    fprintf(out, "<td%s>", strcmp(word, "DIFFERENT") == 0 ? " class=\"verdict out\"" : "");
    html_text(word, out);
    fputs("</td>", out);
}

void regress_page_suite_scenarios(const regress_page_t *p, FILE *out)
{
    static const html_column_t column[] = {{"scenario", 0},     {"lives", 1},     {"trace", 0},
                                           {"device", 0},       {"patient", 0},   {"population", 0},
                                           {"of its lives", 0}, {"what it is", 0}};
    html_table("Each scenario by level", column, sizeof column / sizeof column[0], out);
    for (size_t i = 0; i < p->r->suite->scenarios; i++) {
        const suite_scenario_t *s = &p->r->suite->scenario[i];
        const tally_t t = tally_of(p, i);
        html_row(out);
        html_cell_head(s->name, out);
        html_cell_count(t.units, out);
        for (int l = 0; l < SUITE_LEVELS; l++) {
            put_level(s, &t, l, out);
        }
        fputs("<td>", out);
        for (int v = 0; v < REGRESSION_VERDICTS; v++) {
            if (t.verdict[v] > 0) {
                fprintf(out, "%zu %s ", t.verdict[v],
                        regression_verdict_name((regression_verdict_t)v));
            }
        }
        fputs("</td>", out);
        fputs("<td>", out);
        html_text(s->what, out);
        if (s->departs != NULL) {
            fputs("<br>By design: ", out);
            html_text(s->departs, out);
        }
        fputs("</td>", out);
        html_row_end(out);
    }
    html_table_end(out);
}

/* ---- what is covered ------------------------------------------------------------------------------------------------------ */

static bool covers(const suite_scenario_t *s, const char *requirement, int before)
{
    for (int k = 0; k < before; k++) {
        if (strcmp(s->requirement[k], requirement) == 0) {
            return true;
        }
    }
    return false;
}

static bool was_named(const suite_t *suite, size_t scenario, int k)
{
    const char *requirement = suite->scenario[scenario].requirement[k];
    for (size_t i = 0; i < scenario; i++) {
        if (covers(&suite->scenario[i], requirement, suite->scenario[i].covers)) {
            return true;
        }
    }
    return covers(&suite->scenario[scenario], requirement, k);
}

static void put_requirement(const suite_t *suite, const char *requirement, FILE *out)
{
    const char *between = "";
    html_row(out);
    html_cell_head(requirement, out);
    fputs("<td>", out);
    for (size_t i = 0; i < suite->scenarios; i++) {
        if (covers(&suite->scenario[i], requirement, suite->scenario[i].covers)) {
            fputs(between, out);
            html_text(suite->scenario[i].name, out);
            between = ", ";
        }
    }
    fputs("</td>", out);
    html_row_end(out);
}

void regress_page_suite_covers(const regress_page_t *p, FILE *out)
{
    static const html_column_t column[] = {{"requirement", 0}, {"scenarios", 0}};
    const suite_t *suite = p->r->suite;
    html_paragraph(NULL,
                   "Requirements of the dosing core that the suite says it shows; "
                   "firmware-core/REQUIREMENTS.md has their text.",
                   out);
    html_table("Requirements and the scenarios that show them", column, 2, out);
    for (size_t i = 0; i < suite->scenarios; i++) {
        for (int k = 0; k < suite->scenario[i].covers; k++) {
            if (!was_named(suite, i, k)) {
                put_requirement(suite, suite->scenario[i].requirement[k], out);
            }
        }
    }
    html_table_end(out);
}
