/* SPDX-License-Identifier: Apache-2.0 */
/* Leases, orders, alarms and counters, written before they count. */
#include "dosing_keep.h"

#include "dosing_aged.h"
#include "dosing_alarm.h"
#include "dosing_clock.h"
#include "dosing_codec.h"
#include "dosing_crc.h"
#include "dosing_schedule.h"

#define TRIES 2u  /* sectors in which a checkpoint is tried before it is given up for now */
#define COPIES 2u /* of an order */

static const dosing_pending_t no_order = {0u, 0u, 0u}; /* a checkpoint of what is in force */

bool dosing_keep_ready(dosing_state_t *state)
{
    if (state->lease.device == 0u) {
        return false;
    }
    if (!dosing_state_holds_medium(state)) {
        (void)dosing_state_fail(state);
        return false;
    }
    return true;
}

/* The core's time as far as it was booked, and the main clock's at it. */
static dosing_moment_t moment_of(const dosing_state_t *state)
{
    return (dosing_moment_t){state->run.guard_ms, dosing_clock_main(state, state->run.guard_ms)};
}

/* STORE itself is not kept: it ends or comes back with the next write. */
static uint32_t alarms_of(const dosing_state_t *state)
{
    return state->path.alarms & ~DOSING_ALARM_STORE;
}

/* ---- checkpoints --------------------------------------------------------------------------------------------------- */

static bool next_seq(dosing_medium_t *m)
{
    if (m->seq >= DOSING_STORE_SEQ_MAX) {
        return false;
    }
    m->seq++;
    return true;
}

static uint32_t next_sector(const dosing_medium_t *m, uint32_t sector)
{
    return sector + 1u < dosing_store_ring(m) ? sector + 1u : 0u;
}

/* The next sector of the ring that holds neither of the latest two checkpoints. */
static uint32_t free_sector(const dosing_medium_t *m)
{
    uint32_t sector = next_sector(m, m->cursor);
    for (uint32_t i = 0; i < 2u && (sector == m->home || sector == m->spare); i++) {
        sector = next_sector(m, sector);
    }
    return sector;
}

static bool write_checkpoint(dosing_state_t *state, uint32_t sector, uint32_t edition,
                             const dosing_pending_t *order)
{
    dosing_medium_t *m = &state->medium;
    dosing_moment_t moment = moment_of(state);
    dosing_pending_t pending = *order;
    dosing_stream_t io = {.state = state, .way = DOSING_STREAM_COUNT, .good = true};
    dosing_image_pass(&io, &moment, &pending);
    const dosing_checkpoint_t c = {m->seq, edition, io.length};
    dosing_stream_begin(&io, state, sector, &c);
    dosing_image_pass(&io, &moment, &pending);
    if (!dosing_stream_end(&io)) {
        return false;
    }
    m->spare = m->home;
    m->home = sector;
    m->slot = 0u;
    m->slots = dosing_store_slots(m, dosing_stream_size(m, c.length));
    m->alarms = alarms_of(state);
    m->unseen = state->run.unseen;
    return true;
}

/* What a wake does not look at otherwise; an error of memory must not become one of the store. */
static bool blocks_hold(dosing_state_t *state)
{
    bool good = dosing_crc_holds(&state->therapy, sizeof state->therapy) &&
                dosing_crc_holds(&state->counters, sizeof state->counters) &&
                dosing_crc_holds(&state->patient, sizeof state->patient) &&
                dosing_crc_holds(&state->life, sizeof state->life) &&
                dosing_crc_holds(&state->past, sizeof state->past);
    for (uint32_t i = 0; i < DOSING_BUCKETS && good; i++) {
        good = dosing_crc_holds(&state->ring[i], sizeof state->ring[i]);
    }
    if (!good) {
        (void)dosing_state_fail(state);
    }
    return good;
}

/* Into the next sector that takes it, of at most TRIES. */
static bool checkpoint(dosing_state_t *state, uint32_t edition, const dosing_pending_t *order)
{
    dosing_medium_t *m = &state->medium;
    bool good = false;
    if (m->sectors == 0u || !blocks_hold(state)) {
        return false;
    }
    for (uint32_t i = 0; i < TRIES && !good; i++) {
        m->cursor = free_sector(m);
        good = next_seq(m) && dosing_store_clear(state, m->cursor) &&
               write_checkpoint(state, m->cursor, edition, order);
    }
    return good;
}

/* A record; where it does not fit or cannot be written, a checkpoint, which says all that records say. */
static bool keep(dosing_state_t *state, uint32_t kind, const uint8_t *body)
{
    dosing_medium_t *m = &state->medium;
    const dosing_moment_t moment = moment_of(state);
    dosing_record_t r = {
        .core_ms = moment.core_ms, .main_ms = moment.main_ms, .kind = kind, .edition = m->edition};
    dosing_codec_copy(r.body, body, DOSING_STORE_BODY_BYTES);
    if (m->slot < m->slots && next_seq(m)) {
        r.seq = m->seq;
        if (dosing_store_append(state, &r)) {
            return true;
        }
    }
    return checkpoint(state, m->edition, &no_order);
}

/* Takes note of how an attempt ended, at the end of all that it changed. What is booked may be an hour behind now: a train runs. */
static void note_at(dosing_state_t *state, bool good, uint64_t now_ms)
{
    dosing_medium_t *m = &state->medium;
    if (dosing_state_latched(state) != DOSING_OK) {
        return;
    }
    if (good) {
        dosing_alarm_end(state, DOSING_ALARM_STORE);
    } else {
        dosing_alarm_raise(state, DOSING_ALARM_STORE);
        m->retry_ms = now_ms + DOSING_KEEP_RETRY_MS;
    }
    dosing_state_seal_medium(state);
}

/* The same at the time that is booked. */
static void note(dosing_state_t *state, bool good)
{
    note_at(state, good, state->run.guard_ms);
}

/* ---- leases -------------------------------------------------------------------------------------------------------- */

static bool keep_lease(dosing_state_t *state)
{
    uint8_t body[DOSING_STORE_BODY_BYTES] = {0};
    dosing_codec_put_u64(body, state->lease.bound);
    dosing_codec_put_u64(body + 8, state->run.commanded);
    dosing_codec_put_u32(body + 16, state->lease.prime);
    return keep(state, DOSING_STORE_LEASE, body);
}

/* A start that has not run for its hour yet may be one of many: each leases for a train's time only. */
static uint64_t span_ms(const dosing_state_t *state)
{
    return state->run.steady != 0u ? DOSING_KEEP_LEASE_MS : DOSING_KEEP_LEASE_FIRST_MS;
}

/* Pulses of a lease's time at `num` / den a ms, rounded up. */
static uint64_t pulses_at(const dosing_state_t *state, uint64_t num)
{
    return num != 0u ? span_ms(state) / (state->path.den / num) + 1u : 0u; /* num << den */
}

/* What the basal rate gives in a lease's time and what is left of a bolus or prime, or this train where that is more. */
static uint64_t lease_pulses(const dosing_state_t *state, uint32_t count)
{
    const dosing_bolus_t *b = &state->bolus;
    uint64_t pulses = pulses_at(state, state->path.num);
    if (state->path.bolus == DOSING_DELIVERY_PRIME) {
        pulses = b->prime_left;
    } else if (state->path.bolus != 0u) {
        const uint64_t left = dosing_schedule_bolus_left(state) / state->path.den + 1u;
        const uint64_t span = pulses_at(state, b->num);
        pulses += span != 0u && span < left ? span : left;
    }
    return pulses > count ? pulses : count;
}

static bool is_prime(const dosing_state_t *state)
{
    return state->path.bolus == DOSING_DELIVERY_PRIME;
}

static bool renew(dosing_state_t *state, uint64_t now_ms, uint32_t count)
{
    if (!dosing_keep_ready(state) || state->medium.mute != 0u) {
        return false;
    }
    const dosing_lease_t before = state->lease;
    state->lease.bound = state->run.commanded + lease_pulses(state, count);
    state->lease.until_ms = now_ms + span_ms(state);
    state->lease.prime = is_prime(state) ? 1u : 0u;
    const bool good = keep_lease(state);
    if (!good) {
        state->lease = before;
    }
    note(state, good);
    return good;
}

bool dosing_keep_lease(dosing_state_t *state, uint64_t now_ms, uint32_t count)
{
    const dosing_lease_t *lease = &state->lease;
    const bool covered = now_ms < lease->until_ms && state->run.commanded + count <= lease->bound &&
                         (lease->prime != 0u) == is_prime(state);
    return lease->device == 0u || covered || renew(state, now_ms, count);
}

void dosing_keep_day(dosing_state_t *state)
{
    if (state->run.guard_ms >= state->lease.until_ms && dosing_keep_ready(state) &&
        state->medium.mute == 0u) {
        note(state, keep_lease(state));
    }
}

/* ---- orders -------------------------------------------------------------------------------------------------------- */

dosing_status_t dosing_keep_order(dosing_state_t *state, const dosing_pending_t *order)
{
    dosing_medium_t *m = &state->medium;
    if (!dosing_keep_ready(state)) {
        return state->lease.device == 0u ? DOSING_OK : DOSING_ERROR_STATE;
    }
    const dosing_lease_t before = state->lease;
    const uint32_t edition = m->seq + 1u;
    uint32_t copies = 0;
    state->lease.bound = state->run.commanded; /* nothing runs: what was not given is returned */
    state->lease.until_ms = 0u;
    for (uint32_t i = 0; i < COPIES; i++) {
        copies += checkpoint(state, edition, order) ? 1u : 0u;
    }
    if (copies == 0u) {
        state->lease = before;
        note(state, false);
        return DOSING_ERROR_STORE;
    }
    m->edition = edition;
    m->mute = 0u;
    m->unkept = 0u;
    if (copies < COPIES) {
        dosing_alarm_raise(state, DOSING_ALARM_COPY);
    }
    note(state, true);
    return DOSING_OK;
}

void dosing_keep_later(dosing_state_t *state)
{
    state->medium.unkept = 1u;
    state->medium.retry_ms = state->run.guard_ms;
    dosing_state_seal_medium(state);
}

dosing_status_t dosing_keep_patient(dosing_state_t *state)
{
    const uint8_t body[DOSING_STORE_BODY_BYTES] = {0};
    if (!dosing_keep_ready(state)) {
        return state->lease.device == 0u ? DOSING_OK : DOSING_ERROR_STATE;
    }
    const bool good = keep(state, DOSING_STORE_PATIENT, body);
    note(state, good);
    return good ? DOSING_OK : DOSING_ERROR_STORE;
}

/* ---- alarms and counters ------------------------------------------------------------------------------------------- */

static bool alarms_differ(const dosing_state_t *state)
{
    const dosing_medium_t *m = &state->medium;
    return alarms_of(state) != m->alarms || state->run.unseen != m->unseen;
}

static bool keep_alarms(dosing_state_t *state)
{
    dosing_medium_t *m = &state->medium;
    uint8_t body[DOSING_STORE_BODY_BYTES] = {0};
    const uint32_t alarms = alarms_of(state);
    const uint32_t unseen = state->run.unseen;
    dosing_codec_put_u32(body, alarms);
    dosing_codec_put_u32(body + 4, unseen);
    if (!keep(state, DOSING_STORE_ALARMS, body)) {
        return false;
    }
    m->alarms = alarms;
    m->unseen = unseen;
    return true;
}

dosing_status_t dosing_keep_alarms(dosing_state_t *state)
{
    if (!dosing_keep_ready(state) || !alarms_differ(state)) {
        return DOSING_OK;
    }
    state->medium.mute = 0u;
    const bool good = keep_alarms(state);
    note(state, good);
    return good ? DOSING_OK : DOSING_ERROR_STORE;
}

void dosing_keep_counter(dosing_state_t *state, uint32_t role)
{
    dosing_counters_t *c = &state->counters;
    uint8_t body[DOSING_STORE_BODY_BYTES] = {0};
    if (state->lease.device == 0u || c->last[role - 1u] <= c->bound[role - 1u]) {
        return;
    }
    c->bound[role - 1u] = c->last[role - 1u] <= UINT64_MAX - DOSING_KEEP_COUNTERS
                              ? c->last[role - 1u] + DOSING_KEEP_COUNTERS
                              : UINT64_MAX;
    dosing_crc_seal(c, sizeof *c);
    if (!dosing_keep_ready(state) || state->medium.mute != 0u) {
        return;
    }
    for (uint32_t i = 0; i < sizeof c->bound / sizeof c->bound[0]; i++) {
        dosing_codec_put_u64(body + 8u * i, c->bound[i]);
    }
    (void)keep(state, DOSING_STORE_COUNTERS,
               body); /* a failure is counted; the session's number stands */
    dosing_state_seal_medium(state);
}

void dosing_keep_life(dosing_state_t *state)
{
    uint8_t body[DOSING_STORE_BODY_BYTES];
    if (!dosing_keep_ready(state) || state->medium.mute != 0u ||
        state->medium.home == DOSING_NO_SECTOR) {
        return;
    }
    dosing_aged_put(&state->life, body);
    note(state, keep(state, DOSING_STORE_LIFE, body));
}

/* ---- each wake ----------------------------------------------------------------------------------------------------- */

uint64_t dosing_keep_due(const dosing_state_t *state)
{
    const dosing_medium_t *m = &state->medium;
    const bool waits =
        state->lease.device != 0u && m->mute == 0u && (m->unkept != 0u || alarms_differ(state));
    return waits ? m->retry_ms : DOSING_NEVER_MS;
}

void dosing_keep_attend(dosing_state_t *state, uint64_t now_ms)
{
    dosing_medium_t *m = &state->medium;
    if (now_ms < dosing_keep_due(state) || dosing_keep_due(state) == DOSING_NEVER_MS ||
        !dosing_keep_ready(state)) {
        return;
    }
    bool good = true;
    if (m->unkept != 0u) {
        const uint32_t edition = m->seq + 1u;
        good = checkpoint(state, edition, &no_order);
        m->unkept = good ? 0u : 1u;
        m->edition = good ? edition : m->edition;
    }
    if (good && alarms_differ(state)) {
        good = keep_alarms(state);
    }
    note_at(state, good, now_ms);
}
