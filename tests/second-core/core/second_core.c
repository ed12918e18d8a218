/* SPDX-License-Identifier: Apache-2.0 */
/* The second core's entry table: init, wake and receive. */
#include "dosing_core.h"

#include <stddef.h>

#include "second_alarm.h"
#include "second_bytes.h"
#include "second_cell.h"
#include "second_link.h"
#include "second_motor.h"
#include "second_selftest.h"
#include "second_store.h"
#include "second_therapy.h"

#define MAGIC 0x32444E43u
#define DAY_MS UINT64_C(86400000)
#define IDLE_MS (2u * DAY_MS)
#define CLOCK_RETRY_MS 60000u

/* ---- a start ------------------------------------------------------------------------------------------------------------ */

static void start_anew(dosing_state_t *s)
{
    second_kept_t *k = &s->kept;
    k->layout = sizeof *k;
    k->device_id = s->factory.device_id;
    k->course.request_ms = SECOND_NEVER_REQUESTED;
    for (uint32_t i = 0; i < DOSING_PATIENT_PER_DAY_MAX; i++) {
        k->request_ms[i] = SECOND_NEVER_REQUESTED;
    }
}

/* What the store tells of the time before; a pump without a programme has nothing to tell. */
static void raise_found(dosing_state_t *s)
{
    if (s->store.found == SECOND_STORE_LOST) {
        s->kept.image_length = 0; /* an earlier programme is never taken for the latest */
        second_alarm_raise(s, DOSING_ALARM_LOST);
        return;
    }
    if (s->store.found == SECOND_STORE_COPY) {
        second_alarm_raise(s, DOSING_ALARM_COPY);
    }
    if (s->kept.image_length != 0u) {
        s->kept.course.alarms &= ~DOSING_ALARM_RESET; /* each tells anew */
        second_alarm_raise(s, DOSING_ALARM_RESET);
        if (s->cause == DOSING_RESET_BROWN_OUT) {
            second_alarm_raise(s, DOSING_ALARM_BROWN_OUT);
        }
    }
}

/* The core's time goes on from the latest that the store knows. */
static dosing_status_t start_clock(dosing_state_t *s)
{
    uint64_t clock_ms = 0;
    if (second_state_now(s, &clock_ms) != DOSING_OK ||
        s->hal->reset_cause(s->context, &s->cause) != DOSING_HAL_OK) {
        return DOSING_ERROR_HAL;
    }
    const uint64_t now_ms = s->kept.course.time_ms;
    s->origin_ms = now_ms - clock_ms;
    s->last_pulse_ms = now_ms;
    s->flow = (second_flow_t){.at_ms = now_ms, .pulse_pl = s->factory.pulse_volume_pl};
    s->cell.charged_ms = now_ms;
    s->cell.day_from_nc = s->kept.course.charge_nc;
    s->day_commanded = s->kept.course.commanded;
    s->day_confirmed = s->kept.course.confirmed;
    second_queue_clear(&s->queue);
    second_queue_set(&s->queue, SECOND_EVENT_DAY, now_ms + DAY_MS);
    if (s->kept.course.commanded > 0u) {
        second_queue_set(&s->queue, SECOND_EVENT_IDLE, now_ms + IDLE_MS);
    }
    return DOSING_OK;
}

/* A train from before the reset is ended first of all. */
static dosing_status_t stop_motor(dosing_state_t *s)
{
    int32_t result = DOSING_HAL_FAILED;
    for (uint32_t i = 0; i < 3u && result != DOSING_HAL_OK; i++) {
        result = s->hal->train_stop(s->context);
    }
    return result == DOSING_HAL_OK ? DOSING_OK : DOSING_ERROR_HAL;
}

static dosing_status_t begin(dosing_state_t *s)
{
    dosing_status_t status = stop_motor(s);
    if (status == DOSING_OK) {
        status = second_selftest_start(s);
    }
    if (status == DOSING_OK) {
        status = second_store_open(s);
    }
    if (status != DOSING_OK) {
        return status;
    }
    if (s->store.found == SECOND_STORE_NEW || s->kept.layout == 0u) {
        start_anew(s);
    } else {
        s->kept.course.resets = second_state_add(s->kept.course.resets, 1u);
    }
    status = start_clock(s);
    raise_found(s);
    for (uint32_t role = 0; role < DOSING_ROLES; role++) {
        s->link.leased[role] = s->kept.course.counter[role];
    }
    return status;
}

static dosing_status_t init(dosing_state_t *s, const dosing_hal_t *hal, void *context)
{
    if (s == NULL || hal == NULL || hal->table_size < DOSING_HAL_BYTES_MIN) {
        return DOSING_ERROR_ARGUMENT;
    }
    s->magic = MAGIC;
    s->hal = hal;
    s->context = context;
    s->status = begin(s);
    return s->status;
}

/* ---- the loop ----------------------------------------------------------------------------------------------------------- */

/* The image of each day bounds what a restart has to add up. */
static void day(dosing_state_t *s, uint64_t at_ms)
{
    second_cell_look(s, at_ms);
    second_motor_day(s);
    second_selftest_day(s);
    const uint64_t next_ms = at_ms + DAY_MS; /* of days slept through one is looked at */
    const uint64_t now_ms = s->kept.course.time_ms;
    second_queue_set(&s->queue, SECOND_EVENT_DAY, next_ms > now_ms ? next_ms : now_ms + DAY_MS);
    s->draft = s->kept;
    (void)second_store_keep(s);
}

static void happen(dosing_state_t *s, second_event_t event, uint64_t at_ms)
{
    second_flow_advance(&s->flow, at_ms);
    switch (event) {
    case SECOND_EVENT_BOLUS:
    case SECOND_EVENT_PATIENT:
        second_therapy_over(s, event, at_ms);
        break;
    case SECOND_EVENT_DAY:
        day(s, at_ms);
        break;
    case SECOND_EVENT_IDLE:
        second_alarm_raise(s, DOSING_ALARM_STOPPED);
        break;
    case SECOND_EVENT_CRITICAL:
    case SECOND_EVENT_ADVISORY:
        second_alarm_remind(s, event);
        break;
    case SECOND_EVENT_STEP:
    case SECOND_EVENT_MOTOR:
    case SECOND_EVENTS:
    default:
        break;
    }
    second_therapy_refresh(s, at_ms);
}

/* All that is due happens at its own time, then the motor is looked at. */
static void run(dosing_state_t *s, uint64_t now_ms)
{
    uint64_t at_ms = 0;
    if (now_ms > s->kept.course.time_ms) {
        s->kept.course.time_ms = now_ms;
    }
    second_cell_sleep(s, now_ms);
    second_motor_settle(s, now_ms);
    for (second_event_t event = second_queue_take(&s->queue, now_ms, &at_ms);
         event != SECOND_EVENTS; event = second_queue_take(&s->queue, now_ms, &at_ms)) {
        happen(s, event, at_ms);
    }
}

/* Writes when to be called next, on the main clock. */
static void rest(dosing_state_t *s, uint64_t now_ms, uint64_t *next_wake_ms)
{
    second_therapy_refresh(s, now_ms);
    second_motor_plan(s, now_ms);
    second_therapy_refresh(s, now_ms);
    second_alarm_sound(s, now_ms);
    const uint64_t next_ms = second_queue_next_ms(&s->queue);
    *next_wake_ms = next_ms == SECOND_QUEUE_NEVER ? DOSING_NEVER_MS : next_ms - s->origin_ms;
}

static dosing_status_t ready(const dosing_state_t *s, const uint64_t *next_wake_ms)
{
    if (s == NULL || next_wake_ms == NULL || s->magic != MAGIC) {
        return DOSING_ERROR_ARGUMENT;
    }
    return s->status;
}

/* A clock that does not answer is asked again; the time of the latest answer is all there is to go by. */
static dosing_status_t ask_again(dosing_state_t *s, uint64_t *next_wake_ms)
{
    *next_wake_ms = s->kept.course.time_ms + CLOCK_RETRY_MS - s->origin_ms;
    return DOSING_ERROR_HAL;
}

static dosing_status_t wake(dosing_state_t *s, uint64_t *next_wake_ms)
{
    uint64_t now_ms = 0;
    const dosing_status_t status = ready(s, next_wake_ms);
    if (status != DOSING_OK) {
        return status;
    }
    if (second_state_now(s, &now_ms) != DOSING_OK) {
        return ask_again(s, next_wake_ms);
    }
    (void)s->hal->watchdog(s->context);
    second_cell_spend(s, s->factory.wake_nc);
    run(s, now_ms);
    rest(s, now_ms, next_wake_ms);
    return DOSING_OK;
}

static dosing_status_t receive(dosing_state_t *s, const uint8_t *frame, uint32_t length,
                               uint64_t *next_wake_ms)
{
    uint64_t now_ms = 0;
    dosing_status_t status = ready(s, next_wake_ms);
    if (status == DOSING_OK && frame == NULL) {
        status = DOSING_ERROR_ARGUMENT;
    }
    if (status != DOSING_OK) {
        return status;
    }
    if (second_state_now(s, &now_ms) != DOSING_OK) {
        return ask_again(s, next_wake_ms);
    }
    run(s, now_ms);
    status = second_link_receive(s, frame, length, now_ms);
    rest(s, now_ms, next_wake_ms);
    return status;
}

const dosing_entry_t *dosing_entry(void)
{
    static const dosing_entry_t entry = {.abi_major = DOSING_ABI_MAJOR,
                                         .abi_minor = DOSING_ABI_MINOR,
                                         .table_size = sizeof(dosing_entry_t),
                                         .state_size = sizeof(dosing_state_t),
                                         .state_align = _Alignof(dosing_state_t),
                                         .core_id = "second-core 1.0 (owed volume, event queue)",
                                         .init = init,
                                         .wake = wake,
                                         .receive = receive};
    return &entry;
}
