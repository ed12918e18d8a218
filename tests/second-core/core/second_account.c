/* SPDX-License-Identifier: Apache-2.0 */
/* The account of what was given. */
#include "second_account.h"

#define NG_PARTS 1000000000u

void second_account_enter(second_kept_t *k, uint64_t at_ms)
{
    static const second_hour_t none = {0};
    const uint64_t hour = at_ms / SECOND_PROGRAMME_HOUR_MS;
    if (hour > k->hour + SECOND_HOURS) {
        k->hour = hour - SECOND_HOURS;
    }
    while (k->hour < hour) {
        k->hour++;
        k->hours[k->hour % SECOND_HOURS] = none;
    }
}

static uint64_t add_full(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* The fluid that came first has left the tip: from here on it is the programme's. */
static void pass_bridge(second_kept_t *k, uint64_t pl)
{
    if (k->bridge_pl == 0u) {
        return;
    }
    k->bridge_pl -= pl < k->bridge_pl ? pl : k->bridge_pl;
    for (uint32_t d = 0; d < DOSING_DRUGS_MAX && k->bridge_pl == 0u; d++) {
        k->path[d] = second_programme_concentration(k->image, d);
    }
}

/* 9e6 pl by 1e8 ng/mL by 2^10 pulses stay within 64 bits. */
static void book_some(second_kept_t *k, uint64_t pl, uint64_t at_hour)
{
    second_hour_t *hour = &k->hours[at_hour % SECOND_HOURS];
    hour->given_pl += pl;
    for (uint32_t d = 0; d < DOSING_DRUGS_MAX; d++) {
        const uint64_t mass = pl * k->path[d];
        const uint64_t rest = k->given_rest[d] + mass % NG_PARTS;
        hour->mass[d] = add_full(hour->mass[d], mass);
        k->given_ng[d] += mass / NG_PARTS + rest / NG_PARTS;
        k->given_rest[d] = (uint32_t)(rest % NG_PARTS);
    }
    k->reservoir_pl -= pl < k->reservoir_pl ? pl : k->reservoir_pl;
    k->given_pl += pl;
    pass_bridge(k, pl);
}

/* The hour is never older than the ring: a train is booked an hour after its start at the latest. */
void second_account_book(second_kept_t *k, const dosing_factory_t *f, uint64_t at_ms,
                         uint32_t pulses)
{
    const uint64_t hour = at_ms / SECOND_PROGRAMME_HOUR_MS;
    if (hour > k->hour) {
        second_account_enter(k, at_ms);
    }
    k->course.commanded += pulses;
    while (pulses > 0u) {
        const uint32_t some = pulses < DOSING_TRAIN_PULSES_MAX ? pulses : DOSING_TRAIN_PULSES_MAX;
        book_some(k, (uint64_t)some * f->pulse_volume_pl, hour);
        pulses -= some;
    }
}

static uint64_t room_of(uint64_t limit, uint64_t used, uint64_t each)
{
    return used >= limit || each == 0u ? 0u : (limit - used) / each;
}

static uint64_t mass_room(const dosing_state_t *s, uint32_t drug)
{
    const second_kept_t *k = &s->kept;
    const uint8_t *row = k->image + DOSING_PROGRAMME_AT_DRUG + drug * DOSING_DRUG_BYTES;
    const uint64_t limit = second_programme_u64(row, DOSING_DRUG_AT_LIMIT);
    uint64_t used = 0;
    if (limit == 0u || k->path[drug] == 0u) {
        return UINT64_MAX;
    }
    for (uint32_t i = 0; i < SECOND_HOURS; i++) {
        used = add_full(used, k->hours[i].mass[drug]);
    }
    return room_of(limit * NG_PARTS, used, (uint64_t)s->factory.pulse_volume_pl * k->path[drug]);
}

uint64_t second_account_room(const dosing_state_t *s)
{
    uint64_t used_pl = 0;
    for (uint32_t i = 0; i < SECOND_HOURS; i++) {
        used_pl += s->kept.hours[i].given_pl;
    }
    uint64_t room =
        room_of((uint64_t)second_programme_volume_24h(s->kept.image, &s->factory) * 1000u, used_pl,
                s->factory.pulse_volume_pl);
    for (uint32_t d = 0; d < DOSING_DRUGS_MAX; d++) {
        const uint64_t drug = mass_room(s, d);
        room = drug < room ? drug : room;
    }
    return room;
}

uint64_t second_account_ordered_pl(const second_kept_t *k)
{
    uint64_t pl = 0;
    for (uint32_t i = 0; i < SECOND_HOURS; i++) {
        pl += k->hours[i].ordered_pl;
    }
    return pl;
}

uint32_t second_account_pulses_above(uint64_t pl, uint64_t threshold_pl, uint32_t pulse_pl)
{
    const uint64_t above = pl > threshold_pl ? pl - threshold_pl : 0u;
    const uint64_t pulses = (above + pulse_pl - 1u) / pulse_pl;
    return pulses == 0u                       ? 1u
           : pulses > DOSING_TRAIN_PULSES_MAX ? DOSING_TRAIN_PULSES_MAX
                                              : (uint32_t)pulses;
}
