/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as text: each reads back the same, to the bit. */
#include "export/numeral.h"

#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"

/* Bits that draw: every exponent and both signs, subnormal numbers among them. */
static uint64_t bits(draw_t *d)
{
    return (uint64_t)(draw_uniform(d) * 4294967296.0) << 32 ^
           (uint64_t)(draw_uniform(d) * 4294967296.0);
}

static void check_f64(double value)
{
    char text[NUMERAL_SIZE];
    const double back = strtod(numeral_f64(value, text), NULL);
    cr_assert_eq(memcmp(&back, &value, sizeof value), 0, "%a is written %s", value, text);
}

static void check_f32(float value)
{
    char text[NUMERAL_SIZE];
    const float back = strtof(numeral_f32(value, text), NULL);
    cr_assert_eq(memcmp(&back, &value, sizeof value), 0, "%a is written %s", (double)value, text);
}

Test(numeral, any_double_and_any_float_reads_back_the_same)
{
    draw_t d;
    draw_init(&d, 7, DRAW_EVENT, 1, 0, 0);
    for (int i = 0; i < 200000; i++) {
        const uint64_t whole = bits(&d);
        const uint32_t half = (uint32_t)(whole >> 32);
        double wide;
        float narrow;
        memcpy(&wide, &whole, sizeof wide);
        memcpy(&narrow, &half, sizeof narrow);
        if (isfinite(wide)) {
            check_f64(wide);
        }
        if (isfinite(narrow)) {
            check_f32(narrow);
        }
    }
    static const double edges[] = {0.0, -0.0, DBL_MIN, DBL_MAX, -DBL_MAX, 4.9e-324, 1.0 / 3.0};
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        check_f64(edges[i]);
        check_f32((float)edges[i]);
    }
}

Test(numeral, no_more_digits_than_needed)
{
    char text[NUMERAL_SIZE];
    cr_expect_str_eq(numeral_f64(0.1, text), "0.1");
    cr_expect_str_eq(numeral_f64(300.0, text), "300");
    cr_expect_str_eq(numeral_f64(0.1 + 0.2, text), "0.30000000000000004");
    cr_expect_str_eq(numeral_f32(0.1f, text), "0.1");
    cr_expect_str_eq(numeral_f32(87.97717f, text), "87.97717");
}

Test(numeral, no_value_is_empty_and_no_end_has_the_name_of_the_specification)
{
    char text[NUMERAL_SIZE];
    cr_expect_str_eq(numeral_f64((double)NAN, text), "");
    cr_expect_str_eq(numeral_f32(NAN, text), "");
    cr_expect_str_eq(numeral_f64((double)INFINITY, text), "INF");
    cr_expect_str_eq(numeral_f32(-INFINITY, text), "-INF");
}

Test(numeral, time_is_an_exact_duration_and_the_first_day_is_day_1)
{
    char text[NUMERAL_ELAPSED_SIZE];
    cr_expect_str_eq(numeral_elapsed(0, text), "P0DT0H0M0.000S");
    cr_expect_str_eq(numeral_elapsed(INT64_C(1047845678), text), "P12DT3H4M5.678S");
    cr_expect_str_eq(numeral_elapsed(INT64_C(315576000000), text), "P3652DT12H0M0.000S");
    cr_expect_eq(numeral_study_day(0), 1);
    cr_expect_eq(numeral_study_day(86399999), 1);
    cr_expect_eq(numeral_study_day(86400000), 2);
}
