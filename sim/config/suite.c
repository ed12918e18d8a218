/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a regression suite. */
#include "config/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_text.h"
#include "config/document.h"
#include "config/include.h"
#include "config/matrix.h"
#include "config/nested.h"
#include "config/units.h"
#include "config/flat_map.h"

#define REQUIREMENT_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

#define RESET_BY_SOFTWARE 4 /* the severity of such a fault (fault.def) */

/* A reading in progress. */
typedef struct making_t {
    suite_t *s;
    document_t *doc;
    units_t *units;
} making_t;

static const char *const levels[] = {"trace", "device", "patient", "population", NULL};

static const char *const booleans[] = {"false", "true", NULL};

static const field_t section_fields[] = {
    {.path = "suite", .type = FIELD_LIST, .unit = "1", .required = 1},
    {.path = "tolerance", .type = FIELD_LIST, .unit = "1"},
    {.path = "population", .type = FIELD_LIST, .unit = "1"},
    {.path = "scenarios", .type = FIELD_LIST, .unit = "1", .required = 1},
};

static const field_t head_fields[] = {
    {FLAT_FIELD("name", FIELD_NAME, suite_t, name), .required = 1},
    {FLAT_FIELD("title", FIELD_TEXT, suite_t, title), .required = 1},
    {.path = "cpu",
     .type = FIELD_TIME,
     .offset = offsetof(suite_t, cpu_ms),
     .unit = "s",
     .value = 60,
     .low = 1,
     .high = 86400},
    {FLAT_FIELD("must_live", FIELD_BOOLEAN, suite_t, must_live), .choice = booleans,
     .text = "false"},
};

static const field_t tolerance_fields[] = {
    {FLAT_FIELD("volume", FIELD_QUANTITY, suite_tolerance_t, volume), .low = 0, .high = 1},
    {FLAT_FIELD("pulses", FIELD_QUANTITY, suite_tolerance_t, pulses), .value = 1, .low = 1,
     .high = 100},
    {.path = "event",
     .type = FIELD_TIME,
     .offset = offsetof(suite_tolerance_t, event_ms),
     .unit = "s",
     .low = 0,
     .high = 86400},
    {FLAT_FIELD("exposure", FIELD_QUANTITY, suite_tolerance_t, exposure), .low = 0, .high = 1},
    {FLAT_FIELD("tone", FIELD_QUANTITY, suite_tolerance_t, tone), .low = 0, .high = 4},
};

static const field_t population_fields[] = {
    {FLAT_FIELD("outcome", FIELD_NAME, suite_population_t, outcome), .text = "volume_ratio"},
    {FLAT_FIELD("unpaired", FIELD_BOOLEAN, suite_population_t, unpaired), .choice = booleans,
     .text = "false"},
};

static const field_t scenario_fields[] = {
    {FLAT_FIELD("name", FIELD_NAME, suite_scenario_t, name), .required = 1},
    {FLAT_FIELD("what", FIELD_TEXT, suite_scenario_t, what), .text = ""},
    {FLAT_FIELD("patient", FIELD_INTEGER, suite_scenario_t, patient), .low = 1, .high = 1e6,
     .optional = 1},
    {FLAT_FIELD("upgrade", FIELD_BOOLEAN, suite_scenario_t, upgrade), .choice = booleans,
     .text = "false"},
    {.path = "levels", .type = FIELD_LIST, .unit = "1"},
    {.path = "covers", .type = FIELD_LIST, .unit = "1"},
    {.path = "each", .type = FIELD_LIST, .unit = "1"},
    {.path = "config", .type = FIELD_LIST, .unit = "1", .required = 1},
};

const char *suite_level_name(suite_level_t level)
{
    return levels[level];
}

/* ---- lists of words --------------------------------------------------------------------------------------- */

/* The words of a list in brackets, one after another; NULL where something else stands there, which is reported. */
static const document_node_t *words_of(const making_t *m, const document_node_t *map,
                                       const char *shown, const char *key, const char *example)
{
    const document_node_t *list = document_entry(map, key, strlen(key));
    if (list == NULL || list->bad)
        return NULL;
    for (const document_node_t *n = list->first; n != NULL; n = n->next)
        if (n->kind != DOCUMENT_SCALAR)
            list = NULL;
    if (list != NULL && list->kind == DOCUMENT_LIST && list->first != NULL)
        return list->first;
    document_report(m->doc, DIAGNOSTIC_ERROR, document_entry(map, key, strlen(key))->place,
                    "%s.%s: write a list of words, as in [%s]", shown, key, example);
    return NULL;
}

static int level_of(const char *word)
{
    for (int i = 0; i < SUITE_LEVELS; i++)
        if (strcmp(levels[i], word) == 0)
            return i;
    return -1;
}

/* Without the key: everything of one patient. */
static void read_levels(const making_t *m, const document_node_t *map, const char *shown,
                        suite_scenario_t *to)
{
    const document_node_t *n = words_of(m, map, shown, "levels", "trace, device");
    if (document_entry(map, "levels", 6) == NULL)
        to->level[SUITE_TRACE] = to->level[SUITE_DEVICE] = to->level[SUITE_PATIENT] = 1;
    for (; n != NULL; n = n->next) {
        const int level = level_of(n->text);
        if (level < 0)
            document_report(m->doc, DIAGNOSTIC_ERROR, n->place,
                            "%s.levels: %.40s is none of trace, device, patient and population",
                            shown, n->text);
        else
            to->level[level] = 1;
    }
}

static int is_requirement(const char *word)
{
    return strncmp(word, "REQ-", 4) == 0 && strlen(word) < SUITE_REQUIREMENT_SIZE &&
           word[strspn(word, REQUIREMENT_CHARACTERS)] == '\0';
}

static void read_covers(const making_t *m, const document_node_t *map, const char *shown,
                        suite_scenario_t *to)
{
    const document_node_t *n = words_of(m, map, shown, "covers", "REQ-MODE-01");
    for (; n != NULL; n = n->next) {
        if (!is_requirement(n->text))
            document_report(m->doc, DIAGNOSTIC_ERROR, n->place,
                            "%s.covers: %.40s is no requirement; they are called as in REQ-MODE-01",
                            shown, n->text);
        else if (to->covers == SUITE_COVERS_MAX)
            document_report(m->doc, DIAGNOSTIC_ERROR, n->place, "%s.covers: names more than %d",
                            shown, SUITE_COVERS_MAX);
        else
            snprintf(to->requirement[to->covers++], SUITE_REQUIREMENT_SIZE, "%s", n->text);
    }
}

/* ---- scenarios -------------------------------------------------------------------------------------------- */

/* A scenario as it is written, before it is read as one or as many. */
typedef struct written_t {
    const document_node_t *node;
    const document_node_t *config; /* with its includes expanded */
    char shown[32];                /* "scenarios[3]" */
    suite_scenario_t base;         /* all but the study */
    matrix_t matrix;
} written_t;

/* What the files hold is read once, however many scenarios are made of it. */
static void expand(const making_t *m, document_node_t *config)
{
    document_node_t *root = m->doc->root;
    m->doc->root = config;
    include_expand_whole(m->doc);
    m->doc->root = root;
}

static void read_written(const making_t *m, const document_node_t *node, written_t *w)
{
    document_node_t *config = document_entry(node, "config", 6);
    flat_map_read(m->doc, m->units, node, w->shown, FLAT_MAP(scenario_fields), &w->base);
    read_levels(m, node, w->shown, &w->base);
    read_covers(m, node, w->shown, &w->base);
    matrix_read(&w->matrix, m->doc, node, w->shown, SUITE_SCENARIOS_MAX - m->s->scenarios);
    if (config != NULL && config->kind != DOCUMENT_MAP)
        document_report(m->doc, DIAGNOSTIC_ERROR, config->place,
                        "%s.config: write the keys of a study below it, indented", w->shown);
    else if (config != NULL)
        expand(m, config);
    w->config = config != NULL && config->kind == DOCUMENT_MAP ? config : NULL;
}

static void refuse_twin(const making_t *m, const written_t *w, size_t index)
{
    for (size_t k = 0; k < index; k++)
        if (strcmp(m->s->scenario[k].name, m->s->scenario[index].name) == 0)
            document_report(m->doc, DIAGNOSTIC_ERROR, w->node->place,
                            "%s.name: another scenario is called %s", w->shown,
                            m->s->scenario[k].name);
}

static int resets_by_software(const study_t *study)
{
    for (int64_t i = 0; i < study->n_events; i++)
        if (study->event[i].order == STUDY_ORDER_FAULT &&
            study->event[i].fault == STUDY_FAULT_RESET &&
            lround(study->event[i].severity) == RESET_BY_SOFTWARE)
            return 1;
    return 0;
}

/* Where nothing puts the candidate in the baseline's place, one core is held against itself. */
static void refuse_idle_upgrade(const making_t *m, const written_t *w, const suite_scenario_t *s)
{
    for (int64_t i = 0; i < s->study.arms.count; i++)
        if (!resets_by_software(study_arm(&s->study, i))) {
            document_report(m->doc, DIAGNOSTIC_ERROR, document_entry(w->node, "upgrade", 7)->place,
                            "%s.upgrade: events of %s have no reset by software at which the "
                            "candidate begins: {order: fault, fault: pump_reset, severity: %d}",
                            w->shown, s->name, RESET_BY_SOFTWARE);
            return;
        }
}

/* Scenario `index` of those that are written as one, the next of the suite. */
static int read_scenario(const making_t *m, const written_t *w, size_t index)
{
    const size_t errors = m->doc->diagnostics->errors;
    suite_scenario_t *to = &m->s->scenario[m->s->scenarios++];
    char name[STUDY_NAME_SIZE + 12];
    *to = w->base;
    if (!matrix_name(&w->matrix, m->doc, index, to->name))
        return 1;
    refuse_twin(m, w, m->s->scenarios - 1);
    document_node_t *config = matrix_config(&w->matrix, m->doc, w->config, index);
    snprintf(name, sizeof name, "scenario %s", to->name);
    const int complete = config != NULL && nested_study(m->doc, m->units, config, name, 0,
                                                        w->matrix.axes > 0, &to->study);
    if (to->patient > to->study.patients)
        document_report(m->doc, DIAGNOSTIC_ERROR, document_entry(w->node, "patient", 7)->place,
                        "%s.patient: %lld is above study.patients, %lld", w->shown,
                        (long long)to->patient, (long long)to->study.patients);
    if (to->upgrade && m->doc->diagnostics->errors == errors)
        refuse_idle_upgrade(m, w, to);
    return complete;
}

/* Where one of a matrix is wrong, so are the others, mostly in the same way: the first is told of. */
static int read_each(const making_t *m, const written_t *w)
{
    const size_t errors = m->doc->diagnostics->errors;
    const size_t wanted = m->s->scenarios + w->matrix.count;
    suite_scenario_t *more = realloc(m->s->scenario, (wanted + 1) * sizeof *more);
    if (more == NULL)
        return 0;
    m->s->scenario = more;
    for (size_t i = 0; i < w->matrix.count && m->doc->diagnostics->errors == errors; i++)
        if (!read_scenario(m, w, i))
            return 0;
    return 1;
}

static int read_scenarios(const making_t *m)
{
    size_t length, i = 0;
    document_node_t *list = flat_map_list(m->doc, "scenarios", SUITE_SCENARIOS_MAX, &length);
    if (list == NULL)
        return 1;
    for (document_node_t *n = list->first; n != NULL; n = n->next) {
        written_t w = {.node = n};
        snprintf(w.shown, sizeof w.shown, "scenarios[%zu]", i++);
        read_written(m, n, &w);
        if (w.config != NULL && !read_each(m, &w))
            return 0;
    }
    return 1;
}

/* ---- the file ----------------------------------------------------------------------------------------------- */

void suite_read_tolerance(document_t *doc, units_t *units, suite_tolerance_t *to)
{
    flat_map_section(doc, units, "tolerance", FLAT_MAP(tolerance_fields), to);
}

static int read_tree(void *to, document_t *doc, units_t *units)
{
    suite_t *s = to;
    const making_t m = {s, doc, units};
    flat_map_read(doc, units, doc->root, "the file", FLAT_MAP(section_fields), s);
    if (document_entry(doc->root, "suite", 5) != NULL)
        flat_map_section(doc, units, "suite", FLAT_MAP(head_fields), s);
    suite_read_tolerance(doc, units, &s->tolerance);
    flat_map_section(doc, units, "population", FLAT_MAP(population_fields), &s->population);
    return read_scenarios(&m) && !doc->out_of_memory;
}

int suite_load(suite_t *s, const char *path, diagnostic_t *d, error_t *e)
{
    memset(s, 0, sizeof *s);
    const int status = config_text_load(path, read_tree, s, d, e);
    if (status < 0)
        suite_free(s);
    return status;
}

void suite_first(suite_t *s, int64_t most)
{
    s->first = most;
    for (size_t i = 0; i < s->scenarios; i++) {
        study_t *study = &s->scenario[i].study;
        if (s->scenario[i].patient > 0 || study->patients <= most)
            continue;
        study->patients = most;
        for (int64_t k = 0; k < study->n_arm_studies; k++)
            if (study->arm[k].study != NULL)
                study->arm[k].study->patients = most;
    }
}

void suite_free(suite_t *s)
{
    for (size_t i = 0; i < s->scenarios; i++)
        study_free(&s->scenario[i].study);
    free(s->scenario);
    memset(s, 0, sizeof *s);
}
