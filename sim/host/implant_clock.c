/* SPDX-License-Identifier: Apache-2.0 */
/* The implant's clocks: the alarm that wakes its core, and faults of its oscillators that can be imposed. */
#include "host/implant_clock.h"

#include "device/pump_drive.h"
#include "host/implant.h"

/* Assumptions; the core takes up to 5 % between its clocks for none. */
#define LATE_MS INT64_C(300000)
#define LATE_PARTS 20

static void set(implant_t *im)
{
    const int64_t wake_ms =
        oscillator_alarm_ms(&im->pump.oscillator, im->alarm.core_ms, im->alarm.second_ms);
    im->wake_ms = wake_ms > im->pump.now_ms ? wake_ms : im->pump.now_ms + 1;
}

void implant_clock_set(implant_t *im, uint64_t core_ms)
{
    im->wake_ms = IMPLANT_NEVER_MS;
    im->alarm.set = core_ms < (uint64_t)INT64_MAX / 2;
    if (!im->alarm.set) {
        return;
    }
    const oscillator_t *o = &im->pump.oscillator;
    const int64_t left_ms = (int64_t)core_ms - oscillator_core_ms(o, im->pump.now_ms);
    const int64_t late_ms = LATE_MS + (left_ms > 0 ? left_ms + left_ms / LATE_PARTS : 0);
    im->alarm.core_ms = (int64_t)core_ms;
    im->alarm.second_ms = oscillator_second_ms(o, im->pump.now_ms) + late_ms;
    set(im);
}

/* An alarm that is set, and neither a start nor a first wake that is due. */
static void set_again(implant_t *im)
{
    if (im->alarm.set && !im->power.dark) {
        set(im);
    }
}

void implant_clock_stop(implant_t *im, oscillator_which_t which)
{
    oscillator_stop(&im->pump.oscillator, which, im->pump.now_ms);
    if (which == OSCILLATOR_MAIN) {
        pump_drive_stop(&im->pump);
    }
    set_again(im);
}

void implant_clock_run(implant_t *im, oscillator_which_t which)
{
    oscillator_run(&im->pump.oscillator, which, im->pump.now_ms);
    set_again(im);
}

void implant_clock_jump(implant_t *im, oscillator_which_t which, int64_t by_ms)
{
    oscillator_jump(&im->pump.oscillator, which, im->pump.now_ms, by_ms);
    set_again(im);
}
