/* SPDX-License-Identifier: Apache-2.0 */
/* A regression with its populations as JUnit XML. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include "cli/regress_junit.h"

#include "regress/regression_junit.h"

#include <stdlib.h>

/* The table of a group as it is printed for people; the caller's. NULL without memory. */
static char *table_of(const regress_population_t *g, const regress_population_group_t *group)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) {
        return NULL;
    }
    regress_population_print_group(g, group, out);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static int write_with(const regress_page_t *p, regression_junit_population_t *population,
                      char **table, FILE *out, error_t *e)
{
    const size_t groups = p->groups != NULL ? p->groups->groups : 0;
    for (size_t i = 0; i < groups; i++) {
        const regress_population_group_t *group = &p->groups->group[i];
        table[i] = table_of(p->groups, group);
        if (table[i] == NULL) {
            return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for the table of a population");
        }
        population[i] =
            (regression_junit_population_t){group->scenario, group->arm, group->passes, table[i]};
    }
    return regression_junit_write(p->r, p->names, population, groups, out, e);
}

int regress_junit_write(const regress_page_t *p, FILE *out, error_t *e)
{
    const size_t groups = p->groups != NULL ? p->groups->groups : 0;
    regression_junit_population_t *population = calloc(groups + 1, sizeof *population);
    char **table = calloc(groups + 1, sizeof *table);
    const int code =
        population != NULL && table != NULL
            ? write_with(p, population, table, out, e)
            : ERROR_RAISE(e, ERROR_MEMORY, "out of memory for %zu populations", groups);
    for (size_t i = 0; table != NULL && i < groups; i++) {
        free(table[i]);
    }
    free(table);
    free(population);
    return code;
}
