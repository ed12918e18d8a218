/* SPDX-License-Identifier: Apache-2.0 */
/* The shortest scenario found in which two cores still differ. */
#include "regress/shrink.h"

#include "dataset/durable.h"
#include "regress/reduction.h"
#include "regress/suite_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOUR_MS INT64_C(3600000)

/* What is looked for, and what there is so far. */
typedef struct search_t {
    shrink_t *report;
    pool_t pool; /* its path and suite are the trial's */
    const suite_t *suite;
    const suite_scenario_t *scenario;
    int64_t patient;
    regression_verdict_t verdict; /* that must stay */
    bool device;                  /* the device differs, and must go on to */
    char *trial;                  /* path, owned */
    study_t best;                 /* owned */
} search_t;

/* ---- one trial ------------------------------------------------------------------------------------------------------ */

static void put_suite(const search_t *s, const char *study, FILE *out)
{
    suite_scenario_t scenario = *s->scenario;
    char name[STUDY_NAME_SIZE], title[STUDY_TITLE_SIZE];
    scenario.patient = s->patient;
    (void)snprintf(name, sizeof name, "%.40s-shrunk", s->suite->name);
    (void)snprintf(title, sizeof title, "What is left of %s", scenario.name);
    (void)fputs("# The shortest scenario found in which two dosing cores still differ.\n", out);
    suite_text_head(s->suite, name, title, out);
    suite_text_scenario(&scenario, study, out);
}

static int write_trial(const search_t *s, const study_t *study, error_t *e)
{
    char *text = NULL;
    FILE *out;
    int code = study_brief(study, &text, e);
    if (code != 0) {
        return code;
    }
    out = fopen(s->trial, "w");
    if (out == NULL) {
        code = ERROR_RAISE(e, ERROR_FILE_OPEN, "%s: %s", s->trial, strerror(errno));
    } else {
        put_suite(s, text, out);
        if (fclose(out) != 0) {
            code = ERROR_RAISE(e, ERROR_FILE_WRITE, "%s: %s", s->trial, strerror(errno));
        }
    }
    free(text);
    return code;
}

/* How the only unit of a suite comes out. */
static int live(search_t *s, const suite_t *suite, regression_verdict_t *verdict, bool *device,
                error_t *e)
{
    regression_t r;
    int side;
    s->pool.suite = suite;
    s->pool.path = s->trial;
    s->pool.jobs = POOL_SIDES;
    const int code = regression_verdicts(&r, &s->pool, &side, e);
    if (code == 0) {
        *verdict = r.unit[0].verdict;
        *device = r.level[SUITE_DEVICE];
    }
    regression_free(&r);
    return code;
}

/* Whether they still differ in what is written; a study that a reduction made impossible does not. */
static int still_differs(search_t *s, const study_t *study, bool *differs, error_t *e)
{
    suite_t suite;
    diagnostic_t found;
    error_t refused = {0};
    regression_verdict_t verdict = REGRESSION_SAME;
    bool device = false;
    int code = write_trial(s, study, e);
    *differs = false;
    if (code != 0) {
        return code;
    }
    diagnostic_init(&found);
    if (suite_load(&suite, s->trial, &found, &refused) == 0) {
        suite.left_out = s->suite->left_out;
        suite.lefts = s->suite->lefts;
        code = live(s, &suite, &verdict, &device, e);
        s->report->tried++;
        suite_free(&suite);
    }
    diagnostic_free(&found);
    *differs = code == 0 && verdict == s->verdict && (device || !s->device);
    return code;
}

/* Takes *study, which is given up in any case, for the best where the two still differ in it. */
static int consider(search_t *s, study_t *study, bool *taken, error_t *e)
{
    const int code = still_differs(s, study, taken, e);
    if (code == 0 && *taken) {
        study_free(&s->best);
        s->best = *study;
        s->report->taken++;
    } else {
        study_free(study);
    }
    return code;
}

/* ---- the search ------------------------------------------------------------------------------------------------------- */

/* By halves, to the hour: a difference that is there at some hour is taken to be there ever after. */
static int cut(search_t *s, error_t *e)
{
    int64_t low_h = 0, high_h = (s->best.horizon_ms + HOUR_MS - 1) / HOUR_MS;
    int code = 0;
    while (code == 0 && high_h - low_h > 1) {
        const int64_t middle_h = low_h + (high_h - low_h) / 2;
        study_t study;
        bool taken = false;
        code = reduction_copy(&study, &s->best, e);
        if (code == 0) {
            reduction_cut(&study, middle_h * HOUR_MS);
            code = consider(s, &study, &taken, e);
        }
        *(taken ? &high_h : &low_h) = middle_h;
    }
    return code;
}

/* Steps of a kind that stay away make room for the next under the same number. */
static int reduce(search_t *s, size_t kind, error_t *e)
{
    int code = 0;
    for (size_t step = 0; code == 0;) {
        study_t study;
        bool taken = false;
        code = reduction_copy(&study, &s->best, e);
        if (code == 0 && !reduction_take(&study, kind, step)) {
            study_free(&study);
            break;
        }
        code = code != 0 ? code : consider(s, &study, &taken, e);
        step += taken ? 0 : 1;
    }
    return code;
}

/* Room behind what was cut to the hour: without an event the same may take longer to come. */
static int give_room(search_t *s, int64_t most_ms, error_t *e)
{
    study_t study;
    bool taken;
    const int64_t twice_ms = 2 * s->best.horizon_ms;
    const int code = reduction_copy(&study, &s->best, e);
    if (code != 0) {
        return code;
    }
    study.horizon_ms = twice_ms < most_ms ? twice_ms : most_ms;
    return consider(s, &study, &taken, e);
}

static int search(search_t *s, error_t *e)
{
    const int64_t most_ms = s->best.horizon_ms;
    int code = cut(s, e);
    code = code != 0 ? code : give_room(s, most_ms, e);
    for (size_t kind = 0; code == 0 && kind < reduction_kinds(); kind++) {
        code = reduce(s, kind, e);
    }
    return code != 0 ? code : cut(s, e);
}

/* What was found stands under its name at last; nothing where not even the beginning differs by itself. */
static int finish(search_t *s, const char *path, error_t *e)
{
    int code = write_trial(s, &s->best, e);
    code = code != 0 ? code : durable_rename(s->trial, path, e);
    s->report->horizon_ms = s->best.horizon_ms;
    s->report->events = (size_t)s->best.n_events;
    return code;
}

/* The life by itself, out of its suite: the other arms are away already. */
static int begin(search_t *s, const regression_unit_t *u, error_t *e)
{
    const study_t *arm = study_arm(&s->scenario->study, u->unit.key.arm);
    study_t study;
    bool differs = false;
    int code = reduction_copy(&s->best, arm, e);
    code = code != 0 ? code : reduction_copy(&study, &s->best, e);
    if (code != 0) {
        return code;
    }
    code = consider(s, &study, &differs, e);
    if (code == 0 && !differs) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "%s: patient %" PRId64 " alone does not differ",
                           s->scenario->name, s->patient);
    }
    return code;
}

int shrink_unit(shrink_t *report, const pool_t *pool, const regression_t *r, size_t unit,
                const char *path, error_t *e)
{
    const regression_unit_t *u = &r->unit[unit];
    const size_t size = strlen(path) + sizeof ".trial";
    search_t s = {.report = report,
                  .pool = *pool,
                  .suite = r->suite,
                  .scenario = &r->suite->scenario[u->unit.scenario],
                  .patient = u->unit.key.patient,
                  .verdict = u->verdict,
                  .device = u->compare.level[SUITE_DEVICE],
                  .trial = malloc(size)};
    memset(report, 0, sizeof *report);
    if (s.trial == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for a path");
    }
    (void)snprintf(s.trial, size, "%s.trial", path);
    int code = begin(&s, u, e);
    code = code != 0 ? code : search(&s, e);
    code = code != 0 ? code : finish(&s, path, e);
    (void)unlink(s.trial);
    study_free(&s.best);
    free(s.trial);
    return code;
}
