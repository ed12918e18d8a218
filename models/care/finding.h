/* SPDX-License-Identifier: Apache-2.0 */
/* Findings: all that care can see of a patient and a pump at one contact.
 *
 * Whoever knows the truth fills a finding as a clinic would meet it: rated, read off, reported. A double
 * that is not known is NaN, a time that is not known FINDING_TIME_UNKNOWN. Times are milliseconds since
 * enrolment.
 *
 * Types only; plain values, no ownership.
 */
#ifndef MODELS_CARE_FINDING_H
#define MODELS_CARE_FINDING_H

#include <stdint.h>

#define FINDING_TIME_UNKNOWN INT64_MIN

/* What brings clinic and patient together. */
enum finding_contact {
    FINDING_CONTACT_NONE = 0,      /* no contact is planned any more */
    FINDING_CONTACT_SCREENING = 1, /* before a test bolus */
    FINDING_CONTACT_OBSERVATION =
        2,                         /* the same day, to see what the test bolus did, or still does */
    FINDING_CONTACT_IMPLANT = 3,   /* the operation */
    FINDING_CONTACT_TITRATION = 4, /* the dose is looked at */
    FINDING_CONTACT_REFILL = 5,    /* the pump is refilled, and the dose looked at */
    FINDING_CONTACT_CALL = 6,      /* unplanned: the patient reports a tone of the pump */
    FINDING_CONTACT_REPLACEMENT =
        7,                        /* the operation in which another pump is put on the catheter */
    FINDING_CONTACT_REVISION = 8, /* the operation in which the catheter is looked at, and mended */
    FINDING_CONTACTS              /* one past the last */
};

/* Bits of finding_t.alarms: shown by the programmer, or a tone that the patient heard. */
#define FINDING_ALARM_LOW 1u
#define FINDING_ALARM_EMPTY 2u
#define FINDING_ALARM_OTHER 4u
#define FINDING_ALARM_TONE 8u /* what it is for the patient cannot tell */
#define FINDING_ALARM_ERI 16u /* elective replacement indicator: the battery nears its end */
#define FINDING_ALARM_EOS                                                                          \
    32u /* end of service: the battery is spent, or the pump has reached its age */
#define FINDING_ALARM_STALL 64u /* the motor stands still, now */

/* What a needle in the access port, contrast and imaging show of a catheter. */
enum finding_catheter {
    FINDING_CATHETER_UNKNOWN = 0, /* nobody looked */
    FINDING_CATHETER_SOUND = 1,
    FINDING_CATHETER_CLOSED = 2,   /* little or nothing can be drawn */
    FINDING_CATHETER_KINKED = 3,   /* shut in some postures */
    FINDING_CATHETER_BROKEN = 4,   /* leaks along its way */
    FINDING_CATHETER_PARTED = 5,   /* a connector has come apart */
    FINDING_CATHETER_MISPLACED = 6 /* the tip is not where it was put */
};

typedef struct finding_t {
    int contact;             /* enum finding_contact */
    int64_t time_ms;         /* of this contact, >= 0 */
    double ashworth;         /* rated now, mean over the muscle groups, 1..5 */
    double daily_dose_ug;    /* of the primary drug, as programmed before this contact, >= 0 */
    double volume_left_ml;   /* what the programmer says is left, >= 0 */
    double withdrawn_ml;     /* as read off the syringe, with its error, >= 0 */
    int64_t low_alarm_at_ms; /* low-reservoir date that the programmer gives */
    uint32_t alarms;         /* FINDING_ALARM_* */
    int agrees; /* at a replacement: 1 where the patient agrees to another pump; else 0, not asked */
    int catheter; /* enum finding_catheter; at a revision */
    int64_t
        replace_by_ms; /* once the elective replacement indicator is on: by when the programmer wants the pump replaced */
    int unreached; /* 1: at a refill no needle found the pump's port */
    int infected;  /* 1: the pump's pocket shows that it is infected */
} finding_t;

#endif
