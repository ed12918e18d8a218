/* SPDX-License-Identifier: Apache-2.0 */
/* The reference: every key is in it, and the JSON Schema is JSON that knows the required keys. */
#include <criterion/criterion.h>

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

Test(reference, every_parameter_of_a_model_has_a_source)
{
    size_t n;
    const field_t *f = field_table(&n);
    for (size_t i = 0; i < n; i++)
        cr_expect(!f[i].model || (f[i].source != NULL && f[i].source[0] != '\0'),
                  "%s has no source", f[i].path);
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
