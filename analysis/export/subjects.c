/* SPDX-License-Identifier: Apache-2.0 */
/* Record by record; progress is told in rows of the daily series, which are most of the work. */
#include "export/subjects.h"

#include <stdlib.h>
#include <string.h>

int64_t subjects_sequence(const sheet_t *s)
{
    return s->rows - s->rows_before + 1;
}

static int write_all(export_t *x, const subjects_t *s, people_t *people, sheet_t *sheet, error_t *e)
{
    const int64_t total = (int64_t)reader_rows(x->reader, TABLE_DAILY);
    int code = 0, more;
    while (code == 0 && (more = people_next(people, e)) != 0) {
        for (size_t i = 0; i < s->sheets; i++) {
            sheet[i].rows_before = sheet[i].rows;
        }
        code = more < 0 ? more : s->put(people, sheet, e);
        code = code != 0 ? code : people_failed(people);
        code = code != 0 ? code : export_tick(x, (int64_t)people->daily.end, total, e);
    }
    return code;
}

int subjects_write(export_t *x, const subjects_t *s, error_t *e)
{
    sheet_t sheet[SUBJECTS_SHEETS_MAX] = {{.out = NULL}};
    people_t people = {.reader = NULL};
    sheet_plan_t *plan = malloc(s->sheets * sizeof *plan);
    x->plans = plan;
    if (plan == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for an export");
    }
    memcpy(plan, s->plan, s->sheets * sizeof *plan);
    for (size_t i = 0; i < s->columns; i++) {
        if (plan[s->of[i]].columns++ == 0) {
            plan[s->of[i]].column = &s->column[i];
        }
    }
    int code = people_begin(&people, x->reader, e);
    for (size_t i = 0; code == 0 && i < s->sheets; i++) {
        code = sheet_begin(&sheet[i], &x->box, &plan[i], e);
    }
    code = code != 0 ? code : write_all(x, s, &people, sheet, e);
    for (size_t i = 0; code == 0 && i < s->sheets; i++) {
        code = export_sheet_end(x, &sheet[i], e);
    }
    for (size_t i = 0; i < s->sheets; i++) {
        sheet_abandon(&sheet[i]);
    }
    people_end(&people);
    return code;
}
