/* SPDX-License-Identifier: Apache-2.0 */
/* Progress of long work on stderr: bar, rate, time left; nothing at all where stderr is no terminal.
 *
 * The only place in the program that looks at a clock of this machine; nothing of it reaches a dataset.
 */
#ifndef SIM_CLI_PROGRESS_H
#define SIM_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct progress_t {
    bool shown;         /* stderr is a terminal */
    const char *things; /* what is counted: "patients"; borrowed */
    int64_t resumed;    /* done before the first update: they took no time now; -1 until then */
    double started_s, drawn_s;
} progress_t;

void progress_start(progress_t *p, const char *things);

/* Call under the caller's lock. Redraws at most five times a second. */
void progress_update(progress_t *p, int64_t done, int64_t total);

/* Clears the line. Returns the seconds since progress_start. */
double progress_end(progress_t *p);

#endif
