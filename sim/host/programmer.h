/* SPDX-License-Identifier: Apache-2.0 */
/* The clinician programmer: orders in clinical units in, telemetry sessions out.
 *
 * Clinical units become the core's integers in host/image.h. Each function opens a session, does its work and
 * closes it. A refusal by the core is ERROR_CORE_REFUSED and names the reason in words; a reply that is absent,
 * forged or malformed is ERROR_CORE_REFUSED too, and says so; a link's own error is passed on.
 *
 * Thread rule: a programmer belongs to one thread at a time.
 */
#ifndef HOST_PROGRAMMER_H
#define HOST_PROGRAMMER_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "host/seal.h"

#define PROGRAMMER_DRUGS_MAX 6
#define PROGRAMMER_NAME_SIZE 32

/* The air between: sends one frame and waits for the reply. `reply` has room for DOSING_FRAME_BYTES_MAX bytes;
 * *reply_length is 0 where the device stays silent, which is a success of the link. */
typedef struct programmer_link_t {
    void *context;
    int (*exchange)(void *context, const uint8_t *frame, uint32_t length, uint8_t *reply,
                    uint32_t *reply_length, error_t *e);
} programmer_link_t;

typedef struct programmer_t {
    uint32_t device_id;
    uint8_t role; /* DOSING_ROLE_* */
    seal_key_t key;
    programmer_link_t link; /* its context is borrowed */
    uint64_t counter;       /* last counter used; taken up from the device where it is behind */
    uint64_t nonces;        /* drawn so far; two programmers of one device begin far apart */
    uint32_t session;       /* 0 when none */
} programmer_t;

typedef enum programmer_mode_t {
    PROGRAMMER_STOPPED = 0,
    PROGRAMMER_SIMPLE = 1, /* one constant rate */
    PROGRAMMER_FLEX = 2,   /* steps through the day, by day of the week */
    PROGRAMMER_MINIMUM = 3 /* the pump's slowest rate */
} programmer_mode_t;

#define PROGRAMMER_STEPS_MAX 48
#define PROGRAMMER_TIMED_MAX 16
#define PROGRAMMER_EVERY_DAY 0x7Fu /* days of the week: bit 0 is Monday */

/* Flex: the basal dose from this minute of the local day on. On each day the minutes rise, the first is 0. */
typedef struct programmer_step_t {
    uint32_t days;
    uint32_t minute; /* 0..1439 */
    double dose_ug_per_day;
} programmer_step_t;

/* A bolus that begins by itself at this minute of the local day. */
typedef struct programmer_timed_t {
    uint32_t days;
    uint32_t minute;
    double dose_ug;
    double minutes; /* that it lasts, at most 60 */
} programmer_timed_t;

/* What the patient may ask for. dose_ug 0: nothing, and the rest is not looked at. */
typedef struct programmer_patient_t {
    double dose_ug;
    double minutes;          /* that a bolus lasts, at most 60, not above the lockout */
    double lockout_minutes;  /* from one start to the next, 1..1440 */
    double interval_minutes; /* lockout..1440 */
    uint32_t per_interval;   /* 1..32 begin in any interval */
    uint32_t per_day;        /* 1..32 begin in any 24 h */
} programmer_patient_t;

typedef struct programmer_drug_t {
    char name[PROGRAMMER_NAME_SIZE]; /* for messages; the device knows drugs by their place */
    uint32_t code;                   /* which drug, the clinic's own; another code is a change */
    double concentration_ug_per_ml;  /* 0.001..100 000 */
    double limit_ug_per_day;         /* most in any 24 h; 0: none */
} programmer_drug_t;

typedef struct programmer_therapy_t {
    programmer_mode_t mode;
    double dose_ug_per_day; /* of drug[0], the primary; simple only */
    uint32_t drug_count;    /* 1..PROGRAMMER_DRUGS_MAX */
    programmer_drug_t drug[PROGRAMMER_DRUGS_MAX];
    uint32_t step_count; /* flex only: 1..PROGRAMMER_STEPS_MAX */
    programmer_step_t step[PROGRAMMER_STEPS_MAX];
    uint32_t timed_count; /* simple and flex: 0..PROGRAMMER_TIMED_MAX */
    programmer_timed_t timed[PROGRAMMER_TIMED_MAX];
    programmer_patient_t patient;
    double low_alarm_ml;            /* 2 is usual */
    double empty_alarm_ml;          /* dosing stops there; below low_alarm_ml */
    double rate_limit_ml_per_day;   /* clinician's; 0: the factory's */
    double volume_limit_ml_per_day; /* in any 24 h; 0: the factory's */
    uint32_t critical_tone_minutes; /* between tones of an alarm not seen; 0: 60 */
    uint32_t advisory_tone_minutes; /* 0: 1440 */
    bool change;      /* drugs or concentrations are others than the pump was told last */
    double bridge_ml; /* with change: earlier fluid still in tubing and catheter, 0..5 */
} programmer_therapy_t;

/* What the pump will really give, by the integers it runs on. */
typedef struct programmer_achieved_t {
    double dose_ug_per_day[PROGRAMMER_DRUGS_MAX];
    double rate_ml_per_day;
    double pulses_per_day;
    double pulse_ul; /* the pump's calibration constant */
} programmer_achieved_t;

/* The core's own account; see DOSING_REPORT_* in dosing_frame.h. */
typedef struct programmer_report_t {
    programmer_mode_t mode;
    uint32_t drug_count;
    uint32_t delivery; /* DOSING_DELIVERY_* */
    int bolus_running;
    uint32_t alarms; /* DOSING_ALARM_* that hold now */
    uint32_t unseen; /* raised since last cleared */
    uint32_t commits;
    uint64_t clock_ms; /* the pump's own clock */
    uint64_t pulses_commanded;
    uint64_t pulses_confirmed;
    double reservoir_ml;
    double pulse_ul;
    double dose_ug_per_day;
    double given_ml;
    double given_ug[PROGRAMMER_DRUGS_MAX];
    double concentration_ug_per_ml[PROGRAMMER_DRUGS_MAX];
    double low_alarm_ml;
    double empty_alarm_ml;
    uint32_t frames_refused;
    uint32_t lost_ms;
    uint32_t guard_refusals;
    uint32_t steps_missed; /* pulses begun whose step the coil did not show */
    uint32_t stalls;
    uint64_t stall_ms; /* first step missed in the latest stall, pump's own clock; 0: none */
    uint32_t reset_cause;
    int64_t local_ms;         /* since Monday 00:00 by the pump's hands; -1: it does not know */
    double bridge_ml;         /* earlier fluid still in the path */
    uint32_t patient_given;   /* in the latest 24 h */
    uint32_t patient_refused; /* since the latest refill */
    double lockout_minutes;   /* until the patient may ask again */
    uint32_t revision;        /* of the latest prime; 0: none yet */
} programmer_report_t;

/* The core's account of its hardware; see DOSING_DEVICE_* in dosing_frame.h. */
typedef struct programmer_device_t {
    double idle_v, loaded_v; /* filtered; 0: not read yet */
    double charge_mah;       /* used, by the core's own count */
    uint32_t days_left;      /* until end of service, at the latest */
    uint32_t age_days;
    uint32_t resets;
    uint32_t steps_missed;
    uint32_t clock_ppm;
    double temperature_c; /* NAN: not measured */
    uint32_t selftest;    /* DOSING_SELFTEST_* that failed */
    uint32_t store_sequence;
    uint32_t store_failures;
    uint64_t uncertain_ms; /* time that resets have left unknown, at most */
    uint32_t next_event;   /* numbers that the next records of the two logs will have */
    uint32_t next_fault;
} programmer_device_t;

/* A clinician programmer paired with one device. `key` is copied; link->context is borrowed for p's life. */
void programmer_init(programmer_t *p, uint32_t device_id, const seal_key_t *key,
                     const programmer_link_t *link);

/* Stage, read back, compare, commit. `achieved` may be NULL. ERROR_ARGUMENT: a value that no integer of the wire can
 * hold; ERROR_CORE_REFUSED: the pump keeps the programme it had. A running bolus ends at the commit. */
int programmer_set_therapy(programmer_t *p, const programmer_therapy_t *therapy,
                           programmer_achieved_t *achieved, error_t *e)
    __attribute__((warn_unused_result));

/* Bytes of an image that are others. */
typedef struct programmer_patch_t {
    uint32_t at, length;
    const uint8_t *bytes; /* borrowed */
} programmer_patch_t;

/* The same by a programmer gone wrong: it stages, reads back and commits the therapy's image with these bytes in it, as far as the
 * image reaches. */
int programmer_set_altered(programmer_t *p, const programmer_therapy_t *therapy,
                           const programmer_patch_t *patch, error_t *e)
    __attribute__((warn_unused_result));

/* Tells the pump how much is in its reservoir now: the volume it can use, above the residual. */
int programmer_refill(programmer_t *p, double volume_ml, error_t *e)
    __attribute__((warn_unused_result));

/* A single bolus of the primary drug on top of the basal rate, evenly over `minutes` (1/60 to 1440). */
int programmer_bolus(programmer_t *p, double dose_ug, double minutes, error_t *e)
    __attribute__((warn_unused_result));

/* Sets the pump's hands: ms since Monday 00:00, below a week. */
int programmer_set_time(programmer_t *p, uint32_t week_ms, error_t *e)
    __attribute__((warn_unused_result));

/* Primes tubing and catheter with the volumes that hold no drug yet, at the pump's fastest rate. Each `revision` of the system,
 * numbered upwards from 1, is primed once. */
int programmer_prime(programmer_t *p, double tubing_ml, double catheter_ml, uint32_t revision,
                     error_t *e) __attribute__((warn_unused_result));

/* Pairs a patient controller by nonce[SEAL_PAIR_BYTES], which no pairing of this pump had before: *key is the controller's, and the
 * one before is heard no more. The same nonce again gives the same key: a pairing whose reply was lost is tried again with it.
 * ERROR_CORE_REFUSED: the pump did not pair, or its reply was lost; *key is filled all the same. */
int programmer_pair(programmer_t *p, const uint8_t *nonce, seal_key_t *key, error_t *e)
    __attribute__((warn_unused_result));

/* Stops basal and bolus until the next programmer_set_therapy. */
int programmer_stop(programmer_t *p, error_t *e) __attribute__((warn_unused_result));

/* Asks for a bolus of the programme, as the patient does; the patient's role is not needed for it. */
int programmer_request(programmer_t *p, error_t *e) __attribute__((warn_unused_result));

int programmer_interrogate(programmer_t *p, programmer_report_t *report, error_t *e)
    __attribute__((warn_unused_result));

int programmer_device(programmer_t *p, programmer_device_t *device, error_t *e)
    __attribute__((warn_unused_result));

/* What the pump gives by its own account. */
void programmer_achieve(programmer_achieved_t *a, const programmer_report_t *r);

/* Acknowledges alarm bits; some end by it, see the core's dosing_fault.c, the others when their cause does. */
int programmer_clear_alarms(programmer_t *p, uint32_t alarms, error_t *e)
    __attribute__((warn_unused_result));

/* Interrogates inside a session that is open already (session.h). */
int programmer_ask_report(programmer_t *p, programmer_report_t *report, error_t *e)
    __attribute__((warn_unused_result));

/* A dosing_status_t in words; never NULL. */
const char *programmer_status_text(uint32_t status);

#endif
