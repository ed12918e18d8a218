/* SPDX-License-Identifier: Apache-2.0 */
/* `--set key=value`: replaces, adds, and is named in its own messages. */
#include <criterion/criterion.h>

#include "tests/sim/config/fixture.h"

Test(override, replaces_a_value)
{
    study_t s;
    fixture_accepted(&s, FIXTURE_LEAST, "study.patients=7");
    cr_expect_eq(s.patients, 7);
    study_free(&s);
}

Test(override, adds_a_value_in_a_new_section)
{
    study_t s;
    fixture_accepted(&s, FIXTURE_LEAST, "pump.head.ripple=0.1");
    cr_expect(s.pump.head.ripple == 0.1);
    study_free(&s);
}

Test(override, reaches_into_lists)
{
    study_t s;
    fixture_accepted(&s, FIXTURE_LEAST, "drugs[0].kinetics.loss=0.5 1/h");
    cr_expect(s.drug[0].kinetics.loss_per_h == 0.5);
    study_free(&s);
}

Test(override, takes_a_list)
{
    study_t s;
    fixture_accepted(&s, FIXTURE_LEAST, "events=[{at: 2 day, order: refill, volume: 5 mL}]");
    cr_expect_eq(s.n_events, 1);
    cr_expect_eq(s.event[0].at_ms, 2 * 86400000);
    study_free(&s);
}

Test(override, mends_an_error_of_the_file)
{
    study_t s;
    fixture_accepted(&s, FIXTURE_LEAST "pump: {fill: 99 mL}\n", "pump.fill=19 mL");
    cr_expect(s.pump.fill_ml == 19.0);
    study_free(&s);
}

Test(override, is_refused_with_its_own_text)
{
    fixture_refused(FIXTURE_LEAST, "study.sede=5",
                    "--set study.sede=5: error: study.sede: unknown key; did you mean seed?");
    fixture_refused(FIXTURE_LEAST, "events[3].at=5 day",
                    "--set events[3].at=5 day: error: events[3].at: there is no such place");
    fixture_refused(FIXTURE_LEAST, "study.patients", "error: write it as key=value");
    fixture_refused(FIXTURE_LEAST, "=3", "error: write it as key=value");
    fixture_refused(FIXTURE_LEAST, "a..b=3", "there is no such place");
    fixture_refused(FIXTURE_LEAST, "drugs[x].name=3", "there is no such place");
    fixture_refused(FIXTURE_LEAST, "study.patients.x=3", "there is no such place");
    fixture_refused(FIXTURE_LEAST, "study.arms=[a", "this is not YAML");
    fixture_refused(FIXTURE_LEAST, "study.patients=", "study.patients: has no value");
    fixture_refused(FIXTURE_LEAST, "study.title=\xff", "error: write it as key=value, in UTF-8");
}
