/* SPDX-License-Identifier: Apache-2.0 */
/* The programme, read where it lies: as the bytes of its image on the wire. */
#ifndef SECOND_PROGRAMME_H
#define SECOND_PROGRAMME_H

#include <stdint.h>

#include "dosing_factory.h"
#include "dosing_frame.h"
#include "dosing_status.h"

/* Timed boluses are not supported, so that the longest image has none. */
#define SECOND_PROGRAMME_BYTES_MAX (DOSING_PROGRAMME_BYTES + DOSING_STEPS_MAX * DOSING_STEP_BYTES)
#define SECOND_PROGRAMME_WEEK_MS 604800000u
#define SECOND_PROGRAMME_HOUR_MS 3600000u

/* What the pump allows, and the fluids that it is to be held against. */
typedef struct second_programme_case_t {
    const dosing_factory_t *factory;
    const uint32_t
        *path; /* [DOSING_DRUGS_MAX], ng/mL of the fluid that still comes first; NULL: no other */
    uint64_t extra_pl; /* boluses ordered on top */
} second_programme_case_t;

uint32_t second_programme_u32(const uint8_t *image, uint32_t at);
uint64_t second_programme_u64(const uint8_t *image, uint32_t at);
uint32_t second_programme_concentration(const uint8_t *image, uint32_t drug);

/* Whole length that the head asks for. */
uint32_t second_programme_length(const uint8_t *image);

/* Limits in force: the programme's, or the factory's where it states none. */
uint32_t second_programme_rate_max(const uint8_t *image, const dosing_factory_t *f);
uint32_t second_programme_volume_24h(const uint8_t *image, const dosing_factory_t *f);

/* Basal dose of the primary, ng/day, at a time of the week; and when it may change next, ms since Monday 00:00. */
uint64_t second_programme_step(const uint8_t *image, uint32_t week_ms, uint32_t *until_ms);

/* Mean basal dose over the week, ng/day. */
uint64_t second_programme_mean(const uint8_t *image);

/* Whether rates and the heaviest 25 hours keep the limits: OK, REFUSED_RATE, REFUSED_LIMIT. */
dosing_status_t second_programme_bounds(const uint8_t *image, const second_programme_case_t *c);

/* Whether one is made for other fluids than the other. */
uint32_t second_programme_changes(const uint8_t *image, const uint8_t *before);

#endif
