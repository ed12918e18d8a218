/* SPDX-License-Identifier: Apache-2.0 */
/* The implant: a pump's device models with the dosing core at its motor, or a constant-flow pump without one. */
#include "host/implant.h"

#include "dosing_frame.h"
#include "host/emergency.h"
#include "host/implant_hal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS 86400000.0
#define GAP_MS 100u /* least time between pulses: a coil pulse and its relaxation (assumption) */

/* ---- making one ---------------------------------------------------------------------------------- */

static int init_models(implant_t *im, const implant_param_t *p, error_t *e)
{
    int code = oscillator_init(&im->oscillator, &p->oscillator, p->start_ms, e);
    code = code != 0 ? code : motor_init(&im->motor, &p->head, e);
    code = code != 0 ? code : pump_head_init(&im->head, &p->head, e);
    code = code != 0 ? code : battery_init(&im->battery, &p->battery, e);
    code = code != 0 ? code : reservoir_init(&im->reservoir, &p->reservoir, p->drugs, e);
    code = code != 0
               ? code
               : catheter_init(&im->catheter, &p->catheter, p->drugs, p->catheter_ug_per_ml, e);
    if (code != 0) {
        return code;
    }
    /* The residual holds what the reservoir holds: a pump in use, not one from the shelf. */
    memcpy(im->reservoir.ug_per_ml, p->reservoir_ug_per_ml, sizeof im->reservoir.ug_per_ml);
    return reservoir_fill(&im->reservoir, p->reservoir_ml, p->reservoir_ug_per_ml, e);
}

static uint32_t within(double value, double low, double high)
{
    return (uint32_t)lround(fmin(fmax(value, low), high));
}

/* What the maker measures on cells of this kind, as the core counts by it: charges, and the loaded voltage shortly before a
 * cell is spent. Assumptions: ERI at 97 % of its charge, the floor at 99.5 %; a tone is 10 mA for 0.5 s, a frame heard and
 * answered 5 mA for 0.2 s. The core's bounds cut what no cell is. */
static void fill_cell(dosing_factory_t *f, const battery_param_t *b)
{
    const double drop_v = b->load_ma * 1e-3 * b->resistance_ohm;
    const double eri_v = b->open_v + 0.97 * (b->end_v - b->open_v) - drop_v;
    const double floor_v = b->open_v + 0.995 * (b->end_v - b->open_v) - drop_v;
    f->battery_uah = within(b->capacity_mah * 1e3, 1e4, 1e7);
    f->idle_na = within(b->sleep_ua * 1e3, 100.0, 1e6);
    f->wake_nc = within(b->wake_uc * 1e3, 0.0, 1e8);
    f->pulse_nc = within(b->pulse_uc * 1e3, 0.0, 1e8);
    f->tone_nc = 5000000u;
    f->frame_nc = 1000000u;
    f->floor_mv = within(1e3 * floor_v, 1.0, 4998.0);
    f->eri_mv = within(1e3 * eri_v, f->floor_mv + 1.0, 5000.0);
}

static void fill_factory(dosing_factory_t *f, const implant_param_t *p)
{
    f->device_id = p->serial;
    f->pulse_volume_pl = (uint32_t)lround(p->head.pulse_ul * 1e6);
    f->capacity_nl = (uint32_t)lround(p->reservoir.capacity_ml * 1e6);
    f->tubing_nl = (uint32_t)lround(p->catheter.tubing_ml * 1e6);
    f->rate_min_nl_per_day = (uint32_t)lround(p->rate_min_ml_per_day * 1e6);
    f->rate_max_nl_per_day = (uint32_t)lround(p->rate_max_ml_per_day * 1e6);
    f->volume_24h_max_nl = (uint32_t)lround(p->volume_24h_max_ml * 1e6);
    f->gap_ms = GAP_MS;
    fill_cell(f, &p->battery);
    seal_factory(f);
}

static int start_core(implant_t *im, const implant_param_t *p, error_t *e)
{
    const dosing_entry_t *entry = im->core->entry;
    size_t align = entry->state_align < sizeof(void *) ? sizeof(void *) : entry->state_align;
    size_t size = (entry->state_size + align - 1) / align * align;
    dosing_status_t status;
    fill_factory(&im->factory, p);
    watch_init(&im->watch, &im->factory);
    im->state = aligned_alloc(align, size);
    im->store = malloc(IMPLANT_STORE_BYTES);
    if (im->state == NULL || im->store == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for the state of a dosing core");
    }
    memset((void *)im->state, 0, size);
    memset(im->store, IMPLANT_STORE_ERASED, IMPLANT_STORE_BYTES);
    recorder_init(&im->recorder, implant_hal_table(), im, im->sinks.call, im->sinks.context);
    status = entry->init(im->state, recorder_hal(&im->recorder), recorder_context(&im->recorder));
    if (status != DOSING_OK) {
        return ERROR_RAISE(e, ERROR_CORE_REFUSED, "dosing core %s did not start: status %d",
                           entry->core_id, (int)status);
    }
    im->wake_ms = im->now_ms;
    return 0;
}

static int derive_key(implant_t *im, const implant_param_t *p, uint8_t role, error_t *e)
{
    return seal_key_derive(&im->key[role - 1u], (const uint8_t *)p->secret, sizeof p->secret,
                           p->serial, role, e);
}

int implant_init(implant_t *im, const implant_param_t *p, const core_t *core,
                 const implant_sinks_t *sinks, error_t *e)
{
    int code;
    memset(im, 0, sizeof *im);
    im->core = core;
    im->sinks = *sinks;
    im->drugs = p->drugs;
    im->wake_ms = IMPLANT_NEVER_MS;
    im->now_ms = p->start_ms;
    im->moved_ms = (double)p->start_ms;
    im->flow_ml_per_ms = p->constant_flow_ml_per_day / DAY_MS;
    code = init_models(im, p, e);
    if (code != 0 || !implant_programmable(im)) {
        return code;
    }
    code = derive_key(im, p, DOSING_ROLE_CLINICIAN, e);
    code = code != 0 ? code : derive_key(im, p, DOSING_ROLE_EMERGENCY, e);
    return code != 0 ? code : start_core(im, p, e);
}

void implant_free(implant_t *im)
{
    free((void *)im->state);
    free(im->store);
    im->state = NULL;
    im->store = NULL;
}

/* ---- hardware running ------------------------------------------------------------------------------- */

/* Fluid moves: out of the reservoir, through the column, out at the tip. */
static int move_fluid(implant_t *im, segment_t s, error_t *e)
{
    double drawn_ug[SEGMENT_DRUGS_MAX] = {0.0}, out_ug[SEGMENT_DRUGS_MAX] = {0.0};
    running_sum_add(&im->displaced_ml, s.volume_ml);
    s.volume_ml = reservoir_draw(&im->reservoir, s.volume_ml, drawn_ug);
    running_sum_add(&im->delivered_ml, s.volume_ml);
    catheter_push(&im->catheter, &s, im->reservoir.ug_per_ml, out_ug);
    return im->sinks.outflow == NULL ? 0 : im->sinks.outflow(im->sinks.context, &s, out_ug, e);
}

/* Names every pulse that begins between two positions of the present train. */
static void tell_pulses(const implant_t *im, motor_position_t from, motor_position_t to)
{
    int64_t first = from.whole + (from.fraction > 0.0 ? 1 : 0);
    int64_t last = to.whole + (to.fraction > 0.0 ? 1 : 0);
    for (int64_t k = first; im->sinks.pulse != NULL && k < last; k++) {
        motor_position_t begin = {k, 0.0}, end = {k + 1, 0.0};
        double time_ms =
            (double)im->motor.start_ms + (double)(k - im->motor.before) * im->motor.period_ms;
        im->sinks.pulse(im->sinks.context, time_ms, pump_head_volume_ml(&im->head, begin, end));
    }
}

/* The motor's turn since the last call, as one segment of the present train. */
static int move_motor(implant_t *im, int64_t time_ms, error_t *e)
{
    motor_position_t to = motor_position_at(&im->motor, time_ms);
    double train_end_ms =
        (double)im->motor.start_ms + (double)im->motor.count * im->motor.period_ms;
    double start_ms = fmax(im->moved_ms, (double)im->motor.start_ms);
    double end_ms = fmax(start_ms, fmin((double)time_ms, train_end_ms));
    motor_position_t from = im->moved;
    im->moved_ms = (double)time_ms;
    im->moved = to;
    if (motor_pulses_between(from, to) <= 0.0) {
        return 0;
    }
    tell_pulses(im, from, to);
    return move_fluid(im, pump_head_segment(&im->head, from, to, start_ms, end_ms - start_ms), e);
}

static int move_constant_flow(implant_t *im, int64_t time_ms, error_t *e)
{
    double duration_ms = (double)(time_ms - im->now_ms);
    segment_t s = {(double)im->now_ms, duration_ms, im->flow_ml_per_ms * duration_ms, 0.0};
    return duration_ms > 0.0 ? move_fluid(im, s, e) : 0;
}

int implant_advance(implant_t *im, int64_t time_ms, error_t *e)
{
    int code;
    if (time_ms < im->now_ms) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a pump cannot go back from %lld to %lld ms",
                           (long long)im->now_ms, (long long)time_ms);
    }
    if (!implant_programmable(im)) {
        code = move_constant_flow(im, time_ms, e);
    } else {
        code = move_motor(im, time_ms, e);
        /* What the battery has not paid for yet: the first pulse of a train begins at the wake that starts it. */
        battery_drain(&im->battery, time_ms - im->now_ms, 0,
                      motor_steps_confirmed(&im->motor, time_ms) - im->battery.pulses);
    }
    im->now_ms = time_ms;
    return code;
}

/* ---- the core acting ---------------------------------------------------------------------------------- */

/* After the core ran: its next wake in simulation time, the stroke that a stop cut short, and any failure of
 * the simulator that came up inside the HAL. */
static int settle(implant_t *im, uint64_t next_wake_ms, error_t *e)
{
    if (im->failure.code != 0) {
        if (e != NULL) {
            *e = im->failure;
        }
        return im->failure.code;
    }
    im->wake_ms = IMPLANT_NEVER_MS;
    if (next_wake_ms < (uint64_t)INT64_MAX / 2) {
        int64_t wake_ms = oscillator_sim_ms(&im->oscillator, (int64_t)next_wake_ms);
        im->wake_ms = wake_ms > im->now_ms ? wake_ms : im->now_ms + 1;
    }
    return move_motor(im, im->now_ms, e);
}

int implant_wake(implant_t *im, error_t *e)
{
    uint64_t next_ms = DOSING_NEVER_MS;
    im->wakes++;
    battery_drain(&im->battery, 0, 1, 0);
    /* A fault of its own is the core's to act on and to tell; the simulation goes on with what it does. */
    (void)im->core->entry->wake(im->state, &next_ms);
    return settle(im, next_ms, e);
}

int implant_exchange(void *context, const uint8_t *frame, uint32_t length, uint8_t *reply,
                     uint32_t *reply_length, error_t *e)
{
    implant_t *im = context;
    uint64_t next_ms = DOSING_NEVER_MS;
    im->reply = reply;
    im->reply_length = 0;
    battery_drain(&im->battery, 0, 1, 0);
    /* A refusal is in the reply; silence is a reply too. */
    (void)im->core->entry->receive(im->state, frame, length, &next_ms);
    im->reply = NULL;
    *reply_length = im->reply_length;
    return settle(im, next_ms, e);
}

/* ---- reading and handling ------------------------------------------------------------------------------ */

int64_t implant_wake_ms(const implant_t *im)
{
    return im->wake_ms;
}

const seal_key_t *implant_key(const implant_t *im)
{
    return &im->key[DOSING_ROLE_CLINICIAN - 1u];
}

const seal_key_t *implant_emergency_key(const implant_t *im)
{
    return &im->key[DOSING_ROLE_EMERGENCY - 1u];
}

int implant_pair(implant_t *im, const uint8_t *nonce, error_t *e)
{
    const int code = seal_key_pair(&im->key[DOSING_ROLE_PATIENT - 1u], implant_key(im),
                                   DOSING_ROLE_PATIENT, nonce, e);
    im->paired = code == 0;
    return code;
}

bool implant_programmable(const implant_t *im)
{
    return im->flow_ml_per_ms <= 0.0;
}

uint32_t implant_serial(const implant_t *im)
{
    return im->factory.device_id;
}

double implant_withdraw(implant_t *im, double mass_ug[])
{
    return reservoir_withdraw(&im->reservoir, mass_ug);
}

int implant_fill(implant_t *im, double volume_ml, const double ug_per_ml[], error_t *e)
{
    return reservoir_fill(&im->reservoir, volume_ml, ug_per_ml, e);
}

int64_t implant_pulses_commanded(const implant_t *im)
{
    return im->commanded + (im->train_count == 0 ? 0 : motor_train_begun(&im->motor, im->now_ms));
}

int64_t implant_pulses_confirmed(const implant_t *im)
{
    return motor_steps_confirmed(&im->motor, im->now_ms);
}

double implant_commanded_ml(const implant_t *im)
{
    if (!implant_programmable(im)) {
        return im->displaced_ml.high;
    }
    return (double)implant_pulses_commanded(im) * (double)im->factory.pulse_volume_pl * 1e-9;
}

double implant_delivered_ml(const implant_t *im)
{
    return im->delivered_ml.high;
}

double implant_usable_ml(const implant_t *im)
{
    return fmax(0.0, reservoir_volume_ml(&im->reservoir) - im->reservoir.residual_ml);
}

int implant_verify(const implant_t *im, error_t *e)
{
    int code = reservoir_verify(&im->reservoir, e);
    code = code != 0 ? code : catheter_verify(&im->catheter, e);
    code = code != 0 ? code : motor_verify(&im->motor, e);
    code = code != 0 ? code : pump_head_verify(&im->head, e);
    code = code != 0 ? code : battery_verify(&im->battery, e);
    return code != 0 ? code : oscillator_verify(&im->oscillator, e);
}
