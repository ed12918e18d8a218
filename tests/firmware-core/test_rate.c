/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-RATE: pulses against the programme's exact integral, over years and over every kind of rate. */
#include <criterion/criterion.h>

#include "dosing_crc.h"
#include "dosing_state.h"
#include "fake_hal.h"

#define DAY_MS UINT64_C(86400000)

typedef struct watch_t {
    uint64_t t0_ms;
    long double pulses_per_ms;
    uint64_t pulses;
    long double low, high; /* of volume less integral, in pulses, over every moment looked at */
} watch_t;

static void look(watch_t *w, long double volume, uint64_t at_ms)
{
    const long double gap = volume - w->pulses_per_ms * (long double)(at_ms - w->t0_ms);
    w->low = gap < w->low ? gap : w->low;
    w->high = gap > w->high ? gap : w->high;
}

static void on_train(void *context, uint64_t start_ms, uint32_t period_ms, uint32_t done)
{
    watch_t *w = context;
    look(w, (long double)w->pulses, start_ms);
    w->pulses += done;
    look(w, (long double)w->pulses, start_ms + (uint64_t)done * period_ms);
}

static void start(fake_pump_t *p, uint32_t pulse_pl)
{
    fake_init(&p->hal);
    p->hal.factory.pulse_volume_pl = pulse_pl;
    p->hal.factory.volume_24h_max_nl = 30000000u;
    fake_seal_factory(&p->hal);
    fake_pump_start(p);
}

static void follow(uint32_t pulse_pl, uint32_t concentration, uint64_t dose, uint64_t days)
{
    fake_pump_t p;
    start(&p, pulse_pl);
    p.hal.factory.capacity_nl = 100000000u;
    fake_seal_factory(&p.hal);
    fake_pump_start(&p);
    cr_assert_eq(fake_refill(&p, 100000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&p, concentration, dose), DOSING_OK, "pulse %u conc %u dose %llu",
                 pulse_pl, concentration, (unsigned long long)dose);
    watch_t w = {.t0_ms = p.hal.now_ms};
    w.pulses_per_ms = (long double)dose * 1e9L / ((long double)concentration * pulse_pl * DAY_MS);
    p.hal.on_train = on_train;
    p.hal.on_train_context = &w;
    fake_pump_run(&p, p.hal.now_ms + days * DAY_MS);
    cr_expect_str_empty(p.hal.violation);
    cr_expect_gt(w.pulses, 0u);
    cr_expect_leq((double)w.high, 1e-3, "ahead by %Lg: pulse %u conc %u dose %llu", w.high,
                  pulse_pl, concentration, (unsigned long long)dose);
    cr_expect_geq((double)w.low, -1.0 / 32.0, "behind by %Lg: pulse %u conc %u dose %llu", w.low,
                  pulse_pl, concentration, (unsigned long long)dose);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_GUARD, 4u), 0u);
}

/* REQ-RATE-01 */
Test(rate, volume_follows_the_integral_at_every_moment)
{
    follow(250000u, 500000u, 150000u, 300u);     /* 0.3 mL/day: 72 000 ms a pulse */
    follow(250000u, 500000u, 24000u, 700u);      /* the slowest */
    follow(249997u, 1999993u, 612347u, 300u);    /* awkward rationals */
    follow(263111u, 3u, 1u, 200u);               /* a third */
    follow(231893u, 99999989u, 55555553u, 150u); /* large primes */
    follow(250000u, 500000u, 11999999u, 3u);     /* 24 mL/day */
}

/* REQ-RATE-01, REQ-GUARD-02 */
Test(rate, random_programmes_follow_their_integral)
{
    uint64_t seed = 20260101u;
    for (int i = 0; i < 200; i++) {
        const uint32_t pulse_pl = 200000u + (uint32_t)(fake_random(&seed) % 100000u);
        const uint32_t conc = 1000u + (uint32_t)(fake_random(&seed) % 50000000u);
        const uint64_t nl = 48001u + fake_random(&seed) % 1900000u;
        follow(pulse_pl, conc, nl * conc / 1000000u + 1u, 20u);
    }
}

/* No pump lives for ten years: here the cell and the age are those of a new one, over and over. */
static void renew(fake_pump_t *p)
{
    dosing_state_t *state = (dosing_state_t *)(void *)p->state;
    state->life.age_ms = state->life.day_ms = 0u;
    state->life.used_nc = state->life.day_nc = 0u;
    dosing_crc_seal(&state->life, sizeof state->life);
}

/* REQ-RATE-02 */
Test(rate, ten_years_end_within_one_pulse)
{
    static const struct {
        uint32_t pulse_pl, concentration;
        uint64_t dose;
    } cases[] = {{250000u, 500000u, 150000u}, {249997u, 1999993u, 612347u}, {250001u, 7u, 1u}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fake_pump_t p;
        start(&p, cases[i].pulse_pl);
        cr_assert_eq(fake_refill(&p, 20000000u), DOSING_OK);
        cr_assert_eq(fake_simple(&p, cases[i].concentration, cases[i].dose), DOSING_OK);
        const uint64_t t0 = p.hal.now_ms;
        for (uint64_t day = 30; day <= 3650; day += 30) {
            fake_pump_run(&p, t0 + day * DAY_MS);
            renew(&p);
            cr_assert_eq(fake_refill(&p, 20000000u), DOSING_OK);
        }
        const long double due = (long double)cases[i].dose * 1e9L *
                                (long double)(p.hal.now_ms - t0) /
                                ((long double)cases[i].concentration * cases[i].pulse_pl * DAY_MS);
        const long double gap = (long double)fake_pulses(&p.hal) - due;
        cr_expect(gap > -1.0L && gap <= 1.001L, "case %zu: %Lg pulses off after ten years", i, gap);
        cr_expect_str_empty(p.hal.violation);
    }
}

/* REQ-RATE-03 */
Test(rate, a_rate_outside_the_range_is_refused_and_the_old_one_goes_on)
{
    fake_pump_t p;
    start(&p, 250000u);
    cr_assert_eq(fake_refill(&p, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&p, 500000u, 150000u), DOSING_OK);
    cr_expect_eq(fake_simple(&p, 500000u, 23999u), DOSING_REFUSED_RATE);
    cr_expect_eq(fake_simple(&p, 500000u, 12000001u), DOSING_REFUSED_RATE);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_DOSE, 8u), 150000u);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_COMMITS, 4u), 1u);
}

/* REQ-RATE-04 */
Test(rate, lateness_is_made_up_for_by_one_pulse_at_most)
{
    fake_pump_t p;
    start(&p, 250000u);
    cr_assert_eq(fake_refill(&p, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&p, 500000u, 150000u), DOSING_OK);
    fake_pump_run(&p, p.hal.now_ms + DAY_MS);
    const uint64_t before = fake_pulses(&p.hal);
    const uint64_t due = p.next_ms;
    p.hal.now_ms = due + DAY_MS; /* nobody calls for a day */
    p.next_ms = p.hal.now_ms;
    fake_pump_run(&p, p.hal.now_ms + 3600000u);
    cr_expect_leq(fake_pulses(&p.hal) - before, 50u + 50u + 3u);
    cr_expect_geq(fake_report(&p, DOSING_REPORT_AT_LOST_MS, 4u), DAY_MS - 2u * 72000u);
    cr_expect_str_empty(p.hal.violation);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_GUARD, 4u), 0u);
}
