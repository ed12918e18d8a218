/* SPDX-License-Identifier: Apache-2.0 */
/* One pass over the records; each adds its rows to every table. */
#include "export/sdtm.h"

#include <string.h>

#include "export/adverse.h"
#include "export/numeral.h"
#include "export/subjects.h"

enum { DM, EX, EC, AE, PC, DV, SHEETS };

static const sheet_column_t columns[] = {
#define COLUMN(table, ...) SHEET_COLUMN(__VA_ARGS__),
#include "export/sdtm.def"
#undef COLUMN
};

static const unsigned char table_of[] = {
#define COLUMN(table, ...) table,
#include "export/sdtm.def"
#undef COLUMN
};

static const sheet_plan_t plans[SHEETS] = {
    [DM] = {.name = "dm", .title = "Demographics"},
    [EX] = {.name = "ex",
            .title = "Exposure: what left the catheter tip, in truth",
            .link = {{"USUBJID", "dm"}}},
    [EC] = {.name = "ec",
            .title = "Exposure as collected: what was programmed, given, refilled",
            .link = {{"USUBJID", "dm"}}},
    [AE] = {.name = "ae",
            .title = "Adverse events of device, procedure and use, and deaths",
            .link = {{"USUBJID", "dm"}}},
    [PC] = {.name = "pc", .title = "Concentrations", .link = {{"USUBJID", "dm"}}},
    [DV] = {.name = "dv", .title = "Departures from the plan", .link = {{"USUBJID", "dm"}}},
};

/* ---- cells that tables share ---- */

/* Study, domain, subject and, but of DM, the row's number. */
static sheet_t *begin_row(const people_t *p, sheet_t *s, const char *domain)
{
    sheet_text(s, p->of->study);
    sheet_text(s, domain);
    sheet_text(s, p->subject);
    if (strcmp(domain, "DM") != 0) {
        sheet_integer(s, subjects_sequence(s));
    }
    return s;
}

static void put_elapsed(sheet_t *s, int64_t time_ms)
{
    char text[NUMERAL_ELAPSED_SIZE];
    sheet_text(s, numeral_elapsed(time_ms, text));
}

/* Study day and duration, which end a row. */
static void end_row_at(sheet_t *s, int64_t time_ms)
{
    sheet_integer(s, numeral_study_day(time_ms));
    put_elapsed(s, time_ms);
    sheet_row(s);
}

/* ---- rows ---- */

static void put_dm(people_t *p, sheet_t *sheet)
{
    const size_t row = p->record;
    const int64_t stop = people_whole(p, FIELD_PATIENTS_STOP_REASON, row);
    sheet_t *s = begin_row(p, &sheet[DM], "DM");
    sheet_integer(s, p->patient);
    sheet_integer(s, p->replicate);
    for (int i = 0; i < 2; i++) {
        sheet_integer(s, p->arm);
        sheet_text(s, people_arm(p));
    }
    people_put(p, s, FIELD_PATIENTS_AGE_YEARS, row);
    sheet_text(s, "YEARS");
    sheet_text(s, people_whole(p, FIELD_PATIENTS_SEX, row) == FIELDS_SEX_FEMALE ? "F" : "M");
    people_put(p, s, FIELD_PATIENTS_HEIGHT_CM, row);
    people_put(p, s, FIELD_PATIENTS_WEIGHT_KG, row);
    people_put(p, s, FIELD_PATIENTS_DIAGNOSIS, row);
    sheet_text(s, stop == FIELDS_STOP_DEATH ? "Y" : NULL);
    people_put(p, s, FIELD_PATIENTS_STOP_REASON, row);
    sheet_integer(s, numeral_study_day(people_whole(p, FIELD_PATIENTS_STOP_TIME_MS, row)));
    people_put(p, s, FIELD_PATIENTS_WEIGHT, row);
    sheet_row(s);
}

/* What left the tip between two rows of daily. */
static void put_ex(people_t *p, sheet_t *sheet)
{
    int64_t since = 0;
    for (size_t row = p->daily.start; row < p->daily.end; row++) {
        const int64_t until = people_day_ms(p, row);
        if (people_value(p, FIELD_DAILY_DOSE_UG, row) > 0.0) {
            sheet_t *s = begin_row(p, &sheet[EX], "EX");
            sheet_text(s, people_drug(p));
            people_put(p, s, FIELD_DAILY_DOSE_UG, row);
            sheet_text(s, "ug");
            sheet_text(s, "INTRATHECAL");
            sheet_integer(s, numeral_study_day(since));
            sheet_integer(s, numeral_study_day(until));
            put_elapsed(s, since);
            put_elapsed(s, until);
            sheet_row(s);
        }
        since = until;
    }
}

/* What was ordered and done, of the events that tell of it. */
static void put_ec(people_t *p, sheet_t *sheet, size_t row)
{
    static const struct {
        int64_t kind;
        const char *category, *unit, *route;
        enum fields_id dose;
    } ordered[] = {
        {FIELDS_EVENT_PROGRAMME, "PROGRAMME", "ug/day", "INTRATHECAL", FIELD_EVENTS_VALUE2},
        {FIELDS_EVENT_BOLUS, "BOLUS", "ug", "INTRATHECAL", FIELD_EVENTS_VALUE},
        {FIELDS_EVENT_PATIENT_BOLUS, "PATIENT BOLUS", "ug", "INTRATHECAL", FIELD_EVENTS_VALUE},
        {FIELDS_EVENT_SCREENING_BOLUS, "SCREENING BOLUS", "ug", "INTRATHECAL", FIELD_EVENTS_VALUE},
        {FIELDS_EVENT_REFILL, "REFILL", "mL", "RESERVOIR", FIELD_EVENTS_VALUE}};
    const int64_t kind = people_whole(p, FIELD_EVENTS_KIND, row);
    for (size_t i = 0; i < sizeof ordered / sizeof ordered[0]; i++) {
        if (ordered[i].kind == kind) {
            sheet_t *s = begin_row(p, &sheet[EC], "EC");
            sheet_text(s, people_drug(p));
            sheet_text(s, ordered[i].category);
            people_put(p, s, ordered[i].dose, row);
            sheet_text(s, ordered[i].unit);
            sheet_text(s, ordered[i].route);
            people_put(p, s, FIELD_EVENTS_REASON, row);
            end_row_at(s, people_whole(p, FIELD_EVENTS_TIME_MS, row));
        }
    }
}

static void put_ae(people_t *p, sheet_t *sheet, size_t row)
{
    const adverse_t *as = adverse_of(people_whole(p, FIELD_EVENTS_KIND, row));
    if (as == NULL) {
        return;
    }
    sheet_t *s = begin_row(p, &sheet[AE], "AE");
    sheet_text(s, as->term);
    people_put(p, s, FIELD_EVENTS_KIND, row);
    sheet_text(s, as->category);
    people_put(p, s, FIELD_EVENTS_REASON, row);
    end_row_at(s, people_whole(p, FIELD_EVENTS_TIME_MS, row));
}

/* Visits that were missed or late, orders that came to nothing. */
static void put_dv(people_t *p, sheet_t *sheet, size_t row)
{
    const int64_t kind = people_whole(p, FIELD_EVENTS_KIND, row);
    const int64_t reason = people_whole(p, FIELD_EVENTS_REASON, row);
    const int visit = kind == FIELDS_EVENT_VISIT &&
                      (reason == FIELDS_REASON_LATE || reason == FIELDS_REASON_MISSED);
    if (!visit && kind != FIELDS_EVENT_ORDER_FAILED) {
        return;
    }
    sheet_t *s = begin_row(p, &sheet[DV], "DV");
    people_put(p, s, FIELD_EVENTS_KIND, row);
    sheet_text(s, visit ? "VISIT" : "ORDER");
    people_put(p, s, FIELD_EVENTS_REASON, row);
    end_row_at(s, people_whole(p, FIELD_EVENTS_TIME_MS, row));
}

static void put_pc(people_t *p, sheet_t *sheet, size_t row)
{
    static const struct {
        enum fields_id field;
        const char *specimen, *place;
    } taken[] = {{FIELD_DAILY_PLASMA_NG_PER_ML, "PLASMA", NULL},
                 {FIELD_DAILY_LUMBAR_NG_PER_ML, "CSF", "LUMBAR"},
                 {FIELD_DAILY_TIP_NG_PER_ML, "CSF", "CATHETER TIP"},
                 {FIELD_DAILY_CISTERNAL_NG_PER_ML, "CSF", "CISTERNAL"}};
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        sheet_t *s = begin_row(p, &sheet[PC], "PC");
        sheet_text(s, people_drug(p));
        sheet_text(s, taken[i].specimen);
        sheet_text(s, taken[i].place);
        people_put(p, s, taken[i].field, row);
        sheet_text(s, "ng/mL");
        end_row_at(s, people_day_ms(p, row));
    }
}

static int put_subject(people_t *p, sheet_t *sheet, error_t *e)
{
    (void)e;
    put_dm(p, sheet);
    put_ex(p, sheet);
    for (size_t row = p->events.start; row < p->events.end; row++) {
        put_ec(p, sheet, row);
        put_ae(p, sheet, row);
        put_dv(p, sheet, row);
    }
    for (size_t row = p->daily.start; row < p->daily.end; row++) {
        put_pc(p, sheet, row);
    }
    return 0;
}

int sdtm_write(export_t *x, error_t *e)
{
    static const subjects_t all = {.plan = plans,
                                   .sheets = SHEETS,
                                   .column = columns,
                                   .of = table_of,
                                   .columns = sizeof table_of,
                                   .put = put_subject};
    return subjects_write(x, &all, e);
}
