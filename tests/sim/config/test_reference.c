/* SPDX-License-Identifier: Apache-2.0 */
/* The reference: every key is in it, and the JSON Schema is JSON that knows the required keys. */
#include <criterion/criterion.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "config/field.h"
#include "config/reference.h"
#include "tests/sim/config/fixture.h"

typedef int (*printer_t)(FILE *out);

static char *printed(printer_t print)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    cr_assert_not_null(out);
    cr_expect_eq(print(out), 0);
    fclose(out);
    return text;
}

Test(reference, names_every_key)
{
    size_t n;
    const field_t *f = field_table(&n);
    char *text = printed(reference_markdown);
    for (size_t i = 0; i < n; i++) {
        char cell[80];
        const char *dot = strrchr(f[i].path, '.');
        snprintf(cell, sizeof cell, "| `%s` |", dot != NULL ? dot + 1 : f[i].path);
        cr_expect(strstr(text, cell) != NULL, "%s is missing", f[i].path);
    }
    free(text);
}

/* A year of publication: 19xx or 20xx, no part of a longer number. */
static int names_year(const char *source)
{
    for (const char *c = source; *c != '\0'; c++) {
        size_t digits = strspn(c, "0123456789");
        if (digits == 4 && (strncmp(c, "19", 2) == 0 || strncmp(c, "20", 2) == 0))
            return 1;
        c += digits > 0 ? digits - 1 : 0;
    }
    return 0;
}

/* Whoever doubts the value knows where to look, or that there is nowhere. */
static int is_source(const char *source)
{
    return strstr(source, "assumption") != NULL || strstr(source, "label of ") != NULL ||
           strstr(source, "manufacturer's ") != NULL || names_year(source);
}

/* The source ends in "as KEY", another key of the same section, whose source it shares. */
static int shares_source(const field_t *f, const field_t *table, size_t n)
{
    const char *as = strstr(f->source, " as "), *dot = strrchr(f->path, '.');
    for (size_t i = 0; as != NULL && dot != NULL && i < n; i++)
        if (&table[i] != f && strncmp(table[i].path, f->path, (size_t)(dot - f->path) + 1) == 0 &&
            strcmp(table[i].path + (dot - f->path) + 1, as + 4) == 0)
            return table[i].source != NULL && is_source(table[i].source);
    return 0;
}

Test(reference, every_parameter_of_a_model_has_a_source)
{
    size_t n;
    const field_t *f = field_table(&n);
    for (size_t i = 0; i < n; i++)
        cr_expect(!f[i].model || (f[i].source != NULL &&
                                  (is_source(f[i].source) || shares_source(&f[i], f, n))),
                  "%s: \"%s\" says neither who published it nor that it is an assumption",
                  f[i].path, f[i].source != NULL ? f[i].source : "");
}

Test(reference, a_source_names_a_publication_or_says_assumption)
{
    static const char *const none[] = {"", "x", "as above", "5.9 years", "20 mL", "12024", "2 mL"};
    static const char *const some[] = {"assumption; sweep 1-2",
                                       "8 h (label of intrathecal baclofen)",
                                       "1 point (Gilmartin 2000, J Child Neurol 15:71)"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        cr_expect_not(is_source(none[i]), "\"%s\"", none[i]);
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++)
        cr_expect(is_source(some[i]), "\"%s\"", some[i]);
}

Test(reference, parameters_are_the_models_only)
{
    char *text = printed(reference_parameters);
    cr_expect(strstr(text, "| `ke0` | 1/h | 0.5 |") != NULL, "%s", text);
    cr_expect(strstr(text, "| `patients` |") == NULL);
    free(text);
}

Test(reference, schema_is_json_with_required_keys)
{
    char *text = printed(reference_schema_json);
    json_error_t error;
    json_t *root = json_loads(text, 0, &error);
    cr_assert_not_null(root, "line %d: %s", error.line, error.text);
    json_t *study = json_object_get(json_object_get(root, "properties"), "study");
    char *required = json_dumps(json_object_get(study, "required"), 0);
    cr_expect_str_eq(required, "[\"name\", \"patients\", \"horizon\"]");
    free(required);
    json_decref(root);
    free(text);
}

Test(reference, assumptions_are_listed_with_their_values)
{
    study_t s;
    char *text = NULL;
    size_t length;
    fixture_accepted(&s, FIXTURE_LEAST, "body.response.ke0=0.75 1/h");
    FILE *out = open_memstream(&text, &length);
    cr_assert_not_null(out);
    cr_expect_eq(reference_assumptions(&s, out), 0);
    fclose(out);
    cr_expect(strstr(text, "body.response.ke0: 0.75 1/h (assumption") != NULL, "%s", text);
    cr_expect(strstr(text, "drugs[0].kinetics.loss: 0.351 1/h (assumption") != NULL, "%s", text);
    cr_expect(strstr(text, "clearance:") == NULL, "%s", text);
    free(text);
    study_free(&s);
}

static const char *spread_of(const char *path)
{
    const field_t *f = field_find(path);
    cr_assert_not_null(f, "%s", path);
    const field_t *spread = reference_spread(f);
    return spread != NULL ? spread->path : "none";
}

Test(reference, spread_of_a_parameter_is_another_row)
{
    cr_expect_str_eq(spread_of("pump.head.unit_error"), "population.unit_error_sd");
    cr_expect_str_eq(spread_of("pump.oscillator.error"), "population.oscillator_error_sd");
    cr_expect_str_eq(spread_of("drugs[].kinetics.loss"), "population.loss_cv");
    cr_expect_str_eq(spread_of("body.tolerance.rise"), "population.tolerance_rise_cv");
    cr_expect_str_eq(spread_of("body.csf.volume_scale"), "population.csf_volume_cv");
    cr_expect_str_eq(spread_of("pump.head.rollers"), "none");
    cr_expect_str_eq(spread_of("study.patients"), "none");
}

Test(reference, parameters_show_their_spread)
{
    char *text = printed(reference_parameters);
    cr_expect(strstr(text, "| SD 0.036 (`population.unit_error_sd`) |") != NULL);
    cr_expect(
        strstr(text, "| key | unit or type | default | spread | range | what it is | source |") !=
        NULL);
    free(text);
}

/* A digit, then "-", "to" or "+/-", then a digit. */
static int has_range(const char *text)
{
    static const char *const between[] = {"-", " to ", " +/- ", "+/-"};
    for (const char *c = text; *c != '\0'; c++)
        for (size_t i = 0; isdigit((unsigned char)*c) && i < sizeof between / sizeof between[0];
             i++) {
            size_t n = strlen(between[i]);
            if (strncmp(c + 1, between[i], n) == 0 && isdigit((unsigned char)c[1 + n]))
                return 1;
        }
    return strstr(text, "sweep +/- ") != NULL;
}

Test(reference, every_parameter_has_a_source_or_an_assumption_with_a_range)
{
    size_t n, models = 0;
    const field_t *f = field_table(&n);
    for (size_t i = 0; i < n; i++) {
        if (!f[i].model)
            continue;
        models++;
        cr_expect(f[i].source != NULL && f[i].source[0] != '\0', "%s has no source", f[i].path);
        if (f[i].source != NULL && strncmp(f[i].source, "assumption", 10) == 0)
            cr_expect(has_range(f[i].source), "%s is an assumption without a range: %s", f[i].path,
                      f[i].source);
    }
    cr_expect_gt(models, 100);
}
