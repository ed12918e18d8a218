/* SPDX-License-Identifier: Apache-2.0 */
/* The whole road on a study: patient-years a second, and where the time of a patient-year goes.
 *
 * The parts are those of meter.h, on one thread; the whole is measured again without the meter.
 */
#include "tests/bench/bench.h"
#include "tests/bench/meter.h"

#include "cohort/cohort.h"
#include "config/study.h"
#include "host/core.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MAINTENANCE "configs/baclofen-maintenance.yaml"
#define FIRST_YEAR "configs/baclofen-first-year.yaml"
#define OUTPUT "build/bench.h5"
#define YEAR_MS (365.25 * 86400000.0)

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void fail(const error_t *e)
{
    fprintf(stderr, "bench: %s\n", e->text);
    exit(1);
}

static void load(study_t *s, const char *path, const char *patients)
{
    study_override_t set[] = {{patients}};
    diagnostic_t found;
    error_t e = {0};
    diagnostic_init(&found);
    if (study_load(s, path, set, 1, &found, &e) < 0) {
        (void)diagnostic_print(&found, stderr);
        fail(&e);
    }
    diagnostic_free(&found);
}

/* All patients of a study in all arms. */
static double trajectories(const study_t *s)
{
    return (double)s->patients * (double)s->arms.count;
}

static double cohort_once_s(const study_t *s, const core_t *core, int jobs)
{
    static const volatile sig_atomic_t never = 0;
    cohort_t c = {.study = s,
                  .core = core,
                  .path = OUTPUT,
                  .jobs = jobs,
                  .overwrite = true,
                  .interrupt = &never};
    cohort_outcome_t outcome;
    error_t e = {0};
    double start = now_s();
    if (cohort_run(&c, &outcome, &e) < 0) {
        fail(&e);
    }
    (void)remove(OUTPUT);
    return now_s() - start;
}

static double cohort_s(const study_t *s, int jobs)
{
    core_t core = core_builtin();
    double best = cohort_once_s(s, &core, jobs);
    for (int i = 1; i < BENCH_RUNS; i++) {
        best = fmin(best, cohort_once_s(s, &core, jobs));
    }
    return best;
}

/* Seconds of each part in a trajectory, dataset included: those of the run whose sum is least. Returns the sum. */
static double parts_s(const study_t *s, double best[METER_PARTS])
{
    core_t core = meter_core(core_builtin());
    double least = (double)INFINITY;
    for (int i = 0; i < BENCH_RUNS; i++) {
        double part[METER_PARTS], sum = 0.0;
        meter_start();
        (void)cohort_once_s(s, &core, 1);
        meter_stop(part);
        for (int k = 0; k < METER_PARTS; k++) {
            sum += part[k] / trajectories(s);
        }
        for (int k = 0; k < METER_PARTS && sum < least; k++) {
            best[k] = part[k] / trajectories(s);
        }
        least = fmin(least, sum);
    }
    return least;
}

static void say(const char *part, double ms, double whole_ms)
{
    printf("    %-34s %9.3f ms  %5.1f %%\n", part, ms, 100.0 * ms / whole_ms);
}

static void budget(const study_t *s)
{
    static const char *const name[METER_PARTS] = {
        [METER_DEVICE] = "device: pump, catheter, host, feed",
        [METER_EIGEN] = "eigen: modes, step factors",
        [METER_WAKE] = "wake: the core",
        [METER_TRANSPORT] = "transport: CSF to plasma, ledger",
        [METER_EFFECT] = "effect: tone, tolerance",
        [METER_CARE] = "care: contacts, visits, telemetry",
        [METER_WRITE] = "write: record, journal, dataset"};
    static const meter_part_t order[METER_PARTS] = {METER_EIGEN,     METER_WAKE,   METER_DEVICE,
                                                    METER_TRANSPORT, METER_EFFECT, METER_CARE,
                                                    METER_WRITE};
    double part[METER_PARTS] = {0.0};
    double scale = 1000.0 * YEAR_MS / (double)s->horizon_ms;
    double unmetered = cohort_s(s, 1) / trajectories(s);
    double sum = parts_s(s, part);
    printf("  one thread, %.4g days, %.0f wakes a patient; ms per patient-year:\n",
           (double)s->horizon_ms / 86400000.0, (double)meter_wakes() / trajectories(s));
    for (int k = 0; k < METER_PARTS; k++) {
        say(name[order[k]], part[order[k]] * scale, sum * scale);
    }
    say("sum of the parts", sum * scale, sum * scale);
    say("measured without the meter", unmetered * scale, sum * scale);
}

/* Ten years at 0.3 mL/day, refilled every 60 days: the long run that the target speaks of; so many patients that starting and
 * ending a run, some 0.1 s, are no part of the rate. */
static void load_ten_years(study_t *s)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    study_source_t source = {.name = "bench"};
    diagnostic_t found;
    error_t e = {0};
    if (out == NULL) {
        exit(1);
    }
    fprintf(out, "study: {name: ten-years, patients: 64, horizon: 3650 day, seed: 1}\n"
                 "drugs: [{name: baclofen, concentration: 500 ug/mL}]\ncatheter: {tip: T10}\n"
                 "therapy: {mode: simple, dose: 150 ug/day}\nevents:\n");
    for (int day = 60; day < 3650; day += 60) {
        fprintf(out, "  - {at: %d day, order: refill, volume: 20 mL}\n", day);
    }
    (void)fclose(out);
    source.text = text;
    source.length = length;
    diagnostic_init(&found);
    if (study_parse(s, &source, &found, &e) < 0) {
        (void)diagnostic_print(&found, stderr);
        fail(&e);
    }
    diagnostic_free(&found);
    free(text);
}

static double rate_per_s(const study_t *s, int jobs)
{
    return trajectories(s) * (double)s->horizon_ms / YEAR_MS / cohort_s(s, jobs);
}

static void say_rate(const study_t *s, int jobs)
{
    printf("  dataset included, %d thread%s: %.0f patient-years/s\n", jobs, jobs == 1 ? "" : "s",
           rate_per_s(s, jobs));
}

static void bench_one(const study_t *s, const char *what)
{
    printf("\nWhole system, %lld patients, %lld arm%s: %s\n", (long long)s->patients,
           (long long)s->arms.count, s->arms.count == 1 ? "" : "s", what);
    budget(s);
    say_rate(s, 1);
}

static void bench_file(const char *path, const char *patients, const char *what)
{
    study_t s;
    load(&s, path, patients);
    bench_one(&s, what);
    say_rate(&s, 2);
    study_free(&s);
}

void bench_study(void)
{
    study_t s;
    bench_file(MAINTENANCE, "study.patients=24",
               MAINTENANCE ", simple continuous 0.6 mL/day, no clinic");
    bench_file(FIRST_YEAR, "study.patients=12",
               FIRST_YEAR ", simple continuous, titrated by a clinic");
    load_ten_years(&s);
    bench_one(&s, "ten years, simple continuous 0.3 mL/day at 0.25 uL a pulse, daily series");
    bench_line("  the same, dataset included, two threads", rate_per_s(&s, 2), "patient-years/s",
               BENCH_AT_LEAST, 203.0);
    study_free(&s);
}
