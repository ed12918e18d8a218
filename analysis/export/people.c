/* SPDX-License-Identifier: Apache-2.0 */
/* Goes from record to record, with the rows of each. */
#include "export/people.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define HOUR_MS 3600000.0

/* A walk along every field: a column holds memory only once it is asked for. */
static const enum fields_id every[FIELD_COUNT] = {
#define FIELD(table, symbol, name, type, unit, low, high, description) FIELD_##table##_##symbol,
#include "dataset/fields.def"
#undef FIELD
};

/* record.daily_time of a resolved config, which has one key a line and hours as its unit; negative where it is not told. */
static int64_t find_daily_time_ms(const char *config)
{
    const char *section = config != NULL ? strstr(config, "\nrecord:\n") : NULL;
    const char *key = section != NULL ? strstr(section, "\n  daily_time: ") : NULL;
    char *unit = NULL;
    if (key == NULL) {
        return -1;
    }
    const double hours = strtod(key + strlen("\n  daily_time: "), &unit);
    return strncmp(unit, " h\n", 3) == 0 ? (int64_t)llround(hours * HOUR_MS) : -1;
}

int people_begin(people_t *p, reader_t *r, error_t *e)
{
    *p = (people_t){.reader = r,
                    .of = reader_provenance(r),
                    .records = reader_rows(r, TABLE_PATIENTS),
                    .daily_time_ms = find_daily_time_ms(reader_provenance(r)->config)};
    if (p->daily_time_ms < 0) {
        return ERROR_RAISE(e, ERROR_DATASET_FOREIGN,
                           "the study in the dataset tells no record.daily_time in hours, and so "
                           "not when its days were taken: export it as csv");
    }
    return walk_begin(&p->walk, r, every, FIELD_COUNT, e);
}

static int find_rows(people_t *p, enum fields_table table, people_rows_t *rows, error_t *e)
{
    size_t count = 0;
    const int code = reader_range(p->reader, table, p->record, &rows->start, &count, e);
    rows->end = rows->start + count;
    return code;
}

int people_next(people_t *p, error_t *e)
{
    if (p->next == p->records) {
        return 0;
    }
    p->record = p->next++;
    p->patient = people_whole(p, FIELD_PATIENTS_PATIENT, p->record);
    p->arm = (int32_t)people_whole(p, FIELD_PATIENTS_ARM, p->record);
    p->replicate = (int32_t)people_whole(p, FIELD_PATIENTS_REPLICATE, p->record);
    (void)snprintf(p->subject, sizeof p->subject, "%.100s-%lld-%d-%d", p->of->study,
                   (long long)p->patient, p->arm, p->replicate);
    int code = people_failed(p);
    code = code != 0 ? code : find_rows(p, TABLE_EVENTS, &p->events, e);
    code = code != 0 ? code : find_rows(p, TABLE_DAILY, &p->daily, e);
    return code != 0 ? code : 1;
}

double people_value(people_t *p, enum fields_id field, size_t row)
{
    return walk_at(&p->walk, (size_t)field, row);
}

int64_t people_whole(people_t *p, enum fields_id field, size_t row)
{
    const double value = people_value(p, field, row);
    return isnan(value) ? 0 : (int64_t)value;
}

int people_failed(const people_t *p)
{
    return p->walk.failed;
}

const char *people_arm(const people_t *p)
{
    return p->arm < (int32_t)p->of->arms.count ? p->of->arms.name[p->arm] : NULL;
}

int64_t people_day_ms(people_t *p, size_t row)
{
    return people_whole(p, FIELD_DAILY_DAY, row) * DAY_MS + p->daily_time_ms;
}

const char *people_drug(const people_t *p)
{
    return p->of->drugs.count > 0 ? p->of->drugs.name[0] : NULL;
}

void people_put(people_t *p, sheet_t *s, enum fields_id field, size_t row)
{
    const enum fields_type type = fields_get(field)->type;
    const double value = people_value(p, field, row);
    if (type == FIELDS_TYPE_F32) {
        sheet_float(s, (float)value);
    } else if (type == FIELDS_TYPE_F64) {
        sheet_number(s, value);
    } else if (fields_choices(type) > 0) {
        sheet_text(s, fields_choice_name(type, people_whole(p, field, row)));
    } else {
        sheet_integer(s, people_whole(p, field, row));
    }
}

void people_end(people_t *p)
{
    walk_end(&p->walk);
}
