/* SPDX-License-Identifier: Apache-2.0 */
/* The functions around the program's own, and the clock between them. */
#include "tests/bench/meter.h"

#include "body/ashworth.h"
#include "body/body.h"
#include "body/tolerance.h"
#include "cohort/contact.h"
#include "cohort/embody.h"
#include "cohort/observe.h"
#include "cohort/visit.h"
#include "dataset/journal.h"
#include "dataset/record.h"
#include "dataset/writer.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define CLOCK_TRIES 100000

static bool on;
static meter_part_t now;
static double since_s;
static double spent_s[METER_PARTS];
static int64_t stretches[METER_PARTS];
static int64_t wakes;

static double clock_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Ends the stretch of the part that is on, and begins one of `part`. Returns the former. */
static meter_part_t change(meter_part_t part)
{
    const meter_part_t before = now;
    double s;
    if (!on) {
        return part;
    }
    s = clock_s();
    spent_s[before] += s - since_s;
    stretches[before]++;
    now = part;
    since_s = s;
    return before;
}

void meter_start(void)
{
    for (int i = 0; i < METER_PARTS; i++) {
        spent_s[i] = 0.0;
        stretches[i] = 0;
    }
    wakes = 0;
    on = true;
    now = METER_DEVICE;
    since_s = clock_s();
}

/* What an empty stretch measures. */
static double clock_cost_s(void)
{
    const double start = clock_s();
    for (int i = 0; i < CLOCK_TRIES; i++) {
        (void)clock_s();
    }
    return (clock_s() - start) / CLOCK_TRIES;
}

void meter_stop(double seconds[METER_PARTS])
{
    double cost_s;
    (void)change(METER_DEVICE);
    on = false;
    cost_s = clock_cost_s();
    for (int i = 0; i < METER_PARTS; i++) {
        seconds[i] = spent_s[i] - (double)stretches[i] * cost_s;
    }
}

/* ---- the core --------------------------------------------------------------------------------------- */

static const dosing_entry_t *inner;
static dosing_entry_t metered;

static dosing_status_t metered_wake(dosing_state_t *state, uint64_t *next_ms)
{
    const meter_part_t before = change(METER_WAKE);
    const dosing_status_t status = inner->wake(state, next_ms);
    (void)change(before);
    wakes++;
    return status;
}

int64_t meter_wakes(void)
{
    return wakes;
}

core_t meter_core(core_t core)
{
    inner = core.entry;
    metered = *inner;
    metered.wake = metered_wake;
    core.entry = &metered;
    return core;
}

/* ---- the program's functions: part, type, name, parameters and arguments; the compiler holds them to the headers ---- */

#define WRAP(part, type, name, parameters, arguments)                                              \
    __typeof__(name) __real_##name, __wrap_##name;                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        const meter_part_t before = change(part);                                                  \
        const type result = __real_##name arguments;                                               \
        (void)change(before);                                                                      \
        return result;                                                                             \
    }
#define WRAP_VOID(part, name, parameters, arguments)                                               \
    __typeof__(name) __real_##name, __wrap_##name;                                                 \
    void __wrap_##name parameters                                                                  \
    {                                                                                              \
        const meter_part_t before = change(part);                                                  \
        __real_##name arguments;                                                                   \
        (void)change(before);                                                                      \
    }
#define WRAP_READ(name) WRAP(METER_TRANSPORT, double, name, (body_t * b, int drug), (b, drug))

WRAP(METER_EIGEN, int, embody_body,
     (const study_t *arm, const person_t *person, body_t *body, int *lumbar, error_t *e),
     (arm, person, body, lumbar, e))
WRAP(METER_TRANSPORT, int, body_advance,
     (body_t * b, int32_t minutes, const double mass_ug[], error_t *e), (b, minutes, mass_ug, e))
WRAP_VOID(METER_TRANSPORT, body_ledger, (const body_t *b, int drug, body_ledger_t *out),
          (b, drug, out))
WRAP(METER_TRANSPORT, double, body_csf_ng_per_ml, (body_t * b, int drug, int site), (b, drug, site))
WRAP_READ(body_tip_ng_per_ml)
WRAP_READ(body_cisternal_ng_per_ml)
WRAP_READ(body_plasma_ng_per_ml)
WRAP_READ(body_effect_ng_per_ml)
WRAP(METER_EFFECT, double, ashworth_latent, (const ashworth_t *a, double ng_per_ml), (a, ng_per_ml))
WRAP(METER_EFFECT, double, ashworth_rated,
     (const ashworth_t *a, double ng_per_ml, const double rater_normal[ASHWORTH_GROUPS]),
     (a, ng_per_ml, rater_normal))
WRAP_VOID(METER_EFFECT, tolerance_advance, (tolerance_t * t, double hours, double ng_per_ml),
          (t, hours, ng_per_ml))
WRAP(METER_CARE, int, contact_hold, (patient_t * p, error_t *e), (p, e))
WRAP(METER_CARE, int64_t, contact_time_ms, (const patient_t *p), (p))
WRAP(METER_CARE, int, visit_enrol, (patient_t * p, error_t *e), (p, e))
WRAP(METER_CARE, int, visit_scripted, (patient_t * p, const study_event_t *event, error_t *e),
     (p, event, e))
WRAP_VOID(METER_WRITE, observe_day, (patient_t * p, int32_t day), (p, day))
WRAP_VOID(METER_WRITE, observe_end, (patient_t * p, int stop, double believed_ml),
          (p, stop, believed_ml))
WRAP(METER_WRITE, int, record_finish, (record_t * r, error_t *e), (r, e))
WRAP(METER_WRITE, int, journal_append, (journal_t * j, const record_t *r, error_t *e), (j, r, e))
WRAP(METER_WRITE, int, journal_sync, (journal_t * j, error_t *e), (j, e))
WRAP(METER_WRITE, int, journal_remove, (journal_t * j, error_t *e), (j, e))
WRAP(METER_WRITE, int, writer_assemble,
     (journal_t * j, const char *path, const provenance_t *p, const writer_options_t *o,
      error_t *e),
     (j, path, p, o, e))
