/* SPDX-License-Identifier: Apache-2.0 */
/* The dosing core alone: time per wake and per pulse, with a HAL that only counts. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "dosing_frame.h"
#include "host/core.h"
#include "host/programmer.h"
#include "host/seal.h"

#include "tests/bench/bench.h"

#define DAY_MS UINT64_C(86400000)
#define PUMPS 5 /* one after the other: each ends its service at seven years */
#define SLICES 40
#define DAYS_SLICE 40u /* the reservoir lasts longer at either rate */

#define SECTORS 8u
#define SECTOR_BYTES 8192u
#define STORE_BYTES (SECTORS * SECTOR_BYTES)

typedef struct desk_t {
    uint64_t now_ms;
    uint64_t next_ms;
    uint64_t pulses, wakes;
    uint32_t count;
    dosing_factory_t factory;
    seal_key_t key;
    const dosing_entry_t *core;
    uint8_t reply[DOSING_FRAME_BYTES_MAX];
    uint32_t reply_length;
    uint8_t store[STORE_BYTES];
    _Alignas(64) uint8_t state[DOSING_STATE_BYTES_MAX];
} desk_t;

static dosing_state_t *state_of(desk_t *d)
{
    return (dosing_state_t *)(void *)d->state;
}

static int32_t clock_ms(void *context, uint64_t *ms)
{
    *ms = ((desk_t *)context)->now_ms;
    return DOSING_HAL_OK;
}

static int32_t reset_cause(void *context, uint32_t *cause)
{
    (void)context;
    *cause = DOSING_RESET_POWER_ON;
    return DOSING_HAL_OK;
}

static int32_t factory_read(void *context, dosing_factory_t *factory)
{
    *factory = ((desk_t *)context)->factory;
    return DOSING_HAL_OK;
}

static int32_t motor_arm(void *context, uint32_t count, uint32_t period_ms)
{
    (void)context, (void)count, (void)period_ms;
    return DOSING_HAL_OK;
}

static int32_t train_start(void *context, uint32_t count, uint32_t period_ms)
{
    desk_t *d = context;
    (void)period_ms;
    d->count = count;
    d->pulses += count;
    return DOSING_HAL_OK;
}

static int32_t nothing(void *context)
{
    (void)context;
    return DOSING_HAL_OK;
}

static int32_t train_status(void *context, uint32_t *done, uint32_t *running)
{
    *done = ((desk_t *)context)->count;
    *running = 0u;
    return DOSING_HAL_OK;
}

static int32_t step_confirm(void *context, uint32_t *confirmed)
{
    *confirmed = ((desk_t *)context)->count;
    return DOSING_HAL_OK;
}

static int32_t millivolts(void *context, uint32_t *mv)
{
    (void)context;
    *mv = 3000u;
    return DOSING_HAL_OK;
}

static int32_t tone(void *context, uint32_t kind)
{
    (void)context, (void)kind;
    return DOSING_HAL_OK;
}

static int32_t store_geometry(void *context, dosing_store_geometry_t *geometry)
{
    (void)context;
    *geometry = (dosing_store_geometry_t){SECTORS, SECTOR_BYTES, 8u, 0xFFu};
    return DOSING_HAL_OK;
}

static int32_t store_read(void *context, uint32_t address, uint8_t *bytes, uint32_t length)
{
    memcpy(bytes, ((desk_t *)context)->store + address, length);
    return DOSING_HAL_OK;
}

static int32_t store_write(void *context, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    memcpy(((desk_t *)context)->store + address, bytes, length);
    return DOSING_HAL_OK;
}

static int32_t store_erase(void *context, uint32_t sector)
{
    memset(((desk_t *)context)->store + sector * SECTOR_BYTES, 0xFF, SECTOR_BYTES);
    return DOSING_HAL_OK;
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
    (void)context;
    memset(bytes, 7, length);
    return DOSING_HAL_OK;
}

static int32_t authenticate(void *context, uint8_t role, const uint8_t *bytes, uint32_t length,
                            uint8_t *tag)
{
    (void)role;
    return seal_tag(&((desk_t *)context)->key, bytes, length, tag, NULL) == 0 ? DOSING_HAL_OK
                                                                              : DOSING_HAL_FAILED;
}

static const dosing_hal_t hal = {.table_size = sizeof(dosing_hal_t),
                                 .clock_ms = clock_ms,
                                 .second_clock_ms = clock_ms,
                                 .reset_cause = reset_cause,
                                 .factory_read = factory_read,
                                 .motor_arm = motor_arm,
                                 .train_start = train_start,
                                 .train_stop = nothing,
                                 .train_status = train_status,
                                 .step_confirm = step_confirm,
                                 .battery_idle_mv = millivolts,
                                 .battery_loaded_mv = millivolts,
                                 .tone = tone,
                                 .store_geometry = store_geometry,
                                 .store_read = store_read,
                                 .store_write = store_write,
                                 .store_erase = store_erase,
                                 .transmit = transmit,
                                 .nonce = nonce,
                                 .authenticate = authenticate,
                                 .watchdog = nothing};

static int exchange(void *context, const uint8_t *frame, uint32_t length, uint8_t *reply,
                    uint32_t *reply_length, error_t *e)
{
    desk_t *d = context;
    (void)e;
    d->reply_length = 0u;
    (void)d->core->receive(state_of(d), frame, length, &d->next_ms);
    memcpy(reply, d->reply, d->reply_length);
    *reply_length = d->reply_length;
    return 0;
}

static int prepare(desk_t *d, programmer_t *p, double ml_per_day, error_t *e)
{
    const uint8_t secret[] = "bench";
    const programmer_link_t link = {d, exchange};
    programmer_therapy_t therapy = {.mode = PROGRAMMER_SIMPLE,
                                    .dose_ug_per_day = 500.0 * ml_per_day,
                                    .drug_count = 1u,
                                    .low_alarm_ml = 2.0,
                                    .empty_alarm_ml = 1.0};
    therapy.drug[0].concentration_ug_per_ml = 500.0;
    memset(d, 0, sizeof *d);
    memset(d->store, 0xFF, sizeof d->store);
    d->factory = (dosing_factory_t){.device_id = 1u,
                                    .pulse_volume_pl = 249731u,
                                    .capacity_nl = 20000000u,
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
    d->core = core_builtin().entry;
    int status = seal_key_derive(&d->key, secret, sizeof secret, 1u, DOSING_ROLE_CLINICIAN, e);
    if (status == 0 && d->core->init(state_of(d), &hal, d) != DOSING_OK) {
        status = ERROR_RAISE(e, ERROR_INVARIANT, "the core does not start");
    }
    programmer_init(p, 1u, &d->key, &link);
    return status == 0 ? programmer_set_therapy(p, &therapy, NULL, e) : status;
}

/* Processor time: what else runs on the machine does not count. */
static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Seconds inside wake() for 40 days, and the wakes and pulses in them. */
static int slice(desk_t *d, programmer_t *p, double *spent, error_t *e)
{
    const uint64_t end_ms = d->now_ms + DAYS_SLICE * DAY_MS;
    const int status = programmer_refill(p, 20.0, e);
    const double begun = seconds();
    while (status == 0 && d->next_ms <= end_ms) {
        d->now_ms = d->next_ms;
        (void)d->core->wake(state_of(d), &d->next_ms);
        d->wakes++;
    }
    *spent += seconds() - begun;
    d->now_ms = end_ms;
    return status;
}

/* What a core costs at one rate, ns. */
typedef struct cost_t {
    double per_wake, per_pulse;
} cost_t;

static cost_t measure_once(double ml_per_day)
{
    desk_t d;
    programmer_t p;
    error_t e = {0};
    double spent = 0.0, wakes = 0.0, pulses = 0.0;
    int status = 0;
    for (int i = 0; i < PUMPS * SLICES && status == 0; i++) {
        status = i % SLICES == 0 ? prepare(&d, &p, ml_per_day, &e) : 0;
        status = status == 0 ? slice(&d, &p, &spent, &e) : status;
        if (i % SLICES == SLICES - 1) {
            wakes += (double)d.wakes;
            pulses += (double)d.pulses;
        }
    }
    if (status < 0) {
        fprintf(stderr, "core: %s\n", e.text);
        return (cost_t){(double)NAN, (double)NAN};
    }
    return (cost_t){1e9 * spent / wakes, 1e9 * spent / pulses};
}

/* The best of BENCH_RUNS. */
static cost_t measure(double ml_per_day)
{
    cost_t best = measure_once(ml_per_day);
    for (int i = 1; i < BENCH_RUNS; i++) {
        const cost_t c = measure_once(ml_per_day);
        best = c.per_wake < best.per_wake ? c : best;
    }
    return best;
}

void bench_core(void)
{
    const cost_t usual = measure(0.3), slow = measure(0.048);
    bench_line("core: a wake, guard and state check included, one core", usual.per_wake, "ns",
               BENCH_AT_MOST, 300.0);
    bench_line("core: a pulse at 0.3 mL/day", usual.per_pulse, "ns", BENCH_AT_MOST, 6.0);
    bench_line("core: a pulse at 0.048 mL/day", slow.per_pulse, "ns", BENCH_AT_MOST, 40.0);
}
