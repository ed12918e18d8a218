/* SPDX-License-Identifier: Apache-2.0 */
/* Where the time of a cohort goes: each moment is one part's.
 *
 * The linker puts meter.c's functions around some of the program's (--wrap), and meter_core puts others around the core's wakes
 * and the hardware that it calls; the program itself is as it is. A part is on from the entry of its function to the return,
 * less what the parts called from within take. They only note which part is on, and a timer looks at that every fifth of
 * a millisecond, and gives it the thread's processor time since the last look: so a wake of a microsecond is metered without being
 * slowed by clocks that are read in it, and waiting, for a disk or for a busy machine, is nobody's. Of n looks good to one in sqrt(n).
 * One thread, and only between start and stop.
 */
#ifndef TESTS_BENCH_METER_H
#define TESTS_BENCH_METER_H

#include "host/core.h"

#include <stdint.h>

typedef enum meter_part_t {
    METER_HOST, /* what no other part is: the pump's hardware as the core sees it, alarms, the loop */
    METER_DEVICE,    /* the models of pump and catheter */
    METER_FEED,      /* from the outlet to steps of the body */
    METER_EIGEN,     /* a person's body built: modes and step factors */
    METER_WAKE,      /* the core's wakes, less what the hardware does in them */
    METER_TRANSPORT, /* CSF, cord, plasma, effect site: advanced, read, summed for the ledger */
    METER_EFFECT,    /* tone and tolerance */
    METER_CARE,      /* contacts and visits: decided, programmed by telemetry, written down */
    METER_WRITE,     /* days observed, the record finished, journal, dataset */
    METER_PARTS
} meter_part_t;

void meter_start(void);

/* Seconds of each part since meter_start. */
void meter_stop(double seconds[METER_PARTS]);

/* Ends the part that is on, and begins `part`. Returns the former, for the way back. */
meter_part_t meter_change(meter_part_t part);

/* Wakes of the core between the last start and stop. */
int64_t meter_wakes(void);
void meter_count_wake(void);

/* The core with its wakes and its hardware metered; for one core at a time, and one table of hardware. */
core_t meter_core(core_t core);

#endif
