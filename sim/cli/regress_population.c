/* SPDX-License-Identifier: Apache-2.0 */
/* Two cohorts and the differences of their outcomes. */
#include "cli/regress_population.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "statistics/central.h"

/* ---- before the lives ------------------------------------------------------------------------------------------ */

static int find_outcome(const suite_t *suite, enum outcomes_id *decides, error_t *e)
{
    char keys[ERROR_TEXT_SIZE] = "";
    for (int i = 0; i < OUTCOMES_COUNT; i++) {
        const char *key = outcomes_row((enum outcomes_id)i).key;
        if (strcmp(key, suite->population.outcome) == 0) {
            *decides = (enum outcomes_id)i;
            return 0;
        }
        (void)snprintf(keys + strlen(keys), sizeof keys - strlen(keys), "%s%s", i > 0 ? ", " : "",
                       key);
    }
    return ERROR_RAISE(e, ERROR_ARGUMENT, "population.outcome: %.40s is none of %.380s",
                       suite->population.outcome, keys);
}

int regress_population_begin(regress_population_t *g, const suite_t *suite, error_t *e)
{
    memset(g, 0, sizeof *g);
    g->suite = suite;
    for (size_t i = 0; i < suite->scenarios; i++) {
        g->judged = g->judged || population_is_judged(suite, i);
    }
    if (!g->judged) {
        return 0;
    }
    int code = find_outcome(suite, &g->decides, e);
    code = code != 0 ? code : scratch_folder("regress", g->folder, e);
    return code != 0 ? code : population_begin(&g->kept, suite, g->folder, e);
}

/* ---- after them -------------------------------------------------------------------------------------------------- */

static bool holds_zero(const comparison_pair_t *p)
{
    return isnan(p->ci.low) || (p->ci.low <= 0.0 && p->ci.high >= 0.0);
}

static int add_arm(regress_population_t *g, size_t scenario, int32_t arm, const outcomes_t o[2],
                   error_t *e)
{
    regress_population_group_t *group = &g->group[g->groups];
    *group = (regress_population_group_t){.scenario = scenario, .arm = arm};
    const int rc = g->suite->population.unpaired
                       ? comparison_groups(&o[0], arm, &o[1], arm, group->pair, e)
                       : comparison_pairs(&o[0], arm, &o[1], arm, group->pair, e);
    group->passes = rc == 0 && holds_zero(&group->pair[g->decides]);
    g->passes = g->passes && group->passes;
    g->groups++;
    return rc;
}

static int read_scenario(regress_population_t *g, size_t scenario, error_t *e)
{
    reader_t *reader[2] = {NULL, NULL};
    outcomes_t o[2];
    char path[POPULATION_PATH_SIZE];
    int rc = 0;
    memset(o, 0, sizeof o);
    for (int side = 0; rc == 0 && side < POOL_SIDES; side++) {
        population_path(&g->kept, scenario, side, path);
        rc = central_open(&reader[side], path, e);
        rc = rc < 0 ? rc : outcomes_read(&o[side], reader[side], e);
    }
    for (int32_t arm = 0; rc == 0 && arm < g->suite->scenario[scenario].study.arms.count; arm++) {
        rc = add_arm(g, scenario, arm, o, e);
    }
    for (int side = 0; side < POOL_SIDES; side++) {
        outcomes_free(&o[side]);
        reader_close(&reader[side]);
    }
    return rc;
}

int regress_population_finish(regress_population_t *g, const pool_t *pool, error_t *e)
{
    size_t most = 1;
    int rc = population_finish(&g->kept, pool, e);
    g->passes = true;
    for (size_t i = 0; i < g->suite->scenarios; i++) {
        most += (size_t)g->suite->scenario[i].study.arms.count;
    }
    g->group = calloc(most, sizeof *g->group);
    if (rc == 0 && g->group == NULL) {
        rc = ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu groups", most);
    }
    for (size_t i = 0; rc == 0 && i < g->suite->scenarios; i++) {
        if (population_is_judged(g->suite, i)) {
            rc = read_scenario(g, i, e);
        }
    }
    return rc;
}

void regress_population_free(regress_population_t *g)
{
    population_end(&g->kept, true);
    if (g->folder[0] != '\0') {
        (void)rmdir(g->folder);
    }
    free(g->group);
    memset(g, 0, sizeof *g);
}

/* ---- printing ---------------------------------------------------------------------------------------------------- */

static void print_pair(const comparison_pair_t *p, enum outcomes_id outcome, bool decides,
                       FILE *out)
{
    const outcomes_row_t row = outcomes_row(outcome);
    if (p->n == 0) {
        return;
    }
    (void)fprintf(out, "  %c %-24s %6zu %12.6g %12.6g %12.4g", decides ? '*' : ' ', row.label, p->n,
                  p->first, p->second, p->difference);
    if (isnan(p->ci.low)) {
        (void)fprintf(out, "  no interval of %zu", p->n);
    } else {
        (void)fprintf(out, "  %.4g to %.4g", p->ci.low, p->ci.high);
    }
    (void)fprintf(out, " %s\n", strcmp(row.unit, "1") == 0 ? "" : row.unit);
}

void regress_population_print_group(const regress_population_t *g,
                                    const regress_population_group_t *group, FILE *out)
{
    const suite_scenario_t *s = &g->suite->scenario[group->scenario];
    (void)fprintf(out, "population of %s, arm %s: %s; * decides; 95 %% intervals of %s\n", s->name,
                  s->study.arms.name[group->arm],
                  group->passes ? "no difference is shown" : "DIFFERENT",
                  g->suite->population.unpaired ? "two cohorts of other people (Welch)"
                                                : "differences within a patient");
    (void)fprintf(out, "    %-24s %6s %12s %12s %12s\n", "outcome", "n", "baseline", "candidate",
                  "difference");
    for (int k = 0; k < OUTCOMES_COUNT; k++) {
        print_pair(&group->pair[k], (enum outcomes_id)k, k == (int)g->decides, out);
    }
    (void)fputc('\n', out);
}

void regress_population_print(const regress_population_t *g, FILE *out)
{
    for (size_t i = 0; i < g->groups; i++) {
        regress_population_print_group(g, &g->group[i], out);
    }
}

/* ---- for programs ------------------------------------------------------------------------------------------------ */

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *outcome_json(const comparison_pair_t *p, enum outcomes_id outcome, bool decides)
{
    return json_pack("{s:s, s:b, s:I, s:o, s:o, s:o, s:[o, o]}", "outcome",
                     outcomes_row(outcome).key, "decides", (int)decides, "n", (json_int_t)p->n,
                     "baseline", number(p->first), "candidate", number(p->second), "difference",
                     number(p->difference), "interval_95", number(p->ci.low), number(p->ci.high));
}

static json_t *group_json(const regress_population_t *g, const regress_population_group_t *group)
{
    const suite_scenario_t *s = &g->suite->scenario[group->scenario];
    json_t *outcomes = json_array();
    for (int k = 0; k < OUTCOMES_COUNT; k++) {
        if (group->pair[k].n > 0) {
            (void)json_array_append_new(
                outcomes, outcome_json(&group->pair[k], (enum outcomes_id)k, k == (int)g->decides));
        }
    }
    return json_pack("{s:s, s:s, s:b, s:b, s:o}", "scenario", s->name, "arm",
                     s->study.arms.name[group->arm], "passes", (int)group->passes, "paired",
                     g->suite->population.unpaired == 0, "outcomes", outcomes);
}

json_t *regress_population_json(const regress_population_t *g)
{
    json_t *all = json_array();
    for (size_t i = 0; i < g->groups; i++) {
        (void)json_array_append_new(all, group_json(g, &g->group[i]));
    }
    return all;
}
