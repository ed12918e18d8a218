/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-LIMIT-03, REQ-GUARD-02: every mode under a clinician, a patient and a traveller, at the edge of the limits; brute force over
 * every window of 24 h. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "dosing_state.h"
#include "fake_image.h"

#define DAY_MS UINT64_C(86400000)
#define HOUR_MS UINT64_C(3600000)
#define PULSES_MAX 400000u
#define PULSE_PL 250000u

typedef struct record_t {
    uint64_t *at_ms;
    uint64_t *mass; /* pl * ng/mL of each pulse; 0: of a prime */
    uint32_t count;
    uint64_t mass_old, mass_new;
    uint64_t bridge; /* pulses until mass_new */
    uint64_t primes; /* pulses of a prime that may come */
} record_t;

static fake_pump_t pump;

static void on_train(void *context, uint64_t start_ms, uint32_t period_ms, uint32_t done)
{
    record_t *r = context;
    const dosing_state_t *state = (const dosing_state_t *)(const void *)pump.state;
    const bool prime = state->path.bolus == DOSING_DELIVERY_PRIME;
    for (uint32_t i = 0; i < done && r->count < PULSES_MAX; i++, r->count++) {
        r->at_ms[r->count] = start_ms + (uint64_t)i * period_ms;
        r->mass[r->count] = prime ? 0u : r->bridge > 0u ? r->mass_old : r->mass_new;
        r->bridge -= r->bridge > 0u ? 1u : 0u;
        r->primes -= prime ? 1u : 0u;
    }
}

static uint64_t heaviest(const record_t *r, bool mass)
{
    uint64_t sum = 0;
    uint64_t most = 0;
    uint32_t first = 0;
    for (uint32_t i = 0; i < r->count; i++) {
        sum += mass ? r->mass[i] : r->mass[i] != 0u;
        for (; r->at_ms[i] - r->at_ms[first] >= DAY_MS; first++) {
            sum -= mass ? r->mass[first] : r->mass[first] != 0u;
        }
        most = sum > most ? sum : most;
    }
    return most;
}

typedef struct clinic_t {
    uint64_t seed;
    uint64_t limit_nl, limit_ng;
    uint32_t concentration;
    uint32_t revision;
    uint32_t accepted[16], refused[16];
    record_t *r;
} clinic_t;

static uint64_t any(clinic_t *c, uint64_t below)
{
    return fake_random(&c->seed) % below;
}

static void add_steps(clinic_t *c, uint8_t *image)
{
    uint32_t minute = 0u;
    const uint64_t top = c->limit_nl + c->limit_nl / 2u;
    while (minute < 1440u && image[DOSING_PROGRAMME_AT_STEPS] < 40u) {
        const uint64_t nl = 48000u + any(c, top);
        image_step(image, IMAGE_DAILY, minute, nl * c->concentration / 1000000u + 1u);
        if (any(c, 3u) == 0u && minute > 0u) {
            image[DOSING_PROGRAMME_BYTES +
                  (image[DOSING_PROGRAMME_AT_STEPS] - 1u) * DOSING_STEP_BYTES] = IMAGE_WORKDAYS;
        }
        minute += 30u + (uint32_t)any(c, 700u);
    }
}

static void make(clinic_t *c, uint8_t *image)
{
    const uint64_t nl = 48000u + any(c, c->limit_nl);
    memset(image, 0, DOSING_IMAGE_BYTES_MAX);
    fake_programme(image, c->concentration, nl * c->concentration / 1000000u + 1u);
    if (any(c, 2u) == 0u) {
        image_flex(image, c->concentration);
        add_steps(c, image);
    }
    for (uint64_t i = any(c, 4u); i > 0u; i--) {
        image_timed(image, (uint32_t)(1u + any(c, 127u)), (uint32_t)any(c, 1440u),
                    (uint32_t)(60000u + any(c, 3000000u)), 1u + any(c, c->limit_ng / 12u));
    }
    if (any(c, 2u) == 0u) {
        const uint32_t lockout = (uint32_t)(HOUR_MS + any(c, 6u * HOUR_MS));
        image_patient(image, 1u + any(c, c->limit_ng / 30u), 900000u, lockout,
                      lockout + (uint32_t)any(c, DAY_MS - lockout + 1u), 1u + (uint32_t)any(c, 6u),
                      1u + (uint32_t)any(c, 8u));
    }
    fake_put(image + DOSING_PROGRAMME_AT_VOLUME_24H, c->limit_nl, 4u);
    fake_put(image + DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_LIMIT, c->limit_ng, 8u);
}

static dosing_status_t commit(clinic_t *c)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    const uint32_t before = c->concentration;
    const bool other = any(c, 5u) == 0u;
    c->concentration = other ? 250000u + (uint32_t)any(c, 750000u) : before;
    make(c, image);
    const uint64_t bridge_nl = other ? any(c, 300000u) : 0u;
    fake_put(image + DOSING_PROGRAMME_AT_BRIDGE, bridge_nl, 4u);
    const dosing_status_t status = fake_commit(&pump, image);
    if (!other || status != DOSING_OK || c->concentration == before) {
        c->concentration = before;
        return status;
    }
    c->r->bridge = (bridge_nl * 1000u + PULSE_PL - 1u) / PULSE_PL;
    c->r->mass_old = c->r->mass_new;
    c->r->mass_new = (uint64_t)PULSE_PL * c->concentration;
    return status;
}

static dosing_status_t act(clinic_t *c, uint64_t kind)
{
    switch (kind) {
    case 0:
    case 1:
        return commit(c);
    case 2:
    case 3:
        return fake_bolus(&pump, 1u + any(c, c->limit_ng / 4u),
                          (uint32_t)(60000u + any(c, 3u * HOUR_MS)));
    case 4:
        return fake_set_time(&pump, (uint32_t)any(c, IMAGE_WEEK_MS));
    case 5:
        return any(c, 6u) == 0u ? fake_stop(&pump) : DOSING_OK;
    case 6:
        c->revision++;
        return fake_prime(&pump, (uint32_t)any(c, 50000u), (uint32_t)any(c, 100000u), c->revision);
    case 7:
        return fake_refill(&pump, 20000000u);
    default:
        return fake_request(&pump);
    }
}

static void torment(clinic_t *c)
{
    const uint64_t seed0 = c->seed;
    record_t *r = c->r;
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    c->concentration = 500000u;
    c->revision = 0u;
    c->limit_nl = 300000u + any(c, 1000000u);
    c->limit_ng = (c->limit_nl + any(c, 200000u)) * c->concentration / 1000000u;
    r->count = 0u;
    r->bridge = 0u;
    r->mass_new = (uint64_t)PULSE_PL * c->concentration;
    pump.hal.on_train = on_train;
    pump.hal.on_train_context = r;
    (void)fake_refill(&pump, 20000000u);
    (void)fake_set_time(&pump, (uint32_t)any(c, IMAGE_WEEK_MS));
    for (int step = 0; step < 300; step++) {
        const uint64_t kind = step == 0 ? 0u : any(c, 11u);
        const dosing_status_t status = act(c, kind);
        *(status == DOSING_OK ? &c->accepted[kind] : &c->refused[kind]) += 1u;
        fake_pump_run(&pump, pump.hal.now_ms + any(c, 9u * HOUR_MS));
    }
    cr_assert_lt(r->count, PULSES_MAX);
    cr_expect_leq(heaviest(r, false) * PULSE_PL, c->limit_nl * 1000u, "seed %llu: volume in 24 h",
                  (unsigned long long)seed0);
    cr_expect_leq(heaviest(r, true), c->limit_ng * UINT64_C(1000000000), "seed %llu: mass in 24 h",
                  (unsigned long long)seed0);
    cr_expect_str_empty(pump.hal.violation, "seed %llu: %s", (unsigned long long)seed0,
                        pump.hal.violation);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_GUARD, 4u), 0u,
                 "seed %llu: the guard cut what was accepted", (unsigned long long)seed0);
    cr_expect_eq(pump.status, DOSING_OK, "seed %llu: status %d", (unsigned long long)seed0,
                 pump.status);
}

/* REQ-LIMIT-03, REQ-GUARD-02 */
Test(week, no_window_exceeds_and_nothing_accepted_is_cut)
{
    record_t r = {.at_ms = calloc(PULSES_MAX, sizeof *r.at_ms),
                  .mass = calloc(PULSES_MAX, sizeof *r.mass)};
    clinic_t c = {.r = &r};
    for (uint64_t seed = 1; seed <= 100; seed++) {
        c.seed = seed * 7919u;
        torment(&c);
    }
    for (size_t kind = 0; kind < 9u; kind++) {
        cr_expect_gt(c.accepted[kind], 100u, "of order %zu too few were accepted: %u", kind,
                     c.accepted[kind]);
    }
    cr_expect_gt(c.refused[0] + c.refused[1], 1000u, "too few programmes were refused");
    free(r.at_ms);
    free(r.mass);
}
