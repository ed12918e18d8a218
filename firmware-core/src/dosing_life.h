/* SPDX-License-Identifier: Apache-2.0 */
/* What ages: the cell, the count of starts, self-tests. One block, kept over resets by copying it whole.
 *
 * It is looked at twice a day, not at every wake. Age is the core's own time while it ran: what a reset cost, from the
 * latest copy kept to the start, is not in it, and neither is the charge of that time; the cell's voltage does not
 * forget. Without a store the block begins anew, with all zeros, at each start. */
#ifndef DOSING_LIFE_H
#define DOSING_LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include "dosing_core.h"

/* Looks are this far apart at least, and this and a train at most while dosing; a day while it is off. */
#define DOSING_LIFE_LOOK_MS UINT64_C(43200000)
#define DOSING_LIFE_DAY_MS UINT64_C(86400000)

/* A reading filtered: the median of the latest three; the mean of the first 16 medians, then a low-pass of 1/16. */
typedef struct dosing_filter_t {
    uint32_t value_q8;
    uint32_t readings; /* saturates */
    uint32_t latest[2];
} dosing_filter_t;

/* The factory block's words on the cell, taken over at each start: a look needs no other block for them. */
typedef struct dosing_cell_t {
    uint32_t battery_uah, idle_na, wake_nc, pulse_nc, tone_nc, frame_nc, eri_mv, floor_mv;
} dosing_cell_t;

/* All zero: a pump that never started. The words named `seen` are of this start alone, and are set anew at each. */
typedef struct dosing_life_t {
    uint64_t age_ms;      /* run since the first start */
    uint64_t used_nc;     /* battery: charge given since then; saturates */
    uint64_t day_ms;      /* battery: age when the latest day was judged */
    uint64_t day_nc;      /* battery: charge then */
    uint64_t eri_ms;      /* battery: age at ERI; meaningless before */
    uint64_t seen_ms;     /* the core's time at the latest look */
    uint64_t seen_pulses; /* run.commanded */
    uint64_t seen_frames; /* counters.frames */
    uint64_t
        seen_second_ms;  /* second oscillator at the latest self-test; 0: not before the second */
    uint32_t seen_wakes; /* run.wakes */
    uint32_t seen_tones; /* run.tones */
    uint32_t rest_pc;    /* battery: charge asleep below a nC */
    uint32_t floor_row;  /* battery: looks at the floor, in a row */
    dosing_filter_t idle_mv;
    dosing_filter_t loaded_mv;
    dosing_filter_t day_uah; /* charge of a day */
    dosing_cell_t cell;
    uint32_t ended;      /* DOSING_ALARM_ERI, _EOS as they have come: they never go */
    uint32_t starts;     /* saturates */
    uint32_t brown_outs; /* of these, by a cell that gave way; saturates */
    uint32_t short_row;  /* starts in a row without an hour of run between */
    uint32_t selftest;   /* DOSING_SELFTEST_* that failed */
    uint32_t crc;
} dosing_life_t;

/* After every start, once state->life holds what was kept (else zeros) and path, run and therapy are in place: counts the
 * start, whose DOSING_RESET_* is `cause`, raises what had come to stay, and begins to count from `now_ms`. Seals the block. */
void dosing_life_start(dosing_state_t *state, uint64_t now_ms, uint32_t cause);

/* At every wake: looks where a look is due. False where the block fails its check. */
bool dosing_life_look(dosing_state_t *state, uint64_t now_ms);

/* A look is wanted then; DOSING_NEVER_MS: with the next wake that comes after run.look_ms. */
uint64_t dosing_life_due(const dosing_state_t *state);

/* A clinician acknowledges `alarms`; to be called before they end. The block was checked before. */
void dosing_life_acknowledge(dosing_state_t *state, uint32_t alarms);

#endif
