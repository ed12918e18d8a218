/* SPDX-License-Identifier: Apache-2.0 */
/* The implant: a pump with the dosing core at its motor, or a constant-flow pump without one.
 *
 * The implant is a port of the core like any other: the core reaches the models only through the HAL, on
 * the pump's own clock. Time is driven from outside: `implant_advance` lets the hardware run to a time,
 * handing each flow that left the pump's outlet to the sink; `implant_wake` lets the core act at that time. Between wakes no train begins, so the caller advances at most to the next wake.
 *
 * The catheter is not part of it: a pump is put on a catheter, and another one on the same later.
 *
 * Ownership: implant_init copies the parameters and borrows the core and the contexts; an implant_t must
 * not be moved after init (the core holds its address). implant_free is legal after a failed init.
 * Thread rule: an implant belongs to one thread at a time; different implants are independent.
 */
#ifndef HOST_IMPLANT_H
#define HOST_IMPLANT_H

#include "device/needle.h"
#include "device/pump.h"
#include "error.h"
#include "host/core.h"
#include "host/implant_clock.h"
#include "host/implant_reset.h"
#include "host/implant_trouble.h"
#include "host/recorder.h"
#include "host/seal.h"
#include "host/watch.h"

#include <stdbool.h>
#include <stdint.h>

#define IMPLANT_NEVER_MS INT64_MAX
#define IMPLANT_ROLES 3 /* clinician, patient, emergency */

/* Its non-volatile store. Assumption: flash of an ultra-low-power microcontroller, 64 KiB set aside of it. */
#define IMPLANT_STORE_SECTORS 8u
#define IMPLANT_STORE_SECTOR_BYTES 8192u
#define IMPLANT_STORE_WRITE_BYTES 8u
#define IMPLANT_STORE_ERASED 0xFFu
#define IMPLANT_STORE_BYTES (IMPLANT_STORE_SECTORS * IMPLANT_STORE_SECTOR_BYTES)

/* Where things go as they happen. Each may be NULL. */
typedef struct implant_sinks_t {
    void *context; /* borrowed; handed to every function below */
    /* As of pump_sink_t. */
    int (*flow)(void *context, const pump_flow_t *flow, error_t *e);
    void (*pulse)(void *context, double time_ms, double volume_ml);
    void (*tone)(void *context, uint32_t tone);
    /* The core starts again, by a DOSING_RESET_*. */
    void (*reset)(void *context, uint32_t cause);
    recorder_sink_t call;
} implant_sinks_t;

typedef struct implant_param_t {
    pump_param_t pump; /* its core starts at pump.start_ms */
    battery_param_t
        cell;         /* of its kind, which the core counts by; capacity_mah 0: as pump.battery */
    double tubing_ml; /* the pump's own, as its factory block tells */
    double stated_flow_ml_per_day; /* of a constant-flow pump, as its maker tells */
    uint32_t serial;               /* 1..0xFFFFFFFE */
    uint64_t secret[4];            /* the pump's own randomness, from which its keys come */
    double rate_min_ml_per_day, rate_max_ml_per_day; /* factory limits */
    double volume_24h_max_ml;
    bool troubled; /* implant_trouble.h's functions will be called */
} implant_param_t;

/* Private but for what the comments name; read through the functions below. */
struct implant_t { /* implant_t: implant_reset.h */
    const core_t *core;
    dosing_state_t *state; /* owned; NULL for a constant-flow pump */
    uint8_t *store;        /* owned, IMPLANT_STORE_BYTES of it; NULL for a constant-flow pump */
    recorder_t recorder;
    implant_sinks_t sinks;
    pump_t pump;
    int64_t start_ms;      /* of the pump */
    double flow_ml_per_ms; /* of a constant-flow pump, as stated */
    watch_t watch;
    dosing_factory_t factory;
    seal_key_t key[IMPLANT_ROLES]; /* by role, from 1 */
    bool paired;                   /* the patient's key is set */
    uint64_t nonces;
    int64_t wake_ms;       /* when the core wants to act next, or is started again */
    implant_alarm_t alarm; /* that wakes it */
    implant_power_t power;
    implant_trouble_t trouble;
    struct {
        uint32_t count, period_ms; /* 0: not armed */
        int64_t until_ms;
    } arm;
    bool latched;         /* it stays in telemetry mode: its motor is off */
    uint32_t train_count; /* pulses of the latest train */
    int64_t commanded;    /* pulses of all trains before the latest */
    uint8_t *reply;       /* where transmit copies to, during an exchange */
    uint32_t reply_length;
    int64_t wakes;
    error_t failure; /* raised inside a HAL call; code 0: none */
};

/* Makes an implant at p->pump.start_ms and starts its core, which commands nothing yet. Errors: those of the models'
 * init, ERROR_MEMORY, ERROR_LIBRARY, ERROR_CORE_REFUSED (the core did not start). */
int implant_init(implant_t *im, const implant_param_t *p, const core_t *core,
                 const implant_sinks_t *sinks, error_t *e) __attribute__((warn_unused_result));
void implant_free(implant_t *im);

/* Puts another core into a pump that has one: it starts on zeros, by a software reset, with the store that the one before it left. ERROR_MEMORY;
 * errors of implant_reset. A core that does not start is no error: it commands nothing. */
int implant_upgrade(implant_t *im, const core_t *core, error_t *e)
    __attribute__((warn_unused_result));

/* When the core wants to be woken, or is started again after a brown-out, ms since enrolment; IMPLANT_NEVER_MS: not before the
 * next frame. */
int64_t implant_wake_ms(const implant_t *im);

/* Lets the hardware run to time_ms, not before now. Errors: ERROR_ARGUMENT, those of the flow's sink. */
int implant_advance(implant_t *im, int64_t time_ms, error_t *e) __attribute__((warn_unused_result));

/* What surrounds it is this from now on: warmth, pressures, a scanner's field. `binding`: as of pump_surround. */
void implant_surround(implant_t *im, const environment_t *around, draw_t *binding);

/* Lets the core act now, or starts it where the processor was down. ERROR_INVARIANT: a train beyond the limits of the pump (watch.h), or a train that
 * the motor could not have taken. A core that reports a fault of its own is not an error. */
int implant_wake(implant_t *im, error_t *e) __attribute__((warn_unused_result));

/* programmer_link_t's exchange, with the implant_t as context: one frame to the core now. Silence where the processor is down, or
 * the cell does not carry its radio. */
int implant_exchange(void *context, const uint8_t *frame, uint32_t length, uint8_t *reply,
                     uint32_t *reply_length, error_t *e);

/* The hardware stays in telemetry mode from now on, as interference can leave it: a train ends as by train_stop, and none starts
 * (DOSING_HAL_FAILED), until a frame comes or it is let go. */
void implant_latch(implant_t *im, bool latched);

/* The key of the clinician's role, as a paired programmer holds it. */
const seal_key_t *implant_key(const implant_t *im);

/* The key of the emergency role, as it stands in the pump's papers; see emergency.h. */
const seal_key_t *implant_emergency_key(const implant_t *im);

/* Whether a dosing core commands it, and its serial number. */
bool implant_programmable(const implant_t *im);
uint32_t implant_serial(const implant_t *im);

/* needle_withdraw and needle_inject on its reservoir. */
double implant_withdraw(implant_t *im, const needle_param_t *needle, double uniform,
                        double mass_ug[]);
int implant_inject(implant_t *im, const needle_param_t *needle, const needle_syringe_t *syringe,
                   needle_injection_t *out, error_t *e) __attribute__((warn_unused_result));

/* Pulses commanded, and confirmed by the coil's response, up to now. */
int64_t implant_pulses_commanded(const implant_t *im);
int64_t implant_pulses_confirmed(const implant_t *im);

/* Nominal volume of the commanded pulses (of a constant-flow pump: its stated flow times the time since start), and volume that really flowed, mL. */
double implant_commanded_ml(const implant_t *im);
double implant_delivered_ml(const implant_t *im);

/* Fluid above the residual, mL. */
double implant_usable_ml(const implant_t *im);

/* Verifies every model. ERROR_INVARIANT. */
int implant_verify(const implant_t *im, error_t *e) __attribute__((warn_unused_result));

#endif
