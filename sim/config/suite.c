/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a regression suite. */
#include "config/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/document.h"
#include "config/nested.h"
#include "config/numeric.h"
#include "config/text_file.h"
#include "config/units.h"
#include "config/validation_map.h"

#define REQUIREMENT_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

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
    {.path = "name",
     .type = FIELD_NAME,
     .offset = offsetof(suite_t, name),
     .unit = "1",
     .required = 1},
    {.path = "title",
     .type = FIELD_TEXT,
     .offset = offsetof(suite_t, title),
     .unit = "1",
     .required = 1},
    {.path = "cpu",
     .type = FIELD_TIME,
     .offset = offsetof(suite_t, cpu_ms),
     .unit = "s",
     .value = 60,
     .low = 1,
     .high = 86400},
    {.path = "must_live",
     .type = FIELD_BOOLEAN,
     .offset = offsetof(suite_t, must_live),
     .unit = "1",
     .choice = booleans,
     .text = "false"},
};

static const field_t tolerance_fields[] = {
    {.path = "volume",
     .type = FIELD_QUANTITY,
     .offset = offsetof(suite_tolerance_t, volume),
     .unit = "1",
     .low = 0,
     .high = 1},
    {.path = "event",
     .type = FIELD_TIME,
     .offset = offsetof(suite_tolerance_t, event_ms),
     .unit = "s",
     .low = 0,
     .high = 86400},
    {.path = "exposure",
     .type = FIELD_QUANTITY,
     .offset = offsetof(suite_tolerance_t, exposure),
     .unit = "1",
     .low = 0,
     .high = 1},
    {.path = "tone",
     .type = FIELD_QUANTITY,
     .offset = offsetof(suite_tolerance_t, tone),
     .unit = "1",
     .low = 0,
     .high = 4},
};

static const field_t population_fields[] = {
    {.path = "outcome",
     .type = FIELD_NAME,
     .offset = offsetof(suite_population_t, outcome),
     .unit = "1",
     .text = "volume_ratio"},
    {.path = "unpaired",
     .type = FIELD_BOOLEAN,
     .offset = offsetof(suite_population_t, unpaired),
     .unit = "1",
     .choice = booleans,
     .text = "false"},
};

static const field_t scenario_fields[] = {
    {.path = "name",
     .type = FIELD_NAME,
     .offset = offsetof(suite_scenario_t, name),
     .unit = "1",
     .required = 1},
    {.path = "what",
     .type = FIELD_TEXT,
     .offset = offsetof(suite_scenario_t, what),
     .unit = "1",
     .text = ""},
    {.path = "patient",
     .type = FIELD_INTEGER,
     .offset = offsetof(suite_scenario_t, patient),
     .unit = "1",
     .low = 1,
     .high = 1e6,
     .optional = 1},
    {.path = "levels", .type = FIELD_LIST, .unit = "1"},
    {.path = "covers", .type = FIELD_LIST, .unit = "1"},
    {.path = "config", .type = FIELD_LIST, .unit = "1", .required = 1},
};

#define TABLE(rows)                                                                                \
    &(const validation_map_t)                                                                      \
    {                                                                                              \
        rows, sizeof rows / sizeof rows[0]                                                         \
    }

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

static int read_scenario(const making_t *m, document_node_t *node, const char *shown,
                         suite_scenario_t *to)
{
    document_node_t *config = document_entry(node, "config", 6);
    char name[STUDY_NAME_SIZE + 12];
    validation_map_read(m->doc, m->units, node, shown, TABLE(scenario_fields), to);
    read_levels(m, node, shown, to);
    read_covers(m, node, shown, to);
    if (config == NULL)
        return 1;
    if (config->kind != DOCUMENT_MAP) {
        document_report(m->doc, DIAGNOSTIC_ERROR, config->place,
                        "%s.config: write the keys of a study below it, indented", shown);
        return 1;
    }
    snprintf(name, sizeof name, "scenario %s", to->name);
    const int complete = nested_study(m->doc, m->units, config, name, 0, &to->study);
    if (to->patient > to->study.patients)
        document_report(m->doc, DIAGNOSTIC_ERROR, document_entry(node, "patient", 7)->place,
                        "%s.patient: %lld is above study.patients, %lld", shown,
                        (long long)to->patient, (long long)to->study.patients);
    return complete;
}

static void refuse_twin(const making_t *m, const document_node_t *node, size_t index)
{
    for (size_t k = 0; k < index; k++)
        if (strcmp(m->s->scenario[k].name, m->s->scenario[index].name) == 0)
            document_report(m->doc, DIAGNOSTIC_ERROR, node->place,
                            "scenarios[%zu].name: another scenario is called %s", index,
                            m->s->scenario[k].name);
}

static size_t length_of(const document_node_t *list)
{
    size_t length = 0;
    for (const document_node_t *n = list->first; n != NULL; n = n->next)
        length++;
    return length;
}

static int read_scenarios(const making_t *m, document_node_t *list)
{
    const size_t length = length_of(list);
    size_t i = 0;
    if (list->kind != DOCUMENT_LIST || length == 0 || length > SUITE_SCENARIOS_MAX) {
        document_report(m->doc, DIAGNOSTIC_ERROR, list->place,
                        "scenarios: write a list of 1 to %d, as \"- name: ...\"",
                        SUITE_SCENARIOS_MAX);
        return 1;
    }
    m->s->scenario = calloc(length, sizeof *m->s->scenario);
    if (m->s->scenario == NULL)
        return 0;
    for (document_node_t *n = list->first; n != NULL; n = n->next, i++) {
        char shown[32];
        snprintf(shown, sizeof shown, "scenarios[%zu]", i);
        m->s->scenarios = i + 1;
        if (n->kind != DOCUMENT_MAP)
            document_report(m->doc, DIAGNOSTIC_ERROR, n->place,
                            "%s: write its keys, as \"- name: ...\"", shown);
        else if (!read_scenario(m, n, shown, &m->s->scenario[i]))
            return 0;
        refuse_twin(m, n, i);
    }
    return 1;
}

/* ---- the file ----------------------------------------------------------------------------------------------- */

static void read_section(const making_t *m, const char *key, const validation_map_t *table,
                         void *base)
{
    const document_node_t *map = document_entry(m->doc->root, key, strlen(key));
    document_node_t *none = document_new_node(m->doc, DOCUMENT_MAP, m->doc->root->place);
    if (map != NULL && map->kind != DOCUMENT_MAP)
        document_report(m->doc, DIAGNOSTIC_ERROR, map->place,
                        "%s: write its keys below it, indented", key);
    else if (map != NULL || none != NULL) /* defaults where it is left out */
        validation_map_read(m->doc, m->units, map != NULL ? map : none, key, table, base);
}

static int read_document(const making_t *m)
{
    document_node_t *list = document_entry(m->doc->root, "scenarios", 9);
    validation_map_read(m->doc, m->units, m->doc->root, "the file", TABLE(section_fields), m->s);
    if (document_entry(m->doc->root, "suite", 5) != NULL)
        read_section(m, "suite", TABLE(head_fields), m->s);
    read_section(m, "tolerance", TABLE(tolerance_fields), &m->s->tolerance);
    read_section(m, "population", TABLE(population_fields), &m->s->population);
    return (list == NULL || read_scenarios(m, list)) && !m->doc->out_of_memory;
}

static int parse(suite_t *s, const study_source_t *source, diagnostic_t *d, error_t *e)
{
    document_t doc;
    units_t units;
    units_init(&units);
    const int tree = document_parse(&doc, source, d);
    const making_t m = {s, &doc, &units};
    const int complete = tree ? read_document(&m) : !doc.out_of_memory;
    int status = units_check(&units, e);
    if (status == 0 && (!complete || d->out_of_memory))
        status = ERROR_RAISE(e, ERROR_MEMORY, "no memory to read %s", source->name);
    if (status == 0 && d->errors > 0)
        status = ERROR_RAISE(e, ERROR_CONFIG, "%s: %zu error%s", source->name, d->errors,
                             d->errors == 1 ? "" : "s");
    document_free(&doc);
    units_free(&units);
    return status;
}

int suite_load(suite_t *s, const char *path, diagnostic_t *d, error_t *e)
{
    study_source_t source = {.name = path, .path = path};
    numeric_t numeric = {(locale_t)0, (locale_t)0};
    char *text = NULL;
    memset(s, 0, sizeof *s);
    int status = text_file_read(path, &text, &source.length, e);
    if (status == 0)
        status = numeric_enter(&numeric, e);
    if (status == 0) {
        source.text = text;
        diagnostic_file(d, path);
        status = parse(s, &source, d, e);
        numeric_leave(&numeric);
    }
    free(text);
    if (status < 0)
        suite_free(s);
    return status;
}

void suite_free(suite_t *s)
{
    for (size_t i = 0; i < s->scenarios; i++)
        study_free(&s->scenario[i].study);
    free(s->scenario);
    memset(s, 0, sizeof *s);
}
