/* SPDX-License-Identifier: Apache-2.0 */
/* Self-tests. */
#include "second_selftest.h"

#include <stddef.h>

#include "second_alarm.h"
#include "second_bytes.h"

#define TRIES 3u

/* The check value of CRC-32, and a rate that can be reckoned by hand: 54 ng/day at 625 ng/mL is one pl a ms. */
static uint32_t answers_are_known(void)
{
    static const uint8_t digits[9] = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
    return second_bytes_crc(digits, sizeof digits) == 0xCBF43926u &&
                   second_flow_of_dose(54u, 625u) == UINT64_C(1) << 32u
               ? 1u
               : 0u;
}

static uint32_t words_are_sound(const dosing_factory_t *f)
{
    uint8_t bytes[offsetof(dosing_factory_t, crc)];
    const uint32_t words[] = {f->magic,
                              f->version,
                              f->device_id,
                              f->pulse_volume_pl,
                              f->capacity_nl,
                              f->tubing_nl,
                              f->rate_min_nl_per_day,
                              f->rate_max_nl_per_day,
                              f->volume_24h_max_nl,
                              f->gap_ms,
                              f->battery_uah,
                              f->idle_na,
                              f->wake_nc,
                              f->pulse_nc,
                              f->tone_nc,
                              f->frame_nc,
                              f->eri_mv,
                              f->floor_mv};
    _Static_assert(sizeof words == sizeof bytes, "eighteen words before the CRC");
    for (uint32_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        second_bytes_put(bytes + 4u * i, words[i], 4u);
    }
    return f->crc == second_bytes_crc(bytes, sizeof bytes) ? 1u : 0u;
}

static uint32_t within(uint32_t value, uint32_t low, uint32_t high)
{
    return value >= low && value <= high ? 1u : 0u;
}

/* A pulse at most an hour apart at the slowest rate, and a gap at least at the fastest. */
static uint32_t rates_are_good(const dosing_factory_t *f)
{
    const uint64_t day_pl = (uint64_t)f->pulse_volume_pl * 86400u;
    return f->rate_min_nl_per_day > 0u && f->rate_max_nl_per_day >= f->rate_min_nl_per_day &&
                   day_pl / f->rate_min_nl_per_day <= DOSING_TRAIN_MS_MAX &&
                   day_pl / f->rate_max_nl_per_day >= f->gap_ms
               ? 1u
               : 0u;
}

static uint32_t is_sound(const dosing_factory_t *f)
{
    return words_are_sound(f) & within(f->magic, DOSING_FACTORY_MAGIC, DOSING_FACTORY_MAGIC) &
           within(f->version, DOSING_FACTORY_VERSION, DOSING_FACTORY_VERSION) &
           within(f->device_id, 1u, 0xFFFFFFFEu) & within(f->pulse_volume_pl, 10000u, 9000000u) &
           within(f->capacity_nl, 1000000u, 100000000u) & within(f->tubing_nl, 0u, 2000000u) &
           within(f->volume_24h_max_nl, 1u, UINT32_MAX) & within(f->gap_ms, 100u, 60000u) &
           within(f->battery_uah, 10000u, 10000000u) & within(f->idle_na, 100u, 1000000u) &
           within(f->wake_nc, 0u, 100000000u) & within(f->pulse_nc, 0u, 100000000u) &
           within(f->tone_nc, 0u, 1000000000u) & within(f->frame_nc, 0u, 100000000u) &
           within(f->eri_mv, f->floor_mv + 1u, 5000u) & within(f->floor_mv, 1u, 4999u) &
           rates_are_good(f);
}

static int32_t read_factory(const dosing_state_t *s, dosing_factory_t *f)
{
    int32_t result = DOSING_HAL_FAILED;
    for (uint32_t i = 0; i < TRIES && result != DOSING_HAL_OK; i++) {
        result = s->hal->factory_read(s->context, f);
    }
    return result;
}

dosing_status_t second_selftest_start(dosing_state_t *s)
{
    if (answers_are_known() == 0u) {
        return DOSING_ERROR_STATE;
    }
    return read_factory(s, &s->factory) == DOSING_HAL_OK && is_sound(&s->factory) != 0u
               ? DOSING_OK
               : DOSING_ERROR_FACTORY;
}

void second_selftest_day(dosing_state_t *s)
{
    dosing_factory_t again;
    s->selftest = read_factory(s, &again) == DOSING_HAL_OK && words_are_sound(&again) != 0u &&
                          again.crc == s->factory.crc
                      ? 0u
                      : DOSING_SELFTEST_FACTORY;
    if (s->selftest != 0u) {
        second_alarm_raise(s, DOSING_ALARM_SELFTEST);
    } else {
        second_alarm_end(s, DOSING_ALARM_SELFTEST);
    }
}
