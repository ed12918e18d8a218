/* SPDX-License-Identifier: Apache-2.0 */
/* A tape: what befalls a pump, as bytes. Any bytes are a tape; the mutator makes those that mean something.
 *
 * The first byte is the options; then records follow: kind (u8), length of the body (u16), body. A last record that is cut short
 * has the body that is there.
 */
#ifndef FUZZ_TAPE_H
#define FUZZ_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dosing_factory.h"

#define TAPE_GENUINE 0x01u    /* option: any tag of a frame is answered as genuine */
#define TAPE_FACTORY_SHIFT 1u /* options: which factory block, three bits */
#define TAPE_FACTORY_MASK 0x07u
#define TAPE_BYTES_MAX 8192u
#define TAPE_HEAD_BYTES 3u
#define TAPE_BODY_MAX 2048u         /* of records that are invented */
#define TAPE_STEP_MS_MAX 108000000u /* 30 h */

typedef enum tape_kind_t {
    TAPE_RUN,    /* u32 ms: the core is called whenever it asked for it */
    TAPE_LATE,   /* u32 ms: it is called only after that time */
    TAPE_OPEN,   /* u8 role: opens a session */
    TAPE_ORDER,  /* type, payload: sealed as the clinician's next frame */
    TAPE_WISH,   /* type, payload: sealed as the patient's next frame */
    TAPE_COMMIT, /* a programme: staged, read back and committed */
    TAPE_SEAL,   /* commits what was read back last */
    TAPE_RAW,    /* TAPE_REPAIR_*, frame: repaired where the mask says so, else as it is */
    TAPE_REPLAY, /* u8: an earlier frame again, the n-th last; u8: bytes less */
    TAPE_FAULT,  /* u8 from, u8 count, u8 acting: calls of the hardware that fail */
    TAPE_MOTOR,  /* u8: bit 0 the motor does not arm, bit 1 does not start */
    TAPE_RESET,  /* u8 cause: the core begins anew */
    TAPE_FLASH,  /* u16 address, bytes: the store's bits there are flipped by them */
    TAPE_HANDS,  /* u32 ms, modulo a week: local time is put on by so much */
    TAPE_PIECES, /* u8 bytes a piece, u8 which goes wrong, u8 how (see TAPE_PIECE_*), image: staged so, read back, committed */
    TAPE_HELP,   /* type, payload: sealed as the emergency's next frame */
    TAPE_KINDS
} tape_kind_t;

/* What goes wrong with a piece of an image. */
#define TAPE_PIECE_FINE 0u
#define TAPE_PIECE_MISSING 1u
#define TAPE_PIECE_TWICE 2u
#define TAPE_PIECE_ASKEW 3u  /* a byte too far */
#define TAPE_PIECE_UNREAD 4u /* it is not read back */
#define TAPE_PIECE_AGAIN 5u  /* the image begins anew from there */
#define TAPE_PIECE_WAYS 6u

/* What is put right in a raw frame before it is delivered. */
#define TAPE_REPAIR_HEADER 0x01u /* version, zeros, device */
#define TAPE_REPAIR_LENGTH 0x02u
#define TAPE_REPAIR_SESSION 0x04u
#define TAPE_REPAIR_COUNTER 0x08u
#define TAPE_REPAIR_ROLE 0x10u
#define TAPE_REPAIR_CRC 0x20u
#define TAPE_REPAIR_TAG 0x40u

typedef struct tape_record_t {
    uint8_t kind;
    uint16_t length; /* of the body that is there */
    const uint8_t *body;
} tape_record_t;

/* Reads the record at *at and moves on; false at the end. The body is borrowed from the tape. */
bool tape_next(const uint8_t *tape, size_t size, size_t *at, tape_record_t *record);

/* Appends a record; returns the tape's new size, the old one where it does not fit. */
size_t tape_put(uint8_t *tape, size_t size, size_t room, const tape_record_t *record);

/* The factory block that the options of a tape choose; `usual` is changed into it, its CRC apart. */
void tape_factory(uint8_t options, dosing_factory_t *usual);

/* A new record that means something for a tape of these options: mostly orders within or at the edge of what may be ordered. `body`
 * has TAPE_BODY_MAX bytes and is borrowed by the record. */
tape_record_t tape_invent(uint64_t *seed, uint8_t options, uint8_t *body);

/* True where this role may send this type. */
bool tape_allows(uint8_t type, uint8_t role);

/* Changes one field of the record's order to a value at or between its bounds. `body` holds the record's body. */
void tape_tune(uint64_t *seed, const tape_record_t *record, uint8_t *body);

#endif
