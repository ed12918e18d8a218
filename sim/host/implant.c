/* SPDX-License-Identifier: Apache-2.0 */
/* The implant: a pump with the dosing core at its motor, or a constant-flow pump without one. */
#include "host/implant.h"

#include "device/pump_drive.h"
#include "dosing_frame.h"
#include "host/emergency.h"
#include "host/implant_hal.h"
#include "host/implant_trouble_hal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS 86400000.0
#define GAP_MS 100u /* least time between pulses: a coil pulse and its relaxation (assumption) */

/* ---- making one ---------------------------------------------------------------------------------- */

static uint32_t within(double value, double low, double high)
{
    return (uint32_t)lround(fmin(fmax(value, low), high));
}

/* What the maker measures on cells of this kind, as the core counts by it: charges, and the loaded voltage shortly before a
 * cell is spent. Assumptions: ERI at 97 % of its charge, the floor at 99.5 %, and a reserve of 2 % kept back from
 * the count, so that a sound cell lasts its 90 days. The core's bounds cut what no cell is. */
static void fill_cell(dosing_factory_t *f, const battery_param_t *b)
{
    const double drop_v = b->load_ma * 1e-3 * b->resistance_ohm;
    const double eri_v = battery_curve_v(b, 0.97) - drop_v;
    const double floor_v = battery_curve_v(b, 0.995) - drop_v;
    f->battery_uah = within(0.98 * b->capacity_mah * 1e3, 1e4, 1e7);
    f->idle_na = within(b->sleep_ua * 1e3, 100.0, 1e6);
    f->wake_nc = within(b->wake_uc * 1e3, 0.0, 1e8);
    f->pulse_nc = within(b->pulse_uc * 1e3, 0.0, 1e8);
    f->tone_nc = within(b->tone_uc * 1e3, 0.0, 1e9);
    f->frame_nc = within(b->frame_uc * 1e3, 0.0, 1e8);
    f->floor_mv = within(1e3 * floor_v, 1.0, 4998.0);
    f->eri_mv = within(1e3 * eri_v, f->floor_mv + 1.0, 5000.0);
}

static void fill_factory(dosing_factory_t *f, const implant_param_t *p)
{
    f->device_id = p->serial;
    f->pulse_volume_pl = (uint32_t)lround(pump_drive_pulse_ul(&p->pump) * 1e6);
    f->capacity_nl = (uint32_t)lround(p->pump.reservoir.capacity_ml * 1e6);
    f->tubing_nl = (uint32_t)lround(p->tubing_ml * 1e6);
    f->rate_min_nl_per_day = (uint32_t)lround(p->rate_min_ml_per_day * 1e6);
    f->rate_max_nl_per_day = (uint32_t)lround(p->rate_max_ml_per_day * 1e6);
    f->volume_24h_max_nl = (uint32_t)lround(p->volume_24h_max_ml * 1e6);
    f->gap_ms = GAP_MS;
    fill_cell(f, p->cell.capacity_mah > 0.0 ? &p->cell : &p->pump.battery);
    seal_factory(f);
}

/* Room for the state of a core, in place of what there is. */
static int make_state(implant_t *im, const dosing_entry_t *entry, error_t *e)
{
    const size_t align = entry->state_align < sizeof(void *) ? sizeof(void *) : entry->state_align;
    const size_t size = (entry->state_size + align - 1) / align * align;
    dosing_state_t *state = aligned_alloc(align, size);
    if (state == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for the state of a dosing core");
    }
    free((void *)im->state);
    im->state = state;
    return 0;
}

static int start_core(implant_t *im, const implant_param_t *p, error_t *e)
{
    const dosing_entry_t *entry = im->core->entry;
    dosing_status_t status;
    fill_factory(&im->factory, p);
    watch_init(&im->watch, &im->factory);
    if (make_state(im, entry, e) != 0) {
        return e->code;
    }
    im->store = malloc(IMPLANT_STORE_BYTES);
    if (im->store == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for the store of a pump");
    }
    memset(im->store, IMPLANT_STORE_ERASED, IMPLANT_STORE_BYTES);
    recorder_init(&im->recorder, p->troubled ? implant_trouble_hal_table() : implant_hal_table(),
                  im, im->sinks.call != NULL ? implant_reset_record : NULL, im);
    recorder_time_by(&im->recorder, implant_hal_table());
    status = implant_reset_power_on(im);
    if (status != DOSING_OK) {
        return ERROR_RAISE(e, ERROR_CORE_REFUSED, "dosing core %s did not start: status %d",
                           entry->core_id, (int)status);
    }
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
    im->wake_ms = IMPLANT_NEVER_MS;
    im->start_ms = p->pump.start_ms;
    im->flow_ml_per_ms = p->stated_flow_ml_per_day / DAY_MS;
    code = pump_init(&im->pump, &p->pump, e);
    if (code != 0 || !implant_programmable(im)) {
        return code;
    }
    code = derive_key(im, p, DOSING_ROLE_CLINICIAN, e);
    code = code != 0 ? code : derive_key(im, p, DOSING_ROLE_EMERGENCY, e);
    return code != 0 ? code : start_core(im, p, e);
}

int implant_upgrade(implant_t *im, const core_t *core, error_t *e)
{
    const int code = implant_programmable(im) ? make_state(im, core->entry, e) : 0;
    if (code != 0) {
        return code;
    }
    im->core = core;
    return implant_reset(im, DOSING_RESET_SOFTWARE, e);
}

void implant_free(implant_t *im)
{
    free((void *)im->state);
    free(im->store);
    im->state = NULL;
    im->store = NULL;
}

/* ---- hardware running ------------------------------------------------------------------------------- */

static pump_sink_t pump_sink(const implant_t *im)
{
    return (pump_sink_t){im->sinks.context, im->sinks.flow, im->sinks.pulse};
}

int implant_advance(implant_t *im, int64_t time_ms, error_t *e)
{
    const pump_sink_t sink = pump_sink(im);
    return pump_advance(&im->pump, time_ms, &sink, e);
}

void implant_surround(implant_t *im, const environment_t *around, draw_t *binding)
{
    pump_surround(&im->pump, around, binding);
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
    implant_clock_set(im, next_wake_ms);
    if (im->power.dark) {
        im->wake_ms = implant_reset_start_ms(im);
    }
    const pump_sink_t sink = pump_sink(im);
    return pump_settle(&im->pump, &sink, e);
}

int implant_wake(implant_t *im, error_t *e)
{
    uint64_t next_ms = DOSING_NEVER_MS;
    if (im->power.dark) {
        return implant_reset(im, DOSING_RESET_BROWN_OUT, e);
    }
    if (!implant_reset_wakes(im)) {
        return settle(im, next_ms, e);
    }
    im->wakes++;
    battery_drain(&im->pump.battery, 0, 1, 0);
    /* A fault of its own is the core's to act on and to tell; the simulation goes on with what it does. */
    (void)recorder_core_wake(&im->recorder, im->core->entry, im->state, &next_ms);
    return settle(im, next_ms, e);
}

int implant_exchange(void *context, const uint8_t *frame, uint32_t length, uint8_t *reply,
                     uint32_t *reply_length, error_t *e)
{
    implant_t *im = context;
    uint64_t next_ms = DOSING_NEVER_MS;
    *reply_length = 0;
    if (im->power.dark) {
        return 0;
    }
    im->latched = false;
    if (!implant_reset_carries(im, BATTERY_FRAME)) {
        return settle(im, next_ms, e);
    }
    im->reply = reply;
    im->reply_length = 0;
    battery_drain_frame(&im->pump.battery);
    /* A refusal is in the reply; silence is a reply too. */
    const recorder_frame_t told = {frame, length};
    (void)recorder_core_receive(&im->recorder, im->core->entry, im->state, &told, &next_ms);
    im->reply = NULL;
    *reply_length = im->reply_length;
    return settle(im, next_ms, e);
}

void implant_latch(implant_t *im, bool latched)
{
    im->latched = latched;
    if (latched) {
        pump_drive_stop(&im->pump);
    }
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

bool implant_programmable(const implant_t *im)
{
    return pump_is_commanded(&im->pump);
}

uint32_t implant_serial(const implant_t *im)
{
    return im->factory.device_id;
}

double implant_withdraw(implant_t *im, const needle_param_t *needle, double uniform,
                        double mass_ug[])
{
    return needle_withdraw(needle, &im->pump.reservoir, uniform, mass_ug);
}

int implant_inject(implant_t *im, const needle_param_t *needle, const needle_syringe_t *syringe,
                   needle_injection_t *out, error_t *e)
{
    const int result = needle_inject(needle, &im->pump.reservoir, syringe, out, e);
    if (result >= 0) {
        pump_filled(&im->pump);
    }
    return result;
}

int64_t implant_pulses_commanded(const implant_t *im)
{
    return im->commanded + (im->train_count == 0 ? 0 : pump_drive_train_begun(&im->pump));
}

int64_t implant_pulses_confirmed(const implant_t *im)
{
    return pump_drive_pulses_confirmed(&im->pump);
}

double implant_commanded_ml(const implant_t *im)
{
    if (!implant_programmable(im)) {
        return im->flow_ml_per_ms * (double)(im->pump.now_ms - im->start_ms);
    }
    return (double)implant_pulses_commanded(im) * (double)im->factory.pulse_volume_pl * 1e-9;
}

double implant_delivered_ml(const implant_t *im)
{
    return im->pump.delivered_ml.high;
}

double implant_usable_ml(const implant_t *im)
{
    return pump_usable_ml(&im->pump);
}

int implant_verify(const implant_t *im, error_t *e)
{
    return pump_verify(&im->pump, e);
}
