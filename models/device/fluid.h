/* SPDX-License-Identifier: Apache-2.0 */
/* Fluid as a list of pieces of one concentration each, upstream first: what is handled from outside a column. */
#ifndef MODELS_DEVICE_FLUID_H
#define MODELS_DEVICE_FLUID_H

#include "device/segment.h"

typedef struct fluid_piece_t {
    double volume_ml; /* >= 0 */
    double ug_per_ml[SEGMENT_DRUGS_MAX];
} fluid_piece_t;

/* A place in a list. Borrows the list. */
typedef struct fluid_cursor_t {
    const fluid_piece_t *piece;
    int left;       /* pieces from here on, this one included, >= 1 */
    double used_ml; /* of this one */
} fluid_cursor_t;

/* The beginning of piece[count], count >= 1. */
fluid_cursor_t fluid_begin(const fluid_piece_t piece[], int count);

/* Takes the next volume_ml >= 0; ug_per_ml[drugs] receives its mean. The last piece never ends. Pieces of
 * equal bits keep them. */
void fluid_take(fluid_cursor_t *at, int drugs, double volume_ml, double ug_per_ml[]);

/* Copies what is left to piece[], of at most at->left; returns how many. */
int fluid_rest(const fluid_cursor_t *at, fluid_piece_t piece[]);

#endif
