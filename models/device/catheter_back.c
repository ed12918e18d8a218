/* SPDX-License-Identifier: Apache-2.0 */
/* Flow from the tip to the reservoir. */
#include "device/catheter_back.h"

#include <string.h>

static int append(fluid_piece_t piece[], int count, double volume_ml, const double ug[], int drugs)
{
    memset(&piece[count], 0, sizeof piece[count]);
    piece[count].volume_ml = volume_ml;
    for (int d = 0; d < drugs; d++) {
        piece[count].ug_per_ml[d] = volume_ml > 0.0 ? ug[d] / volume_ml : 0.0;
    }
    return count + 1;
}

/* The whole way is one line, from the reservoir to what follows at the tip. */
static void drive_line(catheter_t *c, access_port_draw_t *out)
{
    fluid_piece_t piece[COLUMN_PIECES_MAX + CATHETER_PIECES_MAX + 1];
    int count = column_pieces(&c->column[CATHETER_TUBING], piece);
    count += catheter_pieces(c, piece + count);
    count = append(piece, count, out->volume_ml, out->csf_ug, c->drugs);
    fluid_cursor_t from = fluid_begin(piece, count);
    fluid_take(&from, c->drugs, out->volume_ml, out->ug);
    for (int part = 0; part < CATHETER_PARTS; part++) {
        column_load(&c->column[part], &from);
    }
}

/* With holes: what comes through the port, mixed, pushes the tubing's fluid out. */
static void drive_mixed(catheter_t *c, access_port_draw_t *out)
{
    fluid_piece_t piece[COLUMN_PIECES_MAX + 1];
    column_t *tubing = &c->column[CATHETER_TUBING];
    int count = column_pieces(tubing, piece);
    count = append(piece, count, out->volume_ml, out->ug, c->drugs);
    fluid_cursor_t from = fluid_begin(piece, count);
    fluid_take(&from, c->drugs, out->volume_ml, out->ug);
    column_load(tubing, &from);
}

void catheter_back_drive(catheter_t *c, double wanted_ml, const double csf_ug_per_ml[],
                         access_port_draw_t *out)
{
    if (catheter_is_tight(c)) {
        catheter_t trial = *c; /* tells how much comes */
        access_port_draw(&trial, wanted_ml, csf_ug_per_ml, out);
    } else {
        access_port_draw(c, wanted_ml, csf_ug_per_ml, out);
    }
    if (!(out->volume_ml > 0.0)) {
        return;
    }
    if (catheter_is_tight(c)) {
        drive_line(c, out);
    } else {
        drive_mixed(c, out);
    }
    for (int d = 0; d < c->drugs; d++) {
        out->ug[d] *= out->volume_ml;
    }
}
