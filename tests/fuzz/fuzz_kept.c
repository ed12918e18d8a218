/* SPDX-License-Identifier: Apache-2.0 */
/* Images drawn from the stores of pumps, and images read. */
#include "fuzz_kept.h"

#include <string.h>

#include "dosing_crc.h"
#include "dosing_fresh.h"
#include "dosing_image.h"
#include "dosing_keep.h"
#include "dosing_state.h"
#include "dosing_stream.h"
#include "fuzz_flash.h"
#include "fuzz_tape.h"
#include "tests/firmware-core/fake_hal.h"

#define HOUR_MS UINT64_C(3600000)
#define UNFIT_NG_PER_ML 100u /* 300 ug/day are 3 L/day of it */

static fake_pump_t pump;

static dosing_state_t *state_of(void)
{
    return (dosing_state_t *)(void *)pump.state;
}

static void add_piece(kept_image_t *image, const uint8_t *head, const uint8_t *bytes,
                      uint32_t length)
{
    if (image->size + FLASH_PIECE_HEAD_BYTES + length > sizeof image->bytes) {
        return;
    }
    uint8_t *at = image->bytes + image->size;
    memcpy(at, head, 3u);
    fake_put(at + 3, length, 2u);
    memcpy(at + FLASH_PIECE_HEAD_BYTES, bytes, length);
    image->size += FLASH_PIECE_HEAD_BYTES + length;
}

static void add_sector(kept_image_t *image, const uint8_t *at, uint8_t sector)
{
    uint8_t bytes[FLASH_SECTOR_BYTES];
    const uint8_t checkpoint[3] = {FLASH_PIECE_CHECKPOINT, sector, 0u};
    const uint32_t payload = (uint32_t)fake_get(at + 20, 4u);
    if (fake_get(at, 4u) == DOSING_STREAM_MAGIC && payload + 8u <= sizeof bytes) {
        memcpy(bytes, at + 8, 8u);
        memcpy(bytes + 8, at + DOSING_STREAM_HEAD_BYTES, payload);
        add_piece(image, checkpoint, bytes, payload + 8u);
    }
    for (uint32_t slot = 0; slot < 6u; slot++) {
        const uint8_t *r = at + FLASH_SECTOR_BYTES - (slot + 1u) * DOSING_STORE_RECORD_BYTES;
        const uint8_t record[3] = {FLASH_PIECE_RECORD, sector, (uint8_t)slot};
        if ((fake_get(r + 4, 4u) & ~UINT64_C(0xFF)) == DOSING_STORE_KIND) {
            memcpy(bytes, r, 4u);
            memcpy(bytes + 4, r + 4, 1u);
            memset(bytes + 5, 0, 3u);
            memcpy(bytes + 8, r + 8, 4u);
            memcpy(bytes + 12, r + 16, 44u);
            add_piece(image, record, bytes, 56u);
        }
    }
}

void kept_draw(kept_image_t *image, uint64_t seed)
{
    image->size = 0u;
    if (seed % 3u == 0u) {
        return;
    }
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    (void)fake_refill(&pump, 20000000u);
    (void)fake_simple(&pump, 500000u, 150000u + 30000u * (seed % 5u));
    fake_pump_run(&pump, pump.hal.now_ms + (1u + seed % 7u) * HOUR_MS);
    if (seed % 4u == 0u) {
        (void)fake_send(&pump, DOSING_FRAME_STOP, NULL, 0u);
    }
    for (uint8_t sector = 4u; sector > 0u; sector--) {
        add_sector(image, pump.hal.flash.bytes + (sector - 1u) * FLASH_SECTOR_BYTES,
                   (uint8_t)(sector - 1u));
    }
}

void kept_draw_unfit(kept_image_t *image)
{
    uint8_t programme[DOSING_PROGRAMME_BYTES];
    dosing_state_t *state = state_of();
    dosing_therapy_t *t = &state->therapy;
    image->size = 0u;
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    (void)fake_refill(&pump, 20000000u);
    (void)fake_simple(&pump, 500000u, 150000u);
    fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS);
    fake_programme(programme, 1000000u, 300000u);
    fake_put(programme + DOSING_PROGRAMME_AT_BRIDGE, 250000u, 4u);
    (void)fake_commit(&pump, programme);
    fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS);
    t->programme.concentration_ng_per_ml[0] = UNFIT_NG_PER_ML;
    dosing_crc_seal(t, sizeof *t);
    dosing_keep_later(state);
    fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS);
    const uint32_t home = state->medium.home;
    add_sector(image, pump.hal.flash.bytes + home * FLASH_SECTOR_BYTES, (uint8_t)home);
}

/* The fields of the checkpoint, as a start reads them. */
static bool is_read(uint32_t sector, const dosing_checkpoint_t *c)
{
    dosing_stream_t io;
    dosing_moment_t moment;
    dosing_pending_t order;
    const dosing_reading_t first = {0};
    dosing_fresh_make(state_of(), &first);
    dosing_stream_load(&io, state_of(), sector, c);
    dosing_image_pass(&io, &moment, &order);
    return io.good && io.length == c->length;
}

const char *kept_stale(const uint8_t *image, size_t size, uint8_t options)
{
    static flash_t flash;
    dosing_hal_t hal = fake_hal;
    bool whole = false;
    bool read = false;
    fake_init(&pump.hal);
    tape_factory(options, &pump.hal.factory);
    fake_seal_factory(&pump.hal);
    flash_start(&flash, &hal);
    flash_image(&flash, pump.hal.factory.crc, image, size);
    pump.hal.table = &hal;
    fake_pump_start(&pump);
    for (uint32_t sector = 0; sector < dosing_store_ring(&state_of()->medium); sector++) {
        dosing_checkpoint_t c;
        if (dosing_stream_find(state_of(), sector, &c) == DOSING_FOUND_WHOLE) {
            whole = true;
            read = read || is_read(sector, &c);
        }
    }
    return read    ? NULL
           : whole ? "its checkpoint is whole and is not read to its end: another layout"
                   : "there is no whole checkpoint in it";
}
