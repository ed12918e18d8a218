/* SPDX-License-Identifier: Apache-2.0 */
/* Geometry of tubing and catheter. */
#include "device/catheter_shape.h"

#include <math.h>

#define PI 3.14159265358979323846

/* Cells small beside the spread that dispersion alone gives, 0.0026 mL at 0.3 mL/day. */
#define CELL_ML 1e-3
#define TUBING_CELL_ML 2e-3

double catheter_shape_length_cm(const catheter_param_t *p)
{
    return p->length_cm - p->trimmed_cm;
}

double catheter_shape_lumen_ml(const catheter_param_t *p)
{
    return catheter_shape_length_cm(p) * p->ml_per_cm;
}

double catheter_shape_chamber_ml(const catheter_param_t *p)
{
    return fmin(p->port_mixing_ml, 0.25 * p->tubing_ml);
}

double catheter_shape_connector_cm(const catheter_param_t *p)
{
    return fmin(p->pump_segment_cm, 0.5 * catheter_shape_length_cm(p));
}

column_shape_t catheter_shape_tubing(const catheter_param_t *p)
{
    double volume_ml = p->tubing_ml - catheter_shape_chamber_ml(p);
    return (column_shape_t){
        .volume_ml = volume_ml,
        .mixer_ml = fmin(p->tubing_mixing_ml, 0.5 * volume_ml),
        .cell_ml = TUBING_CELL_ML,
        .tube = {p->tubing_ml_per_cm, volume_ml},
    };
}

column_shape_t catheter_shape_proximal(const catheter_param_t *p, double border_cm)
{
    double chamber_ml = catheter_shape_chamber_ml(p);
    double volume_ml = chamber_ml + border_cm * p->ml_per_cm;
    return (column_shape_t){
        .volume_ml = volume_ml,
        .mixer_ml = fmin(chamber_ml, 0.999 * volume_ml), /* the border may be at the port itself */
        .cell_ml = CELL_ML,
        .tube = {p->ml_per_cm, catheter_shape_lumen_ml(p)},
    };
}

column_shape_t catheter_shape_distal(const catheter_param_t *p, double border_cm)
{
    double volume_ml = catheter_shape_lumen_ml(p) - border_cm * p->ml_per_cm;
    return (column_shape_t){
        .volume_ml = volume_ml,
        .mixer_ml = fmin(p->connector_mixing_ml, 0.5 * volume_ml),
        .cell_ml = CELL_ML,
        .tube = {p->ml_per_cm, catheter_shape_lumen_ml(p)},
    };
}

catheter_place_t catheter_shape_place(const catheter_param_t *p, double from_pump_cm)
{
    double from_tip_cm = catheter_shape_length_cm(p) - from_pump_cm;
    if (from_tip_cm < p->intrathecal_cm) {
        return CATHETER_CANAL;
    }
    if (from_tip_cm < p->intrathecal_cm + p->epidural_cm) {
        return CATHETER_EPIDURAL;
    }
    return from_pump_cm < p->pocket_cm ? CATHETER_POCKET : CATHETER_SUBCUTANEOUS;
}

/* From mPa.s, cm and cm^2: Pa s / m^3, then kPa day / mL. */
double catheter_shape_resistance(const catheter_param_t *p, double length_cm)
{
    double section_m2 = p->ml_per_cm * 1e-4;
    double pa_s_per_m3 =
        8.0 * PI * p->viscosity_mpa_s * 1e-3 * length_cm * 1e-2 / (section_m2 * section_m2);
    return pa_s_per_m3 * 1e-9 / 86400.0;
}
