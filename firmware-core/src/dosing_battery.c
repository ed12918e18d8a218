/* SPDX-License-Identifier: Apache-2.0 */
/* Charge in nC, voltages through filters, ERI and EOS. */
#include "dosing_battery.h"

#include "dosing_alarm.h"

#define NC_PER_UAH UINT64_C(3600000)
#define WEIGHT 16u
#define DAY_UAH_MAX ((1u << 24) - 1u)
#define MV_MAX 65535u /* of the HAL */
#define LIFE_MS (DOSING_BATTERY_LIFE_DAYS * DOSING_LIFE_DAY_MS)
#define ERI_MS (DOSING_BATTERY_ERI_DAYS * DOSING_LIFE_DAY_MS)

static uint32_t median(uint32_t a, uint32_t b, uint32_t c)
{
    const uint32_t low = a < b ? a : b;
    const uint32_t high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

/* The first two readings are no median yet: they stand until the third has judged them. */
void dosing_battery_filter(dosing_filter_t *f, uint32_t reading)
{
    const uint32_t before = f->readings > 0u ? f->latest[0] : reading;
    const uint32_t earlier = f->readings > 1u ? f->latest[1] : before;
    const uint32_t value_q8 = median(reading, before, earlier) << 8;
    f->latest[1] = before;
    f->latest[0] = reading;
    f->readings += f->readings < UINT32_MAX ? 1u : 0u;
    const uint32_t medians = f->readings > 2u ? f->readings - 2u : 1u;
    const uint32_t weight = medians < WEIGHT ? medians : WEIGHT;
    if (value_q8 >= f->value_q8) {
        f->value_q8 += (value_q8 - f->value_q8) / weight;
    } else {
        f->value_q8 -= (f->value_q8 - value_q8) / weight;
    }
}

static uint64_t add(uint64_t a, uint64_t b)
{
    return b < UINT64_MAX - a ? a + b : UINT64_MAX;
}

/* Nothing went backwards, unless a block was restored over a younger one: nothing is counted then. */
static uint64_t since(uint64_t from, uint64_t to)
{
    return to > from ? to - from : 0u;
}

/* The core's time and the sums that a look goes on from. */
static void mark(dosing_state_t *state, uint64_t now_ms)
{
    dosing_life_t *life = &state->life;
    life->seen_ms = now_ms;
    life->seen_pulses = state->run.commanded;
    life->seen_frames = state->counters.frames;
    life->seen_wakes = state->run.wakes;
    life->seen_tones = state->run.tones;
}

/* Charge asleep: nA * ms is pC. Whole seconds apart keep the products below 2^63, with times below 2^53. */
static uint64_t idle_nc(dosing_life_t *life, uint64_t ms, uint32_t idle_na)
{
    const uint64_t pc = ms % 1000u * idle_na + life->rest_pc;
    life->rest_pc = (uint32_t)(pc % 1000u);
    return ms / 1000u * idle_na + pc / 1000u;
}

/* Each product is below 2^62: a constant is below 2^30, and no counter reaches 2^32 from one look to the next: pulses are
 * 100 ms apart or more, and a frame takes its time on the air. Counts that wrap are subtracted as such. */
static void count(dosing_state_t *state, uint64_t now_ms)
{
    dosing_life_t *life = &state->life;
    const dosing_cell_t *c = &life->cell;
    const uint64_t ms = since(life->seen_ms, now_ms);
    const uint32_t wakes = state->run.wakes - life->seen_wakes;
    const uint32_t tones = state->run.tones - life->seen_tones;
    const uint64_t pulses = since(life->seen_pulses, state->run.commanded) & UINT32_MAX;
    const uint64_t frames = since(life->seen_frames, state->counters.frames) & UINT32_MAX;
    uint64_t nc = idle_nc(life, ms, c->idle_na);
    nc = add(nc, (uint64_t)wakes * c->wake_nc);
    nc = add(nc, (uint64_t)tones * c->tone_nc);
    nc = add(nc, pulses * c->pulse_nc);
    nc = add(nc, frames * c->frame_nc);
    life->used_nc = add(life->used_nc, nc);
    life->age_ms = add(life->age_ms, ms);
    mark(state, now_ms);
}

/* A day's charge, whenever it is judged: a look may be late. At most 2^24 uAh * 86 400 000 ms: 2^51. */
static void judge_day(dosing_life_t *life)
{
    const uint64_t ms = life->age_ms - life->day_ms;
    if (ms < DOSING_LIFE_DAY_MS) {
        return;
    }
    const uint64_t uah = (life->used_nc - life->day_nc) / NC_PER_UAH;
    const uint64_t bounded = uah < DAY_UAH_MAX ? uah : DAY_UAH_MAX;
    dosing_battery_filter(&life->day_uah, (uint32_t)(bounded * DOSING_LIFE_DAY_MS / ms));
    life->day_ms = life->age_ms;
    life->day_nc = life->used_nc;
}

static void take(dosing_filter_t *f, int32_t result, uint32_t mv)
{
    if (result == DOSING_HAL_OK && mv <= MV_MAX) {
        dosing_battery_filter(f, mv);
    }
}

static void read(dosing_state_t *state, bool pulsed)
{
    const dosing_port_t port = dosing_state_port(state);
    uint32_t mv = 0;
    const int32_t idle = port.hal->battery_idle_mv(port.context, &mv);
    take(&state->life.idle_mv, idle, mv);
    if (pulsed) {
        const int32_t loaded = port.hal->battery_loaded_mv(port.context, &mv);
        take(&state->life.loaded_mv, loaded, mv);
    }
}

static bool is_at_or_below(const dosing_filter_t *f, uint32_t mv)
{
    return f->readings >= DOSING_BATTERY_READINGS && f->value_q8 <= mv << 8;
}

static void judge_floor(dosing_life_t *life)
{
    const uint32_t floor_mv = life->cell.floor_mv;
    if (is_at_or_below(&life->loaded_mv, floor_mv) || is_at_or_below(&life->idle_mv, floor_mv)) {
        life->floor_row += life->floor_row < DOSING_BATTERY_FLOOR_ROW ? 1u : 0u;
    } else {
        life->floor_row = 0u;
    }
}

/* What is left lasts for fewer than 90 days as days have been of late, or the age does. At most 90 * 2^24 and 2^42. */
static bool is_to_be_replaced(const dosing_life_t *life)
{
    const uint64_t reserve_uah = (uint64_t)DOSING_BATTERY_ERI_DAYS * (life->day_uah.value_q8 >> 8);
    return life->used_nc / NC_PER_UAH + reserve_uah >= life->cell.battery_uah ||
           is_at_or_below(&life->loaded_mv, life->cell.eri_mv) || life->age_ms >= LIFE_MS - ERI_MS;
}

static void raise(dosing_state_t *state)
{
    if ((state->life.ended & DOSING_ALARM_ERI) != 0u) {
        dosing_alarm_raise(state, DOSING_ALARM_ERI);
    }
    if ((state->life.ended & DOSING_ALARM_EOS) != 0u) {
        dosing_alarm_raise(state, DOSING_ALARM_EOS);
    }
}

/* 0: EOS has come, by time. */
static uint64_t left_ms(const dosing_life_t *life)
{
    const uint64_t end_ms =
        (life->ended & DOSING_ALARM_ERI) != 0u ? add(life->eri_ms, ERI_MS) : LIFE_MS;
    return since(life->age_ms, end_ms < LIFE_MS ? end_ms : LIFE_MS);
}

static void judge(dosing_state_t *state)
{
    dosing_life_t *life = &state->life;
    judge_floor(life);
    const bool spent = life->floor_row >= DOSING_BATTERY_FLOOR_ROW;
    if ((life->ended & DOSING_ALARM_ERI) == 0u && (spent || is_to_be_replaced(life))) {
        life->eri_ms = life->age_ms;
        life->ended |= DOSING_ALARM_ERI;
    }
    if (spent || left_ms(life) == 0u) {
        life->ended |= DOSING_ALARM_EOS;
    }
    raise(state);
}

void dosing_battery_start(dosing_state_t *state, uint64_t now_ms)
{
    const dosing_factory_t *f = &state->therapy.factory;
    state->life.cell = (dosing_cell_t){.battery_uah = f->battery_uah,
                                       .idle_na = f->idle_na,
                                       .wake_nc = f->wake_nc,
                                       .pulse_nc = f->pulse_nc,
                                       .tone_nc = f->tone_nc,
                                       .frame_nc = f->frame_nc,
                                       .eri_mv = f->eri_mv,
                                       .floor_mv = f->floor_mv};
    mark(state, now_ms);
    raise(state);
}

void dosing_battery_look(dosing_state_t *state, uint64_t now_ms)
{
    dosing_life_t *life = &state->life;
    const bool pulsed = state->run.commanded != life->seen_pulses;
    count(state, now_ms);
    judge_day(life);
    read(state, pulsed);
    judge(state);
}

uint32_t dosing_battery_used_uah(const dosing_life_t *life)
{
    const uint64_t uah = life->used_nc / NC_PER_UAH;
    return uah < UINT32_MAX ? (uint32_t)uah : UINT32_MAX;
}

uint32_t dosing_battery_days_left(const dosing_life_t *life)
{
    const bool over = (life->ended & DOSING_ALARM_EOS) != 0u;
    return over ? 0u : (uint32_t)(left_ms(life) / DOSING_LIFE_DAY_MS); /* at most 2556 */
}
