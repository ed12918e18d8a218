/* SPDX-License-Identifier: Apache-2.0 */
/* Boot: what the store says is looked at whole, and believed only where it is in range. */
#include "dosing_boot.h"

#include "dosing_aged.h"
#include "dosing_alarm.h"
#include "dosing_codec.h"
#include "dosing_fresh.h"
#include "dosing_keep.h"
#include "dosing_limit.h"
#include "dosing_log.h"
#include "dosing_order.h"
#include "dosing_patient.h"
#include "dosing_reservoir.h"
#include "dosing_therapy.h"

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
    uint32_t seq;      /* highest number that was seen */
    uint32_t copies;   /* sectors whose checkpoint was committed once and is of no use now */
    uint32_t edition;  /* highest that the head of such a one says */
    uint32_t editions; /* how many say that */
    bool strayed;      /* records were replayed from another sector than the checkpoint's */
    bool restored;
    bool lost;
} boot_t;

/* ---- what is there ------------------------------------------------------------------------------------------------- */

/* The latest valid record of a sector's into b->last where it is later; true where there is any. */
static bool look_at_records(boot_t *b, uint32_t sector)
{
    const uint32_t slots = dosing_store_slots(&b->state->medium, 0u);
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

static void note_broken(boot_t *b, uint32_t edition)
{
    if (edition > b->edition) {
        b->edition = edition;
        b->editions = 0u;
    }
    b->editions += edition == b->edition ? 1u : 0u;
}

/* Two copies that both say they are of a later order, both broken: what was ordered last is lost. */
static bool is_outdated(const boot_t *b)
{
    return b->editions >= 2u && b->edition > b->checkpoint.edition && b->edition <= b->seq + 2u;
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
            note_broken(b, c.edition);
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

/* Nothing was ever written but, perhaps, a first checkpoint that was cut short: it goes into the first sector. */
static bool is_new(const boot_t *b)
{
    const dosing_medium_t *m = &b->state->medium;
    bool blank = b->seq == 0u;
    for (uint32_t sector = 1; sector < m->sectors && blank; sector++) {
        blank = dosing_store_blank(b->state, sector * m->sector_bytes, m->sector_bytes);
    }
    return blank;
}

/* ---- taken up ------------------------------------------------------------------------------------------------------ */

/* Pulses up to `commanded` in all, booked at the latest time known as those of a train are; what was commanded never falls.
 * Not `certain`, and the earlier fluid the stronger: a bridge does not end for them. */
static bool spend(boot_t *b, uint64_t commanded, bool certain)
{
    dosing_state_t *state = b->state;
    dosing_run_t *run = &state->run;
    const dosing_therapy_t *t = &state->therapy;
    const uint64_t bridge_pl = run->bridge_pl;
    if (commanded <= run->commanded) {
        return true;
    }
    const uint32_t pulses = (uint32_t)(commanded - run->commanded); /* below 2^25: see callers */
    const uint64_t taken_pl = (uint64_t)pulses * state->path.pulse_pl;
    const bool keeps =
        !certain && t->concentration_ng_per_ml[0] > t->programme.concentration_ng_per_ml[0];
    run->volume_pl = taken_pl < run->volume_pl ? run->volume_pl - taken_pl : 0u;
    run->commanded = commanded;
    if (state->lease.prime == 0u) {
        dosing_limit_spend(state, pulses);
    }
    run->bridge_pl = keeps ? 0u : bridge_pl;
    state->path.bolus = state->lease.prime != 0u ? DOSING_DELIVERY_PRIME : 0u;
    dosing_state_seal(state);
    const bool good = dosing_therapy_book(state, pulses);
    state->path.bolus = 0u;
    run->bridge_pl = keeps ? bridge_pl : run->bridge_pl;
    return good;
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
    const bool good = dosing_order_again(state, order) == DOSING_OK;
    state->session = (dosing_session_t){0};
    return good;
}

/* The checkpoint into a state made anew. */
static bool load(boot_t *b)
{
    dosing_state_t *state = b->state;
    dosing_stream_t io;
    dosing_pending_t order = {0};
    dosing_fresh_make(state, b->first);
    dosing_stream_load(&io, state, b->sector, &b->checkpoint);
    dosing_image_pass(&io, &b->moment, &order);
    if (!io.good || io.length != b->checkpoint.length || !dosing_image_holds(state, &b->moment)) {
        return false;
    }
    dosing_fresh_seal(state);
    if (!move_on(b, b->moment.core_ms, b->moment.main_ms)) {
        return false;
    }
    if (state->therapy.programme.drugs != 0u) {
        dosing_therapy_resume(state);
    }
    const bool good = carry_out(b, &order);
    dosing_fresh_seal(state);
    return good;
}

static bool replay_lease(boot_t *b, const dosing_record_t *r)
{
    dosing_state_t *state = b->state;
    const uint64_t bound = dosing_codec_u64(r->body);
    const uint64_t commanded = dosing_codec_u64(r->body + 8);
    const uint64_t least = state->run.commanded;
    if ((bound != 0u && state->therapy.programme.drugs == 0u) || bound < commanded ||
        bound - commanded > LEASE_PULSES_MAX ||
        (commanded > least && commanded - least > LEASE_PULSES_MAX) || !spend(b, commanded, true)) {
        return false;
    }
    state->lease.bound = bound > state->run.commanded ? bound : state->run.commanded;
    state->lease.prime = dosing_codec_u32(r->body + 16) != 0u ? 1u : 0u;
    return true;
}

static bool replay_alarms(boot_t *b, const dosing_record_t *r)
{
    dosing_state_t *state = b->state;
    state->path.alarms = dosing_codec_u32(r->body);
    state->run.unseen = dosing_codec_u32(r->body + 4);
    return (state->path.alarms | state->run.unseen) >> DOSING_ALARMS == 0u;
}

static bool replay_counters(boot_t *b, const dosing_record_t *r)
{
    dosing_counters_t *c = &b->state->counters;
    for (uint32_t i = 0; i < sizeof c->bound / sizeof c->bound[0]; i++) {
        const uint64_t bound = dosing_codec_u64(r->body + 8u * i);
        c->bound[i] = bound > c->bound[i] ? bound : c->bound[i];
    }
    return true;
}

static bool replay(boot_t *b, const dosing_record_t *r)
{
    if (r->core_ms < b->moment.core_ms || r->core_ms > UINT64_C(1) << 54 ||
        !move_on(b, r->core_ms, r->main_ms)) {
        return false;
    }
    switch (r->kind) {
    case DOSING_STORE_LEASE:
        return replay_lease(b, r);
    case DOSING_STORE_ALARMS:
        return replay_alarms(b, r);
    case DOSING_STORE_COUNTERS:
        return replay_counters(b, r);
    case DOSING_STORE_PATIENT:
        dosing_patient_begin(b->state, r->core_ms);
        return true;
    case DOSING_STORE_LIFE:
        dosing_aged_take(&b->state->life, r->body);
        return true;
    default:
        return false;
    }
}

/* Every later record, sector after sector around the ring: the order in which they were written. */
static bool replay_all(boot_t *b)
{
    const dosing_medium_t *m = &b->state->medium;
    const uint32_t ring = dosing_store_ring(m);
    const uint32_t slots = dosing_store_slots(m, 0u);
    uint32_t seq = b->checkpoint.seq;
    bool good = true;
    for (uint32_t k = 0; k < ring && good; k++) {
        for (uint32_t slot = 0; slot < slots && good; slot++) {
            dosing_record_t r;
            if (dosing_store_record(b->state, (b->sector + k) % ring, slot, &r) && r.seq > seq &&
                r.edition == b->checkpoint.edition) {
                seq = r.seq;
                b->strayed |= k != 0u;
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
    if (b->strayed) { /* later records lie elsewhere: the next write begins a sector, so that numbers rise around the ring */
        m->slot = m->slots;
    }
    const dosing_checkpoint_t used = b->checkpoint;
    m->spare = choose(b, used.seq) ? b->sector : DOSING_NO_SECTOR;
    b->checkpoint = used;
}

/* Everything counts as given that may have been; nothing is owed, but a pulse to the programme. */
static bool settle(boot_t *b)
{
    dosing_state_t *state = b->state;
    dosing_run_t *run = &state->run;
    const uint64_t now_ms = b->moment.core_ms;
    if (!spend(b, state->lease.bound, false)) {
        return false;
    }
    if (run->commanded !=
        0u) { /* a pulse that began just before owns its time still: a reset gives none */
        run->pulsed = 1u;
        state->path.owed = 1 - (int64_t)state->path.den;
        state->path.credit_fl = -(int64_t)state->path.pulse_pl * DOSING_FL_PER_PL;
    }
    run->last_pulse_ms = now_ms;
    run->given_ms = now_ms;
    run->due_ms = now_ms; /* the first wake is wanted at once, whatever frame comes before it */
    run->scrub_ms = run->scrub_ms > now_ms ? run->scrub_ms : now_ms + 1u;
    state->lease.bound = run->commanded;
    state->lease.phantom_ms = now_ms + RING_MS;
    dosing_clock_continue(state, now_ms);
    for (uint32_t i = 0; i < sizeof state->counters.bound / 8u; i++) {
        state->counters.last[i] = state->counters.bound[i];
    }
    dosing_alarm_end(state, DOSING_ALARM_STORE);
    state->medium.alarms = state->path.alarms;
    state->medium.unseen = run->unseen;
    return true;
}

/* Records of more pulses than a day can have are not believed: the checkpoint that would say so could not be read again. */
static bool window_holds(const boot_t *b)
{
    return b->state->run.window_all <= dosing_limit_window_max(b->state);
}

static void lose(boot_t *b)
{
    dosing_state_t *state = b->state;
    dosing_medium_t *m = &state->medium;
    dosing_fresh_make(state, b->first);
    m->mute = 1u;
    m->seq = (b->seq / EPOCH + 1u) * EPOCH; /* seq is at most DOSING_STORE_SEQ_MAX: no overflow */
    m->seq = m->seq <= DOSING_STORE_SEQ_MAX ? m->seq : DOSING_STORE_SEQ_MAX;
    b->moment = (dosing_moment_t){state->run.guard_ms, b->first->main_ms};
    b->lost = true;
}

static void take_up(boot_t *b)
{
    dosing_state_t *state = b->state;
    uint32_t below = UINT32_MAX;
    look_around(b);
    bool good = false;
    while (!good && choose(b, below)) { /* one sector less each time */
        below = b->checkpoint.seq;
        good = load(b) && replay_all(b) && settle(b) && window_holds(b);
        b->copies += good ? 0u : 1u;
    }
    b->restored = good && !is_outdated(b);
    if (b->restored) {
        take_place(b);
    } else if (!is_new(b)) {
        lose(b);
    } else {
        b->copies = 0u;
        dosing_fresh_make(state, b->first);
    }
}

/* What the reset found, told once the log is open. */
static void tell(boot_t *b)
{
    dosing_state_t *state = b->state;
    if (b->lost) {
        dosing_alarm_raise(state, DOSING_ALARM_LOST);
    }
    if (!b->restored) {
        return;
    }
    if (state->therapy.programme.drugs != 0u) {
        dosing_reservoir_judge(state);
        dosing_alarm_raise(state, DOSING_ALARM_RESET);
    }
    if (b->copies != 0u) {
        dosing_log_note(state, DOSING_EVENT_STORE, b->checkpoint.seq, 0u);
        dosing_alarm_raise(state, DOSING_ALARM_COPY);
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
    dosing_log_open(state, &b.moment);
    tell(&b);
    dosing_fresh_seal(state);
    return DOSING_OK;
}
