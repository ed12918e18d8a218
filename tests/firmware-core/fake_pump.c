/* SPDX-License-Identifier: Apache-2.0 */
/* The pump of fake_hal.h: the core on the fake hardware, woken when it asks, and the frames of a clinician. */
#include "fake_hal.h"

#include <string.h>

void fake_pump_start(fake_pump_t *p)
{
    p->role = 0u;
    p->core = dosing_entry();
    p->counter = 0u;
    p->session = 0u;
    p->wakes = 0u;
    p->next_ms = p->hal.now_ms;
    const dosing_hal_t *hal = p->hal.table != NULL ? p->hal.table : &fake_hal;
    p->status = p->core->init((dosing_state_t *)(void *)p->state, hal, &p->hal);
}

/* What the core wrote is on its main clock. */
static void take_wake(fake_pump_t *p)
{
    if (p->next_ms != DOSING_NEVER_MS) {
        p->next_ms += p->hal.origin_ms;
    }
}

void fake_pump_reset(fake_pump_t *p, uint64_t down_ms, uint64_t shows_ms)
{
    p->hal.now_ms += down_ms;
    p->hal.origin_ms = p->hal.now_ms - shows_ms;
    fake_pump_start(p);
}

static void wake(fake_pump_t *p)
{
    p->status = p->core->wake((dosing_state_t *)(void *)p->state, &p->next_ms);
    take_wake(p);
    p->wakes++;
    if (p->next_ms <= p->hal.now_ms) {
        if (p->status == DOSING_OK) {
            fake_blame(&p->hal, "asked to be woken in the past");
        }
        p->next_ms = p->hal.now_ms + 1u;
    }
}

void fake_pump_run(fake_pump_t *p, uint64_t until_ms)
{
    while (p->next_ms <= until_ms) {
        p->hal.now_ms = p->next_ms > p->hal.now_ms ? p->next_ms : p->hal.now_ms;
        wake(p);
    }
    p->hal.now_ms = until_ms;
}

uint32_t fake_frame(const fake_pump_t *p, uint8_t type, const uint8_t *payload, uint32_t length,
                    uint8_t *frame)
{
    const uint32_t covered = DOSING_FRAME_HEADER_BYTES + length;
    memset(frame, 0, DOSING_FRAME_HEADER_BYTES);
    frame[DOSING_FRAME_AT_VERSION] = DOSING_FRAME_VERSION;
    frame[DOSING_FRAME_AT_TYPE] = type;
    const uint8_t role = p->role != 0u ? p->role : DOSING_ROLE_CLINICIAN;
    frame[DOSING_FRAME_AT_ROLE] = role;
    fake_put(frame + DOSING_FRAME_AT_DEVICE, p->hal.factory.device_id, 4u);
    fake_put(frame + DOSING_FRAME_AT_SESSION, p->session, 4u);
    fake_put(frame + DOSING_FRAME_AT_COUNTER, p->counter, 8u);
    fake_put(frame + DOSING_FRAME_AT_LENGTH, length, 2u);
    if (length > 0u) {
        memcpy(frame + DOSING_FRAME_HEADER_BYTES, payload, length);
    }
    fake_put(frame + covered, fake_crc(frame, covered), 4u);
    fake_tag(&p->hal, role, frame, covered + 4u, frame + covered + 4u);
    return covered + 20u;
}

dosing_status_t fake_raw(fake_pump_t *p, const uint8_t *frame, uint32_t length)
{
    p->hal.reply_length = 0u;
    const dosing_status_t status =
        p->core->receive((dosing_state_t *)(void *)p->state, frame, length, &p->next_ms);
    take_wake(p);
    return status;
}

dosing_status_t fake_next(fake_pump_t *p, uint8_t type, const uint8_t *payload, uint32_t length)
{
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    p->counter++;
    return fake_raw(p, frame, fake_frame(p, type, payload, length, frame));
}

dosing_status_t fake_open(fake_pump_t *p)
{
    const uint8_t mine[DOSING_NONCE_BYTES] = {1, 2, 3};
    p->session = 0u;
    dosing_status_t status = fake_next(p, DOSING_FRAME_OPEN, mine, sizeof mine);
    if (status == DOSING_REFUSED_REPLAY && p->counter == 1u) { /* after a reset: taken up */
        p->counter =
            fake_get(p->hal.reply + DOSING_FRAME_HEADER_BYTES + DOSING_REFUSAL_AT_COUNTER, 8u);
        status = fake_next(p, DOSING_FRAME_OPEN, mine, sizeof mine);
    }
    p->session =
        (uint32_t)fake_get(p->hal.reply + DOSING_FRAME_HEADER_BYTES + DOSING_OPENED_AT_SESSION, 4u);
    return status;
}

dosing_status_t fake_send(fake_pump_t *p, uint8_t type, const uint8_t *payload, uint32_t length)
{
    const dosing_status_t opened = fake_open(p);
    return opened != DOSING_OK ? opened : fake_next(p, type, payload, length);
}

void fake_programme(uint8_t *bytes, uint32_t concentration, uint64_t dose)
{
    memset(bytes, 0, DOSING_PROGRAMME_BYTES);
    bytes[DOSING_PROGRAMME_AT_MODE] = dose > 0u ? DOSING_MODE_SIMPLE : DOSING_MODE_STOPPED;
    bytes[DOSING_PROGRAMME_AT_DRUGS] = 1u;
    fake_put(bytes + DOSING_PROGRAMME_AT_LOW_NL, DOSING_LOW_DEFAULT_NL, 4u);
    fake_put(bytes + DOSING_PROGRAMME_AT_EMPTY_NL, 1000000u, 4u);
    fake_put(bytes + DOSING_PROGRAMME_AT_DOSE, dose, 8u);
    fake_put(bytes + DOSING_PROGRAMME_AT_FLAGS, DOSING_FLAG_CHANGE, 4u); /* if it is one */
    fake_put(bytes + DOSING_PROGRAMME_AT_DRUG, concentration, 4u);
}

static uint32_t image_bytes(const uint8_t *programme)
{
    return DOSING_PROGRAMME_BYTES + programme[DOSING_PROGRAMME_AT_STEPS] * DOSING_STEP_BYTES +
           programme[DOSING_PROGRAMME_AT_TIMED] * DOSING_TIMED_BYTES;
}

dosing_status_t fake_stage(fake_pump_t *p, const uint8_t *programme)
{
    uint8_t part[DOSING_PART_AT_BYTES + DOSING_PART_BYTES_MAX] = {0};
    const uint32_t length = image_bytes(programme);
    dosing_status_t status = fake_open(p);
    for (uint32_t at = 0; at < length && status == DOSING_OK; at += DOSING_PART_BYTES_MAX) {
        const uint32_t left = length - at;
        const uint32_t bytes = left < DOSING_PART_BYTES_MAX ? left : DOSING_PART_BYTES_MAX;
        fake_put(part + DOSING_PART_AT_OFFSET, at, 2u);
        memcpy(part + DOSING_PART_AT_BYTES, programme + at, bytes);
        status = fake_next(p, DOSING_FRAME_STAGE, part, DOSING_PART_AT_BYTES + bytes);
    }
    return status;
}

dosing_status_t fake_read_back(fake_pump_t *p, const uint8_t *programme)
{
    const uint32_t length = image_bytes(programme);
    dosing_status_t status = DOSING_OK;
    for (uint32_t at = 0; at < length && status == DOSING_OK; at += DOSING_PART_BYTES_MAX) {
        uint8_t offset[4];
        fake_put(offset, at, 4u);
        status = fake_next(p, DOSING_FRAME_READ_BACK, offset, sizeof offset);
    }
    return status;
}

dosing_status_t fake_commit(fake_pump_t *p, const uint8_t *programme)
{
    uint8_t crc[4];
    dosing_status_t status = fake_stage(p, programme);
    if (status == DOSING_OK) {
        status = fake_read_back(p, programme);
    }
    if (status == DOSING_OK) {
        fake_put(crc, fake_crc(programme, image_bytes(programme)), 4u);
        status = fake_next(p, DOSING_FRAME_COMMIT, crc, sizeof crc);
    }
    return status;
}

dosing_status_t fake_simple(fake_pump_t *p, uint32_t concentration, uint64_t dose)
{
    uint8_t programme[DOSING_PROGRAMME_BYTES];
    fake_programme(programme, concentration, dose);
    return fake_commit(p, programme);
}

dosing_status_t fake_refill(fake_pump_t *p, uint32_t nl)
{
    uint8_t bytes[4];
    fake_put(bytes, nl, 4u);
    return fake_send(p, DOSING_FRAME_REFILL, bytes, sizeof bytes);
}

dosing_status_t fake_bolus(fake_pump_t *p, uint64_t dose, uint32_t ms)
{
    uint8_t bytes[DOSING_BOLUS_BYTES] = {0};
    fake_put(bytes + DOSING_BOLUS_AT_DOSE, dose, 8u);
    fake_put(bytes + DOSING_BOLUS_AT_DURATION, ms, 4u);
    return fake_send(p, DOSING_FRAME_BOLUS, bytes, sizeof bytes);
}

uint64_t fake_report(fake_pump_t *p, uint32_t at, uint32_t size)
{
    const dosing_status_t status = fake_send(p, DOSING_FRAME_INTERROGATE, NULL, 0u);
    return status == DOSING_OK ? fake_get(p->hal.reply + DOSING_FRAME_HEADER_BYTES + at, size)
                               : UINT64_MAX;
}
