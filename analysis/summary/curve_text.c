/* SPDX-License-Identifier: Apache-2.0 */
/* Prints rows of a curve. */
#include "summary/curve_text.h"

#include "summary/table.h"

void curve_text_values(const char *label, const survival_point_t *point, size_t n, FILE *out)
{
    fprintf(out, CURVE_TEXT_LABEL, label);
    for (size_t i = 0; i < n; i++) {
        table_number(out, CURVE_TEXT_WIDTH, point[i].value);
    }
    fputc('\n', out);
}

void curve_text_band(const survival_point_t *point, size_t n, FILE *out)
{
    fprintf(out, CURVE_TEXT_LABEL, "  95 % from");
    for (size_t i = 0; i < n; i++) {
        table_number(out, CURVE_TEXT_WIDTH, point[i].band.low);
    }
    fprintf(out, "\n" CURVE_TEXT_LABEL, "       to");
    for (size_t i = 0; i < n; i++) {
        table_number(out, CURVE_TEXT_WIDTH, point[i].band.high);
    }
    fputc('\n', out);
}
