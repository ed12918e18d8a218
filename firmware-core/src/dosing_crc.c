/* SPDX-License-Identifier: Apache-2.0 */
/* CRC-32, eight bytes at a time (Kounavis and Berry, ISCC 2005, "slicing-by-8"): every wake checks and renews some 300 bytes. */
#include "dosing_crc.h"

static uint32_t word_at(const uint8_t *b)
{
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

uint32_t dosing_crc(const uint8_t *bytes, uint32_t length)
{
    const uint32_t(*t)[256] = dosing_crc_table;
    uint32_t crc = 0xFFFFFFFFu;
    for (; length >= 8u; length -= 8u, bytes += 8) {
        const uint32_t a = crc ^ word_at(bytes);
        const uint32_t b = word_at(bytes + 4);
        crc = t[7][a & 0xFFu] ^ t[6][a >> 8 & 0xFFu] ^ t[5][a >> 16 & 0xFFu] ^ t[4][a >> 24] ^
              t[3][b & 0xFFu] ^ t[2][b >> 8 & 0xFFu] ^ t[1][b >> 16 & 0xFFu] ^ t[0][b >> 24];
    }
    for (; length > 0u; length--, bytes++) {
        crc = crc >> 8 ^ t[0][(crc ^ *bytes) & 0xFFu];
    }
    return ~crc;
}

void dosing_crc_seal(void *block, uint32_t size)
{
    uint8_t *bytes = block;
    const uint32_t crc = dosing_crc(bytes, size - 4u);
    for (uint32_t i = 0; i < 4u; i++) {
        bytes[size - 4u + i] = (uint8_t)(crc >> 8u * i);
    }
}

bool dosing_crc_holds(const void *block, uint32_t size)
{
    const uint8_t *bytes = block;
    return dosing_crc(bytes, size - 4u) == word_at(bytes + size - 4u);
}
