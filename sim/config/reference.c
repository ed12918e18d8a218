/* SPDX-License-Identifier: Apache-2.0 */
/* Markdown and plain text of the field table; the JSON Schema is in reference_schema.c. */
#include "config/reference.h"

#include <string.h>

#include "config/document.h"
#include "config/field.h"
#include "config/value.h"

static size_t section_length(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot != NULL ? (size_t)(dot - path) : 0;
}

/* Rows whose spread between people or units has another name than theirs. */
static const struct {
    const char *path, *spread;
} named_spreads[] = {
    {"body.csf.volume_scale", "population.csf_volume_cv"},
    {"body.csf.tip_zone_drain", "population.tip_drain_cv"},
    {"body.response.ec50", "population.sensitivity_cv"},
    {"body.response.baseline", "population.baseline_sd"},
    {"body.csf.dispersion_lumbar", "population.dispersion_cv"},
    {"body.csf.dispersion_thoracic", "population.dispersion_cv"},
    {"body.csf.dispersion_cervical", "population.dispersion_cv"},
    {"population.age_mean", "population.age_sd"},
    {"population.bmi_median", "population.bmi_cv"},
    {"population.height_male", "population.height_sd_male"},
    {"population.height_female", "population.height_sd_female"},
};

/* The row that is the spread of another: KEY_cv or KEY_sd in its section or of the population, there perhaps with the last
 * part of its section in front. */
static const field_t *find_spread(const char *path)
{
    static const char *const suffix[] = {"_cv", "_sd"};
    const char *key = path + section_length(path) + 1, *part = key - 1;
    char name[DOCUMENT_PATH_SIZE];
    while (part > path && part[-1] != '.')
        part--;
    for (size_t i = 0; i < sizeof suffix / sizeof suffix[0]; i++) {
        const field_t *f;
        snprintf(name, sizeof name, "%.200s%s", path, suffix[i]);
        if ((f = field_find(name)) != NULL)
            return f;
        snprintf(name, sizeof name, "population.%.100s%s", key, suffix[i]);
        if ((f = field_find(name)) != NULL)
            return f;
        snprintf(name, sizeof name, "population.%.*s_%.100s%s", (int)(key - 1 - part), part, key,
                 suffix[i]);
        if ((f = field_find(name)) != NULL)
            return f;
    }
    return NULL;
}

const field_t *reference_spread(const field_t *f)
{
    for (size_t i = 0; i < sizeof named_spreads / sizeof named_spreads[0]; i++)
        if (strcmp(named_spreads[i].path, f->path) == 0)
            return field_find(named_spreads[i].spread);
    return f->model && section_length(f->path) > 0 ? find_spread(f->path) : NULL;
}

static void print_heading(const field_t *f, int spread, const char **section, FILE *out)
{
    size_t n = section_length(f->path);
    if (*section != NULL && section_length(*section) == n && strncmp(*section, f->path, n) == 0)
        return;
    *section = f->path;
    fprintf(out, "\n## %.*s\n\n", n > 0 ? (int)n : (int)strlen(f->path), f->path);
    fprintf(out,
            "| key | unit or type | default | %srange | what it is | source "
            "|\n%s|---|---|---|---|---|---|\n",
            spread ? "spread | " : "", spread ? "|---" : "");
}

static void print_type(const field_t *f, FILE *out)
{
    static const char *const names[] = {[FIELD_QUANTITY] = "number",
                                        [FIELD_TIME] = "time",
                                        [FIELD_INTEGER] = "whole number",
                                        [FIELD_BOOLEAN] = "",
                                        [FIELD_CHOICE] = "",
                                        [FIELD_NAME] = "name",
                                        [FIELD_TEXT] = "text",
                                        [FIELD_PROSE] = "paragraph",
                                        [FIELD_LEVEL] = "level",
                                        [FIELD_NAMES] = "list of arms",
                                        [FIELD_MOMENT] = "moment",
                                        [FIELD_LIST] = "list",
                                        [FIELD_CLOCK] = "time of day",
                                        [FIELD_DAYS] = "days",
                                        [FIELD_KEY] = "key",
                                        [FIELD_OF_KEY] = "of the key"};
    if (f->choice != NULL)
        for (size_t i = 0; f->choice[i] != NULL; i++)
            fprintf(out, "%s%s", i > 0 ? " or " : "", f->choice[i]);
    else if (strcmp(f->unit, "1") != 0 && f->type != FIELD_MOMENT)
        fprintf(out, "%s", field_unit(f));
    else
        fprintf(out, "%s", names[f->type]);
}

static int is_number(const field_t *f)
{
    return f->type == FIELD_QUANTITY || f->type == FIELD_TIME || f->type == FIELD_INTEGER;
}

static void print_default(const field_t *f, FILE *out)
{
    if (f->required)
        fprintf(out, "required");
    else if (is_number(f) && !f->optional)
        fprintf(out, "%.9g", f->value);
    else if (f->text != NULL)
        fprintf(out, "%s", f->text);
}

/* Cells may not hold the column's bar. */
static void print_cell(const char *text, FILE *out)
{
    for (; *text != '\0'; text++)
        fprintf(out, *text == '|' ? "\\%c" : "%c", *text);
}

static void print_spread(const field_t *f, FILE *out)
{
    const field_t *s = reference_spread(f);
    if (s == NULL)
        return;
    const char *kind = strstr(s->path, "_cv") != NULL ? "CV" : "SD";
    fprintf(out, "%s %.9g%s%s (`%s`)", kind, s->value, strcmp(s->unit, "1") != 0 ? " " : "",
            strcmp(s->unit, "1") != 0 ? field_unit(s) : "", s->path);
}

static void print_row(const field_t *f, int spread, FILE *out)
{
    const char *dot = strrchr(f->path, '.');
    fprintf(out, "| `%s` | ", dot != NULL ? dot + 1 : f->path);
    print_type(f, out);
    fprintf(out, " | ");
    print_default(f, out);
    fprintf(out, " | ");
    if (spread) {
        print_spread(f, out);
        fprintf(out, " | ");
    }
    if (is_number(f) || f->type == FIELD_LIST)
        fprintf(out, "%.9g to %.9g", f->low, f->high);
    fprintf(out, " | ");
    print_cell(f->help, out);
    for (const field_when_t *when = f->when; when != NULL; when = when->also)
        fprintf(out, "%s %s%s", when == f->when ? " (where" : " and", when->says,
                when->also == NULL ? ")" : "");
    fprintf(out, " | ");
    print_cell(f->source != NULL ? f->source : "", out);
    fprintf(out, " |\n");
}

static int print_table(int models_only, FILE *out)
{
    size_t n;
    const field_t *f = field_table(&n);
    const char *section = NULL;
    for (size_t i = 0; i < n; i++) {
        if (models_only && !f[i].model)
            continue;
        print_heading(&f[i], models_only, &section, out);
        print_row(&f[i], models_only, out);
    }
    return ferror(out) ? -1 : 0;
}

int reference_markdown(FILE *out)
{
    fprintf(out,
            "# Keys of a study\n\nA study is a YAML file. Quantities carry their unit, and any "
            "unit of the same dimension is accepted.\n`[]` stands for each item of a list.\n\n"
            "A section, or an item of a list, may hold `include: FILE`: that file's keys stand "
            "there, and those beside the\n`include` win. It is looked for beside the file that "
            "includes, in the folders of `$THECASIM_CONFIGS`, then among\nthe installed configs; "
            "included files may include, three deep.\n\n"
            "An arm of `study.arms` may be `{name: NAME, set: {KEY: VALUE, ...}}`: the study with "
            "those keys replaced, each named by\nits path, as in `clinic.refill_margin: 14 day`. "
            "Keys of `study` and the names of drugs are the same in all arms, "
            "and the study without any `set`\nmust be sound by itself.\n");
    return print_table(0, out);
}

int reference_parameters(FILE *out)
{
    fprintf(out,
            "# Parameters of the models\n\nGenerated from the models' `.def` lists. A default "
            "without a published source says \"assumption\",\nwith the range over which to "
            "vary it.\nSpread is between people or units; it is a parameter itself, under the key "
            "that is named.\n");
    return print_table(1, out);
}

static void print_assumption(const field_t *f, study_t *s, size_t index, FILE *out)
{
    char text[VALUE_TEXT_SIZE], path[256];
    const field_index_t at = {index, 0};
    const char *base = field_base(s, f->owner, at);
    if (f->source == NULL || strncmp(f->source, "assumption", 10) != 0 ||
        field_lacks(f, base) != NULL)
        return;
    value_write(f, base + f->offset, text);
    field_place(f, at, path, sizeof path);
    fprintf(out, "%s: %s (%s)\n", path, text, f->source);
}

int reference_assumptions(const study_t *s, FILE *out)
{
    size_t n;
    const field_t *f = field_table(&n);
    study_t copy = *s;
    for (size_t i = 0; i < n; i++) {
        size_t items = f[i].owner == FIELD_STUDY  ? 1
                       : f[i].owner == FIELD_DRUG ? (size_t)s->n_drugs
                                                  : 0;
        for (size_t k = 0; k < items; k++)
            print_assumption(&f[i], &copy, k, out);
    }
    return ferror(out) ? -1 : 0;
}
