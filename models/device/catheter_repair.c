/* SPDX-License-Identifier: Apache-2.0 */
/* Surgery on a catheter. */
#include "device/catheter_repair.h"

#include <string.h>

#include "device/catheter_fault.h"

/* Keeps the first keep_ml of the way from the port; the rest becomes new fluid. */
static void renew(catheter_t *c, double keep_ml, const double ug_per_ml[], double removed_ug[])
{
    fluid_piece_t old[CATHETER_PIECES_MAX], line[CATHETER_PIECES_MAX + 1];
    double mean[SEGMENT_DRUGS_MAX];
    int count = catheter_pieces(c, old);
    fluid_cursor_t from = fluid_begin(old, count);
    double passed_ml = 0.0;
    int kept = 0;
    while (kept + 1 < count && passed_ml + old[kept].volume_ml <= keep_ml) {
        line[kept] = old[kept];
        passed_ml += old[kept].volume_ml;
        kept++;
    }
    line[kept] = old[kept];
    line[kept].volume_ml = keep_ml - passed_ml;
    fluid_take(&from, c->drugs, keep_ml, mean);
    double rest_ml = catheter_port_ml(c) - keep_ml;
    fluid_take(&from, c->drugs, rest_ml, mean);
    for (int d = 0; d < c->drugs; d++) {
        removed_ug[d] = mean[d] * rest_ml;
        line[kept + 1].ug_per_ml[d] = ug_per_ml[d];
    }
    line[kept + 1].volume_ml = rest_ml;
    catheter_load(c, line, kept + 2);
}

void catheter_repair_spinal(catheter_t *c, const double ug_per_ml[], double removed_ug[])
{
    double connector_cm = catheter_shape_connector_cm(&c->param);
    double chamber_ml = catheter_shape_chamber_ml(&c->param);
    if (c->border_cm >= connector_cm) { /* first, so that no cell mixes what stays with what goes */
        catheter_fault_heal_hole(c, CATHETER_HOLE_BORDER);
        catheter_cut(c, connector_cm);
    }
    renew(c, chamber_ml + connector_cm * c->param.ml_per_cm, ug_per_ml, removed_ug);
    catheter_fault_heal_tip(c);
    catheter_fault_heal_run(c);
}

void catheter_repair_all(catheter_t *c, const double ug_per_ml[], double removed_ug[])
{
    renew(c, catheter_shape_chamber_ml(&c->param), ug_per_ml, removed_ug);
    catheter_fault_heal_tip(c);
    catheter_fault_heal_run(c);
    catheter_fault_heal_hole(c, CATHETER_HOLE_PUMP);
    catheter_fault_heal_hole(c, CATHETER_HOLE_BORDER);
    catheter_cut(c, catheter_shape_connector_cm(&c->param));
}

void catheter_repair_tip(catheter_t *c)
{
    catheter_fault_heal_tip(c);
}

void catheter_repair_hole(catheter_t *c, catheter_hole_at_t at)
{
    catheter_fault_heal_hole(c, at);
    if (at == CATHETER_HOLE_BORDER) {
        catheter_cut(c, catheter_shape_connector_cm(&c->param));
    }
}
