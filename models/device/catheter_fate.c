/* SPDX-License-Identifier: Apache-2.0 */
/* A catheter's exposure, and what it comes to. */
#include "device/catheter_fate.h"

#include <math.h>

#include "device/catheter_fault.h"

static double median_per_year(const catheter_fate_param_t *p, catheter_generation_t generation,
                              int kind)
{
    const double rates[][CATHETER_FATE_KINDS] = {
        [CATHETER_LEGACY] = {p->occlusion_legacy_per_year, p->fracture_legacy_per_year,
                             p->disconnection_legacy_per_year, p->kink_legacy_per_year},
        [CATHETER_MODERN] = {p->occlusion_modern_per_year, p->fracture_modern_per_year,
                             p->disconnection_modern_per_year, p->kink_modern_per_year},
    };
    return rates[generation][kind];
}

static bool is_wear(int kind)
{
    return kind == CATHETER_FATE_OCCLUSION || kind == CATHETER_FATE_FRACTURE;
}

void catheter_fate_draw(catheter_fate_t *f, const catheter_fate_param_t *p,
                        catheter_generation_t generation, draw_t *d)
{
    f->early_load = p->early_load;
    f->ingrowth_year = p->ingrowth_year;
    for (int kind = 0; kind < CATHETER_FATE_KINDS; kind++) {
        double log_sd = is_wear(kind) ? p->wear_log_sd : p->chance_log_sd;
        f->per_year[kind] = median_per_year(p, generation, kind) * exp(log_sd * draw_normal(d));
        double chance = draw_exponential(d, 1.0); /* drawn for all: a fixed number of draws */
        f->strength[kind] = is_wear(kind) ? 1.0 : chance;
    }
    f->where = draw_uniform(d);
    f->how_far = draw_uniform(d);
}

double catheter_fate_exposure(const catheter_fate_t *f, double year)
{
    return year - f->early_load * f->ingrowth_year * expm1(-year / f->ingrowth_year);
}

double catheter_fate_narrowing(const catheter_fate_t *f, double year)
{
    double rate = f->per_year[CATHETER_FATE_OCCLUSION];
    return fmin(rate * catheter_fate_exposure(f, year), 1.0);
}

/* When x(t) reaches `exposure`. x is concave and rising, so that Newton's steps from below stay below. */
static double year_of(const catheter_fate_t *f, double exposure)
{
    double year = fmax(0.0, exposure - f->early_load * f->ingrowth_year);
    for (int i = 0; i < 100; i++) {
        double slope = 1.0 + f->early_load * exp(-year / f->ingrowth_year);
        double step = (exposure - catheter_fate_exposure(f, year)) / slope;
        year += step;
        if (!(step > 1e-14 * year)) {
            break;
        }
    }
    return year;
}

bool catheter_fate_next(const catheter_fate_t *f, double from_year, double to_year,
                        catheter_event_t *event)
{
    double until = catheter_fate_exposure(f, to_year);
    double since = catheter_fate_exposure(f, from_year);
    bool found = false;
    for (int kind = 0; kind < CATHETER_FATE_KINDS; kind++) {
        double at = f->strength[kind] / f->per_year[kind];
        if (at > since && at <= until) {
            until = at;
            event->kind = (catheter_fate_kind_t)kind;
            found = true;
        }
    }
    if (found) {
        event->year = fmin(year_of(f, until), to_year);
    }
    return found;
}

int catheter_fate_strike(const catheter_fate_t *f, const catheter_event_t *event, double now_ms,
                         catheter_t *c, error_t *e)
{
    double outside_cm = catheter_shape_length_cm(&c->param) - c->param.intrathecal_cm;
    double most = 0.5 + 0.5 * f->how_far;
    switch (event->kind) {
    case CATHETER_FATE_OCCLUSION:
        return catheter_fault_occlude(c, now_ms, 1.0, 0.0, e);
    case CATHETER_FATE_FRACTURE:
        return catheter_fault_fracture(c, fmax(f->where * outside_cm, 0.1), most, false, e);
    case CATHETER_FATE_DISCONNECTION:
        return catheter_fault_disconnect(
            c, f->where < 0.5 ? CATHETER_HOLE_PUMP : CATHETER_HOLE_BORDER, true, e);
    case CATHETER_FATE_KINK:
        return catheter_fault_kink(c, 0.0, most, e);
    case CATHETER_FATE_KINDS:
    default:
        return ERROR_RAISE(e, ERROR_ARGUMENT, "catheter: no fate %d", (int)event->kind);
    }
}
