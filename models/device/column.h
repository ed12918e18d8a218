/* SPDX-License-Identifier: Apache-2.0 */
/* A column of fluid in a tube: it moves as a plug, spreads by Taylor-Aris dispersion, and may enter through a
 * stirred chamber.
 *
 * Advection is exact: fluid moves by whole cells of equal volume on a lattice fixed in pushed volume. New
 * fluid gathers in a forming cell at the inlet; when it is full every cell moves on by one, through the
 * stirred chamber first (dm/dv = (c - m) / chamber, solved exactly over a cell), and the oldest becomes the
 * fluid that leaves at the outlet. A front that enters fluid of one kind begins on the lattice, so that the
 * lattice adds nothing to it.
 *
 * Dispersion (dispersion.h): variance is summed as fluid is pushed and given to neighbouring cells each
 * COLUMN_BLOCK cells by a conservative, non-negative exchange of exactly that variance; the tube's ends
 * exchange nothing (Danckwerts 1953, Chem Eng Sci 2:1).
 *
 * Fluid of one kind is known as such and costs nothing. Fluid that changes by less than COLUMN_SMOOTH from
 * place to place is kept in a few coarse cells and not spread: that would change nothing to see.
 *
 * Every sum is over pushed volume, so that a push and any division of it give the same within 1e-12. Thread
 * rule: one column belongs to one thread at a time. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_COLUMN_H
#define MODELS_DEVICE_COLUMN_H

#include <stdbool.h>

#include "device/dispersion.h"
#include "device/fluid.h"
#include "device/segment.h"
#include "error.h"

#define COLUMN_CELLS_MAX DISPERSION_CELLS_MAX /* a multiple of COLUMN_BLOCK */
#define COLUMN_BLOCK 4                        /* cells pushed between two exchanges */
#define COLUMN_COARSE 8 /* cells of the coarse lattice, a multiple of COLUMN_BLOCK */
#define COLUMN_PIECES_MAX (COLUMN_CELLS_MAX + 3)
#define COLUMN_SMOOTH 1e-4 /* relative change that counts as none; masses stay exact */

typedef struct column_shape_t {
    double volume_ml; /* with the chamber, >= 0; below 1e-6 mL there is no column: fluid passes */
    double mixer_ml;  /* stirred chamber at the inlet, 0 <= mixer_ml < volume_ml; 0: none */
    double cell_ml;   /* wished-for volume of a cell; the lattice is of whole blocks near it */
    dispersion_tube_t tube; /* of which this is all or a part */
} column_shape_t;

/* Private but for what the comments name. */
typedef struct column_t {
    column_shape_t shape; /* read only */
    int drugs;
    int fine_cells; /* of the fine lattice; 0: no column */
    int cells;      /* of the present lattice: fine_cells or COLUMN_COARSE */
    double cell_ml; /* (volume - mixer) / (cells + 1) */
    double kept;    /* exp(-cell / mixer) */
    bool uniform;   /* read only: all fluid here has the same bits */
    bool pure;      /* the forming cell holds fluid of last_ug_per_ml alone */
    int shifted;    /* cells pushed since room was made, 0..COLUMN_BLOCK-1 */
    double forming_ml;
    double forming_ug[SEGMENT_DRUGS_MAX];
    double spread_ml2[SEGMENT_DRUGS_MAX]; /* variance not yet given to the cells */
    double last_ug_per_ml[SEGMENT_DRUGS_MAX];
    double mixer_ug_per_ml[SEGMENT_DRUGS_MAX];
    double leaving_ug_per_ml[SEGMENT_DRUGS_MAX]; /* read only: next to leave */
    double cell_ug_per_ml[SEGMENT_DRUGS_MAX][COLUMN_CELLS_MAX + COLUMN_BLOCK];
} column_t;

/* A column filled with ug_per_ml[drugs] >= 0; `drugs` is 1..SEGMENT_DRUGS_MAX. */
void column_init(column_t *c, const column_shape_t *shape, int drugs, const double ug_per_ml[]);

/* Pushes in at most volume_ml > 0 of fluid of ug_per_ml[drugs], no more than leaves with one concentration,
 * and returns how much, mL; out_ug_per_ml[drugs] is what left. dispersion[drugs], mL^2 for each mL, is what it
 * spreads the fluid here by. Call it until all is in. */
double column_take(column_t *c, double volume_ml, const double ug_per_ml[],
                   const double dispersion[], double out_ug_per_ml[]);

/* Whether all fluid here has exactly these concentrations, so that a push of more of it only shifts it. */
bool column_holds(const column_t *c, const double ug_per_ml[]);

/* Fluid at rest: adds ml2[drugs] of variance. */
void column_rest(column_t *c, const double ml2[]);

/* Mass of drug `drug` here, ug. */
double column_mass_ug(const column_t *c, int drug);

/* What is here, inlet first. Returns the pieces, at most COLUMN_PIECES_MAX; together they are the volume. */
int column_pieces(const column_t *c, fluid_piece_t piece[]);

/* Fills the column with the next of *from, of at least its volume. A cell mixes the pieces that fall into it. */
void column_load(column_t *c, fluid_cursor_t *from);

/* ERROR_INVARIANT unless the lattice is in order and every concentration is finite and >= 0. */
int column_verify(const column_t *c, error_t *e) __attribute__((warn_unused_result));

#endif
