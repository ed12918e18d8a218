/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios that are written once for every combination of settings. */
#include "config/matrix.h"

#include <stdio.h>
#include <string.h>

#include "config/override.h"
#include "config/value.h"

/* A mapping with anything in it, of mappings. */
static int is_axis(const document_node_t *node)
{
    int good = node->kind == DOCUMENT_MAP && node->first != NULL;
    for (const document_node_t *n = node->first; n != NULL && good; n = n->next)
        good = n->kind == DOCUMENT_MAP;
    return good;
}

static void add_axis(matrix_t *m, const document_node_t *axis, size_t most)
{
    size_t length = 0;
    for (const document_node_t *n = axis->first; n != NULL; n = n->next)
        length++;
    m->axis[m->axes] = axis;
    m->length[m->axes++] = length;
    m->count = length > most / m->count ? most + 1 : m->count * length;
}

void matrix_read(matrix_t *m, const document_t *doc, const document_node_t *scenario,
                 const char *shown, size_t most)
{
    const document_node_t *each = document_entry(scenario, "each", 4);
    *m = (matrix_t){.count = 1};
    if (each == NULL)
        return;
    int good = is_axis(each);
    for (const document_node_t *n = each->first; n != NULL && good && m->count <= most; n = n->next)
        if ((good = is_axis(n) && m->axes < MATRIX_AXES_MAX) != 0)
            add_axis(m, n, most);
    if (good && m->count <= most)
        return;
    if (!good && !each->bad)
        document_report(
            doc, DIAGNOSTIC_ERROR, each->place,
            "%s.each: write up to %d axes, each with its named settings, as in {mode: {simple: "
            "{therapy.dose: 300 ug/day}, none: {therapy.mode: stopped}}}",
            shown, MATRIX_AXES_MAX);
    else if (good)
        document_report(doc, DIAGNOSTIC_ERROR, each->place,
                        "%s.each: stands for more than the %zu scenarios that are left", shown,
                        most);
    m->count = 0;
}

/* The named settings of one axis in scenario `index`: the last axis changes first. */
static const document_node_t *settings(const matrix_t *m, size_t axis, size_t index)
{
    for (size_t k = m->axes - 1; k > axis; k--)
        index /= m->length[k];
    index %= m->length[axis];
    const document_node_t *n = m->axis[axis]->first;
    while (index-- > 0)
        n = n->next;
    return n;
}

int matrix_name(const matrix_t *m, const document_t *doc, size_t index, char *name)
{
    static const field_t field = {.path = "name", .type = FIELD_NAME, .unit = "1"};
    char whole[STUDY_NAME_SIZE + MATRIX_AXES_MAX * STUDY_NAME_SIZE], why[VALUE_WHY_SIZE];
    const document_node_t *n = NULL;
    snprintf(whole, sizeof whole, "%s", name);
    for (size_t k = 0; k < m->axes; k++) {
        const size_t own = strlen(whole);
        n = settings(m, k, index);
        snprintf(whole + own, sizeof whole - own, "-%.*s", STUDY_NAME_SIZE - 2, n->key);
    }
    if (n == NULL || value_read(&field, whole, 0, NULL, name, why))
        return 1;
    document_report(doc, DIAGNOSTIC_ERROR, n->key_place, "%s", why);
    return 0;
}

document_node_t *matrix_config(const matrix_t *m, document_t *doc, const document_node_t *config,
                               size_t index)
{
    document_node_t *outer = doc->root, *root = document_clone(doc, config);
    doc->root = root;
    for (size_t k = 0; k < m->axes && root != NULL; k++)
        for (const document_node_t *n = settings(m, k, index)->first; n != NULL; n = n->next) {
            const document_node_t *own = document_clone(doc, n); /* scenarios share no node */
            if (own != NULL)
                override_entry(doc, own);
        }
    doc->root = outer;
    return doc->out_of_memory ? NULL : root;
}
