/* SPDX-License-Identifier: Apache-2.0 */
/* Orders turned into what is to be given when. */
#include "fuzz_course.h"

#include <string.h>

#include "tests/firmware-core/fake_hal.h"

#define HALF_DAY_MS (WEEK_DAY_MS / 2u)
#define FAR_MS (UINT64_C(100000) * WEEK_MS) /* so that local times stay positive */
#define HYSTERESIS_PL UINT64_C(100000000)
#define NONE 0u /* of DOSING_DELIVERY_*: nothing beside the basal rate */

static void blame(course_t *c, const char *what)
{
    if (c->broken == NULL) {
        c->broken = what;
    }
}

void course_start(course_t *c, const dosing_factory_t *factory)
{
    const char *broken = c->broken;
    memset(c, 0, sizeof *c);
    c->broken = broken;
    c->factory = factory;
    c->empty = true;
    c->due_ms = UINT64_MAX;
    c->week.pieces = 1u;
    c->week.from_ms[1] = WEEK_MS;
}

/* ---- rates -------------------------------------------------------------------------------------------------------- */

uint64_t course_place(const course_t *c, uint64_t now_ms)
{
    return c->local ? (now_ms + c->shift_ms + c->phase_ms) % WEEK_MS : 0u;
}

static double ng_per_pulse(const course_t *c)
{
    return (double)c->factory->pulse_volume_pl * (double)c->concentration[0] * 1e-9;
}

double course_pulses(const course_t *c, uint64_t from_ms, uint64_t to_ms)
{
    if (!c->committed || c->kind == DOSING_DELIVERY_PRIME || to_ms <= from_ms) {
        return 0.0;
    }
    const double ms = (double)(to_ms - from_ms);
    if (c->mode == DOSING_MODE_MINIMUM) {
        return (double)c->factory->rate_min_nl_per_day * 1000.0 / (double)WEEK_DAY_MS * ms /
               (double)c->factory->pulse_volume_pl;
    }
    double ng = 0.0;
    if (c->mode != DOSING_MODE_STOPPED) {
        ng = c->local ? week_basal(&c->week, course_place(c, from_ms), to_ms - from_ms)
                      : c->week.mean_ng_per_ms * ms;
    }
    if (c->kind != NONE) {
        const uint64_t begin_ms = from_ms > c->bolus.from_ms ? from_ms : c->bolus.from_ms;
        const uint64_t end_ms = to_ms < c->bolus.to_ms ? to_ms : c->bolus.to_ms;
        ng += end_ms > begin_ms ? c->bolus.ng_per_ms * (double)(end_ms - begin_ms) : 0.0;
    }
    return ng / ng_per_pulse(c);
}

/* ---- boluses ------------------------------------------------------------------------------------------------------ */

static void forfeit(course_t *c)
{
    c->kind = NONE;
    c->held_ms = 0u;
    c->prime_pulses = 0u;
}

static void begin(course_t *c, uint32_t kind, double ng, uint64_t duration_ms, uint64_t now_ms)
{
    c->kind = kind;
    c->bolus = (course_bolus_t){now_ms, now_ms + duration_ms, ng / (double)duration_ms};
}

/* What runs waits for the patient's. */
static void hold(course_t *c, uint64_t now_ms)
{
    if (c->kind != NONE && c->bolus.to_ms > now_ms) {
        c->held_kind = c->kind;
        c->held_ms = c->bolus.to_ms - now_ms;
        c->held_ng = c->bolus.ng_per_ms * (double)c->held_ms;
    }
}

static bool is_over(const course_t *c, uint64_t now_ms)
{
    return c->kind == DOSING_DELIVERY_PRIME ? c->prime_pulses == 0u : now_ms >= c->bolus.to_ms;
}

static void end_delivery(course_t *c, uint64_t now_ms)
{
    if (c->kind == NONE || !is_over(c, now_ms)) {
        return;
    }
    c->kind = NONE;
    if (c->held_ms != 0u) {
        begin(c, c->held_kind, c->held_ng, c->held_ms, now_ms);
        c->held_ms = 0u;
    }
}

/* ---- timed boluses ------------------------------------------------------------------------------------------------ */

static void look_ahead(course_t *c)
{
    uint64_t ahead_ms = 0;
    c->due =
        c->local ? week_next(&c->week, (c->served_ms + c->phase_ms) % WEEK_MS, &ahead_ms) : NULL;
    c->due_ms = c->due != NULL ? c->served_ms + ahead_ms : UINT64_MAX;
}

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Each begins at its moment, or at the end of what runs, if that comes within the time that it may wait from its moment, from
 * when the hands were set, or from the end of the timed bolus before it. */
static void serve(course_t *c, uint64_t now_ms)
{
    while (c->due_ms <= now_ms + c->shift_ms) {
        const uint64_t moment_ms = c->due_ms > c->shift_ms ? c->due_ms - c->shift_ms : 0u;
        const uint64_t since_ms = later(moment_ms, later(c->set_ms, c->free_ms));
        const bool skipped = c->empty || now_ms >= since_ms + DOSING_TIMED_WAIT_MS;
        if (c->kind != NONE && !skipped) {
            return;
        }
        if (!skipped) {
            begin(c, DOSING_DELIVERY_TIMED, (double)c->due->dose_ng, c->due->duration_ms, now_ms);
        }
        c->served_ms = c->due_ms;
        c->free_ms = now_ms + c->due->duration_ms;
        look_ahead(c);
    }
}

static void set_time(course_t *c, uint64_t place_ms, uint64_t now_ms)
{
    if (place_ms >= WEEK_MS) {
        blame(c, "local time was set to what is not of the week");
        return;
    }
    const bool first = !c->local;
    if (first) {
        c->shift_ms = FAR_MS - now_ms % WEEK_DAY_MS; /* a midnight, like day 0 */
        c->local = true;
    }
    const uint64_t hour_ms = (now_ms + c->shift_ms) % WEEK_DAY_MS;
    const uint64_t ahead_ms = (place_ms + WEEK_MS - hour_ms) % WEEK_DAY_MS;
    c->shift_ms += ahead_ms <= HALF_DAY_MS ? ahead_ms : ahead_ms - WEEK_DAY_MS;
    c->phase_ms = (place_ms + WEEK_MS - (now_ms + c->shift_ms) % WEEK_MS) % WEEK_MS;
    c->served_ms = first ? now_ms + c->shift_ms : c->served_ms;
    c->set_ms = now_ms;
    look_ahead(c);
}

/* ---- the reservoir and the path ----------------------------------------------------------------------------------- */

static void judge_reservoir(course_t *c)
{
    if (c->volume_pl <= c->empty_pl) {
        c->empty = true;
    } else if (c->volume_pl > c->empty_pl + HYSTERESIS_PL) {
        c->empty = false;
    }
}

static void take_path(course_t *c)
{
    for (uint32_t i = 0; i < DOSING_DRUGS_MAX; i++) {
        c->concentration[i] =
            (uint32_t)fake_get(c->head + DOSING_PROGRAMME_AT_DRUG + i * DOSING_DRUG_BYTES +
                                   DOSING_DRUG_AT_CONCENTRATION,
                               4u);
    }
}

bool course_pulse(course_t *c)
{
    const uint64_t pl = c->factory->pulse_volume_pl;
    const bool primes = c->kind == DOSING_DELIVERY_PRIME && c->prime_pulses > 0u;
    c->volume_pl -= pl < c->volume_pl ? pl : c->volume_pl;
    if (c->bridge_pl > 0u) {
        c->bridge_pl -= pl < c->bridge_pl ? pl : c->bridge_pl;
        c->bridged = c->bridge_pl == 0u;
    }
    c->prime_pulses -= primes ? 1u : 0u;
    return primes;
}

/* ---- resets -------------------------------------------------------------------------------------------------------- */

void course_adopt(course_t *c, const course_memory_t *memory)
{
    memcpy(c->concentration, memory->concentration, sizeof c->concentration);
    c->bridge_pl = memory->bridge_pl;
    c->bridged = false;
    c->volume_pl = memory->volume_pl;
    c->revision = memory->revision;
    c->empty = memory->empty;
}

/* Nothing may be believed in favour of more: the reservoir fuller, a prime to come again, the fluid weaker than it is. */
static void check_memory(course_t *c, const course_memory_t *memory)
{
    const uint64_t own =
        fake_get(c->head + DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_CONCENTRATION, 4u);
    const bool here = c->bridge_pl == 0u; /* the programme's own fluid is in the path */
    if (memory->volume_pl > c->volume_pl) {
        blame(c, "after a reset the reservoir is believed fuller than it is");
    } else if (memory->revision != c->revision) {
        blame(c, "after a reset a prime is forgotten");
    } else if (here ? memory->concentration[0] < own
                    : memory->concentration[0] < own && memory->bridge_pl > c->bridge_pl) {
        blame(c, "after a reset a weaker fluid is believed in the path than is there");
    } else if (!here && c->concentration[0] > own && memory->concentration[0] <= own) {
        blame(c, "after a reset a stronger fluid in the path is forgotten");
    }
}

void course_resume(course_t *c, const course_memory_t *memory, bool exact)
{
    if (exact && c->committed && !c->strange) {
        check_memory(c, memory);
    }
    forfeit(c);
    c->local = false;
    c->aged = true;
    look_ahead(c);
    course_adopt(c, memory);
}

void course_estrange(course_t *c, const course_memory_t *memory)
{
    course_start(c, c->factory);
    course_adopt(c, memory);
    c->strange = true;
    c->aged = true;
}

/* ---- the core acts ------------------------------------------------------------------------------------------------- */

void course_settle(course_t *c, uint64_t now_ms)
{
    judge_reservoir(c);
    if (c->bridged) {
        c->bridged = false;
        take_path(c);
    }
    end_delivery(c, now_ms);
}

void course_drive(course_t *c, uint64_t now_ms)
{
    end_delivery(c, now_ms);
    if (c->empty) {
        forfeit(c);
    }
    serve(c, now_ms);
}

bool course_is_delicate(const course_t *c)
{
    return c->held_ms != 0u || c->due != NULL || c->kind == DOSING_DELIVERY_PRIME ||
           c->bridge_pl != 0u || c->bridged;
}

/* ---- orders ------------------------------------------------------------------------------------------------------- */

static bool changes(const course_t *c, const uint8_t *image)
{
    bool other = image[DOSING_PROGRAMME_AT_DRUGS] != c->head[DOSING_PROGRAMME_AT_DRUGS];
    for (uint32_t i = 0; i < DOSING_DRUGS_MAX; i++) {
        const uint32_t at = DOSING_PROGRAMME_AT_DRUG + i * DOSING_DRUG_BYTES;
        other |=
            memcmp(image + at, c->head + at, DOSING_DRUG_AT_LIMIT) != 0; /* what and how much */
    }
    return other;
}

/* What a commit does to the fluid in the path. */
static void change(course_t *c, const uint8_t *image)
{
    const uint64_t bridge_nl = fake_get(image + DOSING_PROGRAMME_AT_BRIDGE, 4u);
    const uint32_t code = DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_CODE;
    const bool other = changes(c, image);
    if (c->strange) {
        memcpy(c->head, image, sizeof c->head);
        return;
    }
    if (c->committed && other && image[DOSING_PROGRAMME_AT_FLAGS] != DOSING_FLAG_CHANGE) {
        blame(c, "a change that is not declared was committed");
    } else if (other && c->bridge_pl != 0u) {
        blame(c, "a change was committed while another is under way");
    } else if (other && bridge_nl != 0u &&
               (!c->committed || memcmp(image + code, c->head + code, 4u) != 0)) {
        blame(c, "a bridge from nothing or from another drug was committed");
    }
    const bool stays = other ? bridge_nl != 0u : c->bridge_pl != 0u;
    c->bridge_pl = other ? bridge_nl * 1000u : c->bridge_pl;
    memcpy(c->head, image, sizeof c->head);
    if (!stays) {
        take_path(c);
    }
}

void course_programme(course_t *c, const uint8_t *image, uint64_t now_ms)
{
    const char *wrong = week_read(&c->week, image);
    const uint8_t mode = image[DOSING_PROGRAMME_AT_MODE];
    if (wrong != NULL || mode > DOSING_MODE_MINIMUM) {
        blame(c, wrong != NULL ? wrong : "a mode that does not exist was committed");
        return;
    }
    if (!c->local && (mode == DOSING_MODE_FLEX || image[DOSING_PROGRAMME_AT_TIMED] != 0u)) {
        blame(c, "a programme by local time was committed while that is not known");
    }
    forfeit(c);
    change(c, image);
    c->committed = true;
    c->strange = false;
    c->mode = mode;
    c->asks = fake_get(image + DOSING_PROGRAMME_AT_PATIENT + DOSING_PATIENT_AT_DOSE, 8u) != 0u;
    c->empty_pl = fake_get(image + DOSING_PROGRAMME_AT_EMPTY_NL, 4u) * 1000u;
    c->served_ms = c->local ? later(c->served_ms, now_ms + c->shift_ms) : 0u;
    c->free_ms = now_ms;
    judge_reservoir(c);
    look_ahead(c);
}

static void stop(course_t *c)
{
    forfeit(c);
    c->mode = DOSING_MODE_STOPPED;
    c->asks = false;
    c->week.moments = 0u;
    look_ahead(c);
}

static void prime(course_t *c, const uint8_t *payload)
{
    const uint64_t tubing_nl = fake_get(payload + DOSING_PRIME_AT_TUBING, 4u);
    const uint64_t catheter_nl = fake_get(payload + DOSING_PRIME_AT_CATHETER, 4u);
    const uint32_t revision = (uint32_t)fake_get(payload + DOSING_PRIME_AT_REVISION, 4u);
    const uint64_t pl = c->factory->pulse_volume_pl;
    if (revision <= c->revision) {
        blame(c, "a system revision was primed twice");
    } else if (tubing_nl > c->factory->tubing_nl || catheter_nl > DOSING_PRIME_CATHETER_NL_MAX ||
               tubing_nl + catheter_nl == 0u) {
        blame(c, "a prime of a volume that is none of the system's was accepted");
    } else if (c->kind != NONE) {
        blame(c, "a prime was accepted during another delivery");
    }
    c->kind = DOSING_DELIVERY_PRIME;
    c->prime_pulses = ((tubing_nl + catheter_nl) * 1000u + pl - 1u) / pl;
    c->revision = revision;
}

static uint64_t of_patient(const course_t *c, uint32_t at, uint32_t size)
{
    return fake_get(c->head + DOSING_PROGRAMME_AT_PATIENT + at, size);
}

/* Those that began less than `span_ms` ago. */
static uint32_t asked_within(const course_t *c, uint64_t now_ms, uint64_t span_ms)
{
    uint32_t count = 0;
    while (count < c->asked && count < COURSE_ASKED_MAX &&
           c->asked_ms[(c->asked - 1u - count) % COURSE_ASKED_MAX] + span_ms > now_ms) {
        count++;
    }
    return count;
}

bool course_lockout_is_over(const course_t *c, uint64_t now_ms)
{
    return asked_within(c, now_ms, of_patient(c, DOSING_PATIENT_AT_LOCKOUT, 4u)) == 0u;
}

bool course_counts_allow(const course_t *c, uint64_t now_ms)
{
    const uint64_t interval_ms = of_patient(c, DOSING_PATIENT_AT_INTERVAL, 4u);
    return asked_within(c, now_ms, interval_ms) <
               of_patient(c, DOSING_PATIENT_AT_PER_INTERVAL, 2u) &&
           asked_within(c, now_ms, WEEK_DAY_MS) < of_patient(c, DOSING_PATIENT_AT_PER_DAY, 2u);
}

static void request(course_t *c, uint64_t now_ms)
{
    if (c->strange) {
        return;
    }
    if (!c->asks) {
        blame(c, "a patient's bolus was given that no programme has");
    } else if (!course_lockout_is_over(c, now_ms)) {
        blame(c, "a patient's bolus was given within the lockout");
    } else if (!course_counts_allow(c, now_ms)) {
        blame(c, "more patient's boluses were given than an interval or a day allows");
    } else if (c->kind == DOSING_DELIVERY_PATIENT || c->kind == DOSING_DELIVERY_PRIME) {
        blame(c, "a patient's bolus was given during another or during a prime");
    }
    hold(c, now_ms);
    begin(c, DOSING_DELIVERY_PATIENT, (double)of_patient(c, DOSING_PATIENT_AT_DOSE, 8u),
          of_patient(c, DOSING_PATIENT_AT_DURATION, 4u), now_ms);
    c->asked_ms[c->asked++ % COURSE_ASKED_MAX] = now_ms;
}

static void bolus(course_t *c, const uint8_t *payload, uint64_t now_ms)
{
    if (c->kind != NONE) {
        blame(c, "a bolus was accepted during another delivery");
    } else if (!c->strange && (c->mode == DOSING_MODE_MINIMUM || !c->committed)) {
        blame(c, "a bolus was accepted at the minimum rate or without a programme");
    }
    begin(c, DOSING_DELIVERY_BOLUS, (double)fake_get(payload + DOSING_BOLUS_AT_DOSE, 8u),
          fake_get(payload + DOSING_BOLUS_AT_DURATION, 4u), now_ms);
}

void course_order(course_t *c, uint8_t type, const uint8_t *payload, uint64_t now_ms)
{
    switch (type) {
    case DOSING_FRAME_BOLUS:
        bolus(c, payload, now_ms);
        break;
    case DOSING_FRAME_STOP:
        stop(c);
        break;
    case DOSING_FRAME_REFILL:
        c->volume_pl = fake_get(payload, 4u) * 1000u;
        judge_reservoir(c);
        break;
    case DOSING_FRAME_PRIME:
        prime(c, payload);
        break;
    case DOSING_FRAME_SET_TIME:
        set_time(c, fake_get(payload, 4u), now_ms);
        break;
    case DOSING_FRAME_REQUEST:
        request(c, now_ms);
        break;
    default: /* nothing that is given depends on it */
        break;
    }
}
