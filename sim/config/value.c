/* SPDX-License-Identifier: Apache-2.0 */
/* Reads, defaults and writes one value of each type of field. */
#include "config/value.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/level.h"
#include "config/nearest.h"
#include "config/number.h"
#include "config/uncertain.h"
#include "config/week.h"

#define MS_PER_DAY 86400000.0
#define TIME_TEXT_SIZE 32

/* A value that lies at an end of the range but for the rounding of its conversion is that end. */
static void meet_range(const field_t *f, double *value)
{
    if (*value < f->low && f->low - *value <= 1e-12 * fabs(f->low))
        *value = f->low;
    if (*value > f->high && *value - f->high <= 1e-12 * fabs(f->high))
        *value = f->high;
}

/* Ends of the range, as a person writes them. */
static int check_range(const field_t *f, double value, const char *text, char *why)
{
    int pure = strcmp(f->unit, "1") == 0;
    const char *space = pure ? "" : " ", *unit = pure ? "" : field_unit(f);
    if (value >= f->low && value <= f->high)
        return 1;
    const char *side = value < f->low ? "below" : "above";
    snprintf(why, VALUE_WHY_SIZE, "%.40s is %s the limit %.9g%s%s; the range is %.9g to %.9g%s%s",
             text, side, value < f->low ? f->low : f->high, space, unit, f->low, f->high, space,
             unit);
    return 0;
}

static int is_empty(const char *text, int quoted)
{
    return !quoted && (text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
}

static int say(char *why, const char *text, const char *problem)
{
    snprintf(why, VALUE_WHY_SIZE, "%.60s %s", text, problem);
    return 0;
}

static int token_length(const char *text)
{
    size_t n = strcspn(text, " ");
    return n < 60 ? (int)n : 60;
}

/* A number, with a unit where the field has one, in the field's unit. */
static int read_number(const field_t *f, const char *text, units_t *u, double *value, char *why)
{
    int pure = strcmp(f->unit, "1") == 0;
    double factor = 1.0;
    const char *problem;
    size_t n = number_scan(text, value, &problem);
    if (n == 0) {
        snprintf(why, VALUE_WHY_SIZE, "%.*s %s", token_length(text), text, problem);
        return 0;
    }
    const char *unit = text + n + strspn(text + n, " ");
    if (pure && strcmp(unit, "%") == 0) {
        snprintf(why, VALUE_WHY_SIZE, "%.40s is a percentage; write %.9g", text, *value / 100.0);
        return 0;
    }
    if (pure && unit[0] != '\0')
        return say(why, text, "has a unit, but this is a pure number; write the number alone");
    if (!pure && unit[0] == '\0') {
        snprintf(why, VALUE_WHY_SIZE, "%.40s has no unit; write for example %.*s %s", text, (int)n,
                 text, field_unit(f));
        return 0;
    }
    if (!pure && !units_factor(u, unit, field_unit(f), &factor, why, VALUE_WHY_SIZE))
        return 0;
    *value *= factor;
    meet_range(f, value);
    return check_range(f, *value, text, why);
}

static double ms_per_unit(const field_t *f)
{
    if (strcmp(f->unit, "day") == 0)
        return MS_PER_DAY;
    if (strcmp(f->unit, "s") == 0)
        return 1000.0;
    return strcmp(f->unit, "h") == 0 ? 3600000.0 : 60000.0;
}

static int read_time(const field_t *f, const char *text, units_t *u, int64_t *ms, char *why)
{
    double value, factor = 1.0;
    const char *problem;
    if (!read_number(f, text, u, &value, why))
        return 0;
    /* Again, straight to milliseconds: whole ones must not pass through a fraction of a day. */
    size_t n = number_scan(text, &value, &problem);
    const char *unit = text + n + strspn(text + n, " ");
    if (n > 0 && strcmp(unit, f->unit) == 0)
        factor = ms_per_unit(f);
    else if (n == 0 || !units_factor(u, unit, "ms", &factor, why, VALUE_WHY_SIZE))
        return 0;
    *ms = llround(value * factor);
    return 1;
}

static int read_integer(const field_t *f, const char *text, int64_t *value, char *why)
{
    const char *problem;
    int64_t whole;
    if (!number_whole(text, &whole, &problem))
        return say(why, text, problem);
    if (!check_range(f, (double)whole, text, why))
        return 0;
    *value = whole;
    return 1;
}

static void list_choices(const field_t *f, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; f->choice[i] != NULL && used < size; i++) {
        const char *before = i == 0 ? "" : (f->choice[i + 1] == NULL ? " or " : ", ");
        int n = snprintf(out + used, size - used, "%s%s", before, f->choice[i]);
        used += n > 0 ? (size_t)n : 0;
    }
}

/* The choice that is nearest to a word; NULL where none is near. */
static const char *nearest_choice(const field_t *f, const char *text)
{
    const char *best = NULL;
    for (int i = 0; f->choice[i] != NULL; i++)
        if (nearest_is_close(text, f->choice[i]) &&
            (best == NULL || nearest_distance(text, f->choice[i]) < nearest_distance(text, best)))
            best = f->choice[i];
    return best;
}

static int read_choice(const field_t *f, const char *text, int *value, char *why)
{
    char choices[128];
    for (int i = 0; f->choice[i] != NULL; i++) {
        if (strcmp(f->choice[i], text) == 0) {
            *value = i;
            return 1;
        }
    }
    const char *meant = nearest_choice(f, text);
    list_choices(f, choices, sizeof choices);
    if (meant != NULL &&
        strlen(choices) + 1 == sizeof choices) /* a list too long to be read to its end */
        snprintf(why, VALUE_WHY_SIZE, "\"%.60s\" is not a choice here; did you mean %s?", text,
                 meant);
    else
        snprintf(why, VALUE_WHY_SIZE, "\"%.60s\" is not a choice here; write %s", text, choices);
    return 0;
}

static int read_name(const char *text, char *member, char *why)
{
    size_t n = strlen(text);
    int ok = n > 0 && n < STUDY_NAME_SIZE && isalnum((unsigned char)text[0]);
    for (size_t i = 0; i < n; i++)
        ok = ok && (isalnum((unsigned char)text[i]) || text[i] == '-' || text[i] == '_');
    if (!ok) {
        snprintf(why, VALUE_WHY_SIZE,
                 "\"%.60s\" is not a name; write up to %d letters, digits, - and _, first a letter "
                 "or digit",
                 text, STUDY_NAME_SIZE - 1);
        return 0;
    }
    memcpy(member, text, n + 1);
    return 1;
}

static int read_text(const char *text, char *member, char *why)
{
    size_t n = strlen(text);
    if (n >= STUDY_TITLE_SIZE) {
        snprintf(why, VALUE_WHY_SIZE, "the text has %zu bytes; at most %d fit", n,
                 STUDY_TITLE_SIZE - 1);
        return 0;
    }
    memcpy(member, text, n + 1);
    return 1;
}

/* Characters of valid UTF-8: the bytes that do not continue one. */
static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xC0u) != 0x80u;
    return n;
}

static int read_prose(const char *text, char *member, char *why)
{
    const size_t n = characters(text);
    if (n > STUDY_DESCRIPTION_MAX) {
        snprintf(why, VALUE_WHY_SIZE, "the text has %zu characters; at most %d fit", n,
                 STUDY_DESCRIPTION_MAX);
        return 0;
    }
    memcpy(member, text, strlen(text) + 1);
    return 1;
}

static int read_level(const char *text, char *member, char *why)
{
    if (!level_is_known(text)) {
        snprintf(why, VALUE_WHY_SIZE,
                 "\"%.40s\" is not a level of the spine; write C1 to C7, T1 to T12, L1 to L5 or an "
                 "interspace such as L3/4",
                 text);
        return 0;
    }
    memcpy(member, text, strlen(text) + 1);
    return 1;
}

static int read_moment(const field_t *f, const char *text, units_t *u, study_moment_t *m, char *why)
{
    static const char anchor[] = "implant";
    int64_t offset_ms = 0;
    size_t n = sizeof anchor - 1;
    if (strncmp(text, anchor, n) == 0 && strncmp(text + n, " + ", 3) == 0) {
        if (!read_time(f, text + n + 3, u, &offset_ms, why))
            return 0;
    } else if (strcmp(text, anchor) != 0) {
        snprintf(why, VALUE_WHY_SIZE,
                 "\"%.60s\" is not a moment; write implant, or a time after it as in implant + 30 "
                 "day; for a time since enrolment use `at`",
                 text);
        return 0;
    }
    m->after_implant = 1;
    m->offset_ms = offset_ms;
    return 1;
}

static int is_numeric(const field_t *f)
{
    return f->type == FIELD_INTEGER || f->type == FIELD_BOOLEAN ||
           (f->type == FIELD_QUANTITY && strcmp(f->unit, "1") == 0);
}

static int read_typed(const field_t *f, const char *text, units_t *u, void *member, char *why)
{
    double number;
    switch (f->type) {
    case FIELD_QUANTITY:
        if (!read_number(f, text, u, &number, why))
            return 0;
        memcpy(member, &number, sizeof number);
        return 1;
    case FIELD_TIME:
        return read_time(f, text, u, member, why);
    case FIELD_INTEGER:
        return read_integer(f, text, member, why);
    case FIELD_BOOLEAN:
    case FIELD_CHOICE:
        return read_choice(f, text, member, why);
    case FIELD_NAME:
        return read_name(text, member, why);
    case FIELD_TEXT:
        return read_text(text, member, why);
    case FIELD_PROSE:
        return read_prose(text, member, why);
    case FIELD_LEVEL:
        return read_level(text, member, why);
    case FIELD_MOMENT:
        return read_moment(f, text, u, member, why);
    case FIELD_CLOCK:
        return week_read_clock(text, member, why, VALUE_WHY_SIZE);
    case FIELD_DAYS:
        return week_read_days(text, member, why, VALUE_WHY_SIZE);
    case FIELD_KEY:
        return uncertain_read_key(text, member, why);
    case FIELD_OF_KEY: /* read as the field that it is of */
    case FIELD_NAMES:
    case FIELD_LIST:
    default:
        return say(why, text, "is a single value where a list belongs");
    }
}

int value_read(const field_t *f, const char *text, int quoted, units_t *u, void *member, char *why)
{
    if (is_empty(text, quoted)) {
        char expected[160];
        value_expected(f, expected, sizeof expected);
        snprintf(why, VALUE_WHY_SIZE, "has no value; write %s", expected);
        return 0;
    }
    if (quoted && is_numeric(f))
        return say(why, text, "is in quotes, which makes it text; write it without");
    return read_typed(f, text, u, member, why);
}

static void default_choice(const field_t *f, int *member)
{
    for (int i = 0; f->text != NULL && f->choice[i] != NULL; i++)
        if (strcmp(f->choice[i], f->text) == 0)
            *member = i;
}

void value_default(const field_t *f, void *member)
{
    switch (f->type) {
    case FIELD_QUANTITY:
        memcpy(member, &f->value, sizeof f->value);
        break;
    case FIELD_TIME:
        *(int64_t *)member = llround(f->value * ms_per_unit(f));
        break;
    case FIELD_INTEGER:
        *(int64_t *)member = (int64_t)f->value;
        break;
    case FIELD_BOOLEAN:
    case FIELD_CHOICE:
        default_choice(f, member);
        break;
    case FIELD_NAME:
    case FIELD_TEXT:
    case FIELD_PROSE:
    case FIELD_LEVEL:
        if (f->text != NULL)
            memcpy(member, f->text, strlen(f->text) + 1);
        break;
    case FIELD_DAYS:
        *(int64_t *)member = WEEK_ALL_DAYS;
        break;
    case FIELD_NAMES:
        ((study_arms_t *)member)->count = 1;
        memcpy(((study_arms_t *)member)->name[0], f->text, strlen(f->text) + 1);
        break;
    case FIELD_MOMENT:
    case FIELD_CLOCK:
    case FIELD_LIST:
    case FIELD_KEY:
    case FIELD_OF_KEY:
    default:
        break;
    }
}

/* The largest unit of which the time is a whole number. */
static void write_time(int64_t ms, char *out)
{
    static const struct {
        int64_t ms;
        const char *name;
    } unit[] = {{86400000, "day"}, {3600000, "h"}, {60000, "min"}, {1000, "s"}, {1, "ms"}};
    size_t i = 0;
    while (ms % unit[i].ms != 0)
        i++;
    snprintf(out, TIME_TEXT_SIZE, "%" PRId64 " %s", ms / unit[i].ms, unit[i].name);
}

static void write_moment(const study_moment_t *m, char *out)
{
    size_t n = (size_t)snprintf(out, VALUE_TEXT_SIZE, "implant");
    if (m->offset_ms == 0)
        return;
    memcpy(out + n, " + ", 3);
    write_time(m->offset_ms, out + n + 3);
}

static void write_quoted(const char *text, char *out)
{
    *out++ = '"';
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            *out++ = '\\';
        *out++ = *text;
    }
    *out++ = '"';
    *out = '\0';
}

static void write_names(const study_arms_t *arms, char *out)
{
    size_t used = (size_t)snprintf(out, VALUE_TEXT_SIZE, "[");
    for (int64_t i = 0; i < arms->count && used < VALUE_TEXT_SIZE; i++)
        used += (size_t)snprintf(out + used, VALUE_TEXT_SIZE - used, "%s\"%s\"", i > 0 ? ", " : "",
                                 arms->name[i]);
    if (used < VALUE_TEXT_SIZE)
        snprintf(out + used, VALUE_TEXT_SIZE - used, "]");
}

/* The shortest of 15 to 17 significant digits that reads back as the same bits. */
static void write_quantity(const field_t *f, double value, char *out)
{
    int pure = strcmp(f->unit, "1") == 0;
    int digits = 15;
    do
        snprintf(out, VALUE_TEXT_SIZE, "%.*g", digits, value);
    while (digits++ < 17 && strtod(out, NULL) != value);
    if (!pure)
        snprintf(out + strlen(out), 32, " %s", field_unit(f));
}

void value_write(const field_t *f, const void *member, char *out)
{
    switch (f->type) {
    case FIELD_QUANTITY:
        write_quantity(f, *(const double *)member, out);
        break;
    case FIELD_TIME:
        write_time(*(const int64_t *)member, out);
        break;
    case FIELD_INTEGER:
    case FIELD_LIST:
        snprintf(out, VALUE_TEXT_SIZE, "%" PRId64, *(const int64_t *)member);
        break;
    case FIELD_BOOLEAN:
    case FIELD_CHOICE:
        snprintf(out, VALUE_TEXT_SIZE, "%s", f->choice[*(const int *)member]);
        break;
    case FIELD_MOMENT:
        write_moment(member, out);
        break;
    case FIELD_CLOCK:
        week_write_clock(*(const int64_t *)member, out, VALUE_TEXT_SIZE);
        break;
    case FIELD_DAYS:
        week_write_days(*(const int64_t *)member, out, VALUE_TEXT_SIZE);
        break;
    case FIELD_NAMES:
        write_names(member, out);
        break;
    case FIELD_NAME:
    case FIELD_TEXT:
    case FIELD_PROSE:
    case FIELD_LEVEL:
    case FIELD_KEY:
    case FIELD_OF_KEY: /* written as the field that it is of */
    default:
        write_quoted(member, out);
        break;
    }
}

void value_expected(const field_t *f, char *out, size_t size)
{
    char choices[128];
    switch (f->type) {
    case FIELD_QUANTITY:
    case FIELD_TIME:
        if (strcmp(f->unit, "1") == 0)
            snprintf(out, size, "a number from %.9g to %.9g", f->low, f->high);
        else
            snprintf(out, size, "a number and a unit, in %s from %.9g to %.9g", field_unit(f),
                     f->low, f->high);
        break;
    case FIELD_INTEGER:
        snprintf(out, size, "a whole number from %.0f to %.0f", f->low, f->high);
        break;
    case FIELD_BOOLEAN:
    case FIELD_CHOICE:
        list_choices(f, choices, sizeof choices);
        snprintf(out, size, "%s", choices);
        break;
    case FIELD_NAME:
        snprintf(out, size, "a name");
        break;
    case FIELD_TEXT:
        snprintf(out, size, "one line of text");
        break;
    case FIELD_PROSE:
        snprintf(out, size, "a paragraph of text");
        break;
    case FIELD_LEVEL:
        snprintf(out, size, "a level such as T10");
        break;
    case FIELD_MOMENT:
        snprintf(out, size, "implant, or a time after it as in implant + 30 day");
        break;
    case FIELD_CLOCK:
        snprintf(out, size, "a time of day such as \"06:30\"");
        break;
    case FIELD_DAYS:
        snprintf(out, size, "all, workdays, weekend, a day such as mon, or a list of days");
        break;
    case FIELD_NAMES:
        snprintf(out, size, "a list of names, such as [reference]");
        break;
    case FIELD_KEY:
        snprintf(out, size, "a key such as body.csf.dispersion_lumbar");
        break;
    case FIELD_OF_KEY:
        snprintf(out, size, "a value of the key, with its unit");
        break;
    case FIELD_LIST:
    default:
        snprintf(out, size, "a list of %.0f to %.0f items", f->low, f->high);
        break;
    }
}
