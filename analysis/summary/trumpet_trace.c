/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the pulses of a trace and prints their trumpet curve. */
#include "summary/trumpet_trace.h"

#include <stdlib.h>
#include <string.h>

#include "summary/table.h"

#define MS_PER_DAY 86400000.0
#define UL_PER_ML 1000.0

static const struct {
    double periods;
    double ms;
    const char *name;
} windows[TRUMPET_TRACE_WINDOWS] = {
    {1, 0, "1 pulse"},    {2, 0, "2 pulses"},   {5, 0, "5 pulses"},     {10, 0, "10 pulses"},
    {20, 0, "20 pulses"}, {50, 0, "50 pulses"}, {100, 0, "100 pulses"}, {0, 3600e3, "1 h"},
    {0, 21600e3, "6 h"},  {0, 86400e3, "24 h"}, {0, 604800e3, "7 d"},
};

/* Nominal volume of a pulse, 0 where none was commanded. */
static int nominal_ul(reader_t *r, double *ul, error_t *e)
{
    double volume_ml = 0.0, pulses = 0.0;
    int rc = reader_read_f64(r, FIELD_PATIENTS_VOLUME_COMMANDED_ML, 0, 1, &volume_ml, e);
    rc = rc != 0 ? rc : reader_read_f64(r, FIELD_PATIENTS_PULSES_COMMANDED, 0, 1, &pulses, e);
    *ul = pulses > 0.0 ? UL_PER_ML * volume_ml / pulses : 0.0;
    return rc;
}

static int read_pulses(reader_t *r, size_t n, trumpet_portion_t **portion, error_t *e)
{
    double *time = NULL, *volume = NULL;
    int rc = reader_column_f64(r, FIELD_PULSES_TIME_MS, &time, e);
    rc = rc != 0 ? rc : reader_column_f64(r, FIELD_PULSES_VOLUME_UL, &volume, e);
    *portion = calloc(n, sizeof **portion);
    if (rc == 0 && *portion == NULL) {
        rc = ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu pulses", n);
    }
    for (size_t i = 0; rc == 0 && i < n; i++) {
        (*portion)[i] = (trumpet_portion_t){time[i], time[i], volume[i]};
    }
    free(time);
    free(volume);
    return rc;
}

static int compute(trumpet_trace_t *t, const trumpet_portion_t *p, size_t n, double ul, error_t *e)
{
    const double length = p[n - 1].start - p[0].start, period = length / (double)(n - 1);
    const trumpet_record_t record = {p, n, p[0].start, p[n - 1].start, ul / period};
    if (!(length > 0.0)) {
        return 0;
    }
    t->pulses = n;
    t->period_s = period / 1000.0;
    t->rate_ml_per_day = record.rate * MS_PER_DAY / UL_PER_ML;
    for (size_t i = 0; i < TRUMPET_TRACE_WINDOWS; i++) {
        t->window[i].window = windows[i].ms > 0.0 ? windows[i].ms : windows[i].periods * period;
    }
    return trumpet_compute(&record, t->window, TRUMPET_TRACE_WINDOWS, e);
}

int trumpet_trace_compute(trumpet_trace_t *t, reader_t *r, error_t *e)
{
    const size_t n = reader_rows(r, TABLE_PULSES);
    trumpet_portion_t *portion = NULL;
    double ul = 0.0;
    int rc = 0;
    memset(t, 0, sizeof *t);
    if (n < 2) {
        return 0;
    }
    rc = nominal_ul(r, &ul, e);
    if (rc == 0 && ul > 0.0) {
        rc = read_pulses(r, n, &portion, e);
        rc = rc != 0 ? rc : compute(t, portion, n, ul, e);
    }
    free(portion);
    return rc;
}

void trumpet_trace_print(const trumpet_trace_t *t, FILE *out)
{
    if (t->pulses == 0) {
        return;
    }
    fprintf(out,
            "\nTrumpet curve of %zu pulses, %.6g s apart in the mean, against %.6g mL/day\n"
            "  %-22s %14s %14s\n",
            t->pulses, t->period_s, t->rate_ml_per_day, "any window of", "lowest %", "highest %");
    for (size_t i = 0; i < TRUMPET_TRACE_WINDOWS; i++) {
        fprintf(out, "  %-22s", windows[i].name);
        table_number(out, 14, t->window[i].lowest);
        table_number(out, 14, t->window[i].highest);
        fputc('\n', out);
    }
    fputs("  1 pulse: windows of one mean distance between pulses; every position of a window is "
          "counted\n",
          out);
}
