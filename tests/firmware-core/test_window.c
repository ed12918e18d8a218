/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-LIMIT: every window of 24 h against the limits in force when it ends, while rates, limits, concentrations and
 * lateness change. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "fake_hal.h"

#define DAY_MS UINT64_C(86400000)
#define PULSES_MAX 200000u
#define PULSE_PL 250000u
#define DRUGS 2u

/* What was committed last. */
typedef struct committed_t {
    uint64_t volume_pl;
    uint64_t limit_ag[DRUGS], pulse_ag[DRUGS];
} committed_t;

typedef struct record_t {
    uint64_t *at_ms;
    committed_t *under;
    uint32_t count;
    committed_t now;
} record_t;

static void on_train(void *context, uint64_t start_ms, uint32_t period_ms, uint32_t done)
{
    record_t *r = context;
    for (uint32_t i = 0; i < done && r->count < PULSES_MAX; i++, r->count++) {
        r->at_ms[r->count] = start_ms + (uint64_t)i * period_ms;
        r->under[r->count] = r->now;
    }
}

/* Each pulse ends a window of 24 h: what that holds is within the limits in force at that pulse. */
static void expect_within(const record_t *r, uint64_t seed)
{
    uint64_t ag[DRUGS] = {0};
    uint32_t first = 0;
    for (uint32_t i = 0; i < r->count; i++) {
        for (; r->at_ms[i] - r->at_ms[first] >= DAY_MS; first++) {
            for (uint32_t d = 0; d < DRUGS; d++) {
                ag[d] -= r->under[first].pulse_ag[d];
            }
        }
        cr_assert_leq((uint64_t)(i - first + 1u) * PULSE_PL, r->under[i].volume_pl,
                      "seed %llu pulse %u: volume", (unsigned long long)seed, i);
        for (uint32_t d = 0; d < DRUGS; d++) {
            ag[d] += r->under[i].pulse_ag[d];
            cr_assert_leq(ag[d], r->under[i].limit_ag[d], "seed %llu pulse %u: drug %u",
                          (unsigned long long)seed, i, d);
        }
    }
}

static bool commit(fake_pump_t *p, record_t *r, uint64_t *seed)
{
    static const uint32_t of[] = {100000u, 250000u, 500000u, 2000000u};
    uint8_t programme[DOSING_PROGRAMME_BYTES];
    committed_t c;
    const uint32_t concentration[DRUGS] = {of[fake_random(seed) % 4u], of[fake_random(seed) % 4u]};
    const uint64_t nl = 48001u + fake_random(seed) % 600000u;
    const uint64_t limit_nl = 300000u + fake_random(seed) % 1000000u;
    const bool stopped = fake_random(seed) % 10u == 0u;
    fake_programme(programme, concentration[0], stopped ? 0u : nl * concentration[0] / 1000000u);
    programme[DOSING_PROGRAMME_AT_DRUGS] = DRUGS;
    fake_put(programme + DOSING_PROGRAMME_AT_VOLUME_24H, limit_nl, 4u);
    c.volume_pl = limit_nl * 1000u;
    for (uint32_t d = 0; d < DRUGS; d++) {
        const uint64_t limit_ng = 100000u + fake_random(seed) % 900000u;
        uint8_t *drug = programme + DOSING_PROGRAMME_AT_DRUG + d * DOSING_DRUG_BYTES;
        fake_put(drug + DOSING_DRUG_AT_CONCENTRATION, concentration[d], 4u);
        fake_put(drug + DOSING_DRUG_AT_LIMIT, limit_ng, 8u);
        c.limit_ag[d] = limit_ng * UINT64_C(1000000000);
        c.pulse_ag[d] = (uint64_t)PULSE_PL * concentration[d];
    }
    const bool accepted = fake_commit(p, programme) == DOSING_OK;
    r->now = accepted ? c : r->now;
    return accepted;
}

/* A clinician with unsteady hands and a platform that sometimes sleeps in. */
static uint32_t torment(uint64_t seed, record_t *r)
{
    const uint64_t seed0 = seed;
    static fake_pump_t p;
    uint32_t accepted = 0;
    fake_init(&p.hal);
    fake_pump_start(&p);
    r->count = 0u;
    p.hal.on_train = on_train;
    p.hal.on_train_context = r;
    for (int step = 0; step < 300; step++) {
        const uint64_t kind = fake_random(&seed) % 12u;
        if (kind < 6u) {
            accepted += commit(&p, r, &seed) ? 1u : 0u;
        } else if (kind < 9u) {
            const uint64_t dose = 1u + fake_random(&seed) % 200000u;
            accepted +=
                fake_bolus(&p, dose, (uint32_t)(1000u + fake_random(&seed) % DAY_MS)) == DOSING_OK
                    ? 1u
                    : 0u;
        } else if (kind == 9u || step == 0) {
            (void)fake_refill(&p, (uint32_t)(fake_random(&seed) % 20000000u));
        } else if (kind == 10u) {
            (void)fake_send(&p, DOSING_FRAME_STOP, NULL, 0u);
        } else {
            p.hal.now_ms += fake_random(&seed) % (2u * DAY_MS);
        }
        fake_pump_run(&p, p.hal.now_ms + fake_random(&seed) % (8u * 3600000u));
    }
    expect_within(r, seed0);
    cr_expect_str_empty(p.hal.violation, "seed %llu: %s", (unsigned long long)seed0,
                        p.hal.violation);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_GUARD, 4u), 0u,
                 "seed %llu: the guard cut what was accepted", (unsigned long long)seed0);
    return accepted;
}

/* REQ-LIMIT-01, REQ-LIMIT-02, REQ-GUARD-02 */
Test(window, no_change_of_rate_limit_or_concentration_opens_a_gap)
{
    static record_t r;
    uint32_t accepted = 0;
    r.at_ms = calloc(PULSES_MAX, sizeof *r.at_ms);
    r.under = calloc(PULSES_MAX, sizeof *r.under);
    for (uint64_t seed = 1000; seed < 1150; seed++) {
        accepted += torment(seed, &r);
    }
    cr_expect_gt(accepted, 5000u, "only %u accepted: too few to mean anything", accepted);
    free(r.at_ms);
    free(r.under);
}
