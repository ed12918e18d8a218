/* SPDX-License-Identifier: Apache-2.0 */
/* Runs cohorts for a sensitivity analysis. */
#include "cli/sensitivity_run.h"

#include "cli/progress.h"
#include "cli/scratch.h"
#include "cohort/cohort.h"
#include "cohort/thaw.h"
#include "dataset/durable.h"
#include "dataset/reader.h"
#include "statistics/central.h"
#include "statistics/people.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE (SCRATCH_PATH_SIZE + 32)

/* ---- one point ---- */

int sensitivity_run_study(const sensitivity_run_t *r, const double *x, int64_t seed, study_t *study,
                          error_t *e)
{
    study_override_t set[OPTIONS_LIST_MAX + SENSITIVITY_INPUTS_MAX + 2];
    static char text[SENSITIVITY_INPUTS_MAX]
                    [SENSITIVITY_OVERRIDE_SIZE]; /* study_load borrows it for the call */
    char seed_text[48];
    diagnostic_t found;
    size_t n = 0;
    for (; n < r->set->count; n++) {
        set[n].text = r->set->item[n];
    }
    for (size_t i = 0; i < r->inputs; i++) {
        sensitivity_input_override(&r->input[i], sensitivity_input_value(&r->input[i], x[i]),
                                   text[i]);
        set[n++].text = text[i];
    }
    (void)snprintf(seed_text, sizeof seed_text, "study.seed=%" PRId64, seed);
    set[n++].text = seed_text;
    set[n++].text = "study.parameter_draws=0"; /* what is varied is not drawn as well */
    diagnostic_init(&found);
    int rc = study_load(study, r->study, set, n, &found, e);
    if (rc < 0) {
        (void)diagnostic_print(&found, stderr);
    }
    diagnostic_free(&found);
    if (rc == 0) {
        rc = thaw_study(study, NULL, NULL, e);
        if (rc < 0) {
            study_free(study);
        }
    }
    return rc;
}

/* The mean of the outcome over the arm's patients who have one. */
static int take_mean(const sensitivity_run_t *r, const char *path, double *mean, error_t *e)
{
    reader_t *reader = NULL;
    people_t people = {0};
    double *value = NULL, sum = 0.0;
    size_t n = 0;
    int rc = central_open(&reader, path, e);
    rc = rc != 0 ? rc : people_read(&people, reader, e);
    rc = rc != 0 ? rc : reader_column_f64(reader, r->outcome, &value, e);
    for (size_t i = 0; rc == 0 && i < people.records; i++) {
        if (people.record[i].key.arm == r->arm && !isnan(value[i])) {
            sum += value[i];
            n++;
        }
    }
    *mean = sum / (double)n;
    if (rc == 0 && n == 0) {
        rc = ERROR_RAISE(e, ERROR_ARGUMENT,
                         "nobody has a value of %s: choose another --outcome, a longer "
                         "study.horizon or more study.patients",
                         fields_get(r->outcome)->name);
    }
    free(value);
    people_free(&people);
    reader_close(&reader);
    return rc;
}

/* Which point it was: the study's own words do not tell. */
static void say_point(const sensitivity_run_t *r, const double *x, int64_t seed)
{
    fputs("thecasim: the point was", stderr);
    for (size_t i = 0; i < r->inputs; i++) {
        char text[SENSITIVITY_OVERRIDE_SIZE];
        sensitivity_input_override(&r->input[i], sensitivity_input_value(&r->input[i], x[i]), text);
        fprintf(stderr, " --set '%s'", text);
    }
    fprintf(stderr, " --set study.seed=%" PRId64 "\n", seed);
}

static int evaluate(const sensitivity_run_t *r, const char *scratch, const double *x, int64_t seed,
                    double *mean, error_t *e)
{
    char path[PATH_SIZE], journal[PATH_SIZE + 16];
    study_t study;
    int rc = sensitivity_run_study(r, x, seed, &study, e);
    if (rc < 0) {
        return rc;
    }
    (void)snprintf(path, sizeof path, "%s/point.h5", scratch);
    (void)snprintf(journal, sizeof journal, "%s.journal", path);
    const cohort_t cohort = {.study = &study,
                             .core = r->core,
                             .path = path,
                             .jobs = r->jobs,
                             .overwrite = true,
                             .interrupt = r->interrupt};
    cohort_outcome_t outcome;
    rc = cohort_run(&cohort, &outcome, e);
    rc = rc != 0 ? rc : take_mean(r, path, mean, e);
    study_free(&study);
    (void)unlink(path);
    (void)unlink(journal);
    if (rc < 0 && rc != ERROR_INTERRUPTED) {
        say_point(r, x, seed);
    }
    return rc;
}

/* ---- the file of results ---- */

static int write_head(const sensitivity_run_t *r, FILE *out)
{
    fprintf(out, "# %s\nseed", r->identity);
    for (size_t i = 0; i < r->inputs; i++) {
        fprintf(out, ",%s%s%s", r->input[i].key, r->input[i].unit[0] != '\0' ? " in " : "",
                r->input[i].unit);
    }
    return fprintf(out, ",%s\n", fields_get(r->outcome)->name) < 0;
}

static int write_line(const sensitivity_run_t *r, const double *x, int64_t seed, double y,
                      FILE *out)
{
    fprintf(out, "%" PRId64, seed);
    for (size_t i = 0; i < r->inputs; i++) {
        fprintf(out, ",%.17g", sensitivity_input_value(&r->input[i], x[i]));
    }
    return fprintf(out, ",%.17g\n", y) < 0 || fflush(out) != 0;
}

/* Reads whole lines of results from behind the head into y; returns how many. *end: where the last of them ends. */
static size_t read_lines(FILE *in, double *y, size_t points, long *end)
{
    char *line = NULL;
    size_t size = 0, n = 0;
    ssize_t length;
    *end = ftell(in);
    while (n < points && (length = getline(&line, &size, in)) > 0 && line[length - 1] == '\n') {
        const char *last = strrchr(line, ',');
        char *after = NULL;
        y[n] = last != NULL ? strtod(last + 1, &after) : 0.0;
        if (last == NULL || *after != '\n') {
            break;
        }
        *end = ftell(in);
        n++;
    }
    free(line);
    return n;
}

/* Opens the partial results, at their end; *done: how many there are. */
static int go_on(const sensitivity_run_t *r, const char *partial, FILE **out, double *y,
                 size_t points, size_t *done, error_t *e)
{
    char *wanted = NULL, *found = NULL;
    size_t size = 0, room = 0;
    long end = 0;
    FILE *head = open_memstream(&wanted, &size);
    if (head == NULL || write_head(r, head) || fclose(head) != 0) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for the head of the results");
    }
    *out = fopen(partial, "r+");
    if (*out == NULL) {
        free(wanted);
        return ERROR_RAISE(e, ERROR_FILE_OPEN, "%s: %s", partial, strerror(errno));
    }
    found = calloc(size + 1, 1);
    room = found != NULL ? fread(found, 1, size, *out) : 0;
    const int same = room == size && memcmp(found, wanted, size) == 0;
    free(found);
    free(wanted);
    if (!same) {
        return ERROR_RAISE(e, ERROR_EXISTS,
                           "%s is of another analysis: study, --set, --vary, --outcome, seed, core "
                           "or program differ; --force begins again",
                           partial);
    }
    *done = read_lines(*out, y, points, &end);
    if (fseek(*out, end, SEEK_SET) != 0 || ftruncate(fileno(*out), end) != 0) {
        return ERROR_RAISE(e, ERROR_FILE_WRITE, "%s: %s", partial, strerror(errno));
    }
    return 0;
}

static int open_results(const sensitivity_run_t *r, const char *partial, FILE **out, double *y,
                        size_t points, size_t *done, error_t *e)
{
    const int there = access(partial, F_OK) == 0;
    *done = 0;
    if (access(r->path, F_OK) == 0 && !r->overwrite) {
        return ERROR_RAISE(e, ERROR_EXISTS, "%s is there already; --force replaces it", r->path);
    }
    if (there && r->resume) {
        return go_on(r, partial, out, y, points, done, e);
    }
    if (there && !r->overwrite) {
        return ERROR_RAISE(e, ERROR_EXISTS,
                           "%s is there already; --resume goes on with it, --force begins again",
                           partial);
    }
    *out = fopen(partial, "w");
    return *out == NULL || write_head(r, *out)
               ? ERROR_RAISE(e, ERROR_FILE_OPEN, "%s: %s", partial, strerror(errno))
               : 0;
}

/* ---- all ---- */

static int evaluate_rest(const sensitivity_run_t *r, FILE *out, const double *x,
                         const int64_t *seed, double *y, size_t points, size_t done, error_t *e)
{
    char scratch[SCRATCH_PATH_SIZE];
    progress_t progress;
    int rc = scratch_folder("sensitivity", scratch, e);
    if (rc < 0) {
        return rc;
    }
    progress_start(&progress, "cohorts");
    progress.state.resumed = (int64_t)done;
    for (size_t i = done; rc == 0 && i < points; i++) {
        rc = evaluate(r, scratch, x + i * r->inputs, seed[i], &y[i], e);
        if (rc == 0 && write_line(r, x + i * r->inputs, seed[i], y[i], out)) {
            rc = ERROR_RAISE(e, ERROR_FILE_WRITE,
                             "%s.partial: %s; free some space, then --resume goes on", r->path,
                             strerror(errno));
        }
        progress_update(&progress, (int64_t)i + 1, (int64_t)points);
    }
    (void)progress_end(&progress);
    (void)rmdir(scratch);
    return rc;
}

int sensitivity_run(const sensitivity_run_t *r, const double *x, const int64_t *seed, double *y,
                    size_t points, error_t *e)
{
    const size_t size = strlen(r->path) + sizeof ".partial";
    char *partial = malloc(size);
    FILE *out = NULL;
    size_t done = 0;
    if (partial == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for a path");
    }
    (void)snprintf(partial, size, "%s.partial", r->path);
    int rc = open_results(r, partial, &out, y, points, &done, e);
    rc = rc != 0 ? rc : evaluate_rest(r, out, x, seed, y, points, done, e);
    if (out != NULL && fclose(out) != 0 && rc == 0) {
        rc = ERROR_RAISE(e, ERROR_FILE_WRITE, "%s: %s", partial, strerror(errno));
    }
    rc = rc != 0 ? rc : durable_rename(partial, r->path, e);
    free(partial);
    return rc;
}
