/* SPDX-License-Identifier: Apache-2.0 */
/* Lays each arm's settings over a copy of the tree and reads that. */
#include "config/arms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/interpret.h"
#include "config/override.h"

/* One arm in the making. */
typedef struct making_t {
    document_t *doc;
    units_t *units;
    const char *name;
    const study_t *base;
} making_t;

/* 1 if the path is of something that all arms have in common. */
static int is_common(const char *path)
{
    size_t n = strlen(path);
    if (strncmp(path, "study", 5) == 0 && (path[5] == '\0' || path[5] == '.' || path[5] == '['))
        return 1;
    if (strncmp(path, "uncertain", 9) == 0 && (path[9] == '\0' || path[9] == '['))
        return 1;
    if (strncmp(path, "drugs", 5) != 0)
        return 0;
    return path[5] == '\0' || path[n - 1] == ']' || (n > 6 && strcmp(path + n - 6, "].name") == 0);
}

/* The uncertain key that a path names or is a section of; NULL if there is none. Whoever lays a section lays all its keys. */
static const char *uncertain_below(const study_t *base, const char *path)
{
    const size_t n = strlen(path);
    for (int64_t k = 0; k < base->n_uncertain; k++) {
        const char *key = base->uncertain[k].key;
        if (n > 0 && strncmp(key, path, n) == 0 && (key[n] == '\0' || key[n] == '.'))
            return key;
    }
    return NULL;
}

/* Lays one entry of a `set` over the tree. */
static void lay(const making_t *m, const document_node_t *entry)
{
    if (entry->bad)
        return;
    if (is_common(entry->key)) {
        document_report(m->doc, DIAGNOSTIC_ERROR, entry->key_place,
                        "%.60s: is the same in all arms; give it for the whole study", entry->key);
        return;
    }
    const char *uncertain = uncertain_below(m->base, entry->key);
    if (uncertain != NULL) {
        document_report(m->doc, DIAGNOSTIC_ERROR, entry->key_place,
                        "%.60s: sets %s, which is uncertain, and draws are the same in all arms; "
                        "take it off the list `uncertain`, or out of the arm",
                        entry->key, uncertain);
        return;
    }
    (void)override_entry(m->doc, entry);
}

static int read_arm(const making_t *m, const document_node_t *set, study_t *study)
{
    document_t *doc = m->doc;
    document_node_t *base = doc->root;
    diagnostic_t *outer = doc->diagnostics, own;
    char prefix[STUDY_NAME_SIZE + 8];
    diagnostic_init(&own);
    doc->root = document_clone(doc, base);
    doc->diagnostics = &own;
    int complete = doc->root != NULL;
    for (const document_node_t *n = set->first; n != NULL && complete; n = n->next)
        lay(m, n);
    complete = complete && !doc->out_of_memory && interpret_tree(study, doc, m->units, 1);
    snprintf(prefix, sizeof prefix, "arm %s: ", m->name);
    diagnostic_merge(outer, &own, prefix);
    diagnostic_free(&own);
    doc->diagnostics = outer;
    doc->root = base;
    return complete;
}

/* A scalar as it may stand in a flow mapping: plain where it was, so that numbers stay numbers. */
static void write_scalar(const char *text, int quoted, FILE *out)
{
    int plain = !quoted && strpbrk(text, ",[]{}#:\"'") == NULL;
    if (plain) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *c = text; *c != '\0'; c++)
        fprintf(out, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    fputc('"', out);
}

/* A frozen cohort goes by its name, wherever it lay: no folder of this machine is in a dataset. */
static const char *without_folder(const char *section, const document_node_t *node)
{
    const int is_cohort =
        node->key != NULL && (strcmp(node->key, "population.cohort") == 0 ||
                              (section != NULL && strcmp(section, "population") == 0 &&
                               strcmp(node->key, "cohort") == 0));
    const char *slash = is_cohort ? strrchr(node->text, '/') : NULL;
    return slash != NULL ? slash + 1 : node->text;
}

static void write_node(const char *section, const document_node_t *node, FILE *out)
{
    if (node->kind == DOCUMENT_SCALAR) {
        write_scalar(without_folder(section, node), node->quoted, out);
        return;
    }
    fputc(node->kind == DOCUMENT_MAP ? '{' : '[', out);
    for (const document_node_t *n = node->first; n != NULL; n = n->next) {
        if (n->key != NULL)
            fprintf(out, "\"%s\": ", n->key);
        write_node(node->key, n, out);
        if (n->next != NULL)
            fputs(", ", out);
    }
    fputc(node->kind == DOCUMENT_MAP ? '}' : ']', out);
}

static char *text_of(const document_node_t *set)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (out == NULL)
        return NULL;
    write_node(NULL, set, out);
    int failed = ferror(out);
    if (fclose(out) == 0 && !failed)
        return text;
    free(text);
    return NULL;
}

static int make_arm(const making_t *m, const document_node_t *set, study_arm_t *arm)
{
    arm->set = text_of(set);
    arm->study = calloc(1, sizeof *arm->study);
    return arm->set != NULL && arm->study != NULL && read_arm(m, set, arm->study);
}

int arms_read(study_t *s, document_t *doc, units_t *units)
{
    const document_node_t *list = document_find(doc->root, "study.arms", NULL);
    int complete = 1;
    s->arm = calloc(STUDY_ARMS_MAX, sizeof *s->arm);
    if (s->arm == NULL)
        return 0;
    s->n_arm_studies = s->arms.count;
    for (int64_t i = 0; i < s->arms.count && complete; i++) {
        making_t m = {doc, units, s->arms.name[i], s};
        const document_node_t *set = document_entry(document_item(list, i), "set", 3);
        if (set != NULL && set->kind == DOCUMENT_MAP && set->first != NULL)
            complete = make_arm(&m, set, &s->arm[i]);
    }
    return complete;
}
