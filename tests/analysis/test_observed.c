/* SPDX-License-Identifier: Apache-2.0 */
/* Files of observations, right and wrong ones. */
#include "statistics/observed.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/folder.h"

static int read_text(observed_t *o, const char *text, error_t *e)
{
    char path[256];
    FILE *out = fopen(folder_path(path, sizeof path, "levels.csv"), "w");
    cr_assert_not_null(out);
    (void)fputs(text, out);
    (void)fclose(out);
    const int rc = observed_read(o, path, e);
    (void)unlink(path);
    return rc;
}

Test(observed, samples_are_read_in_any_order_of_columns)
{
    observed_t o;
    error_t e = {0};
    cr_assert_eq(read_text(&o,
                           "# a comment\n lloq , day,value,patient,sex\n\n20,0.5, 130.5 ,p 1,f\n"
                           "20,90,,p 2,m\r\n20,91,19.9,p 1,f\n,92,19.9,p 1,f\n",
                           &e),
                 0, "%s", e.text);
    cr_assert_eq(o.samples, 4);
    cr_expect_eq(o.patients, 2);
    cr_expect_float_eq(o.sample[0].value, 130.5, 0.0);
    cr_expect_float_eq(o.sample[0].day, 0.5, 0.0);
    cr_expect_eq(o.sample[1].patient, 1);
    cr_expect_eq(o.sample[2].patient, 0);
    cr_expect(isnan(o.sample[1].value) && isnan(o.sample[2].value), "both are below 20");
    cr_expect_float_eq(o.sample[3].value, 19.9, 0.0);
    cr_expect(isnan(o.sample[3].lloq));
    observed_free(&o);
}

Test(observed, many_patients_keep_their_numbers)
{
    static char text[32 * 400];
    size_t at = (size_t)sprintf(text, "patient,day,value\n");
    observed_t o;
    error_t e = {0};
    for (int i = 0; i < 400; i++) {
        at += (size_t)sprintf(text + at, "%d,%d,%d\n", i % 130, i, i);
    }
    cr_assert_eq(read_text(&o, text, &e), 0, "%s", e.text);
    cr_assert_eq(o.samples, 400);
    cr_expect_eq(o.patients, 130);
    cr_expect_eq(o.sample[399].patient, 399 % 130);
    observed_free(&o);
}

Test(observed, what_is_wrong_is_told_with_its_line)
{
    static const struct {
        const char *text, *told;
    } wrong[] = {
        {"", "levels.csv: no samples"},
        {"patient,day,value\n", "levels.csv: no samples"},
        {"patient,time,value\n1,2,3\n", "levels.csv:1: no column is called day"},
        {"patient,day,day,value\n", ":1: two columns are called day"},
        {"patient,day,value\n1,2\n", ":2: 2 fields, where the first line has 3"},
        {"patient,day,value\n1,2,3x\n", ":2: value is '3x', which is no number"},
        {"patient,day,value\n1,2,inf\n", ":2: value is 'inf'"},
        {"patient,day,value\n\n1,-2,3\n", ":3: day must be a number of at least 0"},
        {"patient,day,value\n1,,3\n", ":2: day must be a number of at least 0"},
        {"patient,day,value\n1,2,\n", ":2: no value and no lloq"},
        {"patient,day,value,lloq\n1,2,3,0\n", ":2: lloq is 0; it must be above 0"},
        {"patient,day,value\n,2,3\n", ":2: no patient"},
        {",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n", ":1: more than 32 fields"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        observed_t o;
        error_t e = {0};
        cr_expect_eq(read_text(&o, wrong[i].text, &e), ERROR_FILE_READ);
        cr_expect_not_null(strstr(e.text, wrong[i].told), "'%s' lacks '%s'", e.text, wrong[i].told);
        observed_free(&o);
    }
}

Test(observed, a_file_that_is_not_there_is_told)
{
    observed_t o;
    error_t e = {0};
    cr_expect_eq(observed_read(&o, "no/such/file.csv", &e), ERROR_FILE_OPEN);
    cr_expect_not_null(strstr(e.text, "no/such/file.csv: "));
    observed_free(&o);
}
