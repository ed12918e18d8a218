/* SPDX-License-Identifier: Apache-2.0 */
/* The store: images and the journal. */
#include "second_store.h"

#include <stddef.h>

#include "second_account.h"
#include "second_bytes.h"

#define IMAGE_MAGIC 0x32434F53u
#define RECORD_MAGIC 0x524A4F53u
#define BLOCK_MAX 64u
#define RECORD 128u
#define JOURNAL 4u /* sectors, and as many of images */
#define TRIES 8u

/* Written last, before the image itself: its block makes the copy whole. */
typedef struct head_t {
    uint32_t magic, generation, length, crc;
} head_t;

typedef union record_t {
    struct {
        uint32_t magic, crc, generation, number;
        second_course_t course;
    } as;
    uint8_t bytes[RECORD];
} record_t;

_Static_assert(sizeof(record_t) == RECORD, "a record fits its slot");
_Static_assert(sizeof(second_kept_t) + 2u * BLOCK_MAX <= 8192u,
               "an image fits the smallest sector");

/* ---- bytes ------------------------------------------------------------------------------------------------------------- */

static void copy(uint8_t *to, const uint8_t *from, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++) {
        to[i] = from[i];
    }
}

static uint32_t differ(const uint8_t *a, const uint8_t *b, uint32_t length)
{
    uint32_t any = 0;
    for (uint32_t i = 0; i < length; i++) {
        any |= (uint32_t)(a[i] ^ b[i]);
    }
    return any;
}

/* Up to a block, padded to one; written and read back. */
static uint32_t write_block(dosing_state_t *s, uint32_t address, const uint8_t *bytes,
                            uint32_t length)
{
    uint8_t block[BLOCK_MAX] = {0}, back[BLOCK_MAX] = {0};
    const uint32_t whole = s->store.block;
    copy(block, bytes, length);
    if (s->hal->store_write(s->context, address, block, whole) == DOSING_HAL_OK &&
        s->hal->store_read(s->context, address, back, whole) == DOSING_HAL_OK &&
        differ(block, back, whole) == 0u) {
        return 1;
    }
    s->store.failures = second_state_add(s->store.failures, 1u);
    return 0;
}

static uint32_t write_blocks(dosing_state_t *s, uint32_t address, const uint8_t *bytes,
                             uint32_t length)
{
    for (uint32_t at = 0; at < length; at += s->store.block) {
        const uint32_t some = length - at < s->store.block ? length - at : s->store.block;
        if (write_block(s, address + at, bytes + at, some) == 0u) {
            return 0;
        }
    }
    return 1;
}

static uint32_t erase(dosing_state_t *s, uint32_t sector)
{
    (void)s->hal->watchdog(s->context);
    if (s->hal->store_erase(s->context, sector) == DOSING_HAL_OK) {
        return 1;
    }
    s->store.failures = second_state_add(s->store.failures, 1u);
    return 0;
}

/* ---- the journal ------------------------------------------------------------------------------------------------------- */

static uint32_t slot_address(const dosing_state_t *s, uint32_t slot)
{
    const dosing_store_geometry_t *g = &s->store.geometry;
    const uint32_t per_sector = g->sector_bytes / s->store.pitch;
    const uint32_t sector = g->sectors - JOURNAL + slot / per_sector;
    return sector * g->sector_bytes + slot % per_sector * s->store.pitch;
}

static uint32_t record_crc(const record_t *r)
{
    return second_bytes_crc(r->bytes + offsetof(record_t, as.generation),
                            RECORD - (uint32_t)offsetof(record_t, as.generation));
}

static uint32_t is_erased(const dosing_state_t *s, uint32_t address, uint32_t length)
{
    for (uint32_t at = 0; at < length; at += s->store.block) {
        uint8_t block[BLOCK_MAX];
        const uint32_t some = length - at < s->store.block ? length - at : s->store.block;
        if (s->hal->store_read(s->context, address + at, block, some) != DOSING_HAL_OK) {
            return 0;
        }
        for (uint32_t i = 0; i < some; i++) {
            if (block[i] != s->store.geometry.erased) {
                return 0;
            }
        }
    }
    return 1;
}

/* The next slot, its sector erased where it is the first; one that was torn is left. */
static uint32_t write_slot(dosing_state_t *s, const record_t *r)
{
    const uint32_t per_sector = s->store.geometry.sector_bytes / s->store.pitch;
    const uint32_t address = slot_address(s, s->store.slot);
    const uint32_t first = s->store.slot % per_sector == 0u ? 1u : 0u;
    s->store.slot = (s->store.slot + 1u) % s->store.slots;
    if (first != 0u && erase(s, address / s->store.geometry.sector_bytes) == 0u) {
        s->store.slot = (s->store.slot - 1u + per_sector) % s->store.slots;
        return 0;
    }
    return is_erased(s, address, s->store.pitch) != 0u &&
                   write_blocks(s, address, r->bytes, RECORD) != 0u
               ? 1u
               : 0u;
}

/* Counters go out as leased: after a reset the frames up to there count as used. */
static void lease_counters(const dosing_state_t *s, second_course_t *c)
{
    for (uint32_t role = 0; role < DOSING_ROLES; role++) {
        const uint64_t leased = s->link.leased[role];
        c->counter[role] = leased > c->counter[role] ? leased : c->counter[role];
    }
}

dosing_status_t second_store_record(dosing_state_t *s)
{
    record_t r = {.bytes = {0}};
    if (s->store.geometry.sectors == 0u) {
        return DOSING_OK;
    }
    s->store.number++;
    r.as.magic = RECORD_MAGIC;
    r.as.generation = s->store.generation;
    r.as.number = s->store.number;
    r.as.course = s->kept.course;
    lease_counters(s, &r.as.course);
    r.as.crc = record_crc(&r);
    for (uint32_t i = 0; i < TRIES; i++) {
        if (write_slot(s, &r) != 0u) {
            return DOSING_OK;
        }
    }
    return DOSING_ERROR_STORE;
}

static uint32_t read_record(const dosing_state_t *s, uint32_t slot, record_t *r)
{
    return s->hal->store_read(s->context, slot_address(s, slot), r->bytes, RECORD) ==
                       DOSING_HAL_OK &&
                   r->as.magic == RECORD_MAGIC && r->as.crc == record_crc(r)
               ? 1u
               : 0u;
}

/* ---- images ------------------------------------------------------------------------------------------------------------ */

static uint32_t write_copy(dosing_state_t *s, uint32_t sector, const head_t *head)
{
    const uint32_t address = sector * s->store.geometry.sector_bytes;
    return erase(s, sector) != 0u &&
                   write_blocks(s, address + s->store.block, (const uint8_t *)&s->draft,
                                sizeof s->draft) != 0u &&
                   write_block(s, address, (const uint8_t *)head, sizeof *head) != 0u
               ? 1u
               : 0u;
}

dosing_status_t second_store_keep(dosing_state_t *s)
{
    const second_course_t course = s->draft.course;
    lease_counters(s, &s->draft.course);
    const head_t head = {IMAGE_MAGIC, s->store.generation + 1u, sizeof s->draft,
                         second_bytes_crc(&s->draft, sizeof s->draft)};
    const uint32_t sector = 2u * (head.generation & 1u);
    if (s->store.geometry.sectors != 0u) {
        const uint32_t copies = write_copy(s, sector, &head) + write_copy(s, sector + 1u, &head);
        if (copies == 0u) {
            return DOSING_ERROR_STORE;
        }
        s->store.generation = head.generation;
    }
    s->kept = s->draft;
    s->kept.course = course;
    /* What this record would tell comes with the next lease, or nothing more is given. */
    (void)second_store_record(s);
    return DOSING_OK;
}

/* ---- loading ----------------------------------------------------------------------------------------------------------- */

/* The image of a sector into s->draft; its generation, 0 where it is none. */
static uint32_t read_copy(dosing_state_t *s, uint32_t sector)
{
    const uint32_t address = sector * s->store.geometry.sector_bytes;
    head_t head = {0};
    if (s->hal->store_read(s->context, address, (uint8_t *)&head, sizeof head) != DOSING_HAL_OK ||
        head.magic != IMAGE_MAGIC || head.length != sizeof s->draft || head.generation == 0u ||
        s->hal->store_read(s->context, address + s->store.block, (uint8_t *)&s->draft,
                           sizeof s->draft) != DOSING_HAL_OK ||
        head.crc != second_bytes_crc(&s->draft, sizeof s->draft) ||
        s->draft.layout != sizeof s->draft || s->draft.device_id != s->factory.device_id) {
        return 0;
    }
    return head.generation;
}

/* Pulses that a record, or the end of power, tells of: they began by then. */
static void replay(dosing_state_t *s, const second_course_t *c)
{
    second_kept_t *k = &s->kept;
    const uint64_t most = UINT32_MAX / 2u;
    const uint64_t more =
        c->commanded > k->course.commanded ? c->commanded - k->course.commanded : 0u;
    const uint64_t asked_ms = k->course.request_ms;
    second_account_book(k, &s->factory, c->time_ms, (uint32_t)(more < most ? more : most));
    k->course = *c;
    if (c->request_ms != SECOND_NEVER_REQUESTED && c->request_ms != asked_ms) {
        k->request_ms[k->request_next % DOSING_PATIENT_PER_DAY_MAX] = c->request_ms;
        k->request_next++;
    }
}

/* What the journal says of images. */
typedef struct heard_t {
    uint32_t any;   /* records */
    uint32_t ahead; /* 1: of a later generation than the image */
} heard_t;

/* The latest record's slot, or the number of slots. */
static uint32_t latest_slot(dosing_state_t *s)
{
    record_t r;
    uint32_t latest = s->store.slots;
    for (uint32_t i = 0; i < s->store.slots; i++) {
        if (read_record(s, i, &r) != 0u && r.as.number > s->store.number) {
            s->store.number = r.as.number;
            latest = i;
        }
    }
    return latest;
}

/* From the oldest slot to the latest. */
static heard_t replay_all(dosing_state_t *s)
{
    record_t r;
    heard_t heard = {0, 0};
    const uint32_t latest = latest_slot(s);
    s->store.slot = latest == s->store.slots ? 0u : (latest + 1u) % s->store.slots;
    for (uint32_t i = 0; i < s->store.slots; i++) {
        if (read_record(s, (s->store.slot + i) % s->store.slots, &r) == 0u) {
            continue;
        }
        heard.any++;
        heard.ahead |= r.as.generation > s->store.generation ? 1u : 0u;
        if (r.as.generation == s->store.generation) {
            replay(s, &r.as.course);
        }
    }
    return heard;
}

/* No image was ever whole: the journal knows of none, or is silent and so are the images' sectors. */
static uint32_t is_new(const dosing_state_t *s, heard_t heard)
{
    uint32_t erased = 1;
    for (uint32_t sector = 0; sector < JOURNAL && erased != 0u; sector++) {
        erased =
            is_erased(s, sector * s->store.geometry.sector_bytes, s->store.geometry.sector_bytes);
    }
    return heard.ahead == 0u && (heard.any != 0u || erased != 0u) ? 1u : 0u;
}

static uint32_t load(dosing_state_t *s)
{
    uint32_t copies = 0;
    s->store.generation = 0;
    for (uint32_t sector = 0; sector < JOURNAL; sector++) {
        const uint32_t generation = read_copy(s, sector);
        copies += generation != 0u && generation == s->store.generation ? 1u : 0u;
        if (generation > s->store.generation) {
            s->store.generation = generation;
            s->kept = s->draft;
            copies = 1;
        }
    }
    const heard_t heard = replay_all(s);
    if (copies == 0u) {
        return is_new(s, heard) != 0u ? SECOND_STORE_NEW : SECOND_STORE_LOST;
    }
    second_course_t end = s->kept.course;
    end.commanded = end.lease > end.commanded ? end.lease : end.commanded;
    replay(s, &end);
    return heard.ahead != 0u ? SECOND_STORE_LOST
           : copies == 1u    ? SECOND_STORE_COPY
                             : SECOND_STORE_FOUND;
}

dosing_status_t second_store_open(dosing_state_t *s)
{
    dosing_store_geometry_t *g = &s->store.geometry;
    if (s->hal->store_geometry(s->context, g) != DOSING_HAL_OK) {
        return DOSING_ERROR_HAL;
    }
    if (g->sectors == 0u) {
        s->store.found = SECOND_STORE_NEW;
        return DOSING_OK;
    }
    if (g->sectors < 2u * JOURNAL || g->sector_bytes < 8192u || g->write_bytes == 0u ||
        g->write_bytes > BLOCK_MAX) {
        return DOSING_ERROR_STORE;
    }
    s->store.block = BLOCK_MAX / g->write_bytes * g->write_bytes;
    s->store.pitch = (RECORD + s->store.block - 1u) / s->store.block * s->store.block;
    s->store.slots = JOURNAL * (g->sector_bytes / s->store.pitch);
    s->store.found = load(s);
    return DOSING_OK;
}
