/* SPDX-License-Identifier: Apache-2.0 */
/* Records played, and what must hold after each. Frames are handed over in blocks of exactly their length, so that
 * AddressSanitizer sees a byte read beyond them. */
#include "fuzz_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dosing_crc.h"
#include "dosing_state.h"
#include "dosing_stream.h"

#define GO_ON_MS UINT64_C(10800000)
#define GO_ON_MORE_PULSES 5000.0 /* of a bolus under way */
/* Alarms that nothing but a fault may raise. */
#define BLAMELESS (DOSING_ALARM_MEMORY | DOSING_ALARM_GUARD | DOSING_ALARM_MOTOR)

static play_t *playing;          /* whose store the hardware's context does not lead to */
static const uint8_t *delivered; /* the frame whose tag is genuine whatever it is */

static dosing_state_t *state_of(play_t *p)
{
    return (dosing_state_t *)(void *)p->pump.state;
}

static void require(const play_t *p, bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "BROKEN: %s (record %u, %llu ms, %llu pulses)\n", what, p->record,
                (unsigned long long)p->pump.hal.now_ms,
                (unsigned long long)fake_pulses(&p->pump.hal));
        abort();
    }
}

/* With FUZZ_TRACE set a replay tells what happens. */
static bool telling(void)
{
    return getenv("FUZZ_TRACE") != NULL;
}

static void check(const play_t *p)
{
    require(p, p->pump.hal.violation[0] == '\0', p->pump.hal.violation);
    require(p, p->judge.broken == NULL, p->judge.broken);
}

/* Answers with the tag that the frame carries. */
static int32_t any_is_genuine(void *context, uint8_t role, const uint8_t *bytes, uint32_t length,
                              uint8_t *tag)
{
    if (bytes != delivered) {
        return fake_hal.authenticate(context, role, bytes, length, tag);
    }
    memcpy(tag, bytes + length, DOSING_FRAME_TAG_BYTES);
    return DOSING_HAL_OK;
}

/* ---- the store: written only where erased, as flash is ------------------------------------------------------------- */

static int32_t store_geometry(void *context, dosing_store_geometry_t *geometry)
{
    (void)context;
    *geometry = (dosing_store_geometry_t){PLAY_SECTORS, PLAY_SECTOR_BYTES, PLAY_WRITE_BYTES, 0xFFu};
    return DOSING_HAL_OK;
}

static bool in_store(uint32_t address, uint32_t length)
{
    return address <= PLAY_STORE_BYTES && length <= PLAY_STORE_BYTES - address;
}

static int32_t store_read(void *context, uint32_t address, uint8_t *bytes, uint32_t length)
{
    (void)context;
    require(playing, in_store(address, length), "the store is read outside its bounds");
    memcpy(bytes, playing->store + address, length);
    return DOSING_HAL_OK;
}

static int32_t store_write(void *context, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    (void)context;
    require(playing, in_store(address, length), "the store is written outside its bounds");
    require(playing, (address | length) % PLAY_WRITE_BYTES == 0u, "the store is written askew");
    for (uint32_t i = 0; i < length; i++) {
        playing->store[address + i] &= bytes[i];
    }
    return DOSING_HAL_OK;
}

static int32_t store_erase(void *context, uint32_t sector)
{
    (void)context;
    require(playing, sector < PLAY_SECTORS, "a sector is erased that does not exist");
    memset(playing->store + sector * PLAY_SECTOR_BYTES, 0xFF, PLAY_SECTOR_BYTES);
    return DOSING_HAL_OK;
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

static void begin(play_t *p)
{
    fake_pump_t *pump = &p->pump;
    pump->core = dosing_entry();
    pump->session = 0u;
    pump->next_ms = pump->hal.now_ms;
    p->init = pump->core->init(state_of(p), &p->hal, &pump->hal);
    if (!JUDGE_RESUMES || p->flipped) {
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
    const uint64_t until_ms = pump->hal.now_ms + ms;
    while (pump->next_ms <= until_ms && !tired(p)) {
        fake_pump_run(pump, pump->next_ms > pump->hal.now_ms ? pump->next_ms : pump->hal.now_ms);
        check(p);
    }
    if (!tired(p)) {
        pump->hal.now_ms = until_ms;
    }
}

/* ---- frames ----------------------------------------------------------------------------------------------------- */

static const uint8_t *reply(const play_t *p)
{
    return p->pump.hal.reply + DOSING_FRAME_HEADER_BYTES;
}

static bool tag_is_right(const uint8_t *frame, uint32_t length)
{
    uint8_t tag[DOSING_FRAME_TAG_BYTES];
    if (length < DOSING_FRAME_BYTES_MIN) {
        return false;
    }
    const uint32_t covered = length - DOSING_FRAME_TAG_BYTES;
    (void)fake_hal.authenticate(NULL, frame[DOSING_FRAME_AT_ROLE], frame, covered, tag);
    return memcmp(tag, frame + covered, sizeof tag) == 0;
}

/* The state without what a refused frame may change: counters; where it was a part of an image, the image too. */
static void without_counters(uint8_t *bytes, const play_t *p, bool stage)
{
    dosing_state_t *state = (dosing_state_t *)(void *)bytes;
    memcpy(bytes, p->pump.state, sizeof *state);
    memset(&state->counters, 0, sizeof state->counters);
    memset(&state->medium, 0, sizeof state->medium);
    memset(&state->log, 0, sizeof state->log); /* a patient's request that is refused is logged */
    if (stage) {
        dosing_session_t *session = &state->session;
        session->staged = session->valid = session->read_back = session->crc = 0u;
        memset(session->image, 0, sizeof session->image);
    }
}

static void check_refused(const play_t *p, const dosing_state_t *before, bool stage,
                          dosing_status_t status)
{
    dosing_state_t after;
    without_counters((uint8_t *)&after, p, stage);
    require(p, memcmp(before, &after, sizeof after) == 0,
            "a refused frame changed more than counters");
    require(p, status >= DOSING_REFUSED_REPLAY || p->pump.hal.reply_length == 0u,
            "a frame that is not genuine was answered");
}

/* A clinician's programmer takes up the counter that a refusal tells. */
static void take_up_counter(play_t *p)
{
    const fake_hal_t *hal = &p->pump.hal;
    const uint8_t *payload = reply(p);
    if (hal->reply_length == DOSING_FRAME_BYTES_MIN + DOSING_REFUSAL_BYTES &&
        payload[0] == DOSING_REFUSED_REPLAY) {
        p->pump.counter = fake_get(payload + DOSING_REFUSAL_AT_COUNTER, 8u);
        if (p->imaged || p->resets > 0u) { /* a reset counts what was leased as spent */
            const uint8_t role = hal->reply[DOSING_FRAME_AT_ROLE];
            p->counter[role - 1u] = p->pump.counter;
        }
    }
}

static void keep(play_t *p, const uint8_t *frame, uint32_t length)
{
    play_frame_t *kept = &p->kept[p->frames++ % PLAY_FRAMES];
    kept->length = length < sizeof kept->bytes ? length : (uint32_t)sizeof kept->bytes;
    memcpy(kept->bytes, frame, kept->length);
}

/* Length of the image that begins with this head. */
static uint32_t image_bytes(const uint8_t *head)
{
    return DOSING_PROGRAMME_BYTES + head[DOSING_PROGRAMME_AT_STEPS] * DOSING_STEP_BYTES +
           head[DOSING_PROGRAMME_AT_TIMED] * DOSING_TIMED_BYTES;
}

/* A part of an image that was read back joins those before it. */
static void note_read_back(play_t *p)
{
    const uint8_t *part = reply(p) + DOSING_ACK_BYTES;
    const uint32_t outside = DOSING_FRAME_BYTES_MIN + DOSING_ACK_BYTES + DOSING_PART_AT_BYTES;
    const uint32_t offset = (uint32_t)fake_get(part + DOSING_PART_AT_OFFSET, 2u);
    if (p->pump.hal.reply_length <= outside) { /* a reply may be lost */
        p->staged_length = 0u;
        return;
    }
    const uint32_t length = p->pump.hal.reply_length - outside;
    require(p, offset + length <= sizeof p->staged, "more is read back than an image has");
    if (offset == 0u || offset == p->staged_length) {
        memcpy(p->staged + offset, part + DOSING_PART_AT_BYTES, length);
        p->staged_length = offset + length;
    }
}

/* What an accepted frame ordered, wherever it came from. */
static void note(play_t *p, const uint8_t *frame)
{
    const uint8_t type = frame[DOSING_FRAME_AT_TYPE];
    if (type == DOSING_FRAME_READ_BACK) {
        note_read_back(p);
    } else if (type == DOSING_FRAME_OPEN || type == DOSING_FRAME_STAGE) {
        p->staged_length = 0u;
    } else if (type == DOSING_FRAME_COMMIT &&
               (p->staged_length == 0u || p->staged_length != image_bytes(p->staged))) {
        judge_wonder(&p->judge);
    } else if (type == DOSING_FRAME_COMMIT) {
        judge_programme(&p->judge, p->staged, p->pump.hal.now_ms);
    } else {
        judge_order(&p->judge, type, frame + DOSING_FRAME_HEADER_BYTES, p->pump.hal.now_ms);
    }
}

/* What an accepted frame must be, by the written format alone. */
static const char *wrong_with(const play_t *p, const uint8_t *frame, uint32_t length)
{
    const uint8_t type = length < DOSING_FRAME_BYTES_MIN ? 0u : frame[DOSING_FRAME_AT_TYPE];
    const uint8_t role = length < DOSING_FRAME_BYTES_MIN ? 0u : frame[DOSING_FRAME_AT_ROLE];
    if ((role != DOSING_ROLE_CLINICIAN && role != DOSING_ROLE_PATIENT) ||
        length > DOSING_FRAME_BYTES_MAX ||
        fake_get(frame + DOSING_FRAME_AT_LENGTH, 2u) != length - DOSING_FRAME_BYTES_MIN) {
        return "a frame without a role or of a wrong length was accepted";
    }
    if (frame[DOSING_FRAME_AT_VERSION] != DOSING_FRAME_VERSION ||
        frame[DOSING_FRAME_AT_ZERO] != 0u || fake_get(frame + DOSING_FRAME_AT_ZERO2, 2u) != 0u ||
        fake_get(frame + DOSING_FRAME_AT_DEVICE, 4u) != p->pump.hal.factory.device_id) {
        return "a frame of another version or for another device was accepted";
    }
    const uint32_t covered = length - DOSING_FRAME_BYTES_MIN + DOSING_FRAME_HEADER_BYTES;
    if (fake_get(frame + covered, 4u) != dosing_crc(frame, covered)) {
        return "a frame with a wrong CRC was accepted";
    }
    if (p->hal.authenticate != any_is_genuine && !tag_is_right(frame, length)) {
        return "a frame with a wrong tag was accepted";
    }
    const uint64_t step = fake_get(frame + DOSING_FRAME_AT_COUNTER, 8u) - p->counter[role - 1u];
    if (step - 1u >= DOSING_COUNTER_STEP_MAX) {
        return "a replayed frame was accepted";
    }
    if (role == DOSING_ROLE_PATIENT && !tape_is_patients(type)) {
        return "the patient's role gave an order of the clinician's";
    }
    const uint64_t session = fake_get(frame + DOSING_FRAME_AT_SESSION, 4u);
    const bool current = session != 0u && session == p->pump.session &&
                         p->patient == (role == DOSING_ROLE_PATIENT) &&
                         p->pump.hal.now_ms < p->heard_ms + DOSING_SESSION_MS;
    return (type == DOSING_FRAME_OPEN ? session == 0u : current)
               ? NULL
               : "a frame outside its session was accepted";
}

static void accept(play_t *p, const uint8_t *frame, uint32_t length)
{
    const char *wrong = wrong_with(p, frame, length);
    require(p, wrong == NULL, wrong);
    const uint8_t type = frame[DOSING_FRAME_AT_TYPE];
    const uint8_t role = frame[DOSING_FRAME_AT_ROLE];
    p->heard_ms = p->pump.hal.now_ms;
    p->counter[role - 1u] = fake_get(frame + DOSING_FRAME_AT_COUNTER, 8u);
    if (type == DOSING_FRAME_CLOSE) {
        p->pump.session = 0u;
    } else if (type == DOSING_FRAME_OPEN) { /* a reply may be lost */
        const uint8_t *session = reply(p) + DOSING_OPENED_AT_SESSION;
        p->pump.session = p->pump.hal.reply_length > 0u ? (uint32_t)fake_get(session, 4u) : 0u;
        p->patient = role == DOSING_ROLE_PATIENT;
    }
    note(p, frame);
}

static dosing_status_t deliver(play_t *p, const uint8_t *bytes, uint32_t length)
{
    dosing_state_t before;
    const bool stage =
        length >= DOSING_FRAME_BYTES_MIN && bytes[DOSING_FRAME_AT_TYPE] == DOSING_FRAME_STAGE;
    uint8_t *frame = malloc(length + (length == 0u ? 1u : 0u));
    require(p, frame != NULL, "no memory for a frame");
    memcpy(frame, bytes, length);
    without_counters((uint8_t *)&before, p, stage);
    delivered = frame;
    const bool overdue = p->pump.next_ms <= p->pump.hal.now_ms;
    const dosing_status_t status = fake_raw(&p->pump, frame, length);
    if (telling()) {
        fprintf(stderr, "  frame type %d, %u bytes: status %d\n",
                length > DOSING_FRAME_AT_TYPE ? frame[DOSING_FRAME_AT_TYPE] : -1, length,
                (int)status);
    }
    check(p);
    require(p, p->init == DOSING_OK || status == p->init, "a core that did not start took a frame");
    if (status >= DOSING_REFUSED_LENGTH) {
        check_refused(p, &before, stage, status);
    }
    if (status == DOSING_OK || (p->pump.hal.reply_length > 0u && *reply(p) == DOSING_OK)) {
        accept(p, frame, length);
    }
    require(p, p->pump.next_ms > p->pump.hal.now_ms || overdue || p->faulted,
            "a frame asked for a wake in the past");
    take_up_counter(p);
    keep(p, frame, length);
    free(frame);
    delivered = NULL;
    return status;
}

static void seal(uint8_t *frame, uint32_t covered, bool crc, bool tag)
{
    if (crc) {
        fake_put(frame + covered, dosing_crc(frame, covered), 4u);
    }
    if (tag) {
        const uint32_t tagged = covered + DOSING_FRAME_CRC_BYTES;
        (void)fake_hal.authenticate(NULL, frame[DOSING_FRAME_AT_ROLE], frame, tagged,
                                    frame + tagged);
    }
}

/* The next frame of this role, in the session that is open. */
static dosing_status_t order(play_t *p, uint8_t role, uint8_t type, const uint8_t *payload,
                             uint32_t length)
{
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    p->pump.counter++;
    const uint32_t whole =
        fake_frame(&p->pump, type, payload,
                   length < DOSING_FRAME_PAYLOAD_MAX ? length : DOSING_FRAME_PAYLOAD_MAX, frame);
    frame[DOSING_FRAME_AT_ROLE] = role;
    if (type == DOSING_FRAME_OPEN) {
        fake_put(frame + DOSING_FRAME_AT_SESSION, 0u, 4u);
    }
    seal(frame, whole - DOSING_FRAME_BYTES_MIN + DOSING_FRAME_HEADER_BYTES, true, true);
    return deliver(p, frame, whole);
}

static dosing_status_t open(play_t *p, uint8_t role)
{
    const uint8_t mine[DOSING_NONCE_BYTES] = {1, 2, 3};
    dosing_status_t status = order(p, role, DOSING_FRAME_OPEN, mine, sizeof mine);
    if (status == DOSING_REFUSED_REPLAY) {
        status = order(p, role, DOSING_FRAME_OPEN, mine, sizeof mine);
    }
    return status;
}

/* Opens a session where none of the role's is open. */
static void order_anyhow(play_t *p, uint8_t role, const tape_record_t *r)
{
    if (r->length == 0u) {
        return;
    }
    if (p->pump.session == 0u || p->patient != (role == DOSING_ROLE_PATIENT)) {
        (void)open(p, role);
    }
    if (order(p, role, r->body[0], r->body + 1, r->length - 1u) == DOSING_REFUSED_SESSION) {
        (void)open(p, role);
        (void)order(p, role, r->body[0], r->body + 1, r->length - 1u);
    }
}

/* Commits what was read back last. */
static void commit_staged(play_t *p)
{
    uint8_t crc[4];
    fake_put(crc, dosing_crc(p->staged, p->staged_length), 4u);
    (void)order(p, DOSING_ROLE_CLINICIAN, DOSING_FRAME_COMMIT, crc, sizeof crc);
}

static dosing_status_t stage(play_t *p, const uint8_t *image, uint32_t length)
{
    uint8_t part[DOSING_PART_AT_BYTES + DOSING_PART_BYTES_MAX] = {0};
    dosing_status_t status = DOSING_OK;
    for (uint32_t at = 0; at < length && status == DOSING_OK; at += DOSING_PART_BYTES_MAX) {
        const uint32_t left = length - at;
        const uint32_t bytes = left < DOSING_PART_BYTES_MAX ? left : DOSING_PART_BYTES_MAX;
        fake_put(part + DOSING_PART_AT_OFFSET, at, 2u);
        memcpy(part + DOSING_PART_AT_BYTES, image + at, bytes);
        status =
            order(p, DOSING_ROLE_CLINICIAN, DOSING_FRAME_STAGE, part, DOSING_PART_AT_BYTES + bytes);
    }
    return status;
}

static dosing_status_t read_back(play_t *p, uint32_t length)
{
    dosing_status_t status = DOSING_OK;
    for (uint32_t at = 0; at < length && status == DOSING_OK; at += DOSING_PART_BYTES_MAX) {
        uint8_t offset[4];
        fake_put(offset, at, sizeof offset);
        status = order(p, DOSING_ROLE_CLINICIAN, DOSING_FRAME_READ_BACK, offset, sizeof offset);
    }
    return status;
}

/* A programme made whole, in a session of its own: staged, read back, committed. */
static void commit(play_t *p, const tape_record_t *r)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0};
    memcpy(image, r->body, r->length < sizeof image ? r->length : sizeof image);
    const uint32_t said = image_bytes(image);
    const uint32_t length = said < sizeof image ? said : (uint32_t)sizeof image;
    if (open(p, DOSING_ROLE_CLINICIAN) == DOSING_OK && stage(p, image, length) == DOSING_OK &&
        read_back(p, length) == DOSING_OK) {
        require(p, p->faulted || memcmp(p->staged, image, length) == 0,
                "what is read back is not what was staged");
        commit_staged(p);
    }
}

static void repair(play_t *p, uint8_t mask, uint8_t *frame, uint32_t length)
{
    const uint32_t payload = length - DOSING_FRAME_BYTES_MIN;
    if ((mask & TAPE_REPAIR_HEADER) != 0u) {
        frame[DOSING_FRAME_AT_VERSION] = DOSING_FRAME_VERSION;
        frame[DOSING_FRAME_AT_ZERO] = 0u;
        fake_put(frame + DOSING_FRAME_AT_ZERO2, 0u, 2u);
        fake_put(frame + DOSING_FRAME_AT_DEVICE, p->pump.hal.factory.device_id, 4u);
    }
    if ((mask & TAPE_REPAIR_LENGTH) != 0u) {
        fake_put(frame + DOSING_FRAME_AT_LENGTH, payload, 2u);
    }
    if ((mask & TAPE_REPAIR_SESSION) != 0u) {
        const bool opens = frame[DOSING_FRAME_AT_TYPE] == DOSING_FRAME_OPEN;
        fake_put(frame + DOSING_FRAME_AT_SESSION, opens ? 0u : p->pump.session, 4u);
    }
    if ((mask & TAPE_REPAIR_COUNTER) != 0u) {
        fake_put(frame + DOSING_FRAME_AT_COUNTER, ++p->pump.counter, 8u);
    }
    if ((mask & TAPE_REPAIR_ROLE) != 0u) {
        frame[DOSING_FRAME_AT_ROLE] = DOSING_ROLE_CLINICIAN;
    }
    seal(frame, DOSING_FRAME_HEADER_BYTES + payload, (mask & TAPE_REPAIR_CRC) != 0u,
         (mask & TAPE_REPAIR_TAG) != 0u);
}

static void raw(play_t *p, const tape_record_t *r)
{
    uint8_t frame[UINT16_MAX];
    if (r->length == 0u) {
        return;
    }
    const uint32_t length = r->length - 1u;
    memcpy(frame, r->body + 1, length);
    if (length >= DOSING_FRAME_BYTES_MIN) {
        repair(p, r->body[0], frame, length);
    }
    (void)deliver(p, frame, length);
}

static void replay(play_t *p, const tape_record_t *r)
{
    if (p->frames == 0u) {
        return;
    }
    const uint32_t back = (uint32_t)words(r, 0u, 1u) % PLAY_FRAMES % p->frames;
    const play_frame_t frame = p->kept[(p->frames - 1u - back) % PLAY_FRAMES];
    const uint32_t less = (uint32_t)words(r, 1u, 1u) % 4u;
    (void)deliver(p, frame.bytes, less < frame.length ? frame.length - less : frame.length);
}

/* ---- records ---------------------------------------------------------------------------------------------------- */

static void fault(play_t *p, const tape_record_t *r)
{
    fake_hal_t *hal = &p->pump.hal;
    hal->fail_from = hal->calls + words(r, 0u, 1u) % 32u;
    hal->fail_count = words(r, 1u, 1u) % 12u;
    hal->fail_acting = words(r, 2u, 1u) % 4u == 1u;
    p->faulted = p->faulted || hal->fail_count > 0u;
    if (hal->fail_acting) { /* each call may begin a stroke that nobody sees */
        p->judge.slack_pulses += (double)hal->fail_count;
    }
}

static void motor(play_t *p, const tape_record_t *r)
{
    const uint64_t bits = words(r, 0u, 1u);
    p->pump.hal.arm_fails = (bits & 1u) != 0u;
    p->pump.hal.start_fails = (bits & 2u) != 0u;
    p->faulted = p->faulted || (bits & 3u) != 0u;
}

static void reset(play_t *p)
{
    p->pump.hal.now_ms += p->pump.hal.factory.gap_ms; /* a start takes its time */
    p->resets++;
    begin(p);
    check(p);
    if (!p->pump.hal
             .running) { /* a start that could not stop the motor leaves the train to its end */
        judge_reset(&p->judge, p->pump.hal.now_ms, !p->flipped);
    }
    if (p->flipped) { /* an earlier programme, or none */
        judge_wonder(&p->judge);
    }
    p->flipped = false;
    p->faulted = true; /* the core's account may be a lease ahead */
}

static void flash(play_t *p, const tape_record_t *r)
{
    const uint64_t address = words(r, 0u, 2u);
    for (uint32_t i = 2u; i < r->length; i++) {
        p->store[(address + i - 2u) % PLAY_STORE_BYTES] ^= r->body[i];
    }
    p->flipped = true;
}

static void play_record(play_t *p, const tape_record_t *r)
{
    static const char *const names[TAPE_KINDS] = {"run",    "late",  "open", "order",  "wish",
                                                  "commit", "seal",  "raw",  "replay", "fault",
                                                  "motor",  "reset", "flash"};
    if (telling()) {
        fprintf(stderr, "record %u at %llu ms, %llu pulses: %s %llu\n", p->record,
                (unsigned long long)p->pump.hal.now_ms,
                (unsigned long long)fake_pulses(&p->pump.hal), names[r->kind],
                (unsigned long long)words(r, 0u, 4u));
    }
    switch ((tape_kind_t)r->kind) {
    case TAPE_RUN:
        run(p, words(r, 0u, 4u) % TAPE_STEP_MS_MAX);
        break;
    case TAPE_LATE:
        p->pump.hal.now_ms += words(r, 0u, 4u) % TAPE_STEP_MS_MAX;
        run(p, 0u);
        break;
    case TAPE_OPEN:
        (void)open(p, words(r, 0u, 1u) % 2u == 0u ? DOSING_ROLE_CLINICIAN : DOSING_ROLE_PATIENT);
        break;
    case TAPE_ORDER:
        order_anyhow(p, DOSING_ROLE_CLINICIAN, r);
        break;
    case TAPE_WISH:
        order_anyhow(p, DOSING_ROLE_PATIENT, r);
        break;
    case TAPE_COMMIT:
        commit(p, r);
        break;
    case TAPE_SEAL:
        commit_staged(p);
        break;
    case TAPE_RAW:
        raw(p, r);
        break;
    case TAPE_REPLAY:
        replay(p, r);
        break;
    case TAPE_FAULT:
        fault(p, r);
        break;
    case TAPE_MOTOR:
        motor(p, r);
        break;
    case TAPE_RESET:
        reset(p);
        break;
    case TAPE_FLASH:
        flash(p, r);
        break;
    case TAPE_KINDS:
        break;
    }
    check(p);
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

/* Different pumps: the usual one; 9 uL a pulse, with little a day; tiny pulses, fast; a long gap. */
static void build(fake_hal_t *hal, uint8_t which)
{
    fake_init(hal);
    dosing_factory_t *f = &hal->factory;
    if (which == 1u) {
        f->pulse_volume_pl = 9000000u;
        f->rate_min_nl_per_day = 216000u;
        f->volume_24h_max_nl = 1000000u;
    } else if (which == 2u) {
        f->pulse_volume_pl = 10000u;
        f->rate_min_nl_per_day = 240u;
        f->rate_max_nl_per_day = 8640000u;
        f->volume_24h_max_nl = 20000u;
        f->gap_ms = 100u;
    } else if (which == 3u) {
        f->rate_max_nl_per_day = 360000u;
        f->volume_24h_max_nl = 300000u;
        f->gap_ms = 60000u;
    }
    fake_seal_factory(hal);
}

/* Nothing that befell the pump may hold therapy off: where no alarm stops it and there is enough left, the programme goes
 * on, at the latest after the two minutes in which a motor that refused is tried again. */
static void go_on(play_t *p, const uint8_t *report)
{
    const judge_t *j = &p->judge;
    const double due = j->basal_per_ms * (double)GO_ON_MS;
    const double left_pl = ((double)fake_get(report + DOSING_REPORT_AT_VOLUME_NL, 4u) -
                            (double)fake_get(report + DOSING_REPORT_AT_EMPTY_NL, 4u)) *
                           1000.0;
    const bool stopped =
        (fake_get(report + DOSING_REPORT_AT_ALARMS, 4u) & DOSING_ALARM_STOPS) != 0u;
    if (stopped || !j->armed || !j->integrates || j->full || p->resets > 0u || p->flipped ||
        left_pl < (due + GO_ON_MORE_PULSES) * (double)j->mass[0]) {
        return;
    }
    const uint64_t before = fake_pulses(&p->pump.hal);
    p->pump.wakes = 0u;
    run(p, GO_ON_MS);
    require(p,
            tired(p) || (double)(fake_pulses(&p->pump.hal) - before) >=
                            due - j->basal_per_ms * 120000.0 - 2.0,
            "dosing does not go on");
}

/* With the hardware whole again the core answers; what it says it gave is what the motor gave, where nothing failed. */
static void give_account(play_t *p)
{
    fake_hal_t *hal = &p->pump.hal;
    hal->fail_count = 0u;
    hal->arm_fails = false;
    hal->start_fails = false;
    const dosing_status_t opened = open(p, DOSING_ROLE_CLINICIAN);
    if (p->init != DOSING_OK) {
        return; /* told once by deliver(); no counter is left */
    }
    if (opened != DOSING_OK && p->pump.counter > UINT64_MAX / 2u) {
        return; /* an image said that the counter is used up */
    }
    require(p, opened == DOSING_OK, "no session can be opened");
    require(p, order(p, DOSING_ROLE_CLINICIAN, DOSING_FRAME_INTERROGATE, NULL, 0u) == DOSING_OK,
            "interrogation is refused");
    require(p, hal->reply_length == DOSING_FRAME_BYTES_MIN + DOSING_REPORT_BYTES,
            "interrogation is not answered in full");
    const uint8_t *report = reply(p);
    if (!p->faulted) {
        require(p, fake_get(report + DOSING_REPORT_AT_COMMANDED, 8u) == fake_pulses(hal),
                "the core's count of pulses is not the motor's");
        require(p, fake_get(report + DOSING_REPORT_AT_GUARD, 4u) == 0u,
                "the guard cut what was accepted");
        require(p, (fake_get(report + DOSING_REPORT_AT_ALARMS, 4u) & BLAMELESS) == 0u,
                "an alarm of hardware that did nothing wrong");
    }
    go_on(p, report);
}

/* ---- images -------------------------------------------------------------------------------------------------------- */

static void put_checkpoint(play_t *p, uint32_t sector, const uint8_t *bytes, uint32_t length)
{
    uint8_t *at = p->store + sector * PLAY_SECTOR_BYTES;
    const uint32_t most =
        PLAY_SECTOR_BYTES - DOSING_STREAM_HEAD_BYTES - 4u * PLAY_WRITE_BYTES; /* CRC, word, units */
    if (length < 8u) {
        return;
    }
    const uint32_t payload = length - 8u < most ? length - 8u : most;
    const uint32_t covered = DOSING_STREAM_HEAD_BYTES + payload;
    fake_put(at, DOSING_STREAM_MAGIC, 4u);
    fake_put(at + 4, DOSING_STORE_LAYOUT, 4u);
    memcpy(at + 8, bytes, 8u);
    fake_put(at + 16, p->pump.hal.factory.crc, 4u);
    fake_put(at + 20, payload, 4u);
    memcpy(at + DOSING_STREAM_HEAD_BYTES, bytes + 8, payload);
    fake_put(at + covered, dosing_crc(at, covered), 4u);
    const uint32_t word =
        (covered + 4u + PLAY_WRITE_BYTES - 1u) / PLAY_WRITE_BYTES * PLAY_WRITE_BYTES;
    fake_put(at + word, DOSING_STREAM_COMMIT, 8u);
}

static void put_record(play_t *p, uint32_t sector, uint32_t slot, const uint8_t *bytes,
                       uint32_t length)
{
    const uint32_t slots = PLAY_SECTOR_BYTES / DOSING_STORE_RECORD_BYTES;
    uint8_t *at = p->store + (sector + 1u) * PLAY_SECTOR_BYTES -
                  (slot % slots + 1u) * DOSING_STORE_RECORD_BYTES;
    uint8_t r[56] = {0};
    memcpy(r, bytes, length < sizeof r ? length : sizeof r);
    memcpy(at, r, 4u);
    fake_put(at + 4, DOSING_STORE_KIND | r[4], 4u);
    memcpy(at + 8, r + 8, 4u);
    fake_put(at + 12, p->pump.hal.factory.crc, 4u);
    memcpy(at + 16, r + 12, 44u);
    fake_put(at + 60, dosing_crc(at, 60u), 4u);
}

static void put_pieces(play_t *p, const uint8_t *image, size_t size)
{
    while (size >= PLAY_PIECE_HEAD_BYTES) {
        const uint32_t said = (uint32_t)fake_get(image + 3, 2u);
        const uint8_t *bytes = image + PLAY_PIECE_HEAD_BYTES;
        const size_t left = size - PLAY_PIECE_HEAD_BYTES;
        const uint32_t length = said < left ? said : (uint32_t)left;
        const uint32_t sector = image[1] % PLAY_SECTORS;
        switch (image[0] % PLAY_PIECES) {
        case PLAY_PIECE_CHECKPOINT:
            put_checkpoint(p, sector, bytes, length);
            break;
        case PLAY_PIECE_RECORD:
            put_record(p, sector, image[2], bytes, length);
            break;
        default:
            memcpy(p->store + sector * PLAY_SECTOR_BYTES, bytes,
                   length < PLAY_SECTOR_BYTES ? length : PLAY_SECTOR_BYTES);
            break;
        }
        image = bytes + length;
        size = left - length;
    }
}

static void start(play_t *p, uint8_t options, const uint8_t *image, size_t image_size)
{
    fake_pump_t *pump = &p->pump;
    build(&pump->hal, options >> TAPE_FACTORY_SHIFT & TAPE_FACTORY_MASK);
    p->hal = fake_hal;
    p->hal.store_geometry = store_geometry;
    p->hal.store_read = store_read;
    p->hal.store_write = store_write;
    p->hal.store_erase = store_erase;
    if ((options & TAPE_GENUINE) != 0u) {
        p->hal.authenticate = any_is_genuine;
    }
    judge_start(&p->judge, &pump->hal.factory, pump->hal.now_ms);
    pump->hal.on_train = judge_train;
    pump->hal.on_train_context = &p->judge;
    put_pieces(p, image, image_size);
    if (p->imaged) {
        judge_wonder(&p->judge);
    }
    begin(p);
}

void play_tape(play_t *p, const uint8_t *image, size_t image_size, const uint8_t *tape, size_t size)
{
    tape_record_t record;
    size_t at = 1u;
    memset(&p->pump, 0, sizeof p->pump);
    memset(&p->init, 0, sizeof *p - offsetof(play_t, init));
    memset(p->store, 0xFF, sizeof p->store);
    playing = p;
    p->imaged = image_size > 0u;
    p->faulted = p->imaged;
    start(p, size > 0u ? tape[0] : 0u, image, image_size);
    while (tape_next(tape, size, &at, &record) && !tired(p)) {
        p->record++;
        play_record(p, &record);
    }
    p->record = 0u;
    give_account(p);
}
