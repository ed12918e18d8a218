/* SPDX-License-Identifier: Apache-2.0 */
/* The way from the pump's reservoir to the canal: the pump's tubing, the access port and the catheter.
 *
 * Three columns of fluid in series (column.h), each entered through a stirred chamber:
 *     tubing    from the reservoir; its chamber is what stirs at its beginning        (the pump's)
 *     proximal  from the access port, whose chamber is the pump's, to the connector   (the patient's)
 *     distal    from the connector to the tip                                         (the patient's)
 * Sound, they hold V = tubing + (length - trimmed) * volume per length, chambers included, and what enters
 * leaves at the tip, spread by the chambers and by dispersion. Behind the tubing and at the border between
 * the other two there may be a hole, through which a share of the flow is lost to a place of the body; the
 * border moves to where the hole is. catheter_fault.h makes holes and obstructions, catheter_repair.h mends.
 *
 * Obstructions: Poiseuille's resistance 8 pi mu L / A^2. The pump displaces; so long as nothing leaks, flow
 * and the pressure it needs follow from each other, and catheter_admit_ml says what a head that gives way at
 * a limit gets through. Assumption: tubing and catheter do not stretch.
 *
 * Dispersion uses the mean flow of the segment, of its pulses' nominal volume where pulse_ml is set, so that
 * a train and its pulses, each lasting one pulse period, give the same within 1e-12 in spite of the ripple.
 * Between segments fluid rests and diffuses.
 *
 * Thread rule: one catheter belongs to one thread at a time. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_CATHETER_H
#define MODELS_DEVICE_CATHETER_H

#include "device/catheter_shape.h"
#include "device/column.h"
#include "device/outlet.h"
#include "device/parameters.h"
#include "device/segment.h"
#include "error.h"

typedef enum catheter_part_t {
    CATHETER_TUBING,
    CATHETER_PROXIMAL,
    CATHETER_DISTAL,
    CATHETER_PARTS
} catheter_part_t;

typedef enum catheter_hole_at_t {
    CATHETER_HOLE_PUMP,   /* between tubing and catheter */
    CATHETER_HOLE_BORDER, /* between proximal and distal */
    CATHETER_HOLES
} catheter_hole_at_t;

typedef struct catheter_hole_t {
    double share; /* of the flow that a sound catheter would lose here, 0..1; 0: no hole */
    catheter_place_t place;
    bool csf; /* CSF comes out here too, from downstream */
} catheter_hole_t;

/* What is wrong with it; catheter_fault.h sets it. All zero but for tip_place and open: sound. */
typedef struct catheter_fault_t {
    catheter_hole_t hole[CATHETER_HOLES];
    double narrowed_ms, narrowing,
        narrowing_per_year;                    /* share of the radius lost, at a time; growth */
    double closed_lying, closed_upright;       /* share of the time that a kink closes it */
    double upright;                            /* share of the time upright, 0..1 */
    double mass_ms, mass_mm, mass_mm_per_year; /* around the tip: diameter at a time; growth */
    catheter_place_t tip_place;                /* CATHETER_CANAL: where it should be */
    double tip_moved_cm;                       /* in the canal, upwards positive */
    /* What these come to now. */
    double open;           /* share of the time that it is not kinked shut */
    double kpa_day_per_ml; /* resistance; INFINITY: closed */
    double mass_now_mm;
    double taken_up; /* share of the drug at the tip that the mass takes up, 0..1 */
} catheter_fault_t;

/* What follows from the flow, kept until that changes: most trains are like the one before. */
typedef struct catheter_way_t {
    double ml_per_s;                                      /* -1: to be reckoned */
    double passed[CATHETER_PARTS];                        /* share that goes on behind each part */
    double dispersion[CATHETER_PARTS][SEGMENT_DRUGS_MAX]; /* mL^2 for each mL */
} catheter_way_t;

typedef struct catheter_t {
    double volume_ml; /* of all three parts, > 0 */
    int drugs;        /* 1..SEGMENT_DRUGS_MAX */
    double pulse_ml;  /* nominal volume of the pump's pulse; 0: not told */
    double end_ms;    /* of the latest segment; NAN before the first */
    double border_cm; /* where the proximal part ends, from the pump */
    catheter_param_t param;
    double cm2_per_s[SEGMENT_DRUGS_MAX];
    catheter_fault_t fault; /* whoever changes it sets way.ml_per_s to -1 */
    catheter_way_t way;
    column_t column[CATHETER_PARTS];
} catheter_t;

/* Where the fluid of one push went. */
typedef struct catheter_out_t {
    double tip_ug[SEGMENT_DRUGS_MAX]; /* into CSF at the tip */
    double lost_ug[CATHETER_PLACES]
                  [SEGMENT_DRUGS_MAX]; /* what a mass takes up counts as epidural */
    double tip_ml, lost_ml[CATHETER_PLACES];
    double back_pressure_kpa; /* at the pump, above the pressure at the tip: the segment's mean */
    bool csf_leak;            /* CSF runs out through the open end of a catheter */
} catheter_out_t;

/* A sound one, filled with ug_per_ml[drugs]. Errors: ERROR_ARGUMENT, `drugs` outside 1..SEGMENT_DRUGS_MAX,
 * more trimmed than there is, or a concentration negative or not finite. */
int catheter_init(catheter_t *c, const catheter_param_t *p, int drugs, const double ug_per_ml[],
                  error_t *e) __attribute__((warn_unused_result));

/* Names the nominal volume of the pump's pulse, >= 0; each drug's diffusivity, > 0, cm^2/s. */
void catheter_set_pulse(catheter_t *c, double pulse_ml);
void catheter_set_diffusivity(catheter_t *c, const double cm2_per_s[]);

/* What a pump pumps into, now: a hole relieves, then it is free. */
outlet_t catheter_outlet(const catheter_t *c);

/* What a head that gives way at limit_kpa above the pressure at the tip gets into the catheter of
 * s->volume_ml, mL; *back_pressure_kpa: the greatest in the segment. A hole relieves: then all goes in. */
double catheter_admit_ml(const catheter_t *c, const segment_t *s, double limit_kpa,
                         double *back_pressure_kpa);

/* Whether there is no hole; the share of a flow, either way, that goes past the hole along the catheter. Sound,
 * hole and catheter share a flow as its (share) to (1 - share); what obstructs the catheter turns more to the
 * hole. */
bool catheter_is_tight(const catheter_t *c);
double catheter_passed(const catheter_t *c, catheter_hole_at_t at);

/* Pushes s->volume_ml >= 0 of fluid of ug_per_ml[drugs] >= 0 in upstream: any volume, several times the
 * column's too, and whatever obstructs it: what the head gets in is catheter_admit_ml's. *out receives where as much fluid went. */
void catheter_push(catheter_t *c, const segment_t *s, const double ug_per_ml[],
                   catheter_out_t *out);

/* The same from the access port on, the tubing left as it is. What a hole at the pump's connector loses is
 * the fluid pushed: the port's chamber counts as downstream of it. */
void catheter_push_port(catheter_t *c, const segment_t *s, const double ug_per_ml[],
                        catheter_out_t *out);

/* Mass of drug `drug` (0..drugs-1), ug: in all, and in one part (the port's chamber counts as proximal). */
double catheter_mass_ug(const catheter_t *c, int drug);
double catheter_part_mass_ug(const catheter_t *c, catheter_part_t part, int drug);

/* Volume from the access port, chamber included, to the tip, mL. */
double catheter_port_ml(const catheter_t *c);

/* Concentration of drug `drug` in the fluid next to leave at the tip, ug/mL. */
double catheter_tip_ug_per_ml(const catheter_t *c, int drug);

/* The fluid from the access port to the tip, and its replacement by piece[count] of at least as much,
 * upstream first; for what handles it from outside. At most CATHETER_PIECES_MAX. */
#define CATHETER_PIECES_MAX (2 * COLUMN_PIECES_MAX)
int catheter_pieces(const catheter_t *c, fluid_piece_t piece[]);
void catheter_load(catheter_t *c, const fluid_piece_t piece[], int count);

/* Moves the border of proximal and distal part to from_pump_cm, inside the catheter; the fluid stays. */
void catheter_cut(catheter_t *c, double from_pump_cm);

/* Gives the tubing, and the chamber of the port, new fluid in a tubing of tubing_ml >= 0: another pump, whose pulse
 * catheter_set_pulse tells.
 * removed_ug[drugs] receives what the old ones held. */
void catheter_new_pump(catheter_t *c, double tubing_ml, const double ug_per_ml[],
                       double removed_ug[]);

/* ERROR_INVARIANT unless the parts make up the volume (1e-12), every concentration is finite and >= 0, and
 * the faults are in their ranges. */
int catheter_verify(const catheter_t *c, error_t *e) __attribute__((warn_unused_result));

#endif
