/* SPDX-License-Identifier: Apache-2.0 */
/* The number grammar: what is accepted, and each way in which a number may be wrong. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include <string.h>

#include "config/number.h"
#include "tests/sim/config/fixture.h"

typedef struct refused_t {
    char text[64];
    char why[48];
} refused_t;

ParameterizedTestParameters(number, refuses)
{
    static refused_t cases[] = {
        {"010", "leading zero"},
        {"-010", "leading zero"},
        {"00", "leading zero"},
        {"0x1F", "not decimal"},
        {"0o17", "not decimal"},
        {"0b11", "not decimal"},
        {"1_000", "underscore"},
        {"0,5", "comma"},
        {"1,000.5", "comma"},
        {".5", "no digit before"},
        {"-.5", "no digit before"},
        {"5.", "decimal point in the wrong place"},
        {"1.2.3", "decimal point in the wrong place"},
        {"+5", "plus sign"},
        {"--5", "not a number"},
        {"-", "not a number"},
        {"five", "not a number"},
        {"", "not a number"},
        {"nan", "not a finite number"},
        {"NaN", "not a finite number"},
        {".nan", "not a finite number"},
        {"inf", "not a finite number"},
        {"-.inf", "not a finite number"},
        {"Infinity", "not a finite number"},
        {"1e999", "too large"},
        {"-1e999", "too large"},
        {"1e-999", "too small"},
        {"1:30", "date, a time of day or a range"},
        {"2026-01-28", "date, a time of day or a range"},
        {"1-3", "date, a time of day or a range"},
        {"12abc", "space between"},
        {"0.5mg/mL", "space between"},
        {"0.452*00E003", "not a number"},
        {"1e", "space between"},
        {"1.0000000000000000000000000000000000000000000000001", "too many digits"},
    };
    return cr_make_param_array(refused_t, cases, sizeof cases / sizeof cases[0]);
}

ParameterizedTest(refused_t *c, number, refuses)
{
    double value = 7.0;
    const char *why = "";
    cr_expect_eq(number_scan(c->text, &value, &why), 0, "\"%s\" was read as %g", c->text, value);
    cr_expect(strstr(why, c->why) != NULL, "\"%s\": said \"%s\", not \"%s\"", c->text, why, c->why);
}

typedef struct accepted_t {
    char text[32];
    double value;
    size_t length;
} accepted_t;

ParameterizedTestParameters(number, accepts)
{
    static accepted_t cases[] = {
        {"0", 0.0, 1},       {"-0.5", -0.5, 4},
        {"24", 24.0, 2},     {"0.5 mg/mL", 0.5, 3},
        {"1e6", 1e6, 3},     {"1.5E+3 ug", 1500.0, 6},
        {"1e-05", 1e-5, 5},  {"0e5", 0.0, 3},
        {"0.351", 0.351, 5}, {"0.35099999999999998", 0.351, 19},
    };
    return cr_make_param_array(accepted_t, cases, sizeof cases / sizeof cases[0]);
}

ParameterizedTest(accepted_t *c, number, accepts)
{
    double value = 7.0;
    const char *why = "";
    cr_expect_eq(number_scan(c->text, &value, &why), c->length, "\"%s\" %s", c->text, why);
    cr_expect(memcmp(&value, &c->value, sizeof value) == 0, "\"%s\" was read as %.17g", c->text,
              value);
}

Test(number, refuses_wholes_with_fraction_exponent_or_unit)
{
    static const char *const texts[] = {"2.0", "1e3", "3 day", "99999999999999999999"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t value = 7;
        const char *why;
        cr_expect_eq(number_whole(texts[i], &value, &why), 0, "\"%s\" was accepted", texts[i]);
        cr_expect_eq(value, 7, "\"%s\" changed the value", texts[i]);
    }
}

Test(number, reads_wholes_to_18_digits)
{
    int64_t value;
    const char *why;
    cr_expect_eq(number_whole("-999999999999999999", &value, &why), 1);
    cr_expect_eq(value, -999999999999999999);
}

Test(number, is_refused_in_a_study_with_its_place)
{
    fixture_refused(FIXTURE_LEAST "pump: {fill: 0x14 mL}\n", NULL,
                    "s.yaml:5:14: error: pump.fill: 0x14 is not decimal");
}
