/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a published row and finds the runs and the statistic that it names. */
#include "config/validation_row.h"

#include <stdio.h>
#include <string.h>

#include "config/nearest.h"
#include "config/number.h"
#include "config/flat_map.h"

static const char *const roles[] = {"imposed", "fitted", "derived", "emergent", NULL};
static const char *const booleans[] = {"false", "true", NULL};

#define FIELD(key, kind, member) FLAT_FIELD(key, kind, validation_row_t, member)

static const field_t fields[] = {
    {FIELD("id", FIELD_TEXT, id), .required = 1},
    {FIELD("what", FIELD_TEXT, what), .required = 1},
    {.path = "of", .type = FIELD_LIST, .unit = "1", .required = 1},
    {.path = "against", .type = FIELD_LIST, .unit = "1"},
    {FIELD("estimator", FIELD_NAME, estimator), .required = 1},
    {FIELD("unit", FIELD_TEXT, unit), .required = 1},
    {FIELD("value", FIELD_QUANTITY, value), .low = -1e300, .high = 1e300, .required = 1},
    {.path = "interval", .type = FIELD_LIST, .unit = "1", .required = 1},
    {FIELD("rule", FIELD_TEXT, rule), .required = 1},
    {FIELD("role", FIELD_CHOICE, role), .choice = roles, .required = 1},
    {FIELD("gate", FIELD_BOOLEAN, gate), .choice = booleans, .required = 1},
    {FIELD("needs", FIELD_TEXT, needs), .text = ""},
    {FIELD("source", FIELD_TEXT, source), .required = 1},
};

/* A reading of one row. */
typedef struct making_t {
    const document_t *doc;
    const char *shown;
    const validation_t *v;
    validation_row_t *row;
} making_t;

/* The index of a run named by the first `length` bytes of `text`; -1 if there is none. */
static int find_run(const validation_t *v, const char *text, size_t length)
{
    for (size_t i = 0; i < v->runs; i++)
        if (strlen(v->run[i].name) == length && strncmp(v->run[i].name, text, length) == 0)
            return (int)i;
    return -1;
}

/* "run" or "run.arm" as numbers; 0 if there is no such run or arm. */
static int find_source(const validation_t *v, const char *text, validation_source_t *to)
{
    size_t length = strcspn(text, ".");
    *to = (validation_source_t){find_run(v, text, length), -1};
    if (to->run < 0)
        return 0;
    if (text[length] == '\0')
        return 1;
    const study_arms_t *arms = &v->run[to->run].study.arms;
    for (int64_t i = 0; i < arms->count; i++)
        if (strcmp(arms->name[i], text + length + 1) == 0)
            to->arm = (int)i;
    return to->arm >= 0;
}

static void read_source(const making_t *m, const char *key, const document_node_t *item,
                        validation_sources_t *to)
{
    if (item->kind != DOCUMENT_SCALAR) {
        document_report(m->doc, DIAGNOSTIC_ERROR, item->place,
                        "%s.%s: write names of runs, or RUN.ARM", m->shown, key);
    } else if (to->count == VALIDATION_SOURCES_MAX) {
        document_report(m->doc, DIAGNOSTIC_ERROR, item->place, "%s.%s: names more than %d",
                        m->shown, key, VALIDATION_SOURCES_MAX);
    } else if (find_source(m->v, item->text, &to->source[to->count])) {
        to->count++;
    } else if (m->row->needs[0] == '\0') {
        document_report(
            m->doc, DIAGNOSTIC_ERROR, item->place,
            "%s.%s: %.60s is neither a run nor an arm of one, as in RUN.ARM; a row that "
            "still lacks its run says so in `needs`",
            m->shown, key, item->text);
    }
}

static void read_sources(const making_t *m, const char *key, const document_node_t *map,
                         validation_sources_t *to)
{
    const document_node_t *list = document_entry(map, key, strlen(key));
    if (list == NULL || list->bad)
        return;
    if (list->kind != DOCUMENT_LIST || list->first == NULL) {
        document_report(m->doc, DIAGNOSTIC_ERROR, list->place,
                        "%s.%s: write a list of runs, as in [%s]", m->shown, key,
                        m->v->runs > 0 ? m->v->run[0].name : "run");
        return;
    }
    for (const document_node_t *n = list->first; n != NULL; n = n->next)
        read_source(m, key, n, to);
}

static int read_end(const making_t *m, const document_node_t *node, double *to)
{
    const char *why = "is not a number";
    int ok =
        node->kind == DOCUMENT_SCALAR && number_scan(node->text, to, &why) == strlen(node->text);
    if (!ok && !node->bad)
        document_report(m->doc, DIAGNOSTIC_ERROR, node->place, "%s.interval: %.40s %s", m->shown,
                        node->text != NULL ? node->text : "", why != NULL ? why : "is no number");
    return ok;
}

static void read_interval(const making_t *m, const document_node_t *map)
{
    const document_node_t *list = document_entry(map, "interval", 8);
    if (list == NULL || list->bad)
        return;
    const document_node_t *low = document_item(list, 0), *high = document_item(list, 1);
    if (low == NULL || high == NULL || high->next != NULL) {
        document_report(m->doc, DIAGNOSTIC_ERROR, list->place,
                        "%s.interval: write two numbers, as in [0.9, 1]", m->shown);
        return;
    }
    if (read_end(m, low, &m->row->low) && read_end(m, high, &m->row->high) &&
        (m->row->low > m->row->high || m->row->value < m->row->low || m->row->value > m->row->high))
        document_report(m->doc, DIAGNOSTIC_ERROR, list->place,
                        "%s.interval: from %.9g to %.9g does not hold the value %.9g", m->shown,
                        m->row->low, m->row->high, m->row->value);
}

static const document_node_t *at(const document_node_t *map, const char *key)
{
    const document_node_t *node = document_entry(map, key, strlen(key));
    return node != NULL ? node : map;
}

static void check_statistic(const making_t *m, const document_node_t *map,
                            const validation_options_t *options)
{
    const validation_statistic_t *best = NULL;
    const char *name = m->row->estimator;
    if (name[0] == '\0')
        return;
    for (size_t i = 0; i < options->statistics; i++) {
        const validation_statistic_t *s = &options->statistic[i];
        if (best == NULL || nearest_distance(name, s->name) < nearest_distance(name, best->name))
            best = s;
    }
    if (best == NULL || strcmp(best->name, name) != 0)
        document_report(m->doc, DIAGNOSTIC_ERROR, at(map, "estimator")->place,
                        "%s.estimator: %s is not known; %s%s?", m->shown, name,
                        best != NULL ? "did you mean " : "",
                        best != NULL ? best->name : "there is none");
    else if (strcmp(best->unit, m->row->unit) != 0)
        document_report(m->doc, DIAGNOSTIC_ERROR, at(map, "unit")->place,
                        "%s.unit: %s is computed in %s, not in %.40s", m->shown, name, best->unit,
                        m->row->unit);
}

void validation_row_read(const document_t *doc, units_t *units, const document_node_t *node,
                         const char *shown, const validation_t *v,
                         const validation_options_t *options, validation_row_t *row)
{
    static const flat_map_t table = {fields, sizeof fields / sizeof fields[0]};
    const making_t m = {doc, shown, v, row};
    flat_map_read(doc, units, node, shown, &table, row);
    read_sources(&m, "of", node, &row->of);
    read_sources(&m, "against", node, &row->against);
    read_interval(&m, node);
    check_statistic(&m, node, options);
}
