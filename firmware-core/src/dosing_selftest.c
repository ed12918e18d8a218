/* SPDX-License-Identifier: Apache-2.0 */
/* Known answers, sums that must agree, hardware that must answer. */
#include "dosing_selftest.h"

#include "dosing_alarm.h"
#include "dosing_crc.h"
#include "dosing_fixed.h"
#include "dosing_log.h"

#define TRIES 3u /* of hardware: one that fails once is not broken */

/* 2^32 + 1 = 641 * 6700417: operands wider than a word, with a divisor in common. */
const dosing_answers_t dosing_selftest_known = {
    .a = UINT64_C(4294967297),
    .b = 1923u,
    .product = UINT64_C(8259222112131),
    .divisor = 641u,
    .quotient = 2233473u,
    .crc = 0xCBF43926u,
};

static bool crc_is(uint32_t known)
{
    uint8_t block[12] = "123456789";
    const bool good = dosing_crc(block, 9u) == known;
    dosing_crc_seal(block, sizeof block);
    const bool holds = dosing_crc_holds(block, sizeof block);
    block[4] ^= 0x10u;
    return good && holds && !dosing_crc_holds(block, sizeof block);
}

static bool arithmetic_is(const dosing_answers_t *k)
{
    uint64_t product = 0;
    uint64_t none = 0;
    return dosing_fixed_multiply(k->a, k->b, k->product, &product) && product == k->product &&
           !dosing_fixed_multiply(k->a, k->b, k->product - 1u, &none) &&
           dosing_fixed_gcd(k->a, k->b) == k->divisor &&
           dosing_fixed_divide_up(k->a, k->b) == k->quotient;
}

uint32_t dosing_selftest_answers(const dosing_answers_t *known)
{
    return (crc_is(known->crc) ? 0u : DOSING_SELFTEST_CRC) |
           (arithmetic_is(known) ? 0u : DOSING_SELFTEST_ARITHMETIC);
}

/* The sums that the guard goes by, against the hours that they are sums of: at most 25 of 2^32. */
static bool ring_adds_up(const dosing_state_t *state)
{
    const dosing_run_t *run = &state->run;
    uint64_t all = run->bucket_all;
    uint64_t now = run->bucket_now;
    for (uint32_t i = 0; i < DOSING_BUCKETS; i++) {
        all += i != run->bucket ? state->ring[i].all : 0u;
        now += i != run->bucket ? state->ring[i].now : 0u;
    }
    return all == run->window_all && now == run->window_now && now <= all;
}

static bool factory_reads_as_before(const dosing_state_t *state)
{
    const dosing_port_t port = dosing_state_port(state);
    dosing_factory_t f = {0};
    bool good = false;
    for (uint32_t i = 0; i < TRIES && !good; i++) {
        good = port.hal->factory_read(port.context, &f) == DOSING_HAL_OK &&
               f.crc == state->therapy.factory.crc && dosing_programme_factory_crc(&f) == f.crc;
    }
    return good;
}

/* It answers, and has moved since the test before. */
static bool second_runs(dosing_state_t *state)
{
    const dosing_port_t port = dosing_state_port(state);
    uint64_t ms = 0;
    bool good = false;
    for (uint32_t i = 0; i < TRIES && !good; i++) {
        good = port.hal->second_clock_ms(port.context, &ms) == DOSING_HAL_OK &&
               (state->life.seen_second_ms == 0u || ms > state->life.seen_second_ms);
    }
    state->life.seen_second_ms = good ? ms : state->life.seen_second_ms;
    return good;
}

static bool watchdog_answers(const dosing_state_t *state)
{
    const dosing_port_t port = dosing_state_port(state);
    bool good = false;
    for (uint32_t i = 0; i < TRIES && !good; i++) {
        good = port.hal->watchdog(port.context) == DOSING_HAL_OK;
    }
    return good;
}

bool dosing_selftest_run(dosing_state_t *state)
{
    uint32_t failed = dosing_selftest_answers(&dosing_selftest_known);
    failed |= factory_reads_as_before(state) ? 0u : DOSING_SELFTEST_FACTORY;
    failed |= second_runs(state) ? 0u : DOSING_SELFTEST_CLOCK;
    failed |= watchdog_answers(state) ? 0u : DOSING_SELFTEST_WATCHDOG;
    failed |= ring_adds_up(state) ? 0u : DOSING_SELFTEST_RING;
    if (failed != 0u && failed != state->life.selftest) {
        dosing_log_note(state, DOSING_EVENT_SELFTEST, 0u, failed);
    }
    if (failed != 0u) {
        dosing_alarm_raise(state, DOSING_ALARM_SELFTEST);
    } else {
        dosing_alarm_end(state, DOSING_ALARM_SELFTEST);
    }
    state->life.selftest = failed;
    dosing_crc_seal(&state->life, sizeof state->life);
    return (failed & DOSING_SELFTEST_STOPS) == 0u;
}
