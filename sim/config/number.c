/* SPDX-License-Identifier: Apache-2.0 */
/* The strict decimal grammar, and the reason why a token is not in it. */
#include "config/number.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Longer tokens are no number a person wrote; 17 significant digits name any double. */
#define TOKEN_MAX 48
#define WHOLE_DIGITS_MAX 18 /* below 10^18 < 2^63 */

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits(const char *text)
{
    size_t n = 0;
    while (is_digit(text[n]))
        n++;
    return n;
}

/* Length of the longest number by the grammar at the start of text; 0 if there is none. */
static size_t grammar(const char *text)
{
    size_t n = text[0] == '-';
    size_t whole = digits(text + n);
    if (whole == 0 || (whole > 1 && text[n] == '0'))
        return 0;
    n += whole;
    if (text[n] == '.' && is_digit(text[n + 1]))
        n += 1 + digits(text + n + 1);
    if (text[n] == 'e' || text[n] == 'E') {
        size_t sign = text[n + 1] == '+' || text[n + 1] == '-';
        size_t exponent = digits(text + n + 1 + sign);
        if (exponent > 0)
            n += 1 + sign + exponent;
    }
    return n;
}

static int starts_with_word(const char *text, const char *word)
{
    size_t n = strlen(word);
    return strncasecmp(text, word, n) == 0 && !isalpha((unsigned char)text[n]);
}

static int not_finite(const char *text)
{
    static const char *const words[] = {"nan", "inf", "infinity", ".nan", ".inf"};
    text += text[0] == '-' || text[0] == '+';
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (starts_with_word(text, words[i]))
            return 1;
    return 0;
}

/* Why a token that does not start with a number is none. */
static const char *why_not_start(const char *text)
{
    if (not_finite(text))
        return "is not a finite number";
    if (text[0] == '+')
        return "has a plus sign; write the number without it";
    size_t sign = text[0] == '-';
    if (text[sign] == '.' && is_digit(text[sign + 1]))
        return "has no digit before the decimal point; write 0.5, not .5";
    if (text[sign] == '0' && is_digit(text[sign + 1]))
        return "has a leading zero; write 10, not 010";
    return "is not a number";
}

/* Why a token that starts with a number does not end with it. */
static const char *why_not_rest(const char *text, size_t n)
{
    const char *rest = text + n;
    if (rest[0] == ',')
        return "has a comma; write a decimal point (0.5) and no separators";
    if (rest[0] == '_')
        return "has an underscore; write the digits without separators";
    if (rest[0] == '.' && n > 0)
        return "has a decimal point in the wrong place; write 5 or 5.0";
    if ((rest[0] == '-' || rest[0] == ':') && is_digit(rest[1]))
        return "is a date, a time of day or a range; write one number, and times since enrolment";
    if ((rest[0] == 'x' || rest[0] == 'o' || rest[0] == 'b') && isxdigit((unsigned char)rest[1]))
        return "is not decimal; write it in decimal digits";
    if (isalpha((unsigned char)rest[0]) || rest[0] == '/' || (unsigned char)rest[0] >= 0x80)
        return "needs a space between the number and its unit";
    return "is not a number";
}

size_t number_scan(const char *text, double *value, const char **why)
{
    size_t token = strcspn(text, " ");
    size_t n = grammar(text);
    if (n == 0) {
        *why = why_not_start(text);
        return 0;
    }
    if (n != token) {
        *why = why_not_rest(text, n);
        return 0;
    }
    if (n > TOKEN_MAX) {
        *why = "has too many digits; 17 significant digits name any number";
        return 0;
    }
    *value = strtod(text, NULL);
    if (!isfinite(*value)) {
        *why = "is too large";
        return 0;
    }
    size_t mantissa = strcspn(text, "eE ");
    if (fabs(*value) < 1e-300 && strcspn(text, "123456789") < mantissa) {
        *why = "is too small; write 0";
        return 0;
    }
    return n;
}

int number_whole(const char *text, int64_t *value, const char **why)
{
    double ignored;
    size_t n = number_scan(text, &ignored, why);
    if (n == 0)
        return 0;
    if (text[n] != '\0') {
        *why = "must be a whole number without a unit";
        return 0;
    }
    size_t sign = text[0] == '-';
    if (digits(text + sign) != n - sign) {
        *why = "must be a whole number, in digits only";
        return 0;
    }
    if (n - sign > WHOLE_DIGITS_MAX) {
        *why = "is too large";
        return 0;
    }
    *value = strtoll(text, NULL, 10);
    return 1;
}
