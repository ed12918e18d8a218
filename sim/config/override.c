/* SPDX-License-Identifier: Apache-2.0 */
/* Replaces or adds the node that a `--set` names. */
#include "config/override.h"

#include <stdlib.h>
#include <string.h>

#include "config/encoding.h"
#include "config/tree.h"

static void append_entry(document_node_t *parent, document_node_t *node)
{
    document_node_t **end = &parent->first;
    while (*end != NULL)
        end = &(*end)->next;
    *end = node;
}

/* The value of a `--set` as a node; flow collections and quotes are YAML, all else is plain text. */
static document_node_t *override_value(document_t *doc, const char *text, diagnostic_place_t place)
{
    if (text[0] != '\0' && strchr("[{\"'", text[0]) != NULL)
        return tree_build(doc, text, strlen(text), place.source);
    document_node_t *node = document_new_node(doc, DOCUMENT_SCALAR, place);
    if (node != NULL)
        node->text = document_copy(doc, text, strlen(text));
    return node;
}

/* The child of `parent` that a step names, made if missing; NULL if the path does not fit the tree. */
static document_node_t *step_into(document_t *doc, document_node_t *parent, const char *key,
                                  size_t length, diagnostic_place_t place)
{
    document_node_t *node = document_entry(parent, key, length);
    if (node != NULL || parent->kind != DOCUMENT_MAP)
        return node;
    node = document_new_node(doc, DOCUMENT_MAP, place);
    if (node == NULL)
        return NULL;
    node->key = document_copy(doc, key, length);
    append_entry(parent, node);
    return node;
}

/* The node that a path names, sections on the way made where the file has none. */
static document_node_t *walk(document_t *doc, const char *path, diagnostic_place_t place)
{
    document_node_t *node = doc->root;
    while (node != NULL && path[0] != '\0') {
        size_t key_length;
        long index;
        size_t n = document_step(path, &key_length, &index);
        node = n > 0 ? step_into(doc, node, path, key_length, place) : NULL;
        if (node != NULL && index >= 0)
            node = document_item(node, index);
        path += n;
    }
    return node;
}

document_node_t *override_lay(document_t *doc, const char *path, const document_node_t *value,
                              diagnostic_place_t key_place)
{
    document_node_t *node = walk(doc, path, key_place);
    if (node == NULL)
        return NULL;
    char *old = node->text;
    node->kind = value->kind;
    node->quoted = value->quoted;
    node->bad = value->bad;
    node->first = value->first;
    node->place = value->place;
    node->key_place = key_place;
    node->text = value->text != NULL ? document_copy(doc, value->text, strlen(value->text)) : NULL;
    free(old);
    return node;
}

static void mark_own(document_node_t *node)
{
    node->own = 1;
    for (document_node_t *n = node->first; n != NULL; n = n->next)
        mark_own(n);
}

void override_entry(document_t *doc, const document_node_t *entry)
{
    document_node_t *node = NULL;
    if (strlen(entry->key) < DOCUMENT_PATH_SIZE)
        node = override_lay(doc, entry->key, entry, entry->key_place);
    if (node != NULL)
        mark_own(node);
    else if (!doc->out_of_memory)
        document_report(doc, DIAGNOSTIC_ERROR, entry->key_place,
                        "%.60s: there is no such place in the study", entry->key);
}

void override_apply(document_t *doc, size_t index)
{
    const char *text = doc->source->set[index].text;
    diagnostic_place_t place = {(int)index + 1, 1, 1};
    const char *equals = strchr(text, '=');
    char path[DOCUMENT_PATH_SIZE];
    size_t length = equals != NULL ? (size_t)(equals - text) : 0;
    if (length == 0 || length >= sizeof path || !encoding_is_one_line(text, strlen(text))) {
        document_report(doc, DIAGNOSTIC_ERROR, place, "write it as key=value, in UTF-8");
        return;
    }
    memcpy(path, text, length);
    path[length] = '\0';
    document_node_t *value = override_value(doc, equals + 1, place);
    if (value == NULL)
        return;
    value->place = place;
    if (override_lay(doc, path, value, place) == NULL)
        document_report(doc, DIAGNOSTIC_ERROR, place, "%.200s: there is no such place in the study",
                        path);
}
