/* SPDX-License-Identifier: Apache-2.0 */
/* Fields one by one: keys, kinds, ranges, choices, defaults and conditions. */
#include <criterion/criterion.h>

#include <string.h>

#include "config/field.h"
#include "tests/sim/config/fixture.h"

Test(field, table_has_each_path_once_with_help)
{
    size_t n;
    const field_t *f = field_table(&n);
    cr_assert(n > 80, "only %zu rows", n);
    for (size_t i = 0; i < n; i++) {
        cr_expect_eq(field_find(f[i].path), &f[i], "%s occurs twice", f[i].path);
        cr_expect(f[i].help != NULL && f[i].help[0] != '\0', "%s has no help", f[i].path);
        cr_expect(f[i].unit != NULL, "%s has no unit", f[i].path);
        cr_expect(!field_is_section(f[i].path), "%s is a section too", f[i].path);
    }
}

Test(field, defaults_lie_in_their_ranges)
{
    size_t n;
    const field_t *f = field_table(&n);
    for (size_t i = 0; i < n; i++)
        if (f[i].type == FIELD_QUANTITY && !f[i].required && !f[i].optional)
            cr_expect(f[i].value >= f[i].low && f[i].value <= f[i].high, "%s: %g not in %g to %g",
                      f[i].path, f[i].value, f[i].low, f[i].high);
}

Test(field, members_of_the_study_do_not_overlap)
{
    static int taken[sizeof(study_t)];
    size_t n;
    const field_t *f = field_table(&n);
    for (size_t i = 0; i < n; i++)
        if (f[i].owner == FIELD_STUDY)
            cr_expect_eq(taken[f[i].offset]++, 0, "%s shares its member", f[i].path);
}

Test(field, least_study_has_the_documented_defaults)
{
    study_t s;
    fixture_accepted(&s, FIXTURE_LEAST, NULL);
    cr_expect_eq(s.patients, 2);
    cr_expect_eq(s.horizon_ms, INT64_C(90) * 86400000);
    cr_expect_eq(s.seed, 1);
    cr_expect_eq(s.arms.count, 1);
    cr_expect_str_eq(s.arms.name[0], "reference");
    cr_expect_eq(s.n_drugs, 1);
    cr_expect(s.drug[0].kinetics.loss_per_h == 0.351);
    cr_expect_eq(s.pump.kind, STUDY_PUMP_PERISTALTIC);
    cr_expect(s.pump.fill_ml == 20.0 && s.pump.low_alarm_ml == 2.0);
    cr_expect_eq(s.therapy.mode, STUDY_THERAPY_SIMPLE);
    cr_expect(s.therapy.dose_ug_per_day == 300.0);
    cr_expect_eq(s.catheter.primed, 1);
    cr_expect_str_eq(s.body.target, "T12");
    cr_expect_str_eq(s.record.lumbar, "L3/4");
    cr_expect_eq(s.record.daily_time_ms, 12 * 3600000);
    cr_expect(s.n_events == 0 && s.event == NULL);
    study_free(&s);
}

Test(field, unknown_key_proposes_the_nearest)
{
    fixture_refused(FIXTURE_LEAST "pump: {resevoir: {capacity: 40 mL}}\n", NULL,
                    "s.yaml:5:8: error: pump.resevoir: unknown key; did you mean reservoir?");
}

Test(field, unknown_key_proposes_the_section_where_it_belongs)
{
    fixture_refused(FIXTURE_LEAST "pump: {capacity: 40 mL}\n", NULL,
                    "s.yaml:5:8: error: pump.capacity: unknown key here; it belongs at "
                    "pump.reservoir.capacity");
}

Test(field, unknown_key_lists_the_keys)
{
    fixture_refused(FIXTURE_LEAST "record: {zzzzzz: 1}\n", NULL,
                    "record.zzzzzz: unknown key; the keys here are lumbar, daily_time");
}

Test(field, dotted_key_is_unknown)
{
    fixture_refused(FIXTURE_LEAST "pump.fill: 5 mL\n", NULL,
                    "s.yaml:5:1: error: pump.fill: unknown");
}

Test(field, missing_required_is_placed_at_its_section)
{
    fixture_refused("study: {name: x, patients: 2}\n", NULL,
                    "s.yaml:1:1: error: study.horizon: is required");
    fixture_refused("study: {name: x, patients: 2}\n", NULL,
                    "s.yaml:1:1: error: drugs: is required");
    fixture_refused(FIXTURE_LEAST "events:\n  - {order: refill, volume: 18 mL}\n", NULL,
                    "s.yaml:6:5: error: events[0].at: is required");
}

Test(field, value_where_a_section_belongs)
{
    fixture_refused(FIXTURE_LEAST "pump: 5\n", NULL,
                    "s.yaml:5:7: error: pump: is a single value; write its keys");
    fixture_refused(FIXTURE_LEAST "pump:\n", NULL, "pump: is empty; write its keys");
}

Test(field, section_where_a_value_belongs)
{
    fixture_refused(FIXTURE_LEAST "pump: {fill: {a: 1}}\n", NULL,
                    "s.yaml:5:14: error: pump.fill: is a section of keys; write a number");
    fixture_refused(FIXTURE_LEAST "pump: {fill: [1 mL]}\n", NULL,
                    "s.yaml:5:14: error: pump.fill: is a list; write a number");
}

Test(field, value_where_a_list_belongs)
{
    fixture_refused(FIXTURE_LEAST "events: 5\n", NULL,
                    "s.yaml:5:9: error: events: is a single value; write a list");
    fixture_refused(FIXTURE_LEAST "events: [5]\n", NULL,
                    "s.yaml:5:10: error: events[0]: is a single value; write its keys");
}

Test(field, empty_value_says_what_to_write)
{
    fixture_refused(FIXTURE_LEAST "pump:\n  fill:\n", NULL,
                    "pump.fill: has no value; write a number and a unit, in mL from 0 to 50");
}

Test(field, range_is_told_with_the_value)
{
    fixture_refused(FIXTURE_LEAST, "therapy.limits.rate=26 mL/day",
                    "--set therapy.limits.rate=26 mL/day: error: therapy.limits.rate: 26 mL/day is "
                    "above the limit 24 mL/day; the range is 0.048 to 24 mL/day");
    fixture_refused(FIXTURE_LEAST, "pump.fill=-1 mL", "-1 mL is below the limit 0 mL");
}

Test(field, range_is_checked_after_conversion)
{
    fixture_refused(FIXTURE_LEAST, "therapy.limits.rate=1.2 mL/h",
                    "1.2 mL/h is above the limit 24 mL/day");
}

Test(field, choice_lists_its_choices)
{
    fixture_refused(
        FIXTURE_LEAST, "pump.kind=valve",
        "\"valve\" is not a choice here; write peristaltic, constant_flow or valve_gated");
}

Test(field, boolean_is_true_or_false)
{
    fixture_refused(FIXTURE_LEAST, "catheter.primed=yes",
                    "\"yes\" is not a choice here; write false or true");
}

Test(field, quoted_number_is_text)
{
    fixture_refused(FIXTURE_LEAST, "study.patients=\"24\"", "24 is in quotes, which makes it text");
}

Test(field, quoted_quantity_is_accepted)
{
    study_t s;
    fixture_accepted(&s, FIXTURE_LEAST, "pump.fill=\"15 mL\"");
    cr_expect(s.pump.fill_ml == 15.0);
    study_free(&s);
}

Test(field, name_has_no_path_in_it)
{
    fixture_refused(FIXTURE_LEAST, "study.name=../x", "\"../x\" is not a name");
    fixture_refused(FIXTURE_LEAST, "study.name=\"\"", "\"\" is not a name");
}

Test(field, text_has_a_limit)
{
    char set[400] = "study.title=";
    memset(set + 12, 'x', 256);
    fixture_refused(FIXTURE_LEAST, set, "the text has 256 bytes; at most 255 fit");
}

/* Characters count, not bytes: 1000 of two bytes each. */
Test(field, description_is_a_paragraph_of_at_most_1000_characters)
{
    static char set[2200] = "study.description=";
    const size_t key = strlen(set);
    study_t s;
    for (size_t i = 0; i < 1000; i++) {
        memcpy(set + key + 2 * i, "\xC3\xA4", 2);
    }
    fixture_accepted(&s, FIXTURE_LEAST, set);
    cr_expect_eq(strlen(s.description), 2000);
    study_free(&s);
    memcpy(set + key + 2000, "x", 2);
    fixture_refused(FIXTURE_LEAST, set, "the text has 1001 characters; at most 1000 fit");
}

Test(field, description_may_be_folded_over_several_lines)
{
    study_t s;
    fixture_accepted(&s,
                     "study:\n  name: x\n  patients: 1\n  horizon: 1 day\n  description: >-\n"
                     "    Is <this> \"safe\"\n    & sound?\n"
                     "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                     "therapy: {dose: 100 ug/day}\ncatheter: {tip: T10}\n",
                     NULL);
    cr_expect_str_eq(s.description, "Is <this> \"safe\" & sound?");
    study_free(&s);
}

Test(field, level_is_one_of_the_spine)
{
    fixture_refused(FIXTURE_LEAST, "catheter.tip=T13", "\"T13\" is not a level of the spine");
    fixture_refused(FIXTURE_LEAST, "record.lumbar=L2/4", "\"L2/4\" is not a level of the spine");
}

Test(field, condition_refuses_a_key_that_does_not_apply)
{
    fixture_refused(FIXTURE_LEAST, "pump.flow=1 mL/day",
                    "pump.flow: applies only where pump.kind is constant_flow");
    fixture_refused(FIXTURE_LEAST, "therapy.mode=stopped",
                    "therapy.dose: applies only where therapy.mode is simple");
}

Test(field, condition_requires_a_key_that_applies)
{
    fixture_refused("study: {name: least, patients: 2, horizon: 20 day}\n"
                    "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                    "pump: {kind: constant_flow}\ncatheter: {tip: T10}\n",
                    NULL, "s.yaml:3:1: error: pump.flow: is required");
}

Test(field, condition_on_a_bad_choice_adds_no_second_error)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    static const char text[] = FIXTURE_LEAST "events: [{at: 1 day, order: refil}]\n";
    study_t s;
    cr_expect_eq(fixture_parse(&s, text, sizeof text - 1, NULL, out), ERROR_CONFIG);
    cr_expect(strstr(out, "volume") == NULL, "%s", out);
}

/* 60 s is 6.94…e-4 of a day by another road than 1/1440 day. */
Test(field, an_end_of_a_range_is_accepted_in_any_unit)
{
    static const char *const sets[] = {"study.horizon=60 s",
                                       "study.horizon=1 min",
                                       "study.horizon=100 year",
                                       "record.daily_time=1439 min",
                                       "record.daily_time=86340 s",
                                       "therapy.limits.rate=1 mL/h",
                                       "therapy.limits.rate=48 uL/day",
                                       "therapy.limits.rate=2 uL/h",
                                       "pump.low_alarm=0.05 L"};
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        static char out[FIXTURE_OUTPUT_SIZE];
        study_t s;
        (void)fixture_parse(&s, FIXTURE_LEAST, strlen(FIXTURE_LEAST), sets[i], out);
        cr_expect(strstr(out, "the limit") == NULL, "%s", out);
        study_free(&s);
    }
    fixture_refused(FIXTURE_LEAST, "study.horizon=59.9 s", "is below the limit");
}

Test(field, a_percentage_is_answered_with_its_fraction)
{
    fixture_refused(FIXTURE_LEAST, "population.csf_volume_cv=24 %",
                    "population.csf_volume_cv: 24 % is a percentage; write 0.24");
}

Test(field, a_choice_of_many_is_guessed_rather_than_listed_in_part)
{
    fixture_refused(FIXTURE_LEAST "events: [{at: 1 day, order: fault, fault: catheter_kinkk}]\n",
                    NULL, "\"catheter_kinkk\" is not a choice here; did you mean catheter_kink?");
}
