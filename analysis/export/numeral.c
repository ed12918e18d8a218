/* SPDX-License-Identifier: Apache-2.0 */
/* Tries the digits that may be enough, from the fewest on. */
#include "export/numeral.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define DAY_MS INT64_C(86400000)
#define HOUR_MS 3600000
#define MINUTE_MS 60000

/* What needs no digits: 1 when *text has been written. */
static int is_special(double value, char text[NUMERAL_SIZE])
{
    if (!isfinite(value)) {
        (void)snprintf(text, NUMERAL_SIZE, "%s", isnan(value) ? "" : value > 0.0 ? "INF" : "-INF");
        return 1;
    }
    return 0;
}

const char *numeral_f64(double value, char text[NUMERAL_SIZE])
{
    if (is_special(value, text)) {
        return text;
    }
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, NUMERAL_SIZE, "%.*g", digits, value);
        if (digits == 17 || !(strtod(text, NULL) < value || strtod(text, NULL) > value)) {
            break;
        }
    }
    return text;
}

const char *numeral_f32(float value, char text[NUMERAL_SIZE])
{
    if (is_special((double)value, text)) {
        return text;
    }
    for (int digits = 6; digits <= 9; digits++) {
        (void)snprintf(text, NUMERAL_SIZE, "%.*g", digits, (double)value);
        const float back = strtof(text, NULL);
        if (digits == 9 || !(back < value || back > value)) {
            break;
        }
    }
    return text;
}

const char *numeral_elapsed(int64_t time_ms, char text[NUMERAL_ELAPSED_SIZE])
{
    const int rest = (int)(time_ms % DAY_MS);
    (void)snprintf(text, NUMERAL_ELAPSED_SIZE, "P%lldDT%dH%dM%d.%03dS",
                   (long long)(time_ms / DAY_MS), rest / HOUR_MS, rest / MINUTE_MS % 60,
                   rest / 1000 % 60, rest % 1000);
    return text;
}

int64_t numeral_study_day(int64_t time_ms)
{
    return time_ms / DAY_MS + 1;
}
