/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-LINK-06, REQ-LINK-07, REQ-CORE-04 and others: the far ends of parts, fields and counts in the newer modes. */
#include <criterion/criterion.h>
#include <string.h>

#include "dosing_limit.h"
#include "dosing_calendar.h"
#include "dosing_crc.h"
#include "dosing_delivery.h"
#include "dosing_keep.h"
#include "dosing_log.h"
#include "dosing_order.h"
#include "dosing_patient.h"
#include "dosing_schedule.h"
#include "dosing_state.h"
#include "dosing_store.h"
#include "fake_image.h"

#define HOUR_MS UINT64_C(3600000)
#define DAY_MS UINT64_C(86400000)

static fake_pump_t pump;

static dosing_state_t *state_of(void)
{
    return (dosing_state_t *)(void *)pump.state;
}

static dosing_state_t *ready(void)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_set_time(&pump, 0u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK);
    fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS);
    return state_of();
}

static dosing_status_t part(uint32_t offset, uint32_t zero, const uint8_t *bytes, uint32_t length)
{
    uint8_t payload[DOSING_PART_AT_BYTES + DOSING_PART_BYTES_MAX];
    fake_put(payload, offset, 2u);
    fake_put(payload + 2, zero, 2u);
    memcpy(payload + DOSING_PART_AT_BYTES, bytes, length);
    return fake_next(&pump, DOSING_FRAME_STAGE, payload, DOSING_PART_AT_BYTES + length);
}

static dosing_status_t back(uint32_t offset, uint32_t zero)
{
    uint8_t payload[4];
    fake_put(payload, offset, 2u);
    fake_put(payload + 2, zero, 2u);
    return fake_next(&pump, DOSING_FRAME_READ_BACK, payload, sizeof payload);
}

/* REQ-LINK-06: parts in order, none over the head's end or the image's, read back from the start. */
Test(edges, parts_are_taken_in_order_and_read_back_in_order)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    (void)ready();
    image_flex(image, 500000u);
    for (uint32_t i = 0; i < 30u; i++) {
        image_step(image, IMAGE_DAILY, i * 40u, 90000u);
    }
    const uint32_t length = DOSING_PROGRAMME_BYTES + 30u * DOSING_STEP_BYTES; /* 520 */
    cr_assert_eq(fake_open(&pump), DOSING_OK);
    cr_expect_eq(part(0u, 1u, image, 100u), DOSING_REFUSED_STAGE, "a reserved field");
    cr_expect_eq(part(100u, 0u, image + 100, 60u), DOSING_REFUSED_STAGE, "nothing before it");
    cr_expect_eq(part(0u, 0u, image, 100u), DOSING_OK);
    cr_expect_eq(back(0u, 0u), DOSING_REFUSED_STAGE, "not whole");
    cr_expect_eq(part(99u, 0u, image + 99, 10u), DOSING_REFUSED_STAGE, "out of order");
    cr_expect_eq(part(100u, 0u, image + 100, 61u), DOSING_REFUSED_STAGE, "over the head's end");
    cr_expect_eq(part(100u, 0u, image + 100, 60u), DOSING_OK);
    cr_expect_eq(part(160u, 0u, image + 160, 160u), DOSING_OK);
    cr_expect_eq(part(320u, 0u, image + 320, 150u), DOSING_OK);
    cr_expect_eq(part(470u, 0u, image + 470, 60u), DOSING_REFUSED_STAGE, "over the image's end");
    cr_expect_eq(part(470u, 0u, image + 470, length - 470u), DOSING_OK);
    cr_expect_eq(back(160u, 0u), DOSING_REFUSED_STAGE, "from the start on");
    cr_expect_eq(back(0u, 7u), DOSING_REFUSED_STAGE, "a reserved field");
    cr_expect_eq(back(0u, 0u), DOSING_OK);
    cr_expect_eq(back(80u, 0u), DOSING_REFUSED_STAGE, "askew");
    cr_expect_eq(back(160u, 0u), DOSING_OK);
    cr_expect_eq(back(320u, 0u), DOSING_OK);
    cr_expect_eq(back(0u, 0u), DOSING_OK, "again");
    cr_expect_eq(back(480u, 0u), DOSING_OK);
    cr_expect_eq(back(640u, 0u), DOSING_REFUSED_STAGE, "behind its end");
    uint8_t crc[4];
    fake_put(crc, dosing_crc(image, length), 4u);
    cr_expect_eq(fake_next(&pump, DOSING_FRAME_COMMIT, crc, 4u), DOSING_OK);
}

/* REQ-LINK-07, REQ-FLEX-04, REQ-TIMED-03 */
Test(edges, every_field_of_the_tail_ends_at_its_bounds)
{
    static const struct {
        uint32_t at, size;
        uint64_t value;
        dosing_status_t status;
    } rows[] = {
        {DOSING_PROGRAMME_AT_STEPS, 1u, 49u, DOSING_REFUSED_PROGRAMME},
        {DOSING_PROGRAMME_AT_TIMED, 1u, 17u, DOSING_REFUSED_PROGRAMME},
        {DOSING_PROGRAMME_AT_MODE, 1u, DOSING_MODE_SIMPLE, DOSING_REFUSED_PROGRAMME},
        {DOSING_PROGRAMME_AT_MODE, 1u, 4u, DOSING_REFUSED_PROGRAMME},
        {160u + DOSING_STEP_AT_ZERO, 1u, 1u, DOSING_REFUSED_PROGRAMME},
        {160u + DOSING_STEP_AT_DOSE, 8u, DOSING_DOSE_MAX + 1u, DOSING_REFUSED_PROGRAMME},
        {172u + DOSING_TIMED_AT_ZERO, 1u, 1u, DOSING_REFUSED_PROGRAMME},
        {172u + DOSING_TIMED_AT_DOSE, 8u, DOSING_DOSE_MAX + 1u, DOSING_REFUSED_PROGRAMME},
        {172u + DOSING_TIMED_AT_MINUTE, 2u, 1440u, DOSING_REFUSED_PROGRAMME},
        {172u + DOSING_TIMED_AT_DOSE, 8u, DOSING_DOSE_MAX, DOSING_REFUSED_RATE},
        {172u + DOSING_TIMED_AT_DOSE, 8u, 5000u, DOSING_OK},
    };
    (void)ready();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t image[2u * DOSING_IMAGE_BYTES_MAX] = {0};
        image_flex(image, 500000u);
        image_step(image, IMAGE_DAILY, 0u, 90000u);
        image_timed(image, IMAGE_DAILY, 60u, 600000u, 5000u);
        fake_put(image + rows[i].at, rows[i].value, rows[i].size);
        cr_expect_eq(fake_commit(&pump, image), rows[i].status, "row %zu", i);
    }
    uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0};
    fake_programme(image, 500000u, 0u);
    image[DOSING_PROGRAMME_AT_MODE] = DOSING_MODE_MINIMUM;
    fake_put(image + DOSING_PROGRAMME_AT_RATE_MAX, 47999u, 4u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_REFUSED_RATE, "below the slowest");
    fake_put(image + DOSING_PROGRAMME_AT_RATE_MAX, 0u, 4u);
    image_timed(image, IMAGE_DAILY, 60u, 600000u, 5000u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_REFUSED_PROGRAMME,
                 "no timed bolus at the minimum");
    memset(image, 0, sizeof image);
    fake_programme(image, 100000000u, DOSING_DOSE_MAX); /* 90 mL/day, and more by a bolus */
    image_timed(image, IMAGE_DAILY, 60u, 3600000u, 9000000u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_REFUSED_RATE, "a mean above the greatest dose");
}

/* REQ-CORE-04 */
Test(edges, counts_that_are_full_stay_full)
{
    dosing_state_t *s = ready();
    s->counters.patient_refused = UINT32_MAX;
    dosing_crc_seal(&s->counters, sizeof s->counters);
    cr_expect_eq(fake_request(&pump), DOSING_REFUSED_NOT_NOW);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_PATIENT_REFUSED, 2u), 0xFFFFu);
    s->medium.bad = UINT32_MAX;
    uint8_t byte = 0;
    cr_expect(!dosing_store_read(s, UINT32_MAX, &byte, 1u));
    cr_expect_eq(s->medium.bad, UINT32_MAX);
}

/* REQ-PRIME-02 */
Test(edges, nothing_is_primed_under_an_alarm_that_stops)
{
    (void)ready();
    cr_assert_eq(fake_refill(&pump, 900000u), DOSING_OK);
    cr_expect_eq(fake_prime(&pump, 1000u, 0u, 1u), DOSING_REFUSED_ALARM);
}

/* REQ-MODE-03: a stop ends the bolus that runs and the one that waits for it. */
Test(edges, a_bolus_that_waits_is_forfeit_too)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0};
    (void)ready();
    fake_programme(image, 500000u, 150000u);
    image_patient(image, 2500u, 600000u, 7200000u, 7200000u, 1u, 5u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    cr_assert_eq(fake_bolus(&pump, 10000u, 3600000u), DOSING_OK);
    fake_pump_run(&pump, pump.hal.now_ms + 60000u);
    cr_assert_eq(fake_request(&pump), DOSING_OK);
    fake_pump_run(&pump, pump.hal.now_ms + 60000u);
    cr_assert_eq(fake_stop(&pump), DOSING_OK);
    const uint64_t before = fake_pulses(&pump.hal);
    fake_pump_run(&pump, pump.hal.now_ms + DAY_MS);
    cr_expect_leq(fake_pulses(&pump.hal), before + 1u);
}

/* REQ-BOLUS-03: what has no room in the arithmetic does not begin. */
Test(edges, a_bolus_without_room_in_the_arithmetic_does_not_begin)
{
    dosing_state_t *s = ready();
    cr_expect_eq(dosing_delivery_begin(s, DOSING_DELIVERY_BOLUS, UINT64_MAX, 1000u),
                 DOSING_REFUSED_BOUNDS);
    cr_expect_eq(s->path.bolus, 0u);
    s->path.bolus = DOSING_DELIVERY_BOLUS; /* and one that cannot be converted is forfeit */
    s->bolus.start_ms = s->run.last_ms;
    s->bolus.duration_ms = 1000u;
    const dosing_rate_t none = {0};
    dosing_delivery_convert(s, &none, 500000u);
    cr_expect_eq(s->path.bolus, 0u);
}

/* REQ-TIME-03: hands that were put back thousands of times stay where they are. */
Test(edges, hands_cannot_be_put_back_before_the_first_day)
{
    dosing_state_t *s = ready();
    dosing_jump_t jump;
    s->calendar.shift_ms = DAY_MS + HOUR_MS - pump.hal.now_ms;
    cr_expect_eq(dosing_calendar_jump(s, (uint32_t)(20u * HOUR_MS), pump.hal.now_ms, &jump),
                 DOSING_REFUSED_TIME);
}

/* REQ-PATIENT-02: a block that is full takes no more than it holds, and a lockout far off is told as the longest. */
Test(edges, patients_block_is_never_overrun)
{
    dosing_state_t *s = ready();
    s->patient.count = DOSING_PATIENT_PER_DAY_MAX;
    for (uint32_t i = 0; i < DOSING_PATIENT_PER_DAY_MAX; i++) {
        s->patient.began_ms[i] = pump.hal.now_ms;
    }
    dosing_patient_begin(s, pump.hal.now_ms);
    cr_expect_eq(s->patient.count, DOSING_PATIENT_PER_DAY_MAX);
    s->therapy.programme.patient_ng = 1u;
    s->patient.began_ms[DOSING_PATIENT_PER_DAY_MAX - 1u] = UINT64_C(1) << 40;
    cr_expect_eq(dosing_patient_lockout(s, 0u), UINT32_MAX);
}

/* REQ-STORE-07: a store whose numbers are spent takes nothing more, and says so. */
Test(edges, a_store_out_of_numbers_takes_no_order)
{
    dosing_state_t *s = ready();
    s->medium.seq = DOSING_STORE_SEQ_MAX;
    dosing_state_seal_medium(s);
    cr_expect_eq(fake_simple(&pump, 500000u, 200000u), DOSING_ERROR_STORE);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DOSE, 8u), 150000u);
    cr_expect_eq(fake_request(&pump), DOSING_REFUSED_NOT_NOW);
}

/* REQ-STORE-04: every sector but one is stuck, so that one copy alone is kept: it is told. */
Test(edges, an_order_kept_once_is_told)
{
    dosing_state_t *s = ready();
    const uint32_t next = (s->medium.cursor + 1u) % dosing_store_ring(&s->medium);
    pump.hal.flash.stuck = 0xFFFFFFFFFFFFFFFFu & ~(UINT64_C(1) << next);
    cr_expect_eq(fake_simple(&pump, 500000u, 200000u), DOSING_OK);
    cr_expect_neq(fake_report(&pump, DOSING_REPORT_AT_ALARMS, 4u) & DOSING_ALARM_COPY, 0u);
}

/* A record that is whole, of the present order, and says what no core would have written. */
static void append(dosing_state_t *s, uint32_t kind, uint64_t core_ms, uint64_t bound,
                   uint64_t commanded)
{
    dosing_record_t r = {.core_ms = core_ms,
                         .main_ms = pump.hal.now_ms,
                         .seq = s->medium.seq + 1u,
                         .kind = kind,
                         .edition = s->medium.edition};
    fake_put(r.body, bound, 8u);
    fake_put(r.body + 8, commanded, 8u);
    cr_assert(dosing_store_append(s, &r));
}

static void reset_over_of(dosing_state_t *s, uint32_t kind, uint64_t core_ms, uint64_t bound,
                          uint64_t commanded)
{
    append(s, kind, core_ms, bound, commanded);
    fake_pump_reset(&pump, 0u, pump.hal.now_ms);
}

static void reset_over(uint32_t kind, uint64_t core_ms, uint64_t bound, uint64_t commanded)
{
    reset_over_of(ready(), kind, core_ms, bound, commanded);
}

/* REQ-STORE-05: pulses leased to a pump that never had a programme: what it kept next would be refused. */
Test(edges, a_lease_without_a_programme_is_not_believed)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    reset_over_of(state_of(), DOSING_STORE_LEASE, 8u * HOUR_MS, 10u, 0u);
    cr_expect_neq(state_of()->path.alarms & DOSING_ALARM_LOST, 0u);
    cr_expect_eq(state_of()->run.commanded, 0u);
}

/* REQ-STORE-05: leases of one day that book more than a day can have; a checkpoint of that could not be read at the start after. */
Test(edges, leases_beyond_what_a_day_can_have_are_not_believed)
{
    for (uint32_t hours = 1u; hours <= 4u; hours++) {
        dosing_state_t *s = ready();
        const uint64_t full = dosing_limit_window_max(s) / 2u;
        const uint64_t before = s->run.commanded;
        for (uint64_t i = 1u; i < hours; i++) {
            append(s, DOSING_STORE_LEASE, i * HOUR_MS, before + i * full, before + i * full);
            s->medium.seq++;
        }
        reset_over_of(s, DOSING_STORE_LEASE, hours * HOUR_MS, before + hours * full,
                      before + hours * full);
        cr_expect_eq((state_of()->path.alarms & DOSING_ALARM_LOST) != 0u, hours > 2u, "%u hours",
                     hours);
    }
}

/* REQ-STORE-05: what is whole and makes no sense is no order's. */
Test(edges, records_that_make_no_sense_are_lost_with_their_order)
{
    const uint64_t hours = UINT64_C(1) << 60;
    static const struct {
        uint32_t kind;
        uint64_t core_ms, bound, commanded;
    } rows[] = {{99u, 0u, 0u, 0u},
                {DOSING_STORE_LEASE, 1u, 0u, 0u}, /* before the checkpoint */
                {DOSING_STORE_LEASE, UINT64_C(1) << 55, 0u, 0u},
                {DOSING_STORE_LEASE, 0u, 10u, 11u},
                {DOSING_STORE_LEASE, 0u, UINT64_C(1) << 50, 100u},
                {DOSING_STORE_LEASE, 0u, UINT64_C(1) << 50, (UINT64_C(1) << 50) - 1u}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const uint64_t core_ms = rows[i].core_ms != 0u ? rows[i].core_ms : 8u * HOUR_MS;
        reset_over(rows[i].kind, core_ms, rows[i].bound, rows[i].commanded);
        const uint64_t before = fake_pulses(&pump.hal);
        fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS);
        cr_expect_neq(state_of()->path.alarms & DOSING_ALARM_LOST, 0u, "row %zu", i);
        cr_expect_eq(fake_pulses(&pump.hal), before, "row %zu", i);
        cr_expect_lt(state_of()->run.commanded, hours);
    }
}

/* REQ-PATIENT-02: requests of before a reset count after it. */
Test(edges, patient_boluses_are_kept_in_checkpoints_too)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0};
    (void)ready();
    fake_programme(image, 500000u, 150000u);
    image_patient(image, 2500u, 600000u, 3600000u, 3600000u, 1u, 3u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(fake_request(&pump), DOSING_OK);
        fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS);
    }
    cr_assert_eq(fake_refill(&pump, 18000000u), DOSING_OK); /* a checkpoint */
    fake_pump_reset(&pump, 0u, pump.hal.now_ms);
    fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_PATIENT_GIVEN, 2u), 3u);
    pump.counter += 1000u; /* above what was leased to the patient's role */
    const dosing_status_t status = fake_request(&pump);
    cr_expect_eq(status, DOSING_REFUSED_COUNT, "status %d", status);
}

/* REQ-FLEX-03, REQ-TIMED-01: without local time nothing is due, and no programme with timed boluses is taken. */
Test(edges, nothing_is_due_without_local_time)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0};
    dosing_due_t due;
    dosing_state_t *s = ready();
    cr_expect(!dosing_calendar_due(s, pump.hal.now_ms, &due), "no timed bolus");
    s->calendar.known = 0u;
    dosing_crc_seal(&s->calendar, sizeof s->calendar);
    cr_expect(!dosing_calendar_due(s, pump.hal.now_ms, &due));
    fake_programme(image, 500000u, 150000u);
    image_timed(image, IMAGE_DAILY, 60u, 600000u, 5000u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_REFUSED_TIME);
}

/* REQ-MODE-03: what is left is told in ng, of whatever runs. */
Test(edges, what_is_left_is_told_of_whatever_runs)
{
    dosing_state_t *s = ready();
    cr_expect_eq(dosing_delivery_left_ng(s), 0u);
    cr_assert_eq(dosing_delivery_begin(s, DOSING_DELIVERY_BOLUS, 1000u, 60000u), DOSING_OK);
    cr_expect_eq(dosing_delivery_left_ng(s), 1000u);
    cr_assert_eq(dosing_delivery_begin(s, DOSING_DELIVERY_PATIENT, 500u, 60000u), DOSING_OK);
    cr_expect_eq(dosing_delivery_left_ng(s), 1500u);
    s->path.bolus = DOSING_DELIVERY_PRIME;
    cr_expect_eq(dosing_delivery_left_ng(s), 0u);
    s->path.bolus = DOSING_DELIVERY_BOLUS;
    s->therapy.rate.units_per_ng = 0u;
    cr_expect_eq(dosing_delivery_left_ng(s), 0u);
    dosing_delivery_forfeit(s);
    cr_expect_eq(s->path.bolus, 0u);
}

/* REQ-RATE-04: the scheduler's answers where a bolus or a step ends at the very moment. */
Test(edges, the_scheduler_answers_at_the_very_end_of_a_bolus_and_of_a_step)
{
    dosing_state_t *s = ready();
    s->path.owed = -1;
    s->path.bolus = DOSING_DELIVERY_BOLUS;
    s->bolus.start_ms = s->run.last_ms - 1000u;
    s->bolus.duration_ms = 1000u;
    s->run.change_ms = s->run.last_ms;
    const dosing_plan_t plan = dosing_schedule_plan(s);
    cr_expect_eq(plan.count, 0u);
    cr_expect_eq(plan.wait_ms, 1u);
    const int64_t before = s->path.owed;
    s->path.bolus = 0u;
    s->run.due_ms = s->run.last_ms + HOUR_MS;
    dosing_schedule_advance(s, s->run.last_ms + 10u);
    cr_expect_eq(s->path.owed - before, (int64_t)(10u * s->path.num));
}

/* REQ-STORE-07, REQ-BOLUS-03: what a kept order says is held to the same bounds as a frame. */
Test(edges, a_kept_order_is_held_to_its_bounds)
{
    dosing_state_t *s = ready();
    const dosing_pending_t refill = {.type = DOSING_FRAME_REFILL, .value = UINT32_MAX};
    const dosing_pending_t commit = {.type = DOSING_FRAME_COMMIT, .length = 10u};
    cr_expect_eq(dosing_order_again(s, &refill), DOSING_REFUSED_VOLUME);
    cr_expect_eq(dosing_order_again(s, &commit), DOSING_REFUSED_PROGRAMME);
    dosing_programme_t p;
    const uint8_t image[DOSING_IMAGE_BYTES_MAX] = {[DOSING_PROGRAMME_AT_STEPS] = 49u};
    cr_expect_eq(dosing_programme_read(&p, image, &s->therapy.factory), DOSING_REFUSED_PROGRAMME);
    cr_expect_gt(dosing_rate_bolus_pulses(UINT64_C(1800000000000), 1u, 250000u), UINT32_MAX / 2u);
}

/* REQ-LOG-05: a full queue and a log at its last number lose what they cannot hold, and count it. */
Test(edges, a_log_that_is_full_counts_what_it_loses)
{
    dosing_state_t *s = ready();
    s->log.failed = UINT32_MAX - 1u;
    dosing_crc_seal(&s->log, sizeof s->log);
    for (uint32_t i = 0; i < DOSING_LOG_QUEUE + 3u; i++) {
        dosing_log_note(s, DOSING_EVENT_DAY, i, 0u);
    }
    cr_expect_eq(s->log.failed, UINT32_MAX);
    s->log.next[DOSING_LOG_EVENTS] = UINT32_MAX;
    dosing_crc_seal(&s->log, sizeof s->log);
    dosing_log_flush(s);
    cr_expect_eq(s->log.next[DOSING_LOG_EVENTS], UINT32_MAX);
    fake_pump_reset(&pump, 0u, pump.hal.now_ms);
    cr_expect_eq(state_of()->log.next[DOSING_LOG_EVENTS], UINT32_MAX);
}

/* REQ-LINK-10 */
Test(edges, a_counter_near_its_end_is_leased_to_its_end)
{
    dosing_state_t *s = ready();
    s->counters.last[1] = UINT64_MAX - 10u;
    dosing_keep_counter(s, DOSING_ROLE_PATIENT);
    cr_expect_eq(s->counters.bound[1], UINT64_MAX);
    s->medium.slot = s->medium.slots;
    const dosing_record_t r = {.kind = DOSING_STORE_PATIENT};
    cr_expect(!dosing_store_append(s, &r), "a sector that is full");
}

/* REQ-STORE-12: without a store everything works, and nothing is kept. */
Test(edges, a_device_without_a_store_gives_patients_boluses_and_takes_acknowledgements)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0};
    uint8_t word[4] = {0xFF, 0xFF, 0xFF, 0xFF};
    fake_init(&pump.hal);
    pump.hal.flash.geometry = (dosing_store_geometry_t){0};
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 1500000u), DOSING_OK);
    fake_programme(image, 500000u, 150000u);
    image_patient(image, 2500u, 600000u, 3600000u, 3600000u, 1u, 3u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    cr_expect_eq(fake_request(&pump), DOSING_OK);
    cr_expect_eq(fake_send(&pump, DOSING_FRAME_ALARM_CLEAR, word, 4u), DOSING_OK);
    dosing_log_day(state_of());
    cr_expect_eq(state_of()->log.queued, 0u);
}

/* REQ-STORE-09: an acknowledgement with a dead store takes effect, and says that it was not kept. */
Test(edges, an_acknowledgement_that_cannot_be_kept_says_so)
{
    uint8_t word[4] = {0xFF, 0xFF, 0xFF, 0xFF};
    (void)ready();
    cr_assert_eq(fake_refill(&pump, 1500000u), DOSING_OK);
    pump.hal.flash.stuck = UINT64_MAX;
    cr_expect_eq(fake_send(&pump, DOSING_FRAME_ALARM_CLEAR, word, 4u), DOSING_ERROR_STORE);
    cr_expect_eq(state_of()->run.unseen & DOSING_ALARM_LOW, 0u);
}

/* REQ-LOG-03, REQ-STORE-08: a store that is gone is not read, and under one that is mute no train is leased. */
Test(edges, a_store_that_is_gone_or_mute_serves_nobody)
{
    uint8_t page[4u + DOSING_LOGGED_MAX * DOSING_RECORD_BYTES];
    dosing_state_t *s = ready();
    s->medium.sectors = 0u;
    dosing_state_seal_medium(s);
    cr_expect_eq(dosing_log_read(s, DOSING_LOG_EVENTS, 0u, page), 4u);
    s = ready();
    s->medium.mute = 1u;
    dosing_state_seal_medium(s);
    cr_expect(!dosing_keep_lease(s, s->lease.until_ms, 1u));
    s = ready();
    s->lease.prime = 1u; /* a prime's lease is not the programme's */
    const uint64_t before = pump.hal.flash.operations;
    cr_expect(dosing_keep_lease(s, s->run.last_ms, 1u));
    cr_expect_gt(pump.hal.flash.operations, before);
    s = ready();
    const uint64_t idle = pump.hal.flash.operations;
    dosing_keep_attend(s, DOSING_NEVER_MS);
    cr_expect_eq(pump.hal.flash.operations, idle);
}

/* REQ-BRIDGE-05: what is over, or finds no room in the other fluid's arithmetic, is forfeit. */
Test(edges, a_bolus_that_does_not_fit_the_other_fluid_is_forfeit)
{
    for (uint32_t n = 0; n < 3u; n++) {
        dosing_state_t *s = ready();
        dosing_rate_t before = s->therapy.rate;
        cr_assert_eq(dosing_delivery_begin(s, DOSING_DELIVERY_BOLUS, 1000u, 60000u), DOSING_OK);
        if (n == 0u) {
            s->bolus.start_ms = 0u; /* over */
            s->bolus.duration_ms = 1u;
        } else if (n == 1u) {
            s->therapy.rate.units_per_ng = UINT64_MAX;
        } else {
            s->therapy.rate.units_per_ng = DOSING_BOLUS_UNITS_MAX / 1000u;
            s->bolus.held_units = before.units_per_ng * 2000u;
            s->bolus.held_ms = 1000u;
        }
        dosing_delivery_convert(s, &before, 500000u);
        cr_expect_eq(s->path.bolus, 0u, "row %u", n);
    }
    dosing_state_t *s = ready(); /* one that is over waits for none */
    cr_assert_eq(dosing_delivery_begin(s, DOSING_DELIVERY_BOLUS, 1000u, 60000u), DOSING_OK);
    s->bolus.start_ms = 0u;
    s->bolus.duration_ms = 1u;
    cr_assert_eq(dosing_delivery_begin(s, DOSING_DELIVERY_PATIENT, 500u, 60000u), DOSING_OK);
    cr_expect_eq(s->bolus.held_ms, 0u);
}

/* REQ-TIMED-02: under an alarm that stops nothing waits: it is skipped. */
Test(edges, a_timed_bolus_that_is_due_under_an_alarm_is_skipped)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0};
    dosing_state_t *s = ready();
    fake_programme(image, 500000u, 150000u);
    image_timed(image, IMAGE_DAILY, 120u, 600000u, 5000u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    cr_assert_eq(dosing_delivery_begin(s, DOSING_DELIVERY_BOLUS, 1000u, 86400000u), DOSING_OK);
    s->path.alarms |= DOSING_ALARM_EMPTY;
    s->run.timed_due = 1u;
    dosing_state_seal(s);
    cr_expect(dosing_delivery_serve(s, pump.hal.now_ms + HOUR_MS));
    cr_expect_eq(s->run.timed_due, 0u);
    cr_expect_eq(s->path.bolus, DOSING_DELIVERY_BOLUS);
}
