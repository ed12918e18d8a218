/* SPDX-License-Identifier: Apache-2.0 */
/* One patient put together: the drawn person, the pump with its core, the body, and what lies between.
 *
 * Everything that a trajectory changes lives here. Data flows one way: pump → catheter → feed → body → record.
 */
#ifndef SIM_COHORT_PATIENT_H
#define SIM_COHORT_PATIENT_H

#include "body/body.h"
#include "body/person.h"
#include "care/clinic.h"
#include "cohort/canal.h"
#include "cohort/exposure.h"
#include "cohort/feed.h"
#include "cohort/tally.h"
#include "cohort/trajectory.h"
#include "device/catheter.h"
#include "device/catheter_fate.h"
#include "device/unit.h"
#include "draw.h"
#include "host/implant.h"
#include "host/procedure.h"

#include <stdbool.h>
#include <stdint.h>

/* What precedes and follows all visits is named too; contacts with the clinic and scripted events have larger names. */
enum { PATIENT_VISIT_BEFORE = 0, PATIENT_VISIT_END = 1 };

/* Telemetry with another pump at the same visit has names of its own. */
#define PATIENT_VISIT_NEXT_PUMP (UINT64_C(1) << 38)

/* Mass of one drug outside pump, catheter and body, ug. */
typedef struct patient_account_t {
    double from_vials_ug;
    double withdrawn_ug;
    double injected_ug;  /* by lumbar puncture */
    double explanted_ug; /* in pumps taken out, on their surfaces too */
    double degraded_ug;  /* in pumps taken out, before */
    double
        left_tip_ug; /* what the catheter discharged: into the body, or counted alone without one */
    double lost_ug[CATHETER_PLACES]; /* the same of what it lost elsewhere */
} patient_account_t;

/* Tones of the pump, as the patient lives with them. An episode is a run of tones without two quiet days; in
 * each the patient phones once, or has been to the clinic meanwhile. */
typedef struct patient_alarm_t {
    int64_t latest_ms; /* of the latest tone */
    uint32_t heard;    /* tone that a call is due for; 0: none */
    bool told;         /* the clinic knows of this episode */
    bool unwell;       /* a call is due for the pump's pocket */
    bool missed;       /* the appointment that a call replaced was missed */
} patient_alarm_t;

/* What the pumps that were taken out had done. */
typedef struct patient_past_t {
    double commanded_ml, delivered_ml, charge_mah;
    int64_t pulses_commanded, pulses_confirmed, wakes;
    double believed_ug[SEGMENT_DRUGS_MAX]; /* given, by their cores; NaN where one did not answer */
} patient_past_t;

/* The course of a catheter: what it is used up by, and when that shows; see course.h. */
typedef struct course_t {
    int64_t catheters; /* that the patient has had, the present one included */
    int64_t put_ms;    /* when it was put in */
    catheter_fate_t fate;
    catheter_event_t next;
    int64_t next_ms; /* of that event; INT64_MAX: none comes, or none is asked for */
} course_t;

/* The patient's death; see death.h. */
typedef struct death_t {
    int64_t at_ms; /* INT64_MAX: never */
    int reason;    /* FIELDS_REASON_* */
} death_t;

typedef struct patient_t {
    const study_t *study; /* borrowed */
    const core_t *core;   /* borrowed */
    const core_t *next;   /* borrowed; what an upgrade puts in its place; NULL: none is to come */
    record_key_t key;
    record_t *record;
    bool trace;
    const trajectory_listener_t *listener; /* borrowed, or NULL */
    person_t person;
    death_t death;
    unit_t unit;   /* the pump unit; of the last one once that is out */
    int64_t pumps; /* that the patient has had, the present one included */
    patient_past_t past;
    sounder_param_t sounder; /* as the pump in place lies in this patient */
    clinic_t clinic;
    bool has_clinic;
    uint64_t visit;     /* names the contact at hand, for keyed draws */
    double screened_ug; /* last test bolus */
    patient_alarm_t alarm;
    exposures_t exposures;
    int64_t settled_ms; /* while any lasts: what came back into the reservoir has, up to here */
    struct {
        bool upside_down; /* the pump lies so that no needle finds its port */
        bool infected;
    } pocket;          /* of the pump in place */
    implant_t implant; /* zero, and never waking, before `implanted` */
    bool implanted;
    bool explanted;      /* for good: the trajectory ends */
    catheter_t catheter; /* zero before the first pump; stays when one is taken out */
    course_t course;     /* of that catheter */
    procedure_t procedure;
    feed_t feed;
    body_t body;
    bool has_body;
    struct {
        double tip_cm; /* from the sac's end */
        bool drains;   /* CSF, through an open end of the catheter or beside it */
        bool leaks;    /* beside it */
    } placed;          /* the catheter in the body */
    int lumbar_site;
    canal_t canal; /* sites of every level, where the study records them */
    int64_t now_ms;
    patient_account_t account[SEGMENT_DRUGS_MAX];
    double worst_ledger_error;
    int64_t ledger_checks;
    double tone_before_rated, tone_before_latent;
    tally_t tally;
    struct {
        double commanded_ml, delivered_ml; /* at the refill before, or the implant */
    } last_refill;
    struct {
        double delivered_ml, left_tip_ug; /* at the sample before */
    } last_sample;
} patient_t;

/* Draws the person and builds the body at time 0; where the study has no clinic, the established pump too, with
 * nothing programmed yet. *p must not move afterwards. Errors: those of the models, ERROR_CORE_REFUSED.
 * patient_free is legal after a failed init. */
int patient_init(patient_t *p, const trajectory_request_t *q, record_t *r, error_t *e)
    __attribute__((warn_unused_result));
void patient_free(patient_t *p);

/* Implants the patient's catheter and pump now, filled as ordered; its core has started and awaits its first wake. Errors as of
 * patient_init. */
int patient_implant(patient_t *p, const order_implant_t *order, error_t *e)
    __attribute__((warn_unused_result));

/* The next pump of the patient's, on the catheter that is there: its unit, keys and telemetry; accounts for nothing. Errors as
 * of patient_init. */
int patient_put_pump(patient_t *p, const order_implant_t *order, error_t *e)
    __attribute__((warn_unused_result));

/* Serial number of the pump in place, or of the last one: no other pump of the study has it. */
uint32_t patient_serial(const patient_t *p);

/* Lets the pump run to time_ms; the body follows at its step ends. */
int patient_advance(patient_t *p, int64_t time_ms, error_t *e) __attribute__((warn_unused_result));

/* Verifies pump and catheter. ERROR_INVARIANT. */
int patient_verify(const patient_t *p, error_t *e) __attribute__((warn_unused_result));

/* Ends the body's step at now, which must be a whole minute. */
int patient_close_step(patient_t *p, error_t *e) __attribute__((warn_unused_result));

/* Tone as rated at visit `visit` by a rater with an error of his own. */
double patient_rate_tone(patient_t *p, uint64_t visit);

/* Writes a row of events at now. `kind` and `reason` are FIELDS_EVENT_* and FIELDS_REASON_*; what the two
 * values are depends on the kind (sim/dataset/README.md). */
void patient_event(patient_t *p, int kind, int reason, double value, double value2);

#endif
