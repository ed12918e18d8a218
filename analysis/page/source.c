/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a dataset once for all that a page shows of it. */
#include "page/source.h"

#include <string.h>

#include "statistics/central.h"

/* Days on which a band is drawn: more than a figure has room for would only cost time. */
#define BAND_DAYS 74

static const enum fields_id daily_field[SOURCE_DAILIES] = {
#define DAILY(symbol) FIELD_DAILY_##symbol,
#include "page/daily.def"
#undef DAILY
};

static int compute_bands(source_t *s, error_t *e)
{
    double day[BAND_DAYS];
    const double horizon = (double)s->summary.provenance->horizon_ms / PEOPLE_MS_PER_DAY;
    const bands_ask_t ask = {.field = daily_field,
                             .fields = SOURCE_DAILIES,
                             .day = day,
                             .days = bands_days(horizon, BAND_DAYS, day)};
    return bands_compute(&s->bands, s->reader, &s->history.people, &ask, e);
}

int source_read(source_t *s, error_t *e)
{
    int rc = outcomes_read(&s->outcomes, s->reader, e);
    rc = rc != 0 ? rc : summary_compute(&s->summary, &s->outcomes, s->reader, e);
    rc = rc != 0 ? rc : history_compute(&s->history, s->reader, e);
    return rc != 0 ? rc : compute_bands(s, e);
}

int source_open(source_t *s, const char *path, const char *validation, error_t *e)
{
    memset(s, 0, sizeof *s);
    s->path = path;
    int rc = central_open(&s->reader, path, e);
    if (rc == 0 && reader_is_trace(s->reader)) {
        rc = ERROR_RAISE(e, ERROR_DATASET_FOREIGN,
                         "%s: a trace of one patient; a report is of a dataset, as thecasim run "
                         "writes it",
                         path);
    }
    rc = rc != 0 ? rc : source_read(s, e);
    return rc != 0 || validation == NULL ? rc : results_read(&s->validation, validation, e);
}

void source_close(source_t *s)
{
    results_free(&s->validation);
    bands_free(&s->bands);
    history_free(&s->history);
    summary_free(&s->summary);
    outcomes_free(&s->outcomes);
    reader_close(&s->reader);
}

const char *source_arm(const source_t *s, size_t arm)
{
    const provenance_names_t *arms = &s->summary.provenance->arms;
    return arm < arms->count ? arms->name[arm] : "unnamed";
}

enum fields_id source_field(enum source_daily daily)
{
    return daily_field[daily];
}
