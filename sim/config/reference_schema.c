/* SPDX-License-Identifier: Apache-2.0 */
/* The field table as a JSON Schema, built as a tree with jansson. */
#include "config/reference.h"

#include <string.h>

#include <jansson.h>

#include "config/field.h"
#include "config/value.h"

static json_t *new_section(int includes)
{
    json_t *section =
        json_pack("{s:s, s:b, s:{}}", "type", "object", "additionalProperties", 0, "properties");
    if (includes)
        json_object_set_new(json_object_get(section, "properties"), "include",
                            json_pack("{s:s, s:s}", "type", "string", "description",
                                      "file that holds keys of this section; those here win"));
    return section;
}

/* An arm: its name, or its name and what sets it apart. */
static json_t *new_arm(void)
{
    return json_pack("{s:[{s:s}, {s:s, s:b, s:{s:{s:s}, s:{s:s, s:s}}, s:[s]}]}", "anyOf", "type",
                     "string", "type", "object", "additionalProperties", 0, "properties", "name",
                     "type", "string", "set", "type", "object", "description",
                     "keys of the study in this arm, each by its path, as therapy.dose", "required",
                     "name");
}

/* The schema of the step `name` below an object schema, made as a section if it is not there. */
static json_t *section_below(json_t *object, const char *name, size_t length)
{
    char key[64];
    snprintf(key, sizeof key, "%.*s", (int)length, name);
    json_t *properties = json_object_get(object, "properties");
    if (json_object_get(properties, key) == NULL)
        json_object_set_new(properties, key, new_section(strcmp(key, "study") != 0));
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

/* One name of days, or a list of names. */
static json_t *new_days(void)
{
    const char *name = "^(all|workdays|weekend|mon|tue|wed|thu|fri|sat|sun)$";
    return json_pack("{s:[{s:s, s:s}, {s:s, s:i, s:{s:s, s:s}}]}", "anyOf", "type", "string",
                     "pattern", name, "type", "array", "minItems", 1, "items", "type", "string",
                     "pattern", name);
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
    case FIELD_CLOCK:
        return json_pack("{s:s, s:s}", "type", "string", "pattern",
                         "^([01][0-9]|2[0-3]):[0-5][0-9]$");
    case FIELD_DAYS:
        return new_days();
    case FIELD_NAMES:
        return json_pack("{s:s, s:i, s:i, s:o}", "type", "array", "minItems", (int)f->low,
                         "maxItems", (int)f->high, "items", new_arm());
    case FIELD_LIST:
        return json_pack("{s:s, s:i, s:i, s:o}", "type", "array", "minItems", (int)f->low,
                         "maxItems", (int)f->high, "items", new_section(1));
    case FIELD_PROSE:
        return json_pack("{s:s, s:i}", "type", "string", "maxLength", STUDY_DESCRIPTION_MAX);
    case FIELD_OF_KEY:
        return json_pack("{s:[s, s]}", "type", "number", "string");
    case FIELD_NAME:
    case FIELD_TEXT:
    case FIELD_LEVEL:
    case FIELD_KEY:
    default:
        return json_pack("{s:s}", "type", "string");
    }
}

/* The list of keys that an object must have; one that may include another file, only where it does not. */
static json_t *required_of(json_t *object)
{
    json_t *holder = object;
    if (json_object_get(json_object_get(object, "properties"), "include") != NULL) {
        if (json_object_get(object, "then") == NULL) {
            json_object_set_new(object, "if",
                                json_pack("{s:{s:[s]}}", "not", "required", "include"));
            json_object_set_new(object, "then", json_object());
        }
        holder = json_object_get(object, "then");
    }
    if (json_object_get(holder, "required") == NULL)
        json_object_set_new(holder, "required", json_array());
    return json_object_get(holder, "required");
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
    json_array_append_new(required_of(object), json_string(key));
}

int reference_schema_json(FILE *out)
{
    size_t n;
    const field_t *f = field_table(&n);
    json_t *root = new_section(0);
    json_object_set_new(root, "$schema", json_string("http://json-schema.org/draft-07/schema#"));
    json_object_set_new(root, "title", json_string("A study of thecasim"));
    for (size_t i = 0; i < n; i++)
        add_field(root, &f[i]);
    int status =
        root == NULL ? -1 : json_dumpf(root, out, JSON_INDENT(2) | JSON_REAL_PRECISION(16));
    fputc('\n', out);
    json_decref(root);
    return status == 0 && !ferror(out) ? 0 : -1;
}
