/* SPDX-License-Identifier: Apache-2.0 */
/* The population: the limits of what is plausible, and drawing a person by key.
 *
 * A person takes PERSON_DRAWS uniforms an attempt, always all of them, from the stream (seed, DRAW_PERSON,
 * patient, replicate, attempt). An implausible attempt is thrown away and the next one drawn; how many it took
 * is on record in person_t.attempts. So one person's redraw moves nobody else's draws.
 *
 * Thread rule: pure functions.
 */
#ifndef BODY_POPULATION_H
#define BODY_POPULATION_H

#include <stdint.h>

#include "body/person.h"

#define POPULATION_ATTEMPTS_MAX 100

#define POPULATION_LIMITS 5

/* Who is drawn; `patient` counts from 1. */
typedef struct population_key_t {
    uint64_t seed, patient, replicate;
} population_key_t;

/* Which limit of population.def the person misses, the first of them: 0 to POPULATION_LIMITS - 1; -1: none (ends included), and no
 * value had to be held to the range of its row. */
int population_limit(const person_t *person, const population_param_t *p);

/* What a limit is of, for a message (static storage); NULL for -1. */
const char *population_limit_name(int limit);

/* NULL where the person is inside every limit of population.def (ends included) and no value had to be held to
 * the range of its row; else what is implausible, for a message (static storage). */
const char *population_implausible(const person_t *person, const population_param_t *p);

/* One attempt, from 0, plausible or not: person->attempts is 0. Errors: those of person_draw. */
int population_attempt(person_t *person, const population_param_t *p, const person_centre_t *centre,
                       const population_key_t *key, int attempt, error_t *e)
    __attribute__((warn_unused_result));

/* Draws a plausible person. `patient` counts from 1. Errors: those of person_draw; ERROR_ARGUMENT where
 * POPULATION_ATTEMPTS_MAX attempts were implausible, naming the last limit that was missed. */
int population_draw(person_t *person, const population_param_t *p, const person_centre_t *centre,
                    uint64_t seed, uint64_t patient, uint64_t replicate, error_t *e)
    __attribute__((warn_unused_result));

#endif
