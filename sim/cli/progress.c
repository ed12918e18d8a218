/* SPDX-License-Identifier: Apache-2.0 */
/* Progress of long work on stderr: bar, rate, time left; nothing at all where stderr is no terminal. */
#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BAR_WIDTH 28
#define REDRAW_S 0.2
#define SETTLED_S 0.5 /* a rate of less would jump */

/* ---- what is said -------------------------------------------------------------------------------------- */

double progress_rate(const progress_state_t *s)
{
    const int64_t now = s->done - s->resumed;
    return now > 0 && s->spent_s > SETTLED_S ? (double)now / s->spent_s : 0.0;
}

double progress_left_s(const progress_state_t *s)
{
    const double rate = progress_rate(s);
    return rate > 0.0 ? (double)(s->total - s->done) / rate : -1.0;
}

static void say_left(char *text, size_t size, double left_s)
{
    if (left_s < 90.0) {
        (void)snprintf(text, size, "%.0f s left", left_s);
    } else if (left_s < 90.0 * 60.0) {
        (void)snprintf(text, size, "%.0f min left", left_s / 60.0);
    } else {
        (void)snprintf(text, size, "%.1f h left", left_s / 3600.0);
    }
}

void progress_line(const progress_state_t *s, char line[PROGRESS_LINE_SIZE])
{
    const double left_s = progress_left_s(s);
    const int64_t full = s->total > 0 ? BAR_WIDTH * s->done / s->total : BAR_WIDTH;
    char bar[BAR_WIDTH + 1], left[32] = "";
    memset(bar, '.', BAR_WIDTH);
    memset(bar, '#', (size_t)(full < BAR_WIDTH ? full : BAR_WIDTH));
    bar[BAR_WIDTH] = '\0';
    if (left_s < 0.0) {
        (void)snprintf(line, PROGRESS_LINE_SIZE, "[%s] %lld of %lld %s", bar, (long long)s->done,
                       (long long)s->total, s->things);
        return;
    }
    say_left(left, sizeof left, left_s);
    (void)snprintf(line, PROGRESS_LINE_SIZE, "[%s] %lld of %lld %s, %.1f a second, %s", bar,
                   (long long)s->done, (long long)s->total, s->things, progress_rate(s), left);
}

/* ---- when it is said ----------------------------------------------------------------------------------- */

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void progress_start(progress_t *p, const char *things)
{
    *p = (progress_t){.shown = isatty(STDERR_FILENO) == 1,
                      .state = {.things = things, .resumed = -1},
                      .started_s = now_s()};
}

void progress_update(progress_t *p, int64_t done, int64_t total)
{
    const double now = now_s();
    char line[PROGRESS_LINE_SIZE];
    if (p->state.resumed < 0) {
        p->state.resumed = done - 1; /* the first update comes when the first is done */
    }
    p->state.done = done;
    p->state.total = total;
    p->state.spent_s = now - p->started_s;
    if (!p->shown || (now - p->drawn_s < REDRAW_S && done < total)) {
        return;
    }
    p->drawn_s = now;
    progress_line(&p->state, line);
    fprintf(stderr, "\r\033[K  %s", line);
    (void)fflush(stderr);
}

void progress_show(void *progress, int64_t done, int64_t total)
{
    progress_update((progress_t *)progress, done, total);
}

double progress_end(progress_t *p)
{
    if (p->shown) {
        fputs("\r\033[K", stderr);
    }
    return now_s() - p->started_s;
}
