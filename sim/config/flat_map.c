/* SPDX-License-Identifier: Apache-2.0 */
/* Reads one mapping key by key. */
#include "config/flat_map.h"

#include <stdio.h>
#include <string.h>

#include "config/nearest.h"
#include "config/value.h"

static const field_t *find(const flat_map_t *table, const char *key)
{
    for (size_t i = 0; i < table->fields; i++)
        if (strcmp(table->field[i].path, key) == 0)
            return &table->field[i];
    return NULL;
}

static void report_unknown(const document_t *doc, const document_node_t *node, const char *shown,
                           const flat_map_t *table)
{
    const char *best = NULL;
    char keys[220] = "";
    for (size_t i = 0; i < table->fields; i++) {
        const char *path = table->field[i].path;
        if (nearest_is_close(node->key, path) &&
            (best == NULL || nearest_distance(node->key, path) < nearest_distance(node->key, best)))
            best = path;
        snprintf(keys + strlen(keys), sizeof keys - strlen(keys), "%s%s", i > 0 ? ", " : "", path);
    }
    if (best != NULL)
        document_report(doc, DIAGNOSTIC_ERROR, node->key_place,
                        "%s.%.60s: unknown key; did you mean %s?", shown, node->key, best);
    else
        document_report(doc, DIAGNOSTIC_ERROR, node->key_place,
                        "%s.%.60s: unknown key; the keys here are %s", shown, node->key, keys);
}

static void read_present(const document_t *doc, units_t *units, const document_node_t *node,
                         const char *shown, const field_t *f, void *base)
{
    char why[VALUE_WHY_SIZE], expected[160];
    if (f->type == FIELD_LIST || node->bad)
        return;
    value_expected(f, expected, sizeof expected);
    if (node->kind != DOCUMENT_SCALAR)
        document_report(doc, DIAGNOSTIC_ERROR, node->place, "%s.%s: write %s", shown, f->path,
                        expected);
    else if (!value_read(f, node->text, node->quoted, units, (char *)base + f->offset, why))
        document_report(doc, DIAGNOSTIC_ERROR, node->place, "%s.%s: %s", shown, f->path, why);
}

static void read_absent(const document_t *doc, const document_node_t *map, const char *shown,
                        const field_t *f, void *base)
{
    char expected[160] = "a list";
    if (f->required) {
        if (f->type != FIELD_LIST)
            value_expected(f, expected, sizeof expected);
        document_report(doc, DIAGNOSTIC_ERROR, map->place, "%s.%s: is required; write %s", shown,
                        f->path, expected);
    } else if (f->type != FIELD_LIST && !f->optional)
        value_default(f, (char *)base + f->offset);
}

void flat_map_read(const document_t *doc, units_t *units, const document_node_t *map,
                   const char *shown, const flat_map_t *table, void *base)
{
    for (const document_node_t *n = map->first; n != NULL; n = n->next)
        if (find(table, n->key) == NULL)
            report_unknown(doc, n, shown, table);
    for (size_t i = 0; i < table->fields; i++) {
        const field_t *f = &table->field[i];
        const document_node_t *node = document_entry(map, f->path, strlen(f->path));
        if (node != NULL)
            read_present(doc, units, node, shown, f, base);
        else
            read_absent(doc, map, shown, f, base);
    }
}

void flat_map_section(document_t *doc, units_t *units, const char *key, const flat_map_t *table,
                      void *base)
{
    const document_node_t *map = document_entry(doc->root, key, strlen(key));
    const document_node_t *none = document_new_node(doc, DOCUMENT_MAP, doc->root->place);
    if (map != NULL && map->kind != DOCUMENT_MAP)
        document_report(doc, DIAGNOSTIC_ERROR, map->place, "%s: write its keys below it, indented",
                        key);
    else if (map != NULL || none != NULL)
        flat_map_read(doc, units, map != NULL ? map : none, key, table, base);
}

document_node_t *flat_map_list(const document_t *doc, const char *key, size_t most, size_t *length)
{
    document_node_t *list = document_entry(doc->root, key, strlen(key));
    *length = 0;
    if (list == NULL)
        return NULL;
    if (list->kind != DOCUMENT_LIST || list->first == NULL) {
        document_report(doc, DIAGNOSTIC_ERROR, list->place, "%s: write a list, as \"- name: ...\"",
                        key);
        return NULL;
    }
    for (const document_node_t *n = list->first; n != NULL; n = n->next) {
        if (n->kind != DOCUMENT_MAP) {
            document_report(doc, DIAGNOSTIC_ERROR, n->place,
                            "%s[%zu]: write its keys, as \"- name: "
                            "...\"",
                            key, *length);
            return NULL;
        }
        if (++*length > most) {
            document_report(doc, DIAGNOSTIC_ERROR, n->place, "%s: has more than %zu items", key,
                            most);
            return NULL;
        }
    }
    return list;
}
