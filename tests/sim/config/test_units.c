/* SPDX-License-Identifier: Apache-2.0 */
/* Units: conversions to the last bit, our additions, and what is refused. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include <string.h>

#include "config/units.h"
#include "tests/sim/config/fixture.h"

typedef struct conversion_t {
    char unit[24];
    char canonical[12];
    double factor;
} conversion_t;

ParameterizedTestParameters(units, convert)
{
    static conversion_t cases[] = {
        {"ug/mL", "ug/mL", 1.0},        {"mg/mL", "ug/mL", 1000.0},     {"mcg/mL", "ug/mL", 1.0},
        {"\xC2\xB5g/mL", "ug/mL", 1.0}, {"\xCE\xBCg/ml", "ug/mL", 1.0}, {"mg/L", "ug/mL", 1.0},
        {"g/L", "ug/mL", 1000.0},       {"ng/mL", "ug/mL", 0.001},      {"mL/h", "mL/day", 24.0},
        {"/day", "1/h", 1.0 / 24.0},    {"1/day", "1/h", 1.0 / 24.0},   {"week", "day", 7.0},
        {"year", "day", 365.25},        {"years", "day", 365.25},       {"h", "day", 1.0 / 24.0},
        {"min", "ms", 60000.0},         {"mA*h", "mA.h", 1.0},          {"A.h", "mA.h", 1000.0},
        {"m^2/h", "cm2/h", 10000.0},    {"mm^2/s", "cm2/h", 36.0},      {"ppm", "ppm", 1.0},
    };
    return cr_make_param_array(conversion_t, cases, sizeof cases / sizeof cases[0]);
}

ParameterizedTest(conversion_t *c, units, convert)
{
    units_t u;
    double factor = 0.0;
    char why[256] = "";
    units_init(&u);
    cr_expect_eq(units_factor(&u, c->unit, c->canonical, &factor, why, sizeof why), 1, "%s", why);
    cr_expect(memcmp(&factor, &c->factor, sizeof factor) == 0, "%s in %s: %.17g, not %.17g",
              c->unit, c->canonical, factor, c->factor);
    cr_expect_eq(units_check(&u, NULL), 0);
    units_free(&u);
}

typedef struct refusal_t {
    char unit[40];
    char canonical[12];
    char why[40];
} refusal_t;

ParameterizedTestParameters(units, refuse)
{
    static refusal_t cases[] = {
        {"month", "day", "has no fixed length"},
        {"months", "day", "has no fixed length"},
        {"mo", "day", "has no fixed length"},
        {"mg", "ug/mL", "cannot be converted"},
        {"mL", "ug/mL", "cannot be converted"},
        {"day", "mL/day", "cannot be converted"},
        {"furlongs/fortnight", "mL/day", "cannot be converted"},
        {"ug/mk", "ug/mL", "is not a unit known"},
        {"ug / mL", "ug/mL", "is not a unit known"},
        {"ug//mL", "ug/mL", "is not a unit known"},
        {"ug/", "ug/mL", "is not a unit known"},
        {"2 ug/mL", "ug/mL", "is not a unit known"},
        {"ug/mL since 1970", "ug/mL", "is not a unit known"},
        {"lg(re 1 mW)", "ug/mL", "is not a unit known"},
        {"ug/mL2x", "ug/mL", "is not a unit known"},
        {"ug^", "ug/mL", "is not a unit known"},
        {"ug-1.5", "ug/mL", "is not a unit known"},
        {"", "ug/mL", "is not a unit known"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ug/mL", "is not a unit known"},
    };
    return cr_make_param_array(refusal_t, cases, sizeof cases / sizeof cases[0]);
}

ParameterizedTest(refusal_t *c, units, refuse)
{
    units_t u;
    double factor = 0.0;
    char why[256] = "";
    units_init(&u);
    cr_expect_eq(units_factor(&u, c->unit, c->canonical, &factor, why, sizeof why), 0,
                 "\"%s\" was taken for %g %s", c->unit, factor, c->canonical);
    cr_expect(strstr(why, c->why) != NULL, "\"%s\": said \"%s\"", c->unit, why);
    units_free(&u);
}

Test(units, convert_a_dose_in_a_study)
{
    study_t s;
    fixture_accepted(&s, FIXTURE_LEAST, "drugs[0].concentration=0.5 mg/mL");
    cr_expect(s.drug[0].concentration_ug_per_ml == 500.0, "%.17g",
              s.drug[0].concentration_ug_per_ml);
    study_free(&s);
}

Test(units, are_demanded_for_a_quantity)
{
    fixture_refused(FIXTURE_LEAST "pump: {fill: 20}\n", NULL,
                    "s.yaml:5:14: error: pump.fill: 20 has no unit; write for example 20 mL");
}

Test(units, are_refused_for_a_pure_number)
{
    fixture_refused(FIXTURE_LEAST "population: {loss_cv: 0.6 mL}\n", NULL,
                    "s.yaml:5:23: error: population.loss_cv: 0.6 mL has a unit, but this is a pure "
                    "number");
}

Test(units, make_whole_milliseconds)
{
    study_t s;
    fixture_accepted(&s, FIXTURE_LEAST, "study.horizon=1 year");
    cr_expect_eq(s.horizon_ms, INT64_C(31557600000));
    study_free(&s);
}
