/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a summary as JSON. */
#include "summary/summary_json.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "summary/outcomes_json.h"

/* JSON has no NaN and no infinity. */
static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *text(const char *value)
{
    return json_string(value == NULL ? "" : value);
}

/* jansson frees `value` also when it cannot be added; the missing key then shows as `failed`. */
static void add(json_t *object, const char *key, json_t *value, int *failed)
{
    *failed |= json_object_set_new(object, key, value) != 0;
}

static json_t *spread(const spread_t *q, int *failed)
{
    json_t *object = json_object();
    add(object, "n", json_integer((json_int_t)q->n), failed);
    add(object, "patients", json_integer((json_int_t)q->units), failed);
    add(object, "mean", number(q->mean), failed);
    add(object, "sd", number(q->sd), failed);
    add(object, "median", number(q->median), failed);
    add(object, "p5", number(q->p5), failed);
    add(object, "p95", number(q->p95), failed);
    add(object, "min", number(q->low), failed);
    add(object, "max", number(q->high), failed);
    add(object, "mean_95_low", number(q->mean_ci.low), failed);
    add(object, "mean_95_high", number(q->mean_ci.high), failed);
    add(object, "median_95_low", number(q->median_ci.low), failed);
    add(object, "median_95_high", number(q->median_ci.high), failed);
    return object;
}

static json_t *quantity(const summary_t *s, const summary_arm_t *arm, enum reference_quantity which,
                        int *failed)
{
    const reference_t *reference = summary_reference(s, which);
    json_t *object = spread(&arm->quantity[which], failed);
    if (reference != NULL) {
        json_t *published = json_object();
        add(published, "low", number(reference->low), failed);
        add(published, "high", number(reference->high), failed);
        add(published, "middle", number(reference->middle), failed);
        add(published, "text", text(reference->text), failed);
        add(published, "source", text(reference->source), failed);
        add(object, "published", published, failed);
    }
    return object;
}

static json_t *names(const provenance_names_t *list, int *failed)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++) {
        *failed |= json_array_append_new(array, text(list->name[i])) != 0;
    }
    return array;
}

static json_t *lines(const char *all, int *failed)
{
    json_t *array = json_array();
    for (const char *at = all == NULL ? "" : all; *at != '\0';) {
        const size_t length = strcspn(at, "\n");
        *failed |= json_array_append_new(array, json_stringn(at, length)) != 0;
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
    add(object, "name", text(p->study), failed);
    add(object, "title", text(p->title), failed);
    add(object, "note", text(provenance_note()), failed);
    add(object, "program", text(p->program), failed);
    add(object, "version", text(p->version), failed);
    add(object, "core_id", text(p->core_id), failed);
    add(object, "core_code", text(p->core_code), failed);
    add(object, "libm_fingerprint", text(p->libm), failed);
    add(object, "schema_version", json_integer(FIELDS_SCHEMA_VERSION), failed);
    add(object, "seed", text(seed), failed);
    add(object, "patients", json_integer(p->patients), failed);
    add(object, "horizon_ms", json_integer(p->horizon_ms), failed);
    add(object, "drugs", names(&p->drugs, failed), failed);
    add(object, "arms", names(&p->arms, failed), failed);
    add(object, "warnings", lines(p->warnings, failed), failed);
    return object;
}

static json_t *counts(const size_t *count, enum fields_type type, int *failed)
{
    json_t *object = json_object();
    for (size_t i = 0; i < SUMMARY_CHOICES; i++) {
        if (count[i] > 0) {
            add(object, fields_choice_name(type, (int64_t)i), json_integer((json_int_t)count[i]),
                failed);
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
        add(object, "drug", text(summary_drug(s, d, name, sizeof name)), failed);
        add(object, "records", json_integer((json_int_t)ledger->records), failed);
        add(object, "from_vials_ug", number(ledger->from_vials_ug), failed);
        for (size_t i = 0; i < SUMMARY_PLACES; i++) {
            add(object, fields_get((enum fields_id)(FIELD_LEDGER_RESERVOIR_UG + (int)i))->name,
                number(ledger->place_ug[i]), failed);
        }
        add(object, "believed_given_ug", number(ledger->believed_given_ug), failed);
        add(object, "worst_closure_error", number(ledger->worst_closure_error), failed);
        *failed |= json_array_append_new(array, object) != 0;
    }
    return array;
}

static json_t *refills(const summary_arm_t *arm, int *failed)
{
    json_t *array = json_array();
    for (size_t k = 0; k < arm->refill_rows; k++) {
        const summary_refill_t *refill = &arm->refill[k];
        json_t *object = json_object();
        add(object, "refill", json_integer((json_int_t)k + 1), failed);
        add(object, "n", json_integer((json_int_t)refill->records), failed);
        add(object, "mean_day", number(refill->day), failed);
        add(object, "mean_withdrawn_ml", number(refill->withdrawn_ml), failed);
        add(object, "mean_expected_ml", number(refill->expected_ml), failed);
        add(object, "mean_difference_ml", number(refill->found_minus_expected_ml), failed);
        add(object, "mean_filled_ml", number(refill->filled_ml), failed);
        add(object, "mean_concentration_ug_per_ml", number(refill->concentration_ug_per_ml),
            failed);
        *failed |= json_array_append_new(array, object) != 0;
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
        add(root, row[i].key, quantity(s, arm, row[i].which, failed), failed);
    }
    add(root, "ashworth_before_latent", spread(&arm->ashworth_latent_before, failed), failed);
    add(root, "ashworth_after_latent", spread(&arm->ashworth_latent_after, failed), failed);
    add(root, "volume_commanded_ml", spread(&arm->volume_commanded_ml, failed), failed);
    add(root, "volume_delivered_ml", spread(&arm->volume_delivered_ml, failed), failed);
    add(root, "reservoir_belief_error_ml", spread(&arm->reservoir_belief_error_ml, failed), failed);
    add(root, "battery_charge_used_mah", spread(&arm->battery_mah, failed), failed);
}

/* After 1, 2, … years. */
static json_t *years(const survival_point_t at[LIVES_YEARS], int *failed)
{
    json_t *array = json_array();
    for (int y = 0; y < LIVES_YEARS; y++) {
        json_t *object = json_object();
        add(object, "year", json_integer(y + 1), failed);
        add(object, "at_risk", json_integer((json_int_t)at[y].at_risk), failed);
        add(object, "share", number(at[y].value), failed);
        add(object, "se", number(at[y].se), failed);
        add(object, "low_95", number(at[y].band.low), failed);
        add(object, "high_95", number(at[y].band.high), failed);
        *failed |= json_array_append_new(array, object) != 0;
    }
    return array;
}

static json_t *pumps(const lives_t *l, int *failed)
{
    json_t *object = json_object(), *causes = json_object();
    add(object, "lives", json_integer((json_int_t)l->lives), failed);
    add(object, "ended", json_integer((json_int_t)l->ended), failed);
    add(object, "in_place", years(l->left, failed), failed);
    for (size_t i = 0; i < l->causes; i++) {
        add(causes, fields_choice_name(FIELDS_TYPE_REASON, l->cause[i].cause),
            years(l->cause[i].at, failed), failed);
    }
    add(object, "ended_by", causes, failed);
    return object;
}

/* Windows that the trace is shorter than have no errors. */
static json_t *trumpet(const trumpet_trace_t *t, int *failed)
{
    json_t *array = json_array();
    for (size_t i = 0; t->pulses > 0 && i < TRUMPET_TRACE_WINDOWS; i++) {
        json_t *object = json_object();
        add(object, "window_s", number(t->window[i].window / 1000.0), failed);
        add(object, "lowest_percent", number(t->window[i].lowest), failed);
        add(object, "highest_percent", number(t->window[i].highest), failed);
        *failed |= json_array_append_new(array, object) != 0;
    }
    return array;
}

/* Each arm for itself, over its patients with a pump. */
static json_t *arms(const summary_t *s, int *failed)
{
    json_t *array = json_array();
    for (size_t i = 0; i < s->arms; i++) {
        const summary_arm_t *arm = &s->arm[i];
        json_t *object = json_object();
        add(object, "arm", text(s->provenance->arms.name[i]), failed);
        add(object, "patients", json_integer((json_int_t)arm->patients), failed);
        add(object, "patients_with_pump", json_integer((json_int_t)arm->with_pump), failed);
        add_quantities(object, s, arm, failed);
        add(object, "refills_all", json_integer((json_int_t)arm->refills), failed);
        add(object, "refills", refills(arm, failed), failed);
        add(object, "pump_lives", pumps(&arm->lives, failed), failed);
        *failed |= json_array_append_new(array, object) != 0;
    }
    return array;
}

static void add_totals(json_t *root, const summary_t *s, int *failed)
{
    add(root, "pulses_commanded", json_integer(s->pulses_commanded), failed);
    add(root, "pulses_confirmed", json_integer(s->pulses_confirmed), failed);
    add(root, "wakes", json_integer(s->wakes), failed);
    add(root, "draw_attempts", json_integer(s->draw_attempts), failed);
    add(root, "ledger_checks", json_integer(s->ledger_checks), failed);
    add(root, "worst_ledger_error", number(s->worst_ledger_error), failed);
    add(root, "negative_reads", json_integer(s->negative_reads), failed);
    add(root, "trumpet", trumpet(&s->trumpet, failed), failed);
    add(root, "ledger", ledgers(s, failed), failed);
    add(root, "events", counts(s->events, FIELDS_TYPE_EVENT, failed), failed);
}

int summary_json_print(const summary_t *s, FILE *out, error_t *e)
{
    int failed = 0;
    int rc = 0;
    json_t *outcomes = NULL;
    json_t *root = json_object();
    add(root, "study", study(s, &failed), &failed);
    add(root, "trace", json_boolean(s->trace), &failed);
    add(root, "records", json_integer((json_int_t)s->records), &failed);
    add(root, "weights_differ_from_1", json_boolean(s->weighted), &failed);
    add(root, "patient_days", number(s->patient_days), &failed);
    add(root, "stopped", counts(s->stopped, FIELDS_TYPE_STOP, &failed), &failed);
    add(root, "arms", arms(s, &failed), &failed);
    add_totals(root, s, &failed);
    rc = outcomes_json(s->outcomes, &outcomes, e);
    if (rc < 0) {
        json_decref(root);
        return rc;
    }
    add(root, "outcomes", outcomes, &failed);
    errno = 0;
    if (failed) {
        rc = ERROR_RAISE(e, ERROR_MEMORY, "no memory, or text that is not UTF-8, in the summary");
    } else if (json_dumpf(root, out, JSON_INDENT(2)) != 0 || fputc('\n', out) == EOF ||
               fflush(out) != 0) {
        rc = ERROR_RAISE(e, ERROR_FILE_WRITE, "cannot write the summary: %s",
                         errno != 0 ? strerror(errno) : "an earlier write failed");
    }
    json_decref(root);
    return rc;
}
