/* SPDX-License-Identifier: Apache-2.0 */
/* The flow segment: the currency between the pump head, the reservoir, the tubing and the catheter.
 *
 * A segment is a volume moved evenly over an interval. A train of motor pulses, a bolus and the flow of
 * a pump without a core are all segments; a train is its pulses' segments one after another, each
 * lasting one pulse period. Every model that takes segments gives the same result, within 1e-12, for a
 * segment and for any division of it.
 */
#ifndef MODELS_DEVICE_SEGMENT_H
#define MODELS_DEVICE_SEGMENT_H

/* 1 to 6 drugs: the size of every array of masses or concentrations, here and above. */
#define SEGMENT_DRUGS_MAX 6

typedef struct segment_t {
    double start_ms;    /* since enrolment, >= 0 */
    double duration_ms; /* >= 0; 0 is an instant */
    double volume_ml;   /* >= 0 */
    double pulses;      /* motor pulses, >= 0; a fraction where a segment ends inside a pulse */
} segment_t;

/* Part `part` (0..parts-1) of *s cut into `parts` >= 1 equal parts. */
segment_t segment_part(const segment_t *s, int part, int parts);

#endif
