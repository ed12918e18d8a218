/* SPDX-License-Identifier: Apache-2.0 */
/* Faulty catheters in whole lives: where drug goes, that none of it is lost, and what the pump feels. */
#include "tests/sim/cohort/fixture.h"

#include "draw.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define STUDY                                                                                      \
    "study: {name: t, patients: 1, horizon: 10 day, seed: 7}\n"                                    \
    "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"                                     \
    "catheter: {tip: T10}\n"                                                                       \
    "population: {unit_error_sd: 0, oscillator_error_sd: 0 ppm}\n"
#define THERAPY "therapy: {dose: 300 ug/day}\n"
#define NO_BODY "body: {model: none}\n"
#define PUMP "pump: {head: {ripple: 0, drift_sd: 0 1/year}}\n"
#define FAULT(text) "events:\n  - {at: 4 day, order: fault, fault: " text "}\n"

static double of(const fixture_life_t *l, enum fields_id field)
{
    return fixture_at(l, field, 0);
}

static double live(const char *text, enum fields_id field)
{
    fixture_life_t l = fixture_lived(text);
    const double value = of(&l, field);
    cr_expect_lt(of(&l, FIELD_PATIENTS_WORST_LEDGER_ERROR), 1e-12);
    fixture_ended(&l);
    return value;
}

/* ---- where drug goes ---- */

/* Six of ten days at 300 ug/day, less what the catheter takes from the fault to the tip. */
Test(catheter, half_of_the_flow_is_lost_at_a_leak_and_counted)
{
    const double lost =
        live(STUDY THERAPY NO_BODY PUMP FAULT("catheter_leak, severity: 0.5, position: 30 cm"),
             FIELD_LEDGER_LOST_UG);
    cr_expect_float_eq(lost, 900.0, 1.0, "%g ug", lost);
}

Test(catheter, what_leaks_in_a_body_becomes_a_depot_and_is_eliminated)
{
    fixture_life_t l =
        fixture_lived(STUDY THERAPY PUMP FAULT("catheter_disconnection, position: 0 cm"));
    const double lost = of(&l, FIELD_LEDGER_LOST_UG);
    cr_expect_float_eq(lost, 1800.0, 2.0, "%g ug", lost);
    /* 300 ug/day through absorption of 0.35 1/h: 36 ug there in the steady state. */
    cr_expect_float_eq(of(&l, FIELD_LEDGER_DEPOTS_UG), 300.0 / 24.0 / 0.35, 0.2);
    cr_expect_gt(of(&l, FIELD_LEDGER_ELIMINATED_UG), 1600.0);
    cr_expect_lt(of(&l, FIELD_PATIENTS_WORST_LEDGER_ERROR), 1e-12);
    fixture_ended(&l);
}

Test(catheter, a_tip_that_slipped_gives_csf_nothing)
{
    fixture_life_t l = fixture_lived(STUDY THERAPY PUMP FAULT("catheter_dislodgement"));
    cr_expect_float_eq(of(&l, FIELD_LEDGER_LOST_UG), 1800.0, 2.0);
    cr_expect_lt(of(&l, FIELD_PATIENTS_LUMBAR_NG_PER_ML), 20.0);
    fixture_ended(&l);
}

Test(catheter, a_hole_within_the_canal_still_feeds_csf)
{
    fixture_life_t sound = fixture_lived(STUDY THERAPY PUMP),
                   l = fixture_lived(STUDY THERAPY PUMP FAULT("catheter_leak, position: 75 cm"));
    cr_expect_float_eq(of(&l, FIELD_LEDGER_LOST_UG), 1800.0, 2.0);
    cr_expect_eq(of(&l, FIELD_LEDGER_DEPOTS_UG), 0.0);
    /* Nearer to the needle, 15 cm below the tip. */
    cr_expect_gt(of(&l, FIELD_PATIENTS_LUMBAR_NG_PER_ML),
                 of(&sound, FIELD_PATIENTS_LUMBAR_NG_PER_ML));
    fixture_ended(&sound);
    fixture_ended(&l);
}

Test(catheter, a_tip_that_moved_down_raises_what_is_found_there)
{
    fixture_life_t sound = fixture_lived(STUDY THERAPY PUMP),
                   low = fixture_lived(
                       STUDY THERAPY PUMP FAULT("catheter_migration, position: -15 cm"));
    cr_expect_gt(of(&low, FIELD_PATIENTS_LUMBAR_NG_PER_ML),
                 1.5 * of(&sound, FIELD_PATIENTS_LUMBAR_NG_PER_ML));
    cr_expect_lt(of(&low, FIELD_PATIENTS_CISTERNAL_NG_PER_ML),
                 of(&sound, FIELD_PATIENTS_CISTERNAL_NG_PER_ML));
    cr_expect_eq(of(&low, FIELD_LEDGER_LOST_UG), 0.0);
    cr_expect_lt(of(&low, FIELD_PATIENTS_WORST_LEDGER_ERROR), 1e-12);
    fixture_ended(&sound);
    fixture_ended(&low);
}

Test(catheter, csf_that_drains_through_an_open_end_draws_the_heads_drug_down)
{
    static const char two[] = STUDY THERAPY PUMP
        "events:\n  - {at: 4 day, order: fault, fault: catheter_disconnection, position: 40 cm}\n";
    const char *rest = strstr(two, "}\npopulation"); /* the end of `catheter` */
    char none[1024];
    (void)snprintf(none, sizeof none, "%.*s, csf_leak: 0 mL/h%s", (int)(rest - two), two, rest);
    fixture_life_t draining = fixture_lived(two), tight = fixture_lived(none);
    cr_expect_gt(of(&draining, FIELD_PATIENTS_TIP_NG_PER_ML),
                 1.02 * of(&tight, FIELD_PATIENTS_TIP_NG_PER_ML));
    cr_expect_lt(of(&draining, FIELD_PATIENTS_WORST_LEDGER_ERROR), 1e-12);
    fixture_ended(&draining);
    fixture_ended(&tight);
}

/* ---- what the pump feels ---- */

Test(catheter, a_closed_tip_keeps_the_drug_in_the_reservoir_and_the_core_does_not_know)
{
    fixture_life_t l = fixture_lived(STUDY THERAPY NO_BODY PUMP FAULT("catheter_occlusion"));
    cr_expect_float_eq(of(&l, FIELD_PATIENTS_VOLUME_DELIVERED_ML), 2.4, 0.01);
    cr_expect_float_eq(of(&l, FIELD_PATIENTS_VOLUME_COMMANDED_ML), 6.0, 0.01);
    cr_expect_eq(of(&l, FIELD_PATIENTS_PULSES_COMMANDED), of(&l, FIELD_PATIENTS_PULSES_CONFIRMED));
    cr_expect_float_eq(of(&l, FIELD_PATIENTS_VOLUME_IN_RESERVOIR_ML) -
                           of(&l, FIELD_PATIENTS_VOLUME_BELIEVED_IN_RESERVOIR_ML),
                       3.6, 0.02);
    fixture_ended(&l);
}

Test(catheter, an_occlusion_is_not_felt_before_nearly_all_is_closed)
{
    const double sound = live(STUDY THERAPY NO_BODY PUMP, FIELD_PATIENTS_VOLUME_DELIVERED_ML);
    const double narrowed =
        live(STUDY THERAPY NO_BODY PUMP FAULT("catheter_occlusion, severity: 0.95"),
             FIELD_PATIENTS_VOLUME_DELIVERED_ML);
    cr_expect_eq(narrowed, sound);
}

/* It closes on day 4 + 1: the day's flow is lost from there on, but for what the whole days leave. */
Test(catheter, an_occlusion_grows_from_day_to_day)
{
    const double ml = live(STUDY THERAPY NO_BODY PUMP FAULT(
                               "catheter_occlusion, severity: 0.5, growth: 182.625 1/year"),
                           FIELD_PATIENTS_VOLUME_DELIVERED_ML);
    cr_expect_float_eq(ml, 3.0, 0.01, "%g mL", ml);
}

Test(catheter, a_kink_shuts_for_its_share_of_the_time)
{
    const double ml = live(STUDY THERAPY NO_BODY PUMP FAULT("catheter_kink, severity: 0.75"),
                           FIELD_PATIENTS_VOLUME_DELIVERED_ML);
    /* Upright for two thirds of the time: half of six days. */
    cr_expect_float_eq(ml, 2.4 + 1.8, 0.01, "%g mL", ml);
}

Test(catheter, an_occlusion_stops_a_constant_flow_pump_and_one_with_valves)
{
    static const char *const pump[] = {"pump: {kind: constant_flow, flow: 0.6 mL/day}\n",
                                       THERAPY "pump: {kind: valve_gated}\n"};
    for (int i = 0; i < 2; i++) {
        char text[1024];
        (void)snprintf(text, sizeof text, "%s%s%s", STUDY NO_BODY, pump[i],
                       FAULT("catheter_occlusion"));
        const double ml = live(text, FIELD_PATIENTS_VOLUME_DELIVERED_ML);
        cr_expect_float_eq(ml, 2.4, 0.15, "pump %d: %g mL", i, ml);
    }
}

/* ---- the access port ---- */

#define PORT(text) "events:\n  - {at: 5 day, order: port, " text "}\n"

/* The values of the last event of a kind. */
typedef struct found_t {
    double value, value2;
} found_t;

static found_t found(const fixture_life_t *l, int kind)
{
    found_t f = {(double)NAN, (double)NAN};
    for (size_t i = 0; i < l->view.count[TABLE_EVENTS]; i++) {
        if ((int)fixture_at(l, FIELD_EVENTS_KIND, i) == kind) {
            f = (found_t){fixture_at(l, FIELD_EVENTS_VALUE, i),
                          fixture_at(l, FIELD_EVENTS_VALUE2, i)};
        }
    }
    return f;
}

/* 90 cm of 0.0022 mL and a chamber of 0.01 mL, full of 500 ug/mL. */
#define LOADED_UG ((90.0 * 0.0022 + 0.01) * 500.0)

Test(catheter, injecting_through_a_loaded_catheter_gives_all_of_it_at_once)
{
    fixture_life_t l = fixture_lived(STUDY THERAPY PORT("inject: 2 mL"));
    cr_expect_float_eq(found(&l, FIELDS_EVENT_PORT_INJECTED).value, 2.0, 1e-12);
    cr_expect_float_eq(found(&l, FIELDS_EVENT_PORT_INJECTED).value2, LOADED_UG, 0.01 * LOADED_UG);
    cr_expect_lt(of(&l, FIELD_PATIENTS_WORST_LEDGER_ERROR), 1e-12);
    fixture_ended(&l);
}

Test(catheter, drawing_first_spares_the_bolus_and_takes_csf)
{
    fixture_life_t l = fixture_lived(STUDY THERAPY PORT("aspirate: 2 mL, inject: 2 mL"));
    const found_t drawn = found(&l, FIELDS_EVENT_PORT_DRAWN);
    cr_expect_float_eq(drawn.value, 2.0, 1e-12);
    cr_expect_gt(drawn.value2, LOADED_UG, "CSF holds some too");
    cr_expect_lt(found(&l, FIELDS_EVENT_PORT_INJECTED).value2, 0.2 * LOADED_UG);
    cr_expect_gt(of(&l, FIELD_LEDGER_WITHDRAWN_UG), LOADED_UG);
    cr_expect_lt(of(&l, FIELD_PATIENTS_WORST_LEDGER_ERROR), 1e-12);
    fixture_ended(&l);
}

Test(catheter, nothing_comes_through_a_closed_one)
{
    fixture_life_t l = fixture_lived(
        STUDY THERAPY NO_BODY PORT("aspirate: 2 mL, inject: 2 mL") "  - {at: 4 day, order: fault, "
                                                                   "fault: catheter_occlusion}\n");
    cr_expect_eq(found(&l, FIELDS_EVENT_PORT_DRAWN).value, 0.0);
    cr_expect_eq(found(&l, FIELDS_EVENT_PORT_INJECTED).value, 0.0);
    fixture_ended(&l);
}

/* A bolus is of one minute, not of the day around it. */
Test(catheter, what_is_injected_reaches_csf_in_a_minute)
{
    fixture_life_t before = fixture_lived(STUDY THERAPY),
                   l = fixture_lived(STUDY THERAPY
                                     "events:\n  - {at: 9.99 day, order: port, inject: 2 mL}\n");
    cr_expect_gt(of(&l, FIELD_PATIENTS_TIP_NG_PER_ML),
                 3.0 * of(&before, FIELD_PATIENTS_TIP_NG_PER_ML));
    fixture_ended(&before);
    fixture_ended(&l);
}

Test(catheter, drugs_spread_in_it_at_their_own_pace)
{
    static const char *const pace[] = {"7e-6", "2e-6"};
    double ug[2];
    for (int i = 0; i < 2; i++) {
        char text[1024];
        (void)snprintf(text, sizeof text,
                       "study: {name: t, patients: 1, horizon: 13 h, seed: 7}\n"
                       "drugs:\n  - {name: a, concentration: 500 ug/mL, compound: {diffusivity: %s "
                       "cm2/s}}\n"
                       "catheter: {tip: T10, primed: false}\n" THERAPY NO_BODY
                       "pump: {fill: 18 mL}\n",
                       pace[i]);
        ug[i] = live(text, FIELD_LEDGER_CSF_UG);
    }
    cr_expect_gt(fabs(ug[0] / ug[1] - 1.0), 1e-3, "%g and %g ug", ug[0], ug[1]);
}

/* ---- pressed back ---- */

#define PRESSED(conductance)                                                                       \
    "study: {name: t, patients: 1, horizon: 10 day, seed: 7}\n"                                    \
    "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"                                     \
    "catheter: {tip: T10}\n" THERAPY "pump: {propellant: {return_conductance: " conductance        \
    " mL/day/kPa}}\n"                                                                              \
    "events:\n  - {at: 5 day, order: exposure, lasting: 12 h, pressure: 240 kPa}\n"

/* 0.1 mL/day/kPa for half a day at 240 kPa outside, about 137 inside: some 5 mL of CSF and of what the catheter held. */
Test(catheter, csf_is_driven_back_into_a_leaky_pump_under_pressure)
{
    fixture_life_t tight = fixture_lived(PRESSED("0")), leaky = fixture_lived(PRESSED("0.1"));
    const double back = of(&leaky, FIELD_PATIENTS_VOLUME_IN_RESERVOIR_ML) -
                        of(&tight, FIELD_PATIENTS_VOLUME_IN_RESERVOIR_ML);
    cr_expect(back > 4.0 && back < 6.0, "%g mL came back", back);
    cr_expect_eq(of(&leaky, FIELD_PATIENTS_VOLUME_BELIEVED_IN_RESERVOIR_ML),
                 of(&tight, FIELD_PATIENTS_VOLUME_BELIEVED_IN_RESERVOIR_ML));
    cr_expect_lt(of(&leaky, FIELD_PATIENTS_LUMBAR_NG_PER_ML),
                 0.9 * of(&tight, FIELD_PATIENTS_LUMBAR_NG_PER_ML),
                 "the reservoir is diluted, the tubing full of CSF");
    cr_expect_lt(of(&leaky, FIELD_PATIENTS_WORST_LEDGER_ERROR), 1e-12);
    fixture_ended(&tight);
    fixture_ended(&leaky);
}

/* ---- failing of itself ---- */

#define YEARS(fails)                                                                               \
    "study: {name: t, patients: 400, horizon: 1800 day, seed: 11}\n"                               \
    "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"                                     \
    "catheter: {tip: T10, fails: " fails "}\n" NO_BODY                                             \
    "pump: {kind: constant_flow, flow: 0.2 mL/day}\n"

/* What befell one patient's catheter. */
typedef struct fate_t {
    int events;
    double first_year; /* INFINITY: none */
} fate_t;

static fate_t fate_of(const study_t *s, int64_t patient)
{
    fate_t f = {0, (double)INFINITY};
    record_t r;
    record_view_t v;
    fixture_live(s, (record_key_t){patient, 0, 0}, &r, &v);
    for (size_t i = 0; i < v.count[TABLE_EVENTS]; i++) {
        if (record_view_number(&v, &r.layout, FIELD_EVENTS_KIND, i) ==
            FIELDS_EVENT_CATHETER_FAILED) {
            const double ms = record_view_number(&v, &r.layout, FIELD_EVENTS_TIME_MS, i);
            const double year = record_view_number(&v, &r.layout, FIELD_EVENTS_VALUE2, i);
            cr_expect_float_eq(ms, year * 365.25 * 86400e3, 60001.0, "an age from enrolment");
            f.events++;
            f.first_year = fmin(f.first_year, year);
        }
    }
    record_free(&r);
    return f;
}

static int failed(const char *text, int patients)
{
    study_t s = fixture_text(text);
    int count = 0;
    for (int64_t i = 1; i <= patients; i++) {
        count += fate_of(&s, i).events > 0;
    }
    study_free(&s);
    return count;
}

Test(catheter, none_fails_of_itself_unless_the_study_says_so)
{
    cr_expect_eq(failed(YEARS("none"), 20), 0);
}

/* Of 400 in 4.9 years: at 19 % older ones 76, at about 6.5 % modern ones 26; four standard errors. */
Test(catheter, older_ones_fail_more_often_than_modern_ones)
{
    const int legacy = failed(YEARS("legacy"), 400);
    const int modern = failed(YEARS("modern"), 400);
    cr_expect(legacy > 45 && legacy < 107, "%d of 400", legacy);
    cr_expect(modern > 6 && modern < 46, "%d of 400", modern);
}

/* A share of the flow that a leak takes is noted by no event of the core. */
Test(catheter, imposed_faults_are_not_failures_of_its_own)
{
    fixture_life_t l = fixture_lived(STUDY THERAPY NO_BODY FAULT("catheter_kink"));
    int imposed = 0, own = 0;
    for (size_t i = 0; i < l.view.count[TABLE_EVENTS]; i++) {
        const double kind = fixture_at(&l, FIELD_EVENTS_KIND, i);
        imposed += kind == FIELDS_EVENT_FAULT;
        own += kind == FIELDS_EVENT_CATHETER_FAILED;
    }
    cr_expect_eq(imposed, 1);
    cr_expect_eq(own, 0);
    fixture_ended(&l);
}

/* ---- nothing is lost ---- */

static const char *const faults[] = {
    "catheter_occlusion", "catheter_kink",          "catheter_leak",         "catheter_fracture",
    "catheter_tip_mass",  "catheter_disconnection", "catheter_dislodgement", "catheter_migration"};

static size_t add_fault(char *text, size_t size, draw_t *d)
{
    static const char *const place[] = {"pocket", "subcutaneous", "epidural", "canal"};
    return (size_t)snprintf(
        text, size,
        "  - {at: %.6f day, order: fault, fault: %s, severity: %.3f, position: %.2f cm, growth: "
        "%.3f 1/year, lying: %.2f, place: %s}\n",
        draw_uniform(d) * 9.9, faults[(int)(draw_uniform(d) * 8.0)],
        draw_uniform(d) < 0.2 ? 0.0 : draw_uniform(d), draw_uniform(d) * 90.0,
        draw_uniform(d) * 50.0, draw_uniform(d), place[(int)(draw_uniform(d) * 4.0)]);
}

/* Exposures to what surrounds a pump anyway cut the time, and nothing else. */
static void same_however_cut(const char *events, double tolerance)
{
    static const enum fields_id field[] = {FIELD_LEDGER_LOST_UG, FIELD_LEDGER_CSF_UG,
                                           FIELD_LEDGER_TISSUE_UG, FIELD_LEDGER_RESERVOIR_UG,
                                           FIELD_PATIENTS_LUMBAR_NG_PER_ML};
    char text[2][4096];
    size_t used = (size_t)snprintf(text[0], sizeof text[0], "%sevents:\n%s", STUDY THERAPY, events);
    (void)memcpy(text[1], text[0], used + 1);
    for (int i = 0; i < 25; i++) {
        used +=
            (size_t)snprintf(text[1] + used, sizeof text[1] - used,
                             "  - {at: %.5f day, order: exposure, lasting: 3 h}\n", 0.1 + 0.39 * i);
    }
    fixture_life_t whole = fixture_lived(text[0]), cut = fixture_lived(text[1]);
    for (size_t i = 0; i < sizeof field / sizeof field[0]; i++) {
        const double a = of(&whole, field[i]), b = of(&cut, field[i]);
        cr_expect_float_eq(a, b, tolerance * fabs(a), "field %zu: %.17g and %.17g", i, a, b);
    }
    fixture_ended(&whole);
    fixture_ended(&cut);
}

Test(catheter, a_life_is_the_same_however_its_time_is_cut)
{
    same_however_cut(
        "  - {at: 2.3 day, order: fault, fault: catheter_leak, severity: 0.4, position: "
        "30 cm}\n"
        "  - {at: 4.7 day, order: fault, fault: catheter_occlusion, severity: 0.97, "
        "growth: 2 1/year}\n"
        "  - {at: 6.1 day, order: fault, fault: catheter_leak, severity: 0, position: "
        "30 cm}\n"
        "  - {at: 8.2 day, order: fault, fault: catheter_migration, position: -6 cm}\n",
        1e-11);
}

static size_t add_port(char *text, size_t size, draw_t *d)
{
    return (size_t)snprintf(text, size,
                            "  - {at: %.6f day, order: port, aspirate: %.3f mL, inject: %.3f mL, "
                            "injected: %.1f ug/mL}\n",
                            draw_uniform(d) * 9.9, draw_uniform(d), draw_uniform(d),
                            draw_uniform(d) < 0.5 ? 0.0 : 100.0 * draw_uniform(d));
}

/* Random faults over random programmes: each microgram is somewhere. */
Test(catheter, no_drug_is_lost_by_any_faults_under_any_programme)
{
    for (int seed = 0; seed < 24; seed++) {
        char text[8192];
        draw_t d;
        size_t used;
        draw_init(&d, (uint64_t)seed, DRAW_TEST, 2, 0, 0);
        used = (size_t)snprintf(
            text, sizeof text,
            "study: {name: t, patients: 1, horizon: 10 day, seed: %d}\n"
            "drugs:\n  - {name: a, concentration: 500 ug/mL}\n"
            "  - {name: b, concentration: 50 ug/mL}\n"
            "catheter: {tip: T10}\n%s"
            "therapy: {dose: %.2f ug/day, limits: {daily_dose: 5000 ug/day}}\nevents:\n"
            "  - {at: 3 day, order: bolus, amount: 40 ug}\n"
            "  - {at: 5.5 day, order: refill, volume: 15 mL, concentration: 1000 ug/mL}\n"
            "  - {at: 7.25 day, order: therapy, dose: %.2f ug/day}\n",
            seed, seed % 2 == 0 ? "" : NO_BODY, 100.0 + 400.0 * draw_uniform(&d),
            100.0 + 400.0 * draw_uniform(&d));
        for (int i = 0; i < 6; i++) {
            used += add_fault(text + used, sizeof text - used, &d);
            used += i % 3 == 0 ? add_port(text + used, sizeof text - used, &d) : 0u;
        }
        fixture_life_t l = fixture_lived(text);
        const double worst = of(&l, FIELD_PATIENTS_WORST_LEDGER_ERROR);
        cr_expect_lt(worst, 1e-12, "seed %d: %g of the drug is astray\n%s", seed, worst, text);
        fixture_ended(&l);
    }
}
