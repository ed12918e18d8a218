/* SPDX-License-Identifier: Apache-2.0 */
/* Flow: rates, and the volume that is owed.
 *
 * This core has no plan of trains. It integrates what was ordered into one accumulator, the volume owed: rates add to it as
 * time passes, each pulse begun is taken from it, and a pulse begins when a whole one is owed. What was given so lies less
 * than one pulse below the integral of what was ordered, and never above it by a ten-thousandth; the rest is carried for ever.
 *
 * Fixed point: a rate is pl per ms in units of 2^-32, cut down. At the slowest rate of pumps in use, 0.5 pl per ms, that is
 * 2 in 10^10: in ten years less than 100 pl, of pulses of some 250 000.
 */
#ifndef SECOND_FLOW_H
#define SECOND_FLOW_H

#include <stdint.h>

#define SECOND_FLOW_RATE_MAX (UINT64_C(1) << 49) /* 2^17 pl a ms: above every pulse by every gap */

typedef struct second_flow_t {
    uint64_t rate_q32; /* pl per ms, all that runs together */
    int64_t owed_q32;  /* pl; below zero while a train runs ahead of the account */
    uint64_t at_ms;    /* core's time that it is owed at */
    uint64_t lost_ms;  /* time that was owed for and forgiven */
    uint32_t pulse_pl;
    uint32_t reserved;
} second_flow_t;

/* Rate of `dose` ng a day at `concentration` ng/mL, 1..DOSING_CONCENTRATION_MAX. */
uint64_t second_flow_of_dose(uint64_t dose, uint32_t concentration);

/* Rate of a volume over a time, > 0; UINT64_MAX where it is beyond SECOND_FLOW_RATE_MAX. */
uint64_t second_flow_of_volume(uint64_t volume_pl, uint32_t ms);

/* Volume that `dose` ng have at `concentration`, cut down. */
uint64_t second_flow_volume_pl(uint64_t dose, uint32_t concentration);

/* Volume of a rate over a time, pl, cut down; saturates. */
uint64_t second_flow_given_pl(uint64_t rate_q32, uint64_t ms);

/* Lets time pass up to `to_ms`; earlier than before does nothing. */
void second_flow_advance(second_flow_t *f, uint64_t to_ms);

/* Pulses that began. */
void second_flow_pay(second_flow_t *f, uint32_t pulses);

/* Forgives all but two pulses' worth less one unit: one pulse is made up for at most. */
void second_flow_forgive(second_flow_t *f);

/* Time until `pulses` are owed, ms, rounded up; UINT64_MAX: never at this rate. */
uint64_t second_flow_until(const second_flow_t *f, uint32_t pulses);

/* Time that one pulse takes at this rate, ms, rounded up. */
uint64_t second_flow_period(const second_flow_t *f);

#endif
