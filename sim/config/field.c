/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the field table. */
#include "config/field.h"

#include <string.h>

static const char *const pump_kinds[] = {"programmable", "constant_flow", NULL};
static const char *const therapy_modes[] = {"stopped", "simple", NULL};
static const char *const body_models[] = {"intrathecal", "none", NULL};
static const char *const orders[] = {"refill", "therapy", "bolus", NULL};
static const char *const policies[] = {"none", "titration", NULL};
static const char *const booleans[] = {"false", "true", NULL};

static const field_when_t constant_flow = {
    "pump.kind is constant_flow", offsetof(study_t, pump.kind), STUDY_PUMP_CONSTANT_FLOW, NULL};
static const field_when_t programmable = {"pump.kind is programmable", offsetof(study_t, pump.kind),
                                          STUDY_PUMP_PROGRAMMABLE, NULL};
static const field_when_t established = {"clinic.policy is none", offsetof(study_t, clinic_policy),
                                         STUDY_POLICY_NONE, &programmable};
static const field_when_t titrated = {
    "clinic.policy is titration", offsetof(study_t, clinic_policy), STUDY_POLICY_TITRATION, NULL};
static const field_when_t simple = {"therapy.mode is simple", offsetof(study_t, therapy.mode),
                                    STUDY_THERAPY_SIMPLE, &established};
static const field_when_t dated = {"`when` is not given",
                                   offsetof(study_event_t, when.after_implant), 0, NULL};
static const field_when_t refill = {"order is refill", offsetof(study_event_t, order),
                                    STUDY_ORDER_REFILL, NULL};
static const field_when_t therapy = {"order is therapy", offsetof(study_event_t, order),
                                     STUDY_ORDER_THERAPY, NULL};
static const field_when_t new_dose = {"order is therapy and mode is simple",
                                      offsetof(study_event_t, mode), STUDY_THERAPY_SIMPLE, NULL};
static const field_when_t bolus = {"order is bolus", offsetof(study_event_t, order),
                                   STUDY_ORDER_BOLUS, NULL};

#define STUDY(key, kind, member) .path = key, .type = kind, .offset = offsetof(study_t, member)
#define DRUG(key, kind, member)                                                                    \
    .path = "drugs[]." key, .type = kind, .owner = FIELD_DRUG,                                     \
    .offset = offsetof(study_drug_t, member)
#define EVENT(key, kind, member)                                                                   \
    .path = "events[]." key, .type = kind, .owner = FIELD_EVENT,                                   \
    .offset = offsetof(study_event_t, member)
#define PLAIN .unit = "1"
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
     .help = "draws of the uncertain parameters; 0, so far the only value, takes the central ones"},

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
#undef OWNER
#undef MEMBER

#define OWNER FIELD_STUDY
    {STUDY("pump.kind", FIELD_CHOICE, pump.kind), PLAIN, .text = "programmable",
     .choice = pump_kinds,
     .help = "programmable: a dosing core commands each pulse; constant_flow: no core"},
    {STUDY("pump.flow", FIELD_QUANTITY, pump.flow_ml_per_day), .unit = "mL/day",
     .low = STUDY_RATE_MIN_ML_PER_DAY, .high = STUDY_RATE_MAX_ML_PER_DAY, .required = 1,
     .when = &constant_flow, .help = "flow of a constant-flow pump"},
    {STUDY("pump.fill", FIELD_QUANTITY, pump.fill_ml), .unit = "mL", .value = 20, .low = 0,
     .high = 50, .help = "volume in the reservoir at enrolment, above the residual"},
    {STUDY("pump.low_alarm", FIELD_QUANTITY, pump.low_alarm_ml), .unit = "mL", .value = 2, .low = 0,
     .high = 50, .when = &programmable, .help = "volume at which the low-reservoir alarm sounds",
     .source = "assumption: 2 mL, the usual setting; sweep 1-3"},
#define PREFIX "pump.reservoir."
#define MEMBER(field) offsetof(study_t, pump.reservoir.field)
#include "device/reservoir.def"
#undef PREFIX
#undef MEMBER
#define PREFIX "pump.head."
#define MEMBER(field) offsetof(study_t, pump.head.field)
#include "device/pump_head.def"
#undef PREFIX
#undef MEMBER
#define PREFIX "pump.battery."
#define MEMBER(field) offsetof(study_t, pump.battery.field)
#include "device/battery.def"
#undef PREFIX
#undef MEMBER
#define PREFIX "pump.oscillator."
#define MEMBER(field) offsetof(study_t, pump.oscillator.field)
#include "device/oscillator.def"
#undef PREFIX
#undef MEMBER

    {STUDY("clinic.policy", FIELD_CHOICE, clinic_policy), PLAIN, .text = "none", .choice = policies,
     .help = "none: the pump is established and only events happen; titration: the clinic screens, "
             "implants, titrates and refills"},
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
     .help = "simple: the same dose at all hours; stopped: nothing is commanded"},
    {STUDY("therapy.dose", FIELD_QUANTITY, therapy.dose_ug_per_day), .unit = "ug/day", .low = 0.001,
     .high = 1e6, .required = 1, .when = &simple, .help = "daily dose of the first drug"},
    {STUDY("therapy.limits.daily_dose", FIELD_QUANTITY, therapy.limit_dose_ug_per_day),
     .unit = "ug/day", .value = 1000, .low = 0.001, .high = 1e6, .when = &programmable,
     .help = "most of the first drug in any 24 hours, boluses included",
     .source = "assumption: for baclofen, whose maintenance rarely exceeds 1000 ug/day (Lioresal "
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
#undef OWNER

    {STUDY("record.lumbar", FIELD_LEVEL, record.lumbar), PLAIN, .text = "L3/4",
     .help = "where lumbar CSF is sampled"},
    {STUDY("record.daily_time", FIELD_TIME, record.daily_time_ms), .unit = "h", .value = 12,
     .low = 0, .high = 24.0 - 1.0 / 60.0,
     .help = "hour of the day, from its start, of the daily series"},

    {STUDY("events", FIELD_LIST, n_events), PLAIN, .low = 0, .high = STUDY_EVENTS_MAX,
     .items = FIELD_EVENT, .help = "scripted orders, in any order"},
    {EVENT("when", FIELD_MOMENT, when), .unit = "day", .low = 0, .high = 36525, .optional = 1,
     .help = "a moment in place of `at`: implant, or implant + a time"},
    {EVENT("at", FIELD_TIME, at_ms), .unit = "day", .low = 0, .high = 36525, .required = 1,
     .when = &dated, .help = "time since enrolment"},
    {EVENT("patient", FIELD_INTEGER, patient), PLAIN, .low = 1, .high = 1e6, .optional = 1,
     .help = "for this patient alone; by default for all"},
    {EVENT("fraction", FIELD_QUANTITY, fraction), PLAIN, .value = 1, .low = 1e-6, .high = 1,
     .help = "share of the patients, each chosen by an own draw"},
    {EVENT("order", FIELD_CHOICE, order), PLAIN, .choice = orders, .required = 1,
     .help = "refill: withdraw and fill; therapy: programme another; bolus: one bolus"},
    {EVENT("volume", FIELD_QUANTITY, volume_ml), .unit = "mL", .low = 0.1, .high = 50,
     .required = 1, .when = &refill, .help = "volume injected into the reservoir"},
    {EVENT("concentration", FIELD_QUANTITY, concentration_ug_per_ml[0]), .unit = "ug/mL",
     .low = 0.001, .high = 1e6, .optional = 1, .when = &refill,
     .help = "concentration of the first drug in the refill; by default the drug's own"},
    {EVENT("mode", FIELD_CHOICE, mode), PLAIN, .choice = therapy_modes, .text = "simple",
     .when = &therapy, .help = "as therapy.mode"},
    {EVENT("dose", FIELD_QUANTITY, dose_ug_per_day), .unit = "ug/day", .low = 0.001, .high = 1e6,
     .required = 1, .when = &new_dose, .help = "as therapy.dose"},
    {EVENT("amount", FIELD_QUANTITY, amount_ug), .unit = "ug", .low = 0.001, .high = 1e6,
     .required = 1, .when = &bolus, .help = "amount of the first drug, on top of the therapy"},
    {EVENT("over", FIELD_TIME, over_ms), .unit = "min", .value = 10, .low = 1, .high = 1440,
     .when = &bolus, .help = "duration of the bolus"},
};
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
    const char *bracket = strstr(f->path, "[].");
    return bracket != NULL ? bracket + 3 : f->path;
}

void *field_base(study_t *s, field_owner_t owner, size_t index)
{
    if (owner == FIELD_DRUG)
        return &s->drug[index];
    if (owner == FIELD_EVENT)
        return &s->event[index];
    return s;
}

const field_when_t *field_lacks(const field_t *f, const void *base)
{
    for (const field_when_t *when = f->when; when != NULL; when = when->also) {
        int value;
        memcpy(&value, (const char *)base + when->offset, sizeof value);
        if (value != when->value)
            return when;
    }
    return NULL;
}
