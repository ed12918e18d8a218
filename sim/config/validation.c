/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a validation: its runs, each a study, and its rows. */
#include "config/validation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_text.h"
#include "config/document.h"
#include "config/nested.h"
#include "config/units.h"
#include "config/flat_map.h"
#include "config/validation_row.h"

/* A reading in progress. */
typedef struct making_t {
    validation_t *v;
    const validation_options_t *options;
    document_t *doc;
    units_t *units;
} making_t;

/* What the reader of the tree is handed. */
typedef struct loading_t {
    validation_t *v;
    const validation_options_t *options;
} loading_t;

static const field_t head_fields[] = {
    {FLAT_FIELD("name", FIELD_NAME, validation_t, name), .required = 1},
    {FLAT_FIELD("title", FIELD_TEXT, validation_t, title), .required = 1},
};

static const field_t run_fields[] = {
    {FLAT_FIELD("name", FIELD_NAME, validation_run_t, name), .required = 1},
    {FLAT_FIELD("quick", FIELD_INTEGER, validation_run_t, quick), .low = 1, .high = 1e6,
     .required = 1},
    {.path = "config", .type = FIELD_LIST, .unit = "1", .required = 1},
};

static const field_t section_fields[] = {
    {.path = "validation", .type = FIELD_LIST, .unit = "1", .required = 1},
    {.path = "runs", .type = FIELD_LIST, .unit = "1", .required = 1},
    {.path = "observed", .type = FIELD_LIST, .unit = "1", .required = 1},
};

/* ---- what a run may say ------------------------------------------------------------------------------- */

/* People are not parameters: who they were is part of what was published. */
static int is_of_people(const char *path)
{
    static const char *const people[] = {"population.share_", "population.female_share_",
                                         "population.age_"};
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++)
        if (strncmp(path, people[i], strlen(people[i])) == 0)
            return 1;
    return 0;
}

static void refuse_parameter(const document_t *doc, const document_node_t *node, const char *path)
{
    const field_t *f = field_find(path);
    if (strcmp(node->key != NULL ? node->key : "", "include") == 0 &&
        node->kind == DOCUMENT_SCALAR && strchr(node->text, '/') == NULL)
        document_report(doc, DIAGNOSTIC_ERROR, node->place,
                        "%s: %.100s lies beside the validation; include files of devices/, drugs/, "
                        "populations/ or clinics/, which studies share",
                        path, node->text);
    if (f != NULL && f->model && !is_of_people(path))
        document_report(doc, DIAGNOSTIC_ERROR, node->key_place,
                        "%s: is a parameter of a model; a validation states protocol, people and N "
                        "only, and which device or drug it was by including its file",
                        path);
}

/* The path of an arm's setting, as the table of fields has it: without the numbers of items. */
static void plain_path(const char *key, char *out, size_t size)
{
    size_t used = 0;
    for (; *key != '\0' && used + 1 < size; key++)
        if (*key < '0' || *key > '9' || used == 0 || out[used - 1] != '[')
            out[used++] = *key;
    out[used] = '\0';
}

static void refuse_parameters(const document_t *doc, const document_node_t *node, const char *path)
{
    char inside[DOCUMENT_PATH_SIZE];
    for (const document_node_t *n = node->first; n != NULL; n = n->next) {
        if (n->key == NULL)
            snprintf(inside, sizeof inside, "%.200s[]", path);
        else if (strcmp(path, "study.arms[].set") == 0)
            plain_path(n->key, inside, sizeof inside);
        else
            snprintf(inside, sizeof inside, "%.180s%s%.64s", path, path[0] != '\0' ? "." : "",
                     n->key);
        /* "[]" of a list is written once: "drugs" and its item are "drugs[]". */
        refuse_parameter(doc, n, inside);
        refuse_parameters(doc, n, inside);
    }
}

/* ---- runs --------------------------------------------------------------------------------------------- */

/* The pool of a quick run takes the place of the file's. */
static int read_study(const making_t *m, document_node_t *config, validation_run_t *run)
{
    char name[STUDY_NAME_SIZE + 8];
    snprintf(name, sizeof name, "run %s", run->name);
    refuse_parameters(m->doc, config, "");
    return nested_study(m->doc, m->units, config, name, m->options->quick ? run->quick : 0, 0,
                        &run->study);
}

static int read_run(const making_t *m, document_node_t *node, const char *shown,
                    validation_run_t *run)
{
    document_node_t *config = document_entry(node, "config", 6);
    flat_map_read(m->doc, m->units, node, shown, FLAT_MAP(run_fields), run);
    if (config == NULL)
        return 1;
    if (config->kind != DOCUMENT_MAP) {
        document_report(m->doc, DIAGNOSTIC_ERROR, config->place,
                        "%s.config: write the keys of a study below it, indented", shown);
        return 1;
    }
    return read_study(m, config, run);
}

/* ---- lists -------------------------------------------------------------------------------------------- */

static int read_runs(const making_t *m)
{
    size_t length, i = 0;
    document_node_t *list = flat_map_list(m->doc, "runs", VALIDATION_RUNS_MAX, &length);
    if (list == NULL)
        return 1;
    m->v->run = calloc(length, sizeof *m->v->run);
    if (m->v->run == NULL)
        return 0;
    for (document_node_t *n = list->first; n != NULL; n = n->next, i++) {
        char shown[32];
        snprintf(shown, sizeof shown, "runs[%zu]", i);
        m->v->runs = i + 1;
        if (!read_run(m, n, shown, &m->v->run[i]))
            return 0;
        for (size_t k = 0; k < i; k++)
            if (strcmp(m->v->run[k].name, m->v->run[i].name) == 0)
                document_report(m->doc, DIAGNOSTIC_ERROR, n->place,
                                "%s.name: another run is called %s", shown, m->v->run[k].name);
    }
    return 1;
}

static int read_rows(const making_t *m)
{
    size_t length, i = 0;
    document_node_t *list = flat_map_list(m->doc, "observed", VALIDATION_ROWS_MAX, &length);
    if (list == NULL)
        return 1;
    m->v->row = calloc(length, sizeof *m->v->row);
    if (m->v->row == NULL)
        return 0;
    for (document_node_t *n = list->first; n != NULL; n = n->next, i++) {
        char shown[32];
        snprintf(shown, sizeof shown, "observed[%zu]", i);
        m->v->rows = i + 1;
        validation_row_read(m->doc, m->units, n, shown, m->v, m->options, &m->v->row[i]);
        for (size_t k = 0; k < i; k++)
            if (strcmp(m->v->row[k].id, m->v->row[i].id) == 0)
                document_report(m->doc, DIAGNOSTIC_ERROR, n->place,
                                "%s.id: another row is called %.60s", shown, m->v->row[k].id);
    }
    return 1;
}

/* ---- the file ----------------------------------------------------------------------------------------- */

/* The keys at the top are sections, whose names alone are read here. */
static int read_tree(void *to, document_t *doc, units_t *units)
{
    const loading_t *l = to;
    const making_t m = {l->v, l->options, doc, units};
    flat_map_read(doc, units, doc->root, "the file", FLAT_MAP(section_fields), m.v);
    if (document_entry(doc->root, "validation", 10) != NULL)
        flat_map_section(doc, units, "validation", FLAT_MAP(head_fields), m.v);
    return read_runs(&m) && read_rows(&m) && !doc->out_of_memory;
}

int validation_load(validation_t *v, const char *path, const validation_options_t *options,
                    diagnostic_t *d, error_t *e)
{
    loading_t l = {v, options};
    memset(v, 0, sizeof *v);
    const int status = config_text_load(path, read_tree, &l, d, e);
    if (status < 0)
        validation_free(v);
    return status;
}

void validation_free(validation_t *v)
{
    for (size_t i = 0; i < v->runs; i++)
        study_free(&v->run[i].study);
    free(v->run);
    free(v->row);
    memset(v, 0, sizeof *v);
}
