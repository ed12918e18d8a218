/* SPDX-License-Identifier: Apache-2.0 */
/* Where a core of another make differs by design. */
#include "config/departure.h"

#include "config/config_text.h"
#include "config/flat_map.h"

#include <stdio.h>
#include <string.h>

static const field_t section_fields[] = {
    {.path = "core", .type = FIELD_LIST, .unit = "1", .required = 1},
    {.path = "tolerance", .type = FIELD_LIST, .unit = "1"},
    {.path = "left_out", .type = FIELD_LIST, .unit = "1"},
    {.path = "scenarios", .type = FIELD_LIST, .unit = "1"},
};

static const field_t head_fields[] = {
    {FLAT_FIELD("title", FIELD_TEXT, departure_t, title), .required = 1},
};

static const field_t left_fields[] = {
    {FLAT_FIELD("what", FIELD_TEXT, departure_reason_t, what), .required = 1},
    {FLAT_FIELD("why", FIELD_TEXT, departure_reason_t, why), .required = 1},
};

static const field_t scenario_fields[] = {
    {FLAT_FIELD("name", FIELD_TEXT, departure_reason_t, what), .required = 1},
    {FLAT_FIELD("why", FIELD_TEXT, departure_reason_t, why), .required = 1},
};

static size_t read_reasons(document_t *doc, units_t *units, const char *key,
                           const flat_map_t *table, departure_reason_t *to, size_t most)
{
    size_t length = 0, i = 0;
    if (document_entry(doc->root, key, strlen(key)) == NULL) {
        return 0;
    }
    document_node_t *list = flat_map_list(doc, key, most, &length);
    for (document_node_t *n = list != NULL ? list->first : NULL; n != NULL; n = n->next) {
        char shown[32];
        (void)snprintf(shown, sizeof shown, "%s[%zu]", key, i);
        flat_map_read(doc, units, n, shown, table, &to[i++]);
    }
    return i;
}

static int read_tree(void *to, document_t *doc, units_t *units)
{
    departure_t *d = to;
    flat_map_read(doc, units, doc->root, "the file", FLAT_MAP(section_fields), d);
    if (document_entry(doc->root, "core", 4) != NULL) {
        flat_map_section(doc, units, "core", FLAT_MAP(head_fields), d);
    }
    suite_read_tolerance(doc, units, &d->tolerance);
    d->lefts = read_reasons(doc, units, "left_out", FLAT_MAP(left_fields), d->left_out,
                            DEPARTURE_LEFT_OUT_MAX);
    d->scenarios = read_reasons(doc, units, "scenarios", FLAT_MAP(scenario_fields), d->scenario,
                                DEPARTURE_SCENARIOS_MAX);
    for (size_t i = 0; i < d->lefts; i++) {
        d->left[i] = d->left_out[i].what;
    }
    return !doc->out_of_memory;
}

int departure_load(departure_t *to, const char *path, diagnostic_t *d, error_t *e)
{
    memset(to, 0, sizeof *to);
    return config_text_load(path, read_tree, to, d, e);
}

/* All of that name: a matrix is many. */
static size_t depart(suite_t *s, const departure_reason_t *reason)
{
    size_t found = 0;
    for (size_t i = 0; i < s->scenarios; i++) {
        if (strcmp(s->scenario[i].name, reason->what) == 0) {
            s->scenario[i].departs = reason->why;
            found++;
        }
    }
    return found;
}

int departure_apply(const departure_t *from, suite_t *s, error_t *e)
{
    s->tolerance = from->tolerance;
    s->left_out = from->left;
    s->lefts = from->lefts;
    for (size_t i = 0; i < s->scenarios; i++) {
        s->scenario[i].level[SUITE_TRACE] = 0;
    }
    for (size_t i = 0; i < from->scenarios; i++) {
        if (depart(s, &from->scenario[i]) == 0) {
            return ERROR_RAISE(e, ERROR_ARGUMENT, "suite %s has no scenario %.100s", s->name,
                               from->scenario[i].what);
        }
    }
    return 0;
}
