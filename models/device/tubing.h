/* SPDX-License-Identifier: Apache-2.0 */
/* The tubing of a pump as a part of the column that it shares with a catheter: taken out with one pump, put in with the next.
 *
 * Thread rule: that of the catheter.
 */
#ifndef MODELS_DEVICE_TUBING_H
#define MODELS_DEVICE_TUBING_H

#include "device/catheter.h"
#include "error.h"

/* Takes out the tubing_ml of fluid next to the pump, 0..c->volume_ml, and puts as much of ug_per_ml[drugs] in its place;
 * removed_ug[drugs] receives what was taken out. What lies in the catheter stays where it is. ERROR_ARGUMENT. */
int tubing_swap(catheter_t *c, double tubing_ml, const double ug_per_ml[], double removed_ug[],
                error_t *e) __attribute__((warn_unused_result));

#endif
