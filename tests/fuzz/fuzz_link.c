/* SPDX-License-Identifier: Apache-2.0 */
/* Frames sealed, delivered and judged by the written format. */
#include "fuzz_link.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dosing_crc.h"
#include "dosing_state.h"

static const uint8_t *delivered; /* the frame whose tag is genuine whatever it is */

const uint8_t *link_reply(const play_t *p)
{
    return p->pump.hal.reply + DOSING_FRAME_HEADER_BYTES;
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

void link_take_any_tag(dosing_hal_t *hal)
{
    hal->authenticate = any_is_genuine;
}

/* ---- what was refused ---------------------------------------------------------------------------------------------- */

static bool tag_is_right(const play_t *p, const uint8_t *frame, uint32_t length)
{
    uint8_t tag[DOSING_FRAME_TAG_BYTES];
    if (length < DOSING_FRAME_BYTES_MIN) {
        return false;
    }
    const uint32_t covered = length - DOSING_FRAME_TAG_BYTES;
    fake_tag(&p->pump.hal, frame[DOSING_FRAME_AT_ROLE], frame, covered, tag);
    return memcmp(tag, frame + covered, sizeof tag) == 0;
}

static bool is_part(const uint8_t *frame, uint32_t length)
{
    return length >= DOSING_FRAME_BYTES_MIN && frame[DOSING_FRAME_AT_TYPE] == DOSING_FRAME_STAGE;
}

/* The state without what a refused frame may change: counters; where it was a part of an image, the image too. */
static void without_counters(dosing_state_t *state, const play_t *p, bool part)
{
    memcpy(state, p->pump.state, sizeof *state);
    memset(&state->counters, 0, sizeof state->counters);
    memset(&state->medium, 0, sizeof state->medium);
    memset(state->medium_not, 0, sizeof state->medium_not);
    memset(&state->log, 0, sizeof state->log); /* a patient's request that is refused is logged */
    if (part) {
        dosing_session_t *session = &state->session;
        session->staged = session->valid = session->read_back = session->crc = 0u;
        memset(session->image, 0, sizeof session->image);
    }
}

static void check_refused(play_t *p, const dosing_state_t *before, const uint8_t *frame,
                          uint32_t length, dosing_status_t status)
{
    dosing_state_t after;
    const bool answered = status >= DOSING_REFUSED_REPLAY;
    without_counters(&after, p, is_part(frame, length));
    play_require(p, memcmp(before, &after, sizeof after) == 0,
                 "a refused frame changed more than counters");
    play_require(p, answered || p->pump.hal.reply_length == 0u,
                 "a frame that is not genuine was answered");
    if (!answered) {
        return;
    }
    if (status != DOSING_REFUSED_REPLAY) { /* it was fresh: its counter is spent */
        p->counter[frame[DOSING_FRAME_AT_ROLE] - 1u] =
            fake_get(frame + DOSING_FRAME_AT_COUNTER, 8u);
    }
    if (is_part(frame, length) &&
        (status == DOSING_REFUSED_PROGRAMME || status == DOSING_REFUSED_RATE ||
         status == DOSING_REFUSED_BOUNDS)) { /* what is staged is no programme, and is dropped */
        p->image_length = 0u;
        p->read_length = 0u;
    }
    judge_refusal(&p->judge, frame[DOSING_FRAME_AT_TYPE], status, p->pump.hal.now_ms);
}

/* A clinician's programmer takes up the counter that a refusal tells. */
static void take_up_counter(play_t *p)
{
    const fake_hal_t *hal = &p->pump.hal;
    const uint8_t *payload = link_reply(p);
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

/* ---- what was accepted --------------------------------------------------------------------------------------------- */

/* What an accepted frame must be, by the written format alone. */
static const char *wrong_with(const play_t *p, const uint8_t *frame, uint32_t length)
{
    const uint8_t type = length < DOSING_FRAME_BYTES_MIN ? 0u : frame[DOSING_FRAME_AT_TYPE];
    const uint8_t role = length < DOSING_FRAME_BYTES_MIN ? 0u : frame[DOSING_FRAME_AT_ROLE];
    if (role < 1u || role > DOSING_ROLES || length > DOSING_FRAME_BYTES_MAX ||
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
    if (p->hal.authenticate != any_is_genuine && !tag_is_right(p, frame, length)) {
        return "a frame with a wrong tag was accepted";
    }
    const uint64_t step = fake_get(frame + DOSING_FRAME_AT_COUNTER, 8u) - p->counter[role - 1u];
    if (step - 1u >= DOSING_COUNTER_STEP_MAX) {
        return "a replayed frame was accepted";
    }
    if (!tape_allows(type, role)) {
        return "a role gave an order that is not its own";
    }
    const uint64_t session = fake_get(frame + DOSING_FRAME_AT_SESSION, 4u);
    const bool current = session != 0u && session == p->pump.session && p->role == role &&
                         p->pump.hal.now_ms < p->heard_ms + DOSING_SESSION_MS;
    return (type == DOSING_FRAME_OPEN ? session == 0u : current)
               ? NULL
               : "a frame outside its session was accepted";
}

/* Length of the image that is being staged, as far as it is known. */
static uint32_t image_whole(const play_t *p)
{
    return p->image_length >= DOSING_PROGRAMME_BYTES ? week_image_bytes(p->image)
                                                     : DOSING_PROGRAMME_BYTES;
}

static void note_stage(play_t *p, const uint8_t *part, uint32_t payload)
{
    const uint32_t offset = (uint32_t)fake_get(part + DOSING_PART_AT_OFFSET, 2u);
    const uint32_t length = payload - DOSING_PART_AT_BYTES;
    play_require(p, fake_get(part + DOSING_PART_AT_ZERO, 2u) == 0u, "a reserved field was set");
    play_require(p, length >= 1u && length <= DOSING_PART_BYTES_MAX, "a part of a wrong length");
    p->image_length = offset == 0u ? 0u : p->image_length;
    play_require(p, offset == p->image_length && offset + length <= image_whole(p),
                 "a part was accepted that does not follow what is staged, or reaches beyond it");
    memcpy(p->image + offset, part + DOSING_PART_AT_BYTES, length);
    p->image_length = offset + length;
    p->read_length = 0u;
}

static void note_read_back(play_t *p, const uint8_t *asked)
{
    const uint32_t outside = DOSING_FRAME_BYTES_MIN + DOSING_ACK_BYTES + DOSING_PART_AT_BYTES;
    const uint32_t offset = (uint32_t)fake_get(asked, 2u);
    const uint32_t left = p->image_length - offset;
    const uint32_t length = left < DOSING_PART_BYTES_MAX ? left : DOSING_PART_BYTES_MAX;
    const uint8_t *part = link_reply(p) + DOSING_ACK_BYTES;
    play_require(p,
                 p->image_length >= DOSING_PROGRAMME_BYTES && p->image_length == image_whole(p) &&
                     offset < p->image_length && offset <= p->read_length &&
                     offset % DOSING_PART_BYTES_MAX == 0u,
                 "what is not there was read back");
    if (p->pump.hal.reply_length != 0u) { /* a reply may be lost */
        play_require(p,
                     p->pump.hal.reply_length == outside + length &&
                         memcmp(part, asked, DOSING_PART_AT_BYTES) == 0 &&
                         memcmp(part + DOSING_PART_AT_BYTES, p->image + offset, length) == 0,
                     "what is read back is not what was staged");
    }
    p->read_length = offset + length > p->read_length ? offset + length : p->read_length;
}

static void note_commit(play_t *p, const uint8_t *crc)
{
    play_require(p,
                 p->image_length >= DOSING_PROGRAMME_BYTES && p->image_length == image_whole(p) &&
                     p->read_length == p->image_length &&
                     fake_get(crc, 4u) == dosing_crc(p->image, p->image_length),
                 "a programme was committed that was not staged and read back whole");
    const course_memory_t memory = play_memory(p);
    judge_programme(&p->judge, p->image, &memory, p->pump.hal.now_ms);
    p->image_length = 0u;
    p->read_length = 0u;
}

/* Orders for which the motor is not halted. */
static void note_unhalted(play_t *p)
{
    if (p->standing) {
        judge_act(&p->judge, p->pump.hal.now_ms, false);
    }
}

/* The one frame that takes a counter back: what the key before sealed is not genuine any more. */
static void note_pair(play_t *p)
{
    p->counter[DOSING_ROLE_PATIENT - 1u] = 0u;
    note_unhalted(p);
}

/* What an accepted frame ordered, wherever it came from. */
static void note(play_t *p, const uint8_t *frame, uint32_t length)
{
    const uint8_t type = frame[DOSING_FRAME_AT_TYPE];
    const uint8_t *payload = frame + DOSING_FRAME_HEADER_BYTES;
    switch (type) {
    case DOSING_FRAME_OPEN:
    case DOSING_FRAME_CLOSE:
        p->image_length = 0u;
        p->read_length = 0u;
        break;
    case DOSING_FRAME_STAGE:
        note_stage(p, payload, length - DOSING_FRAME_BYTES_MIN);
        break;
    case DOSING_FRAME_READ_BACK:
        note_read_back(p, payload);
        break;
    case DOSING_FRAME_COMMIT:
        note_commit(p, payload);
        break;
    case DOSING_FRAME_INTERROGATE:
    case DOSING_FRAME_LOG:
    case DOSING_FRAME_DEVICE:
        break;
    case DOSING_FRAME_PAIR:
        note_pair(p);
        break;
    case DOSING_FRAME_ALARM_CLEAR:
        note_unhalted(p);
        break;
    default:
        judge_order(&p->judge, type, payload, p->pump.hal.now_ms);
        break;
    }
}

static void accept(play_t *p, const uint8_t *frame, uint32_t length)
{
    const char *wrong = wrong_with(p, frame, length);
    play_require(p, wrong == NULL, wrong);
    const uint8_t type = frame[DOSING_FRAME_AT_TYPE];
    const uint8_t role = frame[DOSING_FRAME_AT_ROLE];
    p->heard_ms = p->pump.hal.now_ms;
    p->counter[role - 1u] = fake_get(frame + DOSING_FRAME_AT_COUNTER, 8u);
    if (type == DOSING_FRAME_CLOSE) {
        p->pump.session = 0u;
    } else if (type == DOSING_FRAME_OPEN) { /* a reply may be lost */
        const uint8_t *session = link_reply(p) + DOSING_OPENED_AT_SESSION;
        p->pump.session = p->pump.hal.reply_length > 0u ? (uint32_t)fake_get(session, 4u) : 0u;
        p->role = role;
    }
    note(p, frame, length);
}

/* ---- frames handed over -------------------------------------------------------------------------------------------- */

/* What followed from a frame that the core was handed. */
static void follow(play_t *p, const dosing_state_t *before, const uint8_t *frame, uint32_t length,
                   dosing_status_t status)
{
    if (play_telling()) {
        fprintf(stderr, "  frame type %d, %u bytes: status %d\n",
                length > DOSING_FRAME_AT_TYPE ? frame[DOSING_FRAME_AT_TYPE] : -1, length,
                (int)status);
    }
    if (status >= DOSING_REFUSED_LENGTH) {
        check_refused(p, before, frame, length, status);
    }
    if (status == DOSING_OK || (p->pump.hal.reply_length > 0u && *link_reply(p) == DOSING_OK)) {
        accept(p, frame, length);
    } else if (status == DOSING_ERROR_STORE ||
               (status == DOSING_ERROR_HAL && course_is_delicate(&p->judge.course))) {
        judge_doubt(&p->judge); /* it may have acted on what it could not do */
    }
}

dosing_status_t link_deliver(play_t *p, const uint8_t *bytes, uint32_t length)
{
    dosing_state_t before;
    fake_hal_t *hal = &p->pump.hal;
    uint8_t *frame = malloc(length + (length == 0u ? 1u : 0u));
    play_require(p, frame != NULL, "no memory for a frame");
    memcpy(frame, bytes, length);
    without_counters(&before, p, is_part(bytes, length));
    delivered = frame;
    const bool overdue = p->pump.next_ms <= hal->now_ms;
    p->standing = !hal->running || hal->now_ms >= hal->end_ms;
    const dosing_status_t status = fake_raw(&p->pump, frame, length);
    play_require(p, p->init == DOSING_OK || status == p->init,
                 "a core that did not start took a frame");
    follow(p, &before, frame, length, status);
    play_check(p);
    play_require(p, p->pump.next_ms > hal->now_ms || overdue || p->faulted,
                 "a frame asked for a wake in the past");
    take_up_counter(p);
    keep(p, frame, length);
    free(frame);
    delivered = NULL;
    return status;
}

static void seal(const play_t *p, uint8_t *frame, uint32_t covered, bool crc, bool tag)
{
    if (crc) {
        fake_put(frame + covered, dosing_crc(frame, covered), 4u);
    }
    if (tag) {
        const uint32_t tagged = covered + DOSING_FRAME_CRC_BYTES;
        fake_tag(&p->pump.hal, frame[DOSING_FRAME_AT_ROLE], frame, tagged, frame + tagged);
    }
}

dosing_status_t link_order(play_t *p, uint8_t role, uint8_t type, const uint8_t *payload,
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
    seal(p, frame, whole - DOSING_FRAME_BYTES_MIN + DOSING_FRAME_HEADER_BYTES, true, true);
    return link_deliver(p, frame, whole);
}

dosing_status_t link_open(play_t *p, uint8_t role)
{
    const uint8_t mine[DOSING_NONCE_BYTES] = {1, 2, 3};
    dosing_status_t status = link_order(p, role, DOSING_FRAME_OPEN, mine, sizeof mine);
    if (status == DOSING_REFUSED_REPLAY) {
        status = link_order(p, role, DOSING_FRAME_OPEN, mine, sizeof mine);
    }
    return status;
}

dosing_status_t link_order_anyhow(play_t *p, uint8_t role, uint8_t type, const uint8_t *payload,
                                  uint32_t length)
{
    if (p->pump.session == 0u || p->role != role) {
        (void)link_open(p, role);
    }
    dosing_status_t status = link_order(p, role, type, payload, length);
    if (status == DOSING_REFUSED_SESSION) {
        (void)link_open(p, role);
        status = link_order(p, role, type, payload, length);
    }
    return status;
}

/* ---- programmes ---------------------------------------------------------------------------------------------------- */

static dosing_status_t stage_piece(play_t *p, const uint8_t *image, uint32_t offset, uint32_t bytes)
{
    uint8_t part[DOSING_PART_AT_BYTES + DOSING_PART_BYTES_MAX] = {0};
    fake_put(part + DOSING_PART_AT_OFFSET, offset, 2u);
    memcpy(part + DOSING_PART_AT_BYTES, image, bytes);
    return link_order(p, DOSING_ROLE_CLINICIAN, DOSING_FRAME_STAGE, part,
                      DOSING_PART_AT_BYTES + bytes);
}

/* A piece ends where the head does. */
static uint32_t piece_bytes(uint32_t at, uint32_t length, uint32_t most)
{
    const uint32_t end = at < DOSING_PROGRAMME_BYTES && length > DOSING_PROGRAMME_BYTES
                             ? DOSING_PROGRAMME_BYTES
                             : length;
    return end - at < most ? end - at : most;
}

static void stage(play_t *p, const uint8_t *image, uint32_t length, const link_pieces_t *pieces)
{
    uint32_t at = 0;
    dosing_status_t status =
        DOSING_OK; /* one who does nothing wrong gives up where one is refused */
    for (uint32_t n = 0; at < length && (status == DOSING_OK || pieces->how != TAPE_PIECE_FINE);
         n++) {
        const uint32_t bytes = piece_bytes(at, length, pieces->bytes);
        const uint8_t how = n == pieces->wrong ? pieces->how : TAPE_PIECE_FINE;
        if (how != TAPE_PIECE_MISSING) {
            status = stage_piece(p, image + at, at + (how == TAPE_PIECE_ASKEW ? 1u : 0u), bytes);
        }
        if (how == TAPE_PIECE_TWICE) {
            (void)stage_piece(p, image + at, at, bytes);
        } else if (how == TAPE_PIECE_AGAIN && at > 0u) {
            (void)stage_piece(p, image, 0u, piece_bytes(0u, length, pieces->bytes));
        }
        at += bytes;
    }
}

static void read_back(play_t *p, uint32_t length, const link_pieces_t *pieces)
{
    for (uint32_t at = 0, n = 0; at < length; at += DOSING_PART_BYTES_MAX, n++) {
        uint8_t offset[4];
        fake_put(offset, at, sizeof offset);
        if (n != pieces->wrong || pieces->how != TAPE_PIECE_UNREAD) {
            (void)link_order(p, DOSING_ROLE_CLINICIAN, DOSING_FRAME_READ_BACK, offset,
                             sizeof offset);
        }
    }
}

void link_seal(play_t *p)
{
    uint8_t crc[4];
    fake_put(crc, dosing_crc(p->image, p->image_length), 4u);
    (void)link_order(p, DOSING_ROLE_CLINICIAN, DOSING_FRAME_COMMIT, crc, sizeof crc);
}

void link_commit(play_t *p, const uint8_t *image, const link_pieces_t *pieces)
{
    const uint32_t said = week_image_bytes(image);
    const uint32_t length = said < DOSING_IMAGE_BYTES_MAX ? said : DOSING_IMAGE_BYTES_MAX;
    if (link_open(p, DOSING_ROLE_CLINICIAN) == DOSING_OK) {
        stage(p, image, length, pieces);
        if (p->image_length == length) {
            read_back(p, length, pieces);
            link_seal(p);
        }
    }
}

/* ---- frames as they come -------------------------------------------------------------------------------------------- */

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
    seal(p, frame, DOSING_FRAME_HEADER_BYTES + payload, (mask & TAPE_REPAIR_CRC) != 0u,
         (mask & TAPE_REPAIR_TAG) != 0u);
}

void link_raw(play_t *p, uint8_t mask, const uint8_t *bytes, uint32_t length)
{
    uint8_t frame[TAPE_BODY_MAX];
    length = length < sizeof frame ? length : (uint32_t)sizeof frame;
    memcpy(frame, bytes, length);
    if (length >= DOSING_FRAME_BYTES_MIN) {
        repair(p, mask, frame, length);
    }
    (void)link_deliver(p, frame, length);
}

void link_replay(play_t *p, uint32_t back, uint32_t less)
{
    if (p->frames == 0u) {
        return;
    }
    const play_frame_t frame =
        p->kept[(p->frames - 1u - back % PLAY_FRAMES % p->frames) % PLAY_FRAMES];
    (void)link_deliver(p, frame.bytes, less < frame.length ? frame.length - less : frame.length);
}
