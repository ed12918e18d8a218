/* SPDX-License-Identifier: Apache-2.0 */
/* Sparklines. */
#include "summary/spark.h"

#include <math.h>

#include "summary/table.h"

static const char *const block[] = {"\u2581", "\u2582", "\u2583", "\u2584",
                                    "\u2585", "\u2586", "\u2587", "\u2588"};

void spark_counts(const size_t *count, size_t n, FILE *out)
{
    size_t most = 1;
    for (size_t i = 0; i < n; i++) {
        most = count[i] > most ? count[i] : most;
    }
    for (size_t i = 0; i < n; i++) {
        const size_t eighths = (8 * count[i] + most - 1) / most;
        fputs(eighths == 0 ? " " : block[eighths - 1], out);
    }
}

void spark_print(const char *label, const double *value, size_t n, FILE *out)
{
    double low = (double)INFINITY, high = -(double)INFINITY;
    size_t there = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(value[i])) {
            low = fmin(low, value[i]);
            high = fmax(high, value[i]);
            there++;
        }
    }
    if (there < 2) {
        return;
    }
    fputs(label, out);
    for (size_t i = 0; i < n; i++) {
        const double share = high > low ? (value[i] - low) / (high - low) : 0.0;
        fputs(isnan(value[i]) ? " " : block[(int)fmin(7.0, 8.0 * share)], out);
    }
    table_number(out, 0, low);
    fputs(" to", out);
    table_number(out, 0, high);
    fputc('\n', out);
}
