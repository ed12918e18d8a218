/* SPDX-License-Identifier: Apache-2.0 */
/* A non-volatile store for the fake hardware: written only where erased, as flash is. */
#ifndef FUZZ_FLASH_H
#define FUZZ_FLASH_H

#include <stddef.h>
#include <stdint.h>

#include "dosing_hal.h"

#define FLASH_SECTOR_BYTES 8192u
#define FLASH_SECTORS 8u
#define FLASH_BYTES (FLASH_SECTORS * FLASH_SECTOR_BYTES)
#define FLASH_WRITE_BYTES 8u

typedef struct flash_t {
    const char *broken; /* the first call outside the contract; NULL while there is none */
    uint8_t bytes[FLASH_BYTES];
} flash_t;

/* An image is a row of pieces: kind (u8), sector (u8), slot (u8), length (u16), bytes. What a piece leaves out is put right, so
 * that what it says is believed: the head, CRC and commit word of a checkpoint, the kind's magic and the CRC of a record. */
#define FLASH_PIECE_BYTES 0u      /* from the start of the sector, as they are */
#define FLASH_PIECE_CHECKPOINT 1u /* seq (u32), edition (u32), payload */
#define FLASH_PIECE_RECORD                                                                         \
    2u /* seq (u32), kind (u32), edition (u32), core and main clock (u64 each), body */
#define FLASH_PIECES 3u
#define FLASH_PIECE_HEAD_BYTES 5u

/* Puts the store's callbacks into a table: they use the flash that was started last, for the hardware's context leads to none.
 * It holds `image`, for the pump whose factory block has this CRC; the rest is erased. */
void flash_start(flash_t *flash, dosing_hal_t *hal);
void flash_image(flash_t *flash, uint32_t factory_crc, const uint8_t *image, size_t size);

#endif
