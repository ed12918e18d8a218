/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim run`: runs a study and writes its dataset. */
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/shard.h"
#include "cohort/cohort.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct run_options_t {
    const char *output, *core, *seed, *shard_asked;
    shard_t shard;
    int64_t jobs_asked;
    int jobs;
    bool force, resume;
    option_list_t set;
} run_options_t;

/* The study's name with .h5, in the current folder. */
static const char *output_path(const run_options_t *o, const study_t *s, char *buffer, size_t size)
{
    if (o->output != NULL) {
        return o->output;
    }
    if (o->shard.count > 0) {
        (void)snprintf(buffer, size, "%s.shard-%lld-of-%lld.h5", s->name, (long long)o->shard.index,
                       (long long)o->shard.count);
    } else {
        (void)snprintf(buffer, size, "%s.h5", s->name);
    }
    return buffer;
}

/* The command that shows the failure alone; arm NULL: the first. */
static void say_replay(const run_options_t *o, const char *path, int64_t patient, const char *arm,
                       int32_t replicate)
{
    fprintf(stderr, "thecasim: to see it alone: thecasim replay %s --patient %lld", path,
            (long long)patient);
    if (arm != NULL) {
        fprintf(stderr, " --arm '%s'", arm);
    }
    if (replicate > 0) {
        fprintf(stderr, " --replicate %d", replicate);
    }
    for (size_t i = 0; i < o->set.count; i++) {
        fprintf(stderr, " --set '%s'", o->set.item[i]);
    }
    if (o->core != NULL) {
        fprintf(stderr, " --core %s", o->core);
    }
    fputc('\n', stderr);
}

/* What is counted: a patient lives once in every arm and replicate. */
static const char *things_of(const study_t *s)
{
    return s->arms.count > 1 || s->parameter_draws > 0 ? "trajectories" : "patients";
}

static void say_done(const cohort_t *c, const cohort_outcome_t *outcome, double seconds)
{
    const study_t *s = c->study;
    printf("%s: %lld patients of %s", c->path, (long long)s->patients, s->name);
    if (s->arms.count > 1) {
        printf(" in each of %lld arms", (long long)s->arms.count);
    }
    if (s->parameter_draws > 0) {
        printf(", in %lld draws of %lld uncertain parameters and with their central values",
               (long long)s->parameter_draws, (long long)s->n_uncertain);
    }
    printf(", %.6g days each\n", (double)s->horizon_ms / 86400000.0);
    if (c->shards > 0) {
        printf("only shard %lld of %lld: 'thecasim merge' makes one dataset of all\n",
               (long long)c->shard, (long long)c->shards);
    }
    fprintf(stderr, "thecasim: %lld %s in %.2f s on %d threads\n", (long long)outcome->run,
            things_of(s), seconds, c->jobs);
}

static int run_cohort(const run_options_t *o, const char *path, const study_t *s,
                      const core_t *core)
{
    char buffer[STUDY_NAME_SIZE + 64];
    progress_t progress;
    cohort_t cohort = {.study = s,
                       .core = core,
                       .path = output_path(o, s, buffer, sizeof buffer),
                       .jobs = o->jobs,
                       .overwrite = o->force,
                       .resume = o->resume,
                       .shard = o->shard.index,
                       .shards = o->shard.count,
                       .progress = progress_show,
                       .context = &progress,
                       .interrupt = command_interrupt()};
    cohort_outcome_t outcome;
    error_t e = {0};
    double seconds;
    int code;
    progress_start(&progress, things_of(s));
    code = cohort_run(&cohort, &outcome, &e);
    seconds = progress_end(&progress);
    if (code == 0) {
        say_done(&cohort, &outcome, seconds);
        return CLI_DONE;
    }
    code = command_failed(&e);
    if (code == CLI_INTERRUPTED) {
        fprintf(stderr, "thecasim: the same command with --resume goes on\n");
    }
    if (e.patient > 0) {
        const int32_t arm = outcome.failed_arm;
        say_replay(o, path, e.patient, arm > 0 ? s->arms.name[arm] : NULL,
                   outcome.failed_replicate);
    }
    return code;
}

static int run_study(const run_options_t *o, const char *path)
{
    study_t study;
    core_t core;
    int code = command_study(&study, path, &o->set);
    if (code != CLI_DONE) {
        return code;
    }
    code = command_core(&core, o->core);
    if (code == CLI_DONE) {
        code = run_cohort(o, path, &study, &core);
        core_close(&core);
    }
    study_free(&study);
    return code;
}

int run_command(int argc, char **argv)
{
    char seed[64];
    run_options_t o = {.jobs_asked = 0};
    const option_row_t row[] = {
        {"output", 'o', OPTION_TEXT, &o.output, "OUT.h5",
         "the dataset; default: the study's name, here"},
        {"jobs", 'j', OPTION_COUNT, &o.jobs_asked, "N", "threads; default: all cores"},
        {"seed", 0, OPTION_TEXT, &o.seed, "S", "as --set study.seed=S"},
        {"set", 0, OPTION_LIST, &o.set, "KEY=VALUE",
         "replace one value of the study; may be repeated"},
        {"core", 0, OPTION_TEXT, &o.core, "CORE.so",
         "another dosing core; default: the built-in one"},
        {"shard", 0, OPTION_TEXT, &o.shard_asked, "I/N|auto",
         "only every N-th patient from the I-th on; auto: as Slurm or MPI say"},
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
    if (command_jobs(&o.jobs, o.jobs_asked, "run") != CLI_DONE) {
        return CLI_USAGE;
    }
    if (shard_read(&o.shard, o.shard_asked) != 0) {
        return CLI_USAGE;
    }
    if (o.seed != NULL) {
        if (o.set.count == OPTIONS_LIST_MAX) {
            fprintf(stderr, "thecasim: error: run: --seed is a --set too, and there are %d\n",
                    OPTIONS_LIST_MAX);
            return CLI_USAGE;
        }
        (void)snprintf(seed, sizeof seed, "study.seed=%s", o.seed);
        o.set.item[o.set.count++] = seed;
    }
    return run_study(&o, left.item[0]);
}
