/* SPDX-License-Identifier: Apache-2.0 */
/* CRC-32 of the journal's frames: against torn and rotten bytes, not against an adversary. */
#ifndef DATASET_CRC32_H
#define DATASET_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32/ISO-HDLC (reflected polynomial 0xEDB88320, initial and final complement; ISO 3309, as in gzip and PNG) of
 * bytes[size]; of "123456789" it is 0xCBF43926. */
uint32_t crc32_of(const uint8_t *bytes, size_t size);

#endif
