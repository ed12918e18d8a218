/* SPDX-License-Identifier: Apache-2.0 */
/* Puts the rows of included lists in the place of the items that include them. */
#include "config/uncertain_list.h"

#include <string.h>

/* The list that an item has from a file and nothing beside it; NULL for a row of the study's own. */
static document_node_t *included_list(const document_node_t *item)
{
    document_node_t *entry = item->kind == DOCUMENT_MAP ? item->first : NULL;
    return entry != NULL && entry->next == NULL && strcmp(entry->key, "uncertain") == 0 &&
                   entry->kind == DOCUMENT_LIST
               ? entry
               : NULL;
}

static const document_node_t *key_of(const document_node_t *item)
{
    const document_node_t *key = document_entry(item, "key", 3);
    return key != NULL && key->kind == DOCUMENT_SCALAR ? key : NULL;
}

/* 1 if a row of the study's own has the key of `item`. */
static int is_given(const document_node_t *list, const document_node_t *item)
{
    const document_node_t *key = key_of(item);
    for (const document_node_t *own = list->first; own != NULL && key != NULL; own = own->next) {
        const document_node_t *other = included_list(own) == NULL ? key_of(own) : NULL;
        if (other != NULL && strcmp(other->text, key->text) == 0)
            return 1;
    }
    return 0;
}

/* Takes the rows that stand out of an included list. */
static void drop_given(const document_node_t *list, document_node_t *from)
{
    document_node_t **link = &from->first;
    while (*link != NULL) {
        if (is_given(list, *link))
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
}

void uncertain_list_join(document_t *doc)
{
    document_node_t *list = document_entry(doc->root, "uncertain", 9);
    if (list == NULL || list->kind != DOCUMENT_LIST)
        return;
    /* All rows of the study's own are there until the last included list is thinned. */
    for (document_node_t *item = list->first; item != NULL; item = item->next)
        if (included_list(item) != NULL)
            drop_given(list, included_list(item));
    document_node_t **link = &list->first;
    while (*link != NULL) {
        document_node_t *from = included_list(*link);
        if (from == NULL) {
            link = &(*link)->next;
            continue;
        }
        document_node_t *rest = (*link)->next;
        *link = from->first;
        while (*link != NULL)
            link = &(*link)->next;
        *link = rest;
    }
}
