/* SPDX-License-Identifier: Apache-2.0 */
/* CRC-32 of IEEE 802.3: of frames, of the factory block and of the blocks of the state. */
#ifndef DOSING_CRC_H
#define DOSING_CRC_H

#include <stdbool.h>
#include <stdint.h>

/* Reflected 0xEDB88320, initial and final inversion; of "123456789" it is 0xCBF43926. */
uint32_t dosing_crc(const uint8_t *bytes, uint32_t length);

/* The same over bytes that come in parts: begins at DOSING_CRC_BEGIN, and its complement is the CRC. */
#define DOSING_CRC_BEGIN 0xFFFFFFFFu
uint32_t dosing_crc_on(uint32_t crc, const uint8_t *bytes, uint32_t length);

/* A block of the state ends in one little-endian word over all bytes before it: the CRC-32 of its first half and that of
 * its second, turned by one bit, added without carry. `size` is a multiple of 4, at least 8; no padding. */
void dosing_crc_seal(void *block, uint32_t size);
bool dosing_crc_holds(const void *block, uint32_t size);

/* Eight tables of 256: [0] is the byte table, [k] that of a byte followed by k zero bytes. */
extern const uint32_t dosing_crc_table[8][256];

#endif
