/* SPDX-License-Identifier: Apache-2.0 */
/* The state of one core: the words that every wake uses, and blocks that each end in their own CRC.
 *
 * What every wake uses is kept twice, the second time complemented, and compared at every wake: the 64 bytes on the path to
 * the motor, the run and the lease. So is the medium, compared before anything is kept. Two copies are compared in a tenth of
 * the time that a CRC takes, and a change is missed only where the same bit of both flips. Every other block carries a CRC, is
 * checked before it is used and sealed after it is changed, and all of them are scrubbed once a day. The pointers to the
 * hardware are kept three times and voted, so that the alarm can still be raised.
 */
#ifndef DOSING_STATE_H
#define DOSING_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "dosing_core.h"
#include "dosing_frame.h"
#include "dosing_kept.h"
#include "dosing_life.h"
#include "dosing_programme.h"
#include "dosing_rate.h"

#define DOSING_BUCKET_MS 3600000u
#define DOSING_BUCKETS 25u /* 24 whole ones and the one being filled: any 24 h lie within them */
#define DOSING_SCRUB_MS 86400000u
#define DOSING_FL_PER_PL 1000

/* Tones come back this long after the latest, for as long as an alarm holds that nobody has acknowledged, unless the
 * programme says otherwise. Assumption: intervals in use are programmable and unpublished. */
#define DOSING_REPEAT_CRITICAL_MS 3600000u
#define DOSING_REPEAT_ADVISORY_MS 86400000u
#define DOSING_REPEAT_DRAINING_MS 86400000u /* at least, in a storm of a cell that gives way */

/* From these words alone a train's count and period follow: 64 bytes. */
typedef struct dosing_path_t {
    uint64_t num; /* scheduler: basal rate, num / den pulses per ms */
    uint64_t den; /* scheduler: 1..2^55 */
    int64_t owed; /* scheduler: pulses owed at run.last_ms, in 1/den pulse; -den < owed <= den */
    int64_t credit_fl; /* guard: volume allowed less commanded at run.guard_ms; at most one pulse */
    uint32_t fl_per_ms; /* guard: basal rate */
    uint32_t fl_rem;
    uint32_t fl_den;
    uint32_t fl_carry; /* guard: < fl_den */
    uint32_t pulse_pl;
    uint32_t period_min_ms;
    uint32_t alarms; /* DOSING_ALARM_* that hold now */
    uint32_t bolus;  /* DOSING_DELIVERY_* while a bolus of any kind runs; 0: none */
} dosing_path_t;

typedef struct dosing_run_t {
    uint64_t last_ms;  /* scheduler's time */
    uint64_t guard_ms; /* guard's time */
    uint64_t due_ms;   /* next wake: end of the train or of the wait */
    uint64_t start_ms; /* of the latest train */
    uint64_t
        last_pulse_ms; /* start of the latest pulse, or of a stroke that the motor may have begun and denied */
    uint64_t
        given_ms; /* monitor: start of the latest pulse that was begun for sure; before any, of the first try */
    uint64_t pulsed;    /* 1 once a pulse was begun: last_pulse_ms counts */
    uint64_t commanded; /* pulses begun */
    uint64_t confirmed;
    uint64_t bucket_end_ms;
    uint64_t scrub_ms;  /* next full scrub */
    uint64_t volume_pl; /* reservoir ledger */
    uint64_t low_pl;
    uint64_t empty_pl;
    uint64_t clock_main_ms;   /* main clock at the latest check of the clocks */
    uint64_t clock_second_ms; /* second oscillator then; UINT64_MAX: it did not answer */
    uint64_t clock_behind_ms; /* the core's time is this much behind the main clock */
    uint64_t clock_base_ms;   /* and this much ahead of it: a reset may begin the main clock anew */
    uint64_t tone_ms;         /* of the latest tone for what holds unseen */
    uint64_t missed_ms;       /* monitor: first step of missed_row */
    uint64_t stall_ms;        /* monitor: first step missed in the latest stall */
    uint64_t change_ms; /* scheduler: next change of the basal rate or timed bolus; NEVER: none */
    uint64_t num_next;  /* scheduler: basal rate from then on, for stay_ms at least */
    uint64_t guard_change_ms; /* guard: next change of the basal rate, by its own reading */
    uint64_t bridge_pl;       /* earlier fluid still in the path: it is what a pulse gives */
    uint64_t look_ms;         /* life: next look at what ages */
    uint32_t running;         /* 1 from train_start until the train was settled */
    uint32_t count;           /* of that train */
    uint32_t period_ms;
    uint32_t grace_ms;   /* lateness made up for: one pulse time, at most 1 h */
    uint32_t bucket;     /* index of the one being filled */
    uint32_t bucket_all; /* its pulses */
    uint32_t bucket_now; /* of these, under the running programme */
    uint32_t window_all; /* pulses in all buckets */
    uint32_t window_now; /* of these, under the running programme */
    uint32_t cap_all;    /* most window_all may be: total volume */
    uint32_t cap_now;    /* most window_now may be: every drug's mass */
    uint32_t old_left;   /* rolls until no bucket holds mass of an earlier programme */
    uint32_t unseen;     /* alarm bits raised since cleared */
    uint32_t lost_ms;
    uint32_t guard_refusals;
    uint32_t missed;        /* monitor: pulses begun and not confirmed; saturates */
    uint32_t stalls;        /* monitor: detected; saturates */
    uint32_t missed_row;    /* monitor: of these, in a row up to now */
    uint32_t good_row;      /* monitor: pulses confirmed in a row up to now */
    uint32_t day_done;      /* monitor: pulses begun since the latest scrub, their response known */
    uint32_t day_confirmed; /* monitor: of these, confirmed */
    uint32_t stay_ms;
    uint32_t timed_due;          /* 1: a timed bolus is due and has not begun */
    uint32_t repeat_critical_ms; /* tones for what holds unseen come back after this */
    uint32_t repeat_advisory_ms;
    uint32_t wakes;     /* since the start; wraps */
    uint32_t tones;     /* likewise */
    uint32_t steady;    /* life: 1 once this start has run for its hour */
    uint32_t clock_ppm; /* disagreement over the latest check of the clocks */
    uint32_t zero;
} dosing_run_t;

typedef struct dosing_bolus_t {
    uint64_t start_ms;
    uint64_t num; /* scheduler: floor of units per ms, in 1/den pulse */
    uint64_t guard_start_ms;
    uint64_t fl_per_ms; /* guard: its own floor of femtolitre per ms */
    uint32_t duration_ms;
    uint32_t rem; /* units not in num * duration; < duration */
    uint32_t guard_duration_ms;
    uint32_t fl_rem;
    uint32_t prime_left;  /* scheduler: pulses of a prime */
    uint32_t guard_prime; /* guard: the same, by its own reading */
    uint64_t held_units;  /* scheduler: of a bolus that waits for the one that runs */
    uint64_t held_fl;     /* guard: the same */
    uint32_t held_ms;     /* what its time would still be; 0: none waits */
    uint32_t held_kind;   /* DOSING_DELIVERY_* */
    uint32_t revision;    /* of the latest prime; 0: none yet */
    uint32_t crc;
} dosing_bolus_t;

/* Local time, and which timed boluses of it have been served. Local is a count of ms that no one day ends; its days are
 * numbered local / DOSING_DAY_MS. */
typedef struct dosing_calendar_t {
    uint64_t shift_ms;  /* local = core's time + this */
    uint64_t served_ms; /* local: every timed bolus due up to here was given or skipped */
    uint64_t set_ms;    /* core's: local time was set */
    uint64_t free_ms;   /* core's: the latest timed bolus ended */
    uint32_t weekday;   /* day 0 is this many days after a Monday, 0..6 */
    uint32_t known;     /* 1 once local time was set; lost by a reset */
    uint32_t zero;
    uint32_t crc;
} dosing_calendar_t;

/* Patient boluses that began in the latest 24 h, the newest last. */
typedef struct dosing_patient_t {
    uint64_t began_ms[DOSING_PATIENT_PER_DAY_MAX];
    uint32_t count; /* of these */
    uint32_t crc;
} dosing_patient_t;

/* One hour of the rolling 24 h: small, because two of them are checked and sealed at most wakes. */
typedef struct dosing_bucket_t {
    uint32_t all; /* pulses */
    uint32_t now; /* of these, under the running programme */
    uint32_t crc;
} dosing_bucket_t;

/* Mass given under earlier programmes, by bucket; all zero where run.old_left is 0. 1 pl at 1 ng/mL is 1 ag. */
typedef struct dosing_past_t {
    uint64_t ag[DOSING_BUCKETS][DOSING_DRUGS_MAX];
    uint32_t zero;
    uint32_t crc;
} dosing_past_t;

typedef struct dosing_therapy_t {
    dosing_programme_t programme;          /* running */
    dosing_rate_t rate;                    /* of it, at the concentration in the path */
    uint64_t commanded_before;             /* run.commanded when it was committed */
    uint64_t given_ng[DOSING_DRUGS_MAX];   /* before that */
    uint32_t given_part[DOSING_DRUGS_MAX]; /* and the rest, in 1e-9 ng */
    uint32_t concentration_ng_per_ml[DOSING_DRUGS_MAX]; /* of the fluid in the path */
    dosing_factory_t factory;
    uint32_t commits;
    uint32_t reset_cause;
    uint32_t crc;
} dosing_therapy_t;

typedef struct dosing_session_t {
    uint64_t expires_ms;
    uint32_t number; /* 0: none open */
    uint32_t role;
    uint32_t staged;    /* bytes of the image taken so far */
    uint32_t valid;     /* its length once it is whole and valid, else 0 */
    uint32_t read_back; /* bytes of it read back since, from its start */
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    uint32_t crc;
} dosing_session_t;

/* What alone a refused frame may change, and where in the store it is kept. */
typedef struct dosing_counters_t {
    uint64_t last[DOSING_ROLES];  /* last counter accepted, by role - 1 */
    uint64_t bound[DOSING_ROLES]; /* last[] may rise to this; after a reset it has */
    uint64_t frames;              /* heard since the start, of any kind */
    uint32_t refused;
    uint32_t patient_refused; /* requests for a bolus since the latest refill; saturates */
    uint32_t zero;
    uint32_t crc;
} dosing_counters_t;

typedef struct dosing_port_t {
    const dosing_hal_t *hal;
    void *context;
} dosing_port_t;

/* What is kept twice, in 64-bit words: what every wake uses, and the medium. */
#define DOSING_HOT_WORDS                                                                           \
    ((sizeof(dosing_path_t) + sizeof(dosing_run_t) + sizeof(dosing_lease_t)) / sizeof(uint64_t))
#define DOSING_MEDIUM_WORDS (sizeof(dosing_medium_t) / sizeof(uint64_t))

struct dosing_state_t {
    union {
        struct {
            dosing_path_t path;
            dosing_run_t run;
            dosing_lease_t lease;
        };
        uint64_t hot[DOSING_HOT_WORDS]; /* the same, for the copy and its check */
    };
    uint64_t hot_not[DOSING_HOT_WORDS]; /* its complement */
    uint32_t latch;                     /* DOSING_OK, or why this core does nothing any more */
    uint32_t latch_not;                 /* its complement */
    dosing_port_t port[3];
    dosing_bolus_t bolus;
    dosing_counters_t counters;
    union {
        dosing_medium_t medium;
        uint64_t medium_words[DOSING_MEDIUM_WORDS];
    };
    uint64_t medium_not[DOSING_MEDIUM_WORDS];
    dosing_log_t log;
    dosing_session_t session;
    dosing_therapy_t therapy;
    dosing_past_t past;
    dosing_calendar_t calendar;
    dosing_patient_t patient;
    dosing_life_t life;
    dosing_bucket_t ring[DOSING_BUCKETS];
};

/* The hardware, by vote of the three copies. */
dosing_port_t dosing_state_port(const dosing_state_t *state);

/* What wake needs before it acts: path, run, lease, and bolus where one runs. */
bool dosing_state_holds_hot(const dosing_state_t *state);
/* What a frame needs before it is looked at: session, counters, therapy. */
bool dosing_state_holds_link(const dosing_state_t *state);
/* Everything. */
bool dosing_state_holds(const dosing_state_t *state);

void dosing_state_seal_hot(dosing_state_t *state); /* path, run, lease */
void dosing_state_seal(dosing_state_t *state);     /* everything but the ring */

/* The medium: before anything is kept, and after. */
bool dosing_state_holds_medium(const dosing_state_t *state);
void dosing_state_seal_medium(dosing_state_t *state);

/* DOSING_OK while this core may act. Where its two words disagree the check has failed: dosing_state_fail. */
dosing_status_t dosing_state_latched(dosing_state_t *state);
void dosing_state_latch(dosing_state_t *state, dosing_status_t status);

/* Tells the motor to stop, up to three times where it does not answer: nobody may come back to it. */
bool dosing_state_stop(const dosing_port_t *port);

/* The check failed: motor off, highest alarm, latched. Returns ERROR_STATE. */
dosing_status_t dosing_state_fail(dosing_state_t *state);

#endif
