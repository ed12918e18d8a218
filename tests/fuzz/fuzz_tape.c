/* SPDX-License-Identifier: Apache-2.0 */
/* Tapes read, written and invented. A new frame type needs its row in `orders` and nothing else. */
#include "fuzz_tape.h"

#include <string.h>

#include "dosing_frame.h"
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

/* A field of a payload, and the values between which it means something. */
typedef struct field_t {
    uint16_t at;
    uint8_t size;
    uint64_t low, high;
} field_t;

static const field_t programme[] = {
    {DOSING_PROGRAMME_AT_MODE, 1u, DOSING_MODE_STOPPED, DOSING_MODE_SIMPLE},
    {DOSING_PROGRAMME_AT_DRUGS, 1u, 1u, DOSING_DRUGS_MAX},
    {DOSING_PROGRAMME_AT_LOW_NL, 4u, 1u, 20000000u},
    {DOSING_PROGRAMME_AT_EMPTY_NL, 4u, 0u, 20000000u},
    {DOSING_PROGRAMME_AT_RATE_MAX, 4u, 0u, 24000000u},
    {DOSING_PROGRAMME_AT_VOLUME_24H, 4u, 0u, 12000000u},
    {DOSING_PROGRAMME_AT_DOSE, 8u, 1u, DOSING_DOSE_MAX},
    {DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_CONCENTRATION, 4u, 1u, DOSING_CONCENTRATION_MAX},
    {DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_LIMIT, 8u, 0u, DOSING_LIMIT_MAX},
    {DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_BYTES + DOSING_DRUG_AT_CONCENTRATION, 4u, 1u,
     DOSING_CONCENTRATION_MAX},
    {DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_BYTES + DOSING_DRUG_AT_LIMIT, 8u, 0u, DOSING_LIMIT_MAX},
};
static const field_t bolus[] = {{DOSING_BOLUS_AT_DOSE, 8u, 1u, DOSING_DOSE_MAX},
                                {DOSING_BOLUS_AT_DURATION, 4u, 1000u, 86400000u}};
static const field_t refill[] = {{0u, 4u, 0u, 20000000u}};
static const field_t word[] = {{0u, 4u, 0u, UINT32_MAX}};

typedef struct order_t {
    uint8_t type;
    uint16_t length;     /* of the payload */
    uint8_t weight;      /* how often it is invented */
    bool patient;        /* the patient's role may send it */
    uint8_t field_count; /* 0: filled at random */
    const field_t *fields;
} order_t;

#define FIELDS(table) sizeof(table) / sizeof(table)[0], table
static const order_t orders[] = {
    {DOSING_FRAME_OPEN, DOSING_NONCE_BYTES, 1u, true, 0u, NULL},
    {DOSING_FRAME_CLOSE, 0u, 1u, true, 0u, NULL},
    {DOSING_FRAME_STAGE, DOSING_PART_AT_BYTES + DOSING_PROGRAMME_BYTES, 3u, false,
     FIELDS(programme)},
    {DOSING_FRAME_READ_BACK, 4u, 2u, false, 0u, NULL},
    {DOSING_FRAME_COMMIT, 4u, 1u, false, FIELDS(word)},
    {DOSING_FRAME_REFILL, 4u, 4u, false, FIELDS(refill)},
    {DOSING_FRAME_BOLUS, DOSING_BOLUS_BYTES, 12u, false, FIELDS(bolus)},
    {DOSING_FRAME_STOP, 0u, 2u, false, 0u, NULL},
    {DOSING_FRAME_INTERROGATE, 0u, 1u, true, 0u, NULL},
    {DOSING_FRAME_ALARM_CLEAR, 4u, 2u, false, FIELDS(word)},
    {DOSING_FRAME_REQUEST, 0u, 2u, true, 0u, NULL},
};
#define ORDERS (sizeof orders / sizeof orders[0])

static uint64_t below(uint64_t *seed, uint64_t n)
{
    return fake_random(seed) % n;
}

/* Uniform in the logarithm: every magnitude is as likely. */
static uint64_t of_any_size(uint64_t *seed, uint64_t low, uint64_t high)
{
    const uint64_t span = (high - low) >> below(seed, 64u);
    return low + (span == UINT64_MAX ? fake_random(seed) : below(seed, span + 1u));
}

static uint64_t value_for(uint64_t *seed, const field_t *field)
{
    switch (below(seed, 12u)) {
    case 0:
        return field->low;
    case 1:
        return field->high;
    case 2:
        return field->low - 1u;
    case 3:
        return field->high + 1u;
    case 4:
        return below(seed, 2u) == 0u ? 0u : UINT64_MAX;
    default:
        return of_any_size(seed, field->low, field->high);
    }
}

/* A programme that most likely may be committed on one of the factory blocks. */
static void plausible_programme(uint64_t *seed, uint8_t *bytes)
{
    const uint64_t drugs = below(seed, 3u) != 0u ? 1u : 1u + below(seed, DOSING_DRUGS_MAX);
    const uint64_t rate_nl = of_any_size(seed, 30000u, 24000000u);
    const uint32_t primary = (uint32_t)of_any_size(seed, 1000u, DOSING_CONCENTRATION_MAX);
    const uint64_t dose = below(seed, 12u) == 0u ? 0u : rate_nl * primary / 1000000u + 1u;
    fake_programme(bytes, primary, dose < DOSING_DOSE_MAX ? dose : DOSING_DOSE_MAX);
    bytes[DOSING_PROGRAMME_AT_DRUGS] = (uint8_t)drugs;
    for (uint64_t i = 0; i < drugs; i++) {
        uint8_t *drug = bytes + DOSING_PROGRAMME_AT_DRUG + i * DOSING_DRUG_BYTES;
        const uint64_t c = i == 0u ? primary : of_any_size(seed, 1u, DOSING_CONCENTRATION_MAX);
        const uint64_t day_ng = rate_nl * c / 1000000u;
        const uint64_t limit = day_ng + below(seed, day_ng / 4u + 4u);
        fake_put(drug + DOSING_DRUG_AT_CONCENTRATION, c, 4u);
        if (below(seed, 2u) == 0u && limit <= DOSING_LIMIT_MAX) {
            fake_put(drug + DOSING_DRUG_AT_LIMIT, limit, 8u);
        }
    }
    if (below(seed, 2u) == 0u) {
        fake_put(bytes + DOSING_PROGRAMME_AT_VOLUME_24H, rate_nl + below(seed, rate_nl), 4u);
    }
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

bool tape_is_patients(uint8_t type)
{
    const order_t *order = order_of(type);
    return order != NULL && order->patient;
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
    if (order->fields == programme) {
        plausible_programme(seed, payload + DOSING_PART_AT_BYTES);
        return;
    }
    for (uint32_t i = 0; i < order->field_count; i++) {
        const field_t *f = &order->fields[i];
        fake_put(payload + f->at, value_for(seed, f), f->size);
    }
}

/* A small bolus is what most programmes have room for: a few pulses, in minutes. */
static void plausible_bolus(uint64_t *seed, uint8_t *payload)
{
    fake_put(payload + DOSING_BOLUS_AT_DOSE, of_any_size(seed, 1u, 100000000u), 8u);
    fake_put(payload + DOSING_BOLUS_AT_DURATION, of_any_size(seed, 1000u, 86400000u), 4u);
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
    fake_put(body, of_any_size(seed, 1u, TAPE_STEP_MS_MAX), 4u);
    return 4u;
}

tape_record_t tape_invent(uint64_t *seed, uint8_t *body)
{
    static const uint8_t kinds[] = {
        TAPE_RUN,   TAPE_RUN,   TAPE_RUN,    TAPE_LATE,   TAPE_OPEN,   TAPE_ORDER, TAPE_ORDER,
        TAPE_ORDER, TAPE_ORDER, TAPE_COMMIT, TAPE_COMMIT, TAPE_COMMIT, TAPE_WISH,  TAPE_SEAL,
        TAPE_RAW,   TAPE_RAW,   TAPE_REPLAY, TAPE_FAULT,  TAPE_MOTOR,  TAPE_RESET, TAPE_FLASH};
    tape_record_t r = {.kind = kinds[below(seed, sizeof kinds)], .body = body};
    switch ((tape_kind_t)r.kind) {
    case TAPE_RUN:
    case TAPE_LATE:
        r.length = put_time(seed, body);
        break;
    case TAPE_ORDER:
    case TAPE_WISH:
        r.length = put_order(seed, body);
        break;
    case TAPE_COMMIT:
        plausible_programme(seed, body);
        r.length = DOSING_PROGRAMME_BYTES;
        break;
    case TAPE_RAW:
        r.length = put_raw(seed, body);
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

void tape_tune(uint64_t *seed, const tape_record_t *record, uint8_t *body)
{
    const field_t ms = {0u, 4u, 1u, TAPE_STEP_MS_MAX};
    const order_t *order = NULL;
    uint32_t begin = 0;
    if (record->kind == TAPE_COMMIT) {
        order = order_of(DOSING_FRAME_STAGE);
    } else if ((record->kind == TAPE_ORDER || record->kind == TAPE_WISH) && record->length > 0u) {
        order = order_of(body[0]);
        begin = 1u + (body[0] == DOSING_FRAME_STAGE ? DOSING_PART_AT_BYTES : 0u);
    } else if (record->kind == TAPE_RAW && record->length > DOSING_FRAME_BYTES_MIN) {
        order = order_of(body[1u + DOSING_FRAME_AT_TYPE]);
        begin = 1u + DOSING_FRAME_HEADER_BYTES +
                (order != NULL && order->fields == programme ? DOSING_PART_AT_BYTES : 0u);
    }
    const field_t *f = record->kind <= TAPE_LATE ? &ms : NULL;
    if (order != NULL && order->field_count > 0u) {
        f = &order->fields[below(seed, order->field_count)];
    }
    if (f != NULL && begin + f->at + f->size <= record->length) {
        uint8_t *at = body + begin + f->at;
        const uint64_t step = 1u + below(seed, 4u);
        const uint64_t old = fake_get(at, f->size);
        fake_put(at, below(seed, 3u) == 0u ? old + step - 2u : value_for(seed, f), f->size);
    }
}
