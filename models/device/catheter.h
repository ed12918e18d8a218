/* SPDX-License-Identifier: Apache-2.0 */
/* The pump's tubing and the catheter: one column of fluid that moves as a plug.
 *
 * What enters upstream leaves at the tip one volume later: V = tubing + (length - trimmed) * volume per
 * length. The column is a list of parcels of equal concentration, newest last; their borders are kept as
 * volumes pushed since the beginning, to twice a double's digits, so that no number of pushes moves a
 * border by rounding. Equal neighbours are one parcel. When the list is full the two neighbours of least
 * volume are mixed into one, which keeps mass and is counted: spread of the fluid's own is not in this
 * model, and enough parcels are kept for merges to be rare.
 *
 * Thread rule: one catheter belongs to one thread at a time. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_CATHETER_H
#define MODELS_DEVICE_CATHETER_H

#include <stdint.h>

#include "device/parameters.h"
#include "device/running_sum.h"
#include "device/segment.h"
#include "error.h"

#define CATHETER_PARCELS_MAX 48

typedef struct catheter_parcel_t {
    running_sum_t end_ml; /* volume pushed when its upstream border entered */
    double ug_per_ml[SEGMENT_DRUGS_MAX];
} catheter_parcel_t;

typedef struct catheter_t {
    double volume_ml;        /* of the column, > 0 */
    int drugs;               /* 1..SEGMENT_DRUGS_MAX */
    int parcels;             /* 1..CATHETER_PARCELS_MAX */
    int64_t merges;          /* unequal parcels mixed because the list was full */
    running_sum_t pushed_ml; /* since the beginning */
    catheter_parcel_t parcel[CATHETER_PARCELS_MAX]; /* [0] is at the tip */
} catheter_t;

/* A column filled with ug_per_ml[drugs]. Errors: ERROR_ARGUMENT, `drugs` outside 1..SEGMENT_DRUGS_MAX, more
 * trimmed than there is, or a concentration negative or not finite. */
int catheter_init(catheter_t *c, const catheter_param_t *p, int drugs, const double ug_per_ml[],
                  error_t *e) __attribute__((warn_unused_result));

/* Pushes s->volume_ml >= 0 of fluid of ug_per_ml[drugs] >= 0 in upstream; mass_ug[drugs] receives what left
 * at the tip, which may be any volume, several times the column's too. */
void catheter_push(catheter_t *c, const segment_t *s, const double ug_per_ml[], double mass_ug[]);

/* Mass of drug `drug` (0..drugs-1) in the column, ug. */
double catheter_mass_ug(const catheter_t *c, int drug);

/* Concentration of drug `drug` in the fluid next to leave at the tip, ug/mL. */
double catheter_tip_ug_per_ml(const catheter_t *c, int drug);

/* ERROR_INVARIANT unless the parcels are in order, fill the column exactly (1e-12) and hold finite
 * concentrations >= 0. */
int catheter_verify(const catheter_t *c, error_t *e) __attribute__((warn_unused_result));

#endif
