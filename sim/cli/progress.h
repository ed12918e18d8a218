/* SPDX-License-Identifier: Apache-2.0 */
/* Progress of long work on stderr: bar, rate, time left; nothing at all where stderr is no terminal.
 *
 * The only place in the program that looks at a clock of this machine; nothing of it reaches a dataset.
 */
#ifndef SIM_CLI_PROGRESS_H
#define SIM_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROGRESS_LINE_SIZE 160

/* How far the work has come. */
typedef struct progress_state_t {
    const char *things; /* what is counted: "patients"; borrowed */
    int64_t done, total;
    int64_t resumed; /* done before now: they took no time now */
    double spent_s;  /* now */
} progress_state_t;

typedef struct progress_t {
    bool shown; /* stderr is a terminal */
    progress_state_t state;
    double started_s, drawn_s;
} progress_t;

/* Things a second since the beginning, those resumed left out; 0 while nothing is known: in the first half second, or before
 * the first is done. */
double progress_rate(const progress_state_t *s);

/* Seconds until all are done at that rate; negative while it is not known. */
double progress_left_s(const progress_state_t *s);

/* The line as it is shown, cut at PROGRESS_LINE_SIZE: "[####....] 20 of 80 patients, 12.5 a second, 5 s left". */
void progress_line(const progress_state_t *s, char line[PROGRESS_LINE_SIZE]);

void progress_start(progress_t *p, const char *things);

/* Call under the caller's lock. Redraws at most five times a second. */
void progress_update(progress_t *p, int64_t done, int64_t total);

/* The same, as cohort_t calls it: `progress` is a progress_t. */
void progress_show(void *progress, int64_t done, int64_t total);

/* Clears the line. Returns the seconds since progress_start. */
double progress_end(progress_t *p);

#endif
