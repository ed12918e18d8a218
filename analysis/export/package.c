/* SPDX-License-Identifier: Apache-2.0 */
/* Describes the tables of an export for people and for programs, from the plans by which they were written. */
#include "export/package.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "summary/node.h"

#define NAME_SIZE 128

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

/* ---- papers ---- */

int package_papers(export_t *x, error_t *e)
{
    const provenance_t *p = reader_provenance(x->reader);
    int code = outbox_text(&x->box, "config.yaml", "The study in full, defaults included",
                           "application/yaml", or_empty(p->config), e);
    code = code != 0 ? code
                     : outbox_text(&x->box, "assumptions.txt",
                                   "Parameters that are assumptions, one a line", "text/plain",
                                   or_empty(p->assumptions), e);
    return code != 0 ? code
                     : outbox_text(&x->box, "warnings.txt",
                                   "What the study was warned of when it was read, one a line",
                                   "text/plain", or_empty(p->warnings), e);
}

static const char *type_name(enum sheet_type type)
{
    static const char *const name[] = {"string", "integer", "number"};
    return name[type];
}

int package_variables(export_t *x, error_t *e)
{
    static const sheet_column_t columns[] = {
        {"dataset", "name of the table, whose file is NAME.csv", SHEET_TEXT, 1, 0, "", "", "", 0,
         0},
        {"variable", "name of the column", SHEET_TEXT, 1, 0, "", "", "", 0, 0},
        {"label", "what it is", SHEET_TEXT, 0, 0, "", "", "", 0, 0},
        {"type", "of its values", SHEET_TEXT, 0, 0, "", "string,integer,number", "", 0, 0},
        {"unit", "in UDUNITS-2 spelling; none of a text", SHEET_TEXT, 0, 1, "", "", "", 0, 0},
        {"key", "whether it is of the primary key", SHEET_TEXT, 0, 0, "", "Y,N", "", 0, 0},
        {"codes", "the only texts that it may hold", SHEET_TEXT, 0, 1, "", "", "", 0, 0},
        {"origin", "field of the dataset, or how it follows", SHEET_TEXT, 0, 0, "", "", "", 0, 0}};
    static const sheet_plan_t plan = {"variables",
                                      "Every column of every table here: what it is and whence",
                                      columns,
                                      sizeof columns / sizeof columns[0],
                                      {{NULL, NULL}}};
    sheet_t s;
    int code = sheet_begin(&s, &x->box, &plan, e);
    for (size_t i = 0; code == 0 && i < x->sheets; i++) {
        for (size_t k = 0; k < x->sheet[i]->columns; k++) {
            const sheet_column_t *c = &x->sheet[i]->column[k];
            sheet_text(&s, x->sheet[i]->name);
            sheet_text(&s, c->name);
            sheet_text(&s, c->label);
            sheet_text(&s, type_name(c->type));
            sheet_text(&s, c->unit);
            sheet_text(&s, c->key ? "Y" : "N");
            sheet_text(&s, c->codes);
            sheet_text(&s, c->origin);
            sheet_row(&s);
        }
    }
    return code != 0 ? code : export_sheet_end(x, &s, e);
}

/* ---- datapackage.json ---- */

/* "a,b,c" as an array of texts. */
static json_t *split(const char *list, int *failed)
{
    json_t *array = json_array();
    for (const char *end = list; *list != '\0'; list = *end == ',' ? end + 1 : end) {
        end = list + strcspn(list, ",");
        node_append(array, json_stringn(list, (size_t)(end - list)), failed);
    }
    return array;
}

static void limit(json_t *constraints, const char *name, enum sheet_type type, double value,
                  int *failed)
{
    if (isfinite(value) && type == SHEET_INTEGER) {
        node_add(constraints, name, json_integer((json_int_t)value), failed);
    } else if (isfinite(value) && type == SHEET_NUMBER) {
        node_add(constraints, name, json_real(value), failed);
    }
}

static json_t *field(const sheet_column_t *c, int *failed)
{
    json_t *constraints = json_object();
    json_t *object = json_pack("{s:s, s:s, s:s}", "name", c->name, "type", type_name(c->type),
                               "description", c->label);
    if (c->unit[0] != '\0') {
        node_add(object, "unit", json_string(c->unit), failed);
    }
    if (c->origin[0] != '\0') {
        node_add(object, "origin", json_string(c->origin), failed);
    }
    if (!c->may_be_missing) {
        node_add(constraints, "required", json_true(), failed);
    }
    if (c->codes[0] != '\0') {
        node_add(constraints, "enum", split(c->codes, failed), failed);
    }
    limit(constraints, "minimum", c->type, c->low, failed);
    limit(constraints, "maximum", c->type, c->high, failed);
    node_add(object, "constraints", constraints, failed);
    return object;
}

static json_t *schema(const sheet_plan_t *plan, int *failed)
{
    json_t *fields = json_array(), *key = json_array(), *foreign = json_array();
    for (size_t i = 0; i < plan->columns; i++) {
        node_append(fields, field(&plan->column[i], failed), failed);
        if (plan->column[i].key) {
            node_append(key, json_string(plan->column[i].name), failed);
        }
    }
    for (size_t i = 0; i < SHEET_LINKS_MAX && plan->link[i].columns != NULL; i++) {
        node_append(foreign,
                    json_pack("{s:o, s:{s:s, s:o}}", "fields", split(plan->link[i].columns, failed),
                              "reference", "resource", plan->link[i].sheet, "fields",
                              split(plan->link[i].columns, failed)),
                    failed);
    }
    json_t *object =
        json_pack("{s:o, s:[s], s:o}", "fields", fields, "missingValues", "", "primaryKey", key);
    /* The specification allows no empty list of them. */
    if (json_array_size(foreign) > 0) {
        node_add(object, "foreignKeys", json_incref(foreign), failed);
    }
    json_decref(foreign);
    return object;
}

/* The sheet whose file this is; its place in *i, or x->sheets. */
static const sheet_plan_t *sheet_of(const export_t *x, const outbox_file_t *file, size_t *i)
{
    for (*i = 0; *i < x->sheets; (*i)++) {
        const size_t length = strlen(x->sheet[*i]->name);
        if (strncmp(file->name, x->sheet[*i]->name, length) == 0 &&
            strcmp(file->name + length, ".csv") == 0) {
            return x->sheet[*i];
        }
    }
    return NULL;
}

static json_t *resource(const export_t *x, const outbox_file_t *file, int *failed)
{
    char name[OUTBOX_NAME_SIZE], hash[OUTBOX_HASH_SIZE + 8];
    size_t at = 0;
    const sheet_plan_t *plan = sheet_of(x, file, &at);
    (void)snprintf(name, sizeof name, "%s", file->name);
    name[strcspn(name, ".")] = '\0';
    (void)snprintf(hash, sizeof hash, "sha256:%s", file->sha256);
    json_t *object = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:s}", "name", name, "path", file->name, "profile",
        plan != NULL ? "tabular-data-resource" : "data-resource", "title", file->title, "mediatype",
        file->media, "encoding", "utf-8", "bytes", (json_int_t)file->bytes, "hash", hash);
    if (plan != NULL) {
        node_add(object, "format", json_string("csv"), failed);
        node_add(object, "rows", json_integer((json_int_t)x->rows[at]), failed);
        node_add(object, "dialect",
                 json_pack("{s:s, s:s, s:s, s:b, s:b}", "delimiter", ",", "lineTerminator", "\n",
                           "quoteChar", "\"", "doubleQuote", 1, "header", 1),
                 failed);
        node_add(object, "schema", schema(plan, failed), failed);
    }
    return object;
}

json_t *package_provenance(const export_t *x, int *failed)
{
    const provenance_t *p = reader_provenance(x->reader);
    json_t *arms = json_array(), *drugs = json_array();
    char seed[24];
    /* A seed has 64 bits: more than a JSON number is sure to keep. */
    (void)snprintf(seed, sizeof seed, "%llu", (unsigned long long)p->seed);
    for (size_t i = 0; i < p->arms.count; i++) {
        node_append(arms, json_string(or_empty(p->arms.name[i])), failed);
    }
    for (size_t i = 0; i < p->drugs.count; i++) {
        node_append(drugs, json_string(or_empty(p->drugs.name[i])), failed);
    }
    json_t *object = json_pack(
        "{s:b, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:i, s:o, s:o}", "simulated",
        1, "note", provenance_note(), "study", or_empty(p->study), "program", or_empty(p->program),
        "version", or_empty(p->version), "build", or_empty(p->build), "core_id",
        or_empty(p->core_id), "core_code", or_empty(p->core_code), "libm_fingerprint", p->libm,
        "seed", seed, "patients", (json_int_t)p->patients, "horizon_ms", (json_int_t)p->horizon_ms,
        "dataset_schema", FIELDS_SCHEMA_VERSION, "arms", arms, "drugs", drugs);
    *failed |= object == NULL;
    return object;
}

/* A name as Frictionless wants it: lower case, digits, `.`, `_` and `-`. */
static void package_name(const export_t *x, char name[NAME_SIZE])
{
    const int n = snprintf(name, NAME_SIZE, "%s-%s", or_empty(reader_provenance(x->reader)->study),
                           x->options->format);
    for (int i = 0; i < n && i < NAME_SIZE - 1; i++) {
        const unsigned char c = (unsigned char)name[i];
        name[i] = isalnum(c) || strchr("._-", c) != NULL ? (char)tolower(c) : '-';
    }
}

static json_t *sources(const export_t *x)
{
    const provenance_t *p = reader_provenance(x->reader);
    char text[512];
    (void)snprintf(text, sizeof text,
                   "Simulated: study %.80s, seed %llu, by %.40s %.40s with dosing core %.120s",
                   or_empty(p->study), (unsigned long long)p->seed, or_empty(p->program),
                   or_empty(p->version), or_empty(p->core_id));
    return json_pack("[{s:s}]", "title", text);
}

static json_t *package(const export_t *x, const char *layout, int *failed)
{
    const provenance_t *p = reader_provenance(x->reader);
    char name[NAME_SIZE], text[1024];
    json_t *resources = json_array();
    package_name(x, name);
    (void)snprintf(text, sizeof text, "%s %s", provenance_note(), layout);
    for (size_t i = 0; i < x->box.files; i++) {
        node_append(resources, resource(x, &x->box.file[i], failed), failed);
    }
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:s, s:[s, s, s], s:o}", "profile", "data-package", "name", name,
                  "title", or_empty(p->title), "description", text, "keywords", "simulated",
                  "intrathecal", "pump", "sources", sources(x));
    if (x->options->licence != NULL) {
        node_add(object, "licenses", json_pack("[{s:s}]", "name", x->options->licence), failed);
    }
    node_add(object, "provenance", package_provenance(x, failed), failed);
    node_add(object, "resources", resources, failed);
    return object;
}

int package_describe(export_t *x, const char *layout, error_t *e)
{
    int failed = 0;
    json_t *object = package(x, layout, &failed);
    char *text = failed ? NULL : json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    int code = text == NULL ? ERROR_RAISE(e, ERROR_MEMORY,
                                          "datapackage.json cannot be made: no memory, or a text "
                                          "of the dataset is not UTF-8")
                            : outbox_text(&x->box, "datapackage.json",
                                          "What the files here hold, for programs",
                                          "application/json", text, e);
    free(text);
    json_decref(object);
    return code;
}

/* ---- README.txt ---- */

int package_readme(export_t *x, const char *layout, error_t *e)
{
    const provenance_t *p = reader_provenance(x->reader);
    FILE *f = NULL;
    const int code = outbox_open(&x->box, OUTBOX_README, &f, e);
    if (code != 0) {
        return code;
    }
    (void)fprintf(f, "%s\n\n%s\n%s\n\n", OUTBOX_MARK, or_empty(p->title), layout);
    (void)fprintf(f, "Study %s, seed %llu, %lld patients, by %s %s with dosing core %s.\n",
                  or_empty(p->study), (unsigned long long)p->seed, (long long)p->patients,
                  or_empty(p->program), or_empty(p->version), or_empty(p->core_id));
    (void)fprintf(f, "Licence of the data: %s.\n\n",
                  x->options->licence != NULL ? x->options->licence
                                              : "none is stated; ask who gave it to you");
    for (size_t i = 0; i < x->box.files; i++) {
        (void)fprintf(f, "  %-20s %s\n", x->box.file[i].name, x->box.file[i].title);
    }
    return outbox_close(&x->box, f, OUTBOX_README, "What this folder is", "text/plain", e);
}
