/* SPDX-License-Identifier: Apache-2.0 */
/* The judge: what must hold of a pump whatever befell it. Sees the motor and the statuses; no number of the core's is believed.
 *
 * At every pulse: the gap and the fastest rate of the factory block; in every 24 h the volume of the factory block, and the
 * volume and the masses of the programme in force; and where the mode is one that the judge can integrate, never more than
 * one pulse ahead of what was ordered over any window (`slack_pulses` more).
 */
#ifndef FUZZ_JUDGE_H
#define FUZZ_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "dosing_frame.h"
#include "tests/firmware-core/fake_hal.h"

/* 1 once a core takes up its programme, its counters and its limits again after a reset. */
#define JUDGE_RESUMES 1

#define JUDGE_TRAINS 4096u /* in 24 h; more, and the judge looks no further */
#define JUDGE_MASSES (DOSING_DRUGS_MAX + 1u)

typedef struct judge_train_t {
    uint64_t start_ms;
    uint32_t period_ms, count, gone; /* pulses, and those that are 24 h past */
    uint64_t mass[JUDGE_MASSES];     /* of a pulse: pl, then pl * ng/mL of each drug */
} judge_train_t;

typedef struct judge_t {
    const dosing_factory_t *factory;
    const char *broken; /* the first thing that does not hold; NULL while all do */
    bool full;          /* more trains than the judge can hold */
    bool armed;         /* a programme is in force whose limits are known */
    bool integrates;    /* and the mode is one that can be integrated */
    /* Pulses that a motor which moves in spite of what it says may give unseen, and the rounding of the integral. */
    double slack_pulses;
    double credit, basal_per_ms, bolus_per_ms;
    uint64_t at_ms, bolus_start_ms, bolus_end_ms;
    uint64_t last_pulse_ms;
    uint64_t pulses;
    uint64_t mass[JUDGE_MASSES], limit[JUDGE_MASSES], window[JUDGE_MASSES]; /* limit 0: none */
    uint32_t first, trains;                                                 /* ring */
    judge_train_t ring[JUDGE_TRAINS];
} judge_t;

/* `factory` is borrowed. */
void judge_start(judge_t *j, const dosing_factory_t *factory, uint64_t now_ms);
/* A core begun anew. Where `remembers`, all but a bolus goes on; else it is as if nothing had been given or ordered. */
void judge_reset(judge_t *j, uint64_t now_ms, bool remembers);
/* fake_hal's on_train. */
void judge_train(void *judge, uint64_t start_ms, uint32_t period_ms, uint32_t done);
/* What the core accepted. */
void judge_programme(judge_t *j, const uint8_t *image, uint64_t now_ms);
void judge_order(judge_t *j, uint8_t type, const uint8_t *payload, uint64_t now_ms);
/* Something was accepted that the judge does not understand: it integrates no more until the next programme. */
void judge_wonder(judge_t *j);

#endif
