/* SPDX-License-Identifier: Apache-2.0 */
/* The whole road on a study: patient-years a second, and where the time of a patient-year goes.
 *
 * The parts are found by difference between runs of the same patients: with and without a body, and with the
 * core's calls timed from outside. Nothing in the program is instrumented for it.
 */
#include "tests/bench/bench.h"

#include "body/body.h"
#include "body/person.h"
#include "cohort/cohort.h"
#include "cohort/trajectory.h"
#include "config/study.h"
#include "host/core.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define STUDY "configs/baclofen-maintenance.yaml"
#define OUTPUT "build/bench.h5"
#define PATIENTS 12
#define RUNS 5
#define YEAR_MS (365.25 * 86400000.0)

static double core_s; /* spent inside the core; this program has one thread where it is used */
static const dosing_entry_t *inner;

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static dosing_status_t timed_wake(dosing_state_t *state, uint64_t *next_ms)
{
    double start = now_s();
    dosing_status_t status = inner->wake(state, next_ms);
    core_s += now_s() - start;
    return status;
}

static void fail(const error_t *e)
{
    fprintf(stderr, "bench: %s\n", e->text);
    exit(1);
}

static void load(study_t *s, const char *patients, const char *model)
{
    study_override_t set[] = {{patients}, {model}};
    diagnostic_t found;
    error_t e = {0};
    diagnostic_init(&found);
    if (study_load(s, STUDY, set, 2, &found, &e) < 0) {
        (void)diagnostic_print(&found, stderr);
        fail(&e);
    }
    diagnostic_free(&found);
}

/* Seconds a patient takes, mean over PATIENTS, once. */
static double patients_once_s(const study_t *s, const core_t *core, int64_t *wakes)
{
    double start = now_s();
    record_t r;
    error_t e = {0};
    record_init(&r);
    for (int64_t patient = 1; patient <= PATIENTS; patient++) {
        trajectory_request_t q = {s, core, {patient, 0, 0}, false};
        record_view_t view;
        size_t size;
        record_reset(&r, q.key);
        if (trajectory_run(&q, &r, &e) < 0 || record_finish(&r, &e) < 0) {
            fail(&e);
        }
        const uint8_t *frame = record_frame(&r, &size);
        if (record_parse(frame, size, &r.layout, &view, &e) < 0) {
            fail(&e);
        }
        *wakes = (int64_t)record_view_number(&view, &r.layout, FIELD_PATIENTS_WAKES, 0);
    }
    record_free(&r);
    return (now_s() - start) / PATIENTS;
}

/* The best of RUNS: what the machine's other work adds is never negative. */
static double patient_s(const study_t *s, const core_t *core, int64_t *wakes)
{
    double best = patients_once_s(s, core, wakes);
    for (int i = 1; i < RUNS; i++) {
        best = fmin(best, patients_once_s(s, core, wakes));
    }
    return best;
}

static double eigen_once_s(const study_t *s)
{
    body_param_t p = body_param_default();
    double start = now_s();
    p.csf[0] = s->body.csf;
    for (int i = 0; i < PATIENTS; i++) {
        body_t b;
        error_t e = {0};
        if (body_init(&b, &p, &e) < 0) {
            fail(&e);
        }
        body_free(&b);
    }
    return (now_s() - start) / PATIENTS;
}

static double eigen_s(const study_t *s)
{
    double best = eigen_once_s(s);
    for (int i = 1; i < RUNS; i++) {
        best = fmin(best, eigen_once_s(s));
    }
    return best;
}

/* Seconds inside the core in one patient's wakes: the least of RUNS, less what reading the clock takes. */
static double wakes_s(const study_t *bare, int64_t *wakes)
{
    core_t core = core_builtin();
    dosing_entry_t timed = *core.entry;
    double best = INFINITY, clock;
    inner = core.entry;
    timed.wake = timed_wake;
    core.entry = &timed;
    for (int i = 0; i < RUNS; i++) {
        core_s = 0.0;
        (void)patients_once_s(bare, &core, wakes);
        best = fmin(best, core_s / PATIENTS);
    }
    clock = now_s();
    for (int i = 0; i < 100000; i++) {
        (void)now_s();
    }
    return best - (double)*wakes * (now_s() - clock) / 100000.0;
}

static double cohort_once_s(const study_t *s, int jobs)
{
    static const volatile sig_atomic_t never = 0;
    core_t core = core_builtin();
    cohort_t c = {.study = s,
                  .core = &core,
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
    double best = cohort_once_s(s, jobs);
    for (int i = 1; i < RUNS; i++) {
        best = fmin(best, cohort_once_s(s, jobs));
    }
    return best;
}

static void say(const char *part, double ms, double whole_ms)
{
    printf("    %-34s %9.3f ms  %5.1f %%\n", part, ms, 100.0 * ms / whole_ms);
}

static void budget(const study_t *s, const study_t *bare)
{
    core_t core = core_builtin();
    double years = (double)s->horizon_ms / YEAR_MS, scale = 1000.0 / years;
    int64_t wakes = 0;
    double whole = patient_s(s, &core, &wakes) * scale;
    double device = patient_s(bare, &core, &wakes) * scale;
    double eigen = eigen_s(s) * scale;
    double core_ms = wakes_s(bare, &wakes) * scale;
    double write = cohort_s(s, 1) / (double)s->patients * scale - whole;
    printf("  one core, %.3g days, %lld wakes a patient; ms per patient-year:\n",
           (double)s->horizon_ms / 86400000.0, (long long)wakes);
    say("eigen: modes and step factors", eigen, whole);
    say("wake: the core", core_ms, whole);
    say("device, host, care, record", device - core_ms, whole);
    say("transport, effect, ledger", whole - device - eigen, whole);
    say("whole trajectory", whole, whole);
    say("write: journal and dataset", write, whole);
}

/* Ten years at 0.3 mL/day, refilled every 60 days: the long run that the target speaks of. */
static void load_ten_years(study_t *s, const char *model)
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
    fprintf(out,
            "study: {name: ten-years, patients: 16, horizon: 3650 day, seed: 1}\n"
            "drugs: [{name: baclofen, concentration: 500 ug/mL}]\ncatheter: {tip: T10}\n"
            "body: {model: %s}\ntherapy: {mode: simple, dose: 150 ug/day}\nevents:\n",
            model);
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

static void say_rate(const study_t *s, int jobs, double target)
{
    double years = (double)s->patients * (double)s->horizon_ms / YEAR_MS;
    double rate = years / cohort_s(s, jobs);
    printf("  %lld patients, dataset included, %d thread%s: %.0f patient-years/s",
           (long long)s->patients, jobs, jobs == 1 ? "" : "s", rate);
    if (target > 0.0) {
        printf(", target %.0f, ratio %.2f: %s", target, rate / target,
               rate >= target ? "ok" : "missing");
    }
    printf("\n");
}

static void bench_ten_years(void)
{
    study_t study, bare;
    printf("\nWhole system, ten years: simple continuous 0.3 mL/day at 0.25 uL a pulse, daily "
           "series\n");
    load_ten_years(&study, "intrathecal");
    load_ten_years(&bare, "none");
    budget(&study, &bare);
    say_rate(&study, 1, 0.0);
    say_rate(&study, 2, 203.0);
    study_free(&study);
    study_free(&bare);
}

void bench_study(void)
{
    study_t study, bare;
    printf("\nWhole system: %s, simple continuous 0.6 mL/day at 0.25 uL a pulse, daily series\n",
           STUDY);
    load(&study, "study.patients=24", "body.model=intrathecal");
    load(&bare, "study.patients=24", "body.model=none");
    budget(&study, &bare);
    say_rate(&study, 1, 0.0);
    say_rate(&study, 2, 0.0);
    study_free(&study);
    study_free(&bare);
    bench_ten_years();
}
