/* SPDX-License-Identifier: Apache-2.0 */
/* The programme's image: a therapy in clinical units as the bytes of the wire.
 *
 * Concentrations and doses are rounded to the nearest ng, volumes to the nearest nl, durations to the nearest ms. Each function
 * returns 0, or ERROR_ARGUMENT: a value that no integer of the wire can hold, named by `what`.
 */
#ifndef HOST_IMAGE_H
#define HOST_IMAGE_H

#include <stdint.h>

#include "dosing_frame.h"
#include "error.h"
#include "host/programmer.h"

int image_volume(uint8_t *bytes, double volume_ml, const char *what, error_t *e) /* u32 nl */
    __attribute__((warn_unused_result));
int image_dose(uint8_t *bytes, double dose_ug, const char *what, error_t *e) /* u64 ng */
    __attribute__((warn_unused_result));
int image_minutes(uint8_t *bytes, double minutes, const char *what, error_t *e) /* u32 ms */
    __attribute__((warn_unused_result));

/* Length of the image of `t`. */
uint32_t image_bytes(const programmer_therapy_t *t);

/* Writes the image; `bytes` has DOSING_IMAGE_BYTES_MAX, those behind image_bytes() are 0. */
int image_therapy(uint8_t *bytes, const programmer_therapy_t *t, error_t *e)
    __attribute__((warn_unused_result));

#endif
