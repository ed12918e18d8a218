/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a study inside another config file. */
#include "config/nested.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/arms.h"
#include "config/include.h"
#include "config/interpret.h"

/* Another number takes the place of the file's, where it has one. */
static void set_patients(document_t *doc, int64_t patients)
{
    document_node_t *node = document_find(doc->root, "study.patients", NULL);
    char text[24];
    const int n = snprintf(text, sizeof text, "%lld", (long long)patients);
    if (patients < 1 || node == NULL || node->kind != DOCUMENT_SCALAR)
        return;
    free(node->text);
    node->text = document_copy(doc, text, (size_t)n);
}

/* Who reads nested studies does not open cohorts. */
static void refuse_cohort(const document_t *doc, const document_node_t *node, const study_t *s)
{
    for (int64_t i = 0; i < s->arms.count; i++)
        if (study_arm(s, i)->cohort.file[0] != '\0')
            document_report(doc, DIAGNOSTIC_ERROR, node->place,
                            "population.cohort: is for a study in a file of its own; here people "
                            "are drawn");
}

/* Whoever reads studies inside of other files lives none but their own values. */
static void refuse_draws(const document_t *doc, const study_t *s)
{
    const document_node_t *node = document_find(doc->root, "study.parameter_draws", NULL);
    if (node != NULL && s->parameter_draws > 0)
        document_report(doc, DIAGNOSTIC_ERROR, node->place,
                        "study.parameter_draws: only a study in a file of its own has draws; "
                        "remove it");
}

int nested_study(document_t *doc, units_t *units, document_node_t *node, const char *name,
                 int64_t patients, int laid, study_t *s)
{
    document_node_t *root = doc->root;
    diagnostic_t *outer = doc->diagnostics, own;
    char prefix[2 * STUDY_NAME_SIZE];
    doc->root = node;
    include_expand(doc);
    set_patients(doc, patients);
    diagnostic_init(&own);
    doc->diagnostics = &own;
    const int complete =
        !doc->out_of_memory && interpret_tree(s, doc, units, laid) && arms_read(s, doc, units);
    if (complete && own.errors == 0)
        refuse_cohort(doc, node, s);
    refuse_draws(doc, s);
    s->warnings = complete ? diagnostic_warnings(&own) : NULL;
    snprintf(prefix, sizeof prefix, "%.100s: ", name);
    diagnostic_merge(outer, &own, prefix);
    diagnostic_free(&own);
    doc->diagnostics = outer;
    doc->root = root;
    return complete && s->warnings != NULL;
}
