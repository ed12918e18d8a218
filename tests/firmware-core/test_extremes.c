/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-RATE at the ends of every range: concentration, dose, pulse volume, rate, clock. */
#include <criterion/criterion.h>

#include "fake_hal.h"

#define DAY_MS UINT64_C(86400000)

static fake_pump_t pump;

static uint64_t one_of(uint64_t *seed, const uint64_t *values, uint32_t count)
{
    return values[fake_random(seed) % count];
}

/* A factory block at the ends of its ranges. */
static void build(uint64_t *seed)
{
    static const uint64_t pulse_pl[] = {10000u, 10007u, 249989u, 8999999u, 9000000u};
    static const uint64_t rate_max[] = {1000000u, 24000000u, 50000000u};
    static const uint64_t origin_ms[] = {0u, UINT64_C(1) << 32, UINT64_C(1) << 52};
    fake_init(&pump.hal);
    dosing_factory_t *f = &pump.hal.factory;
    f->pulse_volume_pl = (uint32_t)one_of(seed, pulse_pl, 5u);
    f->rate_max_nl_per_day = (uint32_t)one_of(seed, rate_max, 3u);
    f->rate_min_nl_per_day = f->pulse_volume_pl * 24u / 1000u + 1u;
    f->capacity_nl = 100000000u;
    f->volume_24h_max_nl = 50000000u;
    f->gap_ms = 100u;
    const uint64_t fastest_ms =
        (uint64_t)f->pulse_volume_pl * (DAY_MS / 1000u) / f->rate_max_nl_per_day;
    if (fastest_ms < f->gap_ms) {
        f->rate_max_nl_per_day =
            (uint32_t)((uint64_t)f->pulse_volume_pl * (DAY_MS / 1000u) / f->gap_ms);
    }
    pump.hal.now_ms = one_of(seed, origin_ms, 3u);
    fake_seal_factory(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(pump.status, DOSING_OK);
    cr_assert_eq(fake_refill(&pump, 100000000u), DOSING_OK);
}

/* REQ-RATE-05 */
Test(extremes, programmes_and_boluses_at_the_ends_of_all_ranges_follow_their_integral)
{
    static const uint64_t concentrations[] = {1u, 3u, 1000000u, 99999989u, 100000000u};
    uint64_t seed = 77u;
    uint32_t ran = 0;
    uint32_t boluses = 0;
    for (int i = 0; i < 400; i++) {
        build(&seed);
        const dosing_factory_t *f = &pump.hal.factory;
        const uint64_t c = one_of(&seed, concentrations, 5u);
        const uint64_t slow_ng = (f->rate_min_nl_per_day * c + 999999u) / 1000000u;
        const uint64_t fast_ng = f->rate_max_nl_per_day * c / 1000000u;
        const uint64_t dose = fake_random(&seed) % 2u == 0u ? slow_ng : fast_ng * 9u / 10u;
        if (fake_simple(&pump, (uint32_t)c, dose) != DOSING_OK) {
            continue;
        }
        ran++;
        const uint64_t t0_ms = pump.hal.now_ms;
        const long double per_ng = 1e9L / ((long double)c * f->pulse_volume_pl);
        fake_pump_run(&pump, t0_ms + 7200000u);
        const uint64_t bolus = dose / 100u + 1u;
        long double due = 0.0L;
        if (fake_bolus(&pump, bolus, (uint32_t)(DAY_MS / 5u)) == DOSING_OK) {
            boluses++;
            due = (long double)bolus * per_ng;
        }
        fake_pump_run(&pump, t0_ms + DAY_MS / 3u);
        due += (long double)dose * per_ng * (long double)(pump.hal.now_ms - t0_ms) / DAY_MS;
        const long double gap = (long double)fake_pulses(&pump.hal) - due;
        cr_assert(gap > -1.1L && gap <= 1.001L,
                  "case %d: %Lg pulses off: pulse %u conc %llu dose %llu", i, gap,
                  f->pulse_volume_pl, (unsigned long long)c, (unsigned long long)dose);
        cr_assert_str_empty(pump.hal.violation, "case %d: %s", i, pump.hal.violation);
        cr_assert_eq(fake_report(&pump, DOSING_REPORT_AT_GUARD, 4u), 0u, "case %d", i);
        const uint64_t nl = fake_report(&pump, DOSING_REPORT_AT_GIVEN_NL, 8u);
        cr_assert_eq(nl, fake_pulses(&pump.hal) * f->pulse_volume_pl / 1000u, "case %d", i);
    }
    cr_expect_gt(ran, 200u, "only %u ran", ran);
    cr_expect_gt(boluses, 50u, "only %u boluses", boluses);
}
