/* SPDX-License-Identifier: Apache-2.0 */
/* Constants of the releases, volumes of the path, and the front that moves through it. */
#include "host/path.h"

#include <math.h>

#include <gsl/gsl_sf_gamma.h>

#define PI 3.14159265358979323846
#define SECONDS_PER_DAY 86400.0
#define STAGES_MAX                                                                                 \
    1e4 /* a front 1 % wide; GSL's gamma function has a step where a is 1e5 and more */
#define TUBING_MAX_ML 2.0
#define LEFT_MIN_CM 1.0
#define NO_MORE (-650.0) /* logarithm of a term that no longer counts, and does not yet underflow */
#define HALVINGS 60

static const path_constants_t releases[PATH_RELEASES] = {
    [PATH_CARD_0199] =
        {.name = "card-0.199",
         .year = 0,
         .tubing_ml = 0.199,
         .port_ml = 0.0,
         .mixes = false,
         .fault = "the tubing holds 0.140 mL: every prime of the whole path gives 0.059 mL too "
                  "much; and "
                  "mixing is not reckoned with, see card-0.140",
         .source =
             "0.199 mL until the correction (TGA RC-2017-RN-00065-1; FDA MedWatch, 14 March 2017, "
             "on the "
             "letter of October 2016); year of issue not published; port: assumption, counted "
             "in the tubing; that a bridge uses the same constant: assumption"},
    [PATH_CARD_0140] = {.name = "card-0.140",
                        .year = 2016,
                        .tubing_ml = 0.140,
                        .port_ml = 0.0,
                        .mixes = false,
                        .fault = "drug and drug-free fluid mix at the rate of a prime: drug leaves "
                                 "the tip before the prime ends, "
                                 "and too little for a while after it",
                        .source = "0.140 mL (TGA RC-2017-RN-00065-1); mixing: TGA "
                                  "RC-2013-RN-00677-1, FDA class I recall of "
                                  "28 June 2013, answered by monitoring and not by arithmetic; "
                                  "port: assumption, counted in "
                                  "the tubing; that a bridge uses the same constant: assumption"},
    [PATH_OWN] =
        {.name = "own",
         .year = 0,
         .tubing_ml = (double)NAN,
         .port_ml = 0.0,
         .mixes = true,
         .fault = "none published",
         .source =
             "assumption: no product's; a period from a concentration profile rather than from "
             "plug flow is in the patent application 'Controlling drug delivery "
             "transitions'"},
};

static const path_catheter_kind_t catheters[PATH_CATHETERS] = {
    [PATH_CATHETER_89] =
        {"89 cm, one piece", 89.0, 0.0022,
         "89 cm (a manufacturer's product page); 0.0022 mL/cm: assumption, general knowledge"},
    [PATH_CATHETER_114] =
        {"114 cm, two pieces", 114.0, 0.0022,
         "assumption, general knowledge of the product line; sweep 0.0020-0.0030 mL/cm"},
    [PATH_CATHETER_140] =
        {"140 cm, two pieces", 140.0, 0.0022,
         "assumption, general knowledge of the product line; sweep 0.0020-0.0030 mL/cm"},
    [PATH_CATHETER_110] = {"110 cm, valve-gated pump", 110.0, 0.0026,
                           "110 cm, 0.0026 mL/cm (a manufacturer's manual, Prometra II p.33)"},
};

const path_constants_t *path_release(path_release_t release)
{
    return &releases[release];
}

const path_catheter_kind_t *path_catheter(path_catheter_t catheter)
{
    return &catheters[catheter];
}

int path_true(path_volume_t *v, const path_system_t *s, error_t *e)
{
    if ((unsigned)s->catheter >= PATH_CATHETERS) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "catheter kind %d; name one of the %d known",
                           (int)s->catheter, (int)PATH_CATHETERS);
    }
    const path_catheter_kind_t *kind = path_catheter(s->catheter);
    if (!(s->trimmed_cm >= 0.0 && s->trimmed_cm <= kind->length_cm - LEFT_MIN_CM)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "%g cm are trimmed of a catheter of %g cm; give 0 to %g cm",
                           s->trimmed_cm, kind->length_cm, kind->length_cm - LEFT_MIN_CM);
    }
    if (!(s->tubing_ml >= 0.0 && s->tubing_ml <= TUBING_MAX_ML)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "the pump's tubing is %g mL; give 0 to %g mL",
                           s->tubing_ml, TUBING_MAX_ML);
    }
    if (!((s->stages >= 1.0 && s->stages <= STAGES_MAX) || s->stages == (double)INFINITY)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "the path has %g stages; give 1 to %g, or infinity for a plug",
                           s->stages, STAGES_MAX);
    }
    *v = (path_volume_t){s->tubing_ml, (kind->length_cm - s->trimmed_cm) * kind->ml_per_cm};
    return 0;
}

int path_declared(path_volume_t *v, const path_system_t *s, path_release_t release, error_t *e)
{
    if ((unsigned)release >= PATH_RELEASES) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "programmer release %d; name one of the %d known",
                           (int)release, (int)PATH_RELEASES);
    }
    const path_constants_t *c = path_release(release);
    const int status = path_true(v, s, e);
    if (status == 0) {
        v->tubing_ml = (isnan(c->tubing_ml) ? s->tubing_ml : c->tubing_ml) + c->port_ml;
    }
    return status;
}

double path_stages(double length_cm, double cm2_per_s, double ml_per_day)
{
    const double n = 24.0 * PI * cm2_per_s * length_cm * SECONDS_PER_DAY / ml_per_day;
    return fmax(1.0, fmin(n, STAGES_MAX));
}

/* P(a, y), without GSL's underflow far from the front. */
static double gamma_share(double a, double y)
{
    gsl_sf_result p;
    if (y <= 0.0) {
        return 0.0;
    }
    if (a * log(y) - y - lgamma(a + 1.0) < NO_MORE) {
        return y < a ? 0.0 : 1.0;
    }
    return gsl_sf_gamma_inc_P_e(a, y, &p) == 0 ? p.val : (double)NAN;
}

double path_front(double volume_ml, double stages, double x_ml)
{
    if (stages == (double)INFINITY) {
        return x_ml >= volume_ml ? 1.0 : 0.0;
    }
    return gamma_share(stages, stages * x_ml / volume_ml);
}

/* By parts: x F(x) less the mean of what has passed, V P(n + 1, n x/V). */
double path_passed_ml(double volume_ml, double stages, double x_ml)
{
    if (stages == (double)INFINITY) {
        return fmax(0.0, x_ml - volume_ml);
    }
    const double y = stages * x_ml / volume_ml;
    return fmax(0.0, x_ml * gamma_share(stages, y) - volume_ml * gamma_share(stages + 1.0, y));
}

double path_front_ml(double volume_ml, double stages, double share)
{
    double low = 0.0;
    double high = volume_ml;
    if (stages == (double)INFINITY) {
        return volume_ml;
    }
    while (path_front(volume_ml, stages, high) < share) {
        high *= 2.0; /* ends: the front tends to 1, and reaches it in a double */
    }
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = 0.5 * (low + high);
        const bool beyond = path_front(volume_ml, stages, middle) >= share;
        high = beyond ? middle : high;
        low = beyond ? low : middle;
    }
    return high;
}
