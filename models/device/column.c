/* SPDX-License-Identifier: Apache-2.0 */
/* A column of fluid in a tube: plug flow on a lattice in pushed volume, dispersion between cells. */
#include "device/column.h"

#include <math.h>
#include <string.h>

#define LEAST_ML 1e-6 /* a column smaller than this is none */
#define SETTLED 1e-9  /* a chamber this near to what flows in becomes it, and gives the rest out */

/* ---- the lattice ------------------------------------------------------------------------------------- */

static bool exists(const column_t *c)
{
    return c->fine_cells > 0;
}

static void set_lattice(column_t *c, int cells)
{
    c->cells = cells;
    c->cell_ml = (c->shape.volume_ml - c->shape.mixer_ml) / (cells + 1);
    c->kept = c->shape.mixer_ml > 0.0 ? exp(-c->cell_ml / c->shape.mixer_ml) : 0.0;
    /* Half a block to the first exchange, so that a front which begins with the lattice meets as many as any. */
    c->shifted = COLUMN_BLOCK / 2;
    c->forming_ml = 0.0;
    memset(c->forming_ug, 0, sizeof c->forming_ug);
    memset(c->spread_ml2, 0, sizeof c->spread_ml2);
}

/* The cells of a drug, nearest the inlet first. */
static double *cells_of(column_t *c, int drug)
{
    return &c->cell_ug_per_ml[drug][COLUMN_BLOCK - c->shifted];
}

static const double *cells_seen(const column_t *c, int drug)
{
    return &c->cell_ug_per_ml[drug][COLUMN_BLOCK - c->shifted];
}

static void fill(column_t *c, int cells, const double ug_per_ml[])
{
    set_lattice(c, cells);
    for (int d = 0; d < c->drugs; d++) {
        double *cell = cells_of(c, d);
        c->last_ug_per_ml[d] = ug_per_ml[d];
        c->mixer_ug_per_ml[d] = ug_per_ml[d];
        c->leaving_ug_per_ml[d] = ug_per_ml[d];
        for (int j = 0; j < cells; j++) {
            cell[j] = ug_per_ml[d];
        }
    }
    c->uniform = true;
}

void column_init(column_t *c, const column_shape_t *shape, int drugs, const double ug_per_ml[])
{
    memset(c, 0, sizeof *c);
    c->shape = *shape;
    c->drugs = drugs;
    if (shape->volume_ml < LEAST_ML) {
        c->uniform = true;
        return;
    }
    double blocks = round((shape->volume_ml - shape->mixer_ml) / (COLUMN_BLOCK * shape->cell_ml));
    blocks =
        fmin(fmax(blocks, COLUMN_COARSE / COLUMN_BLOCK), (double)COLUMN_CELLS_MAX / COLUMN_BLOCK);
    c->fine_cells = COLUMN_BLOCK * (int)blocks;
    fill(c, COLUMN_COARSE, ug_per_ml);
}

/* Exact equality: fluid of one filling has the same bits; anything else is another fluid. */
static bool is_same(int drugs, const double a[], const double b[])
{
    for (int d = 0; d < drugs; d++) {
        if (a[d] < b[d] || a[d] > b[d]) {
            return false;
        }
    }
    return true;
}

static bool is_near(double a, double b)
{
    return fabs(a - b) <= COLUMN_SMOOTH * fmax(a, b);
}

static bool is_smooth_step(const column_t *c, const double ug_per_ml[])
{
    for (int d = 0; d < c->drugs; d++) {
        if (!is_near(ug_per_ml[d], c->last_ug_per_ml[d])) {
            return false;
        }
    }
    return true;
}

/* ---- pieces ------------------------------------------------------------------------------------------ */

static void put_piece(const column_t *c, fluid_piece_t *p, double volume_ml, const double values[])
{
    p->volume_ml = volume_ml;
    memcpy(p->ug_per_ml, values, (size_t)c->drugs * sizeof *values);
}

int column_pieces(const column_t *c, fluid_piece_t piece[])
{
    int n = 0;
    double value[SEGMENT_DRUGS_MAX];
    if (!exists(c)) {
        return 0;
    }
    if (c->forming_ml > 0.0) {
        for (int d = 0; d < c->drugs; d++) {
            value[d] = c->pure ? c->last_ug_per_ml[d] : c->forming_ug[d] / c->forming_ml;
        }
        put_piece(c, &piece[n++], c->forming_ml, value);
    }
    if (c->shape.mixer_ml > 0.0) {
        put_piece(c, &piece[n++], c->shape.mixer_ml, c->mixer_ug_per_ml);
    }
    for (int j = 0; j < c->cells; j++) {
        for (int d = 0; d < c->drugs; d++) {
            value[d] = cells_seen(c, d)[j];
        }
        put_piece(c, &piece[n++], c->cell_ml, value);
    }
    put_piece(c, &piece[n++], c->cell_ml - c->forming_ml, c->leaving_ug_per_ml);
    return n;
}

/* Fills a lattice of `cells` from the list. */
static void load(column_t *c, int cells, fluid_cursor_t *from)
{
    double value[SEGMENT_DRUGS_MAX];
    set_lattice(c, cells);
    memcpy(c->last_ug_per_ml, from->piece->ug_per_ml, sizeof c->last_ug_per_ml);
    memcpy(c->mixer_ug_per_ml, c->last_ug_per_ml, sizeof c->mixer_ug_per_ml);
    if (c->shape.mixer_ml > 0.0) {
        fluid_take(from, c->drugs, c->shape.mixer_ml, c->mixer_ug_per_ml);
    }
    for (int j = 0; j < cells; j++) {
        fluid_take(from, c->drugs, c->cell_ml, value);
        for (int d = 0; d < c->drugs; d++) {
            cells_of(c, d)[j] = value[d];
        }
    }
    fluid_take(from, c->drugs, c->cell_ml, c->leaving_ug_per_ml);
}

static void change_lattice(column_t *c, int cells)
{
    fluid_piece_t piece[COLUMN_PIECES_MAX];
    double last[SEGMENT_DRUGS_MAX];
    fluid_cursor_t from = fluid_begin(piece, column_pieces(c, piece));
    memcpy(last, c->last_ug_per_ml, sizeof last);
    load(c, cells, &from);
    memcpy(c->last_ug_per_ml, last, sizeof last);
}

/* ---- steps ------------------------------------------------------------------------------------------- */

/* Gives the cells the variance that gathered. A cell is here for `cells` steps of the cells + 1 that fluid
 * takes, and so for cells / COLUMN_BLOCK exchanges, whenever it came: the factor makes them the whole. */
static void spread(column_t *c, int drug)
{
    double scale = (double)(c->cells + 1) / c->cells;
    double variance = c->spread_ml2[drug] * scale / (c->cell_ml * c->cell_ml);
    c->spread_ml2[drug] = 0.0;
    if (c->cells < c->fine_cells || !(variance > 0.0)) {
        return;
    }
    dispersion_exchange(cells_of(c, drug), c->cells, variance);
}

/* The cell of fluid `in` goes through the chamber; returns what comes out, both means over the cell. */
static double stir(const column_t *c, double *mixer, double in)
{
    double was = *mixer;
    if (fabs(was - in) <= SETTLED * in) {
        *mixer = in;
        return in + c->shape.mixer_ml / c->cell_ml * (was - in);
    }
    double share = (1.0 - c->kept) * c->shape.mixer_ml / c->cell_ml;
    *mixer = in * (1.0 - c->kept) + was * c->kept;
    return in * (1.0 - share) + was * share;
}

/* Whether all cells, the chamber and what leaves are within `tolerance` of the fluid that came last. */
static bool is_all_near(const column_t *c, int drug, double tolerance)
{
    const double *cell = cells_seen(c, drug);
    double last = c->last_ug_per_ml[drug];
    double bound = tolerance * last;
    if (fabs(c->leaving_ug_per_ml[drug] - last) > bound ||
        fabs(c->mixer_ug_per_ml[drug] - last) > bound) {
        return false;
    }
    for (int j = c->cells - 1; j >= 0; j--) {
        if (fabs(cell[j] - last) > bound) {
            return false;
        }
    }
    return true;
}

static bool is_near_throughout(const column_t *c, double tolerance)
{
    for (int d = 0; d < c->drugs; d++) {
        if (!is_all_near(c, d, tolerance)) {
            return false;
        }
    }
    return true;
}

/* After COLUMN_BLOCK steps: exchange, make room, and see whether the fluid has become simpler. */
static void end_block(column_t *c)
{
    for (int d = 0; d < c->drugs; d++) {
        spread(c, d);
        memmove(&c->cell_ug_per_ml[d][COLUMN_BLOCK], c->cell_ug_per_ml[d],
                (size_t)c->cells * sizeof(double));
    }
    c->shifted = 0;
    if (is_near_throughout(c, 0.0)) {
        c->uniform = true;
    } else if (c->cells > COLUMN_COARSE && is_near_throughout(c, COLUMN_SMOOTH)) {
        change_lattice(c, COLUMN_COARSE);
    }
}

/* The forming cell is full: everything moves on by one. */
static void step(column_t *c)
{
    int last = c->cells - 1;
    for (int d = 0; d < c->drugs; d++) {
        double in = c->pure ? c->last_ug_per_ml[d] : c->forming_ug[d] / c->cell_ml;
        double *cell = cells_of(c, d);
        c->leaving_ug_per_ml[d] = cell[last];
        cell[-1] = c->shape.mixer_ml > 0.0 ? stir(c, &c->mixer_ug_per_ml[d], in) : in;
        if (!(c->shape.mixer_ml > 0.0)) {
            c->mixer_ug_per_ml[d] = in;
        }
        c->forming_ug[d] = 0.0;
    }
    c->forming_ml = 0.0;
    c->shifted++;
    if (c->shifted == COLUMN_BLOCK) {
        end_block(c);
    }
}

/* Fluid unlike the last comes: a front needs the fine lattice. Where the lattice begins anew, its half block
 * counts as pushed at the present flow, for the first exchange to be a whole one. */
static void meet(column_t *c, const double ug_per_ml[], const double dispersion[])
{
    bool smooth = is_smooth_step(c, ug_per_ml);
    if (c->uniform) {
        double here[SEGMENT_DRUGS_MAX];
        memcpy(here, c->leaving_ug_per_ml, sizeof here);
        fill(c, smooth ? COLUMN_COARSE : c->fine_cells, here);
        c->uniform = false;
    } else if (!smooth && c->cells < c->fine_cells) {
        change_lattice(c, c->fine_cells);
    } else {
        return;
    }
    for (int d = 0; d < c->drugs; d++) {
        c->spread_ml2[d] = dispersion[d] * c->cell_ml * c->shifted;
    }
}

double column_take(column_t *c, double volume_ml, const double ug_per_ml[],
                   const double dispersion[], double out_ug_per_ml[])
{
    bool same = is_same(c->drugs, ug_per_ml, c->last_ug_per_ml);
    if (column_holds(c, ug_per_ml)) {
        memcpy(out_ug_per_ml, ug_per_ml, (size_t)c->drugs * sizeof *ug_per_ml);
        return volume_ml;
    }
    if (!same) {
        meet(c, ug_per_ml, dispersion);
    }
    c->pure = !(c->forming_ml > 0.0) || (c->pure && same);
    double room_ml = c->cell_ml - c->forming_ml;
    bool full = !(volume_ml < room_ml);
    double taken_ml = full ? room_ml : volume_ml;
    for (int d = 0; d < c->drugs; d++) {
        out_ug_per_ml[d] = c->leaving_ug_per_ml[d];
        c->forming_ug[d] += ug_per_ml[d] * taken_ml;
        c->spread_ml2[d] += dispersion[d] * taken_ml;
        c->last_ug_per_ml[d] = ug_per_ml[d];
    }
    if (full) {
        step(c);
    } else {
        c->forming_ml += taken_ml;
    }
    return taken_ml;
}

bool column_holds(const column_t *c, const double ug_per_ml[])
{
    return !exists(c) || (c->uniform && is_same(c->drugs, ug_per_ml, c->last_ug_per_ml));
}

void column_rest(column_t *c, const double ml2[])
{
    for (int d = 0; !c->uniform && d < c->drugs; d++) {
        c->spread_ml2[d] += ml2[d];
    }
}

void column_load(column_t *c, fluid_cursor_t *from)
{
    if (exists(c)) {
        load(c, c->fine_cells, from);
        c->uniform = is_near_throughout(c, 0.0);
    }
}

/* ---- reading ------------------------------------------------------------------------------------------- */

double column_mass_ug(const column_t *c, int drug)
{
    if (!exists(c)) {
        return 0.0;
    }
    if (c->uniform) {
        return c->leaving_ug_per_ml[drug] * c->shape.volume_ml;
    }
    double sum = 0.0;
    for (int j = 0; j < c->cells; j++) {
        sum += cells_seen(c, drug)[j];
    }
    return c->forming_ug[drug] + c->mixer_ug_per_ml[drug] * c->shape.mixer_ml + sum * c->cell_ml +
           c->leaving_ug_per_ml[drug] * (c->cell_ml - c->forming_ml);
}

static bool is_sound(double ug_per_ml)
{
    return ug_per_ml >= 0.0 && isfinite(ug_per_ml);
}

static int verify_drug(const column_t *c, int d, error_t *e)
{
    bool sound = is_sound(c->mixer_ug_per_ml[d]) && is_sound(c->leaving_ug_per_ml[d]) &&
                 is_sound(c->last_ug_per_ml[d]) && is_sound(c->forming_ug[d]) &&
                 is_sound(c->spread_ml2[d]);
    for (int j = 0; j < c->cells; j++) {
        sound = sound && is_sound(cells_seen(c, d)[j]);
    }
    return sound ? 0
                 : ERROR_RAISE(e, ERROR_INVARIANT, "column: drug %d is not all finite and >= 0", d);
}

int column_verify(const column_t *c, error_t *e)
{
    bool lattice = c->cells == c->fine_cells || c->cells == COLUMN_COARSE;
    double lumen_ml = c->shape.volume_ml - c->shape.mixer_ml;
    if (!exists(c)) {
        return 0;
    }
    if (!lattice || c->shifted < 0 || c->shifted >= COLUMN_BLOCK || !(c->forming_ml >= 0.0) ||
        !(c->forming_ml < c->cell_ml) ||
        !(fabs((c->cells + 1) * c->cell_ml - lumen_ml) <= 1e-12 * lumen_ml)) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "column: %d cells of %g mL, %g mL forming, in %g mL",
                           c->cells, c->cell_ml, c->forming_ml, lumen_ml);
    }
    for (int d = 0; d < c->drugs; d++) {
        int code = verify_drug(c, d, e);
        if (code < 0) {
            return code;
        }
    }
    return 0;
}
