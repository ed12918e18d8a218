/* SPDX-License-Identifier: Apache-2.0 */
/* Draws one person from uniforms by inverse CDF. */
#include "body/person.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "draw.h"

/* ---- holding to the rows' ranges ---------------------------------------------------------------------- */

static double hold(double value, double low, double high, int *held)
{
    const double inside = fmin(fmax(value, low), high);
    *held += inside != value;
    return inside;
}

#define PARAM(key, field, unit, value, low, high, help, source)                                    \
    p->field = hold(p->field, (low), (high), held);
static void hold_csf(csf_param_t *p, int *held)
{
#include "body/csf.def"
}

static void hold_drug(drug_param_t *p, int *held)
{
#include "body/drug.def"
}

static void hold_ashworth(ashworth_param_t *p, int *held)
{
#include "body/ashworth.def"
}

static void hold_tolerance(tolerance_param_t *p, int *held)
{
#include "body/tolerance.def"
}
#undef PARAM

/* ---- centre and checks --------------------------------------------------------------------------------- */

person_centre_t person_centre_default(void)
{
    person_centre_t c = {.csf = parameters_csf(),
                         .drugs = 1,
                         .ashworth = parameters_ashworth(),
                         .tolerance = parameters_tolerance(),
                         .tip_level = "T10"};
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
    if (p->share_sci + p->share_ms > 1.0)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "share_sci %g and share_ms %g are more than 1",
                           p->share_sci, p->share_ms);
    return parameters_check_population(p, e);
}

/* ---- normals ------------------------------------------------------------------------------------------- */

/* Each correlated normal leans on one that leans on none, so that its row of the Cholesky factor is
 * (rho, sqrt(1 - rho^2)) and every rho inside (-1, 1) makes a correlation matrix. */
static double leaning(double rho, double on, double own)
{
    return rho * on + sqrt(1.0 - rho * rho) * own;
}

void person_normals(const population_param_t *p, const double uniform[PERSON_DRAWS],
                    double normal[PERSON_DRAWS])
{
    for (int i = 0; i < PERSON_DRAWS; i++)
        normal[i] = gsl_cdf_ugaussian_Pinv(uniform[i]);
    normal[PERSON_VOLUME] =
        leaning(p->bmi_volume_correlation, normal[PERSON_BMI], normal[PERSON_VOLUME]);
    normal[PERSON_STROKE] =
        leaning(p->height_stroke_correlation, normal[PERSON_HEIGHT], normal[PERSON_STROKE]);
    normal[PERSON_CLEARANCE] =
        leaning(p->age_clearance_correlation, normal[PERSON_AGE], normal[PERSON_CLEARANCE]);
    normal[PERSON_BASELINE] = leaning(p->sensitivity_baseline_correlation,
                                      normal[PERSON_SENSITIVITY], normal[PERSON_BASELINE]);
}

static double factor(double cv, double normal)
{
    return exp(sqrt(log1p(cv * cv)) * normal);
}

/* Truncated normals are inverted at the probability of their normal. */
static double truncated(double normal, double mean, double sd, double low, double high)
{
    return draw_truncated_normal_of(gsl_cdf_ugaussian_P(normal), mean, sd, low, high);
}

/* ---- covariates ---------------------------------------------------------------------------------------- */

static enum person_diagnosis diagnosis_of(const population_param_t *p, double uniform)
{
    if (uniform < p->share_sci)
        return PERSON_SCI;
    return uniform < p->share_sci + p->share_ms ? PERSON_MS : PERSON_OTHER;
}

/* Of the three values, that of the diagnosis. */
static double by_diagnosis(enum person_diagnosis diagnosis, double sci, double ms, double other)
{
    if (diagnosis == PERSON_SCI)
        return sci;
    return diagnosis == PERSON_MS ? ms : other;
}

static void draw_covariates(person_t *person, const population_param_t *p, const double uniform[],
                            const double normal[])
{
    person->diagnosis = diagnosis_of(p, uniform[PERSON_DIAGNOSIS]);
    const double women = by_diagnosis(person->diagnosis, p->female_share_sci, p->female_share_ms,
                                      p->female_share_other);
    person->sex = uniform[PERSON_SEX] < women ? PERSON_FEMALE : PERSON_MALE;
    person->age_years = truncated(normal[PERSON_AGE], p->age_mean_years, p->age_sd_years,
                                  PERSON_AGE_LEAST_YEARS, PERSON_AGE_MOST_YEARS);
    person->height_cm = person->sex == PERSON_FEMALE
                            ? p->height_female_cm + p->height_sd_female_cm * normal[PERSON_HEIGHT]
                            : p->height_male_cm + p->height_sd_male_cm * normal[PERSON_HEIGHT];
    person->bmi_kg_per_m2 = p->bmi_median_kg_per_m2 * factor(p->bmi_cv, normal[PERSON_BMI]);
    person->weight_kg = person->bmi_kg_per_m2 * person->height_cm * person->height_cm * 1e-4;
}

/* ---- parameters ---------------------------------------------------------------------------------------- */

static void draw_csf(person_t *person, const population_param_t *p, const double normal[])
{
    csf_param_t *csf = &person->csf;
    person->stroke_factor = factor(p->stroke_volume_cv, normal[PERSON_STROKE]);
    const double dispersion = person->stroke_factor * person->stroke_factor *
                              factor(p->dispersion_cv, normal[PERSON_DISPERSION]);
    csf->length_scale *= person->height_cm / p->canal_height_cm;
    csf->volume_scale *= factor(p->csf_volume_cv, normal[PERSON_VOLUME]);
    csf->dispersion_lumbar_cm2_per_h *= dispersion;
    csf->dispersion_thoracic_cm2_per_h *= dispersion;
    csf->dispersion_cervical_cm2_per_h *= dispersion;
    csf->cranial_ml += p->cranial_growth_ml_per_year * (person->age_years - p->age_mean_years);
    csf->tip_zone_drain_ml_per_h *= factor(p->tip_drain_cv, normal[PERSON_TIP_DRAIN]);
    hold_csf(csf, &person->held);
}

static void draw_drugs(person_t *person, const population_param_t *p, const double normal[])
{
    const double loss = factor(p->loss_cv, normal[PERSON_LOSS]);
    person->clearance_factor = factor(p->clearance_cv, normal[PERSON_CLEARANCE]);
    for (int d = 0; d < person->drugs; d++) {
        person->drug[d].loss_per_h *= loss;
        person->drug[d].cranial_loss_per_h *= loss;
        person->drug[d].clearance_l_per_h *= person->clearance_factor;
        hold_drug(&person->drug[d], &person->held);
    }
}

static void draw_tone(person_t *person, const population_param_t *p, const double normal[])
{
    ashworth_param_t *a = &person->ashworth;
    a->ec50_ng_per_ml *= factor(p->sensitivity_cv, normal[PERSON_SENSITIVITY]);
    a->baseline = truncated(normal[PERSON_BASELINE], a->baseline, p->baseline_sd, ASHWORTH_FLOOR,
                            ASHWORTH_TOP);
    hold_ashworth(a, &person->held);
    for (int g = 0; g < ASHWORTH_GROUPS; g++)
        person->group_normal[g] = normal[PERSON_GROUP_FIRST + g];
}

/* A rise of 0 switches tolerance off for everybody, the slow component included. */
static void draw_tolerance(person_t *person, const population_param_t *p, const double uniform[],
                           const double normal[])
{
    tolerance_param_t *t = &person->tolerance;
    const double share = by_diagnosis(person->diagnosis, p->continuing_share_sci,
                                      p->continuing_share_ms, p->continuing_share_other);
    const bool continues = uniform[PERSON_TOLERANCE_CLASS] < share;
    person->tolerance_class = continues ? PERSON_TOLERANCE_CONTINUES : PERSON_TOLERANCE_ENDS;
    if (continues && t->rise > 0.0)
        t->slow_rise += p->continuing_slow_rise;
    t->rise *= factor(p->tolerance_rise_cv, normal[PERSON_TOLERANCE_RISE]);
    t->tau_day *= factor(p->tolerance_tau_cv, normal[PERSON_TOLERANCE_TAU]);
    hold_tolerance(t, &person->held);
}

/* ---- the person ---------------------------------------------------------------------------------------- */

static int place(person_t *person, const population_param_t *p, const person_centre_t *centre,
                 double normal, error_t *e)
{
    anatomy_t anatomy;
    const double most = PERSON_TIP_LEVELS_MOST;
    const int levels = (int)fmin(fmax(round(p->tip_sd_levels * normal), -most), most);
    int rc = anatomy_shift(centre->tip_level, levels, person->tip_level, e);
    if (rc == ERROR_OK)
        rc = anatomy_init(&anatomy, &person->csf, e);
    if (rc == ERROR_OK)
        rc = anatomy_find(&anatomy, person->tip_level, &person->tip_cm, e);
    if (rc == ERROR_OK) {
        person->canal_csf_ml = anatomy_volume_ml(&anatomy, 0.0, anatomy.length_cm);
        person->canal_cm = anatomy.length_cm;
    }
    return rc;
}

int person_draw(person_t *person, const population_param_t *population,
                const person_centre_t *centre, const double uniform[PERSON_DRAWS], error_t *e)
{
    double normal[PERSON_DRAWS];
    memset(person, 0, sizeof *person);
    const int rc = check(population, centre, uniform, e);
    if (rc != ERROR_OK)
        return rc;
    person->csf = centre->csf;
    person->drugs = centre->drugs;
    memcpy(person->drug, centre->drug, sizeof person->drug);
    person->ashworth = centre->ashworth;
    person->tolerance = centre->tolerance;
    person_normals(population, uniform, normal);
    draw_covariates(person, population, uniform, normal);
    draw_csf(person, population, normal);
    draw_drugs(person, population, normal);
    draw_tone(person, population, normal);
    draw_tolerance(person, population, uniform, normal);
    return place(person, population, centre, normal[PERSON_TIP], e);
}

body_param_t person_body(const person_t *person, const char *tip_level, const char *target_level)
{
    body_param_t p = body_param_default();
    p.csf[0] = person->csf;
    p.drugs = person->drugs;
    memcpy(p.drug, person->drug, sizeof p.drug);
    p.ashworth = person->ashworth;
    p.tolerance = person->tolerance;
    memcpy(p.group_normal, person->group_normal, sizeof p.group_normal);
    p.tip_level = tip_level;
    p.target_level = target_level;
    return p;
}
