/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-MODE: the mode table, row by row, as the pump obeys it. */
#include <criterion/criterion.h>
#include <string.h>

#include "dosing_mode.h"
#include "fake_image.h"

#define HOUR_MS UINT64_C(3600000)
#define DAY_MS UINT64_C(86400000)

static fake_pump_t pump;

static void run(uint64_t ms)
{
    fake_pump_run(&pump, pump.hal.now_ms + ms);
}

static uint64_t delivery(void)
{
    return fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u);
}

static uint32_t tubing(void)
{
    return pump.hal.factory.tubing_nl;
}

/* Everything that may be asked for: a timed bolus at 2:00, patient boluses, an hour's lockout. It is 1:00 on Monday. */
static void image_of(uint8_t *image, uint32_t concentration)
{
    memset(image, 0, DOSING_IMAGE_BYTES_MAX);
    fake_programme(image, concentration, 150000u);
    image_timed(image, IMAGE_DAILY, 120u, 3000000u, 5000u);
    image_patient(image, 2500u, 1800000u, 3600000u, 3600000u, 1u, 20u);
}

/* Brings the pump to deliver `kind`, 5 minutes before 2:00 but for the timed bolus, which begins then. */
static void begin(uint32_t kind)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_set_time(&pump, (uint32_t)HOUR_MS), DOSING_OK);
    image_of(image, 500000u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    run(55u * 60000u);
    switch (kind) {
    case DOSING_DELIVERY_OFF:
        cr_assert_eq(fake_stop(&pump), DOSING_OK);
        break;
    case DOSING_DELIVERY_MINIMUM:
        memset(image, 0, sizeof image);
        fake_programme(image, 500000u, 0u);
        image[DOSING_PROGRAMME_AT_MODE] = DOSING_MODE_MINIMUM;
        cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
        break;
    case DOSING_DELIVERY_BRIDGE:
        image_of(image, 1000000u);
        fake_put(image + DOSING_PROGRAMME_AT_BRIDGE, 400000u, 4u);
        cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
        break;
    case DOSING_DELIVERY_BOLUS:
        cr_assert_eq(fake_bolus(&pump, 10000u, 3600000u), DOSING_OK);
        break;
    case DOSING_DELIVERY_TIMED:
        run(5u * 60000u);
        break;
    case DOSING_DELIVERY_PATIENT:
        cr_assert_eq(fake_request(&pump), DOSING_OK);
        break;
    case DOSING_DELIVERY_PRIME:
        cr_assert_eq(fake_prime(&pump, tubing(), 900000u, 1u), DOSING_OK);
        break;
    default:
        break;
    }
    cr_assert_eq(delivery(), kind);
}

/* Makes the request; a timed bolus falls due by itself. */
static dosing_status_t request(dosing_request_t what)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    switch (what) {
    case DOSING_REQUEST_COMMIT:
        memset(image, 0, sizeof image);
        fake_programme(image, 500000u, 200000u);
        return fake_commit(&pump, image);
    case DOSING_REQUEST_STOP:
        return fake_stop(&pump);
    case DOSING_REQUEST_BOLUS:
        return fake_bolus(&pump, 5000u, 600000u);
    case DOSING_REQUEST_TIMED:
        run(5u * 60000u);
        return DOSING_OK;
    case DOSING_REQUEST_PATIENT:
        return fake_request(&pump);
    case DOSING_REQUEST_PRIME:
        return fake_prime(&pump, tubing(), 100000u, 2u);
    case DOSING_REQUEST_REFILL:
        return fake_refill(&pump, 19000000u);
    case DOSING_REQUEST_TIME:
        return fake_set_time(&pump, (uint32_t)(HOUR_MS + 50u * 60000u));
    case DOSING_REQUEST_STALL:
        fake_stall(&pump.hal, true);
        run(60000u);
        return DOSING_OK;
    case DOSING_REQUEST_ALARM:
        return fake_refill(&pump, 900000u);
    case DOSING_REQUEST_BRIDGE:
    case DOSING_REQUEST_RESET:
    case DOSING_REQUESTS:
        break;
    }
    return DOSING_OK;
}

typedef struct row_t {
    uint32_t delivery;
    dosing_request_t request;
    dosing_status_t status;
    uint32_t then; /* delivery after the request */
} row_t;

#define OK DOSING_OK
#define BUSY DOSING_REFUSED_BUSY
#define NOT_NOW DOSING_REFUSED_NOT_NOW
#define LOCKOUT DOSING_REFUSED_LOCKOUT
#define D(name) DOSING_DELIVERY_##name
#define R(name) DOSING_REQUEST_##name
static const row_t rows[] = {
    {D(OFF), R(COMMIT), OK, D(BASAL)},
    {D(OFF), R(STOP), OK, D(OFF)},
    {D(OFF), R(BOLUS), OK, D(BOLUS)},
    {D(OFF), R(TIMED), OK, D(OFF)},
    {D(OFF), R(PATIENT), NOT_NOW, D(OFF)},
    {D(OFF), R(PRIME), OK, D(PRIME)},
    {D(OFF), R(REFILL), OK, D(OFF)},
    {D(OFF), R(TIME), OK, D(OFF)},
    {D(OFF), R(ALARM), OK, D(OFF)},
    {D(OFF), R(STALL), OK, D(OFF)},
    {D(MINIMUM), R(COMMIT), OK, D(BASAL)},
    {D(MINIMUM), R(STOP), OK, D(OFF)},
    {D(MINIMUM), R(BOLUS), NOT_NOW, D(MINIMUM)},
    {D(MINIMUM), R(TIMED), OK, D(MINIMUM)},
    {D(MINIMUM), R(PATIENT), NOT_NOW, D(MINIMUM)},
    {D(MINIMUM), R(PRIME), OK, D(PRIME)},
    {D(MINIMUM), R(REFILL), OK, D(MINIMUM)},
    {D(MINIMUM), R(TIME), OK, D(MINIMUM)},
    {D(MINIMUM), R(ALARM), OK, D(MINIMUM)},
    {D(MINIMUM), R(STALL), OK, D(MINIMUM)},
    {D(BASAL), R(COMMIT), OK, D(BASAL)},
    {D(BASAL), R(STOP), OK, D(OFF)},
    {D(BASAL), R(BOLUS), OK, D(BOLUS)},
    {D(BASAL), R(TIMED), OK, D(TIMED)},
    {D(BASAL), R(PATIENT), OK, D(PATIENT)},
    {D(BASAL), R(PRIME), OK, D(PRIME)},
    {D(BASAL), R(REFILL), OK, D(BASAL)},
    {D(BASAL), R(TIME), OK, D(BASAL)},
    {D(BASAL), R(ALARM), OK, D(BASAL)},
    {D(BASAL), R(STALL), OK, D(BASAL)},
    {D(BRIDGE), R(COMMIT), DOSING_REFUSED_CHANGE, D(BRIDGE)},
    {D(BRIDGE), R(STOP), OK, D(OFF)},
    {D(BRIDGE), R(BOLUS), OK, D(BOLUS)},
    {D(BRIDGE), R(TIMED), OK, D(TIMED)},
    {D(BRIDGE), R(PATIENT), OK, D(PATIENT)},
    {D(BRIDGE), R(PRIME), OK, D(PRIME)},
    {D(BRIDGE), R(REFILL), OK, D(BRIDGE)},
    {D(BRIDGE), R(TIME), OK, D(BRIDGE)},
    {D(BRIDGE), R(ALARM), OK, D(BRIDGE)},
    {D(BRIDGE), R(STALL), OK, D(BRIDGE)},
    {D(BOLUS), R(COMMIT), OK, D(BASAL)},
    {D(BOLUS), R(STOP), OK, D(OFF)},
    {D(BOLUS), R(BOLUS), BUSY, D(BOLUS)},
    {D(BOLUS), R(TIMED), OK, D(BOLUS)},
    {D(BOLUS), R(PATIENT), OK, D(PATIENT)},
    {D(BOLUS), R(PRIME), BUSY, D(BOLUS)},
    {D(BOLUS), R(REFILL), OK, D(BOLUS)},
    {D(BOLUS), R(TIME), OK, D(BOLUS)},
    {D(BOLUS), R(ALARM), OK, D(BASAL)},
    {D(BOLUS), R(STALL), OK, D(BOLUS)},
    {D(TIMED), R(COMMIT), OK, D(BASAL)},
    {D(TIMED), R(STOP), OK, D(OFF)},
    {D(TIMED), R(BOLUS), BUSY, D(TIMED)},
    {D(TIMED), R(PATIENT), OK, D(PATIENT)},
    {D(TIMED), R(PRIME), BUSY, D(TIMED)},
    {D(TIMED), R(REFILL), OK, D(TIMED)},
    {D(TIMED), R(TIME), OK, D(TIMED)},
    {D(TIMED), R(ALARM), OK, D(BASAL)},
    {D(TIMED), R(STALL), OK, D(TIMED)},
    {D(PATIENT), R(COMMIT), OK, D(BASAL)},
    {D(PATIENT), R(STOP), OK, D(OFF)},
    {D(PATIENT), R(BOLUS), BUSY, D(PATIENT)},
    {D(PATIENT), R(TIMED), OK, D(PATIENT)},
    {D(PATIENT), R(PATIENT), LOCKOUT, D(PATIENT)},
    {D(PATIENT), R(PRIME), BUSY, D(PATIENT)},
    {D(PATIENT), R(REFILL), OK, D(PATIENT)},
    {D(PATIENT), R(TIME), OK, D(PATIENT)},
    {D(PATIENT), R(ALARM), OK, D(BASAL)},
    {D(PATIENT), R(STALL), OK, D(PATIENT)},
    {D(PRIME), R(COMMIT), OK, D(BASAL)},
    {D(PRIME), R(STOP), OK, D(OFF)},
    {D(PRIME), R(BOLUS), BUSY, D(PRIME)},
    {D(PRIME), R(TIMED), OK, D(PRIME)},
    {D(PRIME), R(PATIENT), BUSY, D(PRIME)},
    {D(PRIME), R(PRIME), BUSY, D(PRIME)},
    {D(PRIME), R(REFILL), OK, D(PRIME)},
    {D(PRIME), R(TIME), OK, D(PRIME)},
    {D(PRIME), R(ALARM), OK, D(BASAL)},
    {D(PRIME), R(STALL), OK, D(PRIME)},
};

/* REQ-MODE-01 */
Test(mode, every_request_does_to_every_delivery_what_the_table_says)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const row_t *row = &rows[i];
        begin(row->delivery);
        const dosing_status_t status = request(row->request);
        cr_expect_eq(status, row->status, "row %zu: delivery %u request %d: status %d", i,
                     row->delivery, row->request, status);
        const uint64_t then = delivery();
        cr_expect_eq(then, row->then, "row %zu: delivery %u request %d: then %llu, not %u", i,
                     row->delivery, row->request, (unsigned long long)then, row->then);
        const dosing_answer_t answer = dosing_mode_answer(row->delivery, row->request);
        if (row->request != DOSING_REQUEST_TIMED && status != DOSING_REFUSED_LOCKOUT &&
            status != DOSING_REFUSED_CHANGE) {
            cr_expect_eq(dosing_mode_status(answer), status, "row %zu: the table says otherwise",
                         i);
        }
        cr_expect_eq(pump.status, DOSING_OK);
        cr_expect_str_empty(pump.hal.violation);
    }
}

/* REQ-MODE-02: nothing is left out, and what no row knows refuses most. */
Test(mode, the_table_is_total)
{
    for (uint32_t d = 0; d < DOSING_DELIVERIES; d++) {
        for (uint32_t r = 0; r < DOSING_REQUESTS; r++) {
            cr_expect_leq(dosing_mode_answer(d, (dosing_request_t)r), DOSING_ANSWER_NONE);
        }
    }
    cr_expect_eq(dosing_mode_answer(99u, DOSING_REQUEST_BOLUS), DOSING_ANSWER_BUSY);
    cr_expect_eq(dosing_mode_status(DOSING_ANSWER_SUSPEND), DOSING_OK);
    cr_expect_eq(dosing_mode_status(DOSING_ANSWER_WAIT), DOSING_REFUSED_BUSY);
}

/* REQ-MODE-03: what is left of a bolus at a commit, a stop or an alarm is never given; what a prime interrupts goes on. */
Test(mode, what_is_forfeit_is_never_given)
{
    static const uint32_t kinds[] = {D(BOLUS), D(TIMED), D(PATIENT), D(PRIME)};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        begin(kinds[i]);
        cr_assert_eq(request(DOSING_REQUEST_ALARM), DOSING_OK);
        const uint64_t before = fake_pulses(&pump.hal);
        run(HOUR_MS);
        cr_expect_eq(fake_pulses(&pump.hal), before, "kind %u", kinds[i]);
        cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
        run(12u * HOUR_MS);
        cr_expect_float_eq((double)(fake_pulses(&pump.hal) - before), 600.0, 2.0,
                           "kind %u: the basal rate alone", kinds[i]);
    }
}
