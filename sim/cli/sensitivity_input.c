/* SPDX-License-Identifier: Apache-2.0 */
/* Reads ranges of keys. */
#include "cli/sensitivity_input.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int refuse(const char *text, const char *why, error_t *e)
{
    return ERROR_RAISE(e, ERROR_ARGUMENT,
                       "--vary '%.120s': %s; written as KEY=LOW..HIGH UNIT, for example "
                       "'therapy.dose=100..300 ug/day'",
                       text, why);
}

/* Copies a part of a text; 0 where it is empty or does not fit. */
static int copy(char *to, size_t size, const char *from, size_t length)
{
    if (length == 0 || length >= size) {
        return 0;
    }
    memcpy(to, from, length);
    to[length] = '\0';
    return 1;
}

int sensitivity_input_read(sensitivity_input_t *in, const char *text, bool logarithmic, error_t *e)
{
    const char *equals = strchr(text, '=');
    char *end = NULL;
    memset(in, 0, sizeof *in);
    in->logarithmic = logarithmic;
    if (equals == NULL || !copy(in->key, sizeof in->key, text, (size_t)(equals - text))) {
        return refuse(text, "no key", e);
    }
    /* "100..300": strtod would take the first dot as the number's own, so the first number ends before "..". */
    const char *dots = strstr(equals, "..");
    char low[48];
    if (dots == NULL || !copy(low, sizeof low, equals + 1, (size_t)(dots - equals - 1))) {
        return refuse(text, "no LOW..HIGH", e);
    }
    in->low = strtod(low, &end);
    if (*end != '\0') {
        return refuse(text, "LOW is no number", e);
    }
    in->high = strtod(dots + 2, &end);
    if (end == dots + 2) {
        return refuse(text, "HIGH is no number", e);
    }
    end += strspn(end, " ");
    if (*end != '\0' && !copy(in->unit, sizeof in->unit, end, strlen(end))) {
        return refuse(text, "the unit is too long", e);
    }
    if (!(isfinite(in->low) && isfinite(in->high) && in->low < in->high)) {
        return refuse(text, "LOW is not below HIGH", e);
    }
    return logarithmic && !(in->low > 0.0) ? refuse(text, "a logarithm needs LOW above 0", e) : 0;
}

void sensitivity_input_uncertain(sensitivity_input_t *in, const study_uncertain_t *u)
{
    const bool pure = strcmp(u->unit, "1") == 0;
    *in = (sensitivity_input_t){
        .low = u->low, .high = u->high, .logarithmic = u->shape == STUDY_SHAPE_LOG_NORMAL};
    (void)snprintf(in->key, sizeof in->key, "%s", u->key);
    (void)snprintf(in->unit, sizeof in->unit, "%s", pure ? "" : u->unit);
}

double sensitivity_input_value(const sensitivity_input_t *in, double place)
{
    const double value = in->logarithmic ? in->low * pow(in->high / in->low, place)
                                         : in->low + (in->high - in->low) * place;
    return fmin(fmax(value, in->low), in->high);
}

void sensitivity_input_override(const sensitivity_input_t *in, double value,
                                char text[SENSITIVITY_OVERRIDE_SIZE])
{
    (void)snprintf(text, SENSITIVITY_OVERRIDE_SIZE, "%s=%.17g%s%s", in->key, value,
                   in->unit[0] != '\0' ? " " : "", in->unit);
}
