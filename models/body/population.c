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

const char *population_implausible(const person_t *person, const population_param_t *p)
{
    if (outside(person->height_cm, p->height_least_cm, p->height_most_cm))
        return "height";
    if (outside(person->bmi_kg_per_m2, p->bmi_least_kg_per_m2, p->bmi_most_kg_per_m2))
        return "body mass index";
    if (outside(person->canal_csf_ml, p->canal_least_ml, p->canal_most_ml))
        return "CSF volume of the canal";
    if (outside(person->clearance_factor, p->clearance_least, p->clearance_most))
        return "plasma clearance";
    return person->held > 0 ? "a value outside the accepted range of its parameter" : NULL;
}

int population_draw(person_t *person, const population_param_t *p, const person_centre_t *centre,
                    uint64_t seed, uint64_t patient, uint64_t replicate, error_t *e)
{
    const char *why = NULL;
    for (int attempt = 0; attempt < POPULATION_ATTEMPTS_MAX; attempt++) {
        double uniform[PERSON_DRAWS];
        draw_t draw;
        draw_init(&draw, seed, DRAW_PERSON, patient, replicate, (uint64_t)attempt);
        for (int i = 0; i < PERSON_DRAWS; i++)
            uniform[i] = draw_uniform(&draw);
        const int rc = person_draw(person, p, centre, uniform, e);
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
