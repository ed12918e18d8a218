/* SPDX-License-Identifier: Apache-2.0 */
/* Resets: the implant's supply, and the core started again on the store that it left. */
#include "host/implant_reset.h"

#include "device/pump_drive.h"
#include "host/implant.h"
#include "host/implant_hal.h"

#include <math.h>
#include <string.h>

static void stop_hardware(implant_t *im)
{
    im->arm.count = 0;
    pump_drive_stop(&im->pump);
}

/* What counts from power-on counts anew. */
static void lose_power(implant_t *im)
{
    im->commanded = implant_pulses_commanded(im);
    im->train_count = 0;
    im->power.index_before = pump_drive_index(&im->pump);
    oscillator_restart(&im->pump.oscillator, im->pump.now_ms);
}

/* The core on a state of zeros; what it thinks of its hardware is its own to act on. */
static dosing_status_t start(implant_t *im, uint32_t cause)
{
    im->power.cause = cause;
    im->power.dark = false;
    im->power.told = false;
    im->power.pulsed = false;
    im->wake_ms = im->pump.now_ms;
    im->alarm.set = false;
    battery_drain(&im->pump.battery, 0, 1, 0);
    memset((void *)im->state, 0, im->core->entry->state_size);
    return recorder_core_init(&im->recorder, im->core->entry, im->state);
}

dosing_status_t implant_reset_power_on(implant_t *im)
{
    return start(im, DOSING_RESET_POWER_ON);
}

int64_t implant_reset_start_ms(const implant_t *im)
{
    const int64_t restart_ms = (int64_t)ceil(1e3 * im->pump.battery.param.restart_s);
    return im->power.dead ? IMPLANT_NEVER_MS : im->pump.now_ms + (restart_ms > 1 ? restart_ms : 1);
}

void implant_reset_collapse(implant_t *im)
{
    if (!im->power.dark) {
        im->power.dark = true;
        im->power.brown_outs++;
        stop_hardware(im);
    }
}

bool implant_reset_carries(implant_t *im, battery_load_t load)
{
    if (battery_carries(&im->pump.battery, load)) {
        im->power.pulsed |= load == BATTERY_PULSE;
        return true;
    }
    implant_reset_collapse(im);
    return false;
}

bool implant_reset_wakes(implant_t *im)
{
    const battery_param_t *p = &im->pump.battery.param;
    const bool known = im->power.pulsed && p->load_ma >= p->awake_ma;
    im->power.pulsed = false;
    return known || implant_reset_carries(im, BATTERY_AWAKE);
}

int implant_reset(implant_t *im, uint32_t cause, error_t *e)
{
    if (!implant_programmable(im) || cause < DOSING_RESET_POWER_ON ||
        cause > DOSING_RESET_UNKNOWN) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a reset by cause %u%s", cause,
                           implant_programmable(im) ? "" : " of a pump without a core");
    }
    stop_hardware(im);
    if (im->power.dead || !battery_carries(&im->pump.battery, BATTERY_AWAKE)) {
        im->power.dead = true;
        im->power.dark = true;
        im->wake_ms = IMPLANT_NEVER_MS;
        battery_disconnect(&im->pump.battery);
        return 0;
    }
    if (cause == DOSING_RESET_POWER_ON || cause == DOSING_RESET_BROWN_OUT) {
        lose_power(im);
    }
    im->power.resets++;
    if (im->sinks.reset != NULL) {
        im->sinks.reset(im->sinks.context, cause);
    }
    (void)start(im, cause);
    if (im->power.dark) { /* its start was too much already */
        im->wake_ms = implant_reset_start_ms(im);
    }
    if (im->failure.code != 0 && e != NULL) {
        *e = im->failure;
    }
    return im->failure.code;
}

void implant_reset_record(void *context, const recorder_call_t *call)
{
    implant_t *im = context;
    if (!im->power.told) {
        im->sinks.call(im->sinks.context, call);
    }
    im->power.told = im->power.dark;
}
