/* SPDX-License-Identifier: Apache-2.0 */
/* The HAL in trouble: the table that a troubled pump's core is given. */
#ifndef HOST_IMPLANT_TROUBLE_HAL_H
#define HOST_IMPLANT_TROUBLE_HAL_H

#include "dosing_hal.h"

/* As implant_hal_table(), but for what implant_trouble.h has imposed on the implant_t that is its context. Static storage. */
const dosing_hal_t *implant_trouble_hal_table(void);

#endif
