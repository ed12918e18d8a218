/* SPDX-License-Identifier: Apache-2.0 */
/* Lives of the studies in configs/scenarios, and what of them is looked at. */
#include "tests/sim/cohort/scenario_life.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#define DAY_MS 86400e3

study_t scenario_life_study(const char *name)
{
    static const study_override_t few = {"study.patients=20"};
    char path[FIXTURE_PATH_SIZE];
    diagnostic_t found;
    error_t e = {0};
    study_t s;
    (void)snprintf(path, sizeof path, "configs/scenarios/%s.yaml", name);
    diagnostic_init(&found);
    cr_assert_eq(study_load(&s, path, &few, 1, &found, &e), 0, "%s: %s", path, e.text);
    diagnostic_free(&found);
    return s;
}

fixture_life_t scenario_life_until(const char *name, int64_t arm, int64_t patient, int stop)
{
    fixture_life_t l = {.study = scenario_life_study(name)};
    const record_key_t key = {patient, (int32_t)arm, 0};
    fixture_live_until(study_arm(&l.study, arm), key, stop, &l.record, &l.view);
    return l;
}

fixture_life_t scenario_life(const char *name, int64_t arm, int64_t patient)
{
    return scenario_life_until(name, arm, patient, FIELDS_STOP_HORIZON);
}

int scenario_life_events(const fixture_life_t *l, int kind, double value, double from_day,
                         double to_day, double *first_day)
{
    int n = 0;
    for (size_t i = 0; i < l->view.count[TABLE_EVENTS]; i++) {
        const double day = fixture_at(l, FIELD_EVENTS_TIME_MS, i) / DAY_MS;
        if ((int)fixture_at(l, FIELD_EVENTS_KIND, i) == kind && day >= from_day && day <= to_day &&
            (isnan(value) || fixture_at(l, FIELD_EVENTS_VALUE, i) == value)) {
            *first_day = n == 0 ? day : *first_day;
            n++;
        }
    }
    return n;
}

/* The first patient for whom it is so that an event of this kind befalls them by that day, or that none does. */
static fixture_life_t first_life(const char *name, int kind, double by_day, bool befalls,
                                 double *day)
{
    int64_t patient = 1;
    fixture_life_t l = scenario_life(name, 0, patient);
    while ((scenario_life_events(&l, kind, (double)NAN, 0.0, by_day, day) > 0) != befalls) {
        cr_assert_lt(patient, 20, "%s: there is none among 20", name);
        fixture_ended(&l);
        l = scenario_life(name, 0, ++patient);
    }
    return l;
}

fixture_life_t scenario_life_struck(const char *name, int kind, double by_day, double *day)
{
    return first_life(name, kind, by_day, true, day);
}

fixture_life_t scenario_life_spared(const char *name, int kind, double by_day)
{
    double day = 0.0;
    return first_life(name, kind, by_day, false, &day);
}

/* Row of the first event of a kind, or -1. */
static int64_t first(const fixture_life_t *l, int kind)
{
    for (size_t i = 0; i < l->view.count[TABLE_EVENTS]; i++) {
        if ((int)fixture_at(l, FIELD_EVENTS_KIND, i) == kind) {
            return (int64_t)i;
        }
    }
    return -1;
}

int scenario_life_reason(const fixture_life_t *l, int kind)
{
    const int64_t row = first(l, kind);
    return row < 0 ? -1 : (int)fixture_at(l, FIELD_EVENTS_REASON, (size_t)row);
}

double scenario_life_value2(const fixture_life_t *l, int kind)
{
    const int64_t row = first(l, kind);
    return row < 0 ? (double)NAN : fixture_at(l, FIELD_EVENTS_VALUE2, (size_t)row);
}

double scenario_life_sum(const fixture_life_t *l, enum fields_id field, size_t from, size_t to)
{
    double sum = 0.0;
    for (size_t i = from; i < to; i++) {
        sum += fixture_at(l, field, i);
    }
    return sum;
}
