/* SPDX-License-Identifier: Apache-2.0 */
/* The device report: cell, age, starts, clocks, self-tests. */
#ifndef DOSING_DEVICE_H
#define DOSING_DEVICE_H

#include "dosing_state.h"

/* Fills DOSING_DEVICE_BYTES; byte 0 is the link's. ERROR_STATE where the life block does not hold: nothing is filled. */
dosing_status_t dosing_device_report(const dosing_state_t *state, uint8_t *bytes);

#endif
