/* SPDX-License-Identifier: Apache-2.0 */
/* Writes one record for the explorer's script. */
#include "page/explorer_record.h"

#include <inttypes.h>
#include <math.h>

#include "page/base64.h"
#include "page/explorer.h"
#include "page/html.h"

/* The columns that a record's data are read from, a block of each in memory. */
enum { P_AGE, P_SEX, P_DIAGNOSIS, P_TIP, P_CANAL, P_TIP_LEVEL, P_COLUMNS };
static const enum fields_id of_patient[P_COLUMNS] = {
    FIELD_PATIENTS_AGE_YEARS,       FIELD_PATIENTS_SEX,
    FIELD_PATIENTS_DIAGNOSIS,       FIELD_PATIENTS_TIP_CM,
    FIELD_PATIENTS_CANAL_LENGTH_CM, FIELD_PATIENTS_TIP_LEVEL};
enum { E_TIME, E_KIND, E_REASON, E_VALUE, E_VALUE2, E_COLUMNS };
static const enum fields_id of_event[E_COLUMNS] = {FIELD_EVENTS_TIME_MS, FIELD_EVENTS_KIND,
                                                   FIELD_EVENTS_REASON, FIELD_EVENTS_VALUE,
                                                   FIELD_EVENTS_VALUE2};
enum {
    U_SERIAL,
    U_FROM,
    U_TO,
    U_END,
    U_CHARGE,
    U_TRUE,
    U_BELIEVED,
    U_COMMANDED,
    U_DELIVERED,
    U_COLUMNS
};
static const enum fields_id of_pump[U_COLUMNS] = {FIELD_PUMPS_SERIAL,
                                                  FIELD_PUMPS_IMPLANTED_MS,
                                                  FIELD_PUMPS_ENDED_MS,
                                                  FIELD_PUMPS_END,
                                                  FIELD_PUMPS_CHARGE_USED_MAH,
                                                  FIELD_PUMPS_CHARGE_TRUE,
                                                  FIELD_PUMPS_CHARGE_BELIEVED,
                                                  FIELD_PUMPS_VOLUME_COMMANDED_ML,
                                                  FIELD_PUMPS_VOLUME_DELIVERED_ML};

int explorer_record_begin(explorer_record_t *w, const source_t *s, const explorer_choice_t *c,
                          error_t *e)
{
    w->source = s;
    w->days = c->days;
    w->of_daily[0] = FIELD_DAILY_DAY;
    for (int i = 0; i < SOURCE_DAILIES; i++) {
        w->of_daily[i + 1] = source_field((enum source_daily)i);
    }
    w->patient = w->event = w->pump = w->daily = w->canal.walk = (walk_t){.block = NULL};
    int rc = walk_begin(&w->patient, s->reader, of_patient, P_COLUMNS, e);
    rc = rc != 0 ? rc : walk_begin(&w->event, s->reader, of_event, E_COLUMNS, e);
    rc = rc != 0 ? rc : walk_begin(&w->pump, s->reader, of_pump, U_COLUMNS, e);
    rc = rc != 0 ? rc : walk_begin(&w->daily, s->reader, w->of_daily, SOURCE_DAILIES + 1, e);
    return rc != 0 ? rc : explorer_canal_begin(&w->canal, s->reader, (size_t)c->samples, e);
}

void explorer_record_end(explorer_record_t *w)
{
    walk_end(&w->patient);
    walk_end(&w->event);
    walk_end(&w->pump);
    walk_end(&w->daily);
    explorer_canal_end(&w->canal);
}

static void put_numbers(walk_t *w, size_t from, size_t columns, size_t row, FILE *out)
{
    fputc('[', out);
    for (size_t i = from; i < columns; i++) {
        fputs(i > from ? "," : "", out);
        html_json_number(walk_at(w, i, row), out);
    }
    fputc(']', out);
}

#define KINDS 128 /* above every value of choices.def */

/* Which kinds of a record's events are left out, so that the others are at most EXPLORER_EVENTS: the most frequent first. */
static void leave_out(walk_t *w, size_t start, size_t count, size_t left_out[KINDS])
{
    size_t of_kind[KINDS] = {0}, kept = count;
    for (size_t i = start; i < start + count; i++) {
        of_kind[(size_t)walk_at(w, E_KIND, i) % KINDS]++;
    }
    for (size_t i = 0; i < KINDS; i++) {
        left_out[i] = 0;
    }
    while (kept > EXPLORER_EVENTS) {
        size_t most = 0;
        for (size_t i = 1; i < KINDS; i++) {
            most = of_kind[i] > of_kind[most] ? i : most;
        }
        left_out[most] = of_kind[most];
        kept -= of_kind[most];
        of_kind[most] = 0;
    }
}

static void put_event(walk_t *w, size_t row, FILE *out)
{
    const double value = walk_at(w, E_VALUE, row), value2 = walk_at(w, E_VALUE2, row);
    fprintf(out, "[%.3f,%d,%d", walk_at(w, E_TIME, row) / PEOPLE_MS_PER_DAY,
            (int)walk_at(w, E_KIND, row), (int)walk_at(w, E_REASON, row));
    if (fabs(value) > 0.0 || fabs(value2) > 0.0) {
        fprintf(out, ",%.4g", value);
    }
    if (fabs(value2) > 0.0) {
        fprintf(out, ",%.4g", value2);
    }
    fputc(']', out);
}

/* Events as [day, kind, reason, value, value2], and as [kind, how many] those that are left out. */
static int put_events(walk_t *w, size_t start, size_t count, FILE *out)
{
    size_t left_out[KINDS];
    const char *comma = "";
    leave_out(w, start, count, left_out);
    fputs("\"e\":[", out);
    for (size_t i = start; i < start + count && w->failed == 0; i++) {
        if (left_out[(size_t)walk_at(w, E_KIND, i) % KINDS] == 0) {
            fputs(comma, out);
            put_event(w, i, out);
            comma = ",";
        }
    }
    fputs("],\"more\":[", out);
    comma = "";
    for (size_t i = 0; i < KINDS; i++) {
        if (left_out[i] > 0) {
            fprintf(out, "%s[%zu,%zu]", comma, i, left_out[i]);
            comma = ",";
        }
    }
    fputc(']', out);
    return w->failed;
}

/* 0 to 65534 of the series' range; 65535: no value. */
static void put_step(base64_t *b, double value, double low, double high)
{
    const unsigned step = isnan(value) ? 65535u
                          : high > low ? (unsigned)lround((value - low) / (high - low) * 65534.0)
                                       : 0u;
    base64_put(b, step & 255u);
    base64_put(b, step >> 8);
}

typedef struct span_t {
    size_t start, count;
} span_t;

static void range_of(walk_t *w, size_t column, span_t rows, double *low, double *high)
{
    *low = (double)INFINITY;
    *high = -(double)INFINITY;
    for (size_t i = rows.start; i < rows.start + rows.count; i++) {
        const double value = walk_at(w, column, i);
        *low = value < *low ? value : *low;
        *high = value > *high ? value : *high;
    }
}

/* A series as [least, greatest, base64]: each value, or the least and the greatest of each `days` rows. */
static void put_series(walk_t *w, size_t column, span_t rows, size_t days, FILE *out)
{
    double low, high, least, most;
    base64_t b = {.out = out};
    range_of(w, column, rows, &low, &high);
    fputc('[', out);
    html_json_number(low, out);
    fputc(',', out);
    html_json_number(high, out);
    fputs(",\"", out);
    for (size_t i = 0; i < rows.count; i += days) {
        const size_t left = rows.count - i;
        range_of(w, column, (span_t){rows.start + i, left < days ? left : days}, &least, &most);
        if (least > most) {
            least = most = (double)NAN;
        }
        put_step(&b, least, low, high);
        if (days > 1) {
            put_step(&b, most, low, high);
        }
    }
    base64_end(&b);
    fputs("\"]", out);
}

static void put_person(explorer_record_t *w, size_t record, FILE *out)
{
    fputs(",\"who\":", out);
    put_numbers(&w->patient, 0, P_COLUMNS, record, out);
    fputs(",\"o\":[", out);
    for (int i = 0; i < OUTCOMES_COUNT; i++) {
        fputs(i > 0 ? "," : "", out);
        html_json_number(w->source->outcomes.value[i][record], out);
    }
    fputs("],", out);
}

static void put_pumps(walk_t *w, span_t rows, FILE *out)
{
    fputs("\"u\":[", out);
    for (size_t i = rows.start; i < rows.start + rows.count; i++) {
        fputs(i > rows.start ? "," : "", out);
        put_numbers(w, 0, U_COLUMNS, i, out);
    }
    fputs("],", out);
}

static void put_daily(explorer_record_t *w, span_t rows, FILE *out)
{
    fputs("\"s\":[", out);
    for (size_t i = 0; i < SOURCE_DAILIES; i++) {
        fputs(i > 0 ? "," : "", out);
        put_series(&w->daily, i + 1, rows, (size_t)w->days, out);
    }
    fputs("],", out);
}

int explorer_record_put(explorer_record_t *w, size_t record, FILE *out, error_t *e)
{
    const record_key_t *key = &w->source->outcomes.key[record];
    reader_t *r = w->source->reader;
    span_t daily, events, pumps;
    int rc = reader_range(r, TABLE_DAILY, record, &daily.start, &daily.count, e);
    rc = rc != 0 ? rc : reader_range(r, TABLE_EVENTS, record, &events.start, &events.count, e);
    rc = rc != 0 ? rc : reader_range(r, TABLE_PUMPS, record, &pumps.start, &pumps.count, e);
    if (rc != 0) {
        return rc;
    }
    fprintf(out, "{\"p\":%" PRId64 ",\"a\":%d,\"first\":%g,\"rows\":%zu", key->patient,
            (int)key->arm, daily.count > 0 ? walk_at(&w->daily, 0, daily.start) : 0.0, daily.count);
    put_person(w, record, out);
    put_pumps(&w->pump, pumps, out);
    put_daily(w, daily, out);
    fputs("\"c\":", out);
    rc = explorer_canal_put(&w->canal, record, out, e);
    fputc(',', out);
    rc = rc != 0 ? rc : put_events(&w->event, events.start, events.count, out);
    fputc('}', out);
    rc = rc != 0 ? rc : w->patient.failed;
    return rc != 0 ? rc : w->pump.failed != 0 ? w->pump.failed : w->daily.failed;
}
