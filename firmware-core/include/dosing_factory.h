/* SPDX-License-Identifier: Apache-2.0 */
/* The factory block: what is measured and fixed when a pump is built, and no frame can write. */
#ifndef DOSING_FACTORY_H
#define DOSING_FACTORY_H

#include <stdint.h>

#define DOSING_FACTORY_MAGIC 0x46534F44u /* "DOSF" read as little-endian bytes */
#define DOSING_FACTORY_VERSION 2u

/* Nineteen 32-bit words without padding; `crc` is CRC-32 (IEEE 802.3, reflected, initial and final
 * inversion) of the eighteen words before it, each as four little-endian bytes. */
typedef struct dosing_factory_t {
    uint32_t magic;     /* DOSING_FACTORY_MAGIC */
    uint32_t version;   /* DOSING_FACTORY_VERSION */
    uint32_t device_id; /* serial number, 1..0xFFFFFFFE */
    uint32_t
        pulse_volume_pl;  /* calibration constant, picolitre per motor pulse, 10 000..9 000 000 */
    uint32_t capacity_nl; /* reservoir, 1 000 000..100 000 000 */
    uint32_t tubing_nl;   /* internal tubing, reservoir to catheter port, 0..2 000 000 */
    uint32_t
        rate_min_nl_per_day; /* slowest rate a programme may ask for, > 0; its pulses at most 1 h apart */
    uint32_t
        rate_max_nl_per_day; /* fastest rate of basal and bolus together; its pulses >= gap_ms apart */
    uint32_t volume_24h_max_nl; /* most that any 24 h may give, prime excluded; > 0 */
    uint32_t gap_ms;            /* least time between two pulses, 100..60 000 */
    /* The cell, since version 2: what the core counts its charge by. */
    uint32_t battery_uah; /* charge of a new cell, 10 000..10 000 000 */
    uint32_t idle_na;     /* current asleep, 100..1 000 000 */
    uint32_t wake_nc;     /* charge of a wake, 0..100 000 000 */
    uint32_t pulse_nc;    /* charge of a pulse, 0..100 000 000 */
    uint32_t tone_nc;     /* of a tone, the longer kind, 0..1 000 000 000 */
    uint32_t frame_nc;    /* of a frame heard and answered, the longest, 0..100 000 000 */
    uint32_t
        eri_mv; /* loaded voltage at which to replace the pump, above floor_mv, at most 5 000 */
    uint32_t floor_mv; /* voltage at which it must stop, > 0 */
    uint32_t crc;
} dosing_factory_t;

#endif
