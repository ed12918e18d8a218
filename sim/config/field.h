/* SPDX-License-Identifier: Apache-2.0 */
/* The field table: every key that a study may hold, once.
 *
 * The same rows read a config (reading.h), print it resolved (resolved.h) and document it (reference.h).
 * The parameters of the models come in by expanding their own `.def` lists. The table is constant and
 * may be read from any thread.
 */
#ifndef CONFIG_FIELD_H
#define CONFIG_FIELD_H

#include <stddef.h>

#include "config/study.h"

typedef enum field_type_t {
    FIELD_QUANTITY, /* double, in `unit`; "1" is a pure number */
    FIELD_TIME,     /* int64_t ms, rounded to the nearest; value, low and high are in `unit` */
    FIELD_INTEGER,  /* int64_t */
    FIELD_BOOLEAN,  /* int, 0 or 1 */
    FIELD_CHOICE,   /* int, index into `choice` */
    FIELD_NAME,   /* char[STUDY_NAME_SIZE]: letters, digits, "-" and "_", first a letter or digit */
    FIELD_TEXT,   /* char[STUDY_TITLE_SIZE]: one line of any text, may be empty */
    FIELD_PROSE,  /* char[STUDY_DESCRIPTION_SIZE]: a paragraph of any text, may be empty */
    FIELD_LEVEL,  /* char[STUDY_LEVEL_SIZE]: a vertebral level or interspace */
    FIELD_NAMES,  /* study_arms_t: a list of names */
    FIELD_MOMENT, /* study_moment_t: "implant" or "implant + 30 day" */
    FIELD_CLOCK,  /* int64_t: minute of the day, "06:30" */
    FIELD_DAYS,   /* int64_t: bits of days of the week, one name or a list of names */
    FIELD_LIST,   /* int64_t: the number of items, whose fields have owner `items` */
    FIELD_KEY,    /* char[STUDY_KEY_SIZE]: a key of another field, see uncertain.h */
    FIELD_OF_KEY, /* double: a value of the field that the same item's key names, see field_meant */
} field_type_t;

typedef enum field_owner_t {
    FIELD_STUDY,      /* offsets are in study_t */
    FIELD_DRUG,       /* in study_drug_t, paths begin "drugs[]." */
    FIELD_EVENT,      /* in study_event_t, paths begin "events[]." */
    FIELD_STEP,       /* in order_step_t, of therapy.steps */
    FIELD_TIMED,      /* in order_timed_t, of therapy.timed */
    FIELD_EVENT_STEP, /* the same of events[].steps and events[].timed: lists inside an item */
    FIELD_EVENT_TIMED,
    FIELD_UNCERTAIN, /* in study_uncertain_t, paths begin "uncertain[]." */
} field_owner_t;

/* Which item of the owner's list; for a list inside an item, that item's number and the number in it. */
typedef struct field_index_t {
    size_t item;
    size_t inner;
} field_index_t;

typedef enum field_test_t {
    FIELD_IS, /* the int is the value */
    FIELD_IS_NOT,
    FIELD_AMONG, /* the int is one of the value's span, FIELD_SPAN */
    FIELD_GIVEN, /* the 8 bytes of an optional member are not 0 */
} field_test_t;

/* A field applies only where a choice, earlier in the table and of the same owner, has a value, or where an optional field is
 * given. */
typedef struct field_when_t {
    const char *says; /* "pump.kind is constant_flow" */
    size_t offset;    /* of the choice's int, or of the optional member */
    int value;
    const struct field_when_t *also; /* a second condition; NULL if there is none */
    field_test_t test;
} field_when_t;

/* Choices that stand beside each other, from `first` to `last`; below 2^15. */
#define FIELD_SPAN(first, last) ((first) | (last) << 16)

typedef struct field_t {
    const char *path; /* "pump.head.ripple", "drugs[].name" */
    field_type_t type;
    field_owner_t owner;
    size_t offset;    /* of the member in the owner's struct */
    const char *unit; /* of quantities and times: UDUNITS-2 spelling; else "1" */
    double value, low,
        high;         /* default and accepted range, ends included; lists: range of the count */
    const char *text; /* default of choices, names, texts, levels, booleans */
    const char *const *choice; /* NULL-terminated; index is the enum's value */
    int required;              /* has no default */
    int optional;              /* may be absent without a default: the member is then 0 */
    const field_when_t *when;  /* NULL: always */
    int model;                 /* comes from a model's `.def` list */
    field_owner_t items;       /* FIELD_LIST */
    const char *help;          /* one line */
    const char *source;        /* of the default or range; NULL where it is plain convention */
} field_t;

/* The rows in the order in which they are read and printed; *n rows, static storage. */
const field_t *field_table(size_t *n);

/* The row of a path, NULL if there is none. */
const field_t *field_find(const char *path);

/* 1 if `path` is a section: a proper prefix, ended at a point, of some row's path, as in "pump.head". */
int field_is_section(const char *path);

/* The unit as a person writes it ("ppm" for 1e-6). */
const char *field_unit(const field_t *f);

/* The path below the item of the innermost list ("name" of "drugs[].name"), or the path itself. */
const char *field_local(const field_t *f);

/* The item of a list in the study, as a base for the offsets of its fields; the study itself for FIELD_STUDY. */
void *field_base(study_t *s, field_owner_t owner, field_index_t at);

/* The path with the numbers of its items ("events[2].steps[0].at") into out[size]. */
void field_place(const field_t *f, field_index_t at, char *out, size_t size);

/* The row whose type, unit and range a value goes by, for a member of the struct at `base`: `f` itself, or of a
 * FIELD_OF_KEY that of the item's key, which must have been read. */
const field_t *field_meant(const field_t *f, const void *base);

/* NULL if the field applies, given the values already in the struct at `base`; else the condition that it
 * lacks. */
const field_when_t *field_lacks(const field_t *f, const void *base);

#endif
