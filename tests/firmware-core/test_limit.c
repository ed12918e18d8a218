/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-LIMIT and REQ-BOLUS: random programmes and boluses against a brute-force count over every window of 24 h. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "fake_hal.h"

#define DAY_MS UINT64_C(86400000)
#define PULSES_MAX 200000u

typedef struct record_t {
    uint64_t *at_ms; /* of each pulse */
    uint64_t *mass;  /* pl * ng/mL of each pulse */
    uint32_t count;
    uint64_t pulse_mass; /* now */
} record_t;

static void on_train(void *context, uint64_t start_ms, uint32_t period_ms, uint32_t done)
{
    record_t *r = context;
    for (uint32_t i = 0; i < done && r->count < PULSES_MAX; i++, r->count++) {
        r->at_ms[r->count] = start_ms + (uint64_t)i * period_ms;
        r->mass[r->count] = r->pulse_mass;
    }
}

/* The heaviest window [t, t + 24 h) that begins at a pulse: the maximum over every position is one of these. */
static uint64_t heaviest(const record_t *r, const uint64_t *weight)
{
    uint64_t sum = 0;
    uint64_t most = 0;
    uint32_t first = 0;
    for (uint32_t i = 0; i < r->count; i++) {
        sum += weight != NULL ? weight[i] : 1u;
        for (; r->at_ms[i] - r->at_ms[first] >= DAY_MS; first++) {
            sum -= weight != NULL ? weight[first] : 1u;
        }
        most = sum > most ? sum : most;
    }
    return most;
}

typedef struct outcome_t {
    uint32_t accepted, refused;
} outcome_t;

static void count(outcome_t *o, dosing_status_t status)
{
    *(status == DOSING_OK ? &o->accepted : &o->refused) += 1u;
}

/* One pump under a clinician who commits, boluses, stops and refills at random, at the edge of the limits. */
static outcome_t torment(uint64_t seed, record_t *r)
{
    const uint64_t seed0 = seed;
    const uint32_t concentration = 500000u;
    fake_pump_t p;
    outcome_t o = {0};
    uint8_t programme[DOSING_PROGRAMME_BYTES];
    const uint64_t limit_nl = 300000u + fake_random(&seed) % 1000000u;
    const uint64_t limit_ng = (limit_nl + fake_random(&seed) % 200000u) * concentration / 1000000u;
    fake_init(&p.hal);
    fake_pump_start(&p);
    r->count = 0u;
    r->pulse_mass = UINT64_C(250000) * concentration;
    p.hal.on_train = on_train;
    p.hal.on_train_context = r;
    (void)fake_refill(&p, 20000000u);
    for (int step = 0; step < 300; step++) {
        const uint64_t kind = fake_random(&seed) % 10u;
        const uint64_t nl = 48000u + fake_random(&seed) % (limit_nl + limit_nl / 8u);
        if (kind < 2u || step == 0) {
            fake_programme(programme, concentration, nl * concentration / 1000000u + 1u);
            fake_put(programme + DOSING_PROGRAMME_AT_VOLUME_24H, limit_nl, 4u);
            fake_put(programme + DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_LIMIT, limit_ng, 8u);
            count(&o, fake_commit(&p, programme));
        } else if (kind < 7u) {
            const uint64_t dose = 1u + fake_random(&seed) % (limit_ng / 2u);
            const uint32_t ms = (uint32_t)(60000u + fake_random(&seed) % 14400000u);
            count(&o, fake_bolus(&p, dose, ms));
        } else if (kind < 8u) {
            (void)fake_refill(&p, 20000000u);
        } else if (kind < 9u && fake_random(&seed) % 8u == 0u) {
            (void)fake_send(&p, DOSING_FRAME_STOP, NULL, 0u);
        }
        fake_pump_run(&p, p.hal.now_ms + fake_random(&seed) % (6u * 3600000u));
    }
    cr_expect_leq(heaviest(r, NULL) * 250000u, limit_nl * 1000u, "seed %llu: volume in 24 h",
                  (unsigned long long)seed0);
    cr_expect_leq(heaviest(r, r->mass), limit_ng * UINT64_C(1000000000), "seed %llu: mass in 24 h",
                  (unsigned long long)seed0);
    cr_expect_str_empty(p.hal.violation, "seed %llu: %s", (unsigned long long)seed0,
                        p.hal.violation);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_GUARD, 4u), 0u,
                 "seed %llu: the guard cut what was accepted", (unsigned long long)seed0);
    return o;
}

/* REQ-LIMIT-01, REQ-LIMIT-02, REQ-GUARD-02 */
Test(limit, no_window_exceeds_and_nothing_accepted_is_cut)
{
    record_t r = {.at_ms = calloc(PULSES_MAX, sizeof *r.at_ms),
                  .mass = calloc(PULSES_MAX, sizeof *r.mass)};
    outcome_t all = {0};
    for (uint64_t seed = 1; seed <= 120; seed++) {
        const outcome_t o = torment(seed, &r);
        all.accepted += o.accepted;
        all.refused += o.refused;
    }
    cr_expect_gt(all.accepted, 2000u, "too few accepted (%u) for the test to mean anything",
                 all.accepted);
    cr_expect_gt(all.refused, 2000u, "too few refused (%u)", all.refused);
    free(r.at_ms);
    free(r.mass);
}

static void start(fake_pump_t *p)
{
    fake_init(&p->hal);
    fake_pump_start(p);
    (void)fake_refill(p, 20000000u);
}

/* REQ-BOLUS-01 */
Test(bolus, gives_its_dose_on_top_of_the_basal_rate_within_a_pulse)
{
    fake_pump_t p;
    start(&p);
    cr_assert_eq(fake_simple(&p, 500000u, 150000u), DOSING_OK);
    const uint64_t t0 = p.hal.now_ms;
    fake_pump_run(&p, t0 + 5u * 3600000u + 12345u);
    cr_assert_eq(fake_bolus(&p, 50000u, 600000u), DOSING_OK); /* 0.1 mL: 400 pulses in 10 min */
    fake_pump_run(&p, p.hal.now_ms + 600000u);
    const double due = (double)(p.hal.now_ms - t0) / 72000.0 + 400.0;
    cr_expect_float_eq((double)fake_pulses(&p.hal), due, 1.1);
    fake_pump_run(&p, t0 + DAY_MS);
    cr_expect_float_eq((double)fake_pulses(&p.hal), 1600.0, 1.1);
    cr_expect_str_empty(p.hal.violation);
}

/* REQ-BOLUS-02 */
Test(bolus, begins_within_a_pulse_of_the_frame_at_the_slowest_rate)
{
    fake_pump_t p;
    start(&p);
    cr_assert_eq(fake_simple(&p, 500000u, 24000u), DOSING_OK);
    fake_pump_run(&p, p.hal.now_ms + 10u * 3600000u + 200000u);
    const uint64_t before = fake_pulses(&p.hal);
    cr_assert_eq(fake_bolus(&p, 5000u, 300000u), DOSING_OK); /* 40 pulses in 5 min */
    fake_pump_run(&p, p.hal.now_ms + 2u * 7500u);
    cr_expect_geq(fake_pulses(&p.hal) - before, 1u);
    fake_pump_run(&p, p.hal.now_ms + 300000u - 2u * 7500u);
    cr_expect_float_eq((double)(fake_pulses(&p.hal) - before), 40.0 + 300.0 / 450.0, 1.1);
}

/* REQ-BOLUS-01 */
Test(bolus, works_on_a_stopped_programme)
{
    fake_pump_t p;
    start(&p);
    cr_assert_eq(fake_simple(&p, 500000u, 0u), DOSING_OK);
    cr_assert_eq(fake_bolus(&p, 12345u, 777777u), DOSING_OK); /* 98.76 pulses */
    fake_pump_run(&p, p.hal.now_ms + DAY_MS);
    cr_expect_float_eq((double)fake_pulses(&p.hal), 98.76, 1.0);
    cr_expect_str_empty(p.hal.violation);
}

/* REQ-BOLUS-03 */
Test(bolus, is_refused_where_it_cannot_be_given_whole)
{
    fake_pump_t p;
    fake_init(&p.hal);
    fake_pump_start(&p);
    cr_expect_eq(fake_bolus(&p, 1000u, 60000u), DOSING_REFUSED_NOT_NOW);
    cr_assert_eq(fake_simple(&p, 500000u, 150000u), DOSING_OK);
    cr_expect_eq(fake_bolus(&p, 1000u, 60000u), DOSING_REFUSED_ALARM, "no refill yet: empty");
    cr_assert_eq(fake_refill(&p, 1200000u), DOSING_OK);
    cr_expect_eq(fake_bolus(&p, 150000u, 3600000u), DOSING_REFUSED_VOLUME);
    cr_assert_eq(fake_refill(&p, 20000000u), DOSING_OK);
    cr_expect_eq(fake_bolus(&p, 150000u, 60000u), DOSING_REFUSED_RATE);
    cr_assert_eq(fake_bolus(&p, 15000u, 3600000u), DOSING_OK);
    cr_expect_eq(fake_bolus(&p, 15000u, 3600000u), DOSING_REFUSED_BUSY);
}

/* REQ-BOLUS-03: what the basal rate takes meanwhile is not there for the bolus. */
Test(bolus, is_refused_where_the_basal_rate_would_leave_too_little)
{
    fake_pump_t p;
    start(&p);
    cr_assert_eq(fake_simple(&p, 500000u, 500000u), DOSING_OK); /* 1 mL/day; empty at 1 mL */
    cr_assert_eq(fake_refill(&p, 2500000u), DOSING_OK);
    cr_expect_eq(fake_bolus(&p, 300000u, 86400000u), DOSING_REFUSED_VOLUME, "1 + 0.6 of 1.5 mL");
    cr_assert_eq(fake_bolus(&p, 240000u, 86400000u), DOSING_OK, "1 + 0.48 of 1.5 mL");
    fake_pump_run(&p, p.hal.now_ms + DAY_MS);
    cr_expect_float_eq((double)fake_pulses(&p.hal), 4000.0 + 1920.0, 1.1);
}

/* REQ-BOLUS-04 */
Test(stop, ends_basal_and_bolus_at_once)
{
    fake_pump_t p;
    start(&p);
    cr_assert_eq(fake_simple(&p, 500000u, 150000u), DOSING_OK);
    cr_assert_eq(fake_bolus(&p, 50000u, 600000u), DOSING_OK);
    fake_pump_run(&p, p.hal.now_ms + 300000u);
    cr_assert_eq(fake_send(&p, DOSING_FRAME_STOP, NULL, 0u), DOSING_OK);
    const uint64_t pulses = fake_pulses(&p.hal);
    fake_pump_run(&p, p.hal.now_ms + 10u * DAY_MS);
    cr_expect_eq(fake_pulses(&p.hal), pulses);
}
