/* SPDX-License-Identifier: Apache-2.0 */
/* Where the time of a cohort goes: each moment is one part's.
 *
 * The linker puts meter.c's functions around some of the program's (--wrap); the program itself is as it is. A part
 * is on from the entry of its function to the return, less what the parts called from within take. What reading the
 * clock costs is measured and taken off. One thread, and only between start and stop.
 */
#ifndef TESTS_BENCH_METER_H
#define TESTS_BENCH_METER_H

#include "host/core.h"

#include <stdint.h>

typedef enum meter_part_t {
    METER_DEVICE,    /* what no other part is: pump, catheter, host, feed, the loop */
    METER_EIGEN,     /* a person's body built: modes and step factors */
    METER_WAKE,      /* the core's wakes */
    METER_TRANSPORT, /* CSF, cord, plasma, effect site: advanced, read, summed for the ledger */
    METER_EFFECT,    /* tone and tolerance */
    METER_CARE,      /* contacts and visits: decided, programmed by telemetry, written down */
    METER_WRITE,     /* days observed, the record finished, journal, dataset */
    METER_PARTS
} meter_part_t;

void meter_start(void);

/* Seconds of each part since meter_start. */
void meter_stop(double seconds[METER_PARTS]);

/* Wakes of the core between the last start and stop. */
int64_t meter_wakes(void);

/* The core with its wakes metered; for one core at a time. */
core_t meter_core(core_t core);

#endif
