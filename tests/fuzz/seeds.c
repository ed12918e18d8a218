/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the seed corpora of the fuzzers: seeds DIR writes DIR/frames/NN and DIR/store/NN, always the same. */
#include <stdio.h>
#include <string.h>

#include "dosing_frame.h"
#include "fuzz_tape.h"
#include "tests/firmware-core/fake_hal.h"

#define SEEDS 40u

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

static int write_film(const char *folder, const char *name, uint32_t n, const film_t *film)
{
    static const uint8_t no_image[2];
    char path[1024];
    snprintf(path, sizeof path, "%s/%s/%02u", folder, name, n);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    if (strcmp(name, "store") == 0) {
        fwrite(no_image, 1u, sizeof no_image, file);
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
