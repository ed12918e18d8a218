/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a summary as JSON. */
#include "summary/summary_json.h"

#include <jansson.h>
#include <string.h>

#include "summary/history_json.h"
#include "summary/nested_json.h"
#include "summary/node.h"
#include "summary/outcomes_json.h"

static json_t *spread(const spread_t *q, int *failed)
{
    json_t *object = json_object();
    node_add(object, "n", node_count(q->n), failed);
    node_add(object, "patients", node_count(q->units), failed);
    node_add(object, "mean", node_number(q->mean), failed);
    node_add(object, "sd", node_number(q->sd), failed);
    node_add(object, "median", node_number(q->median), failed);
    node_add(object, "p5", node_number(q->p5), failed);
    node_add(object, "p95", node_number(q->p95), failed);
    node_add(object, "min", node_number(q->low), failed);
    node_add(object, "max", node_number(q->high), failed);
    node_add_interval(object, "mean", q->mean_ci, failed);
    node_add_interval(object, "median", q->median_ci, failed);
    return object;
}

static json_t *quantity(const summary_t *s, const summary_arm_t *arm, enum reference_quantity which,
                        int *failed)
{
    const reference_t *reference = summary_reference(s, which);
    json_t *object = spread(&arm->quantity[which], failed);
    if (reference != NULL) {
        json_t *published = json_object();
        node_add(published, "low", node_number(reference->low), failed);
        node_add(published, "high", node_number(reference->high), failed);
        node_add(published, "middle", node_number(reference->middle), failed);
        node_add(published, "text", node_text(reference->text), failed);
        node_add(published, "source", node_text(reference->source), failed);
        node_add(object, "published", published, failed);
    }
    return object;
}

static json_t *names(const provenance_names_t *list, int *failed)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++) {
        node_append(array, node_text(list->name[i]), failed);
    }
    return array;
}

static json_t *lines(const char *all, int *failed)
{
    json_t *array = json_array();
    for (const char *at = all == NULL ? "" : all; *at != '\0';) {
        const size_t length = strcspn(at, "\n");
        node_append(array, json_stringn(at, length), failed);
        at += length + (at[length] == '\n');
    }
    return array;
}

static json_t *study(const summary_t *s, int *failed)
{
    const provenance_t *p = s->provenance;
    char seed[24];
    json_t *object = json_object();
    /* As text: a seed has 64 bits, and many JSON readers keep 53. */
    (void)snprintf(seed, sizeof seed, "%llu", (unsigned long long)p->seed);
    node_add(object, "name", node_text(p->study), failed);
    node_add(object, "title", node_text(p->title), failed);
    node_add(object, "description", node_text(p->description), failed);
    node_add(object, "note", node_text(provenance_note()), failed);
    node_add(object, "program", node_text(p->program), failed);
    node_add(object, "version", node_text(p->version), failed);
    node_add(object, "core_id", node_text(p->core_id), failed);
    node_add(object, "core_code", node_text(p->core_code), failed);
    node_add(object, "libm_fingerprint", node_text(p->libm), failed);
    node_add(object, "schema_version", json_integer(FIELDS_SCHEMA_VERSION), failed);
    node_add(object, "seed", node_text(seed), failed);
    node_add(object, "patients", json_integer(p->patients), failed);
    node_add(object, "horizon_ms", json_integer(p->horizon_ms), failed);
    node_add(object, "drugs", names(&p->drugs, failed), failed);
    node_add(object, "arms", names(&p->arms, failed), failed);
    node_add(object, "warnings", lines(p->warnings, failed), failed);
    return object;
}

static json_t *counts(const size_t *count, enum fields_type type, int *failed)
{
    json_t *object = json_object();
    for (size_t i = 0; i < SUMMARY_CHOICES; i++) {
        if (count[i] > 0) {
            node_add(object, fields_choice_name(type, (int64_t)i), node_count(count[i]), failed);
        }
    }
    return object;
}

static json_t *ledgers(const summary_t *s, int *failed)
{
    json_t *array = json_array();
    for (size_t d = 0; d < s->drugs; d++) {
        const summary_ledger_t *ledger = &s->ledger[d];
        char name[32];
        json_t *object = json_object();
        node_add(object, "drug", node_text(summary_drug(s, d, name, sizeof name)), failed);
        node_add(object, "records", node_count(ledger->records), failed);
        node_add(object, "from_vials_ug", node_number(ledger->from_vials_ug), failed);
        for (size_t i = 0; i < SUMMARY_PLACES; i++) {
            node_add(object, fields_get((enum fields_id)(FIELD_LEDGER_RESERVOIR_UG + (int)i))->name,
                     node_number(ledger->place_ug[i]), failed);
        }
        node_add(object, "believed_given_ug", node_number(ledger->believed_given_ug), failed);
        node_add(object, "worst_closure_error", node_number(ledger->worst_closure_error), failed);
        node_append(array, object, failed);
    }
    return array;
}

static json_t *refills(const summary_arm_t *arm, int *failed)
{
    json_t *array = json_array();
    for (size_t k = 0; k < arm->refill_rows; k++) {
        const summary_refill_t *refill = &arm->refill[k];
        json_t *object = json_object();
        node_add(object, "refill", json_integer((json_int_t)k + 1), failed);
        node_add(object, "n", node_count(refill->records), failed);
        node_add(object, "mean_day", node_number(refill->day), failed);
        node_add(object, "mean_withdrawn_ml", node_number(refill->withdrawn_ml), failed);
        node_add(object, "mean_expected_ml", node_number(refill->expected_ml), failed);
        node_add(object, "mean_difference_ml", node_number(refill->found_minus_expected_ml),
                 failed);
        node_add(object, "mean_filled_ml", node_number(refill->filled_ml), failed);
        node_add(object, "mean_concentration_ug_per_ml",
                 node_number(refill->concentration_ug_per_ml), failed);
        node_append(array, object, failed);
    }
    return array;
}

static void add_quantities(json_t *root, const summary_t *s, const summary_arm_t *arm, int *failed)
{
    const struct {
        const char *key;
        enum reference_quantity which;
    } row[] = {
        {"lumbar_ng_per_ml", REFERENCE_LUMBAR},
        {"tip_ng_per_ml", REFERENCE_TIP},
        {"cisternal_ng_per_ml", REFERENCE_CISTERNAL},
        {"lumbar_over_cisternal", REFERENCE_RATIO},
        {"plasma_ng_per_ml", REFERENCE_PLASMA},
        {"ashworth_before", REFERENCE_ASHWORTH_BEFORE},
        {"ashworth_after", REFERENCE_ASHWORTH_AFTER},
        {"volume_ratio_run", REFERENCE_VOLUME_RUN},
        {"volume_ratio_refill", REFERENCE_VOLUME_REFILL},
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        node_add(root, row[i].key, quantity(s, arm, row[i].which, failed), failed);
    }
    node_add(root, "ashworth_before_latent", spread(&arm->ashworth_latent_before, failed), failed);
    node_add(root, "ashworth_after_latent", spread(&arm->ashworth_latent_after, failed), failed);
    node_add(root, "volume_commanded_ml", spread(&arm->volume_commanded_ml, failed), failed);
    node_add(root, "volume_delivered_ml", spread(&arm->volume_delivered_ml, failed), failed);
    node_add(root, "reservoir_belief_error_ml", spread(&arm->reservoir_belief_error_ml, failed),
             failed);
    node_add(root, "battery_charge_used_mah", spread(&arm->battery_mah, failed), failed);
}

/* After 1, 2, … years. */
static json_t *years(const survival_point_t at[LIVES_YEARS], int *failed)
{
    json_t *array = json_array();
    for (int y = 0; y < LIVES_YEARS; y++) {
        json_t *object = json_object();
        node_add(object, "year", json_integer(y + 1), failed);
        node_add(object, "at_risk", node_count(at[y].at_risk), failed);
        node_add(object, "share", node_number(at[y].value), failed);
        node_add(object, "se", node_number(at[y].se), failed);
        node_add(object, "low_95", node_number(at[y].band.low), failed);
        node_add(object, "high_95", node_number(at[y].band.high), failed);
        node_append(array, object, failed);
    }
    return array;
}

/* What is the same of pumps and catheters: counts, and ends by cause. */
static json_t *lives(const lives_t *l, int *failed)
{
    json_t *object = json_object(), *causes = json_object();
    node_add(object, "lives", node_count(l->lives), failed);
    node_add(object, "ended", node_count(l->ended), failed);
    for (size_t i = 0; i < l->causes; i++) {
        node_add(causes, fields_choice_name(FIELDS_TYPE_REASON, l->cause[i].cause),
                 years(l->cause[i].at, failed), failed);
    }
    node_add(object, "ended_by", causes, failed);
    return object;
}

/* Windows that the trace is shorter than have no errors. */
static json_t *trumpet(const trumpet_trace_t *t, int *failed)
{
    json_t *array = json_array();
    for (size_t i = 0; t->pulses > 0 && i < TRUMPET_TRACE_WINDOWS; i++) {
        json_t *object = json_object();
        node_add(object, "window_s", node_number(t->window[i].window / 1000.0), failed);
        node_add(object, "lowest_percent", node_number(t->window[i].lowest), failed);
        node_add(object, "highest_percent", node_number(t->window[i].highest), failed);
        node_append(array, object, failed);
    }
    return array;
}

static json_t *pump_lives(const lives_t *l, int *failed)
{
    json_t *object = lives(l, failed);
    node_add(object, "in_place", years(l->left, failed), failed);
    node_add(object, "in_place_deaths_cut_off", years(l->outlast, failed), failed);
    return object;
}

static json_t *catheter_lives(const lives_t *l, int *failed)
{
    json_t *object = lives(l, failed);
    node_add(object, "without_failure", years(l->outlast, failed), failed);
    return object;
}

/* Each arm for itself, over its patients with a pump. */
static json_t *arms(const summary_t *s, int *failed)
{
    json_t *array = json_array();
    for (size_t i = 0; i < s->arms; i++) {
        const summary_arm_t *arm = &s->arm[i];
        json_t *object = json_object();
        node_add(object, "arm", node_text(s->provenance->arms.name[i]), failed);
        node_add(object, "patients", node_count(arm->patients), failed);
        node_add(object, "patients_with_pump", node_count(arm->with_pump), failed);
        add_quantities(object, s, arm, failed);
        node_add(object, "refills_all", node_count(arm->refills), failed);
        node_add(object, "refills", refills(arm, failed), failed);
        node_add(object, "pump_lives", pump_lives(&arm->lives, failed), failed);
        if (arm->catheters.lives > 0) {
            node_add(object, "catheter_lives", catheter_lives(&arm->catheters, failed), failed);
        }
        if (!s->trace) {
            history_json_add(object, &s->history, i, failed);
        }
        node_append(array, object, failed);
    }
    return array;
}

/* What every interval of a summary is. */
static json_t *intervals(int *failed)
{
    json_t *object = json_object();
    node_add(object, "level", node_number(0.95), failed);
    node_add(object, "kind", node_text("monte_carlo"), failed);
    node_add(object, "over", node_text("patients simulated"), failed);
    node_add(object, "parameters", node_text("central values"), failed);
    return object;
}

static void add_totals(json_t *root, const summary_t *s, int *failed)
{
    node_add(root, "pulses_commanded", json_integer(s->pulses_commanded), failed);
    node_add(root, "pulses_confirmed", json_integer(s->pulses_confirmed), failed);
    node_add(root, "wakes", json_integer(s->wakes), failed);
    node_add(root, "draw_attempts", json_integer(s->draw_attempts), failed);
    node_add(root, "ledger_checks", json_integer(s->ledger_checks), failed);
    node_add(root, "worst_ledger_error", node_number(s->worst_ledger_error), failed);
    node_add(root, "negative_reads", json_integer(s->negative_reads), failed);
    node_add(root, "trumpet", trumpet(&s->trumpet, failed), failed);
    node_add(root, "ledger", ledgers(s, failed), failed);
    node_add(root, "events", counts(s->events, FIELDS_TYPE_EVENT, failed), failed);
}

int summary_json_print(const summary_t *s, FILE *out, error_t *e)
{
    int failed = 0;
    json_t *outcomes = NULL, *root = json_object();
    node_add(root, "study", study(s, &failed), &failed);
    node_add(root, "trace", json_boolean(s->trace), &failed);
    node_add(root, "records", node_count(s->records), &failed);
    node_add(root, "weights_differ_from_1", json_boolean(s->weighted), &failed);
    node_add(root, "patient_days", node_number(s->patient_days), &failed);
    node_add(root, "stopped", counts(s->stopped, FIELDS_TYPE_STOP, &failed), &failed);
    node_add(root, "intervals", intervals(&failed), &failed);
    if (!s->trace) {
        node_add(root, "estimands", history_json_estimands(&failed), &failed);
    }
    node_add(root, "arms", arms(s, &failed), &failed);
    add_totals(root, s, &failed);
    const int rc = outcomes_json(s->outcomes, &outcomes, e);
    if (rc < 0) {
        json_decref(root);
        return rc;
    }
    node_add(root, "outcomes", outcomes, &failed);
    nested_json_add(root, &s->nested, s->provenance, &failed);
    return node_print(root, failed, "the summary", out, e);
}
