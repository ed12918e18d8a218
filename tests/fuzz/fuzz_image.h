/* SPDX-License-Identifier: Apache-2.0 */
/* Programmes invented: images that most likely may be committed, at or near the edge of what may. */
#ifndef FUZZ_IMAGE_H
#define FUZZ_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "dosing_factory.h"
#include "dosing_frame.h"

/* A field of a payload, and the values between which it means something. */
typedef struct image_field_t {
    uint16_t at;
    uint8_t size;
    uint64_t low, high;
} image_field_t;

/* Writes an image of DOSING_IMAGE_BYTES_MAX bytes at most for a pump built so; returns its length. */
uint16_t image_invent(uint64_t *seed, const dosing_factory_t *factory, uint8_t *bytes);

/* Any field of the image in `length` bytes: of its head, of a step, of a timed bolus. */
image_field_t image_field(uint64_t *seed, const uint8_t *bytes, uint32_t length);

/* Below n; uniform in the logarithm, so that every magnitude is as likely; at, beside or between a field's bounds. */
uint64_t image_below(uint64_t *seed, uint64_t n);
uint64_t image_any_size(uint64_t *seed, uint64_t low, uint64_t high);
uint64_t image_value(uint64_t *seed, const image_field_t *field);

#endif
