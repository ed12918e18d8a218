/* SPDX-License-Identifier: Apache-2.0 */
/* Little-endian integers in byte arrays, and the outside of a frame: lengths, CRC, tag. */
#ifndef DOSING_CODEC_H
#define DOSING_CODEC_H

#include <stdint.h>

#include "dosing_frame.h"
#include "dosing_hal.h"
#include "dosing_status.h"

uint16_t dosing_codec_u16(const uint8_t *bytes);
uint32_t dosing_codec_u32(const uint8_t *bytes);
uint64_t dosing_codec_u64(const uint8_t *bytes);
void dosing_codec_put_u32(uint8_t *bytes, uint32_t value);
void dosing_codec_put_u64(uint8_t *bytes, uint64_t value);
void dosing_codec_copy(uint8_t *to, const uint8_t *from, uint32_t length);

/* A frame's header and where its payload begins; borrowed from the frame. */
typedef struct dosing_codec_frame_t {
    uint8_t type;
    uint8_t role;
    uint32_t session;
    uint64_t counter;
    uint32_t length; /* of the payload */
    const uint8_t *payload;
} dosing_codec_frame_t;

/* Opens a frame addressed to `device`: length, version, device, CRC, in this order, so that the costly tag is
 * computed only for frames that are whole. The reasons are those that are never answered. */
dosing_status_t dosing_codec_open(dosing_codec_frame_t *f, const uint8_t *bytes, uint32_t length,
                                  uint32_t device);

/* Compares the tag, in time that does not depend on where it differs. */
dosing_status_t dosing_codec_authenticate(const uint8_t *bytes, uint32_t length,
                                          const dosing_hal_t *hal, void *context);

/* Closes a reply whose payload (f->length bytes) stands in `bytes` already: header, CRC and tag. Returns its length, 0
 * where the crypto engine failed. */
uint32_t dosing_codec_close(uint8_t *bytes, const dosing_codec_frame_t *f, uint32_t device,
                            const dosing_hal_t *hal, void *context);

#endif
