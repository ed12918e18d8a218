/* SPDX-License-Identifier: Apache-2.0 */
/* The usual implant of these tests. */
#include "tests/sim/host/usual.h"

battery_param_t usual_cell(void)
{
    return (battery_param_t){.capacity_mah = 1400.0,
                             .sleep_ua = 12.0,
                             .pulse_uc = 400.0,
                             .wake_uc = 20.0,
                             .open_v = 3.2,
                             .knee_v = 2.8, /* on the line */
                             .knee_depth = 0.5,
                             .end_v = 2.4,
                             .resistance_ohm = 40.0,
                             .load_ma = 4.0};
}

implant_param_t usual_implant(void)
{
    return (implant_param_t){.pump = {.reservoir = {.capacity_ml = 20.0, .residual_ml = 1.4},
                                      .head = {.pulse_ul = 0.25,
                                               .pulses_per_revolution = 240.0,
                                               .rollers = 3.0,
                                               .ripple = 0.2},
                                      .battery = usual_cell(),
                                      .environment = ENVIRONMENT_AT_REST,
                                      .drugs = 1,
                                      .ug_per_ml = {500.0},
                                      .fill_ml = 20.0},
                             .tubing_ml = 0.14,
                             .serial = USUAL_SERIAL,
                             .rate_min_ml_per_day = 0.048,
                             .rate_max_ml_per_day = 24.0, /* 900 ms a pulse */
                             .volume_24h_max_ml = 26.0};
}
