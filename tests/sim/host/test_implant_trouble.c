/* SPDX-License-Identifier: Apache-2.0 */
/* Trouble between core and hardware: what fails, lies, tears, rots, wears and flips, and what is left alone. */
#include "host/implant_trouble.h"

#include "host/implant.h"
#include "host/implant_trouble_hal.h"
#include "tests/sim/host/usual.h"

#include <criterion/criterion.h>
#include <string.h>

static implant_t im;
static const dosing_hal_t *hal;
static error_t e;
static draw_t draw;

static void begin(void)
{
    static const core_t *core;
    static core_t builtin;
    implant_param_t p = usual_implant();
    const implant_sinks_t sinks = {0};
    builtin = core_builtin();
    core = &builtin;
    p.troubled = true;
    cr_assert_eq(implant_init(&im, &p, core, &sinks, &e), 0, "%s", e.text);
    cr_assert_eq(implant_wake(&im, &e), 0, "%s", e.text);
    hal = implant_trouble_hal_table();
    cr_assert_eq(recorder_hal(&im.recorder), hal);
    draw_init(&draw, 1, DRAW_FLIP, 1, 0, 1);
}

static void end(void)
{
    implant_free(&im);
}

TestSuite(implant_trouble, .init = begin, .fini = end);

static implant_upset_t failing(uint64_t after, uint64_t calls, int32_t result)
{
    return (implant_upset_t){after, calls, INT64_MAX, result, 0.0};
}

static implant_upset_t lying(double value)
{
    return (implant_upset_t){0, 1, INT64_MAX, DOSING_HAL_OK, value};
}

static void lie(recorder_call_id_t call, double value)
{
    const implant_upset_t u = lying(value);
    implant_trouble_upset(&im, call, &u);
}

Test(implant_trouble, calls_fail_after_some_and_for_some)
{
    const implant_upset_t u = failing(1, 2, DOSING_HAL_BUSY);
    static const int32_t expected[] = {DOSING_HAL_OK, DOSING_HAL_BUSY, DOSING_HAL_BUSY,
                                       DOSING_HAL_OK};
    uint64_t ms;
    implant_trouble_upset(&im, RECORDER_CLOCK, &u);
    for (size_t i = 0; i < 4; i++) {
        cr_expect_eq(hal->clock_ms(&im, &ms), expected[i], "call %zu", i);
        cr_expect_eq(hal->second_clock_ms(&im, &ms), DOSING_HAL_OK, "another call, %zu", i);
    }
}

Test(implant_trouble, calls_fail_until_a_time)
{
    implant_upset_t u = failing(0, UINT64_MAX, DOSING_HAL_FAILED);
    uint64_t ms;
    u.until_ms = im.pump.now_ms + 1000;
    implant_trouble_upset(&im, RECORDER_CLOCK, &u);
    cr_expect_eq(hal->clock_ms(&im, &ms), DOSING_HAL_FAILED);
    cr_assert_eq(implant_advance(&im, u.until_ms, &e), 0, "%s", e.text);
    cr_expect_eq(hal->clock_ms(&im, &ms), DOSING_HAL_OK);
}

Test(implant_trouble, every_call_can_fail)
{
    uint8_t bytes[64] = {0};
    dosing_store_geometry_t geometry;
    dosing_factory_t factory;
    uint64_t u64;
    uint32_t a, b;
    int32_t i32;
    for (int call = RECORDER_CLOCK; call <= RECORDER_PAIR; call++) {
        const implant_upset_t u = failing(0, 1, DOSING_HAL_RANGE);
        implant_trouble_upset(&im, (recorder_call_id_t)call, &u);
    }
    const int32_t answers[] = {hal->clock_ms(&im, &u64),
                               hal->second_clock_ms(&im, &u64),
                               hal->reset_cause(&im, &a),
                               hal->factory_read(&im, &factory),
                               hal->motor_arm(&im, 1, 1000),
                               hal->train_start(&im, 1, 1000),
                               hal->train_stop(&im),
                               hal->train_status(&im, &a, &b),
                               hal->step_confirm(&im, &a),
                               hal->rotor_index(&im, &a),
                               hal->battery_idle_mv(&im, &a),
                               hal->battery_loaded_mv(&im, &a),
                               hal->temperature_mdegc(&im, &i32),
                               hal->tone(&im, DOSING_TONE_ADVISORY),
                               hal->store_geometry(&im, &geometry),
                               hal->store_read(&im, 0, bytes, 8),
                               hal->store_write(&im, 65528, bytes, 8),
                               hal->store_erase(&im, 7),
                               hal->transmit(&im, bytes, 8),
                               hal->nonce(&im, bytes, 16),
                               hal->authenticate(&im, 1, bytes, 8, bytes + 8),
                               hal->watchdog(&im),
                               hal->pair(&im, 2, bytes)};
    cr_assert_eq(sizeof answers / sizeof answers[0], (size_t)RECORDER_PAIR);
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        cr_expect_eq(answers[i], DOSING_HAL_RANGE, "%s",
                     recorder_name((recorder_call_id_t)(i + 1)));
        cr_expect_eq(im.trouble.upset[i + 1].calls, 0u, "%s was asked twice",
                     recorder_name((recorder_call_id_t)(i + 1)));
    }
}

Test(implant_trouble, a_start_that_fails_drops_its_arm)
{
    const implant_upset_t u = failing(0, 1, DOSING_HAL_FAILED);
    cr_assert_eq(hal->motor_arm(&im, 2, 1000), DOSING_HAL_OK);
    implant_trouble_upset(&im, RECORDER_TRAIN_START, &u);
    cr_expect_eq(hal->train_start(&im, 2, 1000), DOSING_HAL_FAILED);
    cr_expect_eq(hal->train_start(&im, 2, 1000), DOSING_HAL_NOT_ARMED);
}

Test(implant_trouble, readings_lie_by_the_number_given)
{
    uint32_t a, b;
    uint64_t ms;
    int32_t mdegc;
    lie(RECORDER_TRAIN_STATUS, 65.0);
    cr_assert_eq(hal->train_status(&im, &a, &b), DOSING_HAL_OK);
    cr_expect_eq(a, 65u);
    cr_expect_eq(b, 0u);
    lie(RECORDER_BATTERY_LOADED, 4294967295.0);
    cr_assert_eq(hal->battery_loaded_mv(&im, &a), DOSING_HAL_OK);
    cr_expect_eq(a, UINT32_MAX);
    lie(RECORDER_TEMPERATURE, -40001.0);
    cr_assert_eq(hal->temperature_mdegc(&im, &mdegc), DOSING_HAL_OK);
    cr_expect_eq(mdegc, -40001);
    dosing_store_geometry_t geometry;
    lie(RECORDER_STORE_GEOMETRY, 3.0);
    cr_assert_eq(hal->store_geometry(&im, &geometry), DOSING_HAL_OK);
    cr_expect_eq(geometry.sectors, 3u);
    cr_expect_eq(geometry.sector_bytes, IMPLANT_STORE_SECTOR_BYTES);
    lie(RECORDER_SECOND_CLOCK, 12345.0);
    cr_assert_eq(hal->second_clock_ms(&im, &ms), DOSING_HAL_OK);
    cr_expect_eq(ms, 12345u);
    cr_assert_eq(hal->second_clock_ms(&im, &ms), DOSING_HAL_OK);
    cr_expect_eq(ms, 0u, "once, as ordered");
}

Test(implant_trouble, bytes_lie_by_one_of_them)
{
    dosing_factory_t good, bad;
    uint8_t right[16], wrong[16];
    cr_assert_eq(hal->factory_read(&im, &good), DOSING_HAL_OK);
    lie(RECORDER_FACTORY_READ, 5.0);
    cr_assert_eq(hal->factory_read(&im, &bad), DOSING_HAL_OK);
    ((uint8_t *)&bad)[5] ^= 0xFFu;
    cr_expect_eq(memcmp(&good, &bad, sizeof good), 0);
    cr_assert_eq(hal->authenticate(&im, 1, (const uint8_t[]){1}, 1, right), DOSING_HAL_OK);
    lie(RECORDER_AUTHENTICATE, 3.0);
    cr_assert_eq(hal->authenticate(&im, 1, (const uint8_t[]){1}, 1, wrong), DOSING_HAL_OK);
    wrong[3] ^= 0xFFu;
    cr_expect_eq(memcmp(wrong, right, 16), 0);
    lie(RECORDER_NONCE, 7.0);
    cr_assert_eq(hal->nonce(&im, wrong, 16), DOSING_HAL_OK);
    for (size_t i = 0; i < 16; i++) {
        cr_expect_eq(wrong[i], 7u);
    }
    lie(RECORDER_STORE_READ, 16.0);
    cr_assert_eq(hal->store_read(&im, 0, right, 16), DOSING_HAL_OK);
    cr_expect_eq(memcmp(right, im.store, 16), 0, "there is no byte 16");
    lie(RECORDER_STORE_READ, 15.0);
    cr_assert_eq(hal->store_read(&im, 0, right, 16), DOSING_HAL_OK);
    cr_expect_eq(right[15], im.store[15] ^ 0xFFu);
}

Test(implant_trouble, acts_that_lie_are_not_done)
{
    uint8_t bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    lie(RECORDER_STORE_WRITE, 0.0);
    cr_expect_eq(hal->store_write(&im, 65528, bytes, 8), DOSING_HAL_OK);
    cr_expect_eq(im.store[65528], IMPLANT_STORE_ERASED);
    cr_assert_eq(hal->motor_arm(&im, 2, 1000), DOSING_HAL_OK);
    lie(RECORDER_TRAIN_START, 0.0);
    cr_expect_eq(hal->train_start(&im, 2, 1000), DOSING_HAL_OK);
    cr_assert_eq(implant_advance(&im, im.pump.now_ms + 5000, &e), 0, "%s", e.text);
    cr_expect_eq(implant_pulses_commanded(&im), 0);
}

Test(implant_trouble, a_torn_write_leaves_whole_units_and_no_power)
{
    uint8_t bytes[32] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    implant_trouble_tear(&im, 1, 0.6);
    cr_expect_eq(hal->store_write(&im, 65472, bytes, 32), DOSING_HAL_OK);
    cr_expect_eq(hal->store_write(&im, 65504, bytes, 32), DOSING_HAL_FAILED);
    cr_expect_eq(memcmp(im.store + 65504, bytes, 16), 0, "0.6 of four units are two");
    cr_expect_eq(im.store[65504 + 16], IMPLANT_STORE_ERASED);
    cr_expect_eq(hal->store_write(&im, 65504, bytes, 32), DOSING_HAL_FAILED, "without power");
    cr_expect_eq(im.power.dark, true);
    cr_assert_eq(implant_wake(&im, &e), 0, "%s", e.text);
    cr_expect_eq(im.power.cause, DOSING_RESET_BROWN_OUT);
}

static uint32_t bits_apart(const uint8_t *a, const uint8_t *b, size_t size)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < size; i++) {
        bits += (uint32_t)__builtin_popcount((unsigned)(a[i] ^ b[i]));
    }
    return bits;
}

Test(implant_trouble, a_write_that_rots_has_one_wrong_bit)
{
    uint8_t bytes[32] = {0};
    implant_trouble_rot(&im, 1, 1, &draw);
    for (uint32_t i = 0; i < 3; i++) {
        const uint32_t at = 65536u - 32u * (i + 1u);
        cr_assert_eq(hal->store_write(&im, at, bytes, 32), DOSING_HAL_OK);
        cr_expect_eq(bits_apart(im.store + at, bytes, 32), i == 1u ? 1u : 0u, "write %u", i);
    }
}

Test(implant_trouble, worn_sectors_take_nothing_until_they_do)
{
    uint8_t bytes[8] = {0};
    implant_trouble_wear(&im, (implant_span_t){49152, 8193}, true);
    cr_expect_eq(im.trouble.worn, 0xC0u, "the sixth and the seventh, from 0");
    cr_expect_eq(hal->store_write(&im, 49152, bytes, 8), DOSING_HAL_FAILED);
    cr_expect_eq(hal->store_erase(&im, 7), DOSING_HAL_FAILED);
    cr_expect_eq(hal->store_erase(&im, 5), DOSING_HAL_OK);
    implant_trouble_wear(&im, (implant_span_t){49152, 1}, false);
    cr_expect_eq(hal->store_erase(&im, 6), DOSING_HAL_OK);
    cr_expect_eq(hal->store_write(&im, 49152, bytes, 8), DOSING_HAL_OK);
    cr_expect_eq(hal->store_erase(&im, 7), DOSING_HAL_FAILED);
}

Test(implant_trouble, a_store_flips_where_it_is_written_and_in_the_span)
{
    static uint8_t before[IMPLANT_STORE_BYTES];
    uint8_t bytes[16] = {0};
    cr_assert_eq(hal->store_write(&im, 65520, bytes, 16), DOSING_HAL_OK);
    memcpy(before, im.store, sizeof before);
    implant_trouble_flip_store(&im, (implant_span_t){65528, 65536}, 3, &draw);
    cr_expect_eq(bits_apart(before, im.store, 65528), 0u);
    cr_expect_eq(bits_apart(before + 65528, im.store + 65528, 8), 3u);
    memcpy(before, im.store, sizeof before);
    implant_trouble_flip_store(&im, (implant_span_t){65504, 16}, 3, &draw);
    cr_expect_eq(bits_apart(before, im.store, sizeof before), 0u, "nothing is written there");
    implant_trouble_flip_store(&im, (implant_span_t){65528, 4}, 1000, &draw);
    cr_expect_eq(bits_apart(before + 65528, im.store + 65528, 4), 32u, "all that there are");
}

/* The core's port stands in its state three times. */
Test(implant_trouble, memory_flips_but_for_the_addresses_of_the_port)
{
    static uint8_t before[DOSING_STATE_BYTES_MAX];
    const uint32_t size = im.core->entry->state_size;
    error_t wrong = {0};
    memcpy(before, (void *)im.state, size);
    cr_assert_eq(implant_trouble_flip_memory(&im, (implant_span_t){0, 65536}, 9, &draw, &e), 0);
    cr_expect_eq(bits_apart(before, (uint8_t *)im.state, size), 9u);
    memcpy((void *)im.state, before, size);
    cr_assert_eq(implant_trouble_flip_memory(&im, (implant_span_t){0, 65536}, 65536, &draw, &e), 0);
    cr_expect_eq(bits_apart(before, (uint8_t *)im.state, size), 8u * (size - 48u));
    cr_expect_eq(implant_trouble_flip_memory(&im, (implant_span_t){size, 1}, 1, &draw, &wrong),
                 ERROR_ARGUMENT);
    cr_expect_not_null(strstr(wrong.text, "ends at byte"), "%s", wrong.text);
}

/* Whoever listens counts as nobody. */
Test(implant_trouble, records_are_timed_by_a_clock_that_is_not_upset)
{
    const implant_upset_t u = failing(0, 1, DOSING_HAL_FAILED);
    implant_trouble_upset(&im, RECORDER_CLOCK, &u);
    cr_expect_neq(im.recorder.clock, im.recorder.inner);
    cr_expect_eq(im.recorder.clock->clock_ms(&im, &(uint64_t){0}), DOSING_HAL_OK);
    cr_expect_eq(im.trouble.upset[RECORDER_CLOCK].calls, 1u);
}
