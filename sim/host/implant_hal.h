/* SPDX-License-Identifier: Apache-2.0 */
/* The HAL over the device models: what the dosing core sees of an implant_t. Private to sim/host.
 *
 * Contracts are those of dosing_hal.h. A fault of the simulator itself inside a call (not of the simulated
 * hardware) is kept in the implant's `failure` and reported by the call that let the core run.
 */
#ifndef HOST_IMPLANT_HAL_H
#define HOST_IMPLANT_HAL_H

#include "dosing_hal.h"

/* The table; its context is an implant_t. Static storage. */
const dosing_hal_t *implant_hal_table(void);

#endif
