/* SPDX-License-Identifier: Apache-2.0 */
/* Little-endian integers in byte arrays, whatever the machine; compilers make one load or store of each. */
#ifndef DATASET_LITTLE_H
#define DATASET_LITTLE_H

#include <stdint.h>

static inline void little_put32(uint8_t *to, uint32_t value)
{
    to[0] = (uint8_t)value;
    to[1] = (uint8_t)(value >> 8);
    to[2] = (uint8_t)(value >> 16);
    to[3] = (uint8_t)(value >> 24);
}

static inline void little_put64(uint8_t *to, uint64_t value)
{
    little_put32(to, (uint32_t)value);
    little_put32(to + 4, (uint32_t)(value >> 32));
}

static inline uint32_t little_get32(const uint8_t *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
           (uint32_t)from[3] << 24;
}

static inline uint64_t little_get64(const uint8_t *from)
{
    return little_get32(from) | (uint64_t)little_get32(from + 4) << 32;
}

#endif
