/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a unit by our grammar, translates it for UDUNITS-2 and asks for the conversion. */
#include "config/units.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <udunits2.h>

#define UNIT_SIZE 64
#define WORD_SIZE 24

typedef struct alias_t {
    const char *word;
    const char *meaning; /* NULL: refused, because it has no fixed length */
} alias_t;

static const alias_t aliases[] = {
    {"mcg", "ug"},          {"ppm", "1e-6"}, {"year", "(365.25 day)"}, {"years", "(365.25 day)"},
    {"yr", "(365.25 day)"}, {"month", NULL}, {"months", NULL},         {"mo", NULL},
};

static const alias_t *find_alias(const char *word)
{
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        if (strcmp(aliases[i].word, word) == 0)
            return &aliases[i];
    return NULL;
}

void units_init(units_t *u)
{
    ut_set_error_message_handler(ut_ignore);
    *u = (units_t){NULL, 0};
}

static int open_database(units_t *u)
{
    if (u->system == NULL && u->status == 0)
        u->system = ut_read_xml(NULL);
    if (u->system == NULL)
        u->status = ERROR_LIBRARY;
    return u->system != NULL;
}

int units_check(const units_t *u, error_t *e)
{
    if (u->status == 0)
        return 0;
    return ERROR_RAISE(e, ERROR_LIBRARY,
                       "UDUNITS-2 cannot read its database of units; install the Debian package "
                       "libudunits2-data or set UDUNITS2_XML_PATH");
}

void units_free(units_t *u)
{
    if (u->system != NULL)
        ut_free_system(u->system);
    u->system = NULL;
}

/* Length in bytes of a micro sign (U+00B5) or Greek mu (U+03BC) at text, else 0. */
static size_t micro(const char *text)
{
    return strncmp(text, "\xC2\xB5", 2) == 0 || strncmp(text, "\xCE\xBC", 2) == 0 ? 2 : 0;
}

/* Copies the letters at text into word[WORD_SIZE], micro signs as "u". Returns bytes read, 0 if none fit. */
static size_t read_word(const char *text, char *word)
{
    size_t n = 0, length = 0;
    while (length + 1 < WORD_SIZE) {
        size_t sign = micro(text + n);
        if (sign == 0 && !isalpha((unsigned char)text[n]))
            break;
        word[length++] = sign > 0 ? 'u' : text[n];
        n += sign > 0 ? sign : 1;
    }
    word[length] = '\0';
    return isalpha((unsigned char)text[n]) ? 0 : n;
}

/* Copies an exponent ("2", "^2", "-1", "^-1") at text; bytes read, 0 if there is none. */
static size_t read_exponent(const char *text, char *out)
{
    size_t n = text[0] == '^';
    n += text[n] == '-';
    if (!isdigit((unsigned char)text[n]) || isdigit((unsigned char)text[n + 1])) {
        out[0] = '\0';
        return text[0] == '^' || text[0] == '-' ? SIZE_MAX : 0;
    }
    size_t bare = text[0] == '^';
    snprintf(out, WORD_SIZE, "%.*s", (int)(n + 1 - bare), text + bare);
    return n + 1;
}

static int append(char *out, const char *text)
{
    size_t used = strlen(out);
    if (used + strlen(text) >= UNIT_SIZE)
        return 0;
    strcpy(out + used, text);
    return 1;
}

/* One factor at *text: a word with an exponent, translated, appended to out. */
static int translate_factor(const char **text, char *out, char *why, size_t size)
{
    char word[WORD_SIZE], exponent[WORD_SIZE];
    size_t n = read_word(*text, word);
    size_t m = n > 0 ? read_exponent(*text + n, exponent) : SIZE_MAX;
    if (m == SIZE_MAX)
        return 0;
    const alias_t *alias = find_alias(word);
    if (alias != NULL && alias->meaning == NULL) {
        snprintf(why, size, "%s has no fixed length; write days, for example 30 day", word);
        return 0;
    }
    *text += n + m;
    return append(out, alias != NULL ? alias->meaning : word) && append(out, exponent);
}

/* The unit in UDUNITS-2's spelling. why stays empty where the unit is just not by the grammar. */
static int translate(const char *text, char *out, char *why, size_t size)
{
    out[0] = why[0] = '\0';
    if (strcmp(text, "1e-6") == 0)
        return append(out, text);
    if (text[0] == '1' && text[1] == '/')
        text++;
    if (text[0] == '/') {
        append(out, "1/");
        text++;
    }
    for (;;) {
        if (!translate_factor(&text, out, why, size))
            return 0;
        if (text[0] == '\0')
            return 1;
        if (strchr("/.*", text[0]) == NULL)
            return 0;
        if (!append(out, text[0] == '/' ? "/" : "."))
            return 0;
        text++;
    }
}

static double snapped(double factor)
{
    double whole = factor >= 1.0 ? round(factor) : round(1.0 / factor);
    double near = factor >= 1.0 ? whole : 1.0 / whole;
    return fabs(factor - near) <= 1e-12 * factor ? near : factor;
}

static int convert(ut_unit *from, ut_unit *to, double *factor)
{
    cv_converter *converter = ut_get_converter(from, to);
    if (converter == NULL)
        return 0;
    double origin = cv_convert_double(converter, 0.0);
    *factor = snapped(cv_convert_double(converter, 1.0));
    cv_free(converter);
    return origin == 0.0 && isfinite(*factor) && *factor > 0.0;
}

static int factor_of(units_t *u, const char *spelling, const char *canonical, double *factor)
{
    char wanted[UNIT_SIZE], ignored[1];
    if (!translate(canonical, wanted, ignored, sizeof ignored) || !open_database(u))
        return 0;
    ut_unit *from = ut_parse(u->system, spelling, UT_ASCII);
    ut_unit *to = ut_parse(u->system, wanted, UT_ASCII);
    int ok = from != NULL && to != NULL && convert(from, to, factor);
    int known = from != NULL;
    ut_free(from);
    ut_free(to);
    return ok ? 1 : (known ? 0 : -1);
}

int units_factor(units_t *u, const char *unit, const char *canonical, double *factor, char *why,
                 size_t size)
{
    char spelling[UNIT_SIZE];
    if (strcmp(unit, canonical) == 0) {
        *factor = 1.0;
        return 1;
    }
    int known = -1;
    if (translate(unit, spelling, why, size))
        known = factor_of(u, spelling, canonical, factor);
    else if (why[0] != '\0')
        return 0;
    if (known < 0)
        snprintf(why, size, "%.40s is not a unit known here; write it in %s", unit, canonical);
    else if (known == 0)
        snprintf(why, size, "%.40s cannot be converted to %s; write a unit of that dimension", unit,
                 canonical);
    return known > 0;
}
