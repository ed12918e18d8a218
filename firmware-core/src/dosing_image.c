/* SPDX-License-Identifier: Apache-2.0 */
/* The payload of a checkpoint, field by field: one list for counting, saving and loading. */
#include "dosing_image.h"

#include "dosing_aged.h"
#include "dosing_codec.h"
#include "dosing_limit.h"

#define TIME_MS_MAX (UINT64_C(1) << 54)
#define PULSES_MAX (UINT64_C(1) << 39) /* times 9e6 pl: below 2^63 */
#define GIVEN_NG_MAX (UINT64_C(1) << 61)
#define PART_PER_NG 1000000000u
#define AG_MAX UINT64_C(12000000000000000000) /* in the ring: twice 50 mL of 100 mg/mL are 1e19 */
#define LEASE_PULSES_MAX (UINT64_C(1) << 24)

static void pass_u32(dosing_stream_t *io, uint32_t *value)
{
    dosing_stream_pass_u32(io, value);
}

static void pass_u64(dosing_stream_t *io, uint64_t *value)
{
    dosing_stream_pass_u64(io, value);
}

static void pass_run(dosing_stream_t *io)
{
    dosing_run_t *run = &io->state->run;
    pass_u64(io, &io->state->lease.bound);
    pass_u64(io, &run->commanded);
    pass_u64(io, &run->confirmed);
    pass_u64(io, &run->volume_pl);
    pass_u64(io, &run->scrub_ms);
    pass_u64(io, &run->stall_ms);
    pass_u32(io, &io->state->path.alarms);
    pass_u32(io, &run->unseen);
    pass_u32(io, &run->lost_ms);
    pass_u32(io, &run->guard_refusals);
    pass_u32(io, &run->missed);
    pass_u32(io, &run->stalls);
    pass_u32(io, &run->day_done);
    pass_u32(io, &run->day_confirmed);
}

/* The bucket being filled is counted in run: its place in the ring is not valid. */
static void pass_ring(dosing_stream_t *io)
{
    dosing_run_t *run = &io->state->run;
    pass_u64(io, &run->bucket_end_ms);
    pass_u32(io, &run->bucket);
    pass_u32(io, &run->bucket_all);
    pass_u32(io, &run->bucket_now);
    pass_u32(io, &run->old_left);
    for (uint32_t i = 0; i < DOSING_BUCKETS; i++) {
        pass_u32(io, &io->state->ring[i].all);
        pass_u32(io, &io->state->ring[i].now);
    }
    for (uint32_t i = 0; i < DOSING_BUCKETS * DOSING_DRUGS_MAX && run->old_left != 0u; i++) {
        pass_u64(io, &io->state->past.ag[i / DOSING_DRUGS_MAX][i % DOSING_DRUGS_MAX]);
    }
}

static void pass_account(dosing_stream_t *io)
{
    dosing_therapy_t *t = &io->state->therapy;
    pass_u64(io, &t->commanded_before);
    for (uint32_t drug = 0; drug < DOSING_DRUGS_MAX; drug++) {
        pass_u64(io, &t->given_ng[drug]);
        pass_u32(io, &t->given_part[drug]);
        pass_u32(io, &t->concentration_ng_per_ml[drug]);
    }
    pass_u32(io, &t->commits);
    pass_u64(io, &io->state->run.bridge_pl);
    pass_u32(io, &io->state->bolus.revision);
}

static void pass_patient(dosing_stream_t *io)
{
    dosing_patient_t *a = &io->state->patient;
    pass_u32(io, &a->count);
    for (uint32_t i = 0; i < DOSING_PATIENT_PER_DAY_MAX && i < a->count; i++) {
        pass_u64(io, &a->began_ms[i]);
    }
}

static void pass_counters(dosing_stream_t *io)
{
    dosing_counters_t *c = &io->state->counters;
    for (uint32_t role = 0; role < sizeof c->bound / sizeof c->bound[0]; role++) {
        pass_u64(io, &c->bound[role]);
    }
    pass_u32(io, &c->refused);
    pass_u32(io, &c->patient_refused);
}

/* The head of a programme's wire format. The limits in force are written as they are, those of the factory too. */
static void write_head(const dosing_programme_t *p, uint8_t *image)
{
    for (uint32_t i = 0; i < DOSING_PROGRAMME_BYTES; i++) {
        image[i] = 0u;
    }
    image[DOSING_PROGRAMME_AT_MODE] = (uint8_t)p->mode; /* all four were bytes */
    image[DOSING_PROGRAMME_AT_DRUGS] = (uint8_t)p->drugs;
    image[DOSING_PROGRAMME_AT_STEPS] = (uint8_t)p->steps;
    image[DOSING_PROGRAMME_AT_TIMED] = (uint8_t)p->timed;
    dosing_codec_put_u32(image + DOSING_PROGRAMME_AT_LOW_NL, p->low_nl);
    dosing_codec_put_u32(image + DOSING_PROGRAMME_AT_EMPTY_NL, p->empty_nl);
    dosing_codec_put_u32(image + DOSING_PROGRAMME_AT_RATE_MAX, p->rate_max_nl_per_day);
    dosing_codec_put_u32(image + DOSING_PROGRAMME_AT_VOLUME_24H, p->volume_24h_nl);
    dosing_codec_put_u32(image + DOSING_PROGRAMME_AT_FLAGS, p->flags);
    dosing_codec_put_u64(image + DOSING_PROGRAMME_AT_DOSE, p->dose_ng_per_day);
    dosing_codec_put_u32(image + DOSING_PROGRAMME_AT_BRIDGE, p->bridge_nl);
    /* two 16-bit numbers side by side */
    dosing_codec_put_u32(image + DOSING_PROGRAMME_AT_REPEAT_CRITICAL,
                         p->repeat_critical_min | p->repeat_advisory_min << 16);
    for (uint32_t drug = 0; drug < DOSING_DRUGS_MAX; drug++) {
        uint8_t *at = image + DOSING_PROGRAMME_AT_DRUG + drug * DOSING_DRUG_BYTES;
        dosing_codec_put_u32(at + DOSING_DRUG_AT_CONCENTRATION, p->concentration_ng_per_ml[drug]);
        dosing_codec_put_u32(at + DOSING_DRUG_AT_CODE, p->code[drug]);
        dosing_codec_put_u64(at + DOSING_DRUG_AT_LIMIT, p->limit_ng[drug]);
    }
}

/* A stop takes the dose alone: the rest of it means nothing then. */
static void write_patient(const dosing_programme_t *p, uint8_t *image)
{
    uint8_t *at = image + DOSING_PROGRAMME_AT_PATIENT;
    if (p->patient_ng == 0u) {
        return;
    }
    dosing_codec_put_u64(at + DOSING_PATIENT_AT_DOSE, p->patient_ng);
    dosing_codec_put_u32(at + DOSING_PATIENT_AT_DURATION, p->patient_duration_ms);
    dosing_codec_put_u32(at + DOSING_PATIENT_AT_LOCKOUT, p->lockout_ms);
    dosing_codec_put_u32(at + DOSING_PATIENT_AT_INTERVAL, p->interval_ms);
    dosing_codec_put_u32(at + DOSING_PATIENT_AT_PER_INTERVAL, p->per_interval | p->per_day << 16);
}

static void save_programme(dosing_stream_t *io)
{
    dosing_programme_t *p = &io->state->therapy.programme;
    uint8_t head[DOSING_PROGRAMME_BYTES];
    write_head(p, head);
    write_patient(p, head);
    dosing_stream_pass(io, head, sizeof head);
    dosing_stream_pass(io, p->tail, dosing_programme_image_bytes(head) - DOSING_PROGRAMME_BYTES);
}

/* Read by the rules of one that is staged; no drugs: none was committed yet. */
static void load_programme(dosing_stream_t *io)
{
    dosing_state_t *state = io->state;
    uint8_t *image = state->session.image;
    dosing_stream_pass(io, image, DOSING_PROGRAMME_BYTES);
    const uint32_t bytes = dosing_programme_image_bytes(image);
    if (bytes == 0u) {
        io->good = false;
        return;
    }
    dosing_stream_pass(io, image + DOSING_PROGRAMME_BYTES, bytes - DOSING_PROGRAMME_BYTES);
    state->therapy.programme = (dosing_programme_t){0};
    io->good = io->good && (image[DOSING_PROGRAMME_AT_DRUGS] == 0u ||
                            dosing_programme_read(&state->therapy.programme, image,
                                                  &state->therapy.factory) == DOSING_OK);
}

static void pass_programme(dosing_stream_t *io)
{
    if (io->way == DOSING_STREAM_LOAD) {
        load_programme(io);
    } else {
        save_programme(io);
    }
}

static void pass_pending(dosing_stream_t *io, dosing_pending_t *pending)
{
    pass_u32(io, &pending->type);
    pass_u32(io, &pending->length);
    pass_u32(io, &pending->value);
    io->good = io->good && pending->length <= sizeof io->state->session.image;
    if (io->good) {
        dosing_stream_pass(io, io->state->session.image, pending->length);
    }
}

void dosing_image_pass(dosing_stream_t *io, dosing_moment_t *moment, dosing_pending_t *pending)
{
    pass_u64(io, &moment->core_ms);
    pass_u64(io, &moment->main_ms);
    pass_programme(io);
    pass_run(io);
    pass_ring(io);
    pass_account(io);
    pass_patient(io);
    pass_counters(io);
    dosing_aged_pass(io);
    pass_pending(io, pending);
}

/* The moment, the programme, and each function's fields above in turn. */
uint32_t dosing_image_bytes_max(void)
{
    const uint32_t roles = sizeof((dosing_counters_t *)0)->bound / 8u;
    return 16u + DOSING_IMAGE_BYTES_MAX + 80u + 24u + DOSING_BUCKETS * 8u +
           DOSING_BUCKETS * DOSING_DRUGS_MAX * 8u + 8u + DOSING_DRUGS_MAX * 16u + 16u + 4u +
           DOSING_PATIENT_PER_DAY_MAX * 8u + roles * 8u + 8u + DOSING_AGED_BYTES + 12u +
           DOSING_IMAGE_BYTES_MAX;
}

static bool run_holds(const dosing_state_t *state, const dosing_moment_t *moment)
{
    const dosing_run_t *run = &state->run;
    const uint64_t capacity_pl = (uint64_t)state->therapy.factory.capacity_nl * 1000u;
    return moment->core_ms <= TIME_MS_MAX && run->commanded <= PULSES_MAX &&
           run->confirmed <= run->commanded && state->lease.bound >= run->commanded &&
           state->lease.bound - run->commanded <= LEASE_PULSES_MAX &&
           run->volume_pl <= capacity_pl && run->scrub_ms <= moment->core_ms + DOSING_SCRUB_MS &&
           run->day_confirmed <= run->day_done &&
           (state->path.alarms >> DOSING_ALARMS | run->unseen >> DOSING_ALARMS) == 0u;
}

static bool account_holds(const dosing_state_t *state)
{
    const dosing_therapy_t *t = &state->therapy;
    bool good = t->commanded_before <= state->run.commanded &&
                state->run.bridge_pl <= DOSING_BRIDGE_NL_MAX * UINT64_C(1000);
    for (uint32_t drug = 0; drug < DOSING_DRUGS_MAX; drug++) {
        good &= t->given_ng[drug] <= GIVEN_NG_MAX && t->given_part[drug] < PART_PER_NG &&
                t->concentration_ng_per_ml[drug] <= DOSING_CONCENTRATION_MAX;
    }
    return good &&
           (t->programme.drugs != 0u || state->lease.bound == 0u); /* which commanded is within */
}

static bool patient_holds(const dosing_state_t *state, const dosing_moment_t *moment)
{
    const dosing_patient_t *a = &state->patient;
    bool good = a->count <= DOSING_PATIENT_PER_DAY_MAX;
    for (uint32_t i = 0; i < a->count && good; i++) {
        good =
            a->began_ms[i] <= moment->core_ms && (i == 0u || a->began_ms[i] >= a->began_ms[i - 1u]);
    }
    return good;
}

/* What is in the path is the programme's own fluid, unless a bridge is under way; and its rate fits both. */
static bool path_holds(const dosing_state_t *state)
{
    const dosing_therapy_t *t = &state->therapy;
    dosing_rate_t rate;
    bool same = true;
    if (t->programme.drugs == 0u) {
        return true;
    }
    for (uint32_t drug = 0; drug < DOSING_DRUGS_MAX; drug++) {
        same &= t->concentration_ng_per_ml[drug] == t->programme.concentration_ng_per_ml[drug];
    }
    return (same || state->run.bridge_pl != 0u) && t->concentration_ng_per_ml[0] != 0u &&
           dosing_rate_of(&rate, &t->programme, &t->factory, t->concentration_ng_per_ml[0]) ==
               DOSING_OK &&
           dosing_rate_of(&rate, &t->programme, &t->factory,
                          t->programme.concentration_ng_per_ml[0]) == DOSING_OK;
}

/* A ring as pulses could fill it: below twice what the factory block allows in 24 h. Makes the sums. */
static bool ring_holds(dosing_state_t *state, const dosing_moment_t *moment)
{
    dosing_run_t *run = &state->run;
    uint64_t all = run->bucket_all;
    uint64_t now = run->bucket_now;
    bool good = run->bucket < DOSING_BUCKETS && run->old_left <= DOSING_BUCKETS &&
                run->bucket_end_ms <= moment->core_ms + DOSING_BUCKET_MS &&
                run->bucket_now <= run->bucket_all;
    for (uint32_t i = 0; i < DOSING_BUCKETS && good; i++) {
        const dosing_bucket_t *bucket = &state->ring[i];
        good = bucket->now <= bucket->all;
        all += i != run->bucket ? bucket->all : 0u;
        now += i != run->bucket ? bucket->now : 0u;
    }
    good = good && all <= dosing_limit_window_max(state);
    run->window_all = good ? (uint32_t)all : 0u; /* at most 2^24 */
    run->window_now = good ? (uint32_t)now : 0u;
    return good;
}

/* So that no sum of masses overflows: of the past alone, and with the pulses of the programme. */
static bool masses_hold(const dosing_state_t *state)
{
    bool good = true;
    for (uint32_t drug = 0; drug < DOSING_DRUGS_MAX; drug++) {
        const uint64_t pulse_ag = (uint64_t)state->therapy.factory.pulse_volume_pl *
                                  state->therapy.concentration_ng_per_ml[drug]; /* at most 9e14 */
        uint64_t left_ag = AG_MAX;
        for (uint32_t i = 0; i < DOSING_BUCKETS && good; i++) {
            good = state->past.ag[i][drug] <= left_ag;
            left_ag -= good ? state->past.ag[i][drug] : 0u;
        }
        good = good && (pulse_ag == 0u || state->run.window_now <= left_ag / pulse_ag);
    }
    return good;
}

bool dosing_image_holds(dosing_state_t *state, const dosing_moment_t *moment)
{
    return run_holds(state, moment) && account_holds(state) && patient_holds(state, moment) &&
           path_holds(state) && ring_holds(state, moment) && masses_hold(state) &&
           dosing_aged_holds(&state->life);
}
