/* SPDX-License-Identifier: Apache-2.0 */
/* A study whose body cannot be built is refused, at the key whose default would mend it. */
#include <criterion/criterion.h>

#include "tests/sim/config/fixture.h"

#define ARMS(items)                                                                                \
    "study: {name: least, patients: 2, horizon: 30 day,\n  arms: [" items "]}\n"                   \
    "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"                                        \
    "therapy: {dose: 300 ug/day}\n"                                                                \
    "catheter: {tip: T10}\n"

Test(check_body, water_that_does_not_close_is_placed_at_the_leak)
{
    fixture_refused(FIXTURE_LEAST "body: {csf: {leak: 50 mL/h}}\n", NULL,
                    "s.yaml:5:20: error: body.csf.leak: no body can be built with 50 mL/h, but "
                    "with the default, 0, one can: water does not close");
}

Test(check_body, a_range_too_wide_is_placed_at_its_own_override)
{
    fixture_refused(FIXTURE_LEAST "body: {csf: {dispersion_lumbar: 190 cm2/h}}\n",
                    "body.csf.dispersion_thoracic=0.018 cm2/h",
                    "--set body.csf.dispersion_thoracic=0.018 cm2/h: error: "
                    "body.csf.dispersion_thoracic: no body can be built with 0.018 cm2/h, but with "
                    "the default, 360, one can: the similarity range");
}

Test(check_body, the_second_drugs_kinetics_are_found_at_fault)
{
    fixture_refused("study: {name: x, patients: 1, horizon: 1 day}\n"
                    "drugs:\n"
                    "  - {name: baclofen, concentration: 500 ug/mL}\n"
                    "  - {name: other, concentration: 1 mg/mL, kinetics: {cord_out: 1e-9 1/h}}\n"
                    "therapy: {dose: 300 ug/day}\ncatheter: {tip: T10}\n",
                    NULL, "s.yaml:4:64: error: drugs[1].kinetics.cord_out: no body can be built");
}

Test(check_body, where_no_single_key_mends_it_the_section_is_named)
{
    fixture_refused(FIXTURE_LEAST "body: {csf: {dispersion_lumbar: 0.001 cm2/h, "
                                  "dispersion_thoracic: 0.001 cm2/h}}\n",
                    NULL, "s.yaml:5:7: error: body: no body can be built: the face above cell");
}

Test(check_body, an_arm_is_refused_by_its_own_setting)
{
    fixture_refused(ARMS("low, {name: high, set: {body.csf.leak: 45 mL/h}}"), NULL,
                    "s.yaml:2:49: error: arm high: body.csf.leak: no body can be built");
}

Test(check_body, a_body_that_is_not_modelled_is_not_judged)
{
    study_t s;
    fixture_accepted(&s, FIXTURE_LEAST, "body.model=none");
    study_free(&s);
}

Test(check_body, a_body_that_can_be_built_keeps_what_was_given)
{
    study_t s;
    fixture_accepted(&s, FIXTURE_LEAST, "body.csf.leak=2 mL/h");
    cr_expect(s.body.csf.leak_ml_per_h == 2.0);
    study_free(&s);
}
