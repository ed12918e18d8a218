/* SPDX-License-Identifier: Apache-2.0 */
/* Backflow into the reservoir. */
#include "cohort/backflow.h"

#include "cohort/port.h"
#include "device/catheter_back.h"

#include <math.h>

/* What pressure drives back in the time since, through the pump's head and the catheter in series. */
static double wanted_ml(const patient_t *p)
{
    const pump_t *pump = &p->implant.pump;
    const outlet_t outlet = catheter_outlet(&p->catheter);
    const double ml =
        propellant_returns_ml(&pump->propellant, pump_usable_ml(pump), &pump->environment,
                              (double)(p->now_ms - p->settled_ms));
    const double share =
        outlet_share_pressed(&outlet, pump->propellant.param.return_ml_per_day_kpa);
    return fmin(share * ml, reservoir_room_ml(&pump->reservoir));
}

int backflow_settle(patient_t *p, error_t *e)
{
    access_port_draw_t back;
    if (!p->implanted || p->exposures.count == 0 ||
        !(p->implant.pump.propellant.param.return_ml_per_day_kpa > 0.0)) {
        return 0;
    }
    const double ml = wanted_ml(p);
    p->settled_ms = p->now_ms;
    if (!(ml > 0.0)) {
        return 0;
    }
    const int code = port_draw(p, ml, catheter_back_drive, &back, e);
    return code != 0 ? code
                     : reservoir_return(&p->implant.pump.reservoir, back.volume_ml, back.ug, e);
}
