/* SPDX-License-Identifier: Apache-2.0 */
/* The exposures that last. */
#include "cohort/exposure.h"

#include <stdlib.h>
#include <string.h>

int exposure_begin(exposures_t *x, const exposure_t *begun, error_t *e)
{
    exposure_t *more = realloc(x->lasting, (x->count + 1) * sizeof *more);
    if (more == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for the exposures of a patient");
    }
    more[x->count] = *begun;
    x->lasting = more;
    x->count++;
    return 0;
}

bool exposure_end(exposures_t *x, const study_event_t *event, exposure_t *ended)
{
    for (size_t i = 0; i < x->count; i++) {
        if (x->lasting[i].event != event) {
            continue;
        }
        if (ended != NULL) {
            *ended = x->lasting[i];
        }
        x->count--;
        memmove(&x->lasting[i], &x->lasting[i + 1], (x->count - i) * sizeof x->lasting[0]);
        return true;
    }
    return false;
}

static double laid_over(double below, double value, double rest)
{
    return value < rest || value > rest ? value : below;
}

environment_t exposure_around(const exposures_t *x)
{
    const environment_t rest = ENVIRONMENT_AT_REST;
    environment_t around = rest;
    for (size_t i = 0; i < x->count; i++) {
        const environment_t *own = &x->lasting[i].event->around;
        around.temperature_c =
            laid_over(around.temperature_c, own->temperature_c, rest.temperature_c);
        around.ambient_kpa = laid_over(around.ambient_kpa, own->ambient_kpa, rest.ambient_kpa);
        around.outlet_kpa = laid_over(around.outlet_kpa, own->outlet_kpa, rest.outlet_kpa);
        around.field_tesla = laid_over(around.field_tesla, own->field_tesla, rest.field_tesla);
    }
    return around;
}

void exposure_free(exposures_t *x)
{
    free(x->lasting);
    *x = (exposures_t){.lasting = NULL};
}
