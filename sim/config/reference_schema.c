/* SPDX-License-Identifier: Apache-2.0 */
/* The field table as a JSON Schema, built as a tree with jansson. */
#include "config/reference.h"

#include <string.h>

#include <jansson.h>

#include "config/field.h"
#include "config/value.h"

static json_t *new_section(void)
{
    return json_pack("{s:s, s:b, s:{}}", "type", "object", "additionalProperties", 0, "properties");
}

/* The schema of the step `name` below an object schema, made as a section if it is not there. */
static json_t *section_below(json_t *object, const char *name, size_t length)
{
    char key[64];
    snprintf(key, sizeof key, "%.*s", (int)length, name);
    json_t *properties = json_object_get(object, "properties");
    if (json_object_get(properties, key) == NULL)
        json_object_set_new(properties, key, new_section());
    return json_object_get(properties, key);
}

/* The object schema that holds the last step of a field's path. */
static json_t *owner_of(json_t *root, const field_t *f)
{
    json_t *object = root;
    const char *step = f->path;
    for (const char *dot = strchr(step, '.'); dot != NULL; dot = strchr(step, '.')) {
        size_t length = strcspn(step, "[.");
        object = section_below(object, step, length);
        if (step[length] == '[')
            object = json_object_get(object, "items");
        step = dot + 1;
    }
    return object;
}

static json_t *choices(const field_t *f)
{
    json_t *list = json_array();
    for (size_t i = 0; f->choice[i] != NULL; i++)
        json_array_append_new(list, f->type == FIELD_BOOLEAN ? json_boolean((int)i)
                                                             : json_string(f->choice[i]));
    return json_pack("{s:o}", "enum", list);
}

static json_t *schema_of(const field_t *f)
{
    switch (f->type) {
    case FIELD_INTEGER:
        return json_pack("{s:s, s:f, s:f}", "type", "integer", "minimum", f->low, "maximum",
                         f->high);
    case FIELD_QUANTITY:
    case FIELD_TIME:
        if (strcmp(f->unit, "1") == 0)
            return json_pack("{s:s, s:f, s:f}", "type", "number", "minimum", f->low, "maximum",
                             f->high);
        return json_pack("{s:s, s:s}", "type", "string", "pattern",
                         "^-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)? +[^ ]+$");
    case FIELD_BOOLEAN:
    case FIELD_CHOICE:
        return choices(f);
    case FIELD_MOMENT:
        return json_pack("{s:s, s:s}", "type", "string", "pattern",
                         "^implant( \\+ [0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)? +[^ ]+)?$");
    case FIELD_NAMES:
        return json_pack("{s:s, s:{s:s}}", "type", "array", "items", "type", "string");
    case FIELD_LIST:
        return json_pack("{s:s, s:i, s:i, s:o}", "type", "array", "minItems", (int)f->low,
                         "maxItems", (int)f->high, "items", new_section());
    case FIELD_NAME:
    case FIELD_TEXT:
    case FIELD_LEVEL:
    default:
        return json_pack("{s:s}", "type", "string");
    }
}

static void add_field(json_t *root, const field_t *f)
{
    char description[512], expected[160];
    json_t *object = owner_of(root, f), *schema = schema_of(f);
    const char *dot = strrchr(f->path, '.'), *key = dot != NULL ? dot + 1 : f->path;
    value_expected(f, expected, sizeof expected);
    snprintf(description, sizeof description, "%.300s: %s", f->help, expected);
    json_object_set_new(schema, "description", json_string(description));
    json_object_set_new(json_object_get(object, "properties"), key, schema);
    if (!f->required || f->when != NULL)
        return;
    if (json_object_get(object, "required") == NULL)
        json_object_set_new(object, "required", json_array());
    json_array_append_new(json_object_get(object, "required"), json_string(key));
}

int reference_schema_json(FILE *out)
{
    size_t n;
    const field_t *f = field_table(&n);
    json_t *root = new_section();
    json_object_set_new(root, "$schema", json_string("http://json-schema.org/draft-07/schema#"));
    json_object_set_new(root, "title", json_string("A study of thecasim"));
    for (size_t i = 0; i < n; i++)
        add_field(root, &f[i]);
    int status =
        root == NULL ? -1 : json_dumpf(root, out, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    fputc('\n', out);
    json_decref(root);
    return status == 0 && !ferror(out) ? 0 : -1;
}
