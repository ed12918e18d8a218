/* SPDX-License-Identifier: Apache-2.0 */
/* The judge: what must hold of a pump whatever befell it. Sees the motor and the statuses; no number of the core's is believed.
 *
 * At every pulse: the gap and the fastest rate of the factory block; in every 24 h the volume of the factory block, and the
 * volume and the masses of the programme in force, at the concentrations in the path; never more than one pulse ahead of the
 * course (fuzz_course.h) over any window; and, while nothing disturbs dosing, never more than JUDGE_BEHIND_PULSES behind it. A
 * prime's pulses count against its own volume alone.
 */
#ifndef FUZZ_JUDGE_H
#define FUZZ_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "dosing_frame.h"
#include "dosing_status.h"
#include "fuzz_course.h"
#include "tests/firmware-core/fake_hal.h"

/* Over a window that begins anywhere: the pulse that was early before it, and 1/32 (REQ-RATE-01), and the rounding to ms of
 * periods and waits, a hundredth of a pulse each at the shortest period of 100 ms. */
#define JUDGE_BEHIND_PULSES (1.0 + 1.0 / 32.0 + 0.02)

#define JUDGE_TRAINS 4096u /* in 24 h; more, and the judge looks no further */
#define JUDGE_MASSES (DOSING_DRUGS_MAX + 1u)

typedef struct judge_train_t {
    uint64_t start_ms;
    uint32_t period_ms, count, gone; /* pulses, and those that are 24 h past */
    uint64_t mass[JUDGE_MASSES];     /* of a pulse: pl, then pl * ng/mL of each drug */
} judge_train_t;

typedef struct judge_t {
    const char *broken; /* the first thing that does not hold; NULL while all do */
    bool full;          /* more trains than the judge can hold */
    bool follows;       /* the course is known */
    bool expects;       /* and nothing disturbs it: the pump may not be behind it either */
    /* Pulses that a motor which moves in spite of what it says may give unseen, and the rounding of the integral. */
    double slack_pulses;
    double
        lost_pulses; /* that a bridge's end may have cost boluses since the latest commit: 1 ng each */
    double ahead, behind; /* of the pump's pulses, over the window for which either is greatest */
    uint64_t at_ms, last_pulse_ms, pulses;
    course_t course;
    uint64_t limit[JUDGE_MASSES], window[JUDGE_MASSES]; /* limit 0: none */
    uint32_t first, trains;                             /* ring */
    judge_train_t ring[JUDGE_TRAINS];
} judge_t;

/* `factory` is borrowed. */
void judge_start(judge_t *j, const dosing_factory_t *factory, uint64_t now_ms);
/* A core begun anew, and what it remembers. With a store of unknown content it is as if nothing had been given, and nothing is
 * known of what was ordered before the next commit. */
void judge_reset(judge_t *j, const course_memory_t *memory, uint64_t now_ms);
void judge_estrange(judge_t *j, const course_memory_t *memory, uint64_t now_ms);
/* fake_hal's on_train. */
void judge_train(void *judge, uint64_t start_ms, uint32_t period_ms, uint32_t done);

/* The core acted of its own, the motor standing before; `late` after the time that it had asked for. */
void judge_act(judge_t *j, uint64_t now_ms, bool late);
/* What the core accepted, motor halted. What it then holds in the path matters after judge_estrange alone. */
void judge_programme(judge_t *j, const uint8_t *image, const course_memory_t *memory,
                     uint64_t now_ms);
void judge_order(judge_t *j, uint8_t type, const uint8_t *payload, uint64_t now_ms);
/* What it refused: a patient who must not be. */
void judge_refusal(judge_t *j, uint8_t type, dosing_status_t status, uint64_t now_ms);

/* Hardware fails from here on; each of `unseen` calls may begin a stroke that nobody sees. */
void judge_fault(judge_t *j, uint32_t unseen);
/* It may have acted or not, and dosing is not to be relied on. */
void judge_doubt(judge_t *j);
/* The hardware is whole again, for longer than a core waits to try it anew. */
void judge_trust(judge_t *j);

#endif
