/* SPDX-License-Identifier: Apache-2.0 */
/* Flash on the desk: enforces its physics, notes the first violation, and fails in the ways that flash fails, the silent
 * ones too. Operations (writes and erases) and reads are numbered from 0; what is torn follows from `seed` alone. */
#ifndef TESTS_FAKE_FLASH_H
#define TESTS_FAKE_FLASH_H

#include <stdbool.h>
#include <stdint.h>

#include "dosing_hal.h"

#define FAKE_FLASH_BYTES_MAX 131072u
#define FAKE_FLASH_SECTORS_MAX 64u
#define FAKE_FLASH_NEVER UINT64_MAX

/* Which of its operations go wrong: `count` of them from number `from` on. */
typedef struct fake_fault_t {
    uint64_t from, count;
} fake_fault_t;

typedef struct fake_flash_t {
    dosing_store_geometry_t geometry;
    uint64_t seed;
    uint64_t operations, reads;
    uint32_t erases[FAKE_FLASH_SECTORS_MAX];
    uint64_t cut_at; /* power is lost in this operation, which is torn; on_cut must not return */
    void (*on_cut)(void *context);
    void *on_cut_context;
    fake_fault_t fail;    /* operations that are torn, and answer FAILED */
    fake_fault_t rot;     /* writes that answer OK, and one bit of them is wrong */
    fake_fault_t residue; /* erases that answer OK, and leave a few bits */
    fake_fault_t unread;  /* reads that answer FAILED */
    uint64_t stuck;      /* one bit for each sector (of 64): it can be neither written nor erased */
    bool no_geometry;    /* the geometry cannot be asked for */
    char violation[128]; /* empty while physics is respected */
    uint8_t bytes[FAKE_FLASH_BYTES_MAX];
} fake_flash_t;

/* All erased; never fails. */
void fake_flash_init(fake_flash_t *f, uint32_t sectors, uint32_t sector_bytes, uint32_t write_bytes,
                     uint8_t erased);

/* As in dosing_hal.h. */
int32_t fake_flash_geometry(fake_flash_t *f, dosing_store_geometry_t *geometry);
int32_t fake_flash_read(fake_flash_t *f, uint32_t address, uint8_t *bytes, uint32_t length);
int32_t fake_flash_write(fake_flash_t *f, uint32_t address, const uint8_t *bytes, uint32_t length);
int32_t fake_flash_erase(fake_flash_t *f, uint32_t sector);

#endif
