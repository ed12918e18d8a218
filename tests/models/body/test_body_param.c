/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters of a body, anywhere in their ranges and outside them: a sound body, or a refusal. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "body/body.h"
#include "draw.h"

#define SEED 20

static error_t e;

/* One value of a row's range, logarithmic where the range spans decades. */
static double anywhere(double low, double high, double uniform)
{
    if (low > 0.0 && high / low > 10.0)
        return low * pow(high / low, uniform);
    if (low == 0.0 && high > 10.0)
        return 1e-3 * high * pow(1e3, uniform);
    return low + (high - low) * uniform;
}

static body_param_t any_param(int number)
{
    body_param_t p = body_param_default();
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, (uint64_t)number, 3, 0);
#define PARAM(key, field, unit, value, low, high, help, source)                                    \
    p.csf[0].field = anywhere((low), (high), draw_uniform(&d));
#include "body/csf.def"
#undef PARAM
#define PARAM(key, field, unit, value, low, high, help, source)                                    \
    p.drug[0].field = anywhere((low), (high), draw_uniform(&d));
#include "body/drug.def"
#undef PARAM
    /* One case in four keeps the whole range of dispersion, most of which is refused. */
    for (int k = 0; k < 3; k++) {
        double *dispersion[3] = {&p.csf[0].dispersion_lumbar_cm2_per_h,
                                 &p.csf[0].dispersion_thoracic_cm2_per_h,
                                 &p.csf[0].dispersion_cervical_cm2_per_h};
        if (number % 4 != 0)
            *dispersion[k] = 20.0 * pow(250.0, draw_uniform(&d));
    }
    if (number % 4 != 0)
        p.csf[0].leak_ml_per_h *= 0.1;
    p.csf[0].cells = 10.0 + floor(40.0 * draw_uniform(&d));
    return p;
}

Test(body, every_accepted_parameter_is_right_or_refused)
{
    int sound = 0;
    for (int number = 1; number <= 120; number++) {
        const body_param_t p = any_param(number);
        const double ug = 100.0, nothing = 0.0;
        body_t b;
        const int rc = body_init(&b, &p, &e);
        if (rc != 0) {
            cr_expect(rc == ERROR_OPERATOR_RANGE ||
                          (rc == ERROR_ARGUMENT && strstr(e.text, "water") != NULL),
                      "seed %d case %d: %s %s", SEED, number, error_symbol(rc), e.text);
            continue;
        }
        sound++;
        for (int i = 0; i < 6; i++) {
            cr_assert_eq(body_advance(&b, 1 + 300 * i, i % 2 ? &nothing : &ug, &e), 0, "%s",
                         e.text);
            cr_expect_eq(body_verify(&b, &e), 0, "case %d (seed %d): %s", number, SEED, e.text);
        }
        body_free(&b);
    }
    cr_expect(sound > 30, "only %d of 120 cases were accepted", sound);
}

static void expect_init_refused(const body_param_t *p, int code, const char *what)
{
    body_t b;
    cr_expect_eq(body_init(&b, p, &e), code, "%s: expected %s, found %s", what, error_symbol(code),
                 e.text);
    body_free(&b);
}

Test(body, bad_parameters_are_refused)
{
    body_param_t p = body_param_default();
    p.tip_level = "T13";
    expect_init_refused(&p, ERROR_ARGUMENT, "unknown tip level");
    p = body_param_default();
    p.drugs = 7;
    expect_init_refused(&p, ERROR_ARGUMENT, "seven drugs");
    p = body_param_default();
    p.csf[0].cells = 60.5;
    expect_init_refused(&p, ERROR_ARGUMENT, "a broken cell");
    p = body_param_default();
    p.drug[0].loss_per_h = (double)NAN;
    expect_init_refused(&p, ERROR_ARGUMENT, "no number");
    p = body_param_default();
    p.regimes = 2;
    p.csf[1].cells = 50.0;
    expect_init_refused(&p, ERROR_ARGUMENT, "two grids");
    p = body_param_default();
    p.csf[0].dispersion_thoracic_cm2_per_h = 0.018;
    p.csf[0].dispersion_lumbar_cm2_per_h = 0.018;
    expect_init_refused(&p, ERROR_OPERATOR_RANGE, "molecular dispersion");
}
