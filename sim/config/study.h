/* SPDX-License-Identifier: Apache-2.0 */
/* The study: what a config file says, complete with every default and in canonical units.
 *
 * A study_t is read once, then only read: any number of threads may share a const study_t. The reader
 * itself (study_load, study_parse, study_resolved) may run on one thread of the process at a time,
 * because UDUNITS-2 keeps process-wide state.
 *
 * Each member is one row of the field table (config/field.h), which holds its key, unit, range, default,
 * help and source; the comments below name the key. A member whose key does not apply (a flow of a
 * peristaltic pump, a dose of a stopped therapy) is 0.
 */
#ifndef CONFIG_STUDY_H
#define CONFIG_STUDY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "body/parameters.h"
#include "care/clinic.h"
#include "care/order.h"
#include "config/diagnostic.h"
#include "device/environment.h"
#include "device/parameters.h"
#include "device/segment.h"
#include "error.h"

struct person_t; /* body/person.h */

#define STUDY_NAME_SIZE                                                                            \
    64 /* identifiers: study.name, drugs[].name, study.arms; with the final NUL */
#define STUDY_TITLE_SIZE 256                                   /* study.title */
#define STUDY_DESCRIPTION_MAX 1000                             /* characters of study.description */
#define STUDY_DESCRIPTION_SIZE (4 * STUDY_DESCRIPTION_MAX + 1) /* their bytes at most */
#define STUDY_LEVEL_SIZE 8                                     /* "T10", or an interspace "L3/4" */
#define STUDY_ARMS_MAX 8
#define STUDY_EVENTS_MAX 4096
#define STUDY_KEY_SIZE 64               /* uncertain[].key; with the final NUL */
#define STUDY_UNCERTAIN_MAX 64          /* rows of uncertain */
#define STUDY_RATE_MIN_ML_PER_DAY 0.048 /* SynchroMed II, A810 programming guide: 0.048-24 mL/day */
#define STUDY_RATE_MAX_ML_PER_DAY 24.0

typedef enum study_therapy_mode_t {
    STUDY_THERAPY_STOPPED = 0, /* no flow is commanded */
    STUDY_THERAPY_SIMPLE = 1,  /* simple continuous: one dose for all hours */
    STUDY_THERAPY_FLEX = 2,    /* steps through the day, by day of the week */
} study_therapy_mode_t;

typedef enum study_pump_kind_t {
    STUDY_PUMP_PERISTALTIC = 0,   /* a dosing core commands every pulse of a motor */
    STUDY_PUMP_CONSTANT_FLOW = 1, /* no core: a restrictor lets pump.flow through at all times */
    STUDY_PUMP_VALVE_GATED = 2,   /* a dosing core commands every cycle of two valves */
} study_pump_kind_t;

typedef enum study_body_model_t {
    STUDY_BODY_INTRATHECAL = 0, /* CSF, cord, plasma, effect */
    STUDY_BODY_NONE = 1,        /* what leaves the tip is only counted */
} study_body_model_t;

typedef enum study_order_t {
    STUDY_ORDER_REFILL = 0,       /* withdraw what can be withdrawn, then fill volume_ml */
    STUDY_ORDER_THERAPY = 1,      /* programme another therapy */
    STUDY_ORDER_BOLUS = 2,        /* one bolus of the primary drug, on top of the therapy */
    STUDY_ORDER_REQUEST = 3,      /* the patient asks for a bolus, once or at random times */
    STUDY_ORDER_SET_TIME = 4,     /* the pump's hands are put forward or back */
    STUDY_ORDER_EXPOSURE = 5,     /* the surroundings are others for a while */
    STUDY_ORDER_FAULT = 6,        /* a fault is imposed on pump or catheter */
    STUDY_ORDER_PORT = 7,         /* a needle in the access port draws, then injects */
    STUDY_ORDER_PRIME = 8,        /* drug is brought to the tip at the pump's fastest rate */
    STUDY_ORDER_CLEAR_ALARMS = 9, /* alarms are acknowledged */
    STUDY_ORDER_STOP = 10,        /* the pump is stopped, by clinic or papers */
    STUDY_ORDER_READ_LOGS = 11,   /* its logs are read, by either */
    STUDY_ORDER_IMAGE = 12, /* a programmer gone wrong sends the therapy with bytes of it others */
    STUDY_ORDER_FRAME = 13, /* whoever is not meant to sends a frame */
    STUDY_ORDER_DEATH = 14  /* the patient dies */
} study_order_t;

/* events[].fault: the rows of fault.def, in its order. */
typedef enum study_fault_t {
#define FAULT(symbol, name, setter, of, low, high, severity) STUDY_FAULT_##symbol,
#include "config/fault.def"
#undef FAULT
    STUDY_FAULTS
} study_fault_t;

/* events[].by */
typedef enum study_by_t {
    STUDY_BY_CLINIC = 0,
    STUDY_BY_PAPERS = 1 /* with the emergency's key */
} study_by_t;

/* events[].wrong: the rows of wrong.def, in its order. */
typedef enum study_wrong_t {
#define WRONG(symbol, name) STUDY_WRONG_##symbol,
#include "config/wrong.def"
#undef WRONG
} study_wrong_t;

/* events[].call: the rows of call.def, in its order. */
typedef enum study_call_t {
#define CALL(symbol, name) STUDY_CALL_##symbol,
#include "config/call.def"
#undef CALL
    STUDY_CALLS
} study_call_t;

typedef enum study_policy_t {
    STUDY_POLICY_NONE = 0,      /* the pump is established; only events[] happens */
    STUDY_POLICY_TITRATION = 1, /* the clinic screens, implants, titrates and refills */
} study_policy_t;

/* uncertain[].shape */
typedef enum study_shape_t {
    STUDY_SHAPE_BY_RANGE =
        0, /* only in the file: the second where low is above 0, else the third */
    STUDY_SHAPE_LOG_NORMAL = 1,
    STUDY_SHAPE_NORMAL = 2,
    STUDY_SHAPE_UNIFORM = 3,
} study_shape_t;

/* study.arms: names in the order written; study_arm gives the settings of each. */
typedef struct study_arms_t {
    int64_t count; /* 1..STUDY_ARMS_MAX */
    char name[STUDY_ARMS_MAX][STUDY_NAME_SIZE];
} study_arms_t;

/* drugs[]: the first is the primary, which doses and limits speak of; the others follow by ratio. */
typedef struct study_drug_t {
    char name[STUDY_NAME_SIZE];
    double
        concentration_ug_per_ml; /* in the reservoir at enrolment, and in refills unless one says another */
    drug_param_t kinetics;
    compound_param_t compound;
} study_drug_t;

/* therapy.*: what the pump is programmed with at enrolment. Applies to a pump with a core. */
typedef struct study_therapy_t {
    int mode;                     /* study_therapy_mode_t */
    double dose_ug_per_day;       /* of the primary drug, > 0 if simple; else 0 */
    order_modes_t modes;          /* therapy.steps, therapy.timed, therapy.on_request */
    double limit_dose_ug_per_day; /* therapy.limits.daily_dose: primary drug in any 24 h */
    double limit_rate_ml_per_day; /* therapy.limits.rate */
} study_therapy_t;

/* events[].release, clinic.primes: whose constants a programmer reckons with; path_release_t of host/path.h. */
typedef enum study_release_t {
    STUDY_RELEASE_CARD_0199 = 0,
    STUDY_RELEASE_CARD_0140 = 1,
    STUDY_RELEASE_OWN = 2,
    STUDY_RELEASE_NONE = 3 /* of clinic.primes alone: nothing is primed */
} study_release_t;

/* pump.* */
typedef struct study_pump_t {
    int kind;                /* study_pump_kind_t */
    double stated_tubing_ml; /* of its tubing, as its core was told in the factory; 0: as it is */
    double flow_ml_per_day;  /* constant_flow only, with restrictor */
    double
        fill_ml; /* drug in the reservoir at enrolment, above the residual; <= reservoir.capacity_ml */
    double low_alarm_ml; /* volume at which the low-reservoir alarm sounds */
    reservoir_param_t reservoir;
    propellant_param_t propellant;
    pump_head_param_t head; /* peristaltic, with motor and wear */
    motor_param_t motor;
    wear_param_t wear;
    restrictor_param_t restrictor;
    valve_param_t valve; /* valve_gated only */
    battery_param_t battery;
    oscillator_param_t oscillator;
    sounder_param_t sounder;
} study_pump_t;

/* catheter.fails: whether and how catheters fail of themselves. */
typedef enum study_catheter_fails_t {
    STUDY_CATHETER_LASTS = 0,  /* they do not */
    STUDY_CATHETER_LEGACY = 1, /* as older ones of silicone */
    STUDY_CATHETER_MODERN = 2  /* as reinforced ones */
} study_catheter_fails_t;

/* catheter.* */
typedef struct study_catheter_t {
    char tip[STUDY_LEVEL_SIZE]; /* vertebral level of the tip, "T10" */
    int primed; /* 1: tubing and catheter hold the drug at enrolment; 0: drug-free fluid */
    catheter_param_t parameters;
    int fails; /* study_catheter_fails_t */
    catheter_fate_param_t fate;
} study_catheter_t;

/* body.* */
typedef struct study_body_t {
    int model; /* study_body_model_t */
    csf_param_t csf;
    char target[STUDY_LEVEL_SIZE]; /* body.response.target: cord level whose drug acts on tone */
    ashworth_param_t ashworth;     /* the other keys of body.response */
    tolerance_param_t tolerance;
} study_body_t;

/* population.mortality.model: whether people die of disease and age. */
typedef enum study_mortality_model_t {
    STUDY_MORTALITY_NONE = 0,    /* they do not; a death by order is one all the same */
    STUDY_MORTALITY_GOMPERTZ = 1 /* by body/mortality.h */
} study_mortality_model_t;

/* population.mortality.* */
typedef struct study_mortality_t {
    int model; /* study_mortality_model_t */
    mortality_param_t parameters;
} study_mortality_t;

/* Who gives people instead of drawing them. */
typedef struct study_people_t {
    void *context; /* owned where `release` is there, else borrowed */
    /* The patient's person; any number of threads may ask at once. NULL: people are drawn. */
    int (*person)(void *context, int64_t patient, struct person_t *person, error_t *e);
    void (*release)(void *context);
} study_people_t;

/* population.cohort: a frozen cohort. */
typedef struct study_cohort_t {
    char file[STUDY_TITLE_SIZE]; /* its name; "": people are drawn */
    char hash[STUDY_TITLE_SIZE]; /* population.cohort_hash, of settings and people; "": any */
    char path[1024];             /* where it was found */
    study_people_t people;       /* once it is open (cohort/thaw.h) */
} study_cohort_t;

/* record.*: what the daily series samples */
typedef struct study_record_t {
    char lumbar[STUDY_LEVEL_SIZE]; /* sampling site, "L3/4" */
    int64_t daily_time_ms; /* hour of each day of the series, since that day's start; [0, 24 h) */
    int64_t canal_ms; /* from sample to sample of the whole canal, whole days; 0: none is taken */
} study_record_t;

/* events[].when: a moment that differs between patients. */
typedef struct study_moment_t {
    int after_implant; /* 1: offset_ms counts from the patient's implant; 0: not given, at_ms holds */
    int64_t offset_ms; /* >= 0 */
} study_moment_t;

/* events[]: a scripted order, in the order of the file (not sorted by time). Its index in that order is its
 * entity in draws. */
typedef struct study_event_t {
    study_moment_t when;
    int64_t
        at_ms; /* since enrolment, [0, horizon_ms]; 0 and without meaning if when.after_implant */
    int64_t every_ms, times; /* 0 in a study that was read: repeat.h has made it as many */
    int order;               /* study_order_t */
    int64_t
        patient; /* 1..patients: for this one alone; 0: for everybody whom `fraction` leaves in */
    double
        fraction; /* share of the patients, (0, 1], each chosen by an own draw; 1 if patient > 0 */
    double volume_ml; /* refill: volume injected, <= reservoir.capacity_ml */
    /* refill: of each drug, [study.n_drugs]; the file may give the primary's, the rest are the drugs' own */
    double concentration_ug_per_ml[SEGMENT_DRUGS_MAX];
    double pocket;          /* refill: share that goes into the pump's pocket */
    double regained;        /* refill: share of that which is drawn out again */
    double told_ml;         /* refill: volume that the pump is told; 0: the true one */
    double told_ug_per_ml;  /* refill: concentration that it is told; 0: the true one */
    int bridge;             /* refill: 1 where the programmer bridges another concentration */
    int mode;               /* therapy: study_therapy_mode_t */
    double dose_ug_per_day; /* therapy, if simple */
    order_modes_t modes;    /* therapy: as of study_therapy_t */
    double amount_ug;       /* bolus: of the primary drug */
    int64_t over_ms;        /* bolus: duration */
    int64_t for_ms;         /* request: the span of asking, from at_ms on; 0: once, at at_ms */
    double per_day;         /* request: mean number in a day of that span */
    int64_t forward_ms;     /* set_time: the hands are put forward; below 0: back */
    environment_t around;   /* exposure: the surroundings; what is as at rest is left alone */
    int64_t exposed_ms;     /* exposure: how long */
    int fault;              /* fault: study_fault_t */
    double severity;        /* fault: as fault.def says of it */
    double position_cm;     /* fault of the catheter: along it from the pump; migration: upwards */
    double growth_per_year; /* the same: of the severity */
    double lying;           /* catheter_kink: share of the time shut while lying */
    int place;              /* catheter_dislodgement: catheter_place_t */
    int call;               /* call_fails, call_lies: study_call_t */
    int64_t calls;          /* the same: how many */
    int64_t within_ms;      /* the same: from at_ms on, and then no more; 0: no end */
    int64_t after;          /* the same, store_torn, store_rot: calls that go through first */
    int64_t address;        /* store_worn, store_flip, memory_flip: first byte */
    int64_t length;         /* the same: bytes, as far as there are any */
    int64_t alarms;         /* clear_alarms: bits, as of dosing_status.h */
    int by;                 /* stop, read_logs: study_by_t */
    char payload[STUDY_TITLE_SIZE]; /* frame, image: bytes in hexadecimal */
    int64_t byte;                   /* image: the first that is another */
    int role;                       /* frame: DOSING_ROLE_*; 0: none */
    int asks;                       /* frame: its type, DOSING_FRAME_* */
    int wrong;                      /* frame: study_wrong_t */
    int session;                    /* frame: intruder_session_t */
    int64_t frames;                 /* frame: how many, one behind the other */
    int release;                    /* prime: study_release_t */
    int tubing_filled;  /* prime: 1 where the pump was primed before implant: the catheter only */
    double allowed_ug;  /* prime by the release that reckons with mixing: may leave early */
    double aspirate_ml; /* port: wanted, >= 0 */
    double inject_ml;   /* port: >= 0, after that */
    double
        injected_ug_per_ml; /* port: of the first drug in it; the others in the study's mixture */
} study_event_t;

/* uncertain[]: a key whose value is not known, and how its draws are spread. The members below the line are filled in when
 * the study is complete; see uncertain.h. */
typedef struct study_uncertain_t {
    char key[STUDY_KEY_SIZE]; /* a path as `--set` takes it: "drugs[0].kinetics.loss" */
    double low, high;         /* in the key's unit: the central 95 %, of a uniform one all */
    int shape;                /* study_shape_t */
    /* ---- */
    int applies;        /* 0: the key does not apply in this arm, and no draw is laid over it */
    size_t offset;      /* of the key's double in study_t */
    double least, most; /* the key's accepted range, to which draws are truncated */
    const char *unit;   /* as a person writes it; static storage */
} study_uncertain_t;

/* What sets one arm apart. */
typedef struct study_arm_t {
    char *set;             /* its `set` as a YAML flow mapping, owned; NULL if it has none */
    struct study_t *study; /* the arm's own study, owned, its `arm` NULL; NULL: the base itself */
} study_arm_t;

typedef struct study_t {
    char name[STUDY_NAME_SIZE];
    char title[STUDY_TITLE_SIZE];
    char description[STUDY_DESCRIPTION_SIZE];
    int64_t patients;   /* 1..1 000 000; ids run from 1 */
    int64_t horizon_ms; /* length of each trajectory */
    int64_t seed;       /* 0..2^53 */
    study_arms_t arms;
    int64_t parameter_draws; /* replicates beside 0, which has the central values of `uncertain` */
    int64_t n_drugs;         /* 1..SEGMENT_DRUGS_MAX */
    study_drug_t drug[SEGMENT_DRUGS_MAX]; /* entries from n_drugs on are 0 */
    study_pump_t pump;
    study_therapy_t therapy;
    study_catheter_t catheter;
    study_body_t body;
    population_param_t population;
    study_mortality_t mortality; /* population.mortality.* */
    study_cohort_t cohort;
    study_record_t record;
    int64_t n_uncertain;          /* 0..STUDY_UNCERTAIN_MAX; the same in all arms */
    study_uncertain_t *uncertain; /* [n_uncertain], owned; NULL if none */
    int64_t n_events;             /* 0..STUDY_EVENTS_MAX */
    study_event_t *event;         /* [n_events], owned; NULL if none */
    int clinic_policy;            /* clinic.policy: study_policy_t */
    int clinic_primes;            /* clinic.primes: study_release_t */
    clinic_param_t clinic;        /* clinic.*; all 0 where the policy is none */
    needle_param_t needle;        /* refill.* */
    int64_t n_arm_studies;        /* arms.count; 0 in the study of an arm */
    study_arm_t *arm;             /* [n_arm_studies], owned; read through study_arm */
    char *
        warnings; /* diagnostic_warnings of this study and its arms, owned; NULL in that of an arm */
} study_t;

/* One `--set key=value`. The key is a path of the field table with indices from 0 in lists
 * ("drugs[0].concentration"); the value is what would stand after the colon in the file. Borrowed. */
typedef struct study_override_t {
    const char *text;
} study_override_t;

/* Where a judge's findings go: `key` is a path of the field table in the study at hand ("therapy", "events[2]"). */
typedef struct study_report_t {
    void *to;
    void (*report)(void *to, bool is_error, const char *key, const char *text);
} study_report_t;

/* Who knows more of a study than the field table does, and is asked about each study and each arm that is sound so far, with the
 * events as the file has them (not repeated). Borrowed for the call. */
typedef struct study_judge_t {
    const void *context; /* borrowed */
    void (*judge)(const void *context, const study_t *s, const study_report_t *report);
} study_judge_t;

/* A config that is in memory already, for example in a dataset. All borrowed for the call. */
typedef struct study_source_t {
    const char *name;            /* printed in front of line and column */
    const char *text;            /* need not end in NUL */
    size_t length;               /* bytes, at most 1 MiB */
    const study_override_t *set; /* [n_set], applied in order; NULL if none */
    size_t n_set;
    const char *path; /* of the file, for the includes beside it; NULL: includes are refused */
    const study_judge_t *judge; /* NULL: none is asked */
} study_source_t;

/* Reads a config file into *s, which need not be initialised, and *d, which must be (diagnostic_init).
 * On success *d may hold warnings. On failure *s is empty (study_free is legal and does nothing) and
 * ERROR_CONFIG means that *d holds every error of the file with its place; `e` then says how many.
 * Other errors: ERROR_FILE_OPEN, ERROR_FILE_READ (path and reason in `e`), ERROR_MEMORY,
 * ERROR_LIBRARY (the UDUNITS-2 database cannot be read). */
int study_load(study_t *s, const char *path, const study_override_t *set, size_t n_set,
               diagnostic_t *d, error_t *e) __attribute__((warn_unused_result));

/* The same where `judge` is asked too (NULL: nobody): what it finds stands in *d with its place, as of any rule. */
int study_load_judged(study_t *s, const char *path, const study_override_t *set, size_t n_set,
                      const study_judge_t *judge, diagnostic_t *d, error_t *e)
    __attribute__((warn_unused_result));

/* The same for text in memory; no file is opened but those that it includes, if source->path is given. */
int study_parse(study_t *s, const study_source_t *source, diagnostic_t *d, error_t *e)
    __attribute__((warn_unused_result));

/* The study of an arm, from 0: the base with the arm's `set` laid over it, or *s itself where the arm has none.
 * Name, title, patients, horizon, seed, arms and the names of the drugs are the same in all. Owned by *s. NULL
 * if there is no such arm. */
const study_t *study_arm(const study_t *s, int64_t arm);

/* The study of an arm in a replicate: replicate 0 is study_arm; another is that with the replicate's draws laid over its
 * uncertain keys, made in *room, which borrows from *s, owns nothing and is not freed. A draw is the same in all arms. NULL if
 * there is no such arm or replicate. Costs a copy of a study_t and a few hundred nanoseconds a key. */
const study_t *study_replicate(const study_t *s, int64_t arm, int64_t replicate, study_t *room);

/* Frees what *s owns and empties it. Legal after a failed load and on an all-zero study_t. */
void study_free(study_t *s);

/* The full config as YAML: every key that applies, defaults included, in canonical units, with as many
 * digits as name each double (15 to 17). Parsing the text gives a study_t equal bit for bit, and resolving
 * that gives the same text. *text is NUL-terminated, owned by the caller and freed with free(). Error:
 * ERROR_MEMORY. */
int study_resolved(const study_t *s, char **text, error_t *e) __attribute__((warn_unused_result));

/* The same without the keys that have their defaults: for people. */
int study_brief(const study_t *s, char **text, error_t *e) __attribute__((warn_unused_result));

#endif
