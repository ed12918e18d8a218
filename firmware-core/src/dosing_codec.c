/* SPDX-License-Identifier: Apache-2.0 */
/* Frames taken apart and put together. */
#include "dosing_codec.h"

#include "dosing_crc.h"

uint16_t dosing_codec_u16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

uint32_t dosing_codec_u32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

uint64_t dosing_codec_u64(const uint8_t *bytes)
{
    return (uint64_t)dosing_codec_u32(bytes) | (uint64_t)dosing_codec_u32(bytes + 4) << 32;
}

static void put_u16(uint8_t *bytes, uint32_t value)
{
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
}

void dosing_codec_put_u32(uint8_t *bytes, uint32_t value)
{
    put_u16(bytes, value);
    put_u16(bytes + 2, value >> 16);
}

void dosing_codec_put_u64(uint8_t *bytes, uint64_t value)
{
    dosing_codec_put_u32(bytes, (uint32_t)value);
    dosing_codec_put_u32(bytes + 4, (uint32_t)(value >> 32));
}

void dosing_codec_copy(uint8_t *to, const uint8_t *from, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++) {
        to[i] = from[i];
    }
}

static dosing_status_t check_length(const uint8_t *bytes, uint32_t length)
{
    if (bytes == 0 || length < DOSING_FRAME_BYTES_MIN || length > DOSING_FRAME_BYTES_MAX) {
        return DOSING_REFUSED_LENGTH;
    }
    const uint32_t payload = dosing_codec_u16(bytes + DOSING_FRAME_AT_LENGTH);
    return payload == length - DOSING_FRAME_BYTES_MIN ? DOSING_OK : DOSING_REFUSED_LENGTH;
}

dosing_status_t dosing_codec_open(dosing_codec_frame_t *f, const uint8_t *bytes, uint32_t length,
                                  uint32_t device)
{
    const dosing_status_t status = check_length(bytes, length);
    if (status != DOSING_OK) {
        return status;
    }
    if (bytes[DOSING_FRAME_AT_VERSION] != DOSING_FRAME_VERSION ||
        bytes[DOSING_FRAME_AT_ZERO] != 0u ||
        dosing_codec_u16(bytes + DOSING_FRAME_AT_ZERO2) != 0u) {
        return DOSING_REFUSED_VERSION;
    }
    if (dosing_codec_u32(bytes + DOSING_FRAME_AT_DEVICE) != device) {
        return DOSING_REFUSED_DEVICE;
    }
    f->type = bytes[DOSING_FRAME_AT_TYPE];
    f->role = bytes[DOSING_FRAME_AT_ROLE];
    f->session = dosing_codec_u32(bytes + DOSING_FRAME_AT_SESSION);
    f->counter = dosing_codec_u64(bytes + DOSING_FRAME_AT_COUNTER);
    f->length = length - DOSING_FRAME_BYTES_MIN;
    f->payload = bytes + DOSING_FRAME_HEADER_BYTES;
    const uint32_t covered = DOSING_FRAME_HEADER_BYTES + f->length;
    return dosing_crc(bytes, covered) == dosing_codec_u32(bytes + covered) ? DOSING_OK
                                                                           : DOSING_REFUSED_CRC;
}

dosing_status_t dosing_codec_authenticate(const uint8_t *bytes, uint32_t length,
                                          const dosing_hal_t *hal, void *context)
{
    uint8_t tag[DOSING_FRAME_TAG_BYTES] = {0};
    const uint8_t role = bytes[DOSING_FRAME_AT_ROLE];
    const uint32_t covered = length - DOSING_FRAME_TAG_BYTES;
    if (role < DOSING_ROLE_CLINICIAN || role > DOSING_ROLES) {
        return DOSING_REFUSED_TAG; /* no key exists for it */
    }
    if (hal->authenticate(context, role, bytes, covered, tag) != DOSING_HAL_OK) {
        return DOSING_ERROR_HAL;
    }
    uint32_t difference = 0;
    for (uint32_t i = 0; i < DOSING_FRAME_TAG_BYTES; i++) {
        difference |= (uint32_t)(tag[i] ^ bytes[covered + i]);
    }
    return difference == 0u ? DOSING_OK : DOSING_REFUSED_TAG;
}

uint32_t dosing_codec_close(uint8_t *bytes, const dosing_codec_frame_t *f, uint32_t device,
                            const dosing_hal_t *hal, void *context)
{
    const uint32_t covered = DOSING_FRAME_HEADER_BYTES + f->length;
    bytes[DOSING_FRAME_AT_VERSION] = DOSING_FRAME_VERSION;
    bytes[DOSING_FRAME_AT_TYPE] = (uint8_t)(f->type | DOSING_FRAME_REPLY);
    bytes[DOSING_FRAME_AT_ROLE] = f->role;
    bytes[DOSING_FRAME_AT_ZERO] = 0u;
    dosing_codec_put_u32(bytes + DOSING_FRAME_AT_DEVICE, device);
    dosing_codec_put_u32(bytes + DOSING_FRAME_AT_SESSION, f->session);
    dosing_codec_put_u64(bytes + DOSING_FRAME_AT_COUNTER, f->counter);
    put_u16(bytes + DOSING_FRAME_AT_LENGTH, f->length);
    put_u16(bytes + DOSING_FRAME_AT_ZERO2, 0u);
    dosing_codec_put_u32(bytes + covered, dosing_crc(bytes, covered));
    const uint32_t tagged = covered + DOSING_FRAME_CRC_BYTES;
    if (hal->authenticate(context, f->role, bytes, tagged, bytes + tagged) != DOSING_HAL_OK) {
        return 0u;
    }
    return tagged + DOSING_FRAME_TAG_BYTES;
}
