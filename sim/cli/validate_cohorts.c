/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the studies of a validation and computes what its rows ask for. */
#include "cli/validate_cohorts.h"

#include "cli/progress.h"
#include "cohort/cohort.h"
#include "statistics/central.h"
#include "validation/estimator.h"
#include "validation/verdict.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 1200

/* The validation's roles are the verdict's, by number. */
_Static_assert((int)VALIDATION_IMPOSED == (int)VERDICT_IMPOSED &&
                   (int)VALIDATION_FITTED == (int)VERDICT_FITTED &&
                   (int)VALIDATION_DERIVED == (int)VERDICT_DERIVED &&
                   (int)VALIDATION_EMERGENT == (int)VERDICT_EMERGENT,
               "roles are passed by number");

static void dataset_path(const validate_cohorts_t *c, const validation_t *v, size_t run,
                         char path[PATH_SIZE])
{
    (void)snprintf(path, PATH_SIZE, "%.900s/%s-%s.h5", c->folder, v->name, v->run[run].name);
}

/* 1 if a row that can be computed takes the run. */
static int is_used(const validation_t *v, size_t run)
{
    for (size_t i = 0; i < v->rows; i++) {
        const validation_row_t *row = &v->row[i];
        for (size_t k = 0; k < row->of.count + row->against.count && row->needs[0] == '\0'; k++) {
            const validation_source_t *s =
                k < row->of.count ? &row->of.source[k] : &row->against.source[k - row->of.count];
            if (s->run == (int)run) {
                return 1;
            }
        }
    }
    return 0;
}

static int simulate(const validate_cohorts_t *c, const validation_t *v, size_t run, error_t *e)
{
    char path[PATH_SIZE];
    progress_t progress;
    cohort_outcome_t outcome;
    const cohort_t cohort = {.study = &v->run[run].study,
                             .core = c->core,
                             .path = path,
                             .jobs = c->jobs,
                             .overwrite = true,
                             .progress = progress_show,
                             .context = &progress,
                             .interrupt = c->interrupt};
    double seconds;
    int rc;
    dataset_path(c, v, run, path);
    progress_start(&progress, "trajectories");
    rc = cohort_run(&cohort, &outcome, e);
    seconds = progress_end(&progress);
    if (rc == 0) {
        fprintf(stderr, "thecasim: %s %s: %lld trajectories in %.1f s\n", v->name, v->run[run].name,
                (long long)outcome.run, seconds);
    }
    return rc;
}

static size_t take_sources(const validation_sources_t *from, reader_t *const reader[],
                           estimator_source_t *to)
{
    for (size_t i = 0; i < from->count; i++) {
        const validation_source_t *s = &from->source[i];
        to[i].reader = reader[s->run];
        to[i].arm = s->arm < 0 ? LIVES_ALL_ARMS : s->arm;
    }
    return from->count;
}

static int estimate(const validation_row_t *row, reader_t *const reader[], estimate_t *out,
                    error_t *e)
{
    estimator_source_t of[VALIDATION_SOURCES_MAX], against[VALIDATION_SOURCES_MAX];
    *out = (estimate_t){(double)NAN, (double)NAN, 0, row->needs};
    if (row->needs[0] != '\0') {
        return 0;
    }
    const size_t n_of = take_sources(&row->of, reader, of);
    const size_t n_against = take_sources(&row->against, reader, against);
    return estimator_compute(estimator_find(row->estimator), of, n_of, against, n_against, out, e);
}

static void copy(char *to, size_t size, const char *from)
{
    (void)snprintf(to, size, "%s", from != NULL ? from : "");
}

static void fill(results_row_t *to, const validation_t *v, const validation_row_t *row,
                 const estimate_t *x)
{
    const interval_t published = {row->low, row->high};
    memset(to, 0, sizeof *to);
    copy(to->study, sizeof to->study, v->name);
    copy(to->id, sizeof to->id, row->id);
    copy(to->what, sizeof to->what, row->what);
    copy(to->estimator, sizeof to->estimator, row->estimator);
    copy(to->unit, sizeof to->unit, row->unit);
    copy(to->rule, sizeof to->rule, row->rule);
    copy(to->role, sizeof to->role, verdict_role_name((enum verdict_role)row->role));
    copy(to->source, sizeof to->source, row->source);
    copy(to->needs, sizeof to->needs, isnan(x->value) ? x->needs : NULL);
    to->value = row->value;
    to->low = row->low;
    to->high = row->high;
    to->estimate = x->value;
    to->half_width = x->half_width;
    to->n = (int64_t)x->n;
    to->gate = row->gate;
    to->weak = verdict_is_weak(published);
    copy(to->verdict, sizeof to->verdict,
         verdict_name(verdict_judge(published, x->value, x->half_width)));
}

static int judge(const validation_t *v, reader_t *const reader[], results_t *results, error_t *e)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < v->rows; i++) {
        estimate_t x;
        rc = estimate(&v->row[i], reader, &x, e);
        if (rc == 0) {
            fill(&results->row[results->rows++], v, &v->row[i], &x);
        }
    }
    return rc;
}

int validate_cohorts_judge(const validate_cohorts_t *c, const validation_t *v, results_t *results,
                           error_t *e)
{
    reader_t *reader[VALIDATION_RUNS_MAX] = {NULL};
    char path[PATH_SIZE];
    int rc = 0;
    for (size_t run = 0; rc == 0 && run < v->runs; run++) {
        if (is_used(v, run)) {
            rc = simulate(c, v, run, e);
            dataset_path(c, v, run, path);
            rc = rc != 0 ? rc : central_open(&reader[run], path, e);
        }
    }
    rc = rc != 0 ? rc : judge(v, reader, results, e);
    for (size_t run = 0; run < v->runs; run++) {
        reader_close(&reader[run]);
        dataset_path(c, v, run, path);
        if (!c->keep) {
            (void)unlink(path);
            (void)unlink(strcat(path, ".journal"));
        }
    }
    return rc;
}
