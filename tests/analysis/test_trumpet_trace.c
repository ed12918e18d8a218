/* SPDX-License-Identifier: Apache-2.0 */
/* The trumpet curve of a trace whose pulses are known. */
#include "summary/trumpet_trace.h"

#include <criterion/criterion.h>
#include <math.h>

#include "small.h"

#define PULSES 20000
#define PERIOD_MS INT64_C(72000)

/* A pulse of the nominal volume each 72 s: patients/volume_commanded_ml is 1 mL and pulses_commanded 4, so 250 uL. */
static void put_train(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    (void)key;
    for (int64_t i = 0; i < PULSES; i++) {
        record_row(r, TABLE_PULSES);
        record_put_i64(r, FIELD_PULSES_TIME_MS, i * PERIOD_MS);
        record_put_f64(r, FIELD_PULSES_VOLUME_UL, 250.0);
    }
}

Test(trumpet_trace, of_a_periodic_train_is_its_closed_form)
{
    reader_t *reader = small_dataset(1, 1, 1, put_train);
    trumpet_trace_t t;
    error_t e = {0};
    cr_assert_eq(trumpet_trace_compute(&t, reader, &e), 0, "%s", e.text);
    cr_expect_eq(t.pulses, PULSES);
    cr_expect_float_eq(t.period_s, 72.0, 1e-9);
    cr_expect_float_eq(t.rate_ml_per_day, 300.0, 1e-6);
    for (size_t i = 0; i < TRUMPET_TRACE_WINDOWS; i++) {
        const double m = t.window[i].window / (double)PERIOD_MS;
        cr_expect_float_eq(t.window[i].highest, 100.0 / m, 1e-6, "%g periods", m);
        cr_expect_float_eq(t.window[i].lowest, -100.0 / m, 1e-6, "%g periods", m);
    }
    reader_close(&reader);
}

static void put_none(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    (void)r;
    (void)key;
}

Test(trumpet_trace, of_a_dataset_without_pulses_is_empty)
{
    reader_t *reader = small_dataset(1, 1, 0, put_none);
    trumpet_trace_t t;
    error_t e = {0};
    cr_assert_eq(trumpet_trace_compute(&t, reader, &e), 0, "%s", e.text);
    cr_expect_eq(t.pulses, 0);
    reader_close(&reader);
}
