/* SPDX-License-Identifier: Apache-2.0 */
/* CRC-32 by zlib. */
#include "dataset/crc32.h"

#include <zlib.h>

uint32_t crc32_of(const uint8_t *bytes, size_t size)
{
    return (uint32_t)crc32_z(0, bytes, size);
}
