/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands share: how errors are said, how studies and cores are read. */
#include "cli/command.h"
#include "cohort/thaw.h"

#include <omp.h>
#include <stdio.h>
#include <string.h>

#define JOBS_MAX 1024

void command_error(const error_t *e)
{
    fprintf(stderr, "thecasim: error: %s", e->text);
    if (e->patient > 0) {
        fprintf(stderr, " [patient %lld, day %.6f]", (long long)e->patient,
                (double)e->time_ms / 86400000.0);
    }
    fprintf(stderr, " (%s)\n", error_symbol(e->code));
}

int command_failed(const error_t *e)
{
    command_error(e);
    return e->code == ERROR_INTERRUPTED ? CLI_INTERRUPTED : CLI_FAILED;
}

int command_core(core_t *core, const char *path)
{
    error_t e = {0};
    if (path == NULL) {
        *core = core_builtin();
        return CLI_DONE;
    }
    if (core_load(path, core, &e) < 0) {
        command_error(&e);
        return CLI_USAGE;
    }
    return CLI_DONE;
}

int command_jobs(int *jobs, int64_t asked, const char *command)
{
    if (asked > JOBS_MAX) {
        fprintf(stderr, "thecasim: error: %s: --jobs %lld: at most %d threads\n", command,
                (long long)asked, JOBS_MAX);
        return CLI_USAGE;
    }
    *jobs = asked > 0 ? (int)asked : omp_get_max_threads();
    return CLI_DONE;
}

int command_study(study_t *s, const char *path, const option_list_t *set)
{
    return command_study_judged(s, path, set, NULL);
}

/* `name` is const char **. */
static void say_warning(void *name, const char *text)
{
    fprintf(stderr, "%s: warning: %s\n", *(const char **)name, text);
}

/* Those of a frozen cohort, where the study names one. */
static int take_people(study_t *s, const char *path)
{
    error_t e = {0};
    const int code = thaw_study(s, say_warning, &path, &e);
    if (code == 0) {
        return CLI_DONE;
    }
    study_free(s);
    command_error(&e);
    return code == ERROR_CONFIG ? CLI_USAGE : CLI_FAILED;
}

int command_study_judged(study_t *s, const char *path, const option_list_t *set,
                         const study_judge_t *judge)
{
    study_override_t overrides[OPTIONS_LIST_MAX];
    diagnostic_t found;
    error_t e = {0};
    int code;
    diagnostic_init(&found);
    for (size_t i = 0; i < set->count; i++) {
        overrides[i].text = set->item[i];
    }
    code = study_load_judged(s, path, overrides, set->count, judge, &found, &e);
    (void)diagnostic_print(&found, stderr);
    diagnostic_free(&found);
    if (code < 0) {
        command_error(&e);
        return CLI_USAGE;
    }
    return take_people(s, path);
}

/* The number of an arm; -1: none is called so. */
static int32_t find_arm(const char *asked, const char *const *name, size_t arms)
{
    char number[24];
    for (size_t i = 0; i < arms; i++) {
        if (asked == NULL || strcmp(asked, name[i]) == 0) {
            return (int32_t)i;
        }
    }
    for (size_t i = 0; i < arms; i++) {
        (void)snprintf(number, sizeof number, "%zu", i);
        if (strcmp(asked, number) == 0) {
            return (int32_t)i;
        }
    }
    return -1;
}

int command_arm(int32_t *arm, const char *asked, const char *const *name, size_t arms,
                const char *owner, const char *command)
{
    *arm = find_arm(asked, name, arms);
    if (*arm >= 0) {
        return CLI_DONE;
    }
    fprintf(stderr, "thecasim: error: %s: %s has no arm '%s'; its arms are", command, owner, asked);
    for (size_t i = 0; i < arms; i++) {
        fprintf(stderr, "%s %zu %s", i > 0 ? "," : "", i, name[i]);
    }
    fprintf(stderr, "\n");
    return CLI_USAGE;
}

int command_study_arm(int32_t *arm, const char *asked, const study_t *s, const char *command)
{
    const char *name[STUDY_ARMS_MAX];
    for (int64_t i = 0; i < s->arms.count; i++) {
        name[i] = s->arms.name[i];
    }
    return command_arm(arm, asked, name, (size_t)s->arms.count, s->name, command);
}

int command_field(enum fields_id *field, const char *asked, enum fields_table table,
                  const char *command)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        const fields_t *f = fields_get((enum fields_id)i);
        if (f->table == table && (f->type == FIELDS_TYPE_F64 || f->type == FIELDS_TYPE_F32) &&
            strcmp(f->name, asked) == 0) {
            *field = (enum fields_id)i;
            return CLI_DONE;
        }
    }
    fprintf(stderr,
            "thecasim: error: %s: no number of table %s is called '%s'; thecasim reference "
            "--dataset lists them\n",
            command, fields_table(table)->name, asked);
    return CLI_USAGE;
}

int command_suite(suite_t *s, const char *path, int64_t patients)
{
    diagnostic_t found;
    error_t e = {0};
    diagnostic_init(&found);
    const int code = suite_load(s, path, &found, &e);
    if (code < 0) {
        (void)diagnostic_print(&found, stderr);
        command_error(&e);
    }
    diagnostic_free(&found);
    if (code >= 0 && patients > 0) {
        suite_first(s, patients);
    }
    return code < 0 ? CLI_USAGE : CLI_DONE;
}

int command_departures(departure_t *to, const char *path, suite_t *s)
{
    diagnostic_t found;
    error_t e = {0};
    diagnostic_init(&found);
    int code = departure_load(to, path, &found, &e);
    code = code < 0 ? code : departure_apply(to, s, &e);
    if (code < 0) {
        (void)diagnostic_print(&found, stderr);
        command_error(&e);
    }
    diagnostic_free(&found);
    return code < 0 ? CLI_USAGE : CLI_DONE;
}

static volatile sig_atomic_t interrupted;

static void note_signal(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

const volatile sig_atomic_t *command_interrupt(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = note_signal;
    /* A second one kills: somebody who asks twice means it. */
    action.sa_flags = (int)SA_RESETHAND;
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    return &interrupted;
}
