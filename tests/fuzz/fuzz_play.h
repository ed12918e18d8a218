/* SPDX-License-Identifier: Apache-2.0 */
/* A pump that a tape befalls, watched: by the fake hardware, by the judge, and frame by frame (fuzz_link.h). */
#ifndef FUZZ_PLAY_H
#define FUZZ_PLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fuzz_flash.h"
#include "fuzz_judge.h"
#include "fuzz_tape.h"
#include "tests/firmware-core/fake_hal.h"

#define PLAY_FRAMES 8u       /* kept for replays */
#define PLAY_WAKES_MAX 8000u /* of one tape: then it ends */

typedef struct play_frame_t {
    uint32_t length;
    uint8_t bytes[DOSING_FRAME_BYTES_MAX];
} play_frame_t;

typedef struct play_t {
    fake_pump_t pump;
    judge_t judge;
    flash_t flash;
    dosing_hal_t hal; /* the fake's, but for the store, and for the tag where any is genuine */
    dosing_status_t init;
    uint32_t record; /* number of the one being played, from 1 */
    bool imaged;     /* the core found an image in its store: nobody knows what it says */
    bool flipped;    /* the store's bits were flipped since the latest reset */
    bool decayed;    /* or ever */
    uint32_t resets;
    uint64_t reset_ms;              /* the latest one */
    bool faulted;                   /* the hardware failed at least once */
    bool standing;                  /* the motor stood when the latest frame came */
    uint8_t role;                   /* whose the open session is */
    uint64_t heard_ms;              /* when a frame was last accepted in it */
    uint64_t counter[DOSING_ROLES]; /* last accepted of each role, by role - 1 */
    uint32_t frames;
    play_frame_t kept[PLAY_FRAMES];
    uint32_t image_length,
        read_length; /* of the image: staged, and read back of it, from its start */
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
} play_t;

/* Plays a tape on a core that finds `image` (fuzz_flash.h) in its store (the rest erased); then the
 * hardware is whole again, and the core must answer and give its account. What does not hold is printed, and the process
 * aborted. */
void play_tape(play_t *p, const uint8_t *image, size_t image_size, const uint8_t *tape,
               size_t size);

/* Prints and aborts where it does not hold. */
void play_require(const play_t *p, bool holds, const char *what);
/* What must hold after every call of the core. */
void play_check(play_t *p);
/* What the core has of what a reset leaves to it alone. */
course_memory_t play_memory(play_t *p);
/* With FUZZ_TRACE set a replay tells what happens. */
bool play_telling(void);

#endif
