/* SPDX-License-Identifier: Apache-2.0 */
/* Steps that the coil showed, or did not: stall and recovery. */
#ifndef SECOND_STEP_H
#define SECOND_STEP_H

#include "second_state.h"

#define SECOND_STEP_ROW 8u /* steps missed in a row are a stall, steps seen in a row its end */

/* Of the train that is over: its booked pulses. */
void second_step_take(dosing_state_t *s);

#endif
