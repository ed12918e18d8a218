/* SPDX-License-Identifier: Apache-2.0 */
/* Records played, and what must hold after each. */
#include "fuzz_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dosing_state.h"
#include "fuzz_link.h"

#define RETRY_MS UINT64_C(7500000) /* a train that could not be halted ends, and its end is seen */
#define GO_ON_MS UINT64_C(10800000)
#define RING_MS UINT64_C(97200000) /* after a reset pulses that nobody gave count for so long */
/* Alarms that nothing but a fault may raise. */
#define BLAMELESS                                                                                  \
    (DOSING_ALARM_MEMORY | DOSING_ALARM_GUARD | DOSING_ALARM_MOTOR | DOSING_ALARM_RESET |          \
     DOSING_ALARM_STORE | DOSING_ALARM_COPY | DOSING_ALARM_LOST | DOSING_ALARM_ERI |               \
     DOSING_ALARM_EOS | DOSING_ALARM_SELFTEST | DOSING_ALARM_STORM | DOSING_ALARM_TIME |           \
     DOSING_ALARM_BROWN_OUT)

static dosing_state_t *state_of(play_t *p)
{
    return (dosing_state_t *)(void *)p->pump.state;
}

void play_require(const play_t *p, bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "BROKEN: %s (record %u, %llu ms, %llu pulses)\n", what, p->record,
                (unsigned long long)p->pump.hal.now_ms,
                (unsigned long long)fake_pulses(&p->pump.hal));
        abort();
    }
}

bool play_telling(void)
{
    return getenv("FUZZ_TRACE") != NULL;
}

void play_check(play_t *p)
{
    const uint32_t alarms = p->init == DOSING_OK ? state_of(p)->path.alarms : 0u;
    play_require(p, p->pump.hal.violation[0] == '\0', p->pump.hal.violation);
    play_require(p, p->flash.broken == NULL, p->flash.broken);
    play_require(p, p->judge.broken == NULL, p->judge.broken);
    if ((alarms & BLAMELESS) == 0u) {
        return;
    }
    play_require(p, p->faulted || (alarms & DOSING_ALARM_GUARD) == 0u,
                 "the guard cut what was accepted");
    play_require(p, p->faulted, "an alarm of hardware that did nothing wrong");
    if ((alarms & DOSING_ALARM_STOPS & ~DOSING_ALARM_EMPTY) != 0u) { /* the course does not know */
        judge_doubt(&p->judge);
    }
}

course_memory_t play_memory(play_t *p)
{
    const dosing_state_t *state = state_of(p);
    course_memory_t m = {.bridge_pl = state->run.bridge_pl,
                         .volume_pl = state->run.volume_pl,
                         .revision = state->bolus.revision,
                         .empty = (state->path.alarms & DOSING_ALARM_EMPTY) != 0u};
    memcpy(m.concentration, state->therapy.concentration_ng_per_ml, sizeof m.concentration);
    return m;
}

static uint64_t words(const tape_record_t *r, uint32_t at, uint32_t size)
{
    uint8_t bytes[8] = {0};
    for (uint32_t i = 0; i < size && at + i < r->length; i++) {
        bytes[i] = r->body[at + i];
    }
    return fake_get(bytes, size);
}

/* ---- the core called -------------------------------------------------------------------------------------------- */

/* A core whose store is of no use, or was before a clinician's order, keeps no counters: what is opened again is a session of another
 * number. */
static void begin(play_t *p, bool forgets)
{
    fake_pump_t *pump = &p->pump;
    pump->core = dosing_entry();
    pump->session = 0u;
    pump->next_ms = pump->hal.now_ms;
    p->image_length = 0u;
    p->read_length = 0u;
    p->init = pump->core->init(state_of(p), &p->hal, &pump->hal);
    if (forgets) {
        memset(p->counter, 0, sizeof p->counter);
    }
}

static bool tired(const play_t *p)
{
    return p->pump.wakes >= PLAY_WAKES_MAX || p->judge.full;
}

static void run(play_t *p, uint64_t ms)
{
    fake_pump_t *pump = &p->pump;
    fake_hal_t *hal = &pump->hal;
    const uint64_t until_ms = hal->now_ms + ms;
    while (pump->next_ms <= until_ms && !tired(p)) {
        const bool late = pump->next_ms < hal->now_ms;
        const uint64_t at_ms = late ? hal->now_ms : pump->next_ms;
        const bool standing = !hal->running || at_ms >= hal->end_ms;
        fake_pump_run(pump, at_ms);
        if (pump->status == DOSING_OK && standing) {
            judge_act(&p->judge, at_ms, late);
        }
        play_check(p);
    }
    if (!tired(p)) {
        hal->now_ms = until_ms;
    }
}

/* ---- records ---------------------------------------------------------------------------------------------------- */

static void order(play_t *p, uint8_t role, const tape_record_t *r)
{
    if (r->length > 0u) {
        (void)link_order_anyhow(p, role, r->body[0], r->body + 1, r->length - 1u);
    }
}

/* The image fills the record from `from` on, or ends in zeros. */
static void commit(play_t *p, const tape_record_t *r, uint32_t from, const link_pieces_t *pieces)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0};
    const size_t length = r->length > from ? r->length - from : 0u;
    memcpy(image, r->body + from, length < sizeof image ? length : sizeof image);
    link_commit(p, image, pieces);
}

static void pieces(play_t *p, const tape_record_t *r)
{
    const link_pieces_t how = {1u + (uint32_t)words(r, 0u, 1u) % DOSING_PART_BYTES_MAX,
                               (uint32_t)words(r, 1u, 1u) % 8u,
                               (uint8_t)(words(r, 2u, 1u) % TAPE_PIECE_WAYS)};
    if (r->length > 3u) {
        commit(p, r, 3u, &how);
    }
}

static void hands(play_t *p, const tape_record_t *r)
{
    uint8_t place[4];
    const uint64_t now_ms = course_place(&p->judge.course, p->pump.hal.now_ms);
    fake_put(place, (now_ms + words(r, 0u, 4u)) % WEEK_MS, sizeof place);
    (void)link_order_anyhow(p, DOSING_ROLE_CLINICIAN, DOSING_FRAME_SET_TIME, place, sizeof place);
}

static void fault(play_t *p, const tape_record_t *r)
{
    fake_hal_t *hal = &p->pump.hal;
    hal->fail_from = hal->calls + words(r, 0u, 1u) % 32u;
    hal->fail_count = words(r, 1u, 1u) % 12u;
    hal->fail_acting = words(r, 2u, 1u) % 4u == 1u;
    p->faulted = p->faulted || hal->fail_count > 0u;
    if (hal->fail_count > 0u) { /* each call that acts may begin a stroke that nobody sees */
        judge_fault(&p->judge, hal->fail_acting ? (uint32_t)hal->fail_count : 0u);
    }
}

static void motor(play_t *p, const tape_record_t *r)
{
    const uint64_t bits = words(r, 0u, 1u);
    p->pump.hal.arm_fails = (bits & 1u) != 0u;
    p->pump.hal.start_fails = (bits & 2u) != 0u;
    if ((bits & 3u) != 0u) {
        p->faulted = true;
        judge_fault(&p->judge, 0u);
    }
}

static void reset(play_t *p, const tape_record_t *r)
{
    p->pump.hal.cause = DOSING_RESET_POWER_ON + (uint32_t)words(r, 0u, 1u) % DOSING_RESET_UNKNOWN;
    p->pump.hal.now_ms += p->pump.hal.factory.gap_ms; /* a start takes its time */
    p->resets++;
    p->reset_ms = p->pump.hal.now_ms;
    p->faulted = true; /* the core's account may be a lease ahead */
    judge_fault(&p->judge, 0u);
    begin(p, p->flipped || state_of(p)->medium.mute != 0u);
    const course_memory_t memory = play_memory(p);
    if (p->pump.hal.running || p->init != DOSING_OK) {
        judge_doubt(
            &p->judge);      /* a start that could not stop the motor leaves the train to its end */
    } else if (p->flipped) { /* an earlier programme, or none */
        judge_estrange(&p->judge, &memory, p->pump.hal.now_ms);
    } else {
        judge_reset(&p->judge, &memory, p->pump.hal.now_ms);
    }
    p->flipped = false;
    play_check(p);
}

static void flip(play_t *p, const tape_record_t *r)
{
    const uint64_t address = words(r, 0u, 2u);
    for (uint32_t i = 2u; i < r->length; i++) {
        p->flash.bytes[(address + i - 2u) % FLASH_BYTES] ^= r->body[i];
    }
    p->flipped = true;
    p->decayed = true;
    p->faulted = true;
}

static void tell(const play_t *p, const tape_record_t *r)
{
    static const char *const names[TAPE_KINDS] = {
        "run",    "late",  "open",  "order", "wish",  "commit", "seal",   "raw",
        "replay", "fault", "motor", "reset", "flash", "hands",  "pieces", "help"};
    if (play_telling()) {
        fprintf(stderr, "record %u at %llu ms, %llu pulses: %s %llu\n", p->record,
                (unsigned long long)p->pump.hal.now_ms,
                (unsigned long long)fake_pulses(&p->pump.hal), names[r->kind],
                (unsigned long long)words(r, 0u, 4u));
    }
}

static void play_frames(play_t *p, const tape_record_t *r)
{
    const link_pieces_t whole = {DOSING_PART_BYTES_MAX, UINT32_MAX, TAPE_PIECE_FINE};
    switch (r->kind) {
    case TAPE_OPEN:
        (void)link_open(p, (uint8_t)(DOSING_ROLE_CLINICIAN + words(r, 0u, 1u) % DOSING_ROLES));
        break;
    case TAPE_ORDER:
        order(p, DOSING_ROLE_CLINICIAN, r);
        break;
    case TAPE_WISH:
        order(p, DOSING_ROLE_PATIENT, r);
        break;
    case TAPE_HELP:
        order(p, DOSING_ROLE_EMERGENCY, r);
        break;
    case TAPE_COMMIT:
        commit(p, r, 0u, &whole);
        break;
    case TAPE_PIECES:
        pieces(p, r);
        break;
    case TAPE_SEAL:
        link_seal(p);
        break;
    case TAPE_RAW:
        if (r->length > 0u) {
            link_raw(p, r->body[0], r->body + 1, r->length - 1u);
        }
        break;
    case TAPE_REPLAY:
        link_replay(p, (uint32_t)words(r, 0u, 1u), (uint32_t)words(r, 1u, 1u) % 4u);
        break;
    case TAPE_HANDS:
        hands(p, r);
        break;
    default:
        break;
    }
}

static void play_record(play_t *p, const tape_record_t *r)
{
    tell(p, r);
    switch (r->kind) {
    case TAPE_RUN:
        run(p, words(r, 0u, 4u) % TAPE_STEP_MS_MAX);
        break;
    case TAPE_LATE:
        p->pump.hal.now_ms += words(r, 0u, 4u) % TAPE_STEP_MS_MAX;
        run(p, 0u);
        break;
    case TAPE_FAULT:
        fault(p, r);
        break;
    case TAPE_MOTOR:
        motor(p, r);
        break;
    case TAPE_RESET:
        reset(p, r);
        break;
    case TAPE_FLASH:
        flip(p, r);
        break;
    default:
        play_frames(p, r);
        break;
    }
    play_check(p);
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

/* Nothing that befell the pump may hold therapy off: where no alarm stops it, the course is followed again, at once where nothing
 * failed. */
static void go_on(play_t *p)
{
    p->pump.wakes = 0u;
    if (p->faulted) {
        run(p, RETRY_MS);
    }
    if (!p->decayed && (p->resets == 0u || p->pump.hal.now_ms > p->reset_ms + RING_MS)) {
        judge_trust(&p->judge);
    }
    run(p, GO_ON_MS);
}

/* With the hardware whole again the core answers; what it says it gave is what the motor gave, where nothing failed. */
static void give_account(play_t *p)
{
    fake_hal_t *hal = &p->pump.hal;
    hal->fail_count = 0u;
    hal->arm_fails = false;
    hal->start_fails = false;
    const dosing_status_t opened = link_open(p, DOSING_ROLE_CLINICIAN);
    if (p->init != DOSING_OK) {
        return; /* told once by link_deliver(); no counter is left */
    }
    if (opened != DOSING_OK && p->pump.counter > UINT64_MAX / 2u) {
        return; /* an image said that the counter is used up */
    }
    play_require(p, opened == DOSING_OK, "no session can be opened");
    play_require(
        p, link_order(p, DOSING_ROLE_CLINICIAN, DOSING_FRAME_INTERROGATE, NULL, 0u) == DOSING_OK,
        "interrogation is refused");
    play_require(p, hal->reply_length == DOSING_FRAME_BYTES_MIN + DOSING_REPORT_BYTES,
                 "interrogation is not answered in full");
    if (!p->faulted) {
        play_require(p,
                     fake_get(link_reply(p) + DOSING_REPORT_AT_COMMANDED, 8u) == fake_pulses(hal),
                     "the core's count of pulses is not the motor's");
    }
    go_on(p);
}

static void start(play_t *p, uint8_t options, const uint8_t *image, size_t image_size)
{
    fake_pump_t *pump = &p->pump;
    fake_init(&pump->hal);
    tape_factory(options, &pump->hal.factory);
    fake_seal_factory(&pump->hal);
    p->hal = fake_hal;
    flash_start(&p->flash, &p->hal);
    flash_image(&p->flash, pump->hal.factory.crc, image, image_size);
    if ((options & TAPE_GENUINE) != 0u) {
        link_take_any_tag(&p->hal);
    }
    judge_start(&p->judge, &pump->hal.factory, pump->hal.now_ms);
    pump->hal.on_train = judge_train;
    pump->hal.on_train_context = &p->judge;
    begin(p, false);
    if (image_size > 0u) {
        const course_memory_t memory = play_memory(p);
        p->imaged = true;
        p->faulted = true;
        p->decayed = true;
        judge_fault(&p->judge, 0u);
        judge_estrange(&p->judge, &memory, pump->hal.now_ms);
    }
}

void play_tape(play_t *p, const uint8_t *image, size_t image_size, const uint8_t *tape, size_t size)
{
    tape_record_t record;
    size_t at = 1u;
    memset(&p->pump, 0, sizeof p->pump);
    memset(&p->init, 0, sizeof *p - offsetof(play_t, init));
    start(p, size > 0u ? tape[0] : 0u, image, image_size);
    while (tape_next(tape, size, &at, &record) && !tired(p)) {
        p->record++;
        play_record(p, &record);
    }
    p->record = 0u;
    give_account(p);
}
