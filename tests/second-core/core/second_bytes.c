/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as the wire and the store have them. */
#include "second_bytes.h"

uint64_t second_bytes_get(const uint8_t *bytes, uint32_t size)
{
    uint64_t value = 0;
    for (uint32_t i = size; i-- > 0u;) {
        value = value << 8u | bytes[i];
    }
    return value;
}

void second_bytes_put(uint8_t *bytes, uint64_t value, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(value & 0xFFu);
        value >>= 8u;
    }
}

/* Four bits at a time: a table of sixteen is enough for frames and images of a few kB. */
uint32_t second_bytes_crc(const void *data, uint32_t length)
{
    static const uint32_t nibble[16] = {0x00000000u, 0x1DB71064u, 0x3B6E20C8u, 0x26D930ACu,
                                        0x76DC4190u, 0x6B6B51F4u, 0x4DB26158u, 0x5005713Cu,
                                        0xEDB88320u, 0xF00F9344u, 0xD6D6A3E8u, 0xCB61B38Cu,
                                        0x9B64C2B0u, 0x86D3D2D4u, 0xA00AE278u, 0xBDBDF21Cu};
    const uint8_t *bytes = data;
    uint32_t crc = 0xFFFFFFFFu;
    for (uint32_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        crc = nibble[crc & 15u] ^ crc >> 4u;
        crc = nibble[crc & 15u] ^ crc >> 4u;
    }
    return ~crc;
}

uint32_t second_bytes_blank(const uint8_t *bytes, uint32_t length)
{
    uint32_t any = 0;
    for (uint32_t i = 0; i < length; i++) {
        any |= bytes[i];
    }
    return any == 0u ? 1u : 0u;
}
