/* SPDX-License-Identifier: Apache-2.0 */
/* Shares the dose of a day among the programmes and boluses of that day. */
#include "export/doses.h"

#include <math.h>

#define HOUR_MS 3600000.0
#define DAY_MS INT64_C(86400000)

/* Events that tell of doses. Others are passed over. */
static int tells_of_dose(int64_t kind)
{
    return kind == FIELDS_EVENT_PROGRAMME || kind == FIELDS_EVENT_EXPLANT ||
           kind == FIELDS_EVENT_BOLUS || kind == FIELDS_EVENT_PATIENT_BOLUS ||
           kind == FIELDS_EVENT_SCREENING_BOLUS || kind == FIELDS_EVENT_POCKET_FILL;
}

/* Of too many, those through the catheter are not told one by one: a needle's takes the place of one of these. */
static void add(doses_t *l, doses_one_t dose, double weight)
{
    size_t at = l->doses++;
    if (at >= DOSES_MAX && dose.where != DOSES_AT_TIP_ZONE) {
        for (at = 0; at < DOSES_MAX && l->dose[at].where != DOSES_AT_TIP_ZONE; at++) {
        }
    }
    if (at < DOSES_MAX) {
        l->weight[at] = weight;
        l->dose[at] = dose;
    }
}

/* The programme's part of [from, until). */
static void add_base(doses_t *l, int64_t from_ms, int64_t until_ms)
{
    const double hours = (double)(until_ms - from_ms) / HOUR_MS;
    if (hours > 0.0 && l->rate > 0.0) {
        add(l, (doses_one_t){from_ms, hours, 0.0, 0, DOSES_AT_TIP_ZONE}, l->rate * hours);
    }
}

/* The running bolus' part of [from, until). */
static void add_bolus(doses_t *l, int64_t from_ms, int64_t until_ms)
{
    const int64_t end_ms = l->bolus_until_ms < until_ms ? l->bolus_until_ms : until_ms;
    const double ug = l->bolus_ug_per_h * (double)(end_ms - from_ms) / HOUR_MS;
    if (end_ms > from_ms && ug > 0.0) {
        add(l, (doses_one_t){from_ms, ug, l->bolus_ug_per_h, 0, DOSES_AT_TIP_ZONE}, -1.0);
    }
}

static void begin_bolus(people_t *p, doses_t *l, int64_t time_ms, int64_t until_ms)
{
    const double hours = people_value(p, FIELD_EVENTS_VALUE2, l->next);
    l->bolus_until_ms = time_ms + (int64_t)llround(hours * HOUR_MS);
    l->bolus_ug_per_h = people_value(p, FIELD_EVENTS_VALUE, l->next) / hours;
    add_bolus(l, time_ms, until_ms);
}

static void take_event(people_t *p, doses_t *l, int64_t kind, int64_t *from_ms, int64_t until_ms)
{
    const int64_t time_ms = people_whole(p, FIELD_EVENTS_TIME_MS, l->next);
    const double value = people_value(p, FIELD_EVENTS_VALUE, l->next);
    const double value2 = people_value(p, FIELD_EVENTS_VALUE2, l->next);
    if (kind == FIELDS_EVENT_PROGRAMME || kind == FIELDS_EVENT_EXPLANT) {
        add_base(l, *from_ms, time_ms);
        *from_ms = time_ms;
        l->rate = kind == FIELDS_EVENT_PROGRAMME ? value : 0.0;
    } else if (kind == FIELDS_EVENT_BOLUS || kind == FIELDS_EVENT_PATIENT_BOLUS) {
        begin_bolus(p, l, time_ms, until_ms);
    } else if (kind == FIELDS_EVENT_SCREENING_BOLUS) {
        add(l, (doses_one_t){time_ms, value, 0.0, 0, DOSES_AT_LUMBAR}, -1.0);
    } else if (kind == FIELDS_EVENT_POCKET_FILL) {
        add(l, (doses_one_t){time_ms, value2, 0.0, 0, DOSES_AT_POCKET}, -1.0);
    }
}

/* What a record's daily row tells of an interval in one: nothing is known of when within it. */
static void keep_needles_only(doses_t *l, int64_t since_ms)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->doses && i < DOSES_MAX; i++) {
        if (l->dose[i].where != DOSES_AT_TIP_ZONE) {
            l->weight[kept] = l->weight[i];
            l->dose[kept++] = l->dose[i];
        }
    }
    l->doses = kept < DOSES_MAX ? kept : DOSES_MAX - 1;
    for (size_t i = l->doses; i > 0; i--) {
        l->weight[i] = l->weight[i - 1];
        l->dose[i] = l->dose[i - 1];
    }
    l->doses++;
    l->weight[0] = 1.0;
    l->dose[0] = (doses_one_t){since_ms, 0.0, 0.0, 0, DOSES_AT_TIP_ZONE};
}

/* Gives the programme's parts what the boluses leave of the dose, by rate and time. */
static void share(doses_t *l, double dose_ug, int64_t since_ms, int64_t until_ms)
{
    double boluses_ug = 0.0, weights = 0.0;
    for (size_t i = 0; i < l->doses && i < DOSES_MAX; i++) {
        weights += fmax(l->weight[i], 0.0);
        boluses_ug += l->weight[i] < 0.0 && l->dose[i].where == DOSES_AT_TIP_ZONE
                          ? l->dose[i].amount_ug
                          : 0.0;
    }
    const double base_ug = dose_ug - boluses_ug;
    if (l->doses > DOSES_MAX || weights <= 0.0 || base_ug < 0.0) {
        keep_needles_only(l, since_ms);
        l->dose[0].amount_ug = dose_ug;
        l->dose[0].rate_ug_per_h = dose_ug / ((double)(until_ms - since_ms) / HOUR_MS);
        return;
    }
    for (size_t i = 0; i < l->doses; i++) {
        if (l->weight[i] >= 0.0) {
            const double hours = l->dose[i].amount_ug;
            l->dose[i].amount_ug = base_ug * l->weight[i] / weights;
            l->dose[i].rate_ug_per_h = l->dose[i].amount_ug / hours;
        }
    }
}

/* In order of time; those of one moment in the order in which they were added. */
static void sort(doses_t *l)
{
    for (size_t i = 1; i < l->doses; i++) {
        for (size_t k = i; k > 0 && l->dose[k].time_ms < l->dose[k - 1].time_ms; k--) {
            const doses_one_t later = l->dose[k - 1];
            l->dose[k - 1] = l->dose[k];
            l->dose[k] = later;
        }
    }
}

/* All doses of [since, until), of which dose_ug left the tip. */
static void tell_interval(people_t *p, doses_t *l, int64_t since_ms, int64_t until_ms,
                          double dose_ug)
{
    int64_t from_ms = since_ms;
    l->doses = 0;
    add_bolus(l, since_ms, until_ms);
    for (; l->next < p->events.end && people_whole(p, FIELD_EVENTS_TIME_MS, l->next) < until_ms;
         l->next++) {
        const int64_t kind = people_whole(p, FIELD_EVENTS_KIND, l->next);
        if (tells_of_dose(kind)) {
            take_event(p, l, kind, &from_ms, until_ms);
        }
    }
    add_base(l, from_ms, until_ms);
    share(l, dose_ug, since_ms, until_ms);
    sort(l);
}

/* When the next event tells of a dose; far off where none does. */
static int64_t next_dose_ms(people_t *p, const doses_t *l)
{
    for (size_t i = l->next; i < p->events.end; i++) {
        if (tells_of_dose(people_whole(p, FIELD_EVENTS_KIND, i))) {
            return people_whole(p, FIELD_EVENTS_TIME_MS, i);
        }
    }
    return INT64_MAX;
}

/* How many rows of daily after this one are like it: the same dose, a day later, and no event between. */
static int64_t count_equal(people_t *p, const doses_t *l, size_t row)
{
    const double dose = people_value(p, FIELD_DAILY_DOSE_UG, row);
    const int64_t event_ms = next_dose_ms(p, l);
    size_t next = row + 1;
    while (next < p->daily.end && people_day_ms(p, next) <= event_ms &&
           people_day_ms(p, next) - people_day_ms(p, next - 1) == DAY_MS &&
           fabs(people_value(p, FIELD_DAILY_DOSE_UG, next) - dose) <= 0.0) {
        next++;
    }
    return (int64_t)(next - row - 1);
}

void doses_begin(doses_t *l, const people_t *p)
{
    *l = (doses_t){.next = p->events.start};
}

int64_t doses_interval(doses_t *l, people_t *p, size_t row, int64_t since_ms)
{
    const int64_t until_ms = people_day_ms(p, row);
    const int64_t bolus_ms = l->bolus_until_ms;
    size_t kept = 0;
    tell_interval(p, l, since_ms, until_ms, people_value(p, FIELD_DAILY_DOSE_UG, row));
    if (l->doses == 1 && l->dose[0].time_ms == since_ms && until_ms - since_ms == DAY_MS &&
        l->dose[0].where == DOSES_AT_TIP_ZONE && bolus_ms <= since_ms) {
        l->dose[0].more = count_equal(p, l, row);
    }
    const int64_t more = l->doses > 0 ? l->dose[0].more : 0;
    for (size_t i = 0; i < l->doses; i++) {
        if (l->dose[i].amount_ug > 0.0) {
            l->dose[kept++] = l->dose[i];
        }
    }
    l->doses = kept;
    return more;
}
