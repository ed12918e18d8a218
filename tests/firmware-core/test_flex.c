/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-FLEX: pulses against the exact integral of a week of steps. */
#include <criterion/criterion.h>

#include "fake_image.h"

#define DAY_MS UINT64_C(86400000)
#define HOUR_MS UINT64_C(3600000)
#define REFILL_NL 20000000u

typedef struct watch_t {
    const image_week_t *week;
    uint64_t t0_ms;
    uint64_t week_ms;         /* local time at t0 */
    long double pulses_per_d; /* pulses in one (ng/day) * ms */
    uint64_t pulses;
    long double low, high; /* of volume less integral, in pulses */
} watch_t;

static void look(watch_t *w, uint64_t at_ms)
{
    const long double due = image_over(w->week, w->week_ms, at_ms - w->t0_ms) * w->pulses_per_d;
    const long double gap = (long double)w->pulses - due;
    w->low = gap < w->low ? gap : w->low;
    w->high = gap > w->high ? gap : w->high;
}

static void on_train(void *context, uint64_t start_ms, uint32_t period_ms, uint32_t done)
{
    watch_t *w = context;
    look(w, start_ms);
    w->pulses += done;
    look(w, start_ms + (uint64_t)done * period_ms);
}

static void start(fake_pump_t *p)
{
    fake_init(&p->hal);
    p->hal.factory.capacity_nl = 100000000u;
    fake_seal_factory(&p->hal);
    fake_pump_start(p);
    cr_assert_eq(fake_refill(p, 100000000u), DOSING_OK);
}

/* Runs `image` for `days` from local moment `week_ms` on, refilled weekly. `early` and `late` in pulses. */
static void follow(const uint8_t *image, uint64_t week_ms, uint64_t days, double early, double late,
                   uint64_t seed)
{
    static image_week_t week;
    static fake_pump_t p;
    const uint64_t concentration = fake_get(image + DOSING_PROGRAMME_AT_DRUG, 4u);
    start(&p);
    image_week(&week, image);
    cr_assert_eq(fake_set_time(&p, (uint32_t)week_ms), DOSING_OK);
    cr_assert_eq(fake_commit(&p, image), DOSING_OK, "seed %llu", (unsigned long long)seed);
    watch_t w = {.week = &week, .t0_ms = p.hal.now_ms, .week_ms = week_ms};
    w.pulses_per_d =
        1e9L / ((long double)concentration * p.hal.factory.pulse_volume_pl * (long double)DAY_MS);
    p.hal.on_train = on_train;
    p.hal.on_train_context = &w;
    for (uint64_t day = 0; day < days; day += 7u) {
        fake_pump_run(&p, w.t0_ms + (day + 7u < days ? day + 7u : days) * DAY_MS);
        cr_assert_eq(fake_refill(&p, 100000000u), DOSING_OK);
    }
    cr_expect_str_empty(p.hal.violation, "seed %llu: %s", (unsigned long long)seed,
                        p.hal.violation);
    cr_expect_gt(w.pulses, 0u);
    cr_expect_leq((double)w.high, early, "ahead by %Lg pulses, seed %llu", w.high,
                  (unsigned long long)seed);
    cr_expect_geq((double)w.low, -late, "behind by %Lg pulses, seed %llu", w.low,
                  (unsigned long long)seed);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_GUARD, 4u), 0u, "seed %llu: cut",
                 (unsigned long long)seed);
}

/* A weekday of 13 steps and a quieter weekend. */
static void working_week(uint8_t *image)
{
    static const uint32_t minute[13] = {0,   90,  360, 420,  480,  600, 720,
                                        780, 900, 960, 1080, 1200, 1320};
    image_flex(image, 500000u);
    for (uint32_t i = 0; i < 13u; i++) {
        image_step(image, IMAGE_WORKDAYS, minute[i], 60000u + 24000u * (i * 5u % 13u));
    }
    image_step(image, IMAGE_WEEKEND, 0u, 75000u);
    image_step(image, IMAGE_WEEKEND, 555u, 24000u);
    image_step(image, IMAGE_WEEKEND, 700u, 240000u);
}

/* REQ-FLEX-01: thirteen steps a day, by day of the week, from every day's night to Sunday's midnight. */
Test(flex, follows_its_integral_through_the_week)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    working_week(image);
    for (uint64_t day = 0; day < 7u; day++) {
        follow(image, day * DAY_MS + day * 7919u * 1000u, 15u, 1e-3, 1.0 / 32.0, day);
    }
}

static void random_image(uint64_t *seed, uint8_t *image)
{
    const uint32_t conc = 1000u + (uint32_t)(fake_random(seed) % 5000000u);
    uint32_t used = 0u;
    image_flex(image, conc);
    while (used != IMAGE_DAILY) {
        uint32_t days = (uint32_t)(fake_random(seed) % 127u + 1u) & ~used;
        days = days == 0u || image[DOSING_PROGRAMME_AT_STEPS] > 30u ? IMAGE_DAILY & ~used : days;
        used |= days;
        uint32_t minute = 0u;
        const uint64_t steps = 1u + fake_random(seed) % 9u;
        for (uint64_t i = 0; i < steps && minute < 1440u; i++) {
            const uint64_t nl = 48001u + fake_random(seed) % 3000000u;
            const bool nothing = fake_random(seed) % 6u == 0u && i > 0u;
            image_step(image, days, minute, nothing ? 0u : nl * conc / 1000000u + 1u);
            minute +=
                1u + (uint32_t)(fake_random(seed) % (fake_random(seed) % 4u == 0u ? 5u : 400u));
        }
    }
}

/* REQ-FLEX-01, REQ-GUARD-02: any week, steps of a minute and steps of nothing among them. Where what follows a pulse is nothing, or
 * another step before the pulse is complete, it is given up to its whole early. */
Test(flex, random_weeks_follow_their_integral)
{
    uint64_t seed = 4001u;
    for (int i = 0; i < 150; i++) {
        const uint64_t was = seed;
        uint8_t image[DOSING_IMAGE_BYTES_MAX];
        random_image(&seed, image);
        follow(image, fake_random(&seed) % IMAGE_WEEK_MS, 9u, 1.001, 1.0 / 16.0, was);
    }
}

/* REQ-FLEX-02: the remainder is carried over every step for ever. */
Test(flex, ten_years_end_within_one_pulse)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    image_flex(image, 1999993u);
    image_step(image, IMAGE_DAILY, 0u, 612347u);
    image_step(image, IMAGE_WORKDAYS, 421u, 1299709u);
    image_step(image, IMAGE_DAILY, 1033u, 104729u);
    follow(image, 3u * DAY_MS + 12345678u, 3653u, 1e-3, 1.0 / 32.0, 0u);
}

/* REQ-FLEX-03 */
Test(flex, needs_local_time)
{
    static fake_pump_t p;
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    start(&p);
    working_week(image);
    cr_expect_eq(fake_commit(&p, image), DOSING_REFUSED_TIME);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_LOCAL, 4u), UINT32_MAX);
    cr_expect_eq(fake_set_time(&p, (uint32_t)IMAGE_WEEK_MS), DOSING_REFUSED_TIME);
    cr_expect_eq(fake_set_time(&p, (uint32_t)IMAGE_WEEK_MS - 1u), DOSING_OK);
    cr_expect_eq(fake_commit(&p, image), DOSING_OK);
    fake_pump_run(&p, p.hal.now_ms + HOUR_MS);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_LOCAL, 4u), HOUR_MS - 1u);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_DOSE, 8u), 60000u, "Monday's first step");
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_BASAL);
}

/* REQ-FLEX-05: 12 h at 60 000 and 12 h at 180 000 ng/day and a bolus of 12 000 ng: 132 000 in a day. */
Test(flex, runs_at_its_mean_with_an_alarm_once_local_time_is_lost)
{
    static fake_pump_t p;
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    start(&p);
    cr_assert_eq(fake_set_time(&p, 0u), DOSING_OK);
    image_flex(image, 500000u);
    image_step(image, IMAGE_DAILY, 0u, 60000u);
    image_step(image, IMAGE_DAILY, 720u, 180000u);
    image_timed(image, IMAGE_DAILY, 480u, 1800000u, 12000u);
    cr_assert_eq(fake_commit(&p, image), DOSING_OK);
    fake_pump_run(&p, p.hal.now_ms + 5u * HOUR_MS);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_ALARMS, 4u) & DOSING_ALARM_TIME, 0u);
    fake_pump_reset(&p, 0u, p.hal.now_ms);
    fake_pump_run(&p, p.hal.now_ms + HOUR_MS);
    cr_expect_neq(fake_report(&p, DOSING_REPORT_AT_ALARMS, 4u) & DOSING_ALARM_TIME, 0u);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_DOSE, 8u), 132000u);
    const uint64_t before = fake_pulses(&p.hal);
    fake_pump_run(&p, p.hal.now_ms + 10u * DAY_MS);
    cr_expect_float_eq((double)(fake_pulses(&p.hal) - before), 10560.0, 1.1);
    cr_assert_eq(fake_set_time(&p, 13u * 3600000u), DOSING_OK);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_ALARMS, 4u) & DOSING_ALARM_TIME, 0u);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_DOSE, 8u), 180000u);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_GUARD, 4u), 0u);
}

/* REQ-FLEX-04: each of these is refused, and says why. */
Test(flex, a_week_that_does_not_hold_together_is_refused)
{
    static fake_pump_t p;
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    start(&p);
    cr_assert_eq(fake_set_time(&p, 0u), DOSING_OK);
    const struct {
        uint32_t days[2], minute[2];
        uint64_t dose[2];
        dosing_status_t status;
    } rows[] = {
        {{IMAGE_DAILY, IMAGE_DAILY}, {0, 600}, {60000, 90000}, DOSING_OK},
        {{IMAGE_DAILY, IMAGE_DAILY}, {0, 0}, {60000, 90000}, DOSING_REFUSED_PROGRAMME},
        {{IMAGE_DAILY, IMAGE_DAILY}, {1, 600}, {60000, 90000}, DOSING_REFUSED_PROGRAMME},
        {{IMAGE_DAILY, IMAGE_DAILY}, {0, 1440}, {60000, 90000}, DOSING_REFUSED_PROGRAMME},
        {{IMAGE_WORKDAYS, IMAGE_WORKDAYS}, {0, 600}, {60000, 90000}, DOSING_REFUSED_PROGRAMME},
        {{IMAGE_DAILY, 0}, {0, 600}, {60000, 90000}, DOSING_REFUSED_PROGRAMME},
        {{IMAGE_DAILY, 0x80}, {0, 600}, {60000, 90000}, DOSING_REFUSED_PROGRAMME},
        {{IMAGE_DAILY, IMAGE_DAILY}, {0, 600}, {60000, 23999}, DOSING_REFUSED_RATE},
        {{IMAGE_DAILY, IMAGE_DAILY}, {0, 600}, {60000, 12000001}, DOSING_REFUSED_RATE},
        {{IMAGE_DAILY, IMAGE_DAILY}, {0, 60}, {60000, 0}, DOSING_REFUSED_RATE}, /* its mean */
        {{IMAGE_DAILY, IMAGE_DAILY}, {0, 600}, {60000, 0}, DOSING_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        image_flex(image, 500000u);
        image_step(image, rows[i].days[0], rows[i].minute[0], rows[i].dose[0]);
        image_step(image, rows[i].days[1], rows[i].minute[1], rows[i].dose[1]);
        cr_expect_eq(fake_commit(&p, image), rows[i].status, "row %zu", i);
    }
}

/* REQ-LIMIT-03: the heaviest 24 h of the week decide, wherever they begin. */
Test(flex, the_heaviest_day_of_the_week_is_what_a_limit_meets)
{
    static fake_pump_t p;
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    start(&p);
    cr_assert_eq(fake_set_time(&p, 0u), DOSING_OK);
    image_flex(image, 500000u);
    image_step(image, IMAGE_DAILY, 0u, 60000u);
    image_step(image, IMAGE_MONDAY, 720u, 480000u); /* Monday noon ... */
    image_step(image, IMAGE_MONDAY << 1u, 720u,
               60000u); /* ... Tuesday goes on at 60 000 from midnight */
    /* 24 h from Monday noon: 12 h at 480 000 and 12 h at 60 000; 25 h and slack as the ring counts */
    const uint64_t heaviest = 270000u;
    fake_put(image + DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_LIMIT, heaviest - 1u, 8u);
    cr_expect_eq(fake_commit(&p, image), DOSING_REFUSED_LIMIT);
    fake_put(image + DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_LIMIT,
             heaviest + 60000u / 24u + 5u * 125u, 8u);
    cr_expect_eq(fake_commit(&p, image), DOSING_OK);
}
