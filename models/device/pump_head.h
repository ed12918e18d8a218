/* SPDX-License-Identifier: Apache-2.0 */
/* The peristaltic pump head: the volume that the rotor's turn from one position to another displaces.
 *
 * Over one roller pass of n pulses the flow per turn is q (1 + error) (1 + A cos(2 pi x / n)), x in pulses
 * from the beginning of the pass; its integral from 0 is x + A n / (2 pi) sin(2 pi x / n), so whole passes
 * give exactly n q (1 + error). Between pulse ends the volume is linear in the position. One pulse gives
 * at least q (1 + error) (1 - A) > 0. Amplitude and error: assumptions of pump_head.def.
 *
 * What ages or surrounds the tube enters as a factor that holds from one call of pump_head_train to the next, so that
 * volumes between these telescope:
 *     (1 + drift age) (1 - load_effect (load - reference)) (1 + warm_effect (T - 37)) (1 + over)
 * never below 0; it is 1 until the first call. `over` is over-infusion: a tube suffers damage by turns, the more the
 * drug permeates it, by overfilling, running dry, pumping against an occlusion, and by rest under its rollers for more
 * than set_after hours. Once the damage D exceeds the unit's strength S it gives too much: pace (D / S - 1), at
 * most over_max; so it rises with use, and at once where damage is done at once: a rest of days, an overfilling, dryness. Forms: assumptions; risk factors and
 * onset: TGA RC-2014-RN-00357-1 and hazard alert update 2016. No onset is drawn.
 *
 * Thread rule: one head belongs to one thread at a time. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_PUMP_HEAD_H
#define MODELS_DEVICE_PUMP_HEAD_H

#include "device/environment.h"
#include "device/motor.h"
#include "device/parameters.h"
#include "device/segment.h"
#include "draw.h"
#include "error.h"

/* Passes of fewer pulses have their ripple in a table: a sine costs more than the rest of a train. */
#define PUMP_HEAD_TABLE 128

/* What harms a tube beside its use. */
typedef enum pump_head_harm_t {
    PUMP_HEAD_OVERFILL, /* mL filled beyond the capacity */
    PUMP_HEAD_DRY,      /* revolutions run dry */
    PUMP_HEAD_BLOCKED,  /* revolutions against an occluded catheter */
    PUMP_HEAD_HARMS
} pump_head_harm_t;

typedef struct pump_head_t {
    double pulse_ml;         /* mean volume of a pulse of this unit when new, its error included */
    double now_ml;           /* the same in the present train */
    double ripple;           /* amplitude A, 0 <= A < 1 */
    int64_t pulses_per_pass; /* pulses in one roller pass, >= 1 */
    pump_head_param_t param;
    int64_t made_ms;
    double load_kpa, temperature_c;
    double damage;          /* done by since_step; grows */
    double damage_per_step; /* since then */
    int64_t since_step;
    double rest_from_ms;             /* when it last turned before the present rest */
    double rest_damage;              /* what this rest has done */
    double rippled[PUMP_HEAD_TABLE]; /* what the ripple has added by pulse k of a pass, in pulses */
} pump_head_t;

/* Replaces central values by this unit's: drift, strength, pace, step. Its volume error is drawn in unit.h. Takes five
 * uniforms of *d. */
void pump_head_param_draw(pump_head_param_t *p, draw_t *d);

/* Errors: ERROR_ARGUMENT, the rollers are no whole number, or the pulses of a revolution no multiple of them. */
int pump_head_init(pump_head_t *h, const pump_head_param_t *p, error_t *e)
    __attribute__((warn_unused_result));

/* Ages from made_ms on; 0 unless told otherwise. */
void pump_head_made(pump_head_t *h, int64_t made_ms);

/* What surrounds it, and the pressure that it pumps against, outlet less inlet. From the next train on. */
void pump_head_surround(pump_head_t *h, const environment_t *around, double load_kpa);

/* Permeation index of what the tube holds from position `at` on, >= 0; 1 unless told otherwise. */
void pump_head_set_index(pump_head_t *h, motor_position_t at, double index);

/* Harms the tube: `amount` >= 0 in the unit of the harm. From the next train on. */
void pump_head_harm(pump_head_t *h, pump_head_harm_t harm, double amount);

/* Imposes damage as a multiple of the unit's strength: 1 is the onset, more is beyond; none where more was done. */
void pump_head_impose(pump_head_t *h, motor_position_t at, double share_of_strength);

/* A train begins at t_ms with the rotor at `at`; it last turned at turned_ms (motor_turned_ms; -HUGE_VAL: never). */
void pump_head_train(pump_head_t *h, int64_t t_ms, motor_position_t at, double turned_ms);

/* Damage done by position `at`; what is given too much at that damage, a fraction. Never decrease. */
double pump_head_damage(const pump_head_t *h, motor_position_t at);
double pump_head_over(const pump_head_t *h, motor_position_t at);

/* Volume displaced between two positions, mL, `to` not before `from`, both of the present train. Telescopes within 1e-12
 * relative. */
double pump_head_volume_ml(const pump_head_t *h, motor_position_t from, motor_position_t to);

/* The flow segment of a turn from `from` to `to` which took duration_ms from start_ms. */
segment_t pump_head_segment(const pump_head_t *h, motor_position_t from, motor_position_t to,
                            double start_ms, double duration_ms);

/* ERROR_INVARIANT unless the pulse volume is positive, now not negative, damage grows and the ripple cannot make the flow
 * negative. */
int pump_head_verify(const pump_head_t *h, error_t *e) __attribute__((warn_unused_result));

#endif
