/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the seed corpora of the fuzzers: seeds DIR writes DIR/frames/NN and DIR/store/NN, always the same. */
#include <stdio.h>
#include <string.h>

#include "dosing_frame.h"
#include "dosing_stream.h"
#include "fuzz_play.h"
#include "fuzz_tape.h"
#include "tests/firmware-core/fake_hal.h"

#define SEEDS 40u
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

/* Refill, a programme, hours, a bolus, hours, and what else comes. */
static void shoot(film_t *film, uint64_t seed)
{
    uint8_t body[TAPE_BODY_MAX] = {DOSING_FRAME_REFILL};
    film->tape[0] = (uint8_t)(seed % 8u);
    film->size = 1u;
    fake_put(body + 1, 20000000u, 4u);
    add(film, TAPE_ORDER, body, 5u);
    fake_programme(body, 500000u, 150000u + 30000u * (seed % 5u));
    add(film, TAPE_COMMIT, body, DOSING_PROGRAMME_BYTES);
    add_number(film, TAPE_RUN, 3600000u * (1u + seed % 7u) + 12345u);
    memset(body, 0, sizeof body);
    body[0] = DOSING_FRAME_BOLUS;
    fake_put(body + 1 + DOSING_BOLUS_AT_DOSE, 5000u, 8u);
    fake_put(body + 1 + DOSING_BOLUS_AT_DURATION, 600000u, 4u);
    add(film, TAPE_ORDER, body, 1u + DOSING_BOLUS_BYTES);
    add_number(film, TAPE_RUN, 86400000u);
    for (uint64_t n = seed % 12u; n > 0u; n--) {
        const tape_record_t record = tape_invent(&seed, body);
        film->size = tape_put(film->tape, film->size, sizeof film->tape, &record);
    }
}

typedef struct image_t {
    uint32_t size;
    uint8_t bytes[IMAGE_BYTES_MAX];
} image_t;

static void add_piece(image_t *image, const uint8_t *head, const uint8_t *bytes, uint32_t length)
{
    if (image->size + PLAY_PIECE_HEAD_BYTES + length > sizeof image->bytes) {
        return;
    }
    uint8_t *at = image->bytes + image->size;
    memcpy(at, head, 3u);
    fake_put(at + 3, length, 2u);
    memcpy(at + PLAY_PIECE_HEAD_BYTES, bytes, length);
    image->size += PLAY_PIECE_HEAD_BYTES + length;
}

static void add_sector(image_t *image, const uint8_t *at, uint8_t sector)
{
    uint8_t bytes[PLAY_SECTOR_BYTES];
    const uint8_t checkpoint[3] = {PLAY_PIECE_CHECKPOINT, sector, 0u};
    const uint32_t payload = (uint32_t)fake_get(at + 20, 4u);
    if (fake_get(at, 4u) == DOSING_STREAM_MAGIC && payload + 8u <= sizeof bytes) {
        memcpy(bytes, at + 8, 8u);
        memcpy(bytes + 8, at + DOSING_STREAM_HEAD_BYTES, payload);
        add_piece(image, checkpoint, bytes, payload + 8u);
    }
    for (uint32_t slot = 0; slot < 6u; slot++) {
        const uint8_t *r = at + PLAY_SECTOR_BYTES - (slot + 1u) * DOSING_STORE_RECORD_BYTES;
        const uint8_t record[3] = {PLAY_PIECE_RECORD, sector, (uint8_t)slot};
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
        add_sector(image, pump.hal.flash.bytes + (sector - 1u) * PLAY_SECTOR_BYTES,
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
