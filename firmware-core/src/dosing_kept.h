/* SPDX-License-Identifier: Apache-2.0 */
/* What the store and the logs need of the state: the lease and the medium, kept twice; and the log, which ends in a CRC. */
#ifndef DOSING_KEPT_H
#define DOSING_KEPT_H

#include <stdint.h>

#include "dosing_frame.h"

typedef struct dosing_lease_t {
    uint64_t bound;    /* run.commanded may rise to this; after a reset it has */
    uint64_t until_ms; /* no train starts under it from here on */
    uint64_t
        phantom_ms; /* until then the ring may hold pulses that nobody gave: a reset counted them */
    uint32_t device; /* 1: this device has a store, and nothing is given without a lease */
    uint32_t prime;  /* 1: its pulses are a prime's, which count in no limit */
} dosing_lease_t;

#define DOSING_NO_SECTOR 0xFFFFFFFFu

/* Used wherever something is kept, which is at every second wake or so. */
typedef struct dosing_medium_t {
    uint64_t retry_ms;     /* what is not kept is tried again then */
    uint32_t sectors;      /* of the whole store; 0: none, or not known */
    uint32_t sector_bytes; /* as the geometry says */
    uint32_t write_bytes;
    uint32_t erased;
    uint32_t seq;     /* of what was written last, or tried */
    uint32_t edition; /* of the order in force: the number with which it was first written */
    uint32_t
        home; /* sector of the latest whole checkpoint, where records are added; or DOSING_NO_SECTOR */
    uint32_t spare;  /* sector of the one before; neither is erased */
    uint32_t cursor; /* sector of the latest try */
    uint32_t slot;   /* at home: the next record's */
    uint32_t slots;  /* at home: how many there are; slot == slots: it is full */
    uint32_t bad;    /* operations that failed; saturates */
    uint32_t unkept; /* 1: what is in force is not in the store */
    uint32_t mute;   /* 1: all was lost, and nothing is written before a clinician's order */
    uint32_t alarms; /* as the store knows them */
    uint32_t unseen;
} dosing_medium_t;

#define DOSING_LOG_QUEUE 8u

/* What is to be logged at the end of the wake. */
typedef struct dosing_note_t {
    uint64_t core_ms;
    uint64_t a;
    uint32_t b;
    uint32_t code; /* DOSING_EVENT_* */
} dosing_note_t;

/* Positions in each log: the number of the next record, and its slot in the log's two sectors taken as one row. */
typedef struct dosing_log_t {
    dosing_note_t queue[DOSING_LOG_QUEUE];
    uint64_t day_commanded; /* run.commanded and .confirmed when the day began */
    uint64_t day_confirmed;
    uint32_t next[DOSING_LOGS];
    uint32_t slot[DOSING_LOGS];
    uint32_t queued;
    uint32_t refused; /* frames refused when the day began */
    uint32_t failed;  /* records lost; saturates */
    uint32_t crc;
} dosing_log_t;

#endif
