/* SPDX-License-Identifier: Apache-2.0 */
/* Packs the canal of a record for the explorer's script. */
#include "page/explorer_canal.h"

#include <math.h>

#include "page/base64.h"
#include "page/html.h"

enum { DAY, VALUE, COLUMNS };
static const enum fields_id of_canal[COLUMNS] = {FIELD_CANAL_DAY, FIELD_CANAL_NG_PER_ML};

#define NO_VALUE 255u

double explorer_canal_samples(reader_t *r, size_t records)
{
    const double rows = (double)reader_rows(r, TABLE_CANAL);
    return records > 0 ? rows / (double)EXPLORER_CANAL_LEVELS / (double)records : 0.0;
}

int explorer_canal_begin(explorer_canal_t *c, reader_t *r, size_t each, error_t *e)
{
    c->reader = r;
    c->each = each > 0 ? each : 1;
    return walk_begin(&c->walk, r, of_canal, COLUMNS, e);
}

void explorer_canal_end(explorer_canal_t *c)
{
    walk_end(&c->walk);
}

/* The ends of the scale: *low of what is above 0, at most so many decades below *high. Both NaN where nothing is. */
static void scale_of(explorer_canal_t *c, size_t start, size_t count, double *low, double *high)
{
    *low = *high = (double)NAN;
    for (size_t i = start; i < start + count; i++) {
        const double value = walk_at(&c->walk, VALUE, i);
        if (value > 0.0) {
            *low = value < *low || isnan(*low) ? value : *low;
            *high = value > *high || isnan(*high) ? value : *high;
        }
    }
    *low = fmax(*low, *high * pow(10.0, -EXPLORER_CANAL_DECADES));
}

static unsigned step_of(double value, double low, double high)
{
    if (isnan(value)) {
        return NO_VALUE;
    }
    if (!(value > 0.0) || value < low) {
        return 0;
    }
    const double share = high > low ? log(value / low) / log(high / low) : 1.0;
    return 1u + (unsigned)lround(share * (EXPLORER_CANAL_STEPS - 1));
}

/* Days from one sample to the next, of which `each` are one here; 0: there is only one. */
static double days_between(explorer_canal_t *c, size_t start, size_t count)
{
    return count > EXPLORER_CANAL_LEVELS
               ? (double)c->each * (walk_at(&c->walk, DAY, start + EXPLORER_CANAL_LEVELS) -
                                    walk_at(&c->walk, DAY, start))
               : 0.0;
}

int explorer_canal_put(explorer_canal_t *c, size_t record, FILE *out, error_t *e)
{
    size_t start, count;
    double low, high;
    base64_t b = {.out = out};
    const int rc = reader_range(c->reader, TABLE_CANAL, record, &start, &count, e);
    if (rc != 0 || count == 0) {
        fputs("null", out);
        return rc;
    }
    scale_of(c, start, count, &low, &high);
    fputc('[', out);
    html_json_number(low, out);
    fputc(',', out);
    html_json_number(high, out);
    fprintf(out, ",%g,%g,\"", walk_at(&c->walk, DAY, start), days_between(c, start, count));
    for (size_t i = 0; i + EXPLORER_CANAL_LEVELS <= count; i += c->each * EXPLORER_CANAL_LEVELS) {
        for (size_t level = 0; level < EXPLORER_CANAL_LEVELS; level++) {
            base64_put(&b, step_of(walk_at(&c->walk, VALUE, start + i + level), low, high));
        }
    }
    base64_end(&b);
    fputs("\"]", out);
    return c->walk.failed;
}
