/* SPDX-License-Identifier: Apache-2.0 */
/* A regression suite: small studies on which two dosing cores are compared, and how far they may differ.
 *
 * A file of configs/regress/ has up to three sections: `suite` (name, title, processor time), `tolerance` and `scenarios`;
 * the README of that folder says what each key means. A scenario's study stands under its `config`, with every key that a study
 * may have; it is a whole study and runs by itself too. It may include another study's file, of which it changes a part. A scenario
 * with `each` is written once and read as many (matrix.h).
 *
 * What applies to studies (study.h) applies here: one thread of the process reads, any may then use the result.
 */
#ifndef CONFIG_SUITE_H
#define CONFIG_SUITE_H

#include <stddef.h>
#include <stdint.h>

#include "config/diagnostic.h"
#include "config/document.h"
#include "config/study.h"
#include "config/units.h"
#include "error.h"

#define SUITE_SCENARIOS_MAX 4096 /* a matrix counts as the scenarios that it stands for */
#define SUITE_COVERS_MAX 16
#define SUITE_REQUIREMENT_SIZE 24 /* "REQ-STREAM-10" */

/* What is compared, from the inside outwards. */
typedef enum suite_level_t {
    SUITE_TRACE = 0,      /* every entry, HAL call, frame and write into the store */
    SUITE_DEVICE = 1,     /* volumes over windows, tones, resets, what became of the pump */
    SUITE_PATIENT = 2,    /* exposure, symptoms, events */
    SUITE_POPULATION = 3, /* paired differences of outcomes, with intervals */
} suite_level_t;

#define SUITE_LEVELS 4

/* What passes as equal; 0 everywhere is exact. */
typedef struct suite_tolerance_t {
    /* Share of a window's volume, and of the cell's charge and voltage; where it is not 0 a volume, or a charge, may differ by `pulses` at
     * least. */
    double volume;
    double pulses;    /* motor pulses */
    int64_t event_ms; /* by which the same event may come earlier or later */
    double exposure;  /* share of a concentration or dose */
    double tone;      /* points of the Ashworth scale */
} suite_tolerance_t;

/* How populations are judged. */
typedef struct suite_population_t {
    char outcome[STUDY_NAME_SIZE]; /* key of the outcome that decides; the others are shown */
    int unpaired; /* 1: the candidate lives other people, drawn from another seed */
} suite_population_t;

typedef struct suite_scenario_t {
    char name[STUDY_NAME_SIZE];
    char what[STUDY_TITLE_SIZE];
    int level[SUITE_LEVELS]; /* whether it is judged */
    int64_t patient;         /* who alone is lived; 0: all of the study's */
    int upgrade; /* 1: the candidate takes the baseline's place at the first scripted reset by software, on its store; every arm has one */
    const char
        *departs; /* why it is to differ by design; NULL: it is not. Borrowed (departure.h) */
    int covers;   /* requirements named */
    char requirement[SUITE_COVERS_MAX][SUITE_REQUIREMENT_SIZE];
    study_t study;
} suite_scenario_t;

typedef struct suite_t {
    char name[STUDY_NAME_SIZE];
    char title[STUDY_TITLE_SIZE];
    int64_t cpu_ms; /* processor time that one patient may take */
    int must_live; /* a life that the simulation stops does not pass, even where both cores have it so */
    suite_tolerance_t tolerance;
    suite_population_t population;
    int64_t first; /* patients of each scenario that are lived at most, by suite_first; 0: all */
    const char *const
        *left_out; /* [lefts] kinds of values that may differ by design; borrowed (departure.h) */
    size_t lefts;
    size_t scenarios;
    suite_scenario_t *scenario; /* [scenarios], owned */
} suite_t;

/* Reads a suite. *d must be initialised, *s need not be; on failure *s is empty, and ERROR_CONFIG means that *d holds every error.
 * ERROR_FILE_OPEN, ERROR_FILE_READ, ERROR_MEMORY, ERROR_LIBRARY as of study_load. */
int suite_load(suite_t *s, const char *path, diagnostic_t *d, error_t *e)
    __attribute__((warn_unused_result));

/* Leaves of each scenario its first `most` patients, if it has more; one whose `patient` alone is lived is left as it is. */
void suite_first(suite_t *s, int64_t most);

/* Frees what *s owns and empties it; legal after a failed load. */
void suite_free(suite_t *s);

/* Reads the section `tolerance` of a file. */
void suite_read_tolerance(document_t *doc, units_t *units, suite_tolerance_t *to);

/* "trace", "device", "patient" or "population"; static. */
const char *suite_level_name(suite_level_t level);

#endif
