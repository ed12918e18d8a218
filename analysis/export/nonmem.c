/* SPDX-License-Identifier: Apache-2.0 */
/* Doses and levels of each life in order of time. */
#include "export/nonmem.h"

#include <math.h>

#include "export/doses.h"
#include "export/numeral.h"
#include "export/subjects.h"

#define HOUR_MS 3600000.0

enum { PLASMA, CSF, SHEETS };

enum { AT_PLASMA = DOSES_AT_POCKET + 1, AT_TIP, AT_CISTERN };

/* Both tables have the same columns. */
static const sheet_column_t columns[] = {
#define COLUMN(name, type, key, unit, label, origin)                                               \
    SHEET_COLUMN(name, type, key, 0, unit, "", label, origin),
#include "export/nonmem.def"
#include "export/nonmem.def"
#undef COLUMN
};

static const unsigned char table_of[] = {
#define COLUMN(...) PLASMA,
#include "export/nonmem.def"
#undef COLUMN
#define COLUMN(...) CSF,
#include "export/nonmem.def"
#undef COLUMN
};

/* ---- rows ---- */

#define COVARIATES 14

/* What is the same in every row of a life, as text: most cells of a table are these. */
typedef struct covariates_t {
    char cell[COVARIATES][NUMERAL_SIZE];
} covariates_t;

static void take_covariates(people_t *p, covariates_t *c)
{
    static const enum fields_id field[COVARIATES] = {
        FIELD_PATIENTS_PATIENT,
        FIELD_PATIENTS_ARM,
        FIELD_PATIENTS_REPLICATE,
        FIELD_PATIENTS_AGE_YEARS,
        FIELD_PATIENTS_SEX,
        FIELD_PATIENTS_HEIGHT_CM,
        FIELD_PATIENTS_WEIGHT_KG,
        FIELD_PATIENTS_CANAL_LENGTH_CM,
        FIELD_PATIENTS_CSF_VOLUME_ML,
        FIELD_PATIENTS_TIP_CM,
        FIELD_PATIENTS_DISPERSION_FACTOR,
        FIELD_PATIENTS_LOSS_PER_H,
        FIELD_PATIENTS_TIP_DRAIN_ML_PER_H,
        FIELD_PATIENTS_CLEARANCE_L_PER_H,
    };
    for (size_t i = 0; i < COVARIATES; i++) {
        const double value = people_value(p, field[i], p->record);
        (void)numeral_f64(isnan(value) ? NONMEM_NONE : value, c->cell[i]);
    }
}

static void put_covariates(const covariates_t *c, sheet_t *s)
{
    for (size_t i = 0; i < COVARIATES; i++) {
        sheet_text(s, c->cell[i]);
    }
    sheet_row(s);
}

static void put_dose(const people_t *p, const covariates_t *c, sheet_t *sheet, const doses_one_t *d)
{
    for (size_t i = 0; i < SHEETS; i++) {
        sheet_t *s = &sheet[i];
        sheet_integer(s, (int64_t)p->record + 1);
        sheet_number(s, (double)d->time_ms / HOUR_MS);
        sheet_number(s, d->amount_ug);
        sheet_number(s, d->rate_ug_per_h);
        sheet_integer(s, d->more);
        sheet_number(s, d->more > 0 ? 24.0 : 0.0);
        sheet_integer(s, 1);
        sheet_integer(s, d->where);
        sheet_number(s, 0.0);
        sheet_integer(s, 1);
        put_covariates(c, s);
    }
}

static void put_level(people_t *p, const covariates_t *c, sheet_t *s, int where,
                      enum fields_id field, size_t row)
{
    const double level = people_value(p, field, row);
    sheet_integer(s, (int64_t)p->record + 1);
    sheet_number(s, (double)people_day_ms(p, row) / HOUR_MS);
    sheet_number(s, 0.0);
    sheet_number(s, 0.0);
    sheet_integer(s, 0);
    sheet_number(s, 0.0);
    sheet_integer(s, 0);
    sheet_integer(s, where);
    if (isnan(level)) {
        sheet_number(s, 0.0);
    } else {
        people_put(p, s, field, row);
    }
    sheet_integer(s, isnan(level));
    put_covariates(c, s);
}

/* ---- one life ---- */

static int put_subject(people_t *p, sheet_t *sheet, error_t *e)
{
    doses_t l;
    covariates_t c;
    int64_t since_ms = 0, told = 0;
    (void)e;
    take_covariates(p, &c);
    doses_begin(&l, p);
    for (size_t row = p->daily.start; row < p->daily.end; row++) {
        if (told-- <= 0) {
            told = doses_interval(&l, p, row, since_ms);
            for (size_t i = 0; i < l.doses; i++) {
                put_dose(p, &c, sheet, &l.dose[i]);
            }
        }
        since_ms = people_day_ms(p, row);
        put_level(p, &c, &sheet[PLASMA], AT_PLASMA, FIELD_DAILY_PLASMA_NG_PER_ML, row);
        put_level(p, &c, &sheet[CSF], DOSES_AT_LUMBAR, FIELD_DAILY_LUMBAR_NG_PER_ML, row);
        put_level(p, &c, &sheet[CSF], AT_TIP, FIELD_DAILY_TIP_NG_PER_ML, row);
        put_level(p, &c, &sheet[CSF], AT_CISTERN, FIELD_DAILY_CISTERNAL_NG_PER_ML, row);
    }
    return 0;
}

int nonmem_write(export_t *x, error_t *e)
{
    static const sheet_plan_t plans[SHEETS] = {
        [PLASMA] = {.name = "plasma", .title = "Doses and plasma levels of the first drug"},
        [CSF] = {.name = "csf", .title = "Doses and CSF levels of the first drug"}};
    static const subjects_t all = {.plan = plans,
                                   .sheets = SHEETS,
                                   .column = columns,
                                   .of = table_of,
                                   .columns = sizeof table_of,
                                   .put = put_subject};
    return subjects_write(x, &all, e);
}
