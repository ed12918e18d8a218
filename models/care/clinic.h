/* SPDX-License-Identifier: Apache-2.0 */
/* The clinic's policy: screening, implant, titration and refills, findings in, orders out.
 *
 * A contact goes: clinic_next says what is planned and when; clinic_arrival_ms says when the patient comes;
 * whoever knows the truth fills a finding_t; clinic_visit answers with orders and with decisions, each with
 * its reason; the orders are carried out; clinic_read_back takes what the programmer showed afterwards. The
 * clinic books by what it believes: an order that failed is believed carried out until it is read back.
 *
 * Screening: test boluses, each a `screening` contact followed by an `observation`, until the score falls by
 * responder_drop; then a second observation, long_effect after the bolus, which decides on the first daily dose; then
 * the implant; a patient without a response to the last bolus is not implanted. Titration:
 * visits every titration_interval until stable_visits of them in a row changed nothing; then maintenance,
 * with visits for refills only. A refill is planned refill_margin before the low-reservoir date, at most
 * refill_interval after the last and never before refill_earliest of a filling's time has passed. A refill
 * that falls due comes first and looks at the dose as well. A pump is replaced as replacement.h says, a catheter
 * mended as revision.h does.
 *
 * Nothing here draws: uniforms are passed in, a fixed number each time, so that arms that share their keys
 * stay in step. Times are milliseconds since enrolment. Orders name the primary drug's concentration only;
 * other drugs follow by their ratio, which is their host's business.
 *
 * Thread rule: a clinic_t belongs to one thread at a time; it holds no pointer and may be copied.
 */
#ifndef MODELS_CARE_CLINIC_H
#define MODELS_CARE_CLINIC_H

#include <stdbool.h>
#include <stdint.h>

#include "care/finding.h"
#include "care/order.h"
#include "error.h"
#include "param.h"

#define CLINIC_SCREENINGS 3
#define CLINIC_ORDERS_MAX 4
#define CLINIC_DECISIONS_MAX 8

/* Uniforms of one arrival: the delay, whether it is missed, the delay of the visit booked instead; at a replacement, whether
 * the patient agrees (clinic_agrees). */
enum clinic_arrival_draw {
    CLINIC_ARRIVAL_DELAY,
    CLINIC_ARRIVAL_MISSED,
    CLINIC_ARRIVAL_DELAY_REBOOKED,
    CLINIC_ARRIVAL_AGREES,
    CLINIC_ARRIVAL_DRAWS
};

#define PARAM PARAM_MEMBER
typedef struct clinic_param_t {
#include "care/clinic.def"
} clinic_param_t;
#undef PARAM

enum clinic_phase {
    CLINIC_PHASE_SCREENING = 1,
    CLINIC_PHASE_IMPLANT = 2, /* responded, waits for the operation */
    CLINIC_PHASE_TITRATION = 3,
    CLINIC_PHASE_MAINTENANCE = 4,
    CLINIC_PHASE_ENDED = 5 /* not implanted, or explanted */
};

/* What was decided, and what `value` is. */
enum clinic_decision_kind {
    CLINIC_DECISION_SCREEN = 1,        /* give a test bolus: ug */
    CLINIC_DECISION_RESPONDED = 2,     /* implant: fall of the score */
    CLINIC_DECISION_NOT_RESPONDED = 3, /* to this bolus: fall of the score */
    CLINIC_DECISION_NOT_IMPLANTED = 4, /* the last bolus's ug */
    CLINIC_DECISION_IMPLANT = 5,       /* put into the reservoir, mL */
    CLINIC_DECISION_START = 6,         /* first daily dose, ug; again where the pump has none */
    CLINIC_DECISION_DOSE_UP = 7,       /* new daily dose, ug */
    CLINIC_DECISION_DOSE_HOLD = 8,     /* daily dose kept, ug */
    CLINIC_DECISION_DOSE_DOWN = 9,     /* new daily dose, ug */
    CLINIC_DECISION_MAINTENANCE = 10,  /* titration ends: daily dose, ug */
    CLINIC_DECISION_REFILL = 11,       /* put into the reservoir, mL */
    CLINIC_DECISION_DISCREPANCY = 12,  /* noted: withdrawn - expected, mL */
    CLINIC_DECISION_INVESTIGATE =
        13, /* withdrawn - expected, mL; 0 for an alarm or a port that is not found */
    CLINIC_DECISION_BRING_FORWARD = 14, /* the refill, to so many days from now */
    CLINIC_DECISION_BOOK_REFILL = 15,   /* days from this contact to the refill planned */
    CLINIC_DECISION_SECOND_LOOK =
        16, /* whether the effect lasts: fall of the score at long_effect */
    CLINIC_DECISION_BOOK_REPLACEMENT = 17, /* days from this contact to the operation */
    CLINIC_DECISION_REPLACE = 18,          /* another pump: age of the old one, days */
    CLINIC_DECISION_EXPLANT = 19,          /* no other pump: the same */
    CLINIC_DECISION_BOOK_REVISION = 20,    /* days from this contact to the operation */
    CLINIC_DECISION_REVISE = 21,           /* the catheter: enum order_part */
    CLINIC_DECISION_LEAVE_CATHETER = 22    /* as it is */
};

enum clinic_reason {
    CLINIC_REASON_PROTOCOL = 1,     /* the next step of the policy */
    CLINIC_REASON_SCORE_FELL = 2,   /* by responder_drop at least */
    CLINIC_REASON_SCORE_STAYED = 3, /* fell by less */
    CLINIC_REASON_LAST_BOLUS = 4,   /* no response, and no larger bolus */
    CLINIC_REASON_ABOVE_GOAL = 5,
    CLINIC_REASON_AT_GOAL = 6,
    CLINIC_REASON_TOO_WEAK = 7,
    CLINIC_REASON_AT_MAXIMUM = 8, /* above the goal, dose at dose_maximum */
    CLINIC_REASON_AT_MINIMUM = 9, /* too weak, dose at dose_minimum */
    CLINIC_REASON_TOO_EARLY = 10, /* within `hold` of the implant */
    CLINIC_REASON_NOT_RATED = 11,
    CLINIC_REASON_DUE = 12,            /* planned by date */
    CLINIC_REASON_ALARM = 13,          /* shown by the programmer, or a tone that was heard */
    CLINIC_REASON_ONCE = 14,           /* a discrepancy by itself: watched */
    CLINIC_REASON_TWICE_IN_A_ROW = 15, /* with one sign */
    CLINIC_REASON_MARGIN = 16,         /* by the low-reservoir date and the margin */
    CLINIC_REASON_INTERVAL = 17,       /* by the longest interval */
    CLINIC_REASON_BATTERY_LOW = 18,    /* elective replacement indicator */
    CLINIC_REASON_BATTERY_SPENT = 19,  /* end of service */
    CLINIC_REASON_STALL = 20,          /* the motor stands still */
    CLINIC_REASON_AGE = 21,            /* the pump nears its shut-off */
    CLINIC_REASON_DECLINED = 22,       /* the patient wants no other pump */
    CLINIC_REASON_EFFECT_LOST = 23,    /* the score is back near the one before therapy */
    CLINIC_REASON_CLOSED = 24,         /* the catheter, as of enum finding_catheter */
    CLINIC_REASON_KINKED = 25,
    CLINIC_REASON_BROKEN = 26,
    CLINIC_REASON_PARTED = 27,
    CLINIC_REASON_MISPLACED = 28,
    CLINIC_REASON_SOUND = 29,
    CLINIC_REASON_UNREACHED = 30, /* no needle finds the pump's port */
    CLINIC_REASON_INFECTION = 31  /* of the pump's pocket */
};

/* A contact that is planned. */
typedef struct clinic_contact_t {
    int kind;        /* enum finding_contact; FINDING_CONTACT_NONE: no more, the rest is 0 */
    int64_t time_ms; /* planned */
    uint64_t
        entity; /* names this contact for keyed draws: kind * 2^32 + how many of its kind went before, from 0 */
} clinic_contact_t;

typedef struct clinic_decision_t {
    int kind;     /* enum clinic_decision_kind */
    int reason;   /* enum clinic_reason */
    double value; /* see the kind */
} clinic_decision_t;

/* What a contact led to. Orders in the order in which they are to be carried out, all at the finding's time. */
typedef struct clinic_outcome_t {
    int orders; /* 0..CLINIC_ORDERS_MAX */
    order_t order[CLINIC_ORDERS_MAX];
    int decisions; /* 0..CLINIC_DECISIONS_MAX */
    clinic_decision_t decision[CLINIC_DECISIONS_MAX];
} clinic_outcome_t;

/* The clinic's file on one patient. Plain; read it, change it by the functions. */
typedef struct clinic_t {
    clinic_param_t param;
    int phase; /* enum clinic_phase */
    clinic_contact_t planned;
    uint32_t held[FINDING_CONTACTS]; /* contacts that took place, by kind */
    int screening;                   /* index of the test bolus at hand, 0..CLINIC_SCREENINGS-1 */
    int64_t bolus_ms;                /* when it was given */
    double baseline;                 /* score before the test bolus at hand; NaN before */
    bool responded;       /* to the test bolus at hand; whether the effect lasts is not known yet */
    double start_ug;      /* first daily dose; NaN until there was a response */
    int64_t implant_ms;   /* FINDING_TIME_UNKNOWN before */
    double daily_dose_ug; /* as far as the clinic knows; 0 before the implant */
    double
        running_dose_ug; /* the latest of these above 0: what a pump that has stopped had been giving */
    int64_t pump_ms;     /* when the present pump was put in; as implant_ms before */
    int64_t replace_ms; /* its replacement; FINDING_TIME_UNKNOWN: none is booked */
    int replace_reason; /* enum clinic_reason: of that booking */
    int64_t revise_ms;  /* the look at the catheter; FINDING_TIME_UNKNOWN: none is booked */
    bool unreached;     /* that operation is to turn the pump: until then no refill can be */
    int64_t looked_ms;  /* when it was found sound; FINDING_TIME_UNKNOWN: never, or mended since */
    int stable;         /* visits in a row without a change */
    int64_t titration_ms; /* next titration visit, while titrating */
    int64_t fill_ms;      /* last filling */
    int64_t low_alarm_ms; /* low-reservoir date as far as the clinic knows */
    int64_t refill_ms;    /* next refill */
    int refill_reason;    /* enum clinic_reason: what sets that date */
    int discrepancy_sign; /* of the last refill's, where beyond the threshold; else 0 */
} clinic_t;

/* Every default of clinic.def. */
clinic_param_t clinic_param_default(void);

/* ERROR_ARGUMENT, naming the key, where a member is outside its row's range or not finite, or two of them
 * contradict each other (dose_minimum above dose_maximum; weak above goal; the two late shares). */
int clinic_param_check(const clinic_param_t *p, error_t *e) __attribute__((warn_unused_result));

/* A new patient, with the first test bolus planned at time 0. *p is copied and must have passed clinic_param_check. */
void clinic_init(clinic_t *c, const clinic_param_t *p);

/* The contact planned next, never before the last one held. */
clinic_contact_t clinic_next(const clinic_t *c);

/* When the patient really comes to the contact, >= its planned time. Only titration and refill visits are late or
 * missed, and of these not a refill brought forward by an alarm (assumption); a missed one is booked again once, and
 * that one is attended. uniform[CLINIC_ARRIVAL_DRAWS] in (0,1).
 * *missed (may be NULL): whether the first appointment was missed. */
int64_t clinic_arrival_ms(const clinic_t *c, const clinic_contact_t *contact,
                          const double uniform[CLINIC_ARRIVAL_DRAWS], bool *missed);

/* Takes the findings of one contact, decides, plans the next. *out is filled. A call may come at any time after
 * the implant; it changes nothing of what is planned but the refill's date. Errors: ERROR_ARGUMENT where the
 * finding's contact is neither the one planned nor a call after the implant, its time is before the one planned
 * (a call's: before the implant), or a screening contact has no rating; *c and *out are then as before. */
int clinic_visit(clinic_t *c, const finding_t *f, clinic_outcome_t *out, error_t *e)
    __attribute__((warn_unused_result));

/* What the programmer shows after the orders were carried out: takes f->daily_dose_ug and f->low_alarm_at_ms
 * where they are known, and plans the next contact after f->time_ms by them. Without effect before the
 * implant. *booked (may be NULL): the refill now planned, as a decision to be written down; kind 0 before
 * the implant. */
void clinic_read_back(clinic_t *c, const finding_t *f, clinic_decision_t *booked);

/* Whether a patient agrees to another pump when asked; uniform in (0,1), one a patient and replacement. */
bool clinic_agrees(const clinic_t *c, double uniform);

#endif
