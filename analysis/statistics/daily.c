/* SPDX-License-Identifier: Apache-2.0 */
/* Walks the table `daily`. */
#include "statistics/daily.h"

#include <string.h>

#include "dataset/walk.h"

/* Shows the rows of one record. Column 0 of the walk is the day. */
static int show_record(walk_t *w, size_t record, size_t fields, const daily_visitor_t *visitor,
                       size_t visitors)
{
    double value[DAILY_FIELDS_MAX];
    size_t start = 0, count = 0;
    const int rc = reader_range(w->reader, TABLE_DAILY, record, &start, &count, w->e);
    for (size_t row = start; rc == 0 && row < start + count && w->failed == 0; row++) {
        const daily_row_t shown = {record, walk_at(w, 0, row), value};
        for (size_t f = 0; f < fields; f++) {
            value[f] = walk_at(w, f + 1, row);
        }
        for (size_t v = 0; v < visitors && w->failed == 0; v++) {
            visitor[v].visit(visitor[v].context, &shown);
        }
    }
    return rc != 0 ? rc : w->failed;
}

int daily_each(reader_t *r, const people_t *p, const enum fields_id *field, size_t fields,
               const daily_visitor_t *visitor, size_t visitors, error_t *e)
{
    enum fields_id column[DAILY_FIELDS_MAX + 1] = {FIELD_DAILY_DAY};
    walk_t w;
    int rc;
    if (fields > DAILY_FIELDS_MAX) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%zu fields of daily at a time; at most %d", fields,
                           DAILY_FIELDS_MAX);
    }
    memcpy(column + 1, field, fields * sizeof *field);
    rc = walk_begin(&w, r, column, fields + 1, e);
    for (size_t record = 0; rc == 0 && record < p->records; record++) {
        rc = p->record[record].pump ? show_record(&w, record, fields, visitor, visitors) : 0;
    }
    walk_end(&w);
    return rc;
}
