/* SPDX-License-Identifier: Apache-2.0 */
/* One pass over the records; each adds its rows to every table. */
#include "export/adam.h"

#include <string.h>

#include "export/adverse.h"
#include "export/numeral.h"
#include "export/subjects.h"

#define HOUR_MS 3600000.0

enum { ADSL, ADEX, ADAE, ADPC, SHEETS };

static const sheet_column_t columns[] = {
#define COLUMN(table, ...) SHEET_COLUMN(__VA_ARGS__),
#include "export/adam.def"
#undef COLUMN
};

static const unsigned char table_of[] = {
#define COLUMN(table, ...) table,
#include "export/adam.def"
#undef COLUMN
};

static const sheet_plan_t plans[SHEETS] = {
    [ADSL] = {.name = "adsl", .title = "Subjects"},
    [ADEX] = {.name = "adex",
              .title = "Exposure: programmed doses, and the whole of each subject",
              .link = {{"USUBJID", "adsl"}}},
    [ADAE] = {.name = "adae",
              .title = "Adverse events of device, procedure and use, and deaths",
              .link = {{"USUBJID", "adsl"}}},
    [ADPC] = {.name = "adpc", .title = "Concentrations", .link = {{"USUBJID", "adsl"}}},
};

/* Study, subject, the row's number and the arm. */
static sheet_t *begin_row(const people_t *p, sheet_t *s)
{
    sheet_text(s, p->of->study);
    sheet_text(s, p->subject);
    sheet_integer(s, subjects_sequence(s));
    sheet_text(s, people_arm(p));
    return s;
}

/* ---- ADSL ---- */

/* A cell of "Y" or "N", or of nothing where the value is none. */
static void put_flag(sheet_t *s, double value)
{
    sheet_text(s, isnan(value) ? NULL : value > 0.0 ? "Y" : "N");
}

/* All drugs that were taken from vials for this subject. */
static int find_taken(people_t *p, double *taken_ug, error_t *e)
{
    size_t start, count;
    const int code = reader_range(p->reader, TABLE_LEDGER, p->record, &start, &count, e);
    *taken_ug = 0.0;
    for (size_t i = 0; code == 0 && i < count; i++) {
        *taken_ug += people_value(p, FIELD_LEDGER_FROM_VIALS_UG, start + i);
    }
    return code;
}

static void put_end(people_t *p, sheet_t *s)
{
    const size_t row = p->record;
    const int64_t stop = people_whole(p, FIELD_PATIENTS_STOP_REASON, row);
    sheet_text(s, stop == FIELDS_STOP_HORIZON ? "COMPLETED" : "DISCONTINUED");
    if (stop == FIELDS_STOP_HORIZON) {
        sheet_none(s);
    } else {
        people_put(p, s, FIELD_PATIENTS_STOP_REASON, row);
    }
    sheet_integer(s, numeral_study_day(people_whole(p, FIELD_PATIENTS_STOP_TIME_MS, row)));
    sheet_text(s, stop == FIELDS_STOP_DEATH ? "Y" : NULL);
}

static int put_adsl(people_t *p, sheet_t *sheet, error_t *e)
{
    sheet_t *s = &sheet[ADSL];
    const size_t row = p->record;
    double taken_ug;
    const int code = find_taken(p, &taken_ug, e);
    sheet_text(s, p->of->study);
    sheet_text(s, p->subject);
    sheet_integer(s, p->patient);
    sheet_integer(s, p->replicate);
    people_put(p, s, FIELD_PATIENTS_WEIGHT, row);
    sheet_text(s, people_arm(p));
    sheet_integer(s, p->arm);
    sheet_text(s, people_arm(p));
    people_put(p, s, FIELD_PATIENTS_AGE_YEARS, row);
    sheet_text(s, people_whole(p, FIELD_PATIENTS_SEX, row) == FIELDS_SEX_FEMALE ? "F" : "M");
    people_put(p, s, FIELD_PATIENTS_HEIGHT_CM, row);
    people_put(p, s, FIELD_PATIENTS_WEIGHT_KG, row);
    people_put(p, s, FIELD_PATIENTS_DIAGNOSIS, row);
    put_flag(s, taken_ug);
    put_flag(s, people_value(p, FIELD_OUTCOMES_RESPONDED, row));
    put_flag(s, people_value(p, FIELD_OUTCOMES_IMPLANTED, row));
    put_end(p, s);
    people_put(p, s, FIELD_OUTCOMES_ASHWORTH_BEFORE, row);
    people_put(p, s, FIELD_OUTCOMES_ASHWORTH_AFTER, row);
    people_put(p, s, FIELD_OUTCOMES_ASHWORTH_CHANGE, row);
    sheet_row(s);
    return code;
}

/* ---- ADEX ---- */

static void put_adex(people_t *p, sheet_t *sheet, const char *code, const char *words, double value,
                     int64_t from_ms, int64_t until_ms)
{
    sheet_t *s = begin_row(p, &sheet[ADEX]);
    sheet_text(s, code);
    sheet_text(s, words);
    sheet_number(s, value);
    sheet_integer(s, numeral_study_day(from_ms));
    sheet_integer(s, numeral_study_day(until_ms));
    sheet_number(s, (double)from_ms / HOUR_MS);
    sheet_number(s, (double)until_ms / HOUR_MS);
    sheet_row(s);
}

/* When the programme of this row gives way to another one, or the pump goes, or the life ends. */
static int64_t programme_end_ms(people_t *p, size_t row)
{
    for (size_t next = row + 1; next < p->events.end; next++) {
        const int64_t kind = people_whole(p, FIELD_EVENTS_KIND, next);
        if (kind == FIELDS_EVENT_PROGRAMME || kind == FIELDS_EVENT_EXPLANT) {
            return people_whole(p, FIELD_EVENTS_TIME_MS, next);
        }
    }
    return people_whole(p, FIELD_PATIENTS_STOP_TIME_MS, p->record);
}

static void put_exposure(people_t *p, sheet_t *sheet)
{
    const int64_t end_ms = people_whole(p, FIELD_PATIENTS_STOP_TIME_MS, p->record);
    int64_t treated_ms = 0;
    double total_ug = 0.0;
    for (size_t row = p->events.start; row < p->events.end; row++) {
        if (people_whole(p, FIELD_EVENTS_KIND, row) == FIELDS_EVENT_PROGRAMME) {
            const double dose = people_value(p, FIELD_EVENTS_VALUE2, row);
            const int64_t from = people_whole(p, FIELD_EVENTS_TIME_MS, row);
            const int64_t until = programme_end_ms(p, row);
            put_adex(p, sheet, "DOSEPRG", "Daily dose as programmed (ug/day)", dose, from, until);
            treated_ms += dose > 0.0 ? until - from : 0;
        }
    }
    for (size_t row = p->daily.start; row < p->daily.end; row++) {
        total_ug += people_value(p, FIELD_DAILY_DOSE_UG, row);
    }
    put_adex(p, sheet, "DOSETOT", "Drug that left the catheter tip by the last daily row (ug)",
             total_ug, 0, end_ms);
    put_adex(p, sheet, "VOLRATIO", "Volume delivered over volume commanded (1)",
             people_value(p, FIELD_OUTCOMES_VOLUME_RATIO, p->record), 0, end_ms);
    put_adex(p, sheet, "TRTDUR", "Time under a programme with a dose (d)",
             (double)treated_ms / HOUR_MS / 24.0, 0, end_ms);
}

/* ---- ADAE and ADPC ---- */

static void put_adae(people_t *p, sheet_t *sheet, size_t row)
{
    const adverse_t *as = adverse_of(people_whole(p, FIELD_EVENTS_KIND, row));
    const int64_t time_ms = people_whole(p, FIELD_EVENTS_TIME_MS, row);
    if (as == NULL) {
        return;
    }
    sheet_t *s = begin_row(p, &sheet[ADAE]);
    sheet_text(s, as->term);
    people_put(p, s, FIELD_EVENTS_KIND, row);
    sheet_text(s, as->category);
    people_put(p, s, FIELD_EVENTS_REASON, row);
    sheet_text(s, subjects_sequence(s) == 1 ? "Y" : NULL);
    sheet_integer(s, numeral_study_day(time_ms));
    sheet_number(s, (double)time_ms / HOUR_MS);
    sheet_row(s);
}

static void put_adpc(people_t *p, sheet_t *sheet, size_t row)
{
    static const struct {
        enum fields_id field;
        const char *code, *words;
    } taken[] = {
        {FIELD_DAILY_PLASMA_NG_PER_ML, "PLASMA", "Plasma concentration (ng/mL)"},
        {FIELD_DAILY_LUMBAR_NG_PER_ML, "CSFLUMB", "Lumbar CSF concentration (ng/mL)"},
        {FIELD_DAILY_TIP_NG_PER_ML, "CSFTIP", "CSF concentration near the catheter tip (ng/mL)"},
        {FIELD_DAILY_CISTERNAL_NG_PER_ML, "CSFCIST", "Cisternal CSF concentration (ng/mL)"},
        {FIELD_DAILY_EFFECT_SITE_NG_PER_ML, "EFFSITE", "Effect-site concentration (ng/mL)"}};
    const int64_t time_ms = people_day_ms(p, row);
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        sheet_t *s = begin_row(p, &sheet[ADPC]);
        sheet_text(s, taken[i].code);
        sheet_text(s, taken[i].words);
        people_put(p, s, taken[i].field, row);
        sheet_integer(s, numeral_study_day(time_ms));
        sheet_number(s, (double)time_ms / HOUR_MS);
        sheet_row(s);
    }
}

static int put_subject(people_t *p, sheet_t *sheet, error_t *e)
{
    const int code = put_adsl(p, sheet, e);
    put_exposure(p, sheet);
    for (size_t row = p->events.start; row < p->events.end; row++) {
        put_adae(p, sheet, row);
    }
    for (size_t row = p->daily.start; row < p->daily.end; row++) {
        put_adpc(p, sheet, row);
    }
    return code;
}

int adam_write(export_t *x, error_t *e)
{
    static const subjects_t all = {.plan = plans,
                                   .sheets = SHEETS,
                                   .column = columns,
                                   .of = table_of,
                                   .columns = sizeof table_of,
                                   .put = put_subject};
    return subjects_write(x, &all, e);
}
