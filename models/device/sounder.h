/* SPDX-License-Identifier: Apache-2.0 */
/* The sounder: how loud a tone of the pump is where it leaves the body.
 *
 * A tone is one of two: advisory, a single tone of about 1 s; critical, two tones in turn for about 3 s (Medtronic, product
 * advisories, July 2011). The level at the skin falls in a straight line, in dB, with the tissue over the pump. Who hears it is
 * models/care/hearing.h; the charge of a tone is the battery's.
 *
 * Thread rule: pure functions.
 */
#ifndef MODELS_DEVICE_SOUNDER_H
#define MODELS_DEVICE_SOUNDER_H

#include <stdbool.h>

#include "device/parameters.h"
#include "draw.h"

#define SOUNDER_DEPTH_MIN_CM 0.2
#define SOUNDER_DEPTH_MAX_CM 8.0

/* This pump's depth in place of the kind's: normal, truncated to the range above. Takes one uniform of *d. */
void sounder_param_draw(sounder_param_t *p, draw_t *d);

/* Level at the skin, dB, as it is noticed. */
double sounder_level_db(const sounder_param_t *p, bool critical);

#endif
