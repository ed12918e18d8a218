/* SPDX-License-Identifier: Apache-2.0 */
/* The fake flash. */
#include "fake_flash.h"

#include <stdio.h>
#include <string.h>

static uint64_t draw(fake_flash_t *f)
{
    uint64_t z = (f->seed += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static void blame(fake_flash_t *f, const char *what, uint32_t at)
{
    if (f->violation[0] == '\0') {
        snprintf(f->violation, sizeof f->violation, "%s (%lu, operation %llu)", what,
                 (unsigned long)at, (unsigned long long)f->operations);
    }
}

void fake_flash_init(fake_flash_t *f, uint32_t sectors, uint32_t sector_bytes, uint32_t write_bytes,
                     uint8_t erased)
{
    memset(f, 0, sizeof *f);
    f->geometry = (dosing_store_geometry_t){sectors, sector_bytes, write_bytes, erased};
    f->cut_at = FAKE_FLASH_NEVER;
    memset(f->bytes, erased, sizeof f->bytes);
}

static bool hits(const fake_fault_t *fault, uint64_t n)
{
    return n - fault->from < fault->count;
}

static uint32_t size_of(const fake_flash_t *f)
{
    return f->geometry.sectors * f->geometry.sector_bytes;
}

int32_t fake_flash_geometry(fake_flash_t *f, dosing_store_geometry_t *geometry)
{
    *geometry = f->geometry;
    return f->no_geometry ? DOSING_HAL_FAILED : DOSING_HAL_OK;
}

int32_t fake_flash_read(fake_flash_t *f, uint32_t address, uint8_t *bytes, uint32_t length)
{
    if (length == 0u || address > size_of(f) || length > size_of(f) - address) {
        blame(f, "read outside the store", address);
        return DOSING_HAL_RANGE;
    }
    memcpy(bytes, f->bytes + address, length);
    if (hits(&f->unread, f->reads++)) {
        memset(bytes, 0xA5, length);
        return DOSING_HAL_FAILED;
    }
    return DOSING_HAL_OK;
}

/* Each unit is as it was, or as it was to be, or neither. */
static void tear(fake_flash_t *f, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    const uint32_t unit = f->geometry.write_bytes;
    for (uint32_t i = 0; i < length; i += unit) {
        const uint64_t fate = draw(f) % 3u;
        for (uint32_t k = i; k < i + unit && fate != 0u; k++) {
            f->bytes[address + k] = fate == 1u ? bytes[k] : (uint8_t)draw(f);
        }
    }
}

/* True where the operation fails or power is lost in it: it is torn then. */
static bool fails(fake_flash_t *f, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    const uint64_t n = f->operations++;
    const bool cut = n == f->cut_at;
    const bool stuck = (f->stuck >> address / f->geometry.sector_bytes & 1u) != 0u;
    if (stuck) {
        return true;
    }
    if (!cut && !hits(&f->fail, n)) {
        return false;
    }
    tear(f, address, bytes, length);
    if (cut) {
        f->on_cut(f->on_cut_context);
    }
    return true;
}

int32_t fake_flash_write(fake_flash_t *f, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    const uint32_t sector = f->geometry.sector_bytes;
    const uint32_t unit = f->geometry.write_bytes;
    if (length == 0u || address % unit != 0u || length % unit != 0u || address >= size_of(f) ||
        length > sector - address % sector) {
        blame(f, "write askew, or outside a sector", address);
        return DOSING_HAL_RANGE;
    }
    for (uint32_t i = 0; i < length; i++) {
        if (f->bytes[address + i] != f->geometry.erased) {
            blame(f, "write on bytes that are not erased", address);
            return DOSING_HAL_FAILED;
        }
    }
    const uint64_t n = f->operations;
    if (fails(f, address, bytes, length)) {
        return DOSING_HAL_FAILED;
    }
    memcpy(f->bytes + address, bytes, length);
    if (hits(&f->rot, n)) {
        f->bytes[address + draw(f) % length] ^= (uint8_t)(1u << draw(f) % 8u);
    }
    return DOSING_HAL_OK;
}

int32_t fake_flash_erase(fake_flash_t *f, uint32_t sector)
{
    static uint8_t blank[FAKE_FLASH_BYTES_MAX];
    const uint32_t bytes = f->geometry.sector_bytes;
    if (sector >= f->geometry.sectors) {
        blame(f, "erase of a sector that is not there", sector);
        return DOSING_HAL_RANGE;
    }
    memset(blank, (int)f->geometry.erased, bytes);
    f->erases[sector]++;
    const uint64_t n = f->operations;
    if (fails(f, sector * bytes, blank, bytes)) {
        return DOSING_HAL_FAILED;
    }
    memcpy(f->bytes + sector * bytes, blank, bytes);
    for (uint32_t i = 0; i < 3u && hits(&f->residue, n); i++) {
        f->bytes[sector * bytes + draw(f) % bytes] ^= (uint8_t)(1u << draw(f) % 8u);
    }
    return DOSING_HAL_OK;
}
