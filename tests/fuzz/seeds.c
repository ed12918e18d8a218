/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the seed corpora of the fuzzers: seeds DIR writes DIR/frames/NN and DIR/store/NN, always the same.
 * seeds --read FILE...: fails and names it where an input of the fuzzer `store` holds an image that a core of today does not read.
 * seeds --unfit FILE: writes tests/fuzz/regressions/store/rate-at-another-concentration anew, after a change of the layout. */
#include <stdio.h>
#include <string.h>

#include "dosing_frame.h"
#include "fuzz_image.h"
#include "fuzz_kept.h"
#include "fuzz_tape.h"
#include "tests/firmware-core/fake_hal.h"

#define SEEDS 60u

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

static void write_store(FILE *file, const kept_image_t *image, const film_t *film)
{
    uint8_t head[2];
    fake_put(head, image->size, 2u);
    fwrite(head, 1u, sizeof head, file);
    fwrite(image->bytes, 1u, image->size, file);
    fwrite(film->tape, 1u, film->size, file);
}

static FILE *open_file(const char *path, const char *mode)
{
    FILE *file = fopen(path, mode);
    if (file == NULL) {
        perror(path);
    }
    return file;
}

static int write_film(const char *folder, const char *name, uint32_t n, const film_t *film)
{
    static kept_image_t image;
    char path[1024];
    snprintf(path, sizeof path, "%s/%s/%02u", folder, name, n);
    FILE *file = open_file(path, "wb");
    if (file == NULL) {
        return 1;
    }
    if (strcmp(name, "store") == 0) {
        kept_draw(&image, n);
        write_store(file, &image, film);
    } else {
        fwrite(film->tape, 1u, film->size, file);
    }
    return fclose(file) == 0 ? 0 : 1;
}

/* The bridge is over within half a day; then a refill, and a day more. */
static int write_unfit(const char *path)
{
    static kept_image_t image;
    static film_t film;
    FILE *file = open_file(path, "wb");
    if (file == NULL) {
        return 1;
    }
    kept_draw_unfit(&image);
    film.tape[0] = 0u;
    film.size = 1u;
    add_number(&film, TAPE_RUN, 86400000u);
    order_number(&film, DOSING_FRAME_REFILL, 20000000u);
    add_number(&film, TAPE_RUN, 86400000u);
    write_store(file, &image, &film);
    return fclose(file) == 0 ? 0 : 1;
}

static int check_read(const char *path)
{
    static uint8_t bytes[2u + UINT16_MAX + TAPE_BYTES_MAX];
    FILE *file = open_file(path, "rb");
    if (file == NULL) {
        return 1;
    }
    const size_t size = fread(bytes, 1u, sizeof bytes, file);
    (void)fclose(file);
    const size_t image = size < 2u ? 0u : (size_t)fake_get(bytes, 2u);
    const char *stale =
        size < 3u + image ? "it has no tape" : kept_stale(bytes + 2, image, bytes[2u + image]);
    if (stale != NULL) {
        fprintf(stderr, "%s tests nothing now: %s\n", path, stale);
    }
    return stale == NULL ? 0 : 1;
}

int main(int argc, char **argv)
{
    static film_t film;
    int failed = argc >= 2 ? 0 : 2;
    if (argc == 3 && strcmp(argv[1], "--unfit") == 0) {
        return write_unfit(argv[2]);
    }
    if (argc >= 3 && strcmp(argv[1], "--read") == 0) {
        for (int i = 2; i < argc; i++) {
            failed |= check_read(argv[i]);
        }
        return failed;
    }
    for (uint32_t n = 0; n < SEEDS && failed == 0; n++) {
        shoot(&film, n);
        failed = write_film(argv[1], "frames", n, &film) | write_film(argv[1], "store", n, &film);
    }
    return failed;
}
