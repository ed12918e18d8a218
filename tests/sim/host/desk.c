/* SPDX-License-Identifier: Apache-2.0 */
/* The pump on the desk. */
#include "desk.h"

#include <criterion/criterion.h>
#include <string.h>

#include "host/session.h"

static dosing_state_t *state_of(desk_t *d)
{
    return (dosing_state_t *)(void *)d->state;
}

static int32_t clock_ms(void *context, uint64_t *ms)
{
    *ms = ((desk_t *)context)->now_ms;
    return DOSING_HAL_OK;
}

static int32_t some_u32(void *context, uint32_t *value)
{
    (void)context;
    *value = 1u;
    return DOSING_HAL_OK;
}

static int32_t millivolts(void *context, uint32_t *mv)
{
    (void)context;
    *mv = 3000u;
    return DOSING_HAL_OK;
}

static int32_t temperature(void *context, int32_t *mdegc)
{
    (void)context;
    *mdegc = 37000;
    return DOSING_HAL_OK;
}

static int32_t factory_read(void *context, dosing_factory_t *factory)
{
    *factory = ((desk_t *)context)->factory;
    return DOSING_HAL_OK;
}

static uint32_t begun(const desk_t *d)
{
    const uint64_t n = d->running ? (d->now_ms - d->start_ms) / d->period_ms + 1u : d->count;
    return n < d->count ? (uint32_t)n : d->count;
}

static void settle(desk_t *d)
{
    if (d->running && d->now_ms >= d->start_ms + (uint64_t)d->count * d->period_ms) {
        d->running = false;
        d->pulses += d->count;
    }
}

static int32_t motor_arm(void *context, uint32_t count, uint32_t period_ms)
{
    (void)context, (void)count, (void)period_ms;
    return DOSING_HAL_OK;
}

static int32_t train_start(void *context, uint32_t count, uint32_t period_ms)
{
    desk_t *d = context;
    settle(d);
    d->running = true;
    d->start_ms = d->now_ms;
    d->count = count;
    d->period_ms = period_ms;
    d->trace = (d->trace ^ d->now_ms) * UINT64_C(0x100000001B3);
    d->trace = (d->trace ^ ((uint64_t)count << 32 | period_ms)) * UINT64_C(0x100000001B3);
    return DOSING_HAL_OK;
}

static int32_t train_stop(void *context)
{
    desk_t *d = context;
    settle(d);
    if (d->running) {
        d->count = begun(d);
        d->running = false;
        d->pulses += d->count;
    }
    return DOSING_HAL_OK;
}

static int32_t train_status(void *context, uint32_t *done, uint32_t *running)
{
    desk_t *d = context;
    settle(d);
    *done = begun(d);
    *running = d->running ? 1u : 0u;
    return DOSING_HAL_OK;
}

static int32_t step_confirm(void *context, uint32_t *confirmed)
{
    *confirmed = begun(context);
    return DOSING_HAL_OK;
}

static int32_t one_u32(void *context, uint32_t value)
{
    (void)context, (void)value;
    return DOSING_HAL_OK;
}

static int32_t store_geometry(void *context, dosing_store_geometry_t *geometry)
{
    (void)context;
    *geometry = (dosing_store_geometry_t){0u, 0u, 0u, 0xFFu};
    return DOSING_HAL_OK;
}

static int32_t store_read(void *context, uint32_t address, uint8_t *bytes, uint32_t length)
{
    (void)context, (void)address;
    memset(bytes, 0xFF, length);
    return DOSING_HAL_OK;
}

static int32_t store_write(void *context, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    (void)context, (void)address, (void)bytes, (void)length;
    return DOSING_HAL_FAILED;
}

static int32_t transmit(void *context, const uint8_t *frame, uint32_t length)
{
    desk_t *d = context;
    memcpy(d->reply, frame, length);
    d->reply_length = length;
    return DOSING_HAL_OK;
}

static int32_t nonce(void *context, uint8_t *bytes, uint32_t length)
{
    desk_t *d = context;
    return seal_nonce(&d->key, d->now_ms, bytes, length, NULL) == 0 ? DOSING_HAL_OK
                                                                    : DOSING_HAL_FAILED;
}

static int32_t authenticate(void *context, uint8_t role, const uint8_t *bytes, uint32_t length,
                            uint8_t *tag)
{
    const desk_t *d = context;
    if (role == DOSING_ROLE_PATIENT && !d->paired) {
        return DOSING_HAL_RANGE;
    }
    const seal_key_t *key = role == DOSING_ROLE_PATIENT     ? &d->patient
                            : role == DOSING_ROLE_EMERGENCY ? &d->emergency
                                                            : &d->key;
    return seal_tag(key, bytes, length, tag, NULL) == 0 ? DOSING_HAL_OK : DOSING_HAL_FAILED;
}

static int32_t pair(void *context, uint8_t role, const uint8_t *nonce)
{
    desk_t *d = context;
    d->paired = seal_key_pair(&d->patient, &d->key, role, nonce, NULL) == 0;
    return d->paired ? DOSING_HAL_OK : DOSING_HAL_FAILED;
}

static int32_t watchdog(void *context)
{
    (void)context;
    return DOSING_HAL_OK;
}

static const dosing_hal_t hal = {sizeof(dosing_hal_t),
                                 0u,
                                 clock_ms,
                                 clock_ms,
                                 some_u32,
                                 factory_read,
                                 motor_arm,
                                 train_start,
                                 train_stop,
                                 train_status,
                                 step_confirm,
                                 some_u32,
                                 millivolts,
                                 millivolts,
                                 temperature,
                                 one_u32,
                                 store_geometry,
                                 store_read,
                                 store_write,
                                 one_u32,
                                 transmit,
                                 nonce,
                                 authenticate,
                                 watchdog,
                                 pair};

static void seal_reply(desk_t *d)
{
    const uint32_t covered = d->reply_length - DOSING_FRAME_CRC_BYTES - DOSING_FRAME_TAG_BYTES;
    session_put(d->reply + covered, seal_crc32(d->reply, covered), 4u);
    (void)authenticate(d, DOSING_ROLE_CLINICIAN, d->reply, covered + 4u, d->reply + covered + 4u);
}

/* A device whose staging memory is faulty: an authentic reply with one byte changed. */
static void falsify_read_back(desk_t *d)
{
    if (d->reply[DOSING_FRAME_AT_TYPE] != (DOSING_FRAME_READ_BACK | DOSING_FRAME_REPLY)) {
        return;
    }
    d->reply[DOSING_FRAME_HEADER_BYTES + DOSING_ACK_BYTES + DOSING_PROGRAMME_AT_DOSE] ^= 1u;
    seal_reply(d);
}

/* Someone in between: keeps the first reply of each type while the air is clear, and gives it for the pump's later. */
static void replay(desk_t *d, const uint8_t *frame, uint8_t *reply, uint32_t *reply_length)
{
    desk_tape_t *tape = &d->tape[frame[DOSING_FRAME_AT_TYPE] & 31u];
    if (d->air == DESK_CLEAR && tape->length == 0u) {
        memcpy(tape->bytes, reply, *reply_length);
        tape->length = *reply_length;
    } else if (d->air == DESK_REPLAY) {
        memcpy(reply, tape->bytes, tape->length);
        *reply_length = tape->length;
    }
}

static int exchange(void *context, const uint8_t *frame, uint32_t length, uint8_t *reply,
                    uint32_t *reply_length, error_t *e)
{
    desk_t *d = context;
    if (d->air == DESK_BROKEN) {
        return ERROR_RAISE(e, ERROR_LIBRARY, "the link is broken");
    }
    d->reply_length = 0u;
    (void)d->core.entry->receive(state_of(d), frame, length, &d->next_ms);
    if (d->air == DESK_READ_BACK) {
        falsify_read_back(d);
    }
    if (d->air == DESK_SHORT && d->reply_length > DOSING_FRAME_BYTES_MIN + 16u) {
        d->reply_length -= 16u;
        session_put(d->reply + DOSING_FRAME_AT_LENGTH, d->reply_length - DOSING_FRAME_BYTES_MIN,
                    2u);
        seal_reply(d);
    }
    if (d->air == DESK_FLIP && d->reply_length > 0u) {
        d->reply[DOSING_FRAME_HEADER_BYTES] ^= 1u;
    }
    *reply_length = d->air == DESK_SILENT ? 0u : d->reply_length;
    memcpy(reply, d->reply, *reply_length);
    replay(d, frame, reply, reply_length);
    if (frame[DOSING_FRAME_AT_TYPE] == DOSING_FRAME_OPEN) {
        memcpy(d->opened_with, frame + DOSING_FRAME_HEADER_BYTES, sizeof d->opened_with);
    }
    d->sent[frame[DOSING_FRAME_AT_TYPE] & 31u] = seal_crc32(frame, length);
    d->answered[frame[DOSING_FRAME_AT_TYPE] & 31u] = seal_crc32(reply, *reply_length);
    return 0;
}

void desk_start(desk_t *d, core_t core, recorder_sink_t sink, void *sink_context)
{
    const uint8_t secret[] = "desk";
    const programmer_link_t link = {d, exchange};
    memset(d, 0, sizeof *d);
    d->core = core;
    d->factory = (dosing_factory_t){.device_id = 77u,
                                    .pulse_volume_pl = 249731u,
                                    .capacity_nl = 20000000u,
                                    .tubing_nl = 140000u,
                                    .rate_min_nl_per_day = 48000u,
                                    .rate_max_nl_per_day = 24000000u,
                                    .volume_24h_max_nl = 12000000u,
                                    .gap_ms = 500u,
                                    .battery_uah = 1400000u,
                                    .idle_na = 12000u,
                                    .pulse_nc = 400000u,
                                    .eri_mv = 2300u,
                                    .floor_mv = 2200u};
    seal_factory(&d->factory);
    (void)!seal_key_derive(&d->key, secret, sizeof secret, 77u, DOSING_ROLE_CLINICIAN, NULL);
    (void)!seal_key_derive(&d->emergency, secret, sizeof secret, 77u, DOSING_ROLE_EMERGENCY, NULL);
    recorder_init(&d->recorder, &hal, d, sink, sink_context);
    (void)core.entry->init(state_of(d), recorder_hal(&d->recorder), recorder_context(&d->recorder));
    programmer_init(&d->programmer, 77u, &d->key, &link);
}

void desk_pair(desk_t *d, uint64_t index, seal_key_t *key)
{
    uint8_t nonce[SEAL_PAIR_BYTES];
    (void)!seal_nonce(&d->key, index, nonce, sizeof nonce, NULL);
    (void)!programmer_pair(&d->programmer, nonce, key, NULL);
}

uint64_t desk_pulses(const desk_t *d)
{
    return d->pulses + (d->running ? begun(d) : 0u);
}

void desk_run(desk_t *d, uint64_t duration_ms)
{
    const uint64_t end_ms = d->now_ms + duration_ms;
    while (d->next_ms <= end_ms) {
        d->now_ms = d->next_ms > d->now_ms ? d->next_ms : d->now_ms;
        (void)d->core.entry->wake(state_of(d), &d->next_ms);
    }
    d->now_ms = end_ms;
}

programmer_therapy_t desk_therapy(double ug_per_day)
{
    programmer_therapy_t t = {.mode = PROGRAMMER_SIMPLE,
                              .dose_ug_per_day = ug_per_day,
                              .drug_count = 1u,
                              .low_alarm_ml = 2.0,
                              .empty_alarm_ml = 1.0};
    strcpy(t.drug[0].name, "baclofen");
    t.drug[0].concentration_ug_per_ml = 500.0;
    return t;
}

uint64_t desk_course(desk_t *d, core_t core, recorder_sink_t sink, void *sink_context)
{
    const uint64_t day_ms = UINT64_C(86400000);
    error_t e = {0};
    const programmer_therapy_t t = desk_therapy(300.0);
    desk_start(d, core, sink, sink_context);
    cr_assert_eq(programmer_refill(&d->programmer, 20.0, &e), 0);
    cr_assert_eq(programmer_set_therapy(&d->programmer, &t, NULL, &e), 0);
    desk_run(d, 3u * day_ms + 1234567u);
    cr_assert_eq(programmer_bolus(&d->programmer, 25.0, 10.0, &e), 0);
    desk_run(d, day_ms);
    cr_assert_eq(programmer_stop(&d->programmer, &e), 0);
    return d->trace;
}
