/* SPDX-License-Identifier: Apache-2.0 */
/* Tapes read, written and invented. A new frame type needs its row in `orders` and nothing else. */
#include "fuzz_tape.h"

#include <string.h>

#include "dosing_frame.h"
#include "fuzz_image.h"
#include "tests/firmware-core/fake_hal.h"

bool tape_next(const uint8_t *tape, size_t size, size_t *at, tape_record_t *record)
{
    if (*at + TAPE_HEAD_BYTES > size) {
        return false;
    }
    const size_t left = size - *at - TAPE_HEAD_BYTES;
    const size_t said = (size_t)fake_get(tape + *at + 1u, 2u);
    record->kind = (uint8_t)(tape[*at] % TAPE_KINDS);
    record->length = (uint16_t)(said < left ? said : left);
    record->body = tape + *at + TAPE_HEAD_BYTES;
    *at += TAPE_HEAD_BYTES + record->length;
    return true;
}

size_t tape_put(uint8_t *tape, size_t size, size_t room, const tape_record_t *record)
{
    if (size + TAPE_HEAD_BYTES + record->length > room) {
        return size;
    }
    tape[size] = record->kind;
    fake_put(tape + size + 1u, record->length, 2u);
    memcpy(tape + size + TAPE_HEAD_BYTES, record->body, record->length);
    return size + TAPE_HEAD_BYTES + record->length;
}

static const image_field_t bolus[] = {{DOSING_BOLUS_AT_DOSE, 8u, 1u, DOSING_DOSE_MAX},
                                      {DOSING_BOLUS_AT_DURATION, 4u, 1000u, 86400000u}};
static const image_field_t refill[] = {{0u, 4u, 0u, 20000000u}};
static const image_field_t word[] = {{0u, 4u, 0u, UINT32_MAX}};
static const image_field_t log_of[] = {{0u, 1u, 0u, DOSING_LOGS - 1u}, {4u, 4u, 0u, 100u}};
static const image_field_t week[] = {{0u, 4u, 0u, 604799999u}};
static const image_field_t prime[] = {
    {DOSING_PRIME_AT_TUBING, 4u, 0u, 140000u},
    {DOSING_PRIME_AT_CATHETER, 4u, 0u, DOSING_PRIME_CATHETER_NL_MAX},
    {DOSING_PRIME_AT_REVISION, 4u, 1u, 8u}};
static const image_field_t part[] = {
    {DOSING_PART_AT_OFFSET, 2u, 0u, DOSING_IMAGE_BYTES_MAX},
    {DOSING_PART_AT_BYTES + DOSING_PROGRAMME_AT_STEPS, 1u, 0u, DOSING_STEPS_MAX},
    {DOSING_PART_AT_BYTES + DOSING_PROGRAMME_AT_TIMED, 1u, 0u, DOSING_TIMED_MAX}};
static const image_field_t offset[] = {{DOSING_PART_AT_OFFSET, 2u, 0u, DOSING_IMAGE_BYTES_MAX}};

static const image_field_t nonce[] = {{0u, 8u, 0u, UINT64_MAX}, {8u, 8u, 0u, UINT64_MAX}};

typedef struct order_t {
    uint8_t type;
    uint16_t length;     /* of the payload */
    uint8_t weight;      /* how often it is invented */
    uint8_t roles;       /* bit role - 1: that role may send it */
    uint8_t field_count; /* 0: filled at random */
    const image_field_t *fields;
} order_t;

#define FIELDS(table) sizeof(table) / sizeof(table)[0], table
#define CLINIC (1u << (DOSING_ROLE_CLINICIAN - 1u))
#define ASK (CLINIC | 1u << (DOSING_ROLE_PATIENT - 1u))
#define LOOK (CLINIC | 1u << (DOSING_ROLE_EMERGENCY - 1u))
#define ALL (ASK | LOOK)
static const order_t orders[] = {
    {DOSING_FRAME_OPEN, DOSING_NONCE_BYTES, 1u, ALL, 0u, NULL},
    {DOSING_FRAME_CLOSE, 0u, 1u, ALL, 0u, NULL},
    {DOSING_FRAME_STAGE, DOSING_PART_AT_BYTES + DOSING_PART_BYTES_MAX, 3u, CLINIC, FIELDS(part)},
    {DOSING_FRAME_READ_BACK, 4u, 2u, CLINIC, FIELDS(offset)},
    {DOSING_FRAME_COMMIT, 4u, 1u, CLINIC, FIELDS(word)},
    {DOSING_FRAME_REFILL, 4u, 4u, CLINIC, FIELDS(refill)},
    {DOSING_FRAME_BOLUS, DOSING_BOLUS_BYTES, 12u, CLINIC, FIELDS(bolus)},
    {DOSING_FRAME_STOP, 0u, 2u, LOOK, 0u, NULL},
    {DOSING_FRAME_INTERROGATE, 0u, 1u, ALL, 0u, NULL},
    {DOSING_FRAME_ALARM_CLEAR, 4u, 2u, CLINIC, FIELDS(word)},
    {DOSING_FRAME_PRIME, DOSING_PRIME_BYTES, 4u, CLINIC, FIELDS(prime)},
    {DOSING_FRAME_SET_TIME, 4u, 2u, CLINIC, FIELDS(week)},
    {DOSING_FRAME_REQUEST, 0u, 2u, ASK, 0u, NULL},
    {DOSING_FRAME_LOG, 8u, 1u, LOOK, FIELDS(log_of)},
    {DOSING_FRAME_DEVICE, 0u, 1u, CLINIC, 0u, NULL},
    {DOSING_FRAME_PAIR, DOSING_NONCE_BYTES, 1u, CLINIC, FIELDS(nonce)},
};
#define ORDERS (sizeof orders / sizeof orders[0])

/* The usual one; 9 uL a pulse, with little a day; tiny pulses, fast; a long gap; a calibration that divides nothing, and a long way
 * to prime; slow, with large pulses: the least rate is a pulse an hour. */
void tape_factory(uint8_t options, dosing_factory_t *usual)
{
    static const struct {
        uint32_t pulse_pl, least_nl, most_nl, day_nl, gap_ms, tubing_nl;
    } blocks[] = {{250000u, 48000u, 24000000u, 12000000u, 500u, 140000u},
                  {9000000u, 216000u, 24000000u, 1000000u, 500u, 140000u},
                  {10000u, 240u, 8640000u, 20000u, 100u, 140000u},
                  {250000u, 48000u, 360000u, 300000u, 60000u, 140000u},
                  {999983u, 100000u, 50000000u, 50000000u, 100u, 2000000u},
                  {2000000u, 48000u, 2000000u, 2000000u, 5000u, 140000u}};
    const uint32_t which = options >> TAPE_FACTORY_SHIFT & TAPE_FACTORY_MASK;
    const uint32_t i = which < sizeof blocks / sizeof blocks[0] ? which : 0u;
    usual->pulse_volume_pl = blocks[i].pulse_pl;
    usual->rate_min_nl_per_day = blocks[i].least_nl;
    usual->rate_max_nl_per_day = blocks[i].most_nl;
    usual->volume_24h_max_nl = blocks[i].day_nl;
    usual->gap_ms = blocks[i].gap_ms;
    usual->tubing_nl = blocks[i].tubing_nl;
}

static uint64_t below(uint64_t *seed, uint64_t n)
{
    return image_below(seed, n);
}

static const order_t *order_of(uint8_t type)
{
    for (size_t i = 0; i < ORDERS; i++) {
        if (orders[i].type == type) {
            return &orders[i];
        }
    }
    return NULL;
}

bool tape_allows(uint8_t type, uint8_t role)
{
    const order_t *order = order_of(type);
    return order != NULL && (order->roles >> (role - 1u) & 1u) != 0u;
}

static const order_t *any_order(uint64_t *seed)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < ORDERS; i++) {
        sum += orders[i].weight;
    }
    uint64_t left = below(seed, sum);
    size_t i = 0;
    for (; left >= orders[i].weight; i++) {
        left -= orders[i].weight;
    }
    return &orders[i];
}

static void fill(uint64_t *seed, const order_t *order, uint8_t *payload)
{
    memset(payload, 0, order->length);
    for (uint32_t i = 0; i < order->field_count; i++) {
        const image_field_t *f = &order->fields[i];
        fake_put(payload + f->at, image_value(seed, f), f->size);
    }
}

/* A small bolus is what most programmes have room for: a few pulses, in minutes. */
static void plausible_bolus(uint64_t *seed, uint8_t *payload)
{
    fake_put(payload + DOSING_BOLUS_AT_DOSE, image_any_size(seed, 1u, 100000000u), 8u);
    fake_put(payload + DOSING_BOLUS_AT_DURATION, image_any_size(seed, 1000u, 86400000u), 4u);
}

static uint16_t put_order(uint64_t *seed, uint8_t *body)
{
    const order_t *order = any_order(seed);
    body[0] = order->type;
    fill(seed, order, body + 1);
    if (order->type == DOSING_FRAME_BOLUS && below(seed, 4u) != 0u) {
        plausible_bolus(seed, body + 1);
    }
    return (uint16_t)(1u + order->length);
}

/* A frame of which all is put right but one thing, and that is almost right. */
static uint16_t put_raw(uint64_t *seed, uint8_t *body)
{
    static const struct {
        uint8_t mask, at, size;
    } places[] = {{TAPE_REPAIR_HEADER, DOSING_FRAME_AT_VERSION, 1u},
                  {TAPE_REPAIR_HEADER, DOSING_FRAME_AT_ZERO, 1u},
                  {TAPE_REPAIR_HEADER, DOSING_FRAME_AT_ZERO2, 2u},
                  {TAPE_REPAIR_HEADER, DOSING_FRAME_AT_DEVICE, 4u},
                  {TAPE_REPAIR_LENGTH, DOSING_FRAME_AT_LENGTH, 2u},
                  {TAPE_REPAIR_SESSION, DOSING_FRAME_AT_SESSION, 4u},
                  {TAPE_REPAIR_COUNTER, DOSING_FRAME_AT_COUNTER, 8u},
                  {TAPE_REPAIR_ROLE, DOSING_FRAME_AT_ROLE, 1u},
                  {TAPE_REPAIR_CRC, DOSING_FRAME_AT_TYPE, 1u}, /* and the CRC is none */
                  {TAPE_REPAIR_TAG, DOSING_FRAME_AT_TYPE, 1u}};
    const order_t *order = any_order(seed);
    uint8_t *frame = body + 1;
    body[0] = 0x7Fu;
    memset(frame, 0, DOSING_FRAME_BYTES_MIN + order->length);
    frame[DOSING_FRAME_AT_VERSION] = DOSING_FRAME_VERSION;
    frame[DOSING_FRAME_AT_TYPE] = order->type;
    frame[DOSING_FRAME_AT_ROLE] = DOSING_ROLE_CLINICIAN;
    fake_put(frame + DOSING_FRAME_AT_DEVICE, 4711u, 4u); /* fake_init's */
    fake_put(frame + DOSING_FRAME_AT_COUNTER, below(seed, 40u), 8u);
    fake_put(frame + DOSING_FRAME_AT_LENGTH, order->length, 2u);
    fill(seed, order, frame + DOSING_FRAME_HEADER_BYTES);
    const uint64_t wrong = below(seed, 2u * sizeof places / sizeof places[0]);
    if (wrong < sizeof places / sizeof places[0]) {
        body[0] ^= places[wrong].mask;
        frame[places[wrong].at + below(seed, places[wrong].size)] ^=
            (uint8_t)(1u << below(seed, 8u));
    }
    return (uint16_t)(1u + DOSING_FRAME_BYTES_MIN + order->length);
}

static uint16_t put_bytes(uint64_t *seed, uint8_t *body, uint16_t length)
{
    fake_put(body, fake_random(seed), 8u);
    return length;
}

static uint16_t put_time(uint64_t *seed, uint8_t *body)
{
    fake_put(body, image_any_size(seed, 1u, TAPE_STEP_MS_MAX), 4u);
    return 4u;
}

/* Patients press more often than they do anything else. */
static uint16_t put_wish(uint64_t *seed, uint8_t *body)
{
    body[0] = DOSING_FRAME_REQUEST;
    return below(seed, 4u) != 0u ? 1u : put_order(seed, body);
}

/* An hour of summer time, a journey, another day, or anything. */
static uint16_t put_hands(uint64_t *seed, uint8_t *body)
{
    static const uint32_t usual_ms[] = {3600000u,   601200000u, 21600000u,
                                        583200000u, 86400000u,  43200000u};
    const uint64_t n = below(seed, 2u * sizeof usual_ms / sizeof usual_ms[0]);
    fake_put(body, n < sizeof usual_ms / sizeof usual_ms[0] ? usual_ms[n] : below(seed, 604800000u),
             4u);
    return 4u;
}

static uint16_t put_pieces(uint64_t *seed, const dosing_factory_t *factory, uint8_t *body)
{
    body[0] = (uint8_t)below(seed, 256u);
    body[1] = (uint8_t)below(seed, 8u);
    body[2] = (uint8_t)(below(seed, 2u) == 0u ? TAPE_PIECE_FINE : below(seed, TAPE_PIECE_WAYS));
    return (uint16_t)(3u + image_invent(seed, factory, body + 3));
}

tape_record_t tape_invent(uint64_t *seed, uint8_t options, uint8_t *body)
{
    static const uint8_t kinds[] = {TAPE_RUN,    TAPE_RUN,    TAPE_RUN,    TAPE_RUN,    TAPE_LATE,
                                    TAPE_OPEN,   TAPE_ORDER,  TAPE_ORDER,  TAPE_ORDER,  TAPE_ORDER,
                                    TAPE_COMMIT, TAPE_COMMIT, TAPE_COMMIT, TAPE_COMMIT, TAPE_PIECES,
                                    TAPE_WISH,   TAPE_WISH,   TAPE_WISH,   TAPE_SEAL,   TAPE_RAW,
                                    TAPE_RAW,    TAPE_REPLAY, TAPE_FAULT,  TAPE_MOTOR,  TAPE_RESET,
                                    TAPE_FLASH,  TAPE_HANDS,  TAPE_HANDS,  TAPE_HELP};
    tape_record_t r = {.kind = kinds[below(seed, sizeof kinds)], .body = body};
    dosing_factory_t factory = {0};
    tape_factory(options, &factory);
    switch ((tape_kind_t)r.kind) {
    case TAPE_RUN:
    case TAPE_LATE:
        r.length = put_time(seed, body);
        break;
    case TAPE_ORDER:
    case TAPE_HELP:
        r.length = put_order(seed, body);
        break;
    case TAPE_WISH:
        r.length = put_wish(seed, body);
        break;
    case TAPE_COMMIT:
        r.length = image_invent(seed, &factory, body);
        break;
    case TAPE_PIECES:
        r.length = put_pieces(seed, &factory, body);
        break;
    case TAPE_RAW:
        r.length = put_raw(seed, body);
        break;
    case TAPE_HANDS:
        r.length = put_hands(seed, body);
        break;
    case TAPE_OPEN:
    case TAPE_SEAL:
    case TAPE_REPLAY:
    case TAPE_FAULT:
    case TAPE_MOTOR:
    case TAPE_RESET:
    case TAPE_FLASH:
    case TAPE_KINDS:
        r.length = put_bytes(seed, body, 3u);
        break;
    }
    return r;
}

/* A field of an order; size 0 where its payload has none. */
static image_field_t order_field(uint64_t *seed, uint8_t type, uint32_t begin)
{
    const order_t *order = order_of(type);
    image_field_t field = {0};
    if (order != NULL && order->field_count > 0u) {
        field = order->fields[below(seed, order->field_count)];
        field.at = (uint16_t)(field.at + begin);
    }
    return field;
}

static image_field_t any_field(uint64_t *seed, const tape_record_t *record, const uint8_t *body)
{
    image_field_t field = {0};
    switch ((tape_kind_t)record->kind) {
    case TAPE_RUN:
    case TAPE_LATE:
        return (image_field_t){0u, 4u, 1u, TAPE_STEP_MS_MAX};
    case TAPE_HANDS:
        return (image_field_t){0u, 4u, 0u, 604800000u};
    case TAPE_COMMIT:
        return image_field(seed, body, record->length);
    case TAPE_PIECES:
        if (record->length > 3u) {
            field = image_field(seed, body + 3, record->length - 3u);
            field.at = (uint16_t)(field.at + 3u);
        }
        return field;
    case TAPE_ORDER:
    case TAPE_WISH:
    case TAPE_HELP:
        return record->length > 0u ? order_field(seed, body[0], 1u) : field;
    case TAPE_RAW:
        return record->length > DOSING_FRAME_BYTES_MIN
                   ? order_field(seed, body[1u + DOSING_FRAME_AT_TYPE],
                                 1u + DOSING_FRAME_HEADER_BYTES)
                   : field;
    case TAPE_OPEN:
    case TAPE_SEAL:
    case TAPE_REPLAY:
    case TAPE_FAULT:
    case TAPE_MOTOR:
    case TAPE_RESET:
    case TAPE_FLASH:
    case TAPE_KINDS:
        break;
    }
    return field;
}

void tape_tune(uint64_t *seed, const tape_record_t *record, uint8_t *body)
{
    const image_field_t f = any_field(seed, record, body);
    if (f.size != 0u && f.at + f.size <= record->length) {
        const uint64_t step = 1u + below(seed, 4u);
        const uint64_t old = fake_get(body + f.at, f.size);
        fake_put(body + f.at, below(seed, 3u) == 0u ? old + step - 2u : image_value(seed, &f),
                 f.size);
    }
}
