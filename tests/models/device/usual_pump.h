/* SPDX-License-Identifier: Apache-2.0 */
/* The pump that tests of whole pumps begin with. */
#ifndef TESTS_MODELS_DEVICE_USUAL_PUMP_H
#define TESTS_MODELS_DEVICE_USUAL_PUMP_H

#include "device/pump.h"

/* Every part at its defaults, at rest, 20 mL of one drug at 500 ug/mL in it. A test changes what it is about. */
pump_param_t usual_pump(pump_kind_t kind);

#endif
