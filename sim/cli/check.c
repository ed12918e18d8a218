/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim check`: is a study sound, and what does it say in full? */
#include "cli/command.h"
#include "cohort/admission.h"
#include "cohort/embody.h"
#include "cohort/estimate.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

static int say_resolved(const study_t *s)
{
    char *text = NULL;
    error_t e = {0};
    if (study_resolved(s, &text, &e) < 0) {
        command_error(&e);
        return CLI_FAILED;
    }
    fputs(text, stdout);
    free(text);
    return CLI_DONE;
}

/* A time as a person would say it. */
static void say_time(double time_s)
{
    if (time_s < 1.0) {
        printf("under 1 s");
    } else if (time_s < 120.0) {
        printf("about %.0f s", time_s);
    } else if (time_s < 7200.0) {
        printf("about %.0f min", time_s / 60.0);
    } else {
        printf("about %.1f h", time_s / 3600.0);
    }
}

static void say_size(double bytes)
{
    if (bytes < 999.5e6) {
        printf("%.*f MB", bytes < 9.95e6 ? 1 : 0, bytes / 1e6);
    } else {
        printf("%.1f GB", bytes / 1e9);
    }
}

static void say_estimate(const study_t *s)
{
    int threads = omp_get_max_threads();
    estimate_t cost;
    estimate_study(s, threads, &cost);
    printf("  time     ");
    say_time(cost.time_s);
    printf(" for %.0f patient-years on %d thread%s\n  dataset  about ", cost.patient_years, threads,
           threads == 1 ? "" : "s");
    say_size(cost.dataset_bytes);
    printf(", and ");
    say_size(cost.journal_bytes);
    printf(" of journal beside it until it is complete\n  memory   about %.0f MiB\n"
           "  (from runs measured on a machine of two cores; good to a factor of two)\n",
           cost.memory_bytes / 1048576.0);
}

/* Patients whose bodies are tried; a few milliseconds each. */
#define TRIED 8
#define TRIED_DRAWS 64

/* Whether the first patients' bodies can be built; where one cannot, that a run would stop there. */
static bool try_bodies(const study_t *s)
{
    record_key_t who;
    error_t e = {0};
    if (embody_try(s, TRIED, TRIED_DRAWS, &who, &e) == 0) {
        return true;
    }
    fprintf(stderr, "thecasim: warning: patient %lld of arm %s", (long long)who.patient,
            s->arms.name[who.arm]);
    if (who.replicate > 0) {
        fprintf(stderr, " in replicate %d", who.replicate);
    }
    fprintf(stderr, " cannot be built, and a run stops there: %s (%s)\n", e.text,
            error_symbol(e.code));
    return false;
}

static void say_verdict(const study_t *s, const char *path)
{
    printf("%s: %s: %lld patients for %.6g days, %lld arm%s\n", path,
           try_bodies(s) ? "sound" : "well formed, but a run would stop", (long long)s->patients,
           (double)s->horizon_ms / 86400000.0, (long long)s->arms.count,
           s->arms.count == 1 ? "" : "s");
    if (s->parameter_draws > 0) {
        printf("  draws    %lld of %lld uncertain parameter%s, beside their central values\n",
               (long long)s->parameter_draws, (long long)s->n_uncertain,
               s->n_uncertain == 1 ? "" : "s");
    }
}

int check_command(int argc, char **argv)
{
    bool resolved = false;
    option_list_t set = {.count = 0};
    const option_row_t row[] = {
        {"resolved", 0, OPTION_FLAG, &resolved, NULL, "print the whole study, defaults included"},
        {"set", 0, OPTION_LIST, &set, "KEY=VALUE", "replace one value; may be repeated"},
    };
    const command_t command = {
        "check",
        "STUDY.yaml",
        "validate a study and say what it amounts to",
        "thecasim check configs/baclofen-maintenance.yaml --set study.patients=100",
        row,
        sizeof row / sizeof row[0],
        1,
        1};
    operands_t left;
    study_t study;
    int code = options_parse(&command, argc, argv, &left);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    const core_t core = core_builtin();
    const study_judge_t judge = admission_judge(&core);
    code = command_study_judged(&study, left.item[0], &set, &judge);
    if (code != CLI_DONE) {
        return code;
    }
    if (resolved) {
        code = say_resolved(&study);
    } else {
        say_verdict(&study, left.item[0]);
        say_estimate(&study);
    }
    study_free(&study);
    return code;
}
