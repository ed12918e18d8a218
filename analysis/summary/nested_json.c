/* SPDX-License-Identifier: Apache-2.0 */
/* Makes JSON of parameter uncertainty. */
#include "summary/nested_json.h"

#include "summary/node.h"

static json_t *row_of(const nested_row_t *row, int *failed)
{
    const nested_t *t = &row->draws;
    json_t *object = json_object();
    node_add(object, "central", node_number(row->central), failed);
    node_add(object, "draws", node_count(t->draws), failed);
    node_add(object, "n_each", node_count(t->n), failed);
    node_add(object, "mean_of_draws", node_number(t->mean), failed);
    node_add(object, "state", node_text(nested_state_name(t->state)), failed);
    node_add_interval(object, "parameters", t->ci, failed);
    node_add(object, "sd_parameters", node_number(t->sd_parameters), failed);
    node_add(object, "sd_parameters_at_most", node_number(t->sd_at_most), failed);
    node_add(object, "sd_monte_carlo_each", node_number(t->sd_monte_carlo), failed);
    return object;
}

static json_t *outcomes(const nested_row_t row[OUTCOMES_COUNT], int *failed)
{
    json_t *object = json_object();
    for (int i = 0; i < OUTCOMES_COUNT; i++) {
        if (row[i].n > 0 || row[i].draws.draws > 0) {
            node_add(object, outcomes_row((enum outcomes_id)i).key, row_of(&row[i], failed),
                     failed);
        }
    }
    return object;
}

/* Rows of a curve with the moment of each. */
static json_t *curve(const nested_row_t *row, size_t n, const char *key, const double *moment,
                     int *failed)
{
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *object = row_of(&row[i], failed);
        node_add(object, key, node_number(moment != NULL ? moment[i] : (double)i + 1.0), failed);
        node_append(array, object, failed);
    }
    return array;
}

static json_t *quantities(const nested_arm_t *arm, int *failed)
{
    json_t *object = json_object();
    for (int i = 0; i < NESTED_QUANTITIES; i++) {
        const nested_quantity_t what = nested_study_quantity((enum nested_study_quantity)i);
        json_t *one = row_of(&arm->quantity[i], failed);
        node_add(one, "of", node_text(what.is_median ? "median" : "mean"), failed);
        node_add(object, what.key, one, failed);
    }
    return object;
}

static json_t *pumps(const nested_arm_t *arm, int *failed)
{
    json_t *object = json_object(), *causes = json_object();
    node_add(object, "in_place", curve(arm->left, LIVES_YEARS, "year", NULL, failed), failed);
    for (size_t i = 0; i < arm->causes; i++) {
        node_add(causes, fields_choice_name(FIELDS_TYPE_REASON, arm->cause[i]),
                 curve(arm->ended[i], LIVES_YEARS, "year", NULL, failed), failed);
    }
    node_add(object, "ended_by", causes, failed);
    return object;
}

static json_t *events(const nested_study_t *n, const nested_arm_t *arm, int *failed)
{
    json_t *object = json_object();
    for (int i = 0; i < OCCURRENCE_COUNT; i++) {
        json_t *one = json_object();
        node_add(one, "per_patient_year", row_of(&arm->rate[i], failed), failed);
        node_add(one, "share_by_day", curve(arm->first[i], NESTED_DAYS, "day", n->day, failed),
                 failed);
        node_add(object, occurrence_name((enum occurrence_id)i), one, failed);
    }
    return object;
}

static json_t *arm_of(const nested_study_t *n, size_t arm, const provenance_t *p, int *failed)
{
    const nested_arm_t *of = &n->arm[arm];
    json_t *object = json_object(), *target = json_array();
    node_add(object, "arm", node_text(p->arms.name[arm]), failed);
    node_add(object, "outcomes", outcomes(of->outcome, failed), failed);
    node_add(object, "quantities", quantities(of, failed), failed);
    for (size_t w = 0; w < n->windows; w++) {
        node_append(target, row_of(&of->target[w], failed), failed);
    }
    node_add(object, "time_in_target", target, failed);
    node_add(object, "events", events(n, of, failed), failed);
    node_add(object, "pump_lives", pumps(of, failed), failed);
    return object;
}

void nested_json_add(json_t *root, const nested_study_t *n, const provenance_t *p, int *failed)
{
    json_t *object, *arms, *paired;
    if (n->draws == 0) {
        return;
    }
    object = json_object();
    arms = json_array();
    paired = json_array();
    for (size_t arm = 0; arm < n->arms; arm++) {
        node_append(arms, arm_of(n, arm, p, failed), failed);
    }
    for (size_t arm = 1; arm < n->arms; arm++) {
        json_t *one = json_object();
        node_add(one, "arm", node_text(p->arms.name[arm]), failed);
        node_add(one, "less_arm", node_text(p->arms.name[0]), failed);
        node_add(one, "outcomes", outcomes(n->arm[arm].difference, failed), failed);
        node_append(paired, one, failed);
    }
    node_add(object, "draws", json_integer(n->draws), failed);
    node_add(object, "draws_needed", json_integer(NESTED_DRAWS), failed);
    node_add(object, "level", node_number(0.95), failed);
    node_add(object, "kind", node_text("parameter_uncertainty"), failed);
    node_add(object, "over", node_text("draws of the uncertain parameters"), failed);
    node_add(
        object, "method",
        node_text("type 7 quantiles of the draws' estimates, drawn in towards their mean to the "
                  "variance between draws less the mean variance within"),
        failed);
    node_add(object, "arms", arms, failed);
    node_add(object, "paired", paired, failed);
    node_add(root, "parameter_uncertainty", object, failed);
}
