/* SPDX-License-Identifier: Apache-2.0 */
/* Fluid driven back through a catheter into the pump, where pressure around the body exceeds the reservoir's.
 *
 * It comes as through the access port (access_port.h): the catheter's fluid, then CSF. It moves as a plug and pushes the
 * tubing's fluid out at the reservoir's end.
 */
#ifndef MODELS_DEVICE_CATHETER_BACK_H
#define MODELS_DEVICE_CATHETER_BACK_H

#include "device/access_port.h"
#include "device/catheter.h"

/* Drives wanted_ml >= 0 back; CSF at the tip holds csf_ug_per_ml[drugs]. *out as of access_port_draw, but that `ug` is what
 * enters the reservoir:
 *     reservoir's gain + catheter after = catheter before + csf */
void catheter_back_drive(catheter_t *c, double wanted_ml, const double csf_ug_per_ml[],
                         access_port_draw_t *out);

#endif
