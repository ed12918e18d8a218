/* SPDX-License-Identifier: Apache-2.0 */
/* Boot: what the store says is looked at whole, and believed only where it is in range. */
#include "dosing_boot.h"

#include "dosing_alarm.h"
#include "dosing_codec.h"
#include "dosing_crc.h"
#include "dosing_keep.h"
#include "dosing_limit.h"
#include "dosing_log.h"
#include "dosing_order.h"
#include "dosing_reservoir.h"

/* After losing everything numbers go on from the next multiple of this: above all that may be readable again one day. */
#define EPOCH 0x01000000u
#define RING_MS ((DOSING_BUCKETS + 1u) * (uint64_t)DOSING_BUCKET_MS)
#define LEASE_PULSES_MAX (UINT64_C(1) << 24)

typedef struct boot_t {
    dosing_state_t *state;
    const dosing_reading_t *first;
    dosing_moment_t moment; /* latest known */
    dosing_record_t last;   /* valid record with the highest number; seq 0: none */
    uint32_t sector;        /* of the checkpoint in use */
    dosing_checkpoint_t checkpoint;
    uint32_t seq;    /* highest number that was seen */
    uint32_t copies; /* sectors whose checkpoint was committed once and is of no use now */
    uint32_t spare;  /* sector of the checkpoint before, or DOSING_NO_SECTOR */
} boot_t;

/* ---- a new pump ---------------------------------------------------------------------------------------------------- */

void dosing_boot_blank(dosing_state_t *state, const dosing_reading_t *first)
{
    const uint64_t now_ms = first->main_ms;
    dosing_therapy_t *t = &state->therapy;
    *t = (dosing_therapy_t){.factory = t->factory, .reset_cause = t->reset_cause};
    state->path = (dosing_path_t){.den = DOSING_DEN_WANTED,
                                  .fl_den = 27u,
                                  .pulse_pl = t->factory.pulse_volume_pl,
                                  .period_min_ms = t->factory.gap_ms,
                                  .alarms = DOSING_ALARM_LOW | DOSING_ALARM_EMPTY};
    state->run = (dosing_run_t){.last_ms = now_ms,
                                .guard_ms = now_ms,
                                .due_ms = DOSING_NEVER_MS,
                                .scrub_ms = now_ms + DOSING_SCRUB_MS,
                                .low_pl = (uint64_t)DOSING_LOW_DEFAULT_NL * 1000u};
    state->bolus = (dosing_bolus_t){0};
    state->session = (dosing_session_t){0};
    state->counters = (dosing_counters_t){0};
    state->lease = (dosing_lease_t){.device = state->lease.device};
    dosing_clock_start(state, first);
    dosing_limit_init(state, now_ms);
}

static void seal_all(dosing_state_t *state)
{
    for (uint32_t i = 0; i < DOSING_BUCKETS; i++) {
        dosing_crc_seal(&state->ring[i], sizeof state->ring[i]);
    }
    dosing_crc_seal(&state->past, sizeof state->past);
    dosing_crc_seal(&state->counters, sizeof state->counters);
    dosing_crc_seal(&state->medium, sizeof state->medium);
    dosing_crc_seal(&state->lease, sizeof state->lease);
    dosing_crc_seal(&state->log, sizeof state->log);
    dosing_state_seal(state);
}

/* ---- what is there ------------------------------------------------------------------------------------------------- */

/* The latest valid record of a sector's into b->last where it is later; true where there is any. */
static bool look_at_records(boot_t *b, uint32_t sector)
{
    const uint32_t slots = dosing_store_slots(&b->state->medium, DOSING_STORE_RECORD_BYTES);
    bool any = false;
    for (uint32_t slot = 0; slot < slots; slot++) {
        dosing_record_t r;
        if (dosing_store_record(b->state, sector, slot, &r)) {
            any = true;
            b->last = r.seq > b->last.seq ? r : b->last;
        }
    }
    return any;
}

static void look_around(boot_t *b)
{
    for (uint32_t sector = 0; sector < dosing_store_ring(&b->state->medium); sector++) {
        dosing_checkpoint_t c;
        const dosing_found_t found = dosing_stream_find(b->state, sector, &c);
        const bool records = look_at_records(b, sector);
        if (found == DOSING_FOUND_WHOLE) {
            b->seq = c.seq > b->seq ? c.seq : b->seq;
        } else if (found == DOSING_FOUND_BROKEN || records) {
            b->copies++;
        }
    }
    b->seq = b->last.seq > b->seq ? b->last.seq : b->seq;
}

/* A later record of another edition says that this checkpoint's order was never in force, or is no longer. */
static bool agrees(const boot_t *b, const dosing_checkpoint_t *c)
{
    return b->last.seq < c->seq || b->last.edition == c->edition;
}

/* The newest usable checkpoint below number `below`, into b->sector and b->checkpoint. */
static bool choose(boot_t *b, uint32_t below)
{
    b->checkpoint = (dosing_checkpoint_t){0};
    for (uint32_t sector = 0; sector < dosing_store_ring(&b->state->medium); sector++) {
        dosing_checkpoint_t c;
        if (dosing_stream_find(b->state, sector, &c) == DOSING_FOUND_WHOLE && c.seq < below &&
            c.seq > b->checkpoint.seq && agrees(b, &c)) {
            b->checkpoint = c;
            b->sector = sector;
        }
    }
    return b->checkpoint.seq != 0u;
}

static bool all_blank(dosing_state_t *state)
{
    const dosing_medium_t *m = &state->medium;
    bool blank = true;
    for (uint32_t sector = 0; sector < m->sectors && blank; sector++) {
        blank = dosing_store_blank(state, sector * m->sector_bytes, m->sector_bytes);
    }
    return blank;
}

/* ---- taken up ------------------------------------------------------------------------------------------------------ */

/* Pulses up to `commanded` in all, booked at the latest time known; what was commanded never falls. */
static void spend(boot_t *b, uint64_t commanded)
{
    dosing_state_t *state = b->state;
    const uint64_t now = state->run.commanded;
    if (commanded <= now) {
        return;
    }
    const uint32_t pulses = (uint32_t)(commanded - now); /* below 2^25: checked by the callers */
    const uint64_t taken_pl = (uint64_t)pulses * state->path.pulse_pl;
    dosing_run_t *run = &state->run;
    dosing_limit_spend(state, pulses);
    run->volume_pl = taken_pl < run->volume_pl ? run->volume_pl - taken_pl : 0u;
    run->commanded = commanded;
}

/* Moves the core's time on, and the ring with it. */
static bool move_on(boot_t *b, uint64_t core_ms, uint64_t main_ms)
{
    dosing_run_t *run = &b->state->run;
    b->moment = (dosing_moment_t){core_ms, main_ms};
    run->last_ms = core_ms;
    run->guard_ms = core_ms;
    return dosing_limit_roll(b->state, core_ms);
}

/* Carries out the order that the checkpoint holds, as it was carried out then. */
static bool carry_out(boot_t *b, const dosing_pending_t *order)
{
    dosing_state_t *state = b->state;
    const dosing_status_t status = dosing_order_again(state, order);
    state->session = (dosing_session_t){0};
    return status == DOSING_OK;
}

/* The checkpoint into a state made anew. */
static bool load(boot_t *b)
{
    dosing_state_t *state = b->state;
    dosing_stream_t io;
    dosing_pending_t order = {0};
    dosing_boot_blank(state, b->first);
    dosing_stream_load(&io, state, b->sector, &b->checkpoint);
    dosing_image_pass(&io, &b->moment, &order);
    if (!io.good || io.length != b->checkpoint.length || !dosing_image_holds(state, &b->moment)) {
        return false;
    }
    seal_all(state);
    const bool good = move_on(b, b->moment.core_ms, b->moment.main_ms) && carry_out(b, &order);
    seal_all(state);
    return good;
}

static bool replay_lease(boot_t *b, const dosing_record_t *r)
{
    dosing_state_t *state = b->state;
    const uint64_t bound = dosing_codec_u64(r->body);
    const uint64_t commanded = dosing_codec_u64(r->body + 8);
    const uint64_t least = state->run.commanded;
    if (bound < commanded || bound - commanded > LEASE_PULSES_MAX ||
        (commanded > least && commanded - least > LEASE_PULSES_MAX)) {
        return false;
    }
    spend(b, commanded);
    state->lease.bound = bound > state->run.commanded ? bound : state->run.commanded;
    return true;
}

static bool replay(boot_t *b, const dosing_record_t *r)
{
    dosing_state_t *state = b->state;
    if (r->core_ms < b->moment.core_ms || r->core_ms > UINT64_C(1) << 54 ||
        !move_on(b, r->core_ms, r->main_ms)) {
        return false;
    }
    if (r->kind == DOSING_STORE_LEASE) {
        return replay_lease(b, r);
    }
    if (r->kind == DOSING_STORE_ALARMS) {
        state->path.alarms = dosing_codec_u32(r->body);
        state->run.unseen = dosing_codec_u32(r->body + 4);
        return (state->path.alarms | state->run.unseen) >> DOSING_ALARMS == 0u;
    }
    for (uint32_t i = 0; i < sizeof state->counters.bound / 8u; i++) {
        const uint64_t bound = dosing_codec_u64(r->body + 8u * i);
        state->counters.bound[i] =
            bound > state->counters.bound[i] ? bound : state->counters.bound[i];
    }
    return r->kind == DOSING_STORE_COUNTERS;
}

/* Every later record, sector after sector around the ring: the order in which they were written. */
static bool replay_all(boot_t *b)
{
    const dosing_medium_t *m = &b->state->medium;
    const uint32_t ring = dosing_store_ring(m);
    const uint32_t slots = dosing_store_slots(m, DOSING_STORE_RECORD_BYTES);
    uint32_t seq = b->checkpoint.seq;
    bool good = true;
    for (uint32_t k = 0; k < ring && good; k++) {
        for (uint32_t slot = 0; slot < slots && good; slot++) {
            dosing_record_t r;
            if (dosing_store_record(b->state, (b->sector + k) % ring, slot, &r) && r.seq > seq &&
                r.edition == b->checkpoint.edition) {
                seq = r.seq;
                good = replay(b, &r);
            }
        }
    }
    return good;
}

/* ---- going on ------------------------------------------------------------------------------------------------------ */

/* Where writing goes on: behind the last record at home, which is where the checkpoint in use lies. */
static void take_place(boot_t *b)
{
    dosing_state_t *state = b->state;
    dosing_medium_t *m = &state->medium;
    m->seq = b->seq;
    m->edition = b->checkpoint.edition;
    m->home = b->sector;
    m->cursor = b->sector;
    m->slots = dosing_store_slots(m, dosing_stream_size(m, b->checkpoint.length));
    m->slot = m->slots;
    while (m->slot > 0u &&
           dosing_store_blank(state, dosing_store_slot_at(m, b->sector, m->slot - 1u),
                              dosing_store_slot_at(m, 0u, 0u) - dosing_store_slot_at(m, 0u, 1u))) {
        m->slot--;
    }
    m->spare = choose(b, b->checkpoint.seq) ? b->sector : DOSING_NO_SECTOR;
    b->sector = m->home;
}

/* Everything counts as given that may have been; nothing is owed. */
static void settle(boot_t *b)
{
    dosing_state_t *state = b->state;
    dosing_run_t *run = &state->run;
    const uint64_t now_ms = b->moment.core_ms;
    spend(b, state->lease.bound);
    run->pulsed = run->commanded != 0u ? 1u : 0u; /* the gap to a pulse just before the reset */
    run->last_pulse_ms = now_ms;
    run->scrub_ms = run->scrub_ms > now_ms ? run->scrub_ms : now_ms + 1u;
    state->lease.bound = run->commanded;
    state->lease.phantom_ms = now_ms + RING_MS;
    dosing_clock_continue(state, now_ms);
    for (uint32_t i = 0; i < sizeof state->counters.bound / 8u; i++) {
        state->counters.last[i] = state->counters.bound[i];
    }
    state->medium.alarms = state->path.alarms;
    state->medium.unseen = state->run.unseen;
    dosing_alarm_end(state, DOSING_ALARM_STORE);
    if (state->therapy.programme.drugs != 0u) {
        dosing_reservoir_judge(state);
        dosing_limit_caps(state);
        dosing_alarm_raise(state, DOSING_ALARM_RESET);
    }
    if (b->copies != 0u) {
        dosing_alarm_raise(state, DOSING_ALARM_COPY);
    }
}

static void lose(boot_t *b)
{
    dosing_state_t *state = b->state;
    dosing_medium_t *m = &state->medium;
    dosing_boot_blank(state, b->first);
    m->mute = 1u;
    m->seq = (b->seq / EPOCH + 1u) * EPOCH; /* seq is at most DOSING_STORE_SEQ_MAX: no overflow */
    m->seq = m->seq <= DOSING_STORE_SEQ_MAX ? m->seq : DOSING_STORE_SEQ_MAX;
    dosing_alarm_raise(state, DOSING_ALARM_LOST);
}

static void take_up(boot_t *b)
{
    dosing_state_t *state = b->state;
    uint32_t below = UINT32_MAX;
    look_around(b);
    bool good = false;
    while (!good && choose(b, below)) { /* one sector less each time */
        below = b->checkpoint.seq;
        good = load(b) && replay_all(b);
        b->copies += good ? 0u : 1u;
    }
    if (good) {
        settle(b);
        take_place(b);
    } else if (b->seq != 0u || !all_blank(state)) {
        lose(b);
    } else {
        dosing_boot_blank(state, b->first);
    }
}

dosing_status_t dosing_boot_restore(dosing_state_t *state, const dosing_reading_t *first)
{
    boot_t b = {.state = state, .first = first};
    const dosing_status_t status = dosing_store_open(state);
    dosing_medium_t *m = &state->medium;
    if (status == DOSING_ERROR_STORE ||
        (m->sectors != 0u && dosing_stream_size(m, dosing_image_bytes_max()) +
                                     DOSING_STORE_RECORDS_MIN * 2u * DOSING_STORE_RECORD_BYTES >
                                 m->sector_bytes)) {
        return DOSING_ERROR_STORE;
    }
    m->home = DOSING_NO_SECTOR;
    m->spare = DOSING_NO_SECTOR;
    m->cursor = m->sectors != 0u ? dosing_store_ring(m) - 1u : 0u;
    if (status != DOSING_OK) {
        lose(&b);
    } else if (m->sectors != 0u) {
        take_up(&b);
    }
    seal_all(state);
    dosing_log_open(state, &b.moment);
    return DOSING_OK;
}
