/* SPDX-License-Identifier: Apache-2.0 */
/* The cell. */
#include "second_cell.h"

#include "second_alarm.h"

#define DAY_MS UINT64_C(86400000)
#define LIFE_MS (UINT64_C(2556) * DAY_MS) /* 84 months */
#define NOTICE_DAYS 90u
#define NC_PER_UAH UINT64_C(3600000)
#define READINGS_MIN 10u
#define LOOKS_AT_FLOOR 4u
#define SHARE 16 /* of a day's charge, or an eighth of a reading, in its low-pass */

enum { IDLE, LOADED };

void second_cell_spend(dosing_state_t *s, uint64_t nc)
{
    s->kept.course.charge_nc += nc;
}

void second_cell_sleep(dosing_state_t *s, uint64_t now_ms)
{
    second_cell_t *c = &s->cell;
    const uint64_t ms = now_ms > c->charged_ms ? now_ms - c->charged_ms : 0u;
    const uint64_t sum = c->rest + ms * s->factory.idle_na;
    second_cell_spend(s, sum / 1000u);
    c->rest = sum % 1000u;
    c->charged_ms = now_ms > c->charged_ms ? now_ms : c->charged_ms;
}

static uint32_t median(const uint32_t *v)
{
    const uint32_t low = v[0] < v[1] ? v[0] : v[1];
    const uint32_t high = v[0] < v[1] ? v[1] : v[0];
    return v[2] < low ? low : v[2] > high ? high : v[2];
}

static void read_voltage(second_cell_t *c, uint32_t which, int32_t result, uint32_t mv)
{
    if (result != DOSING_HAL_OK || mv > 65535u) {
        return;
    }
    c->reading[which][c->readings[which] % 3u] = mv;
    c->readings[which] = second_state_add(c->readings[which], 1u);
    if (c->readings[which] < 3u) {
        c->filtered[which] = mv << 8u;
        return;
    }
    const uint32_t middle = median(c->reading[which]) << 8u;
    c->filtered[which] = c->filtered[which] - c->filtered[which] / 8u + middle / 8u;
}

/* Charge of a day as days have been: a low-pass over days. */
static void take_day(dosing_state_t *s)
{
    const uint64_t day_nc = s->kept.course.charge_nc - s->cell.day_from_nc;
    s->cell.day_from_nc = s->kept.course.charge_nc;
    s->kept.day_nc =
        s->kept.day_nc == 0u ? day_nc : s->kept.day_nc - s->kept.day_nc / SHARE + day_nc / SHARE;
}

static uint64_t days_by_charge(const dosing_state_t *s)
{
    const uint64_t whole_nc = s->factory.battery_uah * NC_PER_UAH;
    const uint64_t used_nc = s->kept.course.charge_nc;
    if (used_nc >= whole_nc) {
        return 0;
    }
    return s->kept.day_nc == 0u ? UINT32_MAX : (whole_nc - used_nc) / s->kept.day_nc;
}

static uint32_t is_eri(const dosing_state_t *s, uint64_t now_ms)
{
    const second_cell_t *c = &s->cell;
    return days_by_charge(s) < NOTICE_DAYS || now_ms >= LIFE_MS - NOTICE_DAYS * DAY_MS ||
                   (c->readings[LOADED] >= READINGS_MIN &&
                    c->filtered[LOADED] >> 8u <= s->factory.eri_mv)
               ? 1u
               : 0u;
}

static uint32_t is_at_floor(dosing_state_t *s)
{
    second_cell_t *c = &s->cell;
    const uint32_t floor = s->factory.floor_mv << 8u;
    const uint32_t low = (c->readings[IDLE] > 3u && c->filtered[IDLE] <= floor) ||
                                 (c->readings[LOADED] > 3u && c->filtered[LOADED] <= floor)
                             ? 1u
                             : 0u;
    c->low_looks = low != 0u ? second_state_add(c->low_looks, 1u) : 0u;
    return c->low_looks >= LOOKS_AT_FLOOR ? 1u : 0u;
}

/* Once they have come they are kept: nothing takes them back. */
void second_cell_look(dosing_state_t *s, uint64_t now_ms)
{
    uint32_t mv = 0;
    int32_t result = s->hal->battery_idle_mv(s->context, &mv);
    read_voltage(&s->cell, IDLE, result, mv);
    if (s->kept.course.commanded > s->day_commanded) {
        result = s->hal->battery_loaded_mv(s->context, &mv);
        read_voltage(&s->cell, LOADED, result, mv);
    }
    take_day(s);
    if (s->kept.eri_ms == 0u && is_eri(s, now_ms) != 0u) {
        s->kept.eri_ms = now_ms;
        second_alarm_raise(s, DOSING_ALARM_ERI);
    }
    const uint32_t spent = s->kept.eri_ms != 0u && now_ms >= s->kept.eri_ms + NOTICE_DAYS * DAY_MS;
    if (s->kept.eos_ms == 0u && (is_at_floor(s) != 0u || spent != 0u || now_ms >= LIFE_MS)) {
        s->kept.eos_ms = now_ms;
        second_alarm_raise(s, DOSING_ALARM_EOS);
    }
}

uint32_t second_cell_days_left(const dosing_state_t *s, uint64_t now_ms)
{
    const uint64_t end_ms = s->kept.eri_ms != 0u && s->kept.eri_ms + NOTICE_DAYS * DAY_MS < LIFE_MS
                                ? s->kept.eri_ms + NOTICE_DAYS * DAY_MS
                                : LIFE_MS;
    return s->kept.eos_ms != 0u || now_ms >= end_ms ? 0u : (uint32_t)((end_ms - now_ms) / DAY_MS);
}
