/* SPDX-License-Identifier: Apache-2.0 */
/* Generations and lots of pumps, as configs/devices has them. */
#include "tests/sim/cohort/fixture.h"

#include "device/battery.h"
#include "device/wear.h"
#include "draw.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define UNITS 100000

static study_pump_t pump(const char *device)
{
    char text[512];
    error_t e = {0};
    diagnostic_t found;
    study_t s;
    (void)snprintf(text, sizeof text,
                   "study: {name: t, patients: 1, horizon: 1 day}\ncatheter: {tip: T10}\n"
                   "drugs:\n  - {name: baclofen, concentration: 2000 ug/mL}\n"
                   "therapy: {dose: 600 ug/day}\npump: {include: devices/%s.yaml}\n",
                   device);
    const study_source_t source = {
        .name = "t", .text = text, .length = strlen(text), .path = "configs/t.yaml"};
    diagnostic_init(&found);
    cr_assert_eq(study_parse(&s, &source, &found, &e), 0, "%s: %s", device, e.text);
    diagnostic_free(&found);
    const study_pump_t p = s.pump;
    study_free(&s);
    return p;
}

static wear_param_t wear(const char *device)
{
    return pump(device).wear;
}

Test(devices, each_generation_mends_what_was_published_of_it)
{
    const wear_param_t before = wear("peristaltic-20ml"), of_2016 = wear("peristaltic-20ml-2016"),
                       of_2017 = wear("peristaltic-20ml-2017");
    cr_expect_eq(before.short_factor, 1.0);
    cr_expect_eq(of_2016.short_factor, 0.35);
    cr_expect_eq(of_2016.gear_factor, 0.39);
    cr_expect_eq(of_2016.shaft_factor, 1.0);
    cr_expect_eq(of_2017.shaft_factor, 0.31);
    cr_expect_eq(of_2017.short_factor, of_2016.short_factor);
    cr_expect_eq(of_2017.gear_factor, of_2016.gear_factor);
    cr_expect_eq(pump("peristaltic-40ml-2017").reservoir.capacity_ml, 40.0);
    cr_expect_eq(wear("peristaltic-40ml-2017").shaft_factor, 0.31);
}

/* 6 in 11,299: of 100,000 drawn, 53 with a standard deviation of 7. */
Test(devices, a_particle_is_in_as_many_pumps_of_its_lot_as_were_found)
{
    const wear_param_t lot = wear("peristaltic-20ml-particle-lot");
    int with = 0;
    draw_t d;
    draw_init(&d, 1, DRAW_MOTOR_UNIT, 0, 0, 0);
    for (int i = 0; i < UNITS; i++) {
        wear_param_t unit = lot;
        wear_param_draw(&unit, &d);
        with += unit.particle_share > 0.0;
    }
    cr_expect(with > 53 - 29 && with < 53 + 29, "%d of %d", with, UNITS);
    cr_expect_eq(wear("peristaltic-20ml").particle_share, 0.0);
}

/* Of the lot 3.45 % have the fault, of all others 0.14 %. */
Test(devices, a_film_is_in_more_cells_of_its_lot)
{
    const battery_param_t lot = pump("peristaltic-20ml-film-lot").battery;
    int with = 0;
    draw_t d;
    draw_init(&d, 1, DRAW_BATTERY, 0, 0, 0);
    for (int i = 0; i < UNITS; i++) {
        battery_param_t cell = lot;
        battery_param_draw(&cell, &d);
        with += cell.film_ohm > 40.0; /* ten times a sound one's */
    }
    cr_expect(with > 3000 && with < 3700, "%d of %d", with, UNITS);
    cr_expect_eq(pump("peristaltic-20ml").battery.film_fault_share, 0.0014);
}
