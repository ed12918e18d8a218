/* SPDX-License-Identifier: Apache-2.0 */
/* Draws one person from uniforms by inverse CDF. */
#include "body/person.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "body/anatomy.h"
#include "draw.h"

static double lognormal_factor(double cv, double uniform)
{
    return draw_lognormal_of(uniform, 1.0, cv);
}

/* Holds every member to the range of its row. */
#define PARAM(key, field, unit, value, low, high, help, source)                                    \
    p->field = fmin(fmax(p->field, (low)), (high));
static void hold_csf(csf_param_t *p)
{
#include "body/csf.def"
}

static void hold_drug(drug_param_t *p)
{
#include "body/drug.def"
}

static void hold_ashworth(ashworth_param_t *p){
#include "body/ashworth.def"
}
#undef PARAM

person_centre_t person_centre_default(void)
{
    person_centre_t c = {.csf = parameters_csf(), .drugs = 1, .ashworth = parameters_ashworth()};
    for (int d = 0; d < SEGMENT_DRUGS_MAX; d++)
        c.drug[d] = parameters_drug();
    return c;
}

static int check(const population_param_t *p, const person_centre_t *c, const double uniform[],
                 error_t *e)
{
    if (c->drugs < 1 || c->drugs > SEGMENT_DRUGS_MAX)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a person with %d drugs, 1 to %d", c->drugs,
                           SEGMENT_DRUGS_MAX);
    for (int i = 0; i < PERSON_DRAWS; i++)
        if (!(uniform[i] > 0.0 && uniform[i] < 1.0))
            return ERROR_RAISE(e, ERROR_ARGUMENT, "uniform %d is %g, must be inside (0,1)", i,
                               uniform[i]);
    return parameters_check_population(p, e);
}

static void draw_csf(person_t *person, const population_param_t *p, const double uniform[])
{
    csf_param_t *csf = &person->csf;
    person->stroke_factor = lognormal_factor(p->stroke_volume_cv, uniform[PERSON_STROKE]);
    const double dispersion = person->stroke_factor * person->stroke_factor *
                              lognormal_factor(p->dispersion_cv, uniform[PERSON_DISPERSION]);
    csf->volume_scale *= lognormal_factor(p->csf_volume_cv, uniform[PERSON_VOLUME]);
    csf->dispersion_lumbar_cm2_per_h *= dispersion;
    csf->dispersion_thoracic_cm2_per_h *= dispersion;
    csf->dispersion_cervical_cm2_per_h *= dispersion;
    csf->tip_zone_drain_ml_per_h *= lognormal_factor(p->tip_drain_cv, uniform[PERSON_TIP_DRAIN]);
    hold_csf(csf);
}

static void draw_drugs(person_t *person, const population_param_t *p, const double uniform[])
{
    const double loss = lognormal_factor(p->loss_cv, uniform[PERSON_LOSS]);
    const double clearance = lognormal_factor(p->clearance_cv, uniform[PERSON_CLEARANCE]);
    for (int d = 0; d < person->drugs; d++) {
        person->drug[d].loss_per_h *= loss;
        person->drug[d].cranial_loss_per_h *= loss;
        person->drug[d].clearance_l_per_h *= clearance;
        hold_drug(&person->drug[d]);
    }
}

static void draw_tone(person_t *person, const population_param_t *p, const double uniform[])
{
    ashworth_param_t *a = &person->ashworth;
    a->ec50_ng_per_ml *= lognormal_factor(p->sensitivity_cv, uniform[PERSON_SENSITIVITY]);
    a->baseline = draw_truncated_normal_of(uniform[PERSON_BASELINE], a->baseline, p->baseline_sd,
                                           ASHWORTH_FLOOR, ASHWORTH_TOP);
    hold_ashworth(a);
    for (int g = 0; g < ASHWORTH_GROUPS; g++)
        person->group_normal[g] = gsl_cdf_ugaussian_Pinv(uniform[PERSON_GROUP_FIRST + g]);
}

int person_draw(person_t *person, const population_param_t *population,
                const person_centre_t *centre, const double uniform[PERSON_DRAWS], error_t *e)
{
    anatomy_t anatomy;
    memset(person, 0, sizeof *person);
    int rc = check(population, centre, uniform, e);
    if (rc != ERROR_OK)
        return rc;
    person->csf = centre->csf;
    person->drugs = centre->drugs;
    memcpy(person->drug, centre->drug, sizeof person->drug);
    person->ashworth = centre->ashworth;
    draw_csf(person, population, uniform);
    draw_drugs(person, population, uniform);
    draw_tone(person, population, uniform);
    rc = anatomy_init(&anatomy, &person->csf, e);
    person->canal_csf_ml =
        rc == ERROR_OK ? anatomy_volume_ml(&anatomy, 0.0, anatomy.length_cm) : 0.0;
    return rc;
}

body_param_t person_body(const person_t *person, const char *tip_level, const char *target_level)
{
    body_param_t p = body_param_default();
    p.csf[0] = person->csf;
    p.drugs = person->drugs;
    memcpy(p.drug, person->drug, sizeof p.drug);
    p.ashworth = person->ashworth;
    memcpy(p.group_normal, person->group_normal, sizeof p.group_normal);
    p.tip_level = tip_level;
    p.target_level = target_level;
    return p;
}
