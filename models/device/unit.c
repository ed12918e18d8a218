/* SPDX-License-Identifier: Apache-2.0 */
/* How one pump unit differs from its kind. */
#include "device/unit.h"

unit_t unit_draw(const pump_head_param_t *head, const oscillator_param_t *oscillator,
                 double error_sd, double oscillator_sd_ppm, draw_t *d)
{
    unit_t u;
    u.error = draw_truncated_normal(d, head->unit_error, error_sd, -UNIT_ERROR_MAX, UNIT_ERROR_MAX);
    u.oscillator_error_ppm =
        draw_truncated_normal(d, oscillator->error_ppm, oscillator_sd_ppm, -UNIT_OSCILLATOR_MAX_PPM,
                              UNIT_OSCILLATOR_MAX_PPM);
    return u;
}
