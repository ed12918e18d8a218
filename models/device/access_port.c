/* SPDX-License-Identifier: Apache-2.0 */
/* Drawing from, and injecting into, the access port. */
#include "device/access_port.h"

#include <math.h>
#include <string.h>

/* What kpa moves through the catheter while one tries, mL. */
static double reach_ml(const catheter_t *c, double kpa)
{
    double days = c->param.port_effort_s / 86400.0;
    return c->fault.open * kpa / c->fault.kpa_day_per_ml * days;
}

static int append(fluid_piece_t piece[], int count, double volume_ml, const double ug_per_ml[])
{
    piece[count].volume_ml = volume_ml;
    memcpy(piece[count].ug_per_ml, ug_per_ml, sizeof piece[count].ug_per_ml);
    return count + 1;
}

/* How much comes. */
static double coming_ml(const catheter_t *c, double wanted_ml)
{
    if (!catheter_is_tight(c)) {
        return wanted_ml;
    }
    double ml = fmin(wanted_ml, reach_ml(c, c->param.port_suction_kpa));
    return c->fault.tip_place == CATHETER_CANAL ? ml : fmin(ml, catheter_port_ml(c));
}

/* Draws in_ml through the port's end of the catheter; tip_ml of tip_ug_per_ml follows at the tip, and the rest
 * at a hole at the border. What comes past that hole is mixed with the tissue's fluid. */
static void draw_line(catheter_t *c, double in_ml, double tip_ml, const double tip_ug_per_ml[],
                      double ug_per_ml[])
{
    fluid_piece_t near[CATHETER_PIECES_MAX + 1], far[COLUMN_PIECES_MAX + 1];
    double mixed[SEGMENT_DRUGS_MAX] = {0.0};
    int near_count = column_pieces(&c->column[CATHETER_PROXIMAL], near);
    int far_count = column_pieces(&c->column[CATHETER_DISTAL], far);
    far_count = append(far, far_count, tip_ml, tip_ug_per_ml);
    fluid_cursor_t from_far = fluid_begin(far, far_count);
    if (tip_ml < in_ml) {
        fluid_take(&from_far, c->drugs, tip_ml, mixed);
        for (int d = 0; d < c->drugs; d++) {
            mixed[d] *= tip_ml / in_ml;
        }
        near_count = append(near, near_count, in_ml, mixed);
    } else {
        memcpy(&near[near_count], far, (size_t)far_count * sizeof far[0]);
        near_count += far_count;
    }
    fluid_cursor_t from_near = fluid_begin(near, near_count);
    fluid_take(&from_near, c->drugs, in_ml, ug_per_ml);
    column_load(&c->column[CATHETER_PROXIMAL], &from_near);
    column_load(&c->column[CATHETER_DISTAL], tip_ml < in_ml ? &from_far : &from_near);
}

void access_port_draw(catheter_t *c, double wanted_ml, const double csf_ug_per_ml[],
                      access_port_draw_t *out)
{
    double tip[SEGMENT_DRUGS_MAX] = {0.0}, drawn[SEGMENT_DRUGS_MAX] = {0.0};
    double volume_ml = coming_ml(c, wanted_ml);
    double in_ml = volume_ml * catheter_passed(c, CATHETER_HOLE_PUMP);
    double tip_ml = in_ml * catheter_passed(c, CATHETER_HOLE_BORDER);
    bool csf = c->fault.tip_place == CATHETER_CANAL;
    *out = (access_port_draw_t){.volume_ml = volume_ml, .csf_ml = csf ? tip_ml : 0.0};
    out->tissue_ml = volume_ml - out->csf_ml;
    for (int d = 0; csf && d < c->drugs; d++) {
        tip[d] = csf_ug_per_ml[d];
        out->csf_ug[d] = csf_ug_per_ml[d] * tip_ml;
    }
    if (in_ml > 0.0) {
        draw_line(c, in_ml, tip_ml, tip, drawn);
    }
    for (int d = 0; d < c->drugs; d++) {
        out->ug[d] = drawn[d] * in_ml;
    }
}

double access_port_inject(catheter_t *c, double now_ms, double ml, const double ug_per_ml[],
                          catheter_out_t *out)
{
    segment_t s = {.start_ms = now_ms, .volume_ml = ml};
    if (catheter_is_tight(c)) {
        s.volume_ml = fmin(ml, reach_ml(c, c->param.port_pressure_kpa));
    }
    catheter_push_port(c, &s, ug_per_ml, out);
    return s.volume_ml;
}
