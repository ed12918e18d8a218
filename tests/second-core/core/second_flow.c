/* SPDX-License-Identifier: Apache-2.0 */
/* Flow: rates, and the volume that is owed. */
#include "second_flow.h"

/* More is never owed: pulses of at most 9e6 pl, of which a train has 64. */
#define OWED_MAX_PULSES 100

/* ng/day at ng/mL is mL/day = 10^9 pl in 86 400 000 ms, so 625/54 pl per ms. The divisor is halved with the shift, so that
 * the rest, below 54 * 10^8, still fits. */
uint64_t second_flow_of_dose(uint64_t dose, uint32_t concentration)
{
    const uint64_t above = 625u * dose;
    const uint64_t below = UINT64_C(54) * concentration;
    const uint64_t whole = above / below;
    if (whole > SECOND_FLOW_RATE_MAX >> 32u) {
        return UINT64_MAX;
    }
    return (whole << 32u) + ((above % below) << 31u) / (below / 2u);
}

uint64_t second_flow_of_volume(uint64_t volume_pl, uint32_t ms)
{
    const uint64_t whole = volume_pl / ms;
    if (whole > SECOND_FLOW_RATE_MAX >> 32u) {
        return UINT64_MAX;
    }
    return (whole << 32u) + ((volume_pl % ms) << 32u) / ms;
}

uint64_t second_flow_volume_pl(uint64_t dose, uint32_t concentration)
{
    return dose * UINT64_C(1000000000) / concentration;
}

uint64_t second_flow_given_pl(uint64_t rate_q32, uint64_t ms)
{
    const uint64_t whole = rate_q32 >> 32u;
    const uint64_t part = rate_q32 & 0xFFFFFFFFu;
    if (ms > UINT32_MAX) {
        return rate_q32 == 0u ? 0u : UINT64_MAX;
    }
    return whole * ms + (part * ms >> 32u);
}

static int64_t pulse_q32(const second_flow_t *f)
{
    return (int64_t)((uint64_t)f->pulse_pl << 32u);
}

/* All above a bound is forgiven. */
static void cut(second_flow_t *f, int64_t most_q32)
{
    if (f->owed_q32 > most_q32) {
        f->lost_ms += f->rate_q32 == 0u ? 0u : (uint64_t)(f->owed_q32 - most_q32) / f->rate_q32;
        f->owed_q32 = most_q32;
    }
}

void second_flow_advance(second_flow_t *f, uint64_t to_ms)
{
    const uint64_t most_q32 = (uint64_t)pulse_q32(f) * OWED_MAX_PULSES;
    if (to_ms <= f->at_ms) {
        return;
    }
    const uint64_t ms = to_ms - f->at_ms;
    const uint64_t most_ms = f->rate_q32 == 0u ? UINT64_MAX : most_q32 / f->rate_q32;
    f->at_ms = to_ms;
    f->lost_ms += ms > most_ms ? ms - most_ms : 0u;
    f->owed_q32 += f->rate_q32 == 0u ? 0 : (int64_t)(f->rate_q32 * (ms < most_ms ? ms : most_ms));
    cut(f, (int64_t)most_q32);
}

void second_flow_pay(second_flow_t *f, uint32_t pulses)
{
    f->owed_q32 -= (int64_t)pulses * pulse_q32(f);
}

void second_flow_forgive(second_flow_t *f)
{
    cut(f, 2 * pulse_q32(f) - 1);
}

/* A pulse counts as owed where less than a millionth of it is not, or rates cut down would cost a millisecond each. */
static int64_t slack_q32(const second_flow_t *f)
{
    return pulse_q32(f) >> 20;
}

static uint64_t time_for(uint64_t q32, uint64_t rate_q32)
{
    return rate_q32 == 0u ? UINT64_MAX : q32 / rate_q32 + (q32 % rate_q32 != 0u ? 1u : 0u);
}

uint64_t second_flow_until(const second_flow_t *f, uint32_t pulses)
{
    const int64_t short_q32 = (int64_t)pulses * pulse_q32(f) - slack_q32(f) - f->owed_q32;
    return short_q32 <= 0 ? 0u : time_for((uint64_t)short_q32, f->rate_q32);
}

uint64_t second_flow_period(const second_flow_t *f)
{
    return time_for((uint64_t)(pulse_q32(f) - slack_q32(f)), f->rate_q32);
}
