/* SPDX-License-Identifier: Apache-2.0 */
/* The medium: a ring of sectors, each a checkpoint followed by records; and two sectors for each log.
 *
 * All sectors but the last DOSING_STORE_LOG_SECTORS form the ring. A checkpoint stands at the start of its sector:
 * head, payload, CRC-32, and, in a write unit of its own, a commit word that is written last. Records stand at the end of the
 * sector, the first one last, so that they are found where the checkpoint is not. Whatever is written is read back.
 *
 * Numbers (seq) rise over checkpoints and records alike and are never used twice, not even by an attempt that failed. All
 * integers are little-endian.
 */
#ifndef DOSING_STORE_H
#define DOSING_STORE_H

#include "dosing_state.h"

#define DOSING_STORE_LAYOUT 2u /* grows with every change of what a checkpoint or a record says */
#define DOSING_STORE_LOG_SECTORS 4u
#define DOSING_STORE_SECTORS_MIN 8u
#define DOSING_STORE_UNIT_MAX 64u
#define DOSING_STORE_SEQ_MAX                                                                       \
    0xFF000000u /* far above what a pump's life needs: nothing is written any more */

/* A record: seq, kind, edition, device, core time (u64), main clock (u64), body, CRC-32. */
#define DOSING_STORE_RECORD_BYTES 64u
#define DOSING_STORE_BODY_BYTES 28u
#define DOSING_STORE_RECORDS_MIN 8u
#define DOSING_STORE_KIND                                                                          \
    0x44525300u                  /* over the kind, so that bytes of another sort are no record */
#define DOSING_STORE_LEASE 1u    /* u64 bound, u64 commanded, u32 1 for a prime's */
#define DOSING_STORE_ALARMS 2u   /* u32 that hold, u32 unseen */
#define DOSING_STORE_COUNTERS 3u /* u64 bound of each role's counter, by role - 1 */
#define DOSING_STORE_PATIENT 4u  /* a patient's bolus begins */
#define DOSING_STORE_LIFE 5u /* what of dosing_life_t a look or a start changes: dosing_aged.h */

typedef struct dosing_record_t {
    uint64_t core_ms;
    uint64_t main_ms;
    uint32_t seq;
    uint32_t kind;
    uint32_t edition;
    uint8_t body[DOSING_STORE_BODY_BYTES];
} dosing_record_t;

/* Asks for the geometry, up to three times. ERROR_HAL: no answer; ERROR_STORE: a store that cannot be used. */
dosing_status_t dosing_store_open(dosing_state_t *state);

/* Sectors of the ring; slots for records in a sector of which `taken` bytes are taken; address where the record of a slot
 * begins. */
uint32_t dosing_store_ring(const dosing_medium_t *m);
uint32_t dosing_store_slots(const dosing_medium_t *m, uint32_t taken);
uint32_t dosing_store_slot_at(const dosing_medium_t *m, uint32_t sector, uint32_t slot);

/* Reads; false where the device did not, which is counted. */
bool dosing_store_read(dosing_state_t *state, uint32_t address, uint8_t *bytes, uint32_t length);
/* Writes `length` (at most twice DOSING_STORE_UNIT_MAX, a multiple of the unit) and reads it back. */
bool dosing_store_write(dosing_state_t *state, uint32_t address, const uint8_t *bytes,
                        uint32_t length);
/* True where every byte from `address` on is erased. */
bool dosing_store_blank(dosing_state_t *state, uint32_t address, uint32_t length);
/* Erases a sector where it is not blank, and looks that it is. */
bool dosing_store_clear(dosing_state_t *state, uint32_t sector);

/* Writes a record into the next slot of the present sector; false where it is full, or the record could not be written. */
bool dosing_store_append(dosing_state_t *state, const dosing_record_t *r);
/* Reads the record of a slot; false where there is no valid one. */
bool dosing_store_record(dosing_state_t *state, uint32_t sector, uint32_t slot, dosing_record_t *r);

#endif
