/* SPDX-License-Identifier: Apache-2.0 */
/* A pump that a tape befalls, watched: by the fake hardware, by the judge, and frame by frame. */
#ifndef FUZZ_PLAY_H
#define FUZZ_PLAY_H

#include <stddef.h>
#include <stdint.h>

#include "fuzz_judge.h"
#include "fuzz_tape.h"
#include "tests/firmware-core/fake_hal.h"

#define PLAY_FRAMES 8u       /* kept for replays */
#define PLAY_WAKES_MAX 8000u /* of one tape: then it ends */
#define PLAY_SECTOR_BYTES 8192u
#define PLAY_SECTORS 8u
#define PLAY_STORE_BYTES (PLAY_SECTORS * PLAY_SECTOR_BYTES)
#define PLAY_WRITE_BYTES 8u

typedef struct play_frame_t {
    uint32_t length;
    uint8_t bytes[DOSING_FRAME_BYTES_MAX];
} play_frame_t;

typedef struct play_t {
    fake_pump_t pump;
    judge_t judge;
    dosing_hal_t hal; /* the fake's, but for the tag where any is genuine */
    dosing_status_t init;
    uint32_t record; /* number of the one being played, from 1 */
    bool faulted;    /* the hardware failed at least once */
    bool patient;    /* the session open is the patient's */
    bool imaged;     /* the core found an image in its store: nobody knows what it says */
    bool flipped;    /* the store's bits were flipped since the latest reset */
    uint32_t resets;
    uint64_t heard_ms;   /* when a frame was last accepted in it */
    uint64_t counter[2]; /* last accepted of each role, by role - 1 */
    uint32_t frames;
    play_frame_t kept[PLAY_FRAMES];
    uint32_t staged_length; /* of what was read back of an image, from its start */
    uint8_t staged[DOSING_IMAGE_BYTES_MAX];
    uint8_t store[PLAY_STORE_BYTES]; /* the non-volatile store */
} play_t;

/* An image is a row of pieces: kind (u8), sector (u8), slot (u8), length (u16), bytes. What a piece leaves out is put right, so
 * that what it says is believed: the head, CRC and commit word of a checkpoint, the kind's magic and the CRC of a record. */
#define PLAY_PIECE_BYTES 0u      /* from the start of the sector, as they are */
#define PLAY_PIECE_CHECKPOINT 1u /* seq (u32), edition (u32), payload */
#define PLAY_PIECE_RECORD                                                                          \
    2u /* seq (u32), kind (u32), edition (u32), core and main clock (u64 each), body */
#define PLAY_PIECES 3u
#define PLAY_PIECE_HEAD_BYTES 5u

/* Plays a tape on a core that finds `image` in its store (the rest erased); then the
 * hardware is whole again, and the core must answer and give its account. What does not hold is printed, and the process
 * aborted. */
void play_tape(play_t *p, const uint8_t *image, size_t image_size, const uint8_t *tape,
               size_t size);

#endif
