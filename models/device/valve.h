/* SPDX-License-Identifier: Apache-2.0 */
/* The valves of a valve-gated pump: an inlet and an outlet valve, a metered chamber between, a reservoir under pressure.
 *
 * One cycle lets the chamber fill, then empty into the catheter; what a commanding core calls a pulse is a cycle. The chamber's
 * diaphragm moves between stops, so a cycle gives the unit's own volume whatever the drive pressure, as long as that suffices
 * to fill it:
 *     volume = chamber * share * clamp(drive / full_kpa, 0, 1)
 * Trains of cycles are counted as those of a motor are: cycle i owns its period, its volume is spread evenly over it.
 *
 * In a magnetic field above open_tesla both valves stand open and the reservoir discharges through them (Prometra II
 * manual, p. 8). A pump of generation 2 has a third valve, which flow shuts: at most passes_ul go through, and then nothing
 * at all, in the field and after it, until somebody resets it by hand (p. 14). The core can see none of this.
 *
 * Thread rule: one valve_t belongs to one thread at a time. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_VALVE_H
#define MODELS_DEVICE_VALVE_H

#include <stdbool.h>
#include <stdint.h>

#include "device/environment.h"
#include "device/motor.h"
#include "device/parameters.h"
#include "device/restrictor.h"
#include "draw.h"
#include "error.h"

typedef struct valve_t {
    valve_param_t param;
    restrictor_t open; /* the way through both valves */
    double chamber_ml; /* of this unit, filled whole */
    int64_t before;    /* cycles of all trains before the present one */
    int64_t start_ms;  /* of the present or last train */
    int64_t count;     /* its cycles */
    int64_t end_ms;    /* when all of them are done */
    double period_ms;  /* > 0 once a train has begun */
    double passed_ml;  /* through the valve that flow activates, in this field */
    bool shut;         /* that valve: nothing flows until a reset */
} valve_t;

/* Replaces share by this unit's. Takes one uniform of *d. */
void valve_param_draw(valve_param_t *p, draw_t *d);

/* At rest. stated_kpa > 0: drive pressure of a pump at rest. Errors: ERROR_ARGUMENT, generation is not 1 or 2. */
int valve_init(valve_t *v, const valve_param_t *p, double stated_kpa, error_t *e)
    __attribute__((warn_unused_result));

/* ---- cycles; as of motor.h ---- */

int valve_train_start(valve_t *v, int64_t start_ms, int64_t count, double period_ms, error_t *e)
    __attribute__((warn_unused_result));
void valve_train_stop(valve_t *v, int64_t stop_ms);
bool valve_running(const valve_t *v, int64_t t_ms);
motor_position_t valve_position_at(const valve_t *v, int64_t t_ms);
int64_t valve_train_begun(const valve_t *v, int64_t t_ms);
int64_t valve_cycles_begun(const valve_t *v, int64_t t_ms);

/* ---- flow ---- */

/* Volume of the cycles between two positions at a drive pressure, mL; 0 where the third valve is shut. */
double valve_volume_ml(const valve_t *v, motor_position_t from, motor_position_t to,
                       double drive_kpa);

/* Whether a field of these surroundings holds both valves open. */
bool valve_is_open(const valve_t *v, const environment_t *around);

/* Volume that passes open valves in duration_ms, mL, and how long it took, at most duration_ms: a third valve shuts in
 * that time. Any division of the time gives the same. */
double valve_discharge_ml(valve_t *v, double duration_ms, double drive_kpa, double temperature_c,
                          double *took_ms);

/* The surroundings are others from here on: leaving a field before the third valve has shut opens its account again. */
void valve_surround(valve_t *v, const environment_t *around);

/* The third valve is reset by hand. */
void valve_reset(valve_t *v);

/* ERROR_INVARIANT. */
int valve_verify(const valve_t *v, error_t *e) __attribute__((warn_unused_result));

#endif
