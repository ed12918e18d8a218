/* SPDX-License-Identifier: Apache-2.0 */
/* The patient's death. */
#include "cohort/death.h"

#include "body/mortality.h"

#include <math.h>

#define MINUTE_MS INT64_C(60000)
#define MINUTES_PER_YEAR (365.25 * 1440.0)
#define MANY_YEARS 200.0 /* longer than any horizon */

void death_draw(patient_t *p)
{
    const study_mortality_t *m = &p->study->mortality;
    draw_t draw;
    p->death = (death_t){INT64_MAX, FIELDS_REASON_DISEASE_OR_AGE};
    if (m->model == STUDY_MORTALITY_NONE) {
        return;
    }
    draw_init(&draw, (uint64_t)p->study->seed, DRAW_DEATH, (uint64_t)p->key.patient,
              (uint64_t)p->key.replicate, 0);
    const double years = mortality_years(&m->parameters, p->person.diagnosis, p->person.age_years,
                                         draw_exponential(&draw, 1.0));
    if (years < MANY_YEARS) {
        p->death.at_ms = (int64_t)ceil(years * MINUTES_PER_YEAR) * MINUTE_MS;
    }
}

void death_impose(patient_t *p)
{
    const int64_t at_ms = (p->now_ms + MINUTE_MS - 1) / MINUTE_MS * MINUTE_MS;
    if (at_ms < p->death.at_ms) {
        p->death = (death_t){at_ms, FIELDS_REASON_SCRIPTED};
    }
}

bool death_has_come(const patient_t *p)
{
    return p->now_ms >= p->death.at_ms;
}

void death_note(patient_t *p)
{
    const double years = (double)p->now_ms / (double)MINUTE_MS / MINUTES_PER_YEAR;
    patient_event(p, FIELDS_EVENT_DEATH, p->death.reason, p->person.age_years + years, 0.0);
}
