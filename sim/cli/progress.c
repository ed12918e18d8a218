/* SPDX-License-Identifier: Apache-2.0 */
/* Progress of long work on stderr: bar, rate, time left; nothing at all where stderr is no terminal. */
#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BAR_WIDTH 28
#define REDRAW_S 0.2

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void progress_start(progress_t *p, const char *things)
{
    p->shown = isatty(STDERR_FILENO) == 1;
    p->things = things;
    p->started_s = now_s();
    p->drawn_s = 0.0;
    p->resumed = -1;
}

static void say_left(double left_s)
{
    if (left_s < 90.0) {
        fprintf(stderr, "%.0f s left", left_s);
    } else {
        fprintf(stderr, "%.0f min left", left_s / 60.0);
    }
}

void progress_update(progress_t *p, int64_t done, int64_t total)
{
    double now = now_s(), spent = now - p->started_s;
    char bar[BAR_WIDTH + 1];
    if (p->resumed < 0) {
        p->resumed = done - 1;
    }
    int full = total > 0 ? (int)(BAR_WIDTH * done / total) : BAR_WIDTH;
    if (!p->shown || (now - p->drawn_s < REDRAW_S && done < total)) {
        return;
    }
    p->drawn_s = now;
    memset(bar, '.', BAR_WIDTH);
    memset(bar, '#', (size_t)full);
    bar[BAR_WIDTH] = '\0';
    fprintf(stderr, "\r\033[K  [%s] %lld of %lld %s", bar, (long long)done, (long long)total,
            p->things);
    if (done > 0 && spent > 0.5) {
        double rate_per_s = (double)(done - p->resumed) / spent;
        fprintf(stderr, ", %.1f a second, ", rate_per_s);
        say_left((double)(total - done) / rate_per_s);
    }
    (void)fflush(stderr);
}

double progress_end(progress_t *p)
{
    if (p->shown) {
        fputs("\r\033[K", stderr);
    }
    return now_s() - p->started_s;
}
