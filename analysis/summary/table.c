/* SPDX-License-Identifier: Apache-2.0 */
/* Prints numbers in columns, and sources by number. */
#include "summary/table.h"

#include <errno.h>
#include <math.h>
#include <string.h>

size_t table_cite(table_notes_t *notes, const char *source)
{
    for (size_t i = 0; i < notes->count; i++) {
        if (strcmp(notes->source[i], source) == 0) {
            return i + 1;
        }
    }
    notes->source[notes->count++] = source;
    return notes->count;
}

void table_number(FILE *out, int width, double value)
{
    if (isnan(value)) {
        fprintf(out, " %*s", width, "-");
    } else if (fabs(value) <= 0.0) {
        fprintf(out, " %*d", width, 0);
    } else if (fabs(value) >= 1e6 || fabs(value) < 1e-3) {
        fprintf(out, " %*.2e", width, value);
    } else {
        const double size = fabs(value);
        const int digits = size >= 1e3   ? 0
                           : size >= 1e2 ? 1
                           : size >= 1e1 ? 2
                           : size >= 1.0 ? 3
                                         : 4;
        fprintf(out, " %*.*f", width, digits, value);
    }
}

void table_published(const reference_t *reference, table_notes_t *notes, FILE *out)
{
    if (reference != NULL) {
        fprintf(out, "    %-20s %s [%zu]\n", "published", reference->text,
                table_cite(notes, reference->source));
    }
}

void table_sources(const table_notes_t *notes, FILE *out)
{
    fputs(notes->count > 0 ? "\nPublished values\n" : "", out);
    for (size_t i = 0; i < notes->count; i++) {
        fprintf(out, "  [%zu] %s\n", i + 1, notes->source[i]);
    }
}

int table_finish(FILE *out, const char *what, error_t *e)
{
    if (fflush(out) == 0 && !ferror(out)) {
        return 0;
    }
    return ERROR_RAISE(e, ERROR_FILE_WRITE, "cannot write %s: %s", what,
                       errno != 0 ? strerror(errno) : "an earlier write failed");
}
