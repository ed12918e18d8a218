/* SPDX-License-Identifier: Apache-2.0 */
/* Counts events in one walk down the table, then describes each kind. */
#include "statistics/occurrence.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/walk.h"

static const struct {
    int event;
    const char *label;
    int routine;
} list[OCCURRENCE_COUNT] = {
#define OCCURRENCE(symbol, label, routine) {FIELDS_EVENT_##symbol, label, routine},
#include "statistics/occurrence.def"
#undef OCCURRENCE
    {-1, "death", 0},
};

/* What may end a patient's wait for an event. */
enum end { CUT_OFF, HAPPENED, DIED, THERAPY_ENDED };

/* Of some events, and of each record: how often, and the first day. */
typedef struct counts_t {
    size_t from, kinds; /* of the list: as many as there is memory for at a time */
    uint32_t *count;    /* [kinds][records] */
    double *first;      /* the same; unset where the count is 0 */
    survival_life_t *life;
} counts_t;

const char *occurrence_name(enum occurrence_id which)
{
    return which == OCCURRENCE_DEATH ? fields_choice_name(FIELDS_TYPE_STOP, FIELDS_STOP_DEATH)
                                     : fields_choice_name(FIELDS_TYPE_EVENT, list[which].event);
}

const char *occurrence_label(enum occurrence_id which)
{
    return list[which].label;
}

int occurrence_is_routine(enum occurrence_id which)
{
    return list[which].routine;
}

static void count_one(counts_t *c, size_t at, double day)
{
    if (c->count[at] == 0) {
        c->first[at] = day;
    }
    c->count[at]++;
}

/* Events of one record, in order of time. */
static int count_record(walk_t *w, const people_t *p, size_t record, counts_t *c)
{
    size_t start = 0, rows = 0;
    const int rc = reader_range(w->reader, TABLE_EVENTS, record, &start, &rows, w->e);
    for (size_t row = start; rc == 0 && row < start + rows; row++) {
        const int kind = (int)walk_at(w, 0, row);
        for (size_t i = 0; i < c->kinds && w->failed == 0; i++) {
            if (list[c->from + i].event == kind) {
                count_one(c, i * p->records + record, walk_at(w, 1, row) / PEOPLE_MS_PER_DAY);
            }
        }
    }
    if (c->from + c->kinds > OCCURRENCE_DEATH && p->record[record].stop == FIELDS_STOP_DEATH) {
        count_one(c, (OCCURRENCE_DEATH - c->from) * p->records + record,
                  p->record[record].followed_d);
    }
    return rc != 0 ? rc : w->failed;
}

static int count_all(reader_t *r, const people_t *p, counts_t *c, error_t *e)
{
    static const enum fields_id column[] = {FIELD_EVENTS_KIND, FIELD_EVENTS_TIME_MS};
    walk_t w;
    int rc = walk_begin(&w, r, column, 2, e);
    memset(c->count, 0, c->kinds * p->records * sizeof *c->count);
    for (size_t record = 0; rc == 0 && record < p->records; record++) {
        rc = count_record(&w, p, record, c);
    }
    walk_end(&w);
    return rc;
}

static int end_of(const people_record_t *who, int happened)
{
    if (happened) {
        return HAPPENED;
    }
    if (who->stop == FIELDS_STOP_DEATH) {
        return DIED;
    }
    return who->stop == FIELDS_STOP_EXPLANT ? THERAPY_ENDED : CUT_OFF;
}

/* Takes the lives of an arm, each until the first event or the end of the record. */
static size_t take_lives(const people_t *p, const counts_t *c, size_t arm, size_t which,
                         occurrence_t *row)
{
    rate_sums_t sums = {0};
    size_t n = 0;
    for (; n < p->of_arm[arm]; n++) {
        const size_t i = people_of(p, arm)[n], at = (which - c->from) * p->records + i;
        const people_record_t *who = &p->record[i];
        const int end = end_of(who, c->count[at] > 0);
        rate_add(&sums, c->count[at], who->followed_d / PEOPLE_DAYS_PER_YEAR);
        row->happened += end == HAPPENED ? 1 : 0;
        row->died += end == DIED ? 1 : 0;
        row->ended += end == THERAPY_ENDED ? 1 : 0;
        c->life[n] = (survival_life_t){end == HAPPENED ? c->first[at] : who->followed_d, end,
                                       who->key.patient};
    }
    row->rate = rate_of(&sums);
    return n;
}

/* First day on which a half is reached. */
static double median_of(const survival_curve_t *c)
{
    for (size_t i = 0; i < c->steps; i++) {
        if (c->step[i].value >= 0.5) {
            return c->step[i].time;
        }
    }
    return (double)NAN;
}

static int describe(occurrences_t *o, const people_t *p, const counts_t *c, size_t arm,
                    size_t which, error_t *e)
{
    occurrence_t *row = &o->row[arm * OCCURRENCE_COUNT + which];
    survival_point_t *point = o->point + (arm * OCCURRENCE_COUNT + which) * o->days;
    const size_t n = take_lives(p, c, arm, which, row);
    survival_curve_t curve;
    const int rc = survival_incidence(&curve, c->life, n, HAPPENED, e);
    if (rc == 0) {
        row->first_median = median_of(&curve);
        for (size_t d = 0; d < o->days; d++) {
            point[d] = survival_stays(&curve, o->day[d]);
        }
    }
    survival_free(&curve);
    return rc;
}

static int begin(occurrences_t *o, counts_t *c, const people_t *p, const occurrence_ask_t *ask,
                 error_t *e)
{
    const size_t days = ask->days, bytes = ask->bytes > 0 ? ask->bytes : OCCURRENCE_BYTES;
    const size_t cells = p->arms * OCCURRENCE_COUNT;
    const size_t fit = bytes / (p->records * (sizeof *c->count + sizeof *c->first) + 1);
    const size_t kinds = fit < 1 ? 1 : fit > OCCURRENCE_COUNT ? OCCURRENCE_COUNT : fit;
    *o = (occurrences_t){p->arms, days, calloc(days + 1, sizeof *o->day),
                         calloc(cells + 1, sizeof *o->row),
                         calloc(cells * days + 1, sizeof *o->point)};
    *c = (counts_t){0, kinds, calloc(kinds * p->records + 1, sizeof *c->count),
                    calloc(kinds * p->records + 1, sizeof *c->first),
                    calloc(p->records + 1, sizeof *c->life)};
    if (o->day == NULL || o->row == NULL || o->point == NULL || c->count == NULL ||
        c->first == NULL || c->life == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for the events of %zu records", p->records);
    }
    memcpy(o->day, ask->day, days * sizeof *ask->day);
    return 0;
}

int occurrence_compute(occurrences_t *o, reader_t *r, const people_t *p,
                       const occurrence_ask_t *ask, error_t *e)
{
    counts_t c;
    int rc = begin(o, &c, p, ask, e);
    for (; rc == 0 && c.from < OCCURRENCE_COUNT; c.from += c.kinds) {
        c.kinds = OCCURRENCE_COUNT - c.from < c.kinds ? OCCURRENCE_COUNT - c.from : c.kinds;
        rc = count_all(r, p, &c, e);
        for (size_t cell = 0; rc == 0 && cell < p->arms * c.kinds; cell++) {
            rc = describe(o, p, &c, cell / c.kinds, c.from + cell % c.kinds, e);
        }
    }
    free(c.count);
    free(c.first);
    free(c.life);
    return rc;
}

void occurrence_free(occurrences_t *o)
{
    free(o->day);
    free(o->row);
    free(o->point);
    memset(o, 0, sizeof *o);
}

const occurrence_t *occurrence_row(const occurrences_t *o, size_t arm, enum occurrence_id which)
{
    return &o->row[arm * OCCURRENCE_COUNT + which];
}

const survival_point_t *occurrence_points(const occurrences_t *o, size_t arm,
                                          enum occurrence_id which)
{
    return o->point + (arm * OCCURRENCE_COUNT + which) * o->days;
}
