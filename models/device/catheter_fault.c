/* SPDX-License-Identifier: Apache-2.0 */
/* Faults of a catheter: severities in, resistance, open time and holes out. */
#include "device/catheter_fault.h"

#include <math.h>

static bool is_share(double x)
{
    return x >= 0.0 && x <= 1.0;
}

/* What `narrowing` over the occlusion's length adds to the sound resistance. */
static double obstruction(const catheter_t *c, double narrowing)
{
    double sound = catheter_shape_resistance(&c->param, c->param.occlusion_cm);
    double open = 1.0 - narrowing;
    return open > 0.0 ? sound * (1.0 / (open * open * open * open) - 1.0) : HUGE_VAL;
}

static double grown(double value, double per_year, double since_ms, double now_ms)
{
    return value + per_year * fmax(now_ms - since_ms, 0.0) / CATHETER_FAULT_YEAR_MS;
}

static void set_open(catheter_t *c)
{
    catheter_fault_t *f = &c->fault;
    f->open = 1.0 - (f->closed_lying * (1.0 - f->upright) + f->closed_upright * f->upright);
    c->way.ml_per_s = -1.0;
}

void catheter_fault_advance(catheter_t *c, double now_ms)
{
    catheter_fault_t *f = &c->fault;
    double narrowing =
        fmin(grown(f->narrowing, f->narrowing_per_year, f->narrowed_ms, now_ms), 1.0);
    f->mass_now_mm = grown(f->mass_mm, f->mass_mm_per_year, f->mass_ms, now_ms);
    const double closing = fmin(f->mass_now_mm / c->param.tip_mass_closing_mm, 1.0);
    f->taken_up = c->param.tip_mass_uptake * closing;
    f->kpa_day_per_ml = catheter_shape_resistance(&c->param, catheter_shape_length_cm(&c->param)) +
                        obstruction(c, narrowing) + obstruction(c, closing);
    c->way.ml_per_s = -1.0;
}

int catheter_fault_occlude(catheter_t *c, double now_ms, double narrowing, double per_year,
                           error_t *e)
{
    if (!is_share(narrowing) || !(per_year >= 0.0) || !isfinite(per_year)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "catheter: narrowing %g, %g a year", narrowing,
                           per_year);
    }
    c->fault.narrowed_ms = now_ms;
    c->fault.narrowing = narrowing;
    c->fault.narrowing_per_year = per_year;
    catheter_fault_advance(c, now_ms);
    return 0;
}

int catheter_fault_kink(catheter_t *c, double lying, double upright, error_t *e)
{
    if (!is_share(lying) || !is_share(upright)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "catheter: kinked for %g lying, %g upright", lying,
                           upright);
    }
    c->fault.closed_lying = lying;
    c->fault.closed_upright = upright;
    set_open(c);
    return 0;
}

int catheter_fault_posture(catheter_t *c, double upright, error_t *e)
{
    if (!is_share(upright)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "catheter: upright for %g of the time", upright);
    }
    c->fault.upright = upright;
    set_open(c);
    return 0;
}

/* A hole at a place along the catheter; the border of its parts moves there. */
static int make_hole(catheter_t *c, double from_pump_cm, const catheter_hole_t *hole, error_t *e)
{
    double length_cm = catheter_shape_length_cm(&c->param);
    if (!(from_pump_cm >= 0.0) || !(from_pump_cm <= length_cm) || !is_share(hole->share)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "catheter: %g of the flow lost at %g of %g cm",
                           hole->share, from_pump_cm, length_cm);
    }
    catheter_hole_at_t at = from_pump_cm > 0.0 ? CATHETER_HOLE_BORDER : CATHETER_HOLE_PUMP;
    if (!(hole->share > 0.0)) {
        catheter_fault_heal_hole(c, at);
        return 0;
    }
    if (at == CATHETER_HOLE_BORDER) {
        catheter_cut(c, from_pump_cm);
    }
    c->fault.hole[at] = *hole;
    c->fault.hole[at].place =
        at == CATHETER_HOLE_PUMP ? CATHETER_POCKET : catheter_shape_place(&c->param, from_pump_cm);
    c->way.ml_per_s = -1.0;
    return 0;
}

int catheter_fault_leak(catheter_t *c, double from_pump_cm, double share, error_t *e)
{
    catheter_hole_t hole = {.share = share};
    return make_hole(c, from_pump_cm, &hole, e);
}

int catheter_fault_fracture(catheter_t *c, double from_pump_cm, double severed, bool csf,
                            error_t *e)
{
    catheter_hole_t hole = {.share = severed, .csf = csf};
    return make_hole(c, from_pump_cm, &hole, e);
}

int catheter_fault_disconnect(catheter_t *c, catheter_hole_at_t at, bool csf, error_t *e)
{
    catheter_hole_t hole = {.share = 1.0, .csf = csf};
    double joint_cm = at == CATHETER_HOLE_PUMP ? 0.0 : catheter_shape_connector_cm(&c->param);
    return make_hole(c, joint_cm, &hole, e);
}

int catheter_fault_dislodge(catheter_t *c, catheter_place_t place, error_t *e)
{
    if ((unsigned)place >= CATHETER_PLACES) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "catheter: no place %d for its tip", (int)place);
    }
    c->fault.tip_place = place;
    return 0;
}

int catheter_fault_migrate(catheter_t *c, double up_cm, error_t *e)
{
    if (!(fabs(up_cm) <= 100.0)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "catheter: tip moved by %g cm", up_cm);
    }
    c->fault.tip_moved_cm = up_cm;
    return 0;
}

int catheter_fault_tip_mass(catheter_t *c, double now_ms, double diameter_mm, double per_year,
                            error_t *e)
{
    if (!(diameter_mm >= 0.0) || !(per_year >= 0.0) || !isfinite(diameter_mm + per_year)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "catheter: mass of %g mm, %g mm a year", diameter_mm,
                           per_year);
    }
    c->fault.mass_ms = now_ms;
    c->fault.mass_mm = diameter_mm;
    c->fault.mass_mm_per_year = per_year;
    catheter_fault_advance(c, now_ms);
    return 0;
}

void catheter_fault_heal_tip(catheter_t *c)
{
    catheter_fault_t *f = &c->fault;
    f->narrowing = 0.0;
    f->narrowing_per_year = 0.0;
    f->mass_mm = 0.0;
    f->mass_mm_per_year = 0.0;
    f->tip_place = CATHETER_CANAL;
    f->tip_moved_cm = 0.0;
    catheter_fault_advance(c, 0.0);
}

void catheter_fault_heal_run(catheter_t *c)
{
    c->fault.closed_lying = 0.0;
    c->fault.closed_upright = 0.0;
    set_open(c);
}

void catheter_fault_heal_hole(catheter_t *c, catheter_hole_at_t at)
{
    c->fault.hole[at] = (catheter_hole_t){.share = 0.0};
    c->way.ml_per_s = -1.0;
}
