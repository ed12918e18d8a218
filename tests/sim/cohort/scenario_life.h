/* SPDX-License-Identifier: Apache-2.0 */
/* Lives of the studies in configs/scenarios, and what of them is looked at. */
#ifndef TESTS_COHORT_SCENARIO_LIFE_H
#define TESTS_COHORT_SCENARIO_LIFE_H

#include "tests/sim/cohort/fixture.h"

/* The study configs/scenarios/NAME.yaml with 20 patients; free it. */
study_t scenario_life_study(const char *name);

/* One patient of one arm (from 0) of it, to the horizon, or to whatever `stop` (FIELDS_STOP_*) says that it ends by; end it by
 * fixture_ended. */
fixture_life_t scenario_life(const char *name, int64_t arm, int64_t patient);
fixture_life_t scenario_life_until(const char *name, int64_t arm, int64_t patient, int stop);

/* The first patient of the first arm whom an event of this kind befalls by some day, *day of it; and the first whom none does. It
 * fails where nobody of the 20 is such a one. */
fixture_life_t scenario_life_struck(const char *name, int kind, double by_day, double *day);
fixture_life_t scenario_life_spared(const char *name, int kind, double by_day);

/* Events of a kind with a value (NaN: any), within these days, ends included; *first_day of the first, if there is one. */
int scenario_life_events(const fixture_life_t *l, int kind, double value, double from_day,
                         double to_day, double *first_day);

/* Of the first event of a kind: its reason, FIELDS_REASON_*, -1 without one; its second value, NaN without one. */
int scenario_life_reason(const fixture_life_t *l, int kind);
double scenario_life_value2(const fixture_life_t *l, int kind);

/* Sum of a daily field over the rows from..to-1 of the series. */
double scenario_life_sum(const fixture_life_t *l, enum fields_id field, size_t from, size_t to);

#endif
