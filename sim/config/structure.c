/* SPDX-License-Identifier: Apache-2.0 */
/* Walks the tree beside the field table. */
#include "config/structure.h"

#include <stdio.h>
#include <string.h>

#include "config/field.h"
#include "config/nearest.h"
#include "config/value.h"

/* Where the walk is: the path as the table writes it ("drugs[]") and as a message does ("drugs[1]"). */
typedef struct spot_t {
    char table[DOCUMENT_PATH_SIZE];
    char shown[DOCUMENT_PATH_SIZE];
} spot_t;

/* Copies the step of a row's path that follows `prefix`; 0 if the row is not below it. */
static int step_below(const char *path, const char *prefix, char *step, size_t size)
{
    size_t n = strlen(prefix);
    if (strncmp(path, prefix, n) != 0 || (n > 0 && path[n] != '.'))
        return 0;
    path += n + (n > 0);
    size_t length = strcspn(path, ".[");
    if (length >= size)
        return 0;
    memcpy(step, path, length);
    step[length] = '\0';
    return 1;
}

/* The key below `prefix` that is nearest to `key`, if one is close. */
static int nearest_sibling(const char *prefix, const char *key, char *best, size_t size)
{
    size_t n, distance = SIZE_MAX;
    const field_t *f = field_table(&n);
    for (size_t i = 0; i < n; i++) {
        char step[64];
        if (!step_below(f[i].path, prefix, step, sizeof step) || !nearest_is_close(key, step))
            continue;
        if (nearest_distance(key, step) < distance) {
            distance = nearest_distance(key, step);
            snprintf(best, size, "%s", step);
        }
    }
    return distance != SIZE_MAX;
}

/* The path of a field whose last step is `key`, anywhere in the table. */
static const char *same_key_elsewhere(const char *key)
{
    size_t n;
    const field_t *f = field_table(&n);
    for (size_t i = 0; i < n; i++) {
        const char *last = strrchr(f[i].path, '.');
        if (last != NULL && strcmp(last + 1, key) == 0)
            return f[i].path;
    }
    return NULL;
}

static void list_siblings(const char *prefix, char *out, size_t size)
{
    size_t n, used = 0;
    char previous[64] = "";
    const field_t *f = field_table(&n);
    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        char step[64];
        if (!step_below(f[i].path, prefix, step, sizeof step) || strcmp(step, previous) == 0)
            continue;
        int more = snprintf(out + used, size - used, "%s%s", used > 0 ? ", " : "", step);
        if (more < 0 || (size_t)more >= size - used) {
            snprintf(out + (used < size - 5 ? used : size - 5), 5, "%s", " ...");
            return;
        }
        used += (size_t)more;
        memcpy(previous, step, sizeof previous);
    }
}

static void report_unknown(const document_t *doc, const spot_t *parent, const document_node_t *node)
{
    char mend[220];
    const char *dot = parent->shown[0] != '\0' ? "." : "";
    const char *elsewhere = same_key_elsewhere(node->key);
    if (nearest_sibling(parent->table, node->key, mend, sizeof mend))
        document_report(doc, DIAGNOSTIC_ERROR, node->key_place,
                        "%s%s%.60s: unknown key; did you mean %s?", parent->shown, dot, node->key,
                        mend);
    else if (elsewhere != NULL)
        document_report(doc, DIAGNOSTIC_ERROR, node->key_place,
                        "%s%s%.60s: unknown key here; it belongs at %s", parent->shown, dot,
                        node->key, elsewhere);
    else {
        list_siblings(parent->table, mend, sizeof mend);
        document_report(doc, DIAGNOSTIC_ERROR, node->key_place,
                        "%s%s%.60s: unknown key; the keys here are %s", parent->shown, dot,
                        node->key, mend);
    }
}

static void refuse_kind(const document_t *doc, document_node_t *node, const char *shown,
                        const char *expected)
{
    static const char *const is[] = {"a single value", "a section of keys", "a list"};
    int empty = node->kind == DOCUMENT_SCALAR && node->text[0] == '\0' && !node->quoted;
    if (!node->bad)
        document_report(doc, DIAGNOSTIC_ERROR, node->place, "%s: is %s; write %s", shown,
                        empty ? "empty" : is[node->kind], expected);
    node->bad = 1;
}

static void visit_map(const document_t *doc, document_node_t *map, const spot_t *spot);

static void visit_list(const document_t *doc, document_node_t *list, const spot_t *spot)
{
    size_t i = 0;
    for (document_node_t *item = list->first; item != NULL; item = item->next, i++) {
        spot_t inside;
        snprintf(inside.table, sizeof inside.table, "%.200s[]", spot->table);
        snprintf(inside.shown, sizeof inside.shown, "%.200s[%zu]", spot->shown, i);
        if (item->kind == DOCUMENT_MAP)
            visit_map(doc, item, &inside);
        else
            refuse_kind(doc, item, inside.shown, "its keys, as \"- key: value\"");
    }
}

/* The items of study.arms: a name, or a mapping of `name` and `set`. */
static void visit_arms(const document_t *doc, document_node_t *list, const spot_t *spot)
{
    size_t i = 0;
    for (document_node_t *item = list->first; item != NULL; item = item->next, i++) {
        char shown[DOCUMENT_PATH_SIZE + 80];
        snprintf(shown, sizeof shown, "%.200s[%zu]", spot->shown, i);
        if (item->kind == DOCUMENT_LIST)
            refuse_kind(doc, item, shown, "a name, or {name: ..., set: {...}}");
        for (document_node_t *n = item->first; n != NULL && item->kind == DOCUMENT_MAP;
             n = n->next) {
            int set = strcmp(n->key, "set") == 0;
            snprintf(shown, sizeof shown, "%.200s[%zu].%.64s", spot->shown, i, n->key);
            if (!set && strcmp(n->key, "name") != 0)
                document_report(doc, DIAGNOSTIC_ERROR, n->key_place,
                                "%s: unknown key; the keys here are name, set", shown);
            else if (n->kind != (set ? DOCUMENT_MAP : DOCUMENT_SCALAR))
                refuse_kind(doc, n, shown, set ? "keys of the study, as {key: value}" : "a name");
        }
    }
}

static void visit_days(const document_t *doc, const document_node_t *list, const spot_t *spot)
{
    for (document_node_t *item = list->first; item != NULL; item = item->next)
        if (item->kind != DOCUMENT_SCALAR)
            refuse_kind(doc, item, spot->shown, "the name of a day");
}

/* A node whose path is a field's. */
static void visit_field(const document_t *doc, document_node_t *node, const spot_t *spot,
                        const field_t *f)
{
    int wants_list = f->type == FIELD_LIST || f->type == FIELD_NAMES;
    char expected[160];
    if (f->type == FIELD_DAYS && node->kind == DOCUMENT_LIST) {
        visit_days(doc, node, spot);
        return;
    }
    if (node->kind == (wants_list ? DOCUMENT_LIST : DOCUMENT_SCALAR)) {
        if (f->type == FIELD_LIST)
            visit_list(doc, node, spot);
        else if (wants_list)
            visit_arms(doc, node, spot);
        return;
    }
    value_expected(f, expected, sizeof expected);
    refuse_kind(doc, node, spot->shown, expected);
}

static void visit_entry(const document_t *doc, document_node_t *node, const spot_t *parent)
{
    spot_t spot;
    const char *dot = parent->table[0] != '\0' ? "." : "";
    int plain = strpbrk(node->key, ".[]") == NULL && strlen(node->key) < 64;
    snprintf(spot.table, sizeof spot.table, "%.180s%s%.64s", parent->table, dot, node->key);
    snprintf(spot.shown, sizeof spot.shown, "%.180s%s%.64s", parent->shown, dot, node->key);
    const field_t *f = plain ? field_find(spot.table) : NULL;
    if (f != NULL)
        visit_field(doc, node, &spot, f);
    else if (strcmp(node->key, "include") == 0)
        document_report(doc, DIAGNOSTIC_ERROR, node->key_place,
                        "%s: nothing is included here; a file may include keys of drugs[], pump, "
                        "therapy, clinic, catheter, body, population and record",
                        spot.shown);
    else if (!plain || !field_is_section(spot.table))
        report_unknown(doc, parent, node);
    else if (node->kind == DOCUMENT_MAP)
        visit_map(doc, node, &spot);
    else
        refuse_kind(doc, node, spot.shown, "its keys below it, indented");
}

static void visit_map(const document_t *doc, document_node_t *map, const spot_t *spot)
{
    for (document_node_t *node = map->first; node != NULL; node = node->next)
        visit_entry(doc, node, spot);
}

void structure_check(document_t *doc)
{
    spot_t top = {"", ""};
    visit_map(doc, doc->root, &top);
}
