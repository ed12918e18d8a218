/* SPDX-License-Identifier: Apache-2.0 */
/* The medium: geometry, operations that are checked, records. */
#include "dosing_store.h"

#include "dosing_codec.h"
#include "dosing_crc.h"

#define TRIES 3u

#define AT_SEQ 0u
#define AT_KIND 4u
#define AT_EDITION 8u
#define AT_DEVICE 12u
#define AT_CORE 16u
#define AT_MAIN 24u
#define AT_BODY 32u
#define AT_CRC 60u

static void count_bad(dosing_medium_t *m)
{
    m->bad += m->bad < UINT32_MAX ? 1u : 0u;
}

static uint32_t round_up(uint32_t bytes, uint32_t unit)
{
    return (bytes + unit - 1u) / unit * unit;
}

uint32_t dosing_store_ring(const dosing_medium_t *m)
{
    return m->sectors - DOSING_STORE_LOG_SECTORS;
}

uint32_t dosing_store_slots(const dosing_medium_t *m, uint32_t taken)
{
    return (m->sector_bytes - taken) / round_up(DOSING_STORE_RECORD_BYTES, m->write_bytes);
}

uint32_t dosing_store_slot_at(const dosing_medium_t *m, uint32_t sector, uint32_t slot)
{
    return (sector + 1u) * m->sector_bytes -
           (slot + 1u) * round_up(DOSING_STORE_RECORD_BYTES, m->write_bytes);
}

/* Sizes so that no address overflows: the store ends at or below 2^32 - 1. */
static bool is_usable(const dosing_store_geometry_t *g)
{
    return g->sectors >= DOSING_STORE_SECTORS_MIN && g->write_bytes >= 1u &&
           g->write_bytes <= DOSING_STORE_UNIT_MAX && (g->erased == 0u || g->erased == 0xFFu) &&
           g->sector_bytes >= DOSING_STORE_RECORDS_MIN * 2u * DOSING_STORE_RECORD_BYTES &&
           g->sector_bytes % g->write_bytes == 0u && g->sector_bytes <= UINT32_MAX / g->sectors;
}

dosing_status_t dosing_store_open(dosing_state_t *state)
{
    const dosing_port_t port = dosing_state_port(state);
    dosing_store_geometry_t g = {0};
    int32_t result = DOSING_HAL_FAILED;
    for (uint32_t i = 0; i < TRIES && result != DOSING_HAL_OK; i++) {
        result = port.hal->store_geometry(port.context, &g);
    }
    state->medium = (dosing_medium_t){0};
    state->lease.device = result != DOSING_HAL_OK || g.sectors != 0u ? 1u : 0u;
    if (result != DOSING_HAL_OK) {
        return DOSING_ERROR_HAL;
    }
    if (g.sectors == 0u) {
        return DOSING_OK;
    }
    state->medium.sectors = g.sectors;
    state->medium.sector_bytes = g.sector_bytes;
    state->medium.write_bytes = g.write_bytes;
    state->medium.erased = g.erased;
    return is_usable(&g) ? DOSING_OK : DOSING_ERROR_STORE;
}

bool dosing_store_read(dosing_state_t *state, uint32_t address, uint8_t *bytes, uint32_t length)
{
    const dosing_port_t port = dosing_state_port(state);
    const bool good = port.hal->store_read(port.context, address, bytes, length) == DOSING_HAL_OK;
    if (!good) {
        count_bad(&state->medium);
    }
    return good;
}

bool dosing_store_write(dosing_state_t *state, uint32_t address, const uint8_t *bytes,
                        uint32_t length)
{
    const dosing_port_t port = dosing_state_port(state);
    uint8_t back[DOSING_STORE_UNIT_MAX * 2u];
    uint32_t differ = 0;
    if (port.hal->store_write(port.context, address, bytes, length) != DOSING_HAL_OK) {
        count_bad(&state->medium);
        return false;
    }
    if (!dosing_store_read(state, address, back, length)) {
        return false;
    }
    for (uint32_t i = 0; i < length; i++) {
        differ |= (uint32_t)(back[i] ^ bytes[i]);
    }
    if (differ != 0u) {
        count_bad(&state->medium);
    }
    return differ == 0u;
}

bool dosing_store_blank(dosing_state_t *state, uint32_t address, uint32_t length)
{
    uint8_t bytes[DOSING_STORE_UNIT_MAX];
    const uint32_t end = address + length;
    uint32_t differ = 0;
    while (address < end && differ == 0u) {
        const uint32_t left = end - address;
        const uint32_t part = left < sizeof bytes ? left : (uint32_t)sizeof bytes;
        if (!dosing_store_read(state, address, bytes, part)) {
            return false;
        }
        for (uint32_t i = 0; i < part; i++) {
            differ |= bytes[i] ^ state->medium.erased;
        }
        address += part;
    }
    return differ == 0u;
}

bool dosing_store_clear(dosing_state_t *state, uint32_t sector)
{
    const dosing_port_t port = dosing_state_port(state);
    const uint32_t bytes = state->medium.sector_bytes;
    if (dosing_store_blank(state, sector * bytes, bytes)) {
        return true;
    }
    (void)port.hal->watchdog(port.context); /* an erase may take long, and there may be several */
    if (port.hal->store_erase(port.context, sector) != DOSING_HAL_OK ||
        !dosing_store_blank(state, sector * bytes, bytes)) {
        count_bad(&state->medium);
        return false;
    }
    return true;
}

static void put_record(uint8_t *bytes, const dosing_record_t *r, uint32_t device)
{
    dosing_codec_put_u32(bytes + AT_SEQ, r->seq);
    dosing_codec_put_u32(bytes + AT_KIND, DOSING_STORE_KIND | r->kind);
    dosing_codec_put_u32(bytes + AT_EDITION, r->edition);
    dosing_codec_put_u32(bytes + AT_DEVICE, device);
    dosing_codec_put_u64(bytes + AT_CORE, r->core_ms);
    dosing_codec_put_u64(bytes + AT_MAIN, r->main_ms);
    dosing_codec_copy(bytes + AT_BODY, r->body, DOSING_STORE_BODY_BYTES);
    dosing_codec_put_u32(bytes + AT_CRC, dosing_crc(bytes, AT_CRC));
}

bool dosing_store_append(dosing_state_t *state, const dosing_record_t *r)
{
    dosing_medium_t *m = &state->medium;
    uint8_t bytes[DOSING_STORE_UNIT_MAX * 2u] = {0}; /* a slot is under two units of 64 */
    if (m->slot >= m->slots) {
        return false;
    }
    put_record(bytes, r, state->therapy.factory.crc);
    const uint32_t at = dosing_store_slot_at(m, m->home, m->slot);
    m->slot++; /* used, whatever becomes of it */
    return dosing_store_write(state, at, bytes,
                              round_up(DOSING_STORE_RECORD_BYTES, m->write_bytes));
}

bool dosing_store_record(dosing_state_t *state, uint32_t sector, uint32_t slot, dosing_record_t *r)
{
    uint8_t bytes[DOSING_STORE_RECORD_BYTES];
    if (!dosing_store_read(state, dosing_store_slot_at(&state->medium, sector, slot), bytes,
                           sizeof bytes)) {
        return false;
    }
    const uint32_t kind = dosing_codec_u32(bytes + AT_KIND);
    r->seq = dosing_codec_u32(bytes + AT_SEQ);
    r->kind = kind & 0xFFu;
    r->edition = dosing_codec_u32(bytes + AT_EDITION);
    r->core_ms = dosing_codec_u64(bytes + AT_CORE);
    r->main_ms = dosing_codec_u64(bytes + AT_MAIN);
    dosing_codec_copy(r->body, bytes + AT_BODY, DOSING_STORE_BODY_BYTES);
    return (kind & ~0xFFu) == DOSING_STORE_KIND && r->seq != 0u && r->seq <= DOSING_STORE_SEQ_MAX &&
           dosing_codec_u32(bytes + AT_DEVICE) == state->therapy.factory.crc &&
           dosing_codec_u32(bytes + AT_CRC) == dosing_crc(bytes, AT_CRC);
}
