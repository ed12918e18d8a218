/* SPDX-License-Identifier: Apache-2.0 */
/* The sounder: how loud a tone of the pump is where it leaves the body. */
#include "device/sounder.h"

#define NEAR_CM 1.0 /* depth of the row `level` */

void sounder_param_draw(sounder_param_t *p, draw_t *d)
{
    p->depth_cm = draw_truncated_normal(d, p->depth_cm, p->depth_sd_cm, SOUNDER_DEPTH_MIN_CM,
                                        SOUNDER_DEPTH_MAX_CM);
}

double sounder_level_db(const sounder_param_t *p, bool critical)
{
    return p->level_db - p->attenuation_db_per_cm * (p->depth_cm - NEAR_CM) +
           (critical ? p->critical_gain_db : 0.0);
}
