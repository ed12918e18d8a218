/* SPDX-License-Identifier: Apache-2.0 */
/* Primes of a patient's pump and catheter. */
#include "cohort/priming.h"

#include "cohort/visit.h"
#include "device/catheter_shape.h"

/* What the clinic lets leave the tip before its prime ends, where the release reckons with mixing; as events[].allowed. */
#define ALLOWED_UG 1.0

_Static_assert((int)STUDY_RELEASE_CARD_0199 == (int)PATH_CARD_0199 &&
                   (int)STUDY_RELEASE_CARD_0140 == (int)PATH_CARD_0140 &&
                   (int)STUDY_RELEASE_OWN == (int)PATH_OWN,
               "a study's releases are the programmer's");

/* What holds no drug yet, and who reckons. */
typedef struct priming_t {
    int release;        /* study_release_t, but for none */
    bool tubing_filled; /* the catheter alone */
    double length_cm;   /* of the catheter, up to the tip */
    double allowed_ug;
} priming_t;

static int prime(patient_t *p, const priming_t *what, int reason, error_t *e)
{
    const catheter_param_t *c = &p->study->catheter.parameters;
    const prime_order_t order = {
        .release = (path_release_t)what->release,
        .system.stages =
            path_stages(what->length_cm, c->diffusivity_cm2_per_s, STUDY_RATE_MAX_ML_PER_DAY),
        .tubing_filled = what->tubing_filled,
        .ug_per_ml = p->procedure.therapy.drug[0].concentration_ug_per_ml,
        .rate_ml_per_day = STUDY_RATE_MAX_ML_PER_DAY,
        .basal_ml_per_day = STUDY_RATE_MIN_ML_PER_DAY,
        .allowed_ug = what->allowed_ug};
    const path_volume_t is = {c->tubing_ml, what->length_cm * c->ml_per_cm};
    prime_plan_t plan;
    int code = prime_plan_over(&plan, &order, &is, e);
    if (code != 0) {
        return code;
    }
    code = procedure_prime(&p->procedure, &plan, e);
    if (code == 0) {
        patient_event(p, FIELDS_EVENT_PRIME, reason, plan.tubing_ml + plan.catheter_ml,
                      plan.tubing_ml);
    }
    return visit_note_refusal(p, code, ORDER_PRIME);
}

int priming_scripted(patient_t *p, const study_event_t *event, error_t *e)
{
    const priming_t what = {event->release, event->tubing_filled,
                            catheter_shape_length_cm(&p->study->catheter.parameters),
                            event->allowed_ug};
    return prime(p, &what, FIELDS_REASON_SCRIPTED, e);
}

int priming_after(patient_t *p, int part, error_t *e)
{
    const study_t *s = p->study;
    const catheter_param_t *c = &s->catheter.parameters;
    const double old_cm = part == ORDER_PART_SPINAL ? catheter_shape_connector_cm(c) : 0.0;
    const priming_t what = {s->clinic_primes, part != ORDER_PART_SYSTEM,
                            catheter_shape_length_cm(c) - old_cm, ALLOWED_UG};
    if (s->clinic_primes == STUDY_RELEASE_NONE || !p->procedure.programmable ||
        (part == ORDER_PART_SYSTEM && s->catheter.primed)) {
        return 0;
    }
    return prime(p, &what, FIELDS_REASON_PROTOCOL, e);
}
