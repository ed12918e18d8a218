/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim population`: draws the people of a study without living them, describes them, and freezes them to a file. */
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/scratch.h"
#include "cohort/freeze.h"
#include "summary/drawn_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct population_options_t {
    const char *output, *seed, *arm;
    int64_t people, jobs_asked;
    int jobs;
    bool json, correlations, force;
    option_list_t set;
} population_options_t;

/* ---- describing ---- */

static int describe_file(const population_options_t *o, const char *path, error_t *e)
{
    drawn_t *d = calloc(1, sizeof *d);
    frozen_t *file = NULL;
    int rc = d == NULL ? ERROR_RAISE(e, ERROR_MEMORY, "out of memory to describe people")
                       : frozen_open(&file, path, e);
    rc = rc != 0 ? rc : frozen_verify_identity(file, e);
    rc = rc != 0 ? rc : drawn_compute(d, file, o->correlations, e);
    if (rc == 0) {
        rc = o->json ? drawn_text_json(d, stdout, e) : drawn_text_print(d, stdout, e);
    }
    if (d != NULL) {
        drawn_free(d);
    }
    free(d);
    frozen_close(&file);
    return rc;
}

/* ---- drawing ---- */

/* Where nobody asks for the file, it is one of a scratch. */
static int draw_to(const population_options_t *o, const study_t *s, int32_t arm, const char *path,
                   bool overwrite, error_t *e)
{
    char hash[FROZEN_HASH_SIZE];
    progress_t progress;
    const freeze_t freeze = {.study = s,
                             .arm = arm,
                             .path = path,
                             .jobs = o->jobs,
                             .overwrite = overwrite,
                             .progress = progress_show,
                             .context = &progress,
                             .interrupt = command_interrupt()};
    progress_start(&progress, "people");
    int rc = freeze_run(&freeze, hash, e);
    const double seconds = progress_end(&progress);
    if (rc == 0) {
        fprintf(stderr, "thecasim: %lld people in %.2f s on %d threads%s%s\n",
                (long long)s->patients, seconds, o->jobs, o->output != NULL ? ", frozen to " : "",
                o->output != NULL ? o->output : "");
        rc = describe_file(o, path, e);
    }
    return rc;
}

static int draw(const population_options_t *o, const study_t *s, int32_t arm, error_t *e)
{
    char scratch[SCRATCH_PATH_SIZE];
    if (o->output != NULL) {
        return draw_to(o, s, arm, o->output, o->force, e);
    }
    int rc = scratch_file("people", scratch, e);
    if (rc == 0) {
        rc = draw_to(o, s, arm, scratch, true, e);
        (void)unlink(scratch);
    }
    return rc;
}

static int draw_study(population_options_t *o, const char *path)
{
    study_t study;
    error_t e = {0};
    int32_t arm = 0;
    int code = command_study(&study, path, &o->set);
    if (code != CLI_DONE) {
        return code;
    }
    code = command_study_arm(&arm, o->arm, &study, "population");
    if (code == CLI_DONE && study_arm(&study, arm)->body.model == STUDY_BODY_NONE) {
        fprintf(stderr, "thecasim: warning: body.model is none: these people live without a body, "
                        "and what they have of one is not used\n");
    }
    if (code == CLI_DONE && draw(o, &study, arm, &e) != 0) {
        code = command_failed(&e);
    }
    study_free(&study);
    return code;
}

/* ---- a file that is there ---- */

static bool is_frozen(const char *path)
{
    const char *point = strrchr(path, '.');
    return (point != NULL && strcmp(point, ".h5") == 0) || frozen_is(path);
}

static int describe_frozen(const population_options_t *o, const char *path)
{
    error_t e = {0};
    if (o->output != NULL || o->seed != NULL || o->arm != NULL || o->people >= 0 ||
        o->set.count > 0) {
        fprintf(stderr,
                "thecasim: error: population: %s is frozen already; --people, --set, --seed, --arm "
                "and -o are for a STUDY.yaml\n",
                path);
        return CLI_USAGE;
    }
    return describe_file(o, path, &e) == 0 ? CLI_DONE : command_failed(&e);
}

/* ---- the command ---- */

static int add_setting(population_options_t *o, const char *text)
{
    if (o->set.count == OPTIONS_LIST_MAX) {
        fprintf(stderr,
                "thecasim: error: population: --people and --seed are a --set too, and there are "
                "%d\n",
                OPTIONS_LIST_MAX);
        return CLI_USAGE;
    }
    o->set.item[o->set.count++] = text;
    return CLI_DONE;
}

static int start(population_options_t *o, const char *path)
{
    char seed[64], people[64];
    int code = command_jobs(&o->jobs, o->jobs_asked, "population");
    if (code != CLI_DONE) {
        return code;
    }
    if (is_frozen(path)) {
        return describe_frozen(o, path);
    }
    if (o->seed != NULL) {
        (void)snprintf(seed, sizeof seed, "study.seed=%s", o->seed);
        code = add_setting(o, seed);
    }
    if (code == CLI_DONE && o->people >= 0) {
        (void)snprintf(people, sizeof people, "study.patients=%lld", (long long)o->people);
        code = add_setting(o, people);
    }
    return code != CLI_DONE ? code : draw_study(o, path);
}

int population_command(int argc, char **argv)
{
    population_options_t o = {.people = -1}; /* not given */
    const option_row_t row[] = {
        {"people", 'n', OPTION_COUNT, &o.people, "N", "how many; default: the study's patients"},
        {"output", 'o', OPTION_TEXT, &o.output, "COHORT.h5",
         "freeze them there; a study takes them by population.cohort"},
        {"arm", 0, OPTION_TEXT, &o.arm, "A", "of which arm, by name or number; default: the first"},
        {"correlations", 0, OPTION_FLAG, &o.correlations, NULL,
         "also those of every pair of what varies"},
        {"json", 0, OPTION_FLAG, &o.json, NULL, "print JSON"},
        {"seed", 0, OPTION_TEXT, &o.seed, "S", "as --set study.seed=S"},
        {"set", 0, OPTION_LIST, &o.set, "KEY=VALUE",
         "replace one value of the study; may be repeated"},
        {"jobs", 'j', OPTION_COUNT, &o.jobs_asked, "N", "threads; default: all cores"},
        {"force", 0, OPTION_FLAG, &o.force, NULL, "replace what has that name"},
    };
    const command_t command = {
        "population",
        "STUDY.yaml|COHORT.h5",
        "draw, describe, freeze a cohort",
        "thecasim population configs/baclofen-maintenance.yaml --people 200 -o cohort.h5\n"
        "  thecasim population cohort.h5 --correlations\n"
        "  thecasim run configs/baclofen-maintenance.yaml --set population.cohort=cohort.h5 -o "
        "study.h5",
        row,
        sizeof row / sizeof row[0],
        1,
        1};
    operands_t left;
    const int code = options_parse(&command, argc, argv, &left);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    return start(&o, left.item[0]);
}
