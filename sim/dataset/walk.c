/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps of each column the block in which the last value was asked for. */
#include "dataset/walk.h"

#include <math.h>
#include <stdlib.h>

/* Rows read at a time: a chunk of a large dataset. */
#define BLOCK 8192

struct walk_block_t {
    size_t start, rows; /* 0 rows: nothing is in it */
    double value[BLOCK];
};

int walk_begin(walk_t *w, reader_t *r, const enum fields_id *field, size_t columns, error_t *e)
{
    *w = (walk_t){.reader = r, .field = field, .e = e};
    w->block = calloc(columns + 1, sizeof *w->block);
    return w->block != NULL ? 0
                            : ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu columns", columns);
}

static int read_block(walk_t *w, size_t column, size_t row)
{
    const fields_t *field = fields_get(w->field[column]);
    const size_t rows = reader_rows(w->reader, field->table);
    walk_block_t *b = &w->block[column];
    if (row >= rows) {
        return ERROR_RAISE(w->e, ERROR_ARGUMENT, "%s has no row %zu of %zu", field->name, row,
                           rows);
    }
    b->start = row / BLOCK * BLOCK;
    b->rows = rows - b->start < BLOCK ? rows - b->start : BLOCK;
    return reader_read_f64(w->reader, w->field[column], b->start, b->rows, b->value, w->e);
}

double walk_at(walk_t *w, size_t column, size_t row)
{
    const walk_block_t *b = &w->block[column];
    if (w->failed == 0 && (row < b->start || row - b->start >= b->rows)) {
        w->failed = read_block(w, column, row);
    }
    return w->failed == 0 ? b->value[row - b->start] : (double)NAN;
}

void walk_end(walk_t *w)
{
    free(w->block);
    w->block = NULL;
}
