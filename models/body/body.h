/* SPDX-License-Identifier: Apache-2.0 */
/* One person's body: what leaves the catheter tip becomes concentrations, masses and muscle tone.
 *
 * Joins, for 1 to 6 drugs and 1 to BODY_REGIMES_MAX regimes of the CSF, the near-tip zone, the CSF
 * operator, plasma, the effect site and the ledger. Time passes in whole minutes and exactly: any split of
 * a step gives the same concentrations within 1e-12.
 *
 * Use: body_param_default, change what differs, body_init; body_site for each place to be read; then
 * body_advance and reads, in any order; body_free.
 *
 * Ownership: a body_t owns all that it points to. body_free is legal after a failed body_init and on a
 * zeroed body_t. The parameter struct and its names are copied or used during init only.
 * Thread rule: a body_t belongs to one thread at a time (reads count negatives); different bodies are
 * independent.
 */
#ifndef BODY_BODY_H
#define BODY_BODY_H

#include <stdint.h>

#include "body/ashworth.h"
#include "body/depot.h"
#include "body/parameters.h"
#include "device/segment.h"
#include "error.h"

#define BODY_REGIMES_MAX 8
#define BODY_SITES_MAX 32

/* Similarity range up to which a body is accepted. Measured for a unit mass entering anywhere: at 4.2e2 the
 * ledger closes to 3e-13 and no concentration is below -9e-12 of the greatest; at 1.8e3 one is at -9e-11, at
 * 4.8e7 the ledger misses 1.5e-8. The default range is 33, for the most
 * part the square root of the greatest volume over the least. */
#define BODY_RANGE_MAX 400.0

typedef struct body_param_t {
    int regimes;                       /* 1..BODY_REGIMES_MAX; regime 0 holds at the start */
    csf_param_t csf[BODY_REGIMES_MAX]; /* same `cells` and `length_scale` in all */
    int drugs;                         /* 1..SEGMENT_DRUGS_MAX */
    drug_param_t drug[SEGMENT_DRUGS_MAX];
    int effect_drug; /* the drug that acts on tone, 0..drugs-1 */
    ashworth_param_t ashworth;
    tolerance_param_t tolerance;
    double
        group_normal[ASHWORTH_GROUPS]; /* standard normals of the muscle groups, see ashworth.h */
    const char *tip_level;             /* "T10", "T9/10"; see anatomy_find */
    const char *target_level;          /* where the effect arises, as tip_level */
} body_param_t;

/* One regime, one drug, every value at its default, tip at T10, target at L2, group normals 0. */
body_param_t body_param_default(void);

/* Where the drug is, ug; each is >= 0 up to rounding. */
typedef struct body_ledger_t {
    double tip_zone_ug;
    double csf_ug;        /* canal, cisternal and cranial nodes */
    double tissue_ug;     /* cord layer, brain branch, irreversible uptake */
    double plasma_ug;     /* central and peripheral */
    double depots_ug;     /* pocket, subcutaneous, epidural; and what is on its way there */
    double eliminated_ug; /* the time integral of central mass times k10, never a difference */
    double entered_ug;    /* through the tip, by injection and into depots, less what was drawn */
} body_ledger_t;

typedef struct body_state_t body_state_t; /* private */

typedef struct body_t {
    body_state_t *state; /* private; NULL after a failed init */
} body_t;

/* Builds operators, modes and step factors (about 5 ms for 60 cells and one drug and regime). Errors:
 * ERROR_ARGUMENT (count, level name, parameter out of range), ERROR_OPERATOR_RANGE, _ONE_WAY, _EIGEN (see
 * csf_operator.h, csf_basis.h), ERROR_MEMORY. */
int body_init(body_t *b, const body_param_t *p, error_t *e) __attribute__((warn_unused_result));
void body_free(body_t *b);

/* Registers a place in the canal for reading: a level name as of anatomy_find. The same name gives the
 * same index. Returns the site's index, 0.., or ERROR_ARGUMENT (unknown name, BODY_SITES_MAX reached). */
int body_site(body_t *b, const char *name, error_t *e) __attribute__((warn_unused_result));

/* Lets `minutes` (>= 0) pass while mass_ug[drugs] (each >= 0, finite) enters the tip zone at a constant
 * rate. Concentrations are exact; tolerance takes the effect site at the mean of both ends of the step, or of
 * each day where the step is longer. minutes = 0 with mass: the mass is in the zone at once. Errors: ERROR_ARGUMENT. */
int body_advance(body_t *b, int32_t minutes, const double mass_ug[], error_t *e)
    __attribute__((warn_unused_result));

/* Puts mass_ug (>= 0) of a drug at once into the canal's CSF, spread evenly over spread_cm (0: one cell)
 * about position_cm and cut at the ends of the canal: a lumbar puncture bolus. Errors: ERROR_ARGUMENT. */
int body_inject(body_t *b, int drug, double mass_ug, double position_cm, double spread_cm,
                error_t *e) __attribute__((warn_unused_result));

/* As body_inject, at a level name and of one cell. */
int body_inject_level(body_t *b, int drug, double mass_ug, const char *level, error_t *e)
    __attribute__((warn_unused_result));

/* Puts mass_ug (>= 0) of a drug into a depot: at once, as a needle that misses does, or over the next
 * body_advance, at a constant rate, as a leak does. Errors: ERROR_ARGUMENT. */
int body_deposit(body_t *b, int drug, depot_place_t place, double mass_ug, error_t *e)
    __attribute__((warn_unused_result));
int body_leak(body_t *b, int drug, depot_place_t place, double mass_ug, error_t *e)
    __attribute__((warn_unused_result));

/* The catheter's tip, and the zone around it with what that holds, lies at position_cm from the sac's end from now on, in every
 * regime; a leak of csf.def stays where it was. Errors: ERROR_ARGUMENT, outside the canal; ERROR_MEMORY. */
int body_tip_move(body_t *b, double position_cm, error_t *e) __attribute__((warn_unused_result));

/* Draws volume_ml > 0 of CSF at the tip; *mass_ug receives the drug in it: the zone's as far as the zone is drawn empty, and a
 * quarter of what four times that volume of CSF around holds, in the part of the canal that is there. Errors: ERROR_ARGUMENT. */
int body_tip_draw(body_t *b, int drug, double volume_ml, double *mass_ug, error_t *e)
    __attribute__((warn_unused_result));

/* Switches to regime 0..regimes-1: masses are carried over and checked. Errors: ERROR_ARGUMENT;
 * ERROR_LEDGER where the mass of a state changes by more than 1e-9 of the total. */
int body_regime(body_t *b, int regime, error_t *e) __attribute__((warn_unused_result));

/* Concentrations now, ng/mL, >= 0, what came from depots by way of plasma included: a value below 0 is rounding, is returned as 0 and is counted. `drug`
 * and `site` must be valid; they are not checked. */
double body_csf_ng_per_ml(body_t *b, int drug, int site);
/* All registered sites at once, out[sites]: cheaper than one by one. */
void body_csf_all_ng_per_ml(body_t *b, int drug, double out[]);
/* What an aspirate at the tip holds: the zone's excess over its cell plus the cell. */
double body_tip_ng_per_ml(body_t *b, int drug);
double body_cisternal_ng_per_ml(body_t *b, int drug);
double body_cranial_ng_per_ml(body_t *b, int drug);
/* Cord layer at a site, as the CSF concentration it would be in equilibrium with; the CSF itself for a
 * drug without reversible cord uptake. */
double body_cord_ng_per_ml(body_t *b, int drug, int site);
double body_plasma_ng_per_ml(body_t *b, int drug);
/* Effect site at the target level: the cord layer, as above, delayed at ke0. */
double body_effect_ng_per_ml(body_t *b, int drug);

/* Muscle tone now: without rater error, and as rated with rater_normal[ASHWORTH_GROUPS]. 1..5. */
double body_ashworth_latent(body_t *b);
double body_ashworth_rated(body_t *b, const double rater_normal[ASHWORTH_GROUPS]);

/* Tolerance: the EC50 now over that of the same person without it, >= 1; see tolerance.h. */
double body_tolerance(const body_t *b);

/* Number of reads so far that were below 0. */
int64_t body_negatives(const body_t *b);

/* The canal's CSF volume, mL (regime 0). */
double body_canal_ml(const body_t *b);

void body_ledger(const body_t *b, int drug, body_ledger_t *out);

/* Its depots_ug alone. */
double body_depots_ug(const body_t *b, int drug);

/* Recomputes everything by brute force from the state: water closes in every regime within 1e-9 mL/h (else
 * ERROR_INVARIANT), the ledger closes within 1e-9 of the dose entered (else ERROR_LEDGER) and no concentration is below -1e-11 of the greatest, now or as the greatest mass ever
 * present would have made in the canal (else ERROR_INVARIANT). */
int body_verify(const body_t *b, error_t *e) __attribute__((warn_unused_result));

#endif
