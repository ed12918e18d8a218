/* SPDX-License-Identifier: Apache-2.0 */
/* Redraws a person until plausible, each attempt by its own key. */
#include "body/population.h"

#include <stdbool.h>
#include <stddef.h>

#include "draw.h"

static bool outside(double x, double least, double most)
{
    return !(x >= least && x <= most);
}

static const char *const limit_name[POPULATION_LIMITS] = {
    "height", "body mass index", "CSF volume of the canal", "plasma clearance",
    "a value outside the accepted range of its parameter"};

int population_limit(const person_t *person, const population_param_t *p)
{
    if (outside(person->height_cm, p->height_least_cm, p->height_most_cm))
        return 0;
    if (outside(person->bmi_kg_per_m2, p->bmi_least_kg_per_m2, p->bmi_most_kg_per_m2))
        return 1;
    if (outside(person->canal_csf_ml, p->canal_least_ml, p->canal_most_ml))
        return 2;
    if (outside(person->clearance_factor, p->clearance_least, p->clearance_most))
        return 3;
    return person->held > 0 ? 4 : -1;
}

const char *population_limit_name(int limit)
{
    return limit < 0 || limit >= POPULATION_LIMITS ? NULL : limit_name[limit];
}

const char *population_implausible(const person_t *person, const population_param_t *p)
{
    return population_limit_name(population_limit(person, p));
}

int population_attempt(person_t *person, const population_param_t *p, const person_centre_t *centre,
                       const population_key_t *key, int attempt, error_t *e)
{
    double uniform[PERSON_DRAWS];
    draw_t draw;
    draw_init(&draw, key->seed, DRAW_PERSON, key->patient, key->replicate, (uint64_t)attempt);
    for (int i = 0; i < PERSON_DRAWS; i++)
        uniform[i] = draw_uniform(&draw);
    return person_draw(person, p, centre, uniform, e);
}

int population_draw(person_t *person, const population_param_t *p, const person_centre_t *centre,
                    uint64_t seed, uint64_t patient, uint64_t replicate, error_t *e)
{
    const population_key_t key = {seed, patient, replicate};
    const char *why = NULL;
    for (int attempt = 0; attempt < POPULATION_ATTEMPTS_MAX; attempt++) {
        const int rc = population_attempt(person, p, centre, &key, attempt, e);
        if (rc != ERROR_OK)
            return rc;
        person->attempts = attempt + 1;
        why = population_implausible(person, p);
        if (why == NULL)
            return ERROR_OK;
    }
    return ERROR_RAISE(e, ERROR_ARGUMENT,
                       "patient %llu: %d attempts to draw a person were all implausible, the last "
                       "by: %s",
                       (unsigned long long)patient, POPULATION_ATTEMPTS_MAX, why);
}
