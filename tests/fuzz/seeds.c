/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the seed corpora of the fuzzers: seeds DIR writes DIR/frames/NN and DIR/store/NN, always the same. */
#include <stdio.h>
#include <string.h>

#include "dosing_frame.h"
#include "dosing_stream.h"
#include "fuzz_flash.h"
#include "fuzz_image.h"
#include "fuzz_tape.h"
#include "tests/firmware-core/fake_hal.h"

#define SEEDS 60u
#define IMAGE_BYTES_MAX 3000u
#define HOUR_MS UINT64_C(3600000)

typedef struct film_t {
    size_t size;
    uint8_t tape[TAPE_BYTES_MAX];
} film_t;

static void add(film_t *film, tape_kind_t kind, const uint8_t *body, uint16_t length)
{
    const tape_record_t record = {.kind = (uint8_t)kind, .length = length, .body = body};
    film->size = tape_put(film->tape, film->size, sizeof film->tape, &record);
}

static void add_number(film_t *film, tape_kind_t kind, uint64_t value)
{
    uint8_t body[4];
    fake_put(body, value, 4u);
    add(film, kind, body, sizeof body);
}

static void order(film_t *film, tape_kind_t kind, uint8_t type, const uint8_t *payload,
                  uint16_t length)
{
    uint8_t body[1u + DOSING_FRAME_PAYLOAD_MAX] = {type};
    memcpy(body + 1, payload, length);
    add(film, kind, body, (uint16_t)(1u + length));
}

static void order_number(film_t *film, uint8_t type, uint64_t value)
{
    uint8_t payload[4];
    fake_put(payload, value, sizeof payload);
    order(film, TAPE_ORDER, type, payload, sizeof payload);
}

/* Refill, local time, a prime, a programme, hours, boluses, days, another programme, and what else comes. */
static void shoot(film_t *film, uint64_t seed)
{
    uint8_t body[TAPE_BODY_MAX] = {0};
    dosing_factory_t factory = {0};
    const uint8_t options = (uint8_t)(seed % 12u);
    tape_factory(options, &factory);
    film->tape[0] = options;
    film->size = 1u;
    order_number(film, DOSING_FRAME_REFILL, 20000000u);
    order_number(film, DOSING_FRAME_SET_TIME, fake_random(&seed) % 604800000u);
    const uint16_t length = image_invent(&seed, &factory, body);
    fake_put(body + DOSING_PROGRAMME_AT_BRIDGE, 0u, 4u); /* from nothing there is none */
    add(film, TAPE_COMMIT, body, length);
    if (seed % 4u == 0u) {
        memset(body, 0, DOSING_PRIME_BYTES);
        fake_put(body + DOSING_PRIME_AT_TUBING, factory.tubing_nl, 4u);
        fake_put(body + DOSING_PRIME_AT_REVISION, 1u, 4u);
        order(film, TAPE_ORDER, DOSING_FRAME_PRIME, body, DOSING_PRIME_BYTES);
    }
    add_number(film, TAPE_RUN, 3600000u * (1u + seed % 7u) + 12345u);
    order(film, TAPE_WISH, DOSING_FRAME_REQUEST, body, 0u);
    add_number(film, TAPE_RUN, 1800000u);
    memset(body, 0, DOSING_BOLUS_BYTES);
    fake_put(body + DOSING_BOLUS_AT_DOSE, 5000u, 8u);
    fake_put(body + DOSING_BOLUS_AT_DURATION, 600000u, 4u);
    order(film, TAPE_ORDER, DOSING_FRAME_BOLUS, body, DOSING_BOLUS_BYTES);
    add_number(film, TAPE_RUN, 86400000u);
    add_number(film, TAPE_HANDS, 3600000u * (1u + seed % 12u));
    add(film, TAPE_COMMIT, body, image_invent(&seed, &factory, body));
    add_number(film, TAPE_RUN, 86400000u);
    for (uint64_t n = seed % 12u; n > 0u; n--) {
        const tape_record_t record = tape_invent(&seed, options, body);
        film->size = tape_put(film->tape, film->size, sizeof film->tape, &record);
    }
}

typedef struct image_t {
    uint32_t size;
    uint8_t bytes[IMAGE_BYTES_MAX];
} image_t;

static void add_piece(image_t *image, const uint8_t *head, const uint8_t *bytes, uint32_t length)
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

static void add_sector(image_t *image, const uint8_t *at, uint8_t sector)
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

/* What a pump's life of some hours leaves in its store; none for every third seed. */
static void draw_image(image_t *image, uint64_t seed)
{
    static fake_pump_t pump;
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

static int write_film(const char *folder, const char *name, uint32_t n, const film_t *film)
{
    static image_t image;
    uint8_t head[2];
    char path[1024];
    snprintf(path, sizeof path, "%s/%s/%02u", folder, name, n);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    if (strcmp(name, "store") == 0) {
        draw_image(&image, n);
        fake_put(head, image.size, 2u);
        fwrite(head, 1u, sizeof head, file);
        fwrite(image.bytes, 1u, image.size, file);
    }
    fwrite(film->tape, 1u, film->size, file);
    return fclose(file) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    static film_t film;
    int failed = argc == 2 ? 0 : 2;
    for (uint32_t n = 0; n < SEEDS && failed == 0; n++) {
        shoot(&film, n);
        failed = write_film(argv[1], "frames", n, &film) | write_film(argv[1], "store", n, &film);
    }
    return failed;
}
