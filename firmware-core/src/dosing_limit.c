/* SPDX-License-Identifier: Apache-2.0 */
/* The ring of hours. Masses are in attogram: 1 pl at 1 ng/mL; a day at 50 mL and 100 mg/mL is 5e18 of 1.8e19. */
#include "dosing_limit.h"

#include "dosing_crc.h"
#include "dosing_fixed.h"

#define AG_PER_NG UINT64_C(1000000000)
#define NO_CAP UINT32_MAX

static void seal(dosing_bucket_t *bucket)
{
    dosing_crc_seal(bucket, sizeof *bucket);
}

static void seal_past(dosing_state_t *state)
{
    dosing_crc_seal(&state->past, sizeof state->past);
}

void dosing_limit_init(dosing_state_t *state, uint64_t now_ms)
{
    state->past = (dosing_past_t){0};
    seal_past(state);
    for (uint32_t i = 0; i < DOSING_BUCKETS; i++) {
        state->ring[i] = (dosing_bucket_t){0};
        seal(&state->ring[i]);
    }
    state->run.bucket_end_ms = now_ms + DOSING_BUCKET_MS;
}

static uint64_t pulse_ag(const dosing_state_t *state, const uint32_t *concentration, uint32_t drug)
{
    return (uint64_t)state->path.pulse_pl * concentration[drug];
}

/* Pulses of the train that runs: all of them, as if they fell into the bucket being filled. A prime's count nowhere. */
static uint32_t in_flight(const dosing_state_t *state)
{
    const bool counts = state->run.running != 0u && state->path.bolus != DOSING_DELIVERY_PRIME;
    return counts ? state->run.count : 0u;
}

static uint32_t pulses_all(const dosing_state_t *state, uint32_t i)
{
    return i == state->run.bucket ? state->run.bucket_all + in_flight(state) : state->ring[i].all;
}

static uint64_t mass_ag(const dosing_state_t *state, uint32_t i, uint32_t drug)
{
    const uint32_t now =
        i == state->run.bucket ? state->run.bucket_now + in_flight(state) : state->ring[i].now;
    return state->past.ag[i][drug] +
           now * pulse_ag(state, state->therapy.concentration_ng_per_ml, drug);
}

static uint64_t old_mass_ag(const dosing_state_t *state, uint32_t drug, uint32_t without)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < DOSING_BUCKETS; i++) {
        sum += i != without ? state->past.ag[i][drug] : 0u;
    }
    return sum;
}

static uint32_t smaller(uint64_t a, uint32_t b)
{
    return a < b ? (uint32_t)a : b;
}

/* Pulses under the running programme that every drug's limit leaves room for, bucket `without` expired. */
static uint32_t mass_cap(const dosing_state_t *state, uint32_t without)
{
    const dosing_programme_t *p = &state->therapy.programme;
    uint32_t cap = NO_CAP;
    for (uint32_t drug = 0; drug < p->drugs; drug++) {
        const uint64_t limit = p->limit_ng[drug] * AG_PER_NG;
        const uint64_t old = state->run.old_left != 0u ? old_mass_ag(state, drug, without) : 0u;
        const uint64_t ag = pulse_ag(state, state->therapy.concentration_ng_per_ml, drug);
        if (limit != 0u && ag != 0u) { /* before a bridge's end a new drug is not in the path yet */
            cap = smaller(old < limit ? (limit - old) / ag : 0u, cap);
        }
    }
    return cap;
}

void dosing_limit_caps(dosing_state_t *state)
{
    const uint64_t volume_pl = (uint64_t)state->therapy.programme.volume_24h_nl * 1000u;
    state->run.cap_now = mass_cap(state, DOSING_BUCKETS);
    state->run.cap_all = smaller(volume_pl / state->path.pulse_pl, NO_CAP);
}

static bool masses_hold(const dosing_state_t *state)
{
    bool good = dosing_crc_holds(&state->therapy, sizeof state->therapy) &&
                dosing_crc_holds(&state->past, sizeof state->past);
    for (uint32_t i = 0; i < DOSING_BUCKETS && good; i++) {
        good = dosing_crc_holds(&state->ring[i], sizeof state->ring[i]);
    }
    return good;
}

static uint32_t next_bucket(const dosing_run_t *run)
{
    return run->bucket + 1u == DOSING_BUCKETS ? 0u : run->bucket + 1u;
}

/* Of `count` pulses from start_ms, those that begin before the bucket being filled ends. */
static uint32_t begun_in_bucket(const dosing_run_t *run, uint64_t start_ms, uint32_t period_ms,
                                uint32_t count)
{
    if (start_ms >= run->bucket_end_ms) {
        return 0u;
    }
    const uint64_t left_ms = run->bucket_end_ms - start_ms;
    if ((uint64_t)count * period_ms <= left_ms) {
        return count;
    }
    const uint64_t begun = dosing_fixed_divide_up(left_ms, period_ms);
    return begun < count ? (uint32_t)begun : count;
}

static bool fits(const dosing_run_t *run, uint64_t all, uint64_t now, uint32_t cap_now)
{
    return all <= run->cap_all && now <= cap_now;
}

bool dosing_limit_allows(const dosing_state_t *state, uint64_t now_ms, uint32_t count,
                         uint32_t period_ms)
{
    const dosing_run_t *run = &state->run;
    if (fits(run, (uint64_t)run->window_all + count, (uint64_t)run->window_now + count,
             run->cap_now)) {
        return true;
    }
    if (!masses_hold(state)) {
        return false;
    }
    const uint64_t before = begun_in_bucket(run, now_ms, period_ms, count);
    const dosing_bucket_t *oldest = &state->ring[next_bucket(run)];
    return fits(run, run->window_all + before, run->window_now + before, run->cap_now) &&
           fits(run, (uint64_t)run->window_all - oldest->all + count,
                (uint64_t)run->window_now - oldest->now + count, mass_cap(state, next_bucket(run)));
}

/* The mass of an expired bucket. */
static bool forget(dosing_state_t *state, uint32_t bucket)
{
    if (!dosing_crc_holds(&state->past, sizeof state->past)) {
        return false;
    }
    for (uint32_t drug = 0; drug < DOSING_DRUGS_MAX; drug++) {
        state->past.ag[bucket][drug] = 0u;
    }
    seal_past(state);
    return true;
}

/* What the oldest bucket held stays in its place until that is full again: run.bucket_all and _now count meanwhile. */
static bool roll_one(dosing_state_t *state)
{
    dosing_run_t *run = &state->run;
    dosing_bucket_t *full = &state->ring[run->bucket];
    full->all = run->bucket_all;
    full->now = run->bucket_now;
    seal(full);
    run->bucket = next_bucket(run);
    const dosing_bucket_t *oldest = &state->ring[run->bucket];
    if (!dosing_crc_holds(oldest, sizeof *oldest)) {
        return false;
    }
    run->window_all -= oldest->all;
    run->window_now -= oldest->now;
    run->bucket_all = 0u;
    run->bucket_now = 0u;
    return run->old_left == 0u || forget(state, run->bucket);
}

/* While the ring holds an earlier programme's mass, the cap grows as that leaves. */
static bool recap(dosing_state_t *state)
{
    const bool good = masses_hold(state);
    if (good) {
        dosing_limit_caps(state);
    }
    return good;
}

bool dosing_limit_roll(dosing_state_t *state, uint64_t now_ms)
{
    dosing_run_t *run = &state->run;
    const bool mixed = run->old_left != 0u;
    const uint64_t begun = run->bucket_end_ms;
    for (uint32_t i = 0; i < DOSING_BUCKETS && now_ms >= run->bucket_end_ms; i++) {
        if (!roll_one(state)) {
            return false;
        }
        run->bucket_end_ms += DOSING_BUCKET_MS;
        run->old_left -= run->old_left != 0u ? 1u : 0u;
    }
    if (now_ms >= run->bucket_end_ms) { /* all of the ring has expired: the phase may start anew */
        run->bucket_end_ms = now_ms + DOSING_BUCKET_MS;
    }
    return !mixed || begun == run->bucket_end_ms || recap(state);
}

static void count(dosing_run_t *run, uint32_t pulses)
{
    run->bucket_all += pulses;
    run->bucket_now += pulses;
    run->window_all += pulses;
    run->window_now += pulses;
}

/* Pulses in the volume that the factory block allows in 24 h; at most 5 000 000. */
static uint32_t pulses_max(const dosing_state_t *state)
{
    const dosing_factory_t *f = &state->therapy.factory;
    return (uint32_t)((uint64_t)f->volume_24h_max_nl * 1000u / f->pulse_volume_pl);
}

uint64_t dosing_limit_window_max(const dosing_state_t *state)
{
    return 2u * (uint64_t)pulses_max(state) + 2u;
}

void dosing_limit_spend(dosing_state_t *state, uint32_t pulses)
{
    const uint32_t full = pulses_max(state) + 1u;
    const uint32_t room = state->run.bucket_all < full ? full - state->run.bucket_all : 0u;
    count(&state->run, pulses < room ? pulses : room);
}

bool dosing_limit_book(dosing_state_t *state, uint32_t done, uint64_t now_ms)
{
    dosing_run_t *run = &state->run;
    if (state->path.bolus == DOSING_DELIVERY_PRIME) {
        return dosing_limit_roll(state, now_ms);
    }
    const uint32_t before = begun_in_bucket(run, run->start_ms, run->period_ms, done);
    count(run, before);
    if (now_ms >= run->bucket_end_ms && !dosing_limit_roll(state, run->bucket_end_ms)) {
        return false;
    }
    count(run, done - before); /* a train of an hour reaches into one further bucket */
    return dosing_limit_roll(state, now_ms);
}

/* Worst sum over the ring at each hour from now: what is left of the past, and the new. */
static bool admits_at(const dosing_state_t *state, const dosing_load_t *load, uint64_t pulses,
                      uint32_t expired)
{
    const dosing_programme_t *p = load->p;
    uint64_t all = pulses;
    for (uint32_t k = expired; k < DOSING_BUCKETS; k++) {
        all += pulses_all(state, (state->run.bucket + 1u + k) % DOSING_BUCKETS);
    }
    bool good = all * state->path.pulse_pl <= (uint64_t)p->volume_24h_nl * 1000u;
    for (uint32_t drug = 0; drug < p->drugs && good; drug++) {
        uint64_t ag = 0;
        if (!dosing_fixed_multiply(pulses, pulse_ag(state, load->concentration, drug),
                                   UINT64_MAX / 2u, &ag)) {
            return false;
        }
        for (uint32_t k = expired; k < DOSING_BUCKETS; k++) {
            ag += mass_ag(state, (state->run.bucket + 1u + k) % DOSING_BUCKETS, drug);
        }
        good = p->limit_ng[drug] == 0u || ag <= p->limit_ng[drug] * AG_PER_NG;
    }
    return good;
}

bool dosing_limit_admits(const dosing_state_t *state, const dosing_load_t *load)
{
    bool good = load->extra < NO_CAP;
    for (uint32_t k = 0; k <= DOSING_BUCKETS && good; k++) {
        const uint32_t hours = k < DOSING_BUCKETS ? k + 1u : DOSING_BUCKETS;
        const uint64_t worst =
            dosing_rate_worst(load->p, &state->therapy.factory, load->concentration[0], hours);
        good = admits_at(state, load, worst + load->extra, k);
    }
    return good;
}

void dosing_limit_close(dosing_state_t *state)
{
    dosing_run_t *run = &state->run;
    for (uint32_t i = 0; i < DOSING_BUCKETS; i++) {
        dosing_bucket_t *bucket = &state->ring[i];
        for (uint32_t drug = 0; drug < DOSING_DRUGS_MAX; drug++) {
            state->past.ag[i][drug] = mass_ag(state, i, drug);
        }
        bucket->now = 0u;
        seal(bucket);
    }
    seal_past(state);
    run->bucket_now = 0u;
    run->window_now = 0u;
    run->old_left = DOSING_BUCKETS;
}
