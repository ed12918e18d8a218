/* SPDX-License-Identifier: Apache-2.0 */
/* The store, and images put into it. */
#include "fuzz_flash.h"

#include <stdbool.h>
#include <string.h>

#include "dosing_crc.h"
#include "dosing_stream.h"
#include "tests/firmware-core/fake_hal.h"

static flash_t *used;

static bool require(bool holds, const char *what)
{
    if (!holds && used->broken == NULL) {
        used->broken = what;
    }
    return holds;
}

static int32_t store_geometry(void *context, dosing_store_geometry_t *geometry)
{
    (void)context;
    *geometry =
        (dosing_store_geometry_t){FLASH_SECTORS, FLASH_SECTOR_BYTES, FLASH_WRITE_BYTES, 0xFFu};
    return DOSING_HAL_OK;
}

static bool in_store(uint32_t address, uint32_t length)
{
    return address <= FLASH_BYTES && length <= FLASH_BYTES - address;
}

static int32_t store_read(void *context, uint32_t address, uint8_t *bytes, uint32_t length)
{
    (void)context;
    if (!require(in_store(address, length), "the store is read outside its bounds")) {
        return DOSING_HAL_RANGE;
    }
    memcpy(bytes, used->bytes + address, length);
    return DOSING_HAL_OK;
}

static int32_t store_write(void *context, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    (void)context;
    if (!require(in_store(address, length), "the store is written outside its bounds") ||
        !require((address | length) % FLASH_WRITE_BYTES == 0u, "the store is written askew")) {
        return DOSING_HAL_RANGE;
    }
    for (uint32_t i = 0; i < length; i++) {
        used->bytes[address + i] &= bytes[i];
    }
    return DOSING_HAL_OK;
}

static int32_t store_erase(void *context, uint32_t sector)
{
    (void)context;
    if (!require(sector < FLASH_SECTORS, "a sector is erased that does not exist")) {
        return DOSING_HAL_RANGE;
    }
    memset(used->bytes + sector * FLASH_SECTOR_BYTES, 0xFF, FLASH_SECTOR_BYTES);
    return DOSING_HAL_OK;
}

void flash_start(flash_t *flash, dosing_hal_t *hal)
{
    flash->broken = NULL;
    memset(flash->bytes, 0xFF, sizeof flash->bytes);
    hal->store_geometry = store_geometry;
    hal->store_read = store_read;
    hal->store_write = store_write;
    hal->store_erase = store_erase;
    used = flash;
}

static void put_checkpoint(flash_t *flash, uint32_t factory_crc, uint32_t sector,
                           const uint8_t *bytes, uint32_t length)
{
    uint8_t *at = flash->bytes + sector * FLASH_SECTOR_BYTES;
    const uint32_t most = FLASH_SECTOR_BYTES - DOSING_STREAM_HEAD_BYTES -
                          4u * FLASH_WRITE_BYTES; /* CRC, word, units */
    if (length < 8u) {
        return;
    }
    const uint32_t payload = length - 8u < most ? length - 8u : most;
    const uint32_t covered = DOSING_STREAM_HEAD_BYTES + payload;
    fake_put(at, DOSING_STREAM_MAGIC, 4u);
    fake_put(at + 4, DOSING_STORE_LAYOUT, 4u);
    memcpy(at + 8, bytes, 8u);
    fake_put(at + 16, factory_crc, 4u);
    fake_put(at + 20, payload, 4u);
    memcpy(at + DOSING_STREAM_HEAD_BYTES, bytes + 8, payload);
    fake_put(at + covered, dosing_crc(at, covered), 4u);
    const uint32_t word =
        (covered + 4u + FLASH_WRITE_BYTES - 1u) / FLASH_WRITE_BYTES * FLASH_WRITE_BYTES;
    fake_put(at + word, DOSING_STREAM_COMMIT, 8u);
}

static void put_record(flash_t *flash, uint32_t factory_crc, uint32_t sector, uint32_t slot,
                       const uint8_t *bytes, uint32_t length)
{
    const uint32_t slots = FLASH_SECTOR_BYTES / DOSING_STORE_RECORD_BYTES;
    uint8_t *at = flash->bytes + (sector + 1u) * FLASH_SECTOR_BYTES -
                  (slot % slots + 1u) * DOSING_STORE_RECORD_BYTES;
    uint8_t r[56] = {0};
    memcpy(r, bytes, length < sizeof r ? length : sizeof r);
    memcpy(at, r, 4u);
    fake_put(at + 4, DOSING_STORE_KIND | r[4], 4u);
    memcpy(at + 8, r + 8, 4u);
    fake_put(at + 12, factory_crc, 4u);
    memcpy(at + 16, r + 12, 44u);
    fake_put(at + 60, dosing_crc(at, 60u), 4u);
}

void flash_image(flash_t *flash, uint32_t factory_crc, const uint8_t *image, size_t size)
{
    while (size >= FLASH_PIECE_HEAD_BYTES) {
        const uint32_t said = (uint32_t)fake_get(image + 3, 2u);
        const uint8_t *bytes = image + FLASH_PIECE_HEAD_BYTES;
        const size_t left = size - FLASH_PIECE_HEAD_BYTES;
        const uint32_t length = said < left ? said : (uint32_t)left;
        const uint32_t sector = image[1] % FLASH_SECTORS;
        switch (image[0] % FLASH_PIECES) {
        case FLASH_PIECE_CHECKPOINT:
            put_checkpoint(flash, factory_crc, sector, bytes, length);
            break;
        case FLASH_PIECE_RECORD:
            put_record(flash, factory_crc, sector, image[2], bytes, length);
            break;
        default:
            memcpy(flash->bytes + sector * FLASH_SECTOR_BYTES, bytes,
                   length < FLASH_SECTOR_BYTES ? length : FLASH_SECTOR_BYTES);
            break;
        }
        image = bytes + length;
        size = left - length;
    }
}
