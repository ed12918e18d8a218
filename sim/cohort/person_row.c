/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of a person, from the members of person_t and the models' lists. */
#include "cohort/person_row.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "body/anatomy.h"

typedef enum column_kind_t { PATIENT, REAL, WHOLE, LEVEL } column_kind_t;

typedef struct column_t {
    frozen_field_t field;
    size_t offset; /* in person_t */
    column_kind_t kind;
} column_t;

/* The levels as the numbers of half ones: 0 is SAC, 1 its border with L5, 2 L5. */
#define LEVELS                                                                                     \
    "SAC SAC/L5 L5 L5/L4 L4 L4/L3 L3 L3/L2 L2 L2/L1 L1 L1/T12 T12 T12/T11 T11 T11/T10 T10 "        \
    "T10/T9 T9 T9/T8 T8 T8/T7 T7 T7/T6 T6 T6/T5 T5 T5/T4 T4 T4/T3 T3 T3/T2 T2 T2/T1 T1 T1/C7 C7 "  \
    "C7/C6 C6 C6/C5 C5 C5/C4 C4 C4/C3 C3 C3/C2 C2 C2/C1 C1"
#define LEVELS_LAST (2 * (ANATOMY_LEVELS - 1))

#define NONE ((double)NAN)
#define MEMBER(member, unit, low, high, help)                                                      \
    {                                                                                              \
        {#member, unit, help, "", 0, low, high, NONE, ""}, offsetof(person_t, member), REAL        \
    }
#define COUNTED(name, member, low, high, names, help)                                              \
    {                                                                                              \
        {name, "1", help, "", 1, low, high, NONE, names}, offsetof(person_t, member), WHOLE        \
    }
#define GROUP(i)                                                                                   \
    {                                                                                              \
        {"muscle_group_" #i,                                                                       \
         "1",                                                                                      \
         "standard normal of the muscle group's own tone about the baseline",                      \
         "",                                                                                       \
         0,                                                                                        \
         -40,                                                                                      \
         40,                                                                                       \
         NONE,                                                                                     \
         ""},                                                                                      \
            offsetof(person_t, group_normal[i]), REAL                                              \
    }
#define PARAM(key, member, unit, value, low, high, help, source)                                   \
    {{PREFIX #member, unit, help, SECTION #key, 0, low, high, NONE, ""},                           \
     offsetof(person_t, PART.member),                                                              \
     REAL},

static const column_t columns[] = {
    {{"patient", "1", "patient id, counted from 1", "", 1, 1, 1e6, NONE, ""}, 0, PATIENT},
    COUNTED("draw_attempts", attempts, 1, 100, "", "attempts until the person drawn was plausible"),
    COUNTED("values_held", held, 0, 1000, "",
            "drawn values that were held to the ends of their ranges"),
    COUNTED("sex", sex, 0, 1, "male female", "sex of the patient"),
    COUNTED("diagnosis", diagnosis, 0, 2, "spinal_cord_injury multiple_sclerosis other",
            "what made the spasticity"),
    COUNTED("tolerance_class", tolerance_class, 0, 1, "ends continues",
            "whether this person's tolerance ends, or keeps on rising"),
    MEMBER(age_years, "year", 18, 80, "age at enrolment"),
    MEMBER(height_cm, "cm", 0, 300, "body height"),
    MEMBER(weight_kg, "kg", 0, 900, "body weight"),
    MEMBER(bmi_kg_per_m2, "kg/m2", 0, 100, "body mass index"),
    MEMBER(canal_csf_ml, "mL", 0, 1000, "CSF volume of the spinal canal"),
    MEMBER(canal_cm, "cm", 0, 200,
           "length of the spinal canal, from the end of the dural sac to the foramen magnum"),
    {{"tip_level", "1", "where the catheter's tip lies, rather than where it was meant to",
      "catheter.tip", 1, 0, LEVELS_LAST, NONE, LEVELS},
     offsetof(person_t, tip_level),
     LEVEL},
    MEMBER(tip_cm, "cm", 0, 200, "the same, from the end of the dural sac"),
    MEMBER(stroke_factor, "1", 0, 1e6, "CSF stroke volume over the median"),
    MEMBER(clearance_factor, "1", 0, 1e6, "plasma clearance over the median"),
#define PREFIX "csf_"
#define SECTION "body.csf."
#define PART csf
#include "body/csf.def"
#undef PREFIX
#undef SECTION
#undef PART
#define PREFIX "response_"
#define SECTION "body.response."
#define PART ashworth
#include "body/ashworth.def"
#undef PREFIX
#undef SECTION
#undef PART
#define PREFIX "tolerance_"
#define SECTION "body.tolerance."
#define PART tolerance
#include "body/tolerance.def"
#undef PREFIX
#undef SECTION
#undef PART
    GROUP(0),
    GROUP(1),
    GROUP(2),
    GROUP(3),
    GROUP(4),
    GROUP(5),
    GROUP(6),
    GROUP(7),
#define PREFIX "drug0_"
#define SECTION "drugs[0].kinetics."
#define PART drug[0]
#include "body/drug.def"
#undef PREFIX
#undef SECTION
#undef PART
#define PREFIX "drug1_"
#define SECTION "drugs[1].kinetics."
#define PART drug[1]
#include "body/drug.def"
#undef PREFIX
#undef SECTION
#undef PART
#define PREFIX "drug2_"
#define SECTION "drugs[2].kinetics."
#define PART drug[2]
#include "body/drug.def"
#undef PREFIX
#undef SECTION
#undef PART
#define PREFIX "drug3_"
#define SECTION "drugs[3].kinetics."
#define PART drug[3]
#include "body/drug.def"
#undef PREFIX
#undef SECTION
#undef PART
#define PREFIX "drug4_"
#define SECTION "drugs[4].kinetics."
#define PART drug[4]
#include "body/drug.def"
#undef PREFIX
#undef SECTION
#undef PART
#define PREFIX "drug5_"
#define SECTION "drugs[5].kinetics."
#define PART drug[5]
#include "body/drug.def"
#undef PREFIX
#undef SECTION
#undef PART
};
#undef PARAM

#define COLUMNS (sizeof columns / sizeof columns[0])
#define OF_A_DRUG (sizeof(drug_param_t) / sizeof(double))

_Static_assert(ASHWORTH_GROUPS == 8 && SEGMENT_DRUGS_MAX == 6 && COLUMNS <= FROZEN_FIELDS_MAX,
               "a column for each muscle group and for each parameter of each drug");
_Static_assert(sizeof(enum person_sex) == sizeof(int) &&
                   sizeof(enum person_diagnosis) == sizeof(int) &&
                   sizeof(enum person_tolerance) == sizeof(int),
               "whole columns are read and written as int");

size_t person_row_columns(int drugs)
{
    return COLUMNS - (size_t)(SEGMENT_DRUGS_MAX - drugs) * OF_A_DRUG;
}

const frozen_field_t *person_row_field(size_t i)
{
    return &columns[i].field;
}

/* ---- levels ---- */

static int name_level(int half, char name[ANATOMY_NAME_SIZE])
{
    const anatomy_level_t *low = anatomy_level(half / 2), *high = anatomy_level((half + 1) / 2);
    if (half < 0 || low == NULL || high == NULL) {
        return -1;
    }
    memset(name, 0, ANATOMY_NAME_SIZE);
    (void)snprintf(name, ANATOMY_NAME_SIZE, low == high ? "%s" : "%s/%s", low->name, high->name);
    return 0;
}

/* The number of a level as anatomy_shift writes it; -1: there is none of that name. */
static int number_level(const char *name)
{
    char other[ANATOMY_NAME_SIZE];
    for (int half = 0; half <= LEVELS_LAST; half++) {
        if (name_level(half, other) == 0 && strcmp(name, other) == 0) {
            return half;
        }
    }
    return -1;
}

/* ---- rows ---- */

int person_row_write(const person_t *person, int64_t patient, double *row, error_t *e)
{
    for (size_t i = 0; i < person_row_columns(person->drugs); i++) {
        const char *member = (const char *)person + columns[i].offset;
        int whole = 0;
        switch (columns[i].kind) {
        case PATIENT:
            row[i] = (double)patient;
            break;
        case REAL:
            memcpy(&row[i], member, sizeof row[i]);
            break;
        case WHOLE:
            memcpy(&whole, member, sizeof whole);
            row[i] = whole;
            break;
        case LEVEL:
            row[i] = number_level(member);
            if (row[i] < 0) {
                return ERROR_RAISE(e, ERROR_ARGUMENT, "no level of the canal is called '%s'",
                                   member);
            }
            break;
        }
    }
    return 0;
}

static int check_named(const column_t *c, double value, error_t *e)
{
    return value == rint(value) && value >= c->field.low && value <= c->field.high
               ? 0
               : ERROR_RAISE(e, ERROR_ARGUMENT,
                             "%s is %g, a whole number from %g to %g is expected", c->field.name,
                             value, c->field.low, c->field.high);
}

int person_row_read(person_t *person, int drugs, const double *row, error_t *e)
{
    int rc = 0;
    memset(person, 0, sizeof *person);
    person->drugs = drugs;
    for (size_t i = 0; rc == 0 && i < person_row_columns(drugs); i++) {
        char *member = (char *)person + columns[i].offset;
        if (columns[i].kind == REAL) {
            memcpy(member, &row[i], sizeof row[i]);
            continue;
        }
        rc = check_named(&columns[i], row[i], e);
        const int whole = rc == 0 ? (int)row[i] : 0;
        if (columns[i].kind == WHOLE) {
            memcpy(member, &whole, sizeof whole);
        } else if (columns[i].kind == LEVEL) {
            (void)name_level(whole, member);
        }
    }
    return rc;
}

int person_row_central(const person_centre_t *centre, person_t *person, error_t *e)
{
    memset(person, 0, sizeof *person);
    person->csf = centre->csf;
    person->drugs = centre->drugs;
    memcpy(person->drug, centre->drug, sizeof person->drug);
    person->ashworth = centre->ashworth;
    person->tolerance = centre->tolerance;
    return anatomy_shift(centre->tip_level, 0, person->tip_level, e);
}
