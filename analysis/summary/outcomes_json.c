/* SPDX-License-Identifier: Apache-2.0 */
/* Makes JSON of outcomes and their differences. */
#include "summary/outcomes_json.h"

#include "summary/comparison.h"
#include "summary/node.h"

static void add_arm(json_t *object, const char *key, const provenance_t *p, int32_t arm,
                    int *failed)
{
    const char *name = (size_t)arm < p->arms.count ? p->arms.name[arm] : "";
    node_add(object, key, node_text(name), failed);
}

static json_t *estimate(const comparison_estimate_t *q, int *failed)
{
    json_t *object = json_object();
    node_add(object, "n", node_count(q->spread.n), failed);
    node_add(object, "mean", node_number(q->spread.mean), failed);
    node_add_interval(object, "mean", q->ci, failed);
    node_add(object, "median", node_number(q->spread.median), failed);
    node_add_interval(object, "median", q->spread.median_ci, failed);
    node_add(object, "min", node_number(q->spread.low), failed);
    node_add(object, "max", node_number(q->spread.high), failed);
    return object;
}

static json_t *pair_of(const comparison_pair_t *q, int *failed)
{
    json_t *object = json_object();
    node_add(object, "pairs", node_count(q->n), failed);
    node_add(object, "first", node_number(q->first), failed);
    node_add(object, "second", node_number(q->second), failed);
    node_add(object, "difference", node_number(q->difference), failed);
    node_add_interval(object, "difference", q->ci, failed);
    node_add(object, "correlation", node_number(q->correlation), failed);
    return object;
}

static int append_arm(json_t *array, const outcomes_t *o, int32_t arm, int *failed, error_t *e)
{
    comparison_estimate_t q[OUTCOMES_COUNT];
    json_t *object = json_object();
    const int rc = comparison_arm(o, arm, q, e);
    add_arm(object, "arm", o->provenance, arm, failed);
    for (int i = 0; rc == 0 && i < OUTCOMES_COUNT; i++) {
        if (q[i].spread.n > 0) {
            const outcomes_row_t row = outcomes_row((enum outcomes_id)i);
            json_t *one = estimate(&q[i], failed);
            if (o->cohort > 0) {
                node_add(one, "cohort_of", node_count(o->cohort), failed);
                node_add_interval(one, "cohort", comparison_cohort(&q[i], row.kind, o->cohort),
                                  failed);
            }
            node_add(object, row.key, one, failed);
        }
    }
    node_append(array, object, failed);
    return rc;
}

static int append_pairs(json_t *array, const outcomes_t *const o[2], const int32_t arm[2],
                        int *failed, error_t *e)
{
    comparison_pair_t q[OUTCOMES_COUNT];
    json_t *object = json_object();
    const int rc = comparison_pairs(o[0], arm[0], o[1], arm[1], q, e);
    add_arm(object, "arm", o[1]->provenance, arm[1], failed);
    add_arm(object, "less_arm", o[0]->provenance, arm[0], failed);
    for (int i = 0; rc == 0 && i < OUTCOMES_COUNT; i++) {
        if (q[i].n > 0) {
            node_add(object, outcomes_row((enum outcomes_id)i).key, pair_of(&q[i], failed), failed);
        }
    }
    node_append(array, object, failed);
    return rc;
}

int outcomes_json(const outcomes_t *o, json_t **object, error_t *e)
{
    const int32_t arms = (int32_t)o->provenance->arms.count;
    const outcomes_t *const both[2] = {o, o};
    json_t *single = json_array();
    json_t *paired = json_array();
    int failed = 0;
    int rc = 0;
    for (int32_t arm = 0; rc == 0 && arm < arms; arm++) {
        rc = append_arm(single, o, arm, &failed, e);
    }
    for (int32_t arm = 1; rc == 0 && arm < arms; arm++) {
        const int32_t of[2] = {0, arm};
        rc = append_pairs(paired, both, of, &failed, e);
    }
    *object = json_object();
    node_add(*object, "arms", single, &failed);
    node_add(*object, "paired", paired, &failed);
    if (rc == 0 && failed) {
        rc = ERROR_RAISE(e, ERROR_MEMORY, "no memory, or text that is not UTF-8, in the outcomes");
    }
    if (rc < 0) {
        json_decref(*object);
        *object = NULL;
    }
    return rc;
}

int outcomes_json_compare(const outcomes_t *first, const outcomes_t *second, FILE *out, error_t *e)
{
    const outcomes_t *const both[2] = {first, second};
    json_t *array = NULL;
    int failed = 0;
    int rc = comparison_check(first->provenance, second->provenance, e);
    if (rc < 0) {
        return rc;
    }
    array = json_array();
    for (int32_t arm = 0; rc == 0 && (size_t)arm < first->provenance->arms.count; arm++) {
        const int32_t of[2] = {arm, arm};
        rc = append_pairs(array, both, of, &failed, e);
    }
    if (rc < 0) {
        json_decref(array);
        return rc;
    }
    return node_print(array, failed, "the comparison", out, e);
}
