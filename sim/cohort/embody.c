/* SPDX-License-Identifier: Apache-2.0 */
/* Draws persons from the study's centre, and builds their bodies. */
#include "cohort/embody.h"

#include "body/population.h"

#include <stdbool.h>

/* Whether CSF can come to drain: through a catheter that stands open, or beside one. */
static bool can_drain(const study_t *arm)
{
    bool found = arm->catheter.fails != STUDY_CATHETER_LASTS;
    for (int64_t i = 0; i < arm->n_events; i++) {
        const study_event_t *event = &arm->event[i];
        found = found || (event->order == STUDY_ORDER_FAULT &&
                          (event->fault == STUDY_FAULT_CATHETER_FRACTURE ||
                           event->fault == STUDY_FAULT_CATHETER_DISCONNECTION ||
                           event->fault == STUDY_FAULT_CSF_LEAK));
    }
    return found;
}

void embody_centre(const study_t *arm, person_centre_t *centre)
{
    *centre = (person_centre_t){.csf = arm->body.csf,
                                .drugs = (int)arm->n_drugs,
                                .ashworth = arm->body.ashworth,
                                .tolerance = arm->body.tolerance,
                                .tip_level = arm->catheter.tip};
    for (int d = 0; d < centre->drugs; d++) {
        centre->drug[d] = arm->drug[d].kinetics;
    }
}

/* Frozen people are central in what is uncertain. */
static int take_person(const study_t *arm, const record_key_t *key, person_t *person, error_t *e)
{
    const study_people_t *people = &arm->cohort.people;
    if (people->person == NULL || key->replicate != 0) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "population.cohort: %s %s", arm->cohort.file,
                           people->person == NULL ? "was not opened"
                                                  : "holds nobody for draws of parameters");
    }
    return people->person(people->context, key->patient, person, e);
}

int embody_person(const study_t *arm, const record_key_t *key, person_t *person, error_t *e)
{
    person_centre_t centre;
    if (arm->cohort.file[0] != '\0') {
        return take_person(arm, key, person, e);
    }
    embody_centre(arm, &centre);
    return population_draw(person, &arm->population, &centre, (uint64_t)arm->seed,
                           (uint64_t)key->patient, (uint64_t)key->replicate, e);
}

int embody_body(const study_t *arm, const person_t *person, body_t *body, int *lumbar, error_t *e)
{
    body_param_t param = person_body(person, person->tip_level, arm->body.target);
    if (can_drain(arm)) {
        param.regimes = EMBODY_DRAINING + 1;
        param.csf[EMBODY_DRAINING] = param.csf[0];
        param.csf[EMBODY_DRAINING].leak_ml_per_h += arm->catheter.parameters.csf_leak_ml_per_h;
    }
    int code = body_init(body, &param, e);
    if (code != 0) {
        return code;
    }
    *lumbar = body_site(body, arm->record.lumbar, e);
    return *lumbar < 0 ? *lumbar : 0;
}

static int try_one(const study_t *arm, const record_key_t *key, error_t *e)
{
    person_t person;
    body_t body = {NULL};
    int lumbar;
    int code = embody_person(arm, key, &person, e);
    if (code == 0 && arm->body.model == STUDY_BODY_INTRATHECAL) {
        code = embody_body(arm, &person, &body, &lumbar, e);
    }
    body_free(&body);
    return code;
}

static int try_arms(const study_t *s, record_key_t *who, error_t *e)
{
    study_t room;
    int code = 0;
    for (int32_t arm = 0; code == 0 && arm < (int32_t)s->arms.count; arm++) {
        who->arm = arm;
        code = try_one(study_replicate(s, arm, who->replicate, &room), who, e);
    }
    if (code != 0) {
        e->patient = who->patient;
    }
    return code;
}

int embody_try(const study_t *s, int64_t patients, int64_t replicates, record_key_t *who,
               error_t *e)
{
    int code = 0;
    for (int64_t patient = 1; code == 0 && patient <= patients && patient <= s->patients;
         patient++) {
        *who = (record_key_t){patient, 0, 0};
        code = try_arms(s, who, e);
    }
    for (int64_t r = 1; code == 0 && r <= replicates && r <= s->parameter_draws; r++) {
        *who = (record_key_t){1, 0, (int32_t)r};
        code = try_arms(s, who, e);
    }
    return code;
}
