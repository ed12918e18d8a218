/* SPDX-License-Identifier: Apache-2.0 */
/* Frames accepted or refused. The order of checks: whole, ours, authentic, fresh, of this session, permitted, meaningful. */
#include "dosing_link.h"

#include "dosing_alarm.h"
#include "dosing_codec.h"
#include "dosing_crc.h"
#include "dosing_device.h"
#include "dosing_keep.h"
#include "dosing_life.h"
#include "dosing_log.h"
#include "dosing_order.h"
#include "dosing_report.h"

typedef struct exchange_t {
    dosing_state_t *state;
    dosing_codec_frame_t f; /* the request; its type, role, session and counter also the reply's */
    uint64_t now_ms;
    uint8_t reply[DOSING_FRAME_BYTES_MAX];
    uint32_t reply_length; /* payload */
    uint32_t volume_nl;    /* in the reservoir before a refill */
    bool acted;
} exchange_t;

static uint8_t *reply_payload(exchange_t *x)
{
    return x->reply + DOSING_FRAME_HEADER_BYTES;
}

static dosing_status_t take_open(exchange_t *x)
{
    const dosing_port_t port = dosing_state_port(x->state);
    uint8_t nonce[DOSING_NONCE_BYTES] = {0};
    if (port.hal->nonce(port.context, nonce, DOSING_NONCE_BYTES) != DOSING_HAL_OK) {
        return DOSING_ERROR_HAL;
    }
    dosing_session_t *session = &x->state->session;
    *session = (dosing_session_t){0};
    session->number = dosing_codec_u32(nonce);
    session->number |= session->number == 0u ? 1u : 0u;
    session->role = x->f.role;
    dosing_codec_put_u32(reply_payload(x) + DOSING_OPENED_AT_SESSION, session->number);
    dosing_codec_copy(reply_payload(x) + DOSING_OPENED_AT_NONCE, nonce, DOSING_NONCE_BYTES);
    dosing_codec_copy(reply_payload(x) + DOSING_OPENED_AT_ECHO, x->f.payload, DOSING_NONCE_BYTES);
    x->reply_length = DOSING_OPENED_BYTES;
    return DOSING_OK;
}

static dosing_status_t take_close(exchange_t *x)
{
    x->state->session = (dosing_session_t){0};
    return DOSING_OK;
}

/* The image is whole: it is read, and tried on for size at its own concentrations. What came before decides at the commit. */
static dosing_status_t check_image(const dosing_state_t *state, const uint8_t *image)
{
    dosing_programme_t p;
    dosing_rate_t rate;
    const dosing_factory_t *factory = &state->therapy.factory;
    const dosing_status_t status = dosing_programme_read(&p, image, factory);
    return status == DOSING_OK ? dosing_rate_of(&rate, &p, factory, p.concentration_ng_per_ml[0])
                               : status;
}

/* Length of the image whose head has been staged; 0: not yet, or it says nonsense. */
static uint32_t image_length(const dosing_session_t *session, uint32_t staged)
{
    return staged >= DOSING_PROGRAMME_BYTES ? dosing_programme_image_bytes(session->image) : 0u;
}

static dosing_status_t take_stage(exchange_t *x)
{
    dosing_session_t *session = &x->state->session;
    const uint32_t offset = dosing_codec_u16(x->f.payload + DOSING_PART_AT_OFFSET);
    const uint32_t length = x->f.length - DOSING_PART_AT_BYTES;
    const uint32_t known = offset != 0u ? image_length(session, session->staged) : 0u;
    const uint32_t most = known != 0u ? known : DOSING_PROGRAMME_BYTES;
    if (dosing_codec_u16(x->f.payload + DOSING_PART_AT_ZERO) != 0u ||
        (offset != 0u && offset != session->staged) || offset + length > most) {
        return DOSING_REFUSED_STAGE;
    }
    dosing_codec_copy(session->image + offset, x->f.payload + DOSING_PART_AT_BYTES, length);
    session->staged = offset + length;
    session->valid = 0u;
    session->read_back = 0u;
    if (session->staged < DOSING_PROGRAMME_BYTES) {
        return DOSING_OK;
    }
    const uint32_t whole = image_length(session, session->staged);
    const dosing_status_t status = whole == 0u ? DOSING_REFUSED_PROGRAMME
                                   : session->staged == whole
                                       ? check_image(x->state, session->image)
                                       : DOSING_OK;
    if (status != DOSING_OK) {
        session->staged = 0u;
        dosing_crc_seal(session, sizeof *session);
    } else if (session->staged == whole) {
        session->valid = whole;
    }
    return status;
}

static dosing_status_t take_read_back(exchange_t *x)
{
    dosing_session_t *session = &x->state->session;
    const uint32_t offset = dosing_codec_u16(x->f.payload + DOSING_PART_AT_OFFSET);
    if (dosing_codec_u16(x->f.payload + DOSING_PART_AT_ZERO) != 0u || offset >= session->valid ||
        offset > session->read_back || offset % DOSING_PART_BYTES_MAX != 0u) {
        return DOSING_REFUSED_STAGE;
    }
    const uint32_t left = session->valid - offset;
    const uint32_t length = left < DOSING_PART_BYTES_MAX ? left : DOSING_PART_BYTES_MAX;
    uint8_t *part = reply_payload(x) + DOSING_ACK_BYTES;
    dosing_codec_copy(part, x->f.payload, DOSING_PART_AT_BYTES);
    dosing_codec_copy(part + DOSING_PART_AT_BYTES, session->image + offset, length);
    session->read_back =
        offset + length > session->read_back ? offset + length : session->read_back;
    x->reply_length = DOSING_ACK_BYTES + DOSING_PART_AT_BYTES + length;
    return DOSING_OK;
}

static dosing_status_t take_commit(exchange_t *x)
{
    dosing_session_t *session = &x->state->session;
    if (session->valid == 0u || session->read_back != session->valid ||
        dosing_codec_u32(x->f.payload) != dosing_crc(session->image, session->valid)) {
        return DOSING_REFUSED_STAGE;
    }
    const dosing_status_t status = dosing_order_commit(x->state, x->now_ms);
    if (status == DOSING_OK) {
        session->staged = 0u;
        session->valid = 0u;
        session->read_back = 0u;
    }
    return status;
}

static dosing_status_t take_refill(exchange_t *x)
{
    x->volume_nl = (uint32_t)(x->state->run.volume_pl / 1000u); /* at most 1e8 */
    return dosing_order_refill(x->state, dosing_codec_u32(x->f.payload), x->now_ms);
}

static dosing_status_t take_bolus(exchange_t *x)
{
    return dosing_order_bolus(x->state, x->f.payload, x->now_ms);
}

static dosing_status_t take_stop(exchange_t *x)
{
    return dosing_order_stop(x->state, x->now_ms);
}

static dosing_status_t take_prime(exchange_t *x)
{
    return dosing_order_prime(x->state, x->f.payload, x->now_ms);
}

static dosing_status_t take_set_time(exchange_t *x)
{
    return dosing_order_set_time(x->state, dosing_codec_u32(x->f.payload), x->now_ms);
}

static dosing_status_t take_request(exchange_t *x)
{
    return dosing_order_request(x->state, x->now_ms);
}

static dosing_status_t take_interrogate(exchange_t *x)
{
    dosing_report_write(x->state, reply_payload(x), x->now_ms);
    x->reply_length = DOSING_REPORT_BYTES;
    return DOSING_OK;
}

static dosing_status_t take_alarm_clear(exchange_t *x)
{
    dosing_life_acknowledge(x->state, dosing_codec_u32(x->f.payload));
    dosing_alarm_acknowledge(x->state, dosing_codec_u32(x->f.payload));
    return dosing_keep_alarms(x->state);
}

static dosing_status_t take_log(exchange_t *x)
{
    const uint32_t log = x->f.payload[0];
    if (log >= DOSING_LOGS) {
        return DOSING_REFUSED_TYPE;
    }
    x->reply_length =
        DOSING_LOGGED_AT_COUNT + dosing_log_read(x->state, log, dosing_codec_u32(x->f.payload + 4),
                                                 reply_payload(x) + DOSING_LOGGED_AT_COUNT);
    return DOSING_OK;
}

/* A port of the ABI before has no such member, one that was only compiled anew has a null there. */
static bool can_pair(const dosing_hal_t *hal)
{
    return hal->table_size >= offsetof(dosing_hal_t, pair) + sizeof hal->pair && hal->pair != 0;
}

/* The key that was is gone, and with it every frame that was ever sealed by it: the new one's counter begins at 0. */
static dosing_status_t take_pair(exchange_t *x)
{
    const dosing_port_t port = dosing_state_port(x->state);
    dosing_counters_t *counters = &x->state->counters;
    if (!can_pair(port.hal)) {
        return DOSING_REFUSED_UNSUPPORTED;
    }
    if (port.hal->pair(port.context, DOSING_ROLE_PATIENT, x->f.payload) != DOSING_HAL_OK) {
        return DOSING_ERROR_HAL;
    }
    counters->last[DOSING_ROLE_PATIENT - 1u] = 0u;
    counters->bound[DOSING_ROLE_PATIENT - 1u] = 0u;
    dosing_log_note(x->state, DOSING_EVENT_PAIRED, 0u, DOSING_ROLE_PATIENT);
    return DOSING_OK;
}

#define CLINIC (1u << (DOSING_ROLE_CLINICIAN - 1u))
#define ASK (CLINIC | 1u << (DOSING_ROLE_PATIENT - 1u))
#define LOOK (CLINIC | 1u << (DOSING_ROLE_EMERGENCY - 1u))
#define ALL (ASK | LOOK)

static dosing_status_t take_device(exchange_t *x)
{
    x->reply_length = DOSING_DEVICE_BYTES;
    return dosing_device_report(x->state, reply_payload(x));
}

typedef struct kind_t {
    dosing_status_t (*take)(exchange_t *x);
    uint32_t length;     /* of the request's payload, at least */
    uint32_t length_max; /* at most */
    uint32_t roles;      /* bit role - 1: that role may send it */
    bool acts;           /* it touches the motor */
    bool when_latched;   /* it is served after a memory failure too */
} kind_t;

static const kind_t *kind_of(uint8_t type)
{
    static const kind_t kinds[] = {
        [DOSING_FRAME_OPEN] = {take_open, DOSING_NONCE_BYTES, DOSING_NONCE_BYTES, ALL, false, true},
        [DOSING_FRAME_CLOSE] = {take_close, 0u, 0u, ALL, false, true},
        [DOSING_FRAME_STAGE] = {take_stage, DOSING_PART_AT_BYTES + 1u,
                                DOSING_PART_AT_BYTES + DOSING_PART_BYTES_MAX, CLINIC, false, false},
        [DOSING_FRAME_READ_BACK] = {take_read_back, 4u, 4u, CLINIC, false, false},
        [DOSING_FRAME_COMMIT] = {take_commit, 4u, 4u, CLINIC, true, false},
        [DOSING_FRAME_REFILL] = {take_refill, 4u, 4u, CLINIC, true, false},
        [DOSING_FRAME_BOLUS] = {take_bolus, DOSING_BOLUS_BYTES, DOSING_BOLUS_BYTES, CLINIC, true,
                                false},
        [DOSING_FRAME_STOP] = {take_stop, 0u, 0u, LOOK, true, false},
        [DOSING_FRAME_INTERROGATE] = {take_interrogate, 0u, 0u, ALL, false, true},
        [DOSING_FRAME_ALARM_CLEAR] = {take_alarm_clear, 4u, 4u, CLINIC, true, false},
        [DOSING_FRAME_PRIME] = {take_prime, DOSING_PRIME_BYTES, DOSING_PRIME_BYTES, CLINIC, true,
                                false},
        [DOSING_FRAME_SET_TIME] = {take_set_time, 4u, 4u, CLINIC, true, false},
        [DOSING_FRAME_REQUEST] = {take_request, 0u, 0u, ASK, true, false},
        [DOSING_FRAME_LOG] = {take_log, 8u, 8u, LOOK, false, true},
        [DOSING_FRAME_DEVICE] = {take_device, 0u, 0u, CLINIC, false, true},
        [DOSING_FRAME_PAIR] = {take_pair, DOSING_NONCE_BYTES, DOSING_NONCE_BYTES, CLINIC, true,
                               false},
    };
    const bool known = type < sizeof kinds / sizeof kinds[0] && kinds[type].take != 0;
    return known ? &kinds[type] : 0;
}

static dosing_status_t check_session(const exchange_t *x)
{
    const dosing_session_t *session = &x->state->session;
    if (x->f.type == DOSING_FRAME_OPEN) {
        return x->f.session == 0u ? DOSING_OK : DOSING_REFUSED_SESSION;
    }
    const bool open = session->number != 0u && session->number == x->f.session &&
                      session->role == x->f.role && x->now_ms < session->expires_ms;
    return open ? DOSING_OK : DOSING_REFUSED_SESSION;
}

static dosing_status_t check_authentic(const exchange_t *x, const kind_t *kind)
{
    const uint64_t last = x->state->counters.last[x->f.role - 1u];
    if (x->f.counter <= last || x->f.counter - last > DOSING_COUNTER_STEP_MAX) {
        return DOSING_REFUSED_REPLAY;
    }
    if (kind == 0 || x->f.length < kind->length || x->f.length > kind->length_max) {
        return DOSING_REFUSED_TYPE;
    }
    if ((kind->roles >> (x->f.role - 1u) & 1u) == 0u) {
        return DOSING_REFUSED_ROLE;
    }
    if (!kind->when_latched && dosing_state_latched(x->state) != DOSING_OK) {
        return DOSING_ERROR_STATE;
    }
    return check_session(x);
}

static void answer(exchange_t *x, dosing_status_t status)
{
    const dosing_port_t port = dosing_state_port(x->state);
    uint8_t *payload = reply_payload(x);
    if (status != DOSING_OK) {
        dosing_codec_put_u64(payload + DOSING_REFUSAL_AT_COUNTER,
                             x->state->counters.last[x->f.role - 1u]);
        x->reply_length = DOSING_REFUSAL_BYTES;
    }
    payload[0] = (uint8_t)status;
    x->f.length = x->reply_length;
    const uint32_t length = dosing_codec_close(x->reply, &x->f, x->state->therapy.factory.device_id,
                                               port.hal, port.context);
    if (length != 0u) {
        (void)port.hal->transmit(port.context, x->reply, length);
    }
}

static void count_refused(dosing_state_t *state)
{
    state->counters.refused += state->counters.refused < UINT32_MAX ? 1u : 0u;
    dosing_crc_seal(&state->counters, sizeof state->counters);
}

/* What an order does by itself is noted where it happens; here is noted that it was given. */
static void log_order(const exchange_t *x)
{
    dosing_state_t *state = x->state;
    const dosing_programme_t *p = &state->therapy.programme;
    switch (x->f.type) {
    case DOSING_FRAME_COMMIT:
        dosing_log_note(state, DOSING_EVENT_COMMIT, p->dose_ng_per_day, p->mode);
        break;
    case DOSING_FRAME_STOP:
        dosing_log_note(state, DOSING_EVENT_STOP, 0u, x->f.role);
        break;
    case DOSING_FRAME_REFILL:
        dosing_log_note(state, DOSING_EVENT_REFILL, x->volume_nl, dosing_codec_u32(x->f.payload));
        break;
    case DOSING_FRAME_ALARM_CLEAR:
        dosing_log_note(state, DOSING_EVENT_CLEARED, 0u, dosing_codec_u32(x->f.payload));
        break;
    default:
        break;
    }
}

/* An accepted frame spends its counter, and so does one refused for its content: it was fresh and authentic. */
static dosing_status_t take_authentic(exchange_t *x)
{
    const kind_t *kind = kind_of(x->f.type);
    dosing_state_t *state = x->state;
    dosing_status_t status = check_authentic(x, kind);
    if (status != DOSING_REFUSED_REPLAY) {
        state->counters.last[x->f.role - 1u] = x->f.counter;
        dosing_crc_seal(&state->counters, sizeof state->counters);
        dosing_keep_counter(state, x->f.role);
    }
    if (status == DOSING_OK) {
        status = kind->take(x);
        /* A motor that does not answer is noted by the order that it fails. */
        x->acted = kind->acts && (status == DOSING_OK || status == DOSING_ERROR_HAL ||
                                  status == DOSING_ERROR_STORE);
        if (status == DOSING_OK) {
            log_order(x);
            state->session.expires_ms = x->now_ms + DOSING_SESSION_MS;
            dosing_crc_seal(&state->session, sizeof state->session);
        }
    }
    if (status == DOSING_OK) {
        dosing_crc_seal(&state->counters, sizeof state->counters);
    } else {
        count_refused(state);
    }
    answer(x, status);
    return status;
}

dosing_status_t dosing_link_take(dosing_state_t *state, const uint8_t *frame, uint32_t length,
                                 uint64_t now_ms, bool *acted)
{
    const dosing_port_t port = dosing_state_port(state);
    exchange_t x = {.state = state, .now_ms = now_ms, .reply_length = DOSING_ACK_BYTES};
    state->counters.frames++;
    dosing_status_t status =
        dosing_codec_open(&x.f, frame, length, state->therapy.factory.device_id);
    if (status == DOSING_OK) {
        status = dosing_codec_authenticate(frame, length, port.hal, port.context);
    }
    if (status != DOSING_OK) {
        count_refused(state);
        return status;
    }
    status = take_authentic(&x);
    *acted = x.acted;
    return status;
}
