/* SPDX-License-Identifier: Apache-2.0 */
/* Two records of one unit, row by row and event by event. */
#include "regress/compare_rows.h"

#include "dataset/fields.h"
#include "dataset/record.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define UC_PER_MAH 3.6e6

typedef struct pair_t {
    compare_t *c;
    const suite_tolerance_t *tolerance;
    double pulses_ml, pulses_mah; /* what the tolerance allows at least of a volume, of a charge */
    fields_layout_t layout;
    record_view_t view[2];
} pair_t;

/* ---- what a field is about --------------------------------------------------------------------------------- */

/* How often a core wants to be woken is its own affair, and seen in its trace. */
static bool is_left_out(enum fields_id field)
{
    switch ((int)field) {
    case FIELD_PATIENTS_WAKES:
    case FIELD_PUMPS_WAKES:
    case FIELD_PATIENTS_WORST_LEDGER_ERROR: /* the simulator's rounding */
    case FIELD_LEDGER_CLOSURE_ERROR:
        return true;
    default:
        return false;
    }
}

static bool is_of_device(enum fields_id field)
{
    switch ((int)field) {
    case FIELD_DAILY_RESERVOIR_ML:
    case FIELD_DAILY_VOLUME_DELIVERED_ML:
    case FIELD_DAILY_CHARGE_USED_MAH:
    case FIELD_DAILY_LOADED_V:
    case FIELD_PATIENTS_VOLUME_COMMANDED_ML:
    case FIELD_PATIENTS_VOLUME_DELIVERED_ML:
    case FIELD_PATIENTS_PULSES_COMMANDED:
    case FIELD_PATIENTS_PULSES_CONFIRMED:
    case FIELD_PATIENTS_VOLUME_BELIEVED_IN_RESERVOIR_ML:
    case FIELD_PATIENTS_VOLUME_IN_RESERVOIR_ML:
    case FIELD_PATIENTS_BATTERY_CHARGE_USED_MAH:
    case FIELD_PATIENTS_TELEMETRY_SESSIONS:
    case FIELD_PATIENTS_TELEMETRY_FRAMES:
    case FIELD_PATIENTS_TELEMETRY_REPEATED:
    case FIELD_PATIENTS_TELEMETRY_LOST:
    case FIELD_PATIENTS_TELEMETRY_REPLIES_LOST:
    case FIELD_PATIENTS_PUMPS:
    case FIELD_LEDGER_BELIEVED_GIVEN_UG:
        return true;
    default:
        return fields_get(field)->table == TABLE_PUMPS || fields_get(field)->table == TABLE_REFILLS;
    }
}

static bool is_of_tone(const fields_t *f)
{
    return strstr(f->name, "ashworth") != NULL;
}

/* What the pump itself does or is told; all else happens to the patient. */
static bool is_event_of_device(int64_t kind)
{
    switch (kind) {
    case FIELDS_EVENT_TONE:
    case FIELDS_EVENT_PUMP_RESET:
    case FIELDS_EVENT_PROGRAMME:
    case FIELDS_EVENT_BOLUS:
    case FIELDS_EVENT_ORDER_FAILED:
    case FIELDS_EVENT_PATIENT_BOLUS:
    case FIELDS_EVENT_PATIENT_REFUSED:
    case FIELDS_EVENT_TIME_SET:
    case FIELDS_EVENT_ALARMS_CLEARED:
    case FIELDS_EVENT_STOPPED:
    case FIELDS_EVENT_LOGS_READ:
    case FIELDS_EVENT_FRAME:
        return true;
    default:
        return false;
    }
}

static double allowed_for(const pair_t *p, enum fields_id field, double baseline)
{
    const fields_t *f = fields_get(field);
    if (strcmp(f->unit, "ms") == 0) {
        return (double)p->tolerance->event_ms;
    }
    if (is_of_tone(f)) {
        return p->tolerance->tone;
    }
    if (!is_of_device(field)) {
        return fabs(baseline) * p->tolerance->exposure;
    }
    const double pulses = strcmp(f->unit, "mL") == 0     ? p->pulses_ml
                          : strcmp(f->unit, "mA h") == 0 ? p->pulses_mah
                                                         : 0.0;
    return fmax(fabs(baseline) * p->tolerance->volume, p->tolerance->volume > 0.0 ? pulses : 0.0);
}

/* ---- rows ------------------------------------------------------------------------------------------------------ */

static double at(const pair_t *p, int side, enum fields_id field, size_t row)
{
    return row < p->view[side].count[fields_get(field)->table]
               ? record_view_number(&p->view[side], &p->layout, field, row)
               : (double)NAN;
}

/* When a row was: by its first field, a time or a day; -1: its table has none. */
static int64_t time_of(const pair_t *p, enum fields_table table, size_t row)
{
    const enum fields_id first = (enum fields_id)p->layout.first[table];
    const int side = row < p->view[0].count[table] ? 0 : 1;
    if (table == TABLE_DAILY || table == TABLE_CANAL) {
        return (int64_t)at(p, side, first, row) * INT64_C(86400000);
    }
    return strcmp(fields_get(first)->unit, "ms") == 0 ? (int64_t)at(p, side, first, row) : -1;
}

static int compare_cell(const pair_t *p, enum fields_id field, size_t row, error_t *e)
{
    const fields_t *f = fields_get(field);
    compare_difference_t d = {.level = is_of_device(field) ? SUITE_DEVICE : SUITE_PATIENT,
                              .unit = f->unit,
                              .time_ms = time_of(p, f->table, row),
                              .baseline = at(p, 0, field, row),
                              .candidate = at(p, 1, field, row)};
    d.allowed = allowed_for(p, field, d.baseline);
    (void)snprintf(d.what, sizeof d.what, "%s/%s", fields_table(f->table)->name, f->name);
    return compare_value(p->c, &d, e);
}

static int compare_table(const pair_t *p, enum fields_table table, error_t *e)
{
    const size_t one = p->view[0].count[table], other = p->view[1].count[table];
    const size_t rows = one > other ? one : other;
    const size_t first = p->layout.first[table];
    int code = 0;
    for (size_t row = 0; code == 0 && row < rows; row++) {
        for (size_t f = first; code == 0 && f < first + p->layout.count[table]; f++) {
            if (!is_left_out((enum fields_id)f)) {
                code = compare_cell(p, (enum fields_id)f, row, e);
            }
        }
    }
    return code;
}

/* ---- events ----------------------------------------------------------------------------------------------------- */

/* The next event of a kind from `row` on; the number of events where there is none. */
static size_t next_of(const pair_t *p, int side, int64_t kind, size_t row)
{
    while (row < p->view[side].count[TABLE_EVENTS] &&
           (int64_t)at(p, side, FIELD_EVENTS_KIND, row) != kind) {
        row++;
    }
    return row;
}

/* One member of the same event on both sides; where one side has none, its value there is missing. */
static int compare_member(const pair_t *p, int64_t kind, enum fields_id field, const size_t row[2],
                          error_t *e)
{
    const char *name = fields_choice_name(FIELDS_TYPE_EVENT, kind);
    compare_difference_t d = {.level = is_event_of_device(kind) ? SUITE_DEVICE : SUITE_PATIENT,
                              .unit = fields_get(field)->unit,
                              .baseline = at(p, 0, field, row[0]),
                              .candidate = at(p, 1, field, row[1])};
    const double when = at(p, 0, FIELD_EVENTS_TIME_MS, row[0]);
    d.time_ms = (int64_t)(isnan(when) ? at(p, 1, FIELD_EVENTS_TIME_MS, row[1]) : when);
    d.allowed = field == FIELD_EVENTS_TIME_MS  ? (double)p->tolerance->event_ms
                : field == FIELD_EVENTS_REASON ? 0.0
                                               : fabs(d.baseline) * p->tolerance->exposure;
    (void)snprintf(d.what, sizeof d.what, "event %s: %s", name != NULL ? name : "?",
                   fields_get(field)->name);
    return compare_value(p->c, &d, e);
}

static int compare_kind(const pair_t *p, int64_t kind, error_t *e)
{
    static const enum fields_id member[] = {FIELD_EVENTS_TIME_MS, FIELD_EVENTS_REASON,
                                            FIELD_EVENTS_VALUE, FIELD_EVENTS_VALUE2};
    const size_t n[2] = {p->view[0].count[TABLE_EVENTS], p->view[1].count[TABLE_EVENTS]};
    size_t row[2] = {next_of(p, 0, kind, 0), next_of(p, 1, kind, 0)};
    int code = 0;
    while (code == 0 && (row[0] < n[0] || row[1] < n[1])) {
        /* Of one that the other side lacks, its time says it. */
        const size_t members =
            row[0] < n[0] && row[1] < n[1] ? sizeof member / sizeof member[0] : 1;
        for (size_t i = 0; code == 0 && i < members; i++) {
            code = compare_member(p, kind, member[i], row, e);
        }
        row[0] = next_of(p, 0, kind, row[0] + 1);
        row[1] = next_of(p, 1, kind, row[1] + 1);
    }
    return code;
}

static int compare_events(const pair_t *p, error_t *e)
{
    int code = 0, kind;
    for (size_t i = 0; code == 0 && i < fields_choices(FIELDS_TYPE_EVENT); i++) {
        (void)fields_choice(FIELDS_TYPE_EVENT, i, &kind);
        code = compare_kind(p, kind, e);
    }
    return code;
}

/* ---- all ---------------------------------------------------------------------------------------------------------- */

int compare_rows(compare_t *c, const suite_t *suite, const suite_scenario_t *scenario,
                 const testimony_t *baseline, const testimony_t *candidate, error_t *e)
{
    pair_t p = {.c = c,
                .tolerance = &suite->tolerance,
                .pulses_ml = 1e-3 * suite->tolerance.pulses * scenario->study.pump.head.pulse_ul,
                .pulses_mah =
                    suite->tolerance.pulses * scenario->study.pump.battery.pulse_uc / UC_PER_MAH};
    int code;
    fields_layout(&p.layout);
    code = record_parse(baseline->record, baseline->record_size, &p.layout, &p.view[0], e);
    code = code != 0
               ? code
               : record_parse(candidate->record, candidate->record_size, &p.layout, &p.view[1], e);
    for (int table = 0; code == 0 && table < TABLE_COUNT; table++) {
        if (fields_in_records((enum fields_table)table, 0) && table != TABLE_EVENTS) {
            code = compare_table(&p, (enum fields_table)table, e);
        }
    }
    return code != 0 ? code : compare_events(&p, e);
}
