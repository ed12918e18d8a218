/* SPDX-License-Identifier: Apache-2.0 */
/* Makes JSON of a history. */
#include "summary/history_json.h"

#include <stdio.h>

#include "summary/node.h"

static json_t *band_point(const bands_point_t *p, int *failed)
{
    json_t *object = json_object();
    node_add(object, "day", node_number(p->day), failed);
    node_add(object, "n", node_count(p->n), failed);
    for (int q = 0; q < BANDS_QUANTILES; q++) {
        char key[16];
        (void)snprintf(key, sizeof key, "p%.0f", 100.0 * bands_share[q]);
        node_add(object, key, node_number(p->quantile[q]), failed);
        node_add_interval(object, key, p->ci[q], failed);
    }
    return object;
}

static json_t *bands(const history_t *h, size_t arm, int *failed)
{
    json_t *object = json_object();
    for (size_t f = 0; f < h->bands.fields; f++) {
        const bands_point_t *point = bands_of(&h->bands, arm, f);
        json_t *array = json_array();
        for (size_t d = 0; d < h->bands.days; d++) {
            node_append(array, band_point(&point[d], failed), failed);
        }
        node_add(object, fields_get(h->field[f])->name, array, failed);
    }
    return object;
}

static json_t *targets(const history_t *h, size_t arm, int *failed)
{
    json_t *array = json_array();
    for (size_t w = 0; w < h->windows; w++) {
        const target_share_t *s = target_of(&h->target, arm, w);
        json_t *object = json_object();
        node_add(object, "window", node_text(h->window_text[w]), failed);
        node_add(object, "field", node_text(fields_get(h->field[h->window[w].column])->name),
                 failed);
        node_add(object, "low", node_number(h->window[w].low), failed);
        node_add(object, "high", node_number(h->window[w].high), failed);
        node_add(object, "less_ashworth_before", json_boolean(h->window[w].from_before), failed);
        node_add(object, "source", node_text(h->window_source[w]), failed);
        node_add(object, "patients", node_count(s->spread.n), failed);
        node_add(object, "mean_share", node_number(s->spread.mean), failed);
        node_add_interval(object, "mean_share", s->ci, failed);
        node_add(object, "p5", node_number(s->spread.p5), failed);
        node_add(object, "median", node_number(s->spread.median), failed);
        node_add(object, "p95", node_number(s->spread.p95), failed);
        node_append(array, object, failed);
    }
    return array;
}

static json_t *dose_effect(const dose_effect_t *d, int *failed)
{
    json_t *object = json_object(), *array = json_array();
    for (size_t k = 0; k < d->groups; k++) {
        const dose_effect_group_t *g = &d->group[k];
        json_t *group = json_object();
        node_add(group, "n", node_count(g->effect.n), failed);
        node_add(group, "dose_low_ug_per_day", node_number(g->low), failed);
        node_add(group, "dose_high_ug_per_day", node_number(g->high), failed);
        node_add(group, "dose_mean_ug_per_day", node_number(g->dose), failed);
        node_add(group, "ashworth_fall_mean", node_number(g->effect.mean), failed);
        node_add_interval(group, "ashworth_fall_mean", g->effect.mean_ci, failed);
        node_append(array, group, failed);
    }
    node_add(object, "n", node_count(d->n), failed);
    node_add(object, "groups", array, failed);
    node_add(object, "rank_correlation", node_number(d->correlation), failed);
    node_add_interval(object, "rank_correlation", d->ci, failed);
    return object;
}

static json_t *incidence(const occurrences_t *o, size_t arm, enum occurrence_id which, int *failed)
{
    const survival_point_t *point = occurrence_points(o, arm, which);
    json_t *array = json_array();
    for (size_t d = 0; d < o->days; d++) {
        json_t *object = json_object();
        node_add(object, "day", node_number(o->day[d]), failed);
        node_add(object, "at_risk", node_count(point[d].at_risk), failed);
        node_add(object, "share", node_number(point[d].value), failed);
        node_add(object, "se", node_number(point[d].se), failed);
        node_add_interval(object, "share", point[d].band, failed);
        node_append(array, object, failed);
    }
    return array;
}

static json_t *occurrence(const occurrences_t *o, size_t arm, enum occurrence_id which, int *failed)
{
    const occurrence_t *row = occurrence_row(o, arm, which);
    json_t *object = json_object();
    node_add(object, "patients", node_count(row->rate.units), failed);
    node_add(object, "patient_years", node_number(row->rate.time), failed);
    node_add(object, "events", node_count(row->rate.events), failed);
    node_add(object, "patients_with_event", node_count(row->happened), failed);
    node_add(object, "died_before", node_count(row->died), failed);
    node_add(object, "therapy_ended_before", node_count(row->ended), failed);
    node_add(object, "per_year", node_number(row->rate.rate), failed);
    node_add_interval(object, "per_year", row->rate.ci, failed);
    node_add(object, "interval",
             node_text(row->rate.method == RATE_POISSON ? "poisson_exact" : "clustered_by_patient"),
             failed);
    node_add(object, "median_day_of_first", node_number(row->first_median), failed);
    node_add(object, "first", incidence(o, arm, which, failed), failed);
    return object;
}

void history_json_add(json_t *object, const history_t *h, size_t arm, int *failed)
{
    json_t *all = json_object();
    node_add(object, "bands", bands(h, arm, failed), failed);
    node_add(object, "time_in_target", targets(h, arm, failed), failed);
    node_add(object, "dose_effect", dose_effect(&h->dose_effect[arm], failed), failed);
    for (int i = 0; i < OCCURRENCE_COUNT; i++) {
        const enum occurrence_id which = (enum occurrence_id)i;
        if (occurrence_row(&h->occurrences, arm, which)->rate.events > 0) {
            node_add(all, occurrence_name(which), occurrence(&h->occurrences, arm, which, failed),
                     failed);
        }
    }
    node_add(object, "occurrences", all, failed);
}

json_t *history_json_estimands(int *failed)
{
    static const char *const row[][2] = {
        {"outcomes.arms", "mean or share over the arm's patients to whom the outcome applies"},
        {"outcomes.paired", "mean over patients of the difference between their two arms"},
        {"pump_lives",
         "share of the arm's pumps in place, and ended by each cause while the others "
         "compete, after whole years in the patient"},
        {"bands", "quantile on that day over the arm's patients with a pump who are still followed "
                  "then; nobody is carried forward"},
        {"time_in_target", "mean over the arm's patients with a pump of the share of their days "
                           "with a pump inside the window, each patient once"},
        {"dose_effect", "association over the arm's patients with a pump of the dose as last "
                        "programmed and the fall of the latent Ashworth score; not the effect of "
                        "a dose"},
        {"occurrences.per_year", "all events of all the arm's patients over all their time from "
                                 "enrolment, repeated ones counted"},
        {"occurrences.first", "share of all the arm's patients to whom it has happened at least "
                              "once by that day, where death and the end of therapy compete"},
    };
    json_t *object = json_object();
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        node_add(object, row[i][0], node_text(row[i][1]), failed);
    }
    return object;
}
