/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader waits for: summary and report of 10,000 patients over a year, as a user calls them. */
#include "tests/bench/bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#define STUDY "configs/baclofen-first-year.yaml"
#define PATIENTS "10000"
#define PROGRAM "build/release/thecasim"
#define DATASET "build/bench-read.h5"
#define PAGE "build/bench-read.html"

typedef struct cost_t {
    double wall_s, processor_s;
} cost_t;

static cost_t now(void)
{
    struct timespec t;
    struct rusage u;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    (void)getrusage(RUSAGE_CHILDREN, &u);
    return (cost_t){(double)t.tv_sec + 1e-9 * (double)t.tv_nsec,
                    (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
                        1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec)};
}

/* NaN where the command fails, which is missed. */
static cost_t cost_of(const char *command)
{
    const cost_t start = now();
    const int code = system(command);
    const cost_t end = now();
    const double sound = code == 0 ? 0.0 : (double)NAN;
    return (cost_t){end.wall_s - start.wall_s + sound, end.processor_s - start.processor_s + sound};
}

static void bench_command(const char *what, const char *command, double reach_s)
{
    const cost_t c = cost_of(command);
    bench_line(what, c.wall_s, "s", BENCH_AT_MOST, reach_s);
    printf("    %.1f s of the processors\n", c.processor_s);
}

void bench_read(void)
{
    const cost_t run =
        cost_of(PROGRAM " run " STUDY " --set study.patients=" PATIENTS
                        " --set study.arms='[reference]' --force -o " DATASET " >/dev/null 2>&1");
    printf("\n" PATIENTS " patients of " STUDY
           ", one arm, a year: run in %.0f s, %.0f s of the processors\n",
           run.wall_s, run.processor_s);
    bench_command("  summary of them", PROGRAM " summary " DATASET " >/dev/null", 5.0);
    bench_command("  report of them", PROGRAM " report " DATASET " --force -o " PAGE " >/dev/null",
                  30.0);
    (void)remove(DATASET);
    (void)remove(PAGE);
}
