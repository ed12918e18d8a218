/* SPDX-License-Identifier: Apache-2.0 */
/* CRC-32, eight bytes at a time (Kounavis and Berry, ISCC 2005, "slicing-by-8"): a day's scrub checks some 5000 bytes. */
#include "dosing_crc.h"

static inline uint32_t word_at(const uint8_t *b)
{
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static inline uint32_t eight(uint32_t crc, const uint8_t *bytes)
{
    const uint32_t(*t)[256] = dosing_crc_table;
    const uint32_t a = crc ^ word_at(bytes);
    const uint32_t b = word_at(bytes + 4);
    return t[7][a & 0xFFu] ^ t[6][a >> 8 & 0xFFu] ^ t[5][a >> 16 & 0xFFu] ^ t[4][a >> 24] ^
           t[3][b & 0xFFu] ^ t[2][b >> 8 & 0xFFu] ^ t[1][b >> 16 & 0xFFu] ^ t[0][b >> 24];
}

/* Four bytes at a time. */
static inline uint32_t four(uint32_t crc, const uint8_t *bytes)
{
    const uint32_t(*t)[256] = dosing_crc_table;
    const uint32_t a = crc ^ word_at(bytes);
    return t[3][a & 0xFFu] ^ t[2][a >> 8 & 0xFFu] ^ t[1][a >> 16 & 0xFFu] ^ t[0][a >> 24];
}

uint32_t dosing_crc_on(uint32_t crc, const uint8_t *bytes, uint32_t length)
{
    for (; length >= 8u; length -= 8u, bytes += 8) {
        crc = eight(crc, bytes);
    }
    for (; length >= 4u; length -= 4u, bytes += 4) {
        crc = four(crc, bytes);
    }
    for (; length > 0u; length--, bytes++) {
        crc = crc >> 8 ^ dosing_crc_table[0][(crc ^ *bytes) & 0xFFu];
    }
    return crc;
}

uint32_t dosing_crc(const uint8_t *bytes, uint32_t length)
{
    return ~dosing_crc_on(DOSING_CRC_BEGIN, bytes, length);
}

/* Two CRCs side by side, because one waits for its own last step: twice as fast. Whatever changes in one half
 * alone changes that half's CRC and so the word; 1 in 2^32 of what changes both goes unseen. */
static uint32_t of_block(const uint8_t *bytes, uint32_t length)
{
    const uint32_t half = length / 16u * 8u;
    uint32_t first = 0xFFFFFFFFu;
    uint32_t second = 0xFFFFFFFFu;
    uint32_t at = 2u * half;
    for (uint32_t i = 0; i < half; i += 8u) {
        first = eight(first, bytes + i);
        second = eight(second, bytes + half + i);
    }
    if (length - at >= 8u) {
        second = eight(second, bytes + at);
        at += 8u;
    }
    if (length - at >= 4u) { /* a block has 4 bytes more than whole words of 8 */
        first = four(first, bytes + at);
    }
    return ~(first ^ (second << 1 | second >> 31));
}

void dosing_crc_seal(void *block, uint32_t size)
{
    uint8_t *bytes = block;
    const uint32_t crc = of_block(bytes, size - 4u);
    bytes += size - 4u;
    bytes[0] = (uint8_t)crc;
    bytes[1] = (uint8_t)(crc >> 8);
    bytes[2] = (uint8_t)(crc >> 16);
    bytes[3] = (uint8_t)(crc >> 24);
}

bool dosing_crc_holds(const void *block, uint32_t size)
{
    const uint8_t *bytes = block;
    return of_block(bytes, size - 4u) == word_at(bytes + size - 4u);
}
