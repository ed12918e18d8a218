/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the field table. */
#include "config/field.h"

#include <stdio.h>
#include <string.h>

#include "config/uncertain.h"

static const char *const pump_kinds[] = {"peristaltic", "constant_flow", "valve_gated", NULL};
static const char *const therapy_modes[] = {"stopped", "simple", "flex", NULL};
static const char *const body_models[] = {"intrathecal", "none", NULL};
static const char *const orders[] = {
    "refill", "therapy",      "bolus", "request",   "set_time", "exposure", "fault", "port",
    "prime",  "clear_alarms", "stop",  "read_logs", "image",    "frame",    "death", NULL};
static const char *const faults[] = {
#define FAULT(symbol, name, setter, of, low, high, severity) name,
#include "config/fault.def"
#undef FAULT
    NULL};
static const char *const calls[] = {
#define CALL(symbol, name) name,
#include "config/call.def"
#undef CALL
    NULL};
static const char *const ends[] = {"clinic", "papers", NULL};
static const char *const roles[] = {"none", "clinician", "patient", "emergency", NULL};
static const char *const sessions[] = {"own", "opened", "left", "none", NULL};
static const char *const asked[] = {"nothing", "open",   "close",    "stage",   "read_back",
                                    "commit",  "refill", "bolus",    "stop",    "interrogate",
                                    "clear",   "prime",  "set_time", "request", "log",
                                    "device",  "pair",   "unknown",  NULL};
static const char *const wrongs[] = {
#define WRONG(symbol, name) name,
#include "config/wrong.def"
#undef WRONG
    NULL};
static const char *const releases[] = {"card-0.199", "card-0.140", "own", NULL};
static const char *const primes[] = {"card-0.199", "card-0.140", "own", "none", NULL};
static const char *const places[] = {"pocket", "subcutaneous", "epidural", "canal", NULL};
static const char *const catheters_fail[] = {"none", "legacy", "modern", NULL};
static const char *const mortalities[] = {"none", "gompertz", NULL};
static const char *const policies[] = {"none", "titration", NULL};
static const char *const shapes[] = {"by_range", "log_normal", "normal", "uniform", NULL};
static const char *const booleans[] = {"false", "true", NULL};

static const field_when_t constant_flow = {"pump.kind is constant_flow",
                                           offsetof(study_t, pump.kind), STUDY_PUMP_CONSTANT_FLOW,
                                           NULL, FIELD_IS};
static const field_when_t peristaltic = {"pump.kind is peristaltic", offsetof(study_t, pump.kind),
                                         STUDY_PUMP_PERISTALTIC, NULL, FIELD_IS};
static const field_when_t valve_gated = {"pump.kind is valve_gated", offsetof(study_t, pump.kind),
                                         STUDY_PUMP_VALVE_GATED, NULL, FIELD_IS};
static const field_when_t programmable = {"pump.kind is not constant_flow",
                                          offsetof(study_t, pump.kind), STUDY_PUMP_CONSTANT_FLOW,
                                          NULL, FIELD_IS_NOT};
static const field_when_t established = {"clinic.policy is none", offsetof(study_t, clinic_policy),
                                         STUDY_POLICY_NONE, &programmable, FIELD_IS};
static const field_when_t titrated = {"clinic.policy is titration",
                                      offsetof(study_t, clinic_policy), STUDY_POLICY_TITRATION,
                                      NULL, FIELD_IS};
static const field_when_t simple = {"therapy.mode is simple", offsetof(study_t, therapy.mode),
                                    STUDY_THERAPY_SIMPLE, &established, FIELD_IS};
static const field_when_t flex = {"therapy.mode is flex", offsetof(study_t, therapy.mode),
                                  STUDY_THERAPY_FLEX, &established, FIELD_IS};
static const field_when_t running = {"therapy.mode is not stopped", offsetof(study_t, therapy.mode),
                                     STUDY_THERAPY_STOPPED, &established, FIELD_IS_NOT};
static const field_when_t granted = {"therapy.on_request.dose is given",
                                     offsetof(study_t, therapy.modes.on_request.dose_ug), 0,
                                     &running, FIELD_GIVEN};
static const field_when_t dated = {"`when` is not given",
                                   offsetof(study_event_t, when.after_implant), 0, NULL, FIELD_IS};
static const field_when_t again = {"`every` is given", offsetof(study_event_t, every_ms), 0, NULL,
                                   FIELD_GIVEN};
static const field_when_t refill = {"order is refill", offsetof(study_event_t, order),
                                    STUDY_ORDER_REFILL, NULL, FIELD_IS};
static const field_when_t therapy = {"order is therapy", offsetof(study_event_t, order),
                                     STUDY_ORDER_THERAPY, NULL, FIELD_IS};
/* The mode of what is no therapy is 0, stopped. */
static const field_when_t new_dose = {"order is therapy and mode is simple",
                                      offsetof(study_event_t, mode), STUDY_THERAPY_SIMPLE, NULL,
                                      FIELD_IS};
static const field_when_t new_flex = {"order is therapy and mode is flex",
                                      offsetof(study_event_t, mode), STUDY_THERAPY_FLEX, NULL,
                                      FIELD_IS};
static const field_when_t new_running = {"order is therapy and mode is not stopped",
                                         offsetof(study_event_t, mode), STUDY_THERAPY_STOPPED, NULL,
                                         FIELD_IS_NOT};
static const field_when_t new_granted = {"on_request.dose is given",
                                         offsetof(study_event_t, modes.on_request.dose_ug), 0,
                                         &new_running, FIELD_GIVEN};
static const field_when_t bolus = {"order is bolus", offsetof(study_event_t, order),
                                   STUDY_ORDER_BOLUS, NULL, FIELD_IS};
static const field_when_t request = {"order is request", offsetof(study_event_t, order),
                                     STUDY_ORDER_REQUEST, NULL, FIELD_IS};
static const field_when_t repeated = {"`for` is given", offsetof(study_event_t, for_ms), 0,
                                      &request, FIELD_GIVEN};
static const field_when_t set_time = {"order is set_time", offsetof(study_event_t, order),
                                      STUDY_ORDER_SET_TIME, NULL, FIELD_IS};
static const field_when_t exposure = {"order is exposure", offsetof(study_event_t, order),
                                      STUDY_ORDER_EXPOSURE, NULL, FIELD_IS};
static const field_when_t fault = {"order is fault", offsetof(study_event_t, order),
                                   STUDY_ORDER_FAULT, NULL, FIELD_IS};

/* The fault of what is no fault is 0, the motor's. */
static const field_when_t of_calls = {
    "fault is call_fails or call_lies", offsetof(study_event_t, fault),
    FIELD_SPAN(STUDY_FAULT_CALL_FAILS, STUDY_FAULT_CALL_LIES), NULL, FIELD_AMONG};
static const field_when_t counted = {
    "fault is call_fails, call_lies, store_torn or store_rot", offsetof(study_event_t, fault),
    FIELD_SPAN(STUDY_FAULT_CALL_FAILS, STUDY_FAULT_STORE_ROT), NULL, FIELD_AMONG};
static const field_when_t placed = {
    "fault is store_worn, store_flip or memory_flip", offsetof(study_event_t, fault),
    FIELD_SPAN(STUDY_FAULT_STORE_WORN, STUDY_FAULT_MEMORY_FLIP), NULL, FIELD_AMONG};

static const field_when_t failing = {"catheter.fails is not none",
                                     offsetof(study_t, catheter.fails), STUDY_CATHETER_LASTS, NULL,
                                     FIELD_IS_NOT};

static const field_when_t mortal = {"population.mortality.model is not none",
                                    offsetof(study_t, mortality.model), STUDY_MORTALITY_NONE, NULL,
                                    FIELD_IS_NOT};

static const field_when_t port = {"order is port", offsetof(study_event_t, order), STUDY_ORDER_PORT,
                                  NULL, FIELD_IS};

static const field_when_t clear_alarms = {"order is clear_alarms", offsetof(study_event_t, order),
                                          STUDY_ORDER_CLEAR_ALARMS, NULL, FIELD_IS};
static const field_when_t by_either = {"order is stop or read_logs", offsetof(study_event_t, order),
                                       FIELD_SPAN(STUDY_ORDER_STOP, STUDY_ORDER_READ_LOGS), NULL,
                                       FIELD_AMONG};
static const field_when_t bytes = {"order is image or frame", offsetof(study_event_t, order),
                                   FIELD_SPAN(STUDY_ORDER_IMAGE, STUDY_ORDER_FRAME), NULL,
                                   FIELD_AMONG};
static const field_when_t image = {"order is image", offsetof(study_event_t, order),
                                   STUDY_ORDER_IMAGE, NULL, FIELD_IS};
static const field_when_t frame = {"order is frame", offsetof(study_event_t, order),
                                   STUDY_ORDER_FRAME, NULL, FIELD_IS};

static const field_when_t prime = {"order is prime", offsetof(study_event_t, order),
                                   STUDY_ORDER_PRIME, NULL, FIELD_IS};

#define STUDY(key, kind, member) .path = key, .type = kind, .offset = offsetof(study_t, member)
#define DRUG(key, kind, member)                                                                    \
    .path = "drugs[]." key, .type = kind, .owner = FIELD_DRUG,                                     \
    .offset = offsetof(study_drug_t, member)
#define EVENT(key, kind, member)                                                                   \
    .path = "events[]." key, .type = kind, .owner = FIELD_EVENT,                                   \
    .offset = offsetof(study_event_t, member)
#define UNCERTAIN(key_, kind, member)                                                              \
    .path = "uncertain[]." key_, .type = kind, .owner = FIELD_UNCERTAIN,                           \
    .offset = offsetof(study_uncertain_t, member)
#define PLAIN .unit = "1"
#define ITEM(key, kind, of, item_t, member)                                                        \
    .path = key, .type = kind, .owner = of, .offset = offsetof(item_t, member)
/* The rows of a programme's steps and timed boluses: of therapy, and of a therapy order. */
#define STEP_ROWS(list, of)                                                                        \
    {ITEM(list "[].at", FIELD_CLOCK, of, order_step_t, minute), PLAIN, .required = 1,              \
     .help = "local time from which the dose holds; the first of each day is \"00:00\""},          \
        {ITEM(list "[].days", FIELD_DAYS, of, order_step_t, days), PLAIN, .text = "all",           \
         .help = "days of the week; the study begins on a Monday, at 00:00"},                      \
        {ITEM(list "[].dose", FIELD_QUANTITY, of, order_step_t, dose_ug_per_day),                  \
         .unit = "ug/day",                                                                         \
         .low = 0,                                                                                 \
         .high = 1e6,                                                                              \
         .required = 1,                                                                            \
         .help = "dose rate of the first drug until the day's next step or midnight; 0: none"},
#define TIMED_ROWS(list, of)                                                                       \
    {ITEM(list "[].at", FIELD_CLOCK, of, order_timed_t, minute), PLAIN, .required = 1,             \
     .help = "local time at which it begins"},                                                     \
        {ITEM(list "[].days", FIELD_DAYS, of, order_timed_t, days), PLAIN, .text = "all",          \
         .help = "days of the week; the study begins on a Monday, at 00:00"},                      \
        {ITEM(list "[].dose", FIELD_QUANTITY, of, order_timed_t, dose_ug),                         \
         .unit = "ug",                                                                             \
         .low = 0.001,                                                                             \
         .high = 1e6,                                                                              \
         .required = 1,                                                                            \
         .help = "amount of the first drug"},                                                      \
        {ITEM(list "[].duration", FIELD_TIME, of, order_timed_t, duration_ms),                     \
         .unit = "min",                                                                            \
         .value = 10,                                                                              \
         .low = 1.0 / 60.0,                                                                        \
         .high = 60,                                                                               \
         .help = "time over which it is given"},
/* The rows of what a patient may ask for; KEY is STUDY or EVENT. */
#define REQUEST_ROWS(KEY, prefix, base, running, granted)                                          \
    {KEY(prefix "dose", FIELD_QUANTITY, base.dose_ug),                                             \
     .unit = "ug",                                                                                 \
     .low = 0.001,                                                                                 \
     .high = 1e6,                                                                                  \
     .optional = 1,                                                                                \
     .when = &running,                                                                             \
     .help = "bolus of the first drug that the patient may ask for; by default none"},             \
        {KEY(prefix "duration", FIELD_TIME, base.duration_ms),                                     \
         .unit = "min",                                                                            \
         .value = 10,                                                                              \
         .low = 1.0 / 60.0,                                                                        \
         .high = 60,                                                                               \
         .when = &granted,                                                                         \
         .help = "time over which it is given"},                                                   \
        {KEY(prefix "lockout", FIELD_TIME, base.lockout_ms),                                       \
         .unit = "min",                                                                            \
         .low = 1,                                                                                 \
         .high = 1440,                                                                             \
         .required = 1,                                                                            \
         .when = &granted,                                                                         \
         .help = "least time from one start to the next"},                                         \
        {KEY(prefix "per_day", FIELD_INTEGER, base.per_day),                                       \
         PLAIN,                                                                                    \
         .low = 1,                                                                                 \
         .high = 32,                                                                               \
         .required = 1,                                                                            \
         .when = &granted,                                                                         \
         .help = "most that begin in any 24 hours"},                                               \
        {KEY(prefix "interval", FIELD_TIME, base.interval_ms),                                     \
         .unit = "min",                                                                            \
         .value = 1440,                                                                            \
         .low = 1,                                                                                 \
         .high = 1440,                                                                             \
         .when = &granted,                                                                         \
         .help = "span of per_interval; the lockout at least"},                                    \
        {KEY(prefix "per_interval", FIELD_INTEGER, base.per_interval),                             \
         PLAIN,                                                                                    \
         .value = 32,                                                                              \
         .low = 1,                                                                                 \
         .high = 32,                                                                               \
         .when = &granted,                                                                         \
         .help = "most that begin in any such span"},
/* A row of a model's list; PREFIX, OWNER, WHEN and MEMBER(field) are set around each include. */
#define PARAM(key, field, unit_, value_, low_, high_, help_, source_)                              \
    {.path = PREFIX #key,                                                                          \
     .type = FIELD_QUANTITY,                                                                       \
     .owner = OWNER,                                                                               \
     .offset = MEMBER(field),                                                                      \
     .unit = unit_,                                                                                \
     .value = value_,                                                                              \
     .low = low_,                                                                                  \
     .high = high_,                                                                                \
     .help = help_,                                                                                \
     .source = source_,                                                                            \
     .when = WHEN,                                                                                 \
     .model = 1},
#define WHEN NULL

static const field_t rows[] = {
    {STUDY("study.name", FIELD_NAME, name), PLAIN, .required = 1,
     .help = "short name; the dataset is called after it"},
    {STUDY("study.title", FIELD_TEXT, title), PLAIN, .text = "", .help = "one line for people"},
    {STUDY("study.description", FIELD_PROSE, description), PLAIN, .text = "",
     .help =
         "the question in a paragraph of plain text, at most 1,000 characters, over several lines "
         "behind `>-`; it stands on top of page and summary"},
    {STUDY("study.patients", FIELD_INTEGER, patients), PLAIN, .low = 1, .high = 1e6, .required = 1,
     .help = "virtual patients in each arm"},
    {STUDY("study.horizon", FIELD_TIME, horizon_ms), .unit = "day", .low = 1.0 / 1440.0,
     .high = 36525, .required = 1, .help = "time simulated for each patient"},
    {STUDY("study.seed", FIELD_INTEGER, seed), PLAIN, .value = 1, .low = 0,
     .high = 9007199254740991.0, .help = "key of all random draws: same seed, same bytes"},
    {STUDY("study.arms", FIELD_NAMES, arms), PLAIN, .text = "reference", .low = 1,
     .high = STUDY_ARMS_MAX,
     .help = "arms that are compared: names, or {name: ..., set: {key: value}} with what sets one "
             "apart"},
    {STUDY("study.parameter_draws", FIELD_INTEGER, parameter_draws), PLAIN, .low = 0, .high = 1e6,
     .help = "draws of what `uncertain` lists; every patient lives once in each, and once with the "
             "study's own values, which are replicate 0"},

    {STUDY("drugs", FIELD_LIST, n_drugs), PLAIN, .low = 1, .high = SEGMENT_DRUGS_MAX, .required = 1,
     .items = FIELD_DRUG, .help = "drugs in the reservoir; doses speak of the first"},
    {DRUG("name", FIELD_NAME, name), PLAIN, .required = 1, .help = "name of the drug"},
    {DRUG("concentration", FIELD_QUANTITY, concentration_ug_per_ml), .unit = "ug/mL", .low = 0.001,
     .high = 1e6, .required = 1, .help = "concentration in the reservoir and in refills"},
#define PREFIX "drugs[].kinetics."
#define OWNER FIELD_DRUG
#define MEMBER(field) offsetof(study_drug_t, kinetics.field)
#include "body/drug.def"
#undef PREFIX
#undef MEMBER
#define PREFIX "drugs[].compound."
#define MEMBER(field) offsetof(study_drug_t, compound.field)
#include "device/compound.def"
#undef PREFIX
#undef OWNER
#undef MEMBER

#define OWNER FIELD_STUDY
#include "config/field_pump.def"
#define PREFIX "refill."
#define MEMBER(field) offsetof(study_t, needle.field)
#include "device/needle.def"
#undef PREFIX
#undef MEMBER

    {STUDY("clinic.policy", FIELD_CHOICE, clinic_policy), PLAIN, .text = "none", .choice = policies,
     .help = "none: the pump is established and only events happen; titration: the clinic screens, "
             "implants, titrates and refills"},
    {STUDY("clinic.primes", FIELD_CHOICE, clinic_primes), PLAIN, .text = "own", .choice = primes,
     .when = &titrated,
     .help =
         "whose constants a prime goes by after an operation that put in a catheter, or a part of "
         "one, without drug: as events[].release; "
         "none: nothing is primed, nor the tubing of a next pump filled, and no drug comes until "
         "that "
         "fluid has passed",
     .source =
         "that a catheter is primed after its pump: Best Practices for ITB, Neuromodulation 2016"},
#define PREFIX "clinic."
#define MEMBER(field) offsetof(study_t, clinic.field)
#undef WHEN
#define WHEN &titrated
#include "care/clinic.def"
#undef PREFIX
#undef MEMBER
#undef WHEN
#define WHEN NULL

    {STUDY("therapy.mode", FIELD_CHOICE, therapy.mode), PLAIN, .text = "simple",
     .choice = therapy_modes, .when = &established,
     .help = "simple: the same dose at all hours; flex: steps through the day; stopped: nothing is "
             "commanded"},
    {STUDY("therapy.dose", FIELD_QUANTITY, therapy.dose_ug_per_day), .unit = "ug/day", .low = 0.001,
     .high = 1e6, .required = 1, .when = &simple, .help = "daily dose of the first drug"},
    {STUDY("therapy.steps", FIELD_LIST, therapy.modes.n_steps), PLAIN, .low = 1,
     .high = ORDER_STEPS_MAX, .required = 1, .items = FIELD_STEP, .when = &flex,
     .help = "dose rates through the day; on each day the times rise"},
    {STUDY("therapy.timed", FIELD_LIST, therapy.modes.n_timed), PLAIN, .low = 0,
     .high = ORDER_TIMED_MAX, .items = FIELD_TIMED, .when = &running,
     .help = "boluses that begin by themselves, on top of the dose"},
    STEP_ROWS("therapy.steps", FIELD_STEP) TIMED_ROWS("therapy.timed", FIELD_TIMED)
        REQUEST_ROWS(STUDY, "therapy.on_request.", therapy.modes.on_request, running, granted){
            STUDY("therapy.limits.daily_dose", FIELD_QUANTITY, therapy.limit_dose_ug_per_day),
            .unit = "ug/day", .value = 1000, .low = 0.001, .high = 1e6, .when = &programmable,
            .help = "most of the first drug in any 24 hours, boluses included",
            .source =
                "assumption: for baclofen, whose maintenance rarely exceeds 1000 ug/day (Lioresal "
                "Intrathecal prescribing information)"},
    {STUDY("therapy.limits.rate", FIELD_QUANTITY, therapy.limit_rate_ml_per_day), .unit = "mL/day",
     .value = STUDY_RATE_MAX_ML_PER_DAY, .low = STUDY_RATE_MIN_ML_PER_DAY,
     .high = STUDY_RATE_MAX_ML_PER_DAY, .when = &programmable,
     .help = "greatest flow, boluses included", .source = "0.048-24 mL/day: SynchroMed II"},

    {STUDY("catheter.tip", FIELD_LEVEL, catheter.tip), PLAIN, .required = 1,
     .help = "vertebral level of the catheter tip"},
    {STUDY("catheter.primed", FIELD_BOOLEAN, catheter.primed), PLAIN, .text = "true",
     .choice = booleans, .help = "tubing and catheter hold the drug at enrolment"},
#define PREFIX "catheter."
#define MEMBER(field) offsetof(study_t, catheter.parameters.field)
#include "device/catheter.def"
#undef PREFIX
#undef MEMBER
    {STUDY("catheter.fails", FIELD_CHOICE, catheter.fails), PLAIN, .text = "none",
     .choice = catheters_fail,
     .help = "none: catheters last; legacy, modern: they fail of themselves, as older ones of "
             "silicone or as reinforced ones do"},
#undef WHEN
#define WHEN &failing
#define PREFIX "catheter.fate."
#define MEMBER(field) offsetof(study_t, catheter.fate.field)
#include "device/catheter_fate.def"
#undef PREFIX
#undef MEMBER
#undef WHEN
#define WHEN NULL

    {STUDY("body.model", FIELD_CHOICE, body.model), PLAIN, .text = "intrathecal",
     .choice = body_models,
     .help = "intrathecal: CSF, cord, plasma and effect; none: the device alone"},
#define PREFIX "body.csf."
#define MEMBER(field) offsetof(study_t, body.csf.field)
#include "body/csf.def"
#undef PREFIX
#undef MEMBER
    {STUDY("body.response.target", FIELD_LEVEL, body.target), PLAIN, .text = "T12",
     .help = "level of the cord whose drug acts on tone",
     .source = "assumption: the lumbosacral enlargement lies behind T10 to L1"},
#define PREFIX "body.response."
#define MEMBER(field) offsetof(study_t, body.ashworth.field)
#include "body/ashworth.def"
#undef PREFIX
#undef MEMBER
#define PREFIX "body.tolerance."
#define MEMBER(field) offsetof(study_t, body.tolerance.field)
#include "body/tolerance.def"
#undef PREFIX
#undef MEMBER

#define PREFIX "population."
#define MEMBER(field) offsetof(study_t, population.field)
#include "body/population.def"
#undef PREFIX
#undef MEMBER
    {STUDY("population.mortality.model", FIELD_CHOICE, mortality.model), PLAIN, .text = "none",
     .choice = mortalities,
     .help = "none: nobody dies but by an order of events[]; gompertz: people die of disease and "
             "age, unrelated to the therapy and at the same time in every arm"},
#undef WHEN
#define WHEN &mortal
#define PREFIX "population.mortality."
#define MEMBER(field) offsetof(study_t, mortality.parameters.field)
#include "body/mortality.def"
#undef PREFIX
#undef MEMBER
#undef WHEN
#define WHEN NULL
#undef OWNER
    {STUDY("population.cohort", FIELD_TEXT, cohort.file), PLAIN, .optional = 1,
     .help = "frozen cohort that thecasim population wrote: patients are its people, with its "
             "values of population but for mortality, body.csf, body.response, body.tolerance, "
             "drugs[].kinetics and catheter.tip; by default people are drawn"},
    {STUDY("population.cohort_hash", FIELD_TEXT, cohort.hash), PLAIN, .optional = 1,
     .help = "its hash: another file of that name is refused"},

    {STUDY("record.lumbar", FIELD_LEVEL, record.lumbar), PLAIN, .text = "L3/4",
     .help = "where lumbar CSF is sampled"},
    {STUDY("record.daily_time", FIELD_TIME, record.daily_time_ms), .unit = "h", .value = 12,
     .low = 0, .high = 24.0 - 1.0 / 60.0,
     .help = "hour of the day, from its start, of the daily series"},
    {STUDY("record.canal", FIELD_TIME, record.canal_ms), .unit = "day", .low = 0, .high = 36525,
     .help = "from sample to sample of the concentration along the whole canal, level by level, at "
             "the hour of the daily series: whole days, such as 7 day; 0: none is recorded"},

    {STUDY("uncertain", FIELD_LIST, n_uncertain), PLAIN, .low = 0, .high = STUDY_UNCERTAIN_MAX,
     .items = FIELD_UNCERTAIN,
     .help = "what is not known: keys and the spread of their values, drawn study.parameter_draws "
             "times, each independently of the others"},
    {UNCERTAIN("key", FIELD_KEY, key), PLAIN, .required = 1,
     .help = "a number of body, drugs[].kinetics, drugs[].compound, population, pump, catheter, "
             "refill or clinic, as body.csf.dispersion_lumbar or drugs[0].kinetics.loss; no arm "
             "sets it"},
    {UNCERTAIN("low", FIELD_OF_KEY, low), PLAIN, .required = 1,
     .help = "lower end of the central 95 %, of a uniform one of all; in a unit of the key's"},
    {UNCERTAIN("high", FIELD_OF_KEY, high), PLAIN, .required = 1,
     .help = "upper end; draws beyond the key's own range are cut off"},
    {UNCERTAIN("shape", FIELD_CHOICE, shape), PLAIN, .text = "by_range", .choice = shapes,
     .help = "by_range: log_normal where low is above 0, else normal"},

    {STUDY("events", FIELD_LIST, n_events), PLAIN, .low = 0, .high = STUDY_EVENTS_MAX,
     .items = FIELD_EVENT, .help = "scripted orders, in any order"},
#include "config/field_event.def"
    REQUEST_ROWS(EVENT, "on_request.", modes.on_request, new_running, new_granted)
        STEP_ROWS("events[].steps", FIELD_EVENT_STEP)
            TIMED_ROWS("events[].timed", FIELD_EVENT_TIMED)};
#undef PARAM
#undef WHEN

const field_t *field_table(size_t *n)
{
    *n = sizeof rows / sizeof rows[0];
    return rows;
}

const field_t *field_find(const char *path)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].path, path) == 0)
            return &rows[i];
    return NULL;
}

int field_is_section(const char *path)
{
    size_t n = strlen(path);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strncmp(rows[i].path, path, n) == 0 && rows[i].path[n] == '.')
            return 1;
    return 0;
}

const char *field_unit(const field_t *f)
{
    return strcmp(f->unit, "1e-6") == 0 ? "ppm" : f->unit;
}

const char *field_local(const field_t *f)
{
    const char *local = f->path;
    for (const char *b = strstr(local, "[]."); b != NULL; b = strstr(local, "[]."))
        local = b + 3;
    return local;
}

void *field_base(study_t *s, field_owner_t owner, field_index_t at)
{
    switch (owner) {
    case FIELD_DRUG:
        return &s->drug[at.item];
    case FIELD_EVENT:
        return &s->event[at.item];
    case FIELD_STEP:
        return &s->therapy.modes.step[at.item];
    case FIELD_TIMED:
        return &s->therapy.modes.timed[at.item];
    case FIELD_EVENT_STEP:
        return &s->event[at.item].modes.step[at.inner];
    case FIELD_EVENT_TIMED:
        return &s->event[at.item].modes.timed[at.inner];
    case FIELD_UNCERTAIN:
        return &s->uncertain[at.item];
    case FIELD_STUDY:
    default:
        return s;
    }
}

void field_place(const field_t *f, field_index_t at, char *out, size_t size)
{
    const size_t number[] = {at.item, at.inner};
    const char *rest = f->path;
    size_t used = 0;
    for (size_t k = 0; k < 2 && used < size; k++) {
        const char *bracket = strstr(rest, "[].");
        if (bracket == NULL)
            break;
        used += (size_t)snprintf(out + used, size - used, "%.*s[%zu].", (int)(bracket - rest), rest,
                                 number[k]);
        rest = bracket + 3;
    }
    if (used < size)
        snprintf(out + used, size - used, "%s", rest);
}

const field_t *field_meant(const field_t *f, const void *base)
{
    field_index_t at;
    return f->type == FIELD_OF_KEY ? uncertain_field(((const study_uncertain_t *)base)->key, &at)
                                   : f;
}

static int holds(const field_when_t *when, const void *base)
{
    int value;
    uint64_t bits;
    if (when->test == FIELD_GIVEN) {
        memcpy(&bits, (const char *)base + when->offset, sizeof bits);
        return bits != 0;
    }
    memcpy(&value, (const char *)base + when->offset, sizeof value);
    if (when->test == FIELD_AMONG)
        return value >= (when->value & 0xFFFF) && value <= when->value >> 16;
    return (value == when->value) == (when->test == FIELD_IS);
}

const field_when_t *field_lacks(const field_t *f, const void *base)
{
    for (const field_when_t *when = f->when; when != NULL; when = when->also)
        if (!holds(when, base))
            return when;
    return NULL;
}
