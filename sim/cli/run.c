/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim run`: runs a study and writes its dataset. */
#include "cli/command.h"
#include "cli/progress.h"
#include "cohort/cohort.h"

#include <omp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RUN_JOBS_MAX 1024

typedef struct run_options_t {
    const char *output, *core, *seed;
    int64_t jobs;
    bool force, resume;
    option_list_t set;
} run_options_t;

static void show(void *context, int64_t done, int64_t total)
{
    progress_update((progress_t *)context, done, total);
}

/* The study's name with .h5, in the current folder. */
static const char *output_path(const run_options_t *o, const study_t *s, char *buffer, size_t size)
{
    if (o->output != NULL) {
        return o->output;
    }
    (void)snprintf(buffer, size, "%s.h5", s->name);
    return buffer;
}

/* The command that shows the failure alone. */
static void say_replay(const run_options_t *o, const char *path, int64_t patient, int32_t arm)
{
    fprintf(stderr, "thecasim: to see it alone: thecasim replay %s --patient %lld", path,
            (long long)patient);
    if (arm > 0) {
        fprintf(stderr, " --arm %d", arm);
    }
    for (size_t i = 0; i < o->set.count; i++) {
        fprintf(stderr, " --set '%s'", o->set.item[i]);
    }
    if (o->core != NULL) {
        fprintf(stderr, " --core %s", o->core);
    }
    fputc('\n', stderr);
}

/* What is counted: a patient lives once in every arm. */
static const char *things_of(const study_t *s)
{
    return s->arms.count > 1 ? "trajectories" : "patients";
}

static void say_done(const cohort_t *c, const cohort_outcome_t *outcome, double seconds)
{
    const study_t *s = c->study;
    printf("%s: %lld patients of %s", c->path, (long long)s->patients, s->name);
    if (s->arms.count > 1) {
        printf(" in each of %lld arms", (long long)s->arms.count);
    }
    printf(", %.6g days each\n", (double)s->horizon_ms / 86400000.0);
    fprintf(stderr, "thecasim: %lld %s in %.2f s on %d threads\n", (long long)outcome->run,
            things_of(s), seconds, c->jobs);
}

static int run_cohort(const run_options_t *o, const char *path, const study_t *s,
                      const core_t *core)
{
    char buffer[STUDY_NAME_SIZE + 8];
    progress_t progress;
    cohort_t cohort = {.study = s,
                       .core = core,
                       .path = output_path(o, s, buffer, sizeof buffer),
                       .jobs = o->jobs > 0 ? (int)o->jobs : omp_get_max_threads(),
                       .overwrite = o->force,
                       .resume = o->resume,
                       .progress = show,
                       .context = &progress,
                       .interrupt = command_interrupt()};
    cohort_outcome_t outcome;
    error_t e = {0};
    double seconds;
    int code;
    progress_start(&progress, things_of(s));
    code = cohort_run(&cohort, &outcome, &e);
    seconds = progress_end(&progress);
    if (code < 0) {
        command_error(&e);
        if (e.patient > 0) {
            say_replay(o, path, e.patient, outcome.failed_arm);
        }
        return code == ERROR_INTERRUPTED ? CLI_INTERRUPTED : CLI_FAILED;
    }
    say_done(&cohort, &outcome, seconds);
    return CLI_DONE;
}

static int run_study(const run_options_t *o, const char *path)
{
    study_t study;
    core_t core;
    error_t e = {0};
    int code = command_study(&study, path, &o->set);
    if (code != CLI_DONE) {
        return code;
    }
    if (o->core != NULL && core_load(o->core, &core, &e) < 0) {
        command_error(&e);
        study_free(&study);
        return CLI_USAGE;
    }
    if (o->core == NULL) {
        core = core_builtin();
    }
    code = run_cohort(o, path, &study, &core);
    core_close(&core);
    study_free(&study);
    return code;
}

int run_command(int argc, char **argv)
{
    char seed[64];
    run_options_t o = {.jobs = 0};
    const option_row_t row[] = {
        {"output", 'o', OPTION_TEXT, &o.output, "OUT.h5",
         "the dataset; default: the study's name, here"},
        {"jobs", 'j', OPTION_COUNT, &o.jobs, "N", "threads; default: all cores"},
        {"seed", 0, OPTION_TEXT, &o.seed, "S", "as --set study.seed=S"},
        {"set", 0, OPTION_LIST, &o.set, "KEY=VALUE",
         "replace one value of the study; may be repeated"},
        {"core", 0, OPTION_TEXT, &o.core, "CORE.so",
         "another dosing core; default: the built-in one"},
        {"resume", 0, OPTION_FLAG, &o.resume, NULL, "go on with OUT.h5.journal"},
        {"force", 0, OPTION_FLAG, &o.force, NULL, "replace what has that name"},
    };
    const command_t command = {
        "run",
        "STUDY.yaml",
        "run a study and write its dataset",
        "thecasim run configs/baclofen-maintenance.yaml -o study.h5 --jobs 2",
        row,
        sizeof row / sizeof row[0],
        1,
        1};
    operands_t left;
    int code = options_parse(&command, argc, argv, &left);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    if (o.jobs > RUN_JOBS_MAX) {
        fprintf(stderr, "thecasim: error: run: --jobs %lld: at most %d threads\n",
                (long long)o.jobs, RUN_JOBS_MAX);
        return CLI_USAGE;
    }
    if (o.seed != NULL && o.set.count < OPTIONS_LIST_MAX) {
        (void)snprintf(seed, sizeof seed, "study.seed=%s", o.seed);
        o.set.item[o.set.count++] = seed;
    }
    return run_study(&o, left.item[0]);
}
