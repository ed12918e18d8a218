/* SPDX-License-Identifier: Apache-2.0 */
/* Taking fluid from a list of pieces. */
#include "device/fluid.h"

#include <math.h>
#include <string.h>

fluid_cursor_t fluid_begin(const fluid_piece_t piece[], int count)
{
    return (fluid_cursor_t){piece, count, 0.0};
}

/* How much of the next wanted_ml is in this piece: all of it in the last, which makes up for rounding. */
static double here_ml(const fluid_cursor_t *at, double wanted_ml)
{
    return at->left > 1 ? fmin(wanted_ml, fmax(at->piece->volume_ml - at->used_ml, 0.0))
                        : wanted_ml;
}

void fluid_take(fluid_cursor_t *at, int drugs, double volume_ml, double ug_per_ml[])
{
    double low[SEGMENT_DRUGS_MAX], high[SEGMENT_DRUGS_MAX], mass_ug[SEGMENT_DRUGS_MAX] = {0.0};
    double wanted_ml = volume_ml;
    for (int d = 0; d < drugs; d++) {
        low[d] = HUGE_VAL;
        high[d] = 0.0;
    }
    while (wanted_ml > 0.0) {
        double taken_ml = here_ml(at, wanted_ml);
        for (int d = 0; taken_ml > 0.0 && d < drugs; d++) {
            double value = at->piece->ug_per_ml[d];
            mass_ug[d] += value * taken_ml;
            low[d] = fmin(low[d], value);
            high[d] = fmax(high[d], value);
        }
        wanted_ml -= taken_ml;
        at->used_ml += taken_ml;
        if (wanted_ml > 0.0) {
            at->piece++;
            at->left--;
            at->used_ml = 0.0;
        }
    }
    for (int d = 0; d < drugs; d++) {
        ug_per_ml[d] = volume_ml > 0.0 ? fmin(fmax(mass_ug[d] / volume_ml, low[d]), high[d]) : 0.0;
    }
}

int fluid_rest(const fluid_cursor_t *at, fluid_piece_t piece[])
{
    memcpy(piece, at->piece, (size_t)at->left * sizeof *piece);
    piece[0].volume_ml = fmax(piece[0].volume_ml - at->used_ml, 0.0);
    return at->left;
}
