/* SPDX-License-Identifier: Apache-2.0 */
/* The pump that tests of whole pumps begin with. */
#include "tests/models/device/usual_pump.h"

#include "tests/models/device/defaults.h"

pump_param_t usual_pump(pump_kind_t kind)
{
    return (pump_param_t){.kind = kind,
                          .reservoir = default_reservoir,
                          .propellant = default_propellant,
                          .head = default_pump_head,
                          .motor = default_motor,
                          .wear = default_wear,
                          .restrictor = default_restrictor,
                          .valve = default_valve,
                          .battery = default_battery,
                          .oscillator = default_oscillator,
                          .environment = ENVIRONMENT_AT_REST,
                          .drugs = 1,
                          .compound = {default_compound},
                          .ug_per_ml = {500.0},
                          .fill_ml = 20.0};
}
