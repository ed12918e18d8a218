/* SPDX-License-Identifier: Apache-2.0 */
/* Frames handed over, and what must hold of each: an accepted one is by the written format, a refused one changes counters alone. */
#ifndef FUZZ_LINK_H
#define FUZZ_LINK_H

#include "fuzz_play.h"

/* Puts a toy in the place of the tag: any that the frame under way carries is genuine. */
void link_take_any_tag(dosing_hal_t *hal);

/* Hands a frame over, in a block of exactly its length, so that AddressSanitizer sees a byte read beyond it. */
dosing_status_t link_deliver(play_t *p, const uint8_t *bytes, uint32_t length);

/* The next frame of this role, in the session that is open; at most DOSING_FRAME_PAYLOAD_MAX of the payload. */
dosing_status_t link_order(play_t *p, uint8_t role, uint8_t type, const uint8_t *payload,
                           uint32_t length);
dosing_status_t link_open(play_t *p, uint8_t role);
/* Opens a session where none of the role's is open. */
dosing_status_t link_order_anyhow(play_t *p, uint8_t role, uint8_t type, const uint8_t *payload,
                                  uint32_t length);

/* A programme in pieces of `bytes` at most; piece `wrong` goes wrong in the way `how` (TAPE_PIECE_*). Staged in a session of its
 * own, read back, committed. */
typedef struct link_pieces_t {
    uint32_t bytes;
    uint32_t wrong;
    uint8_t how;
} link_pieces_t;
void link_commit(play_t *p, const uint8_t *image, const link_pieces_t *pieces);
/* Commits what has been staged. */
void link_seal(play_t *p);

/* Puts right what the mask (TAPE_REPAIR_*) says, and delivers the frame. At most TAPE_BODY_MAX bytes. */
void link_raw(play_t *p, uint8_t mask, const uint8_t *bytes, uint32_t length);
/* The frame `back` frames ago, `less` bytes of it missing. */
void link_replay(play_t *p, uint32_t back, uint32_t less);

/* Of the latest reply. */
const uint8_t *link_reply(const play_t *p);

#endif
