/* SPDX-License-Identifier: Apache-2.0 */
/* Surgery on a catheter: parts are replaced, the book closes.
 *
 * New parts hold ug_per_ml[drugs], drug-free fluid unless primed; removed_ug[drugs] receives what the parts
 * taken out held. The chamber of the access port is the pump's and stays.
 */
#ifndef MODELS_DEVICE_CATHETER_REPAIR_H
#define MODELS_DEVICE_CATHETER_REPAIR_H

#include "device/catheter.h"

/* The spinal part, from the connector to the tip, is replaced: what is wrong with tip and run ends, and holes
 * at or beyond the connector. */
void catheter_repair_spinal(catheter_t *c, const double ug_per_ml[], double removed_ug[]);

/* All of the catheter is replaced: a sound one. */
void catheter_repair_all(catheter_t *c, const double ug_per_ml[], double removed_ug[]);

/* The tip is freed and put back where it was; the catheter keeps its fluid. */
void catheter_repair_tip(catheter_t *c);

/* A hole is closed: a connector joined again, a leak spliced. The catheter keeps its fluid. */
void catheter_repair_hole(catheter_t *c, catheter_hole_at_t at);

#endif
