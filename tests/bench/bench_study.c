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

/* What a run takes: on the wall, and of all processors, which a busy machine does not lengthen. */
typedef struct cost_t {
    double wall_s, processor_s;
} cost_t;

static double clock_s(clockid_t clock)
{
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static cost_t now(void)
{
    return (cost_t){clock_s(CLOCK_MONOTONIC), clock_s(CLOCK_PROCESS_CPUTIME_ID)};
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

static double patient_years(const study_t *s)
{
    return trajectories(s) * (double)s->horizon_ms / YEAR_MS;
}

static cost_t cohort_once(const study_t *s, const core_t *core, int jobs)
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
    const cost_t start = now();
    if (cohort_run(&c, &outcome, &e) < 0) {
        fail(&e);
    }
    const cost_t end = now();
    (void)remove(OUTPUT);
    return (cost_t){end.wall_s - start.wall_s, end.processor_s - start.processor_s};
}

/* The least of each. */
static cost_t cohort_cost(const study_t *s, int jobs)
{
    core_t core = core_builtin();
    cost_t best = cohort_once(s, &core, jobs);
    for (int i = 1; i < BENCH_RUNS; i++) {
        const cost_t c = cohort_once(s, &core, jobs);
        best = (cost_t){fmin(best.wall_s, c.wall_s), fmin(best.processor_s, c.processor_s)};
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
        (void)cohort_once(s, &core, 1);
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
    printf("    %-38s %9.3f ms  %5.1f %%\n", part, ms, 100.0 * ms / whole_ms);
}

static void budget(const study_t *s)
{
    static const char *const name[METER_PARTS] = {
        [METER_DEVICE] = "device: pump, catheter",
        [METER_HOST] = "host: hardware seen by the core, loop",
        [METER_FEED] = "feed: outlet to steps of the body",
        [METER_EIGEN] = "eigen: modes, step factors",
        [METER_WAKE] = "wake: the core",
        [METER_TRANSPORT] = "transport: CSF to plasma, ledger",
        [METER_EFFECT] = "effect: tone, tolerance",
        [METER_CARE] = "care: contacts, visits, telemetry",
        [METER_WRITE] = "write: record, journal, dataset"};
    static const meter_part_t order[METER_PARTS] = {METER_EIGEN,  METER_WAKE, METER_HOST,
                                                    METER_DEVICE, METER_FEED, METER_TRANSPORT,
                                                    METER_EFFECT, METER_CARE, METER_WRITE};
    double part[METER_PARTS] = {0.0};
    double scale = 1000.0 * YEAR_MS / (double)s->horizon_ms;
    const cost_t unmetered = cohort_cost(s, 1);
    double sum = parts_s(s, part);
    printf("  one thread, %.4g days, %.0f wakes a patient; ms per patient-year:\n",
           (double)s->horizon_ms / 86400000.0, (double)meter_wakes() / trajectories(s));
    for (int k = 0; k < METER_PARTS; k++) {
        say(name[order[k]], part[order[k]] * scale, sum * scale);
    }
    say("sum of the parts", sum * scale, sum * scale);
    say("processor time without the meter", unmetered.processor_s / trajectories(s) * scale,
        sum * scale);
    printf("  dataset included, 1 thread: %.0f patient-years/s\n",
           patient_years(s) / unmetered.wall_s);
}

/* Ten years of a therapy at about 0.3 mL/day, refilled before it runs dry: the long runs that the targets speak of; so many
 * patients that starting and ending a run, some 0.1 s, are no part of the rate. */
typedef struct ten_years_t {
    const char *name, *drugs, *therapy, *event; /* event: "" or a line of its own */
    int patients, refill_every_days;
} ten_years_t;

static const ten_years_t simple = {
    .name = "ten-years",
    .drugs = "[{name: baclofen, concentration: 500 ug/mL}]",
    .therapy = "{mode: simple, dose: 150 ug/day}",
    .event = "",
    .patients = 64,
    .refill_every_days = 60,
};

static const ten_years_t flex = {
    .name = "ten-years-flex",
    .drugs = "[{name: baclofen, concentration: 500 ug/mL}, "
             "{name: morphine, concentration: 5 mg/mL}]",
    .therapy = "{mode: flex, steps: [{at: \"00:00\", dose: 120 ug/day}, "
               "{at: \"08:00\", dose: 165 ug/day}], "
               "on_request: {dose: 5 ug, duration: 5 min, lockout: 3 h, per_day: 4}}",
    .event = "  - {at: 1 day, order: request, for: 3649 day, per_day: 3.62}\n",
    .patients = 24,
    .refill_every_days = 50,
};

static void load_ten_years(study_t *s, const ten_years_t *t)
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
            "study: {name: %s, patients: %d, horizon: 3650 day, seed: 1}\n"
            "drugs: %s\ncatheter: {tip: T10}\ntherapy: %s\nevents:\n%s",
            t->name, t->patients, t->drugs, t->therapy, t->event);
    for (int day = t->refill_every_days; day < 3650; day += t->refill_every_days) {
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

/* On two threads; `reach` 0: no target. */
static void say_rate(const study_t *s, const char *what, double reach)
{
    const cost_t c = cohort_cost(s, 2);
    const double years = patient_years(s);
    if (reach > 0.0) {
        bench_line(what, years / c.wall_s, "patient-years/s", BENCH_AT_LEAST, reach);
    } else {
        printf("%s: %.0f patient-years/s\n", what, years / c.wall_s);
    }
    printf("    of the processors %.2f ms for a patient-year: two that do nothing else give %.0f\n",
           1000.0 * c.processor_s / years, 2.0 * years / c.processor_s);
}

static void bench_one(const study_t *s, const char *what)
{
    printf("\nWhole system, %lld patients, %lld arm%s: %s\n", (long long)s->patients,
           (long long)s->arms.count, s->arms.count == 1 ? "" : "s", what);
    budget(s);
}

static void bench_file(const char *path, const char *patients, const char *what)
{
    study_t s;
    load(&s, path, patients);
    bench_one(&s, what);
    say_rate(&s, "  dataset included, 2 threads", 0.0);
    study_free(&s);
}

void bench_study(void)
{
    study_t s;
    bench_file(MAINTENANCE, "study.patients=24",
               MAINTENANCE ", simple continuous 0.6 mL/day, no clinic");
    bench_file(FIRST_YEAR, "study.patients=12",
               FIRST_YEAR ", simple continuous, titrated by a clinic");
    load_ten_years(&s, &simple);
    bench_one(&s, "ten years, simple continuous 0.3 mL/day at 0.25 uL a pulse, daily series");
    say_rate(&s, "  the same, dataset included, two threads", 203.0);
    study_free(&s);
    load_ten_years(&s, &flex);
    bench_one(&s, "ten years, flex 0.3 mL/day, patient boluses, two drugs, daily series");
    say_rate(&s, "  the same, dataset included, two threads", 60.0);
    study_free(&s);
}
