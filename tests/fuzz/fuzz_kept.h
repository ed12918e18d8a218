/* SPDX-License-Identifier: Apache-2.0 */
/* Images of stores (fuzz_flash.h) as a core of today writes and reads them. */
#ifndef FUZZ_KEPT_H
#define FUZZ_KEPT_H

#include <stddef.h>
#include <stdint.h>

#define KEPT_BYTES_MAX 3000u

typedef struct kept_image_t {
    uint32_t size;
    uint8_t bytes[KEPT_BYTES_MAX];
} kept_image_t;

/* What a pump's life of some hours leaves in its store; none for every third seed. */
void kept_draw(kept_image_t *image, uint64_t seed);

/* A whole checkpoint amid a bridge, whose programme has a rate at the concentration in the path and none at its own: where it
 * is taken up, there is nothing to divide by once the bridge is over. No core writes it. */
void kept_draw_unfit(kept_image_t *image);

/* NULL where the core finds a whole checkpoint in the image and reads it to its end, whatever it then thinks of what it says; else
 * why it does not: an image of another layout tests nothing. `options` are those of the tape behind it. */
const char *kept_stale(const uint8_t *image, size_t size, uint8_t options);

#endif
