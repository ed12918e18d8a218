/* SPDX-License-Identifier: Apache-2.0 */
/* The battery: a primary lithium cell that counts what it gave, its film, and its voltage under each load.
 *
 * Charge is counted in events, not in coulombs, so that it is exact however the time is cut: milliseconds
 * slept, wakes, motor pulses, tones, frames, and nanoampere-milliseconds of a leak. The open-circuit voltage
 * is two straight lines over the depth of discharge: the plateau, then the knee; a cell past its capacity
 * gives nothing. Under a load of I amperes the terminals show open - (I + leak) (resistance + film).
 *
 * The film grows as film_ohm (t / 6 years)^film_exponent with the time t since the cell was made, by whole
 * days; a cell is as old as the time that was drained. battery_param_draw decides whether a cell has the
 * hidden fault, and how fast its film grows: never when it fails. Temperature has no effect here: the pump
 * is at body temperature, and no source gives a figure for the range around it.
 *
 * Faults that can be imposed: a film of more ohms, from now on (battery_set_film_ohm); a leak, as of a short
 * inside the pump, in microamperes (battery_set_leak_ua).
 *
 * Thread rule: one battery belongs to one thread at a time. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_BATTERY_H
#define MODELS_DEVICE_BATTERY_H

#include <stdbool.h>
#include <stdint.h>

#include "device/parameters.h"
#include "draw.h"
#include "error.h"

#define BATTERY_LEAK_MAX_UA 1.0e5

/* What the pump asks of its cell. Each is the whole current of that moment, the leak apart. */
typedef enum battery_load_t {
    BATTERY_ASLEEP,
    BATTERY_AWAKE, /* the processor runs */
    BATTERY_PULSE, /* the motor's coil is on */
    BATTERY_TONE,
    BATTERY_FRAME, /* telemetry */
    BATTERY_LOADS
} battery_load_t;

typedef struct battery_t {
    battery_param_t param;
    int64_t slept_ms; /* time drained, which is the cell's age */
    int64_t wakes;
    int64_t pulses;
    int64_t tones;
    int64_t frames;
    int64_t leak_na;      /* at present */
    int64_t leaked_na_ms; /* so far */
    double lost_uc;       /* so far, by a short in the drive */
    bool disconnected;
    double film_ohm;     /* grown, as of the last whole day */
    double imposed_ohm;  /* beside it */
    int64_t film_due_ms; /* age at which film_ohm is next computed */
} battery_t;

/* This cell and its unit in place of the kind's: capacity and sleep_current log-normal about the row; with
 * probability film_fault_share the film of the fault, else that of a sound cell, log-normal too, into film_ohm.
 * Takes four uniforms of *d. */
void battery_param_draw(battery_param_t *p, draw_t *d);

/* Open-circuit voltage of the cell that *p describes at a depth >= 0 of discharge, V; 0 beyond 1. */
double battery_curve_v(const battery_param_t *p, double depth);

/* Current of a load, mA. */
double battery_load_ma(const battery_param_t *p, battery_load_t load);

/* A new cell. Errors: ERROR_ARGUMENT, the open-circuit voltage does not fall from new over the knee to spent. */
int battery_init(battery_t *b, const battery_param_t *p, error_t *e)
    __attribute__((warn_unused_result));

/* Takes the charge of interval_ms asleep, leak included, `wakes` wakes and `pulses` motor pulses, all >= 0. True when another whole
 * day of its age is over, battery_into_day_ms ago: the moment as of which battery_set_lost_uc is told. */
bool battery_drain(battery_t *b, int64_t interval_ms, int64_t wakes, int64_t pulses);

/* Takes the charge of one tone; of one frame. */
void battery_drain_tone(battery_t *b);
void battery_drain_frame(battery_t *b);

/* A leak beside every load from now on, 0..BATTERY_LEAK_MAX_UA, to the nA; charged by battery_drain. */
void battery_set_leak_ua(battery_t *b, double leak_ua);

/* A film of `ohm` >= 0 beside the one that grows, from now on; 0 takes it away. */
void battery_set_film_ohm(battery_t *b, double ohm);

int64_t battery_into_day_ms(const battery_t *b);

/* What a short in the drive had lost by the end of the latest whole day beside its pulses, uC in all, >= 0: told, not
 * drained. */
void battery_set_lost_uc(battery_t *b, double lost_uc);

/* The pump is dead: from now on the cell gives nothing, and is no older. */
void battery_disconnect(battery_t *b);

/* Charge given so far, mA h. */
double battery_used_mah(const battery_t *b);

/* Charge given over capacity: 0 new, 1 spent, above 1 overdrawn. */
double battery_depth(const battery_t *b);

/* Resistance of the film, ohm. */
double battery_film_resistance(const battery_t *b);

/* Open-circuit voltage; at the terminals under a load. V, never negative. */
double battery_open_v(const battery_t *b);
double battery_load_v(const battery_t *b, battery_load_t load);

/* The same asleep; with the motor's coil on. */
double battery_idle_v(const battery_t *b);
double battery_loaded_v(const battery_t *b);

/* Whether battery_load_v is at least `volts`, most often told without reckoning it. */
bool battery_gives(const battery_t *b, battery_load_t load, double volts);

/* Whether the processor survives the load: its voltage is not below brown_out_v. */
bool battery_carries(const battery_t *b, battery_load_t load);

/* ERROR_INVARIANT unless counts, film and leak are >= 0 and no voltage exceeds the new cell's, nor one under load the
 * open one. */
int battery_verify(const battery_t *b, error_t *e) __attribute__((warn_unused_result));

#endif
