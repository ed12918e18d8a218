/* SPDX-License-Identifier: Apache-2.0 */
/* Cores of others: one that breaks its pump's limits ends its patient, one that asks for nonsense disturbs nobody. */
#include "tests/sim/cohort/foreign.h"

#include "dosing_frame.h"

#include <criterion/criterion.h>
#include <string.h>

#define DAY_MS UINT64_C(86400000)

static const char text[] = "study: {name: t, patients: 3, horizon: 3 day, seed: 7}\n"
                           "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                           "catheter: {tip: T10}\ntherapy: {mode: simple, dose: 300 ug/day}\n";

/* ---- limits ---- */

static uint64_t hurried_ms; /* on the pump's clock */

/* A second day at ten pulses a second: nine times the fastest that this pump may run. */
static dosing_status_t hurry(const dosing_hal_t *hal, void *context)
{
    uint64_t now_ms = 0;
    if (hal->clock_ms(context, &now_ms) == DOSING_HAL_OK && now_ms >= DAY_MS && hurried_ms == 0) {
        hurried_ms = now_ms;
        (void)hal->train_stop(context);
        cr_expect_eq(hal->motor_arm(context, 64, 100), DOSING_HAL_OK);
        cr_expect_eq(hal->train_start(context, 64, 100), DOSING_HAL_FAILED);
    }
    return DOSING_OK;
}

Test(foreign, a_core_faster_than_its_pump_ends_with_its_patient_and_time)
{
    record_t r;
    error_t e = {0};
    cr_assert_eq(foreign_run(foreign_core(NULL, hurry), text, &r, &e), ERROR_INVARIANT, "%s",
                 e.text);
    cr_assert_geq(hurried_ms, DAY_MS);
    cr_expect_eq(e.patient, 3);
    /* The pump's clock is up to 1000 ppm off. */
    cr_expect_float_eq((double)e.time_ms, (double)hurried_ms, 1e-3 * (double)hurried_ms,
                       "at %lld ms, not %llu", (long long)e.time_ms,
                       (unsigned long long)hurried_ms);
    record_free(&r);
}

/* ---- nonsense ---- */

static int asked;

/* Everything out of range that a core can ask for, and the shortest nonce of the contract. */
static dosing_status_t ask_nonsense(const dosing_hal_t *hal, void *context)
{
    uint8_t bytes[DOSING_FRAME_BYTES_MAX + 1] = {0}, tag[DOSING_FRAME_TAG_BYTES];
    asked++;
    cr_expect_eq(hal->nonce(context, bytes, 8), DOSING_HAL_OK);
    cr_expect_eq(hal->nonce(context, bytes, 1), DOSING_HAL_OK);
    cr_expect_eq(hal->nonce(context, bytes, 0), DOSING_HAL_RANGE);
    cr_expect_eq(hal->nonce(context, bytes, 33), DOSING_HAL_RANGE);
    cr_expect_eq(hal->tone(context, 77), DOSING_HAL_RANGE);
    cr_expect_eq(hal->transmit(context, bytes, sizeof bytes), DOSING_HAL_RANGE);
    cr_expect_eq(hal->authenticate(context, 99, bytes, 8, tag), DOSING_HAL_RANGE);
    cr_expect_lt(hal->motor_arm(context, 65, 1000), 0);
    cr_expect_lt(hal->train_start(context, UINT32_MAX, UINT32_MAX), 0);
    cr_expect_lt(hal->train_start(context, 0, 0), 0);
    cr_expect_eq(hal->store_read(context, UINT32_MAX, bytes, 8), DOSING_HAL_RANGE);
    cr_expect_eq(hal->store_write(context, UINT32_MAX, bytes, 8), DOSING_HAL_RANGE);
    cr_expect_eq(hal->store_erase(context, UINT32_MAX), DOSING_HAL_RANGE);
    return DOSING_OK;
}

Test(foreign, nonsense_is_refused_and_the_patient_lives_as_without_it)
{
    record_t plain, odd;
    error_t e = {0};
    size_t plain_size = 0, odd_size = 0;
    cr_assert_eq(foreign_run(foreign_core(NULL, NULL), text, &plain, &e), FIELDS_STOP_HORIZON, "%s",
                 e.text);
    cr_assert_eq(foreign_run(foreign_core(ask_nonsense, ask_nonsense), text, &odd, &e),
                 FIELDS_STOP_HORIZON, "%s", e.text);
    cr_assert_gt(asked, 10);
    cr_assert_eq(record_finish(&plain, &e), 0, "%s", e.text);
    cr_assert_eq(record_finish(&odd, &e), 0, "%s", e.text);
    const uint8_t *a = record_frame(&plain, &plain_size), *b = record_frame(&odd, &odd_size);
    cr_expect(plain_size == odd_size && memcmp(a, b, plain_size) == 0, "the records differ");
    record_free(&plain);
    record_free(&odd);
}
