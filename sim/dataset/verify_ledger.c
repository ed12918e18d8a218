/* SPDX-License-Identifier: Apache-2.0 */
/* Holds the ledger to its closure: every row as stored and as computed again, and the worst along each run. */
#include "dataset/verify.h"

#include <math.h>
#include <stdio.h>

#include "dataset/walk.h"

/* Rows that do not close, and the first of them. */
typedef struct finding_t {
    size_t count;
    size_t row;
    double value;
} finding_t;

/* A NaN is no closure: it must not pass. */
static void take_closure(finding_t *found, size_t row, double closure)
{
    if (!(closure <= VERIFY_CLOSURE_MAX) && found->count++ == 0) {
        found->row = row;
        found->value = closure;
    }
}

/* The number of problems, told. */
static int tell(const verify_sink_t *sink, const char *what, const finding_t *found, size_t rows)
{
    char text[256];
    if (found->count == 0) {
        return 0;
    }
    (void)snprintf(text, sizeof text,
                   "%s: %zu of %zu rows do not close within %g, first %.3g in row %zu", what,
                   found->count, rows, VERIFY_CLOSURE_MAX, found->value, found->row);
    sink->problem(sink->context, text);
    return 1;
}

/* Vials less all places, relative to the vials; column 0 of the walk is the vials. */
static double left_of(walk_t *ledger, size_t places, size_t row)
{
    const double vials = walk_at(ledger, 0, row);
    double left = vials;
    for (size_t i = 1; i <= places; i++) {
        left -= walk_at(ledger, i, row);
    }
    return fabs(left) <= 0.0 ? 0.0 : fabs(left) / vials;
}

static int check_recomputed(reader_t *r, const verify_sink_t *sink, error_t *e)
{
    enum { PLACES = FIELD_LEDGER_SPILLED_UG - FIELD_LEDGER_RESERVOIR_UG + 1 };
    const size_t rows = reader_rows(r, TABLE_LEDGER);
    enum fields_id field[1 + PLACES] = {FIELD_LEDGER_FROM_VIALS_UG};
    finding_t found = {0};
    walk_t ledger;
    for (int i = 0; i < PLACES; i++) {
        field[1 + i] = (enum fields_id)(FIELD_LEDGER_RESERVOIR_UG + i);
    }
    int rc = walk_begin(&ledger, r, field, 1 + PLACES, e);
    for (size_t row = 0; rc == 0 && row < rows; row++) {
        take_closure(&found, row, left_of(&ledger, PLACES, row));
        rc = ledger.failed;
    }
    walk_end(&ledger);
    return rc != 0 ? rc : tell(sink, "ledger, recomputed", &found, rows);
}

static int check_stored(reader_t *r, enum fields_id field, const verify_sink_t *sink, error_t *e)
{
    const fields_t *f = fields_get(field);
    const size_t rows = reader_rows(r, f->table);
    char what[96];
    finding_t found = {0};
    walk_t stored;
    int rc = walk_begin(&stored, r, &field, 1, e);
    for (size_t row = 0; rc == 0 && row < rows; row++) {
        take_closure(&found, row, walk_at(&stored, 0, row));
        rc = stored.failed;
    }
    (void)snprintf(what, sizeof what, "%s/%s", fields_table(f->table)->name, f->name);
    walk_end(&stored);
    return rc != 0 ? rc : tell(sink, what, &found, rows);
}

int verify_ledger(reader_t *r, const verify_sink_t *sink, error_t *e)
{
    static const enum fields_id stored[] = {FIELD_LEDGER_CLOSURE_ERROR,
                                            FIELD_PATIENTS_WORST_LEDGER_ERROR};
    int problems = check_recomputed(r, sink, e);
    for (size_t i = 0; problems >= 0 && i < sizeof stored / sizeof stored[0]; i++) {
        const int more = check_stored(r, stored[i], sink, e);
        problems = more < 0 ? more : problems + more;
    }
    return problems;
}
