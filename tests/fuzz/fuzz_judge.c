/* SPDX-License-Identifier: Apache-2.0 */
/* Pulses held against limits and against an integral of its own, in double: 2^-52 of some 1e5 pulses is 1e-11. */
#include "fuzz_judge.h"

#include <stddef.h>
#include <string.h>

#define DAY_MS UINT64_C(86400000)
#define ROUNDING_PULSES 1e-3
#define AG_PER_NG UINT64_C(1000000000) /* 1 pl at 1 ng/mL is 1 ag */

static void blame(judge_t *j, const char *what)
{
    if (j->broken == NULL) {
        j->broken = what;
    }
}

void judge_start(judge_t *j, const dosing_factory_t *factory, uint64_t now_ms)
{
    memset(j, 0, offsetof(judge_t, ring));
    j->factory = factory;
    j->slack_pulses = ROUNDING_PULSES;
    j->mass[0] = factory->pulse_volume_pl;
    j->limit[0] = (uint64_t)factory->volume_24h_max_nl * 1000u;
    j->at_ms = now_ms;
    j->integrates = true;
}

/* What was ordered up to `to_ms`. What was not used beyond one pulse is forfeit. */
static void advance(judge_t *j, uint64_t to_ms)
{
    const uint64_t from_ms = j->at_ms;
    if (to_ms <= from_ms) {
        return;
    }
    const uint64_t begin_ms = from_ms > j->bolus_start_ms ? from_ms : j->bolus_start_ms;
    const uint64_t end_ms = to_ms < j->bolus_end_ms ? to_ms : j->bolus_end_ms;
    j->credit += j->basal_per_ms * (double)(to_ms - from_ms);
    j->credit += end_ms > begin_ms ? j->bolus_per_ms * (double)(end_ms - begin_ms) : 0.0;
    j->credit = j->credit > 1.0 ? 1.0 : j->credit;
    j->at_ms = to_ms;
}

void judge_reset(judge_t *j, uint64_t now_ms, bool remembers)
{
    if (JUDGE_RESUMES && remembers) {
        advance(j, now_ms);
        j->bolus_end_ms = now_ms < j->bolus_end_ms ? now_ms : j->bolus_end_ms;
        return;
    }
    j->at_ms = now_ms;
    j->credit = 0.0;
    j->basal_per_ms = 0.0;
    j->bolus_end_ms = 0u;
    j->armed = false;
    j->integrates = true;
    j->trains = 0u;
    memset(j->window, 0, sizeof j->window);
}

static void weigh(judge_t *j, const judge_train_t *train, bool in)
{
    for (uint32_t i = 0; i < JUDGE_MASSES; i++) {
        j->window[i] += in ? train->mass[i] : 0u - train->mass[i];
    }
}

/* Lets go what began 24 h or more before `at_ms`. */
static void forget(judge_t *j, uint64_t at_ms)
{
    while (j->trains > 0u) {
        judge_train_t *t = &j->ring[j->first];
        while (t->gone < t->count &&
               at_ms - (t->start_ms + (uint64_t)t->gone * t->period_ms) >= DAY_MS) {
            weigh(j, t, false);
            t->gone++;
        }
        if (t->gone < t->count) {
            return;
        }
        j->first = (j->first + 1u) % JUDGE_TRAINS;
        j->trains--;
    }
}

/* What the unseen pulses of a motor that broke its contract weigh. */
static uint64_t unseen(const judge_t *j, const judge_train_t *t, uint32_t i)
{
    return (uint64_t)j->slack_pulses * t->mass[i];
}

static void judge_pulse(judge_t *j, judge_train_t *t, uint64_t at_ms)
{
    const uint64_t fastest_ms =
        (uint64_t)j->factory->pulse_volume_pl * (DAY_MS / 1000u) / j->factory->rate_max_nl_per_day;
    const uint64_t gap_ms = fastest_ms > j->factory->gap_ms ? fastest_ms : j->factory->gap_ms;
    if (j->pulses > 0u && at_ms < j->last_pulse_ms + gap_ms) {
        blame(j, "two pulses are closer than the fastest rate of the factory block");
    }
    j->pulses++;
    j->last_pulse_ms = at_ms;
    t->count++; /* first: a train without a pulse of the last 24 h leaves the ring */
    weigh(j, t, true);
    forget(j, at_ms);
    if (j->window[0] > (uint64_t)j->factory->volume_24h_max_nl * 1000u + unseen(j, t, 0u)) {
        blame(j, "24 h hold more than the factory block's volume");
    }
    for (uint32_t i = 0; i < JUDGE_MASSES && j->armed; i++) {
        if (j->limit[i] != 0u && j->window[i] > j->limit[i] + unseen(j, t, i)) {
            blame(j, i == 0u ? "24 h hold more than the programme's volume"
                             : "24 h hold more of a drug than the programme's limit");
        }
    }
    advance(j, at_ms);
    if (j->integrates && j->credit < -j->slack_pulses) {
        blame(j, "the motor is more than a pulse ahead of what was ordered");
    }
    j->credit -= 1.0;
}

void judge_train(void *judge, uint64_t start_ms, uint32_t period_ms, uint32_t done)
{
    judge_t *j = judge;
    forget(j, start_ms);
    if (j->trains == JUDGE_TRAINS) {
        j->full = true;
        return;
    }
    judge_train_t *t = &j->ring[(j->first + j->trains) % JUDGE_TRAINS];
    *t = (judge_train_t){.start_ms = start_ms, .period_ms = period_ms};
    memcpy(t->mass, j->mass, sizeof t->mass);
    if (done > 0u) {
        j->trains++;
    }
    for (uint32_t i = 0; i < done; i++) {
        judge_pulse(j, t, start_ms + (uint64_t)i * period_ms);
    }
}

/* Pulses in a dose of the primary drug: ng / (ng/mL) * 1e9 pl/mL / pl. */
static double pulses_of(const judge_t *j, uint64_t dose_ng)
{
    const double concentration = (double)j->mass[1] / (double)j->mass[0];
    return (double)dose_ng / concentration * 1e9 / (double)j->mass[0];
}

void judge_programme(judge_t *j, const uint8_t *image, uint64_t now_ms)
{
    const uint8_t mode = image[DOSING_PROGRAMME_AT_MODE];
    const uint64_t nl = fake_get(image + DOSING_PROGRAMME_AT_VOLUME_24H, 4u);
    advance(j, now_ms);
    if (!j->integrates) { /* what was ordered until now nobody knows */
        j->credit = 1.0;
    }
    j->limit[0] = (nl == 0u ? j->factory->volume_24h_max_nl : nl) * 1000u;
    for (uint32_t i = 0; i < DOSING_DRUGS_MAX; i++) {
        const uint8_t *drug = image + DOSING_PROGRAMME_AT_DRUG + i * DOSING_DRUG_BYTES;
        j->mass[1u + i] = j->mass[0] * fake_get(drug + DOSING_DRUG_AT_CONCENTRATION, 4u);
        j->limit[1u + i] = fake_get(drug + DOSING_DRUG_AT_LIMIT, 8u) * AG_PER_NG;
    }
    j->armed = true;
    j->integrates = (mode == DOSING_MODE_STOPPED || mode == DOSING_MODE_SIMPLE) &&
                    image[DOSING_PROGRAMME_AT_TIMED] == 0u;
    j->full =
        j->full || fake_get(image + DOSING_PROGRAMME_AT_BRIDGE, 4u) != 0u; /* not judged yet */
    j->bolus_end_ms = 0u;
    j->basal_per_ms = pulses_of(j, fake_get(image + DOSING_PROGRAMME_AT_DOSE, 8u)) / (double)DAY_MS;
}

static void judge_bolus(judge_t *j, const uint8_t *payload, uint64_t now_ms)
{
    const uint64_t ms = fake_get(payload + DOSING_BOLUS_AT_DURATION, 4u);
    advance(j, now_ms);
    j->bolus_start_ms = now_ms;
    j->bolus_end_ms = now_ms + ms;
    j->bolus_per_ms = pulses_of(j, fake_get(payload + DOSING_BOLUS_AT_DOSE, 8u)) / (double)ms;
}

void judge_order(judge_t *j, uint8_t type, const uint8_t *payload, uint64_t now_ms)
{
    switch (type) {
    case DOSING_FRAME_BOLUS:
        judge_bolus(j, payload, now_ms);
        break;
    case DOSING_FRAME_STOP:
        advance(j, now_ms);
        j->basal_per_ms = 0.0;
        j->bolus_end_ms = 0u;
        break;
    case DOSING_FRAME_OPEN:
    case DOSING_FRAME_CLOSE:
    case DOSING_FRAME_STAGE:
    case DOSING_FRAME_READ_BACK:
    case DOSING_FRAME_COMMIT: /* told by judge_programme */
    case DOSING_FRAME_REFILL:
    case DOSING_FRAME_INTERROGATE:
    case DOSING_FRAME_ALARM_CLEAR:
        break;
    case DOSING_FRAME_PRIME: /* apart from every limit: not judged yet */
        j->full = true;
        break;
    default:
        judge_wonder(j);
        break;
    }
}

void judge_wonder(judge_t *j)
{
    j->integrates = false;
}
