/* SPDX-License-Identifier: Apache-2.0 */
/* One patient's life with a core: the pulses of each day, by the pump's clock, and the record. */
#ifndef TESTS_SECOND_LIVED_H
#define TESTS_SECOND_LIVED_H

#include "config/study.h"
#include "dataset/record.h"
#include "host/core.h"

#define LIVED_PUMPS 4
#define LIVED_DAYS 3700

typedef struct lived_t {
    record_t record;
    record_view_t view;                      /* borrows from the record */
    int32_t pumps;                           /* that were started */
    int32_t days[LIVED_PUMPS];               /* that each was awake in */
    int64_t pulses[LIVED_PUMPS][LIVED_DAYS]; /* begun */
    uint64_t start_ms;                       /* of the train under way, by the pump's clock */
    uint32_t count, period_ms;               /* 0: none */
    int64_t entered_ms;                      /* when the core was last called */
    uint64_t trains, closest_ms;             /* least time from one pulse to the next */
    uint64_t latest_ms;                      /* of the latest pulse */
} lived_t;

/* Whether a pump of this life was started more than once. */
bool lived_was_reset(const lived_t *l);

/* Lives a patient of an arm's study to its end; fails the test where the trajectory does: each train is held against the
 * pump's limits, each day against the ledger. */
void lived_run(lived_t *l, const study_t *arm, const core_t *core, record_key_t key);
void lived_free(lived_t *l);

double lived_at(const lived_t *l, enum fields_id field, size_t row);

#endif
