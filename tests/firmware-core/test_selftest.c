/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-SELFTEST: what is tested at every start and daily, and what comes of a failure. */
#include <criterion/criterion.h>

#include "dosing_crc.h"
#include "dosing_selftest.h"
#include "life_pump.h"

static uint64_t failed(void)
{
    return life_device(DOSING_DEVICE_AT_SELFTEST, 4u);
}

/* Pulses in the hour to come. */
static uint64_t pulses_of_an_hour(void)
{
    const uint64_t before = fake_pulses(&life_pump.hal);
    life_run(HOUR_MS);
    return fake_pulses(&life_pump.hal) - before;
}

/* REQ-SELFTEST-01: each known answer is looked at: with any of them changed the test fails. */
Test(selftest, looks_at_every_known_answer)
{
    const dosing_answers_t known = dosing_selftest_known;
    cr_expect_eq(dosing_selftest_answers(&known), 0u);
    dosing_answers_t k = known;
    k.crc ^= 1u;
    cr_expect_eq(dosing_selftest_answers(&k), DOSING_SELFTEST_CRC);
    uint64_t *words[] = {&k.a, &k.b, &k.product, &k.divisor, &k.quotient};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        for (int less = 0; less < 2; less++) {
            k = known;
            *words[i] += less != 0 ? UINT64_MAX : 1u;
            cr_expect_eq(dosing_selftest_answers(&k), DOSING_SELFTEST_ARITHMETIC, "word %zu", i);
        }
    }
}

/* REQ-SELFTEST-02: hours that do not add up to their sums stop dosing for good, within a day. */
Test(selftest, hours_that_do_not_add_up_stop_dosing)
{
    for (int which = 0; which < 5; which++) {
        life_start();
        life_run(5u * HOUR_MS);
        dosing_state_t *s = life_state();
        uint32_t *words[] = {&s->run.window_all, &s->run.window_now, &s->ring[1].all,
                             &s->ring[1].now, &s->ring[1].now};
        *words[which] += which < 4 ? 3u : 10000u;
        s->run.window_now += which < 4 ? 0u : 10000u; /* more under this programme than in all */
        dosing_crc_seal(&s->ring[1], sizeof s->ring[1]);
        life_seal();
        life_run(20u * HOUR_MS);
        cr_expect_eq(life_pump.status, DOSING_ERROR_STATE, "word %d", which);
        cr_expect_eq(pulses_of_an_hour(), 0u, "word %d", which);
        cr_expect_gt(life_pump.hal.tones_critical, 0u);
        cr_expect_eq(failed(), DOSING_SELFTEST_RING, "word %d", which);
        cr_expect(life_alarms() & DOSING_ALARM_MEMORY);
    }
}

/* Memory that flips in the middle of a start. */
static int32_t flipping_watchdog(void *context)
{
    (void)context;
    life_state()->run.window_all ^= 1u;
    return DOSING_HAL_OK;
}

/* REQ-SELFTEST-02: at a start too, and then nothing starts. */
Test(selftest, a_start_that_fails_doses_nothing)
{
    dosing_hal_t flipping = fake_hal;
    flipping.watchdog = flipping_watchdog;
    fake_init(&life_pump.hal);
    life_pump.hal.table = &flipping;
    fake_pump_start(&life_pump);
    cr_expect_eq(life_pump.status, DOSING_ERROR_STATE);
    cr_expect_gt(life_pump.hal.tones_critical, 0u);
    cr_expect_eq(fake_simple(&life_pump, 500000u, 150000u), DOSING_ERROR_STATE);
    cr_expect_eq(failed(), DOSING_SELFTEST_RING);
}

static void break_clock(void)
{
    life_pump.hal.second_fails = true;
}

static void stand_clock(void)
{
    fake_second(&life_pump.hal, 0u, 0u);
}

static void break_watchdog(void)
{
    life_pump.hal.watchdog_fails = true;
}

static void break_factory(void)
{
    life_pump.hal.factory_fails = true;
}

static void change_factory(void)
{
    life_pump.hal.factory.gap_ms = 400u; /* whole, in range, and another */
    fake_seal_factory(&life_pump.hal);
}

static void damage_factory(void)
{
    life_pump.hal.factory.gap_ms ^= 1u;
}

static void mend(void)
{
    life_pump.hal.second_fails = false;
    life_pump.hal.watchdog_fails = false;
    life_pump.hal.factory_fails = false;
    life_pump.hal.factory.gap_ms = 500u;
    fake_seal_factory(&life_pump.hal);
    fake_second(&life_pump.hal, 1000u, 0u);
}

/* REQ-SELFTEST-03: hardware that fails its test is told within a day, with a critical tone, stops nothing, and the alarm ends
 * with the first day on which all is well. */
Test(selftest, hardware_that_fails_is_told_and_therapy_goes_on)
{
    static const struct {
        void (*cause)(void);
        uint32_t bit;
    } rows[] = {
        {break_clock, DOSING_SELFTEST_CLOCK},       {stand_clock, DOSING_SELFTEST_CLOCK},
        {break_watchdog, DOSING_SELFTEST_WATCHDOG}, {break_factory, DOSING_SELFTEST_FACTORY},
        {change_factory, DOSING_SELFTEST_FACTORY},  {damage_factory, DOSING_SELFTEST_FACTORY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        life_start();
        life_run(30u * HOUR_MS);
        cr_expect_eq(failed(), 0u);
        rows[i].cause();
        life_run(2u * DAY_MS);
        cr_expect_eq(failed(), rows[i].bit, "row %zu", i);
        cr_expect(life_alarms() & DOSING_ALARM_SELFTEST, "row %zu", i);
        cr_expect_gt(life_pump.hal.tones_critical, 0u, "row %zu", i);
        cr_expect_geq(pulses_of_an_hour(), 40u, "row %zu", i);
        mend();
        life_run(2u * DAY_MS);
        cr_expect_eq(failed(), 0u, "row %zu", i);
        cr_expect_eq(life_alarms() & DOSING_ALARM_SELFTEST, 0u, "row %zu", i);
    }
}

/* REQ-SELFTEST-03: a start finds it, too. */
Test(selftest, a_start_finds_hardware_that_fails)
{
    fake_init(&life_pump.hal);
    break_watchdog();
    life_build();
    cr_expect_eq(failed(), DOSING_SELFTEST_WATCHDOG);
    cr_expect(life_alarms() & DOSING_ALARM_SELFTEST);
    cr_expect_geq(pulses_of_an_hour(), 40u);
}

/* REQ-SELFTEST-04: what fails twice and answers the third time has passed. */
Test(selftest, hardware_has_three_tries)
{
    for (uint32_t fails = 2u; fails <= 3u; fails++) {
        for (uint32_t at = 0; at < 3u; at++) {
            fake_init(&life_pump.hal);
            fake_pump_start(&life_pump);
            const uint64_t calls = life_pump.hal.calls; /* the last three are the self-test's */
            fake_init(&life_pump.hal);
            life_pump.hal.fail_from = calls - 3u + at;
            life_pump.hal.fail_count = fails;
            fake_pump_start(&life_pump);
            cr_expect_eq(life_state()->life.selftest != 0u, fails == 3u, "%u calls from %u", fails,
                         at);
        }
    }
}
