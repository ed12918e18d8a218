/* SPDX-License-Identifier: Apache-2.0 */
/* Computes the parts of a history, all that ask of the daily series in one reading. */
#include "summary/history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "summary/reference.h"

/* A response, as the clinic's screening takes it: by one point. */
#define RESPONSE 1.0

enum column { COLUMN_LUMBAR, COLUMN_EFFECT, COLUMN_DOSE };

static const enum fields_id fields[HISTORY_FIELDS] = {
    [COLUMN_LUMBAR] = FIELD_DAILY_LUMBAR_NG_PER_ML,
    [COLUMN_EFFECT] = FIELD_DAILY_ASHWORTH_LATENT,
    [COLUMN_DOSE] = FIELD_DAILY_DOSE_UG,
};

/* The window of effect, and that of exposure where one is published for the first drug. */
static void choose_windows(history_t *h, const provenance_t *p)
{
    const reference_t *lumbar =
        reference_find(p->drugs.count > 0 ? p->drugs.name[0] : NULL, REFERENCE_LUMBAR);
    h->window[0] = (target_window_t){COLUMN_EFFECT, -(double)INFINITY, -RESPONSE, 1};
    h->window_text[0] = "latent Ashworth at least 1 below before";
    h->window_source[0] = NULL;
    h->windows = 1;
    if (lumbar != NULL && lumbar->high > lumbar->low) {
        h->window[1] = (target_window_t){COLUMN_LUMBAR, lumbar->low, lumbar->high, 0};
        h->window_text[1] = "lumbar CSF within the published levels";
        h->window_source[1] = lumbar->source;
        h->windows = 2;
    }
}

static int compute_daily(history_t *h, reader_t *r, double horizon_d, error_t *e)
{
    double day[HISTORY_BAND_DAYS];
    const size_t days = bands_days(horizon_d, HISTORY_BAND_DAYS, day);
    int rc = target_begin(&h->target, r, &h->people, h->window, h->windows, e);
    const bands_ask_t ask = {fields, HISTORY_FIELDS, day, days, 0, target_visitor(&h->target)};
    rc = rc != 0 ? rc : bands_compute(&h->bands, r, &h->people, &ask, e);
    return rc != 0 ? rc : target_finish(&h->target, e);
}

static int compute_events(history_t *h, reader_t *r, double horizon_d, error_t *e)
{
    double day[HISTORY_CURVE_DAYS];
    for (size_t i = 0; i < HISTORY_CURVE_DAYS; i++) {
        day[i] = horizon_d * (double)i / (HISTORY_CURVE_DAYS - 1);
    }
    const occurrence_ask_t ask = {.day = day, .days = HISTORY_CURVE_DAYS};
    return occurrence_compute(&h->occurrences, r, &h->people, &ask, e);
}

/* Pairs of an arm's patients with a pump. */
static int describe_pairs(history_t *h, size_t arm, double *const column[3],
                          dose_effect_pair_t *pair, error_t *e)
{
    size_t n = 0;
    for (size_t i = 0; i < h->people.records; i++) {
        const people_record_t *who = &h->people.record[i];
        if ((size_t)who->key.arm == arm && who->pump) {
            pair[n++] = (dose_effect_pair_t){column[0][i], column[1][i] - column[2][i]};
        }
    }
    return dose_effect_describe(&h->dose_effect[arm], pair, n, e);
}

static int compute_dose_effect(history_t *h, reader_t *r, error_t *e)
{
    static const enum fields_id asked[3] = {FIELD_OUTCOMES_DOSE_END,
                                            FIELD_PATIENTS_ASHWORTH_BEFORE_LATENT,
                                            FIELD_PATIENTS_ASHWORTH_AFTER_LATENT};
    double *column[3] = {NULL, NULL, NULL};
    dose_effect_pair_t *pair = calloc(h->people.records + 1, sizeof *pair);
    h->dose_effect = calloc(h->people.arms + 1, sizeof *h->dose_effect);
    int rc = pair == NULL || h->dose_effect == NULL
                 ? ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu doses", h->people.records)
                 : 0;
    for (int i = 0; rc == 0 && i < 3; i++) {
        rc = reader_column_f64(r, asked[i], &column[i], e);
    }
    for (size_t arm = 0; rc == 0 && arm < h->people.arms; arm++) {
        rc = describe_pairs(h, arm, column, pair, e);
    }
    for (int i = 0; i < 3; i++) {
        free(column[i]);
    }
    free(pair);
    return rc;
}

int history_compute(history_t *h, reader_t *r, error_t *e)
{
    const provenance_t *p = reader_provenance(r);
    const double horizon_d = (double)p->horizon_ms / PEOPLE_MS_PER_DAY;
    int rc;
    memset(h, 0, sizeof *h);
    memcpy(h->field, fields, sizeof fields);
    choose_windows(h, p);
    rc = people_read(&h->people, r, e);
    rc = rc != 0 ? rc : compute_daily(h, r, horizon_d, e);
    rc = rc != 0 ? rc : compute_events(h, r, horizon_d, e);
    return rc != 0 ? rc : compute_dose_effect(h, r, e);
}

void history_free(history_t *h)
{
    people_free(&h->people);
    bands_free(&h->bands);
    occurrence_free(&h->occurrences);
    target_free(&h->target);
    free(h->dose_effect);
    memset(h, 0, sizeof *h);
}
