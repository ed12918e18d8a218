/* SPDX-License-Identifier: Apache-2.0 */
/* What a programme says, and whether it may be said: every field of an image checked. */
#ifndef DOSING_PROGRAMME_H
#define DOSING_PROGRAMME_H

#include <stdbool.h>
#include <stdint.h>

#include "dosing_factory.h"
#include "dosing_frame.h"
#include "dosing_status.h"

#define DOSING_TAIL_BYTES_MAX (DOSING_IMAGE_BYTES_MAX - DOSING_PROGRAMME_BYTES)

typedef struct dosing_programme_t {
    uint32_t mode;  /* DOSING_MODE_* */
    uint32_t drugs; /* 0 before the first commit, then 1..6 */
    uint32_t low_nl;
    uint32_t empty_nl;
    uint32_t rate_max_nl_per_day; /* in force: the clinician's where given, else the factory's */
    uint32_t volume_24h_nl;       /* likewise */
    uint64_t dose_ng_per_day;     /* of drug 0: simple; in flex 0 */
    uint64_t mean_ng_per_day;     /* over the week, timed boluses included; rounded down */
    uint64_t peak_ng_per_day;     /* greatest basal dose */
    uint64_t limit_ng[DOSING_DRUGS_MAX]; /* in any 24 h; 0: none */
    uint32_t concentration_ng_per_ml[DOSING_DRUGS_MAX];
    uint32_t code[DOSING_DRUGS_MAX];
    uint64_t patient_ng; /* patient bolus; 0: none */
    uint32_t patient_duration_ms;
    uint32_t lockout_ms;
    uint32_t interval_ms;
    uint32_t per_interval;
    uint32_t per_day;
    uint32_t flags;     /* DOSING_FLAG_* */
    uint32_t bridge_nl; /* earlier fluid still in the path */
    uint32_t repeat_critical_min;
    uint32_t repeat_advisory_min;
    uint32_t steps;
    uint32_t timed;
    uint8_t tail[DOSING_TAIL_BYTES_MAX]; /* steps, then timed boluses, as in the image */
    uint8_t zero[4];
} dosing_programme_t;

typedef struct dosing_step_t {
    uint64_t dose_ng_per_day;
    uint32_t days;   /* bit 0: Monday */
    uint32_t minute; /* of the local day */
} dosing_step_t;

typedef struct dosing_timed_t {
    uint64_t dose_ng;
    uint32_t duration_ms;
    uint32_t days;
    uint32_t minute;
} dosing_timed_t;

/* Step i < p->steps, timed bolus i < p->timed. */
dosing_step_t dosing_programme_step(const dosing_programme_t *p, uint32_t i);
dosing_timed_t dosing_programme_timed(const dosing_programme_t *p, uint32_t i);

/* Bytes of the whole image that begins with these DOSING_PROGRAMME_BYTES; 0 where its counts are out of range. */
uint32_t dosing_programme_image_bytes(const uint8_t *head);

/* Reads an image of dosing_programme_image_bytes() and checks every field. REFUSED_PROGRAMME or REFUSED_RATE. */
dosing_status_t dosing_programme_read(dosing_programme_t *p, const uint8_t *bytes,
                                      const dosing_factory_t *factory);

/* True where drugs or concentrations of `p` are others than those of `before`. */
bool dosing_programme_changes(const dosing_programme_t *p, const dosing_programme_t *before);

/* CRC of all words of a factory block but its own. */
uint32_t dosing_programme_factory_crc(const dosing_factory_t *factory);

/* Ranges of the factory block, its magic, version and CRC: OK or ERROR_FACTORY. */
dosing_status_t dosing_programme_factory(const dosing_factory_t *factory);

#endif
