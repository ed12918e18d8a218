/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as the wire and the store have them: little-endian numbers, and their CRC-32. */
#ifndef SECOND_BYTES_H
#define SECOND_BYTES_H

#include <stdint.h>

/* A number of 1 to 8 bytes. */
uint64_t second_bytes_get(const uint8_t *bytes, uint32_t size);
void second_bytes_put(uint8_t *bytes, uint64_t value, uint32_t size);

/* CRC-32 of IEEE 802.3: reflected, inverted before and after; of "123456789" it is 0xCBF43926. */
uint32_t second_bytes_crc(const void *data, uint32_t length);

/* 1 where all of them are 0. */
uint32_t second_bytes_blank(const uint8_t *bytes, uint32_t length);

#endif
