/* SPDX-License-Identifier: Apache-2.0 */
/* The functions around the program's own, and the timer that looks which is on. */
#include "tests/bench/meter.h"

#include "body/ashworth.h"
#include "body/body.h"
#include "body/tolerance.h"
#include "cohort/assembly.h"
#include "cohort/contact.h"
#include "cohort/embody.h"
#include "cohort/observe.h"
#include "cohort/outflow.h"
#include "cohort/visit.h"
#include "dataset/journal.h"
#include "dataset/record.h"
#include "device/battery.h"
#include "device/catheter.h"
#include "device/oscillator.h"
#include "device/pump.h"
#include "device/pump_drive.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#define LOOK_US 199 /* no divisor of what else ticks */

static volatile sig_atomic_t now;
static volatile double spent_s[METER_PARTS]; /* by the timer's handler alone while it is set */
static volatile double looked_s;
static clockid_t metered_clock;
static int64_t wakes;

/* Of the metered thread alone, so that a busy machine does not count, whichever thread the signal comes to. */
static double processor_s(void)
{
    struct timespec t;
    (void)clock_gettime(metered_clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

meter_part_t meter_change(meter_part_t part)
{
    const meter_part_t before = (meter_part_t)now;
    now = (sig_atomic_t)part;
    return before;
}

static void look(int signal)
{
    (void)signal;
    const double s = processor_s(); /* clock_gettime may be called from a handler */
    spent_s[now] += s - looked_s;
    looked_s = s;
}

static void set_timer(suseconds_t us)
{
    const struct itimerval every = {{0, us}, {0, us}};
    (void)setitimer(ITIMER_REAL, &every, NULL);
}

void meter_start(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = look;
    action.sa_flags = SA_RESTART;
    (void)sigaction(SIGALRM, &action, NULL);
    for (int i = 0; i < METER_PARTS; i++) {
        spent_s[i] = 0.0;
    }
    wakes = 0;
    now = METER_HOST;
    (void)pthread_getcpuclockid(pthread_self(), &metered_clock);
    looked_s = processor_s();
    set_timer(LOOK_US);
}

void meter_stop(double seconds[METER_PARTS])
{
    set_timer(0);
    look(SIGALRM);
    for (int i = 0; i < METER_PARTS; i++) {
        seconds[i] = spent_s[i];
    }
}

int64_t meter_wakes(void)
{
    return wakes;
}

void meter_count_wake(void)
{
    wakes++;
}

/* ---- the program's functions: part, type, name, parameters and arguments; the compiler holds them to the headers ---- */

#define WRAP(part, type, name, parameters, arguments)                                              \
    __typeof__(name) __real_##name, __wrap_##name;                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        const meter_part_t before = meter_change(part);                                            \
        const type result = __real_##name arguments;                                               \
        (void)meter_change(before);                                                                \
        return result;                                                                             \
    }
#define WRAP_VOID(part, name, parameters, arguments)                                               \
    __typeof__(name) __real_##name, __wrap_##name;                                                 \
    void __wrap_##name parameters                                                                  \
    {                                                                                              \
        const meter_part_t before = meter_change(part);                                            \
        __real_##name arguments;                                                                   \
        (void)meter_change(before);                                                                \
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
WRAP_VOID(METER_WRITE, assembly_advance, (assembly_t * a), (a))
WRAP(METER_WRITE, int, assembly_finish, (assembly_t * a, error_t *e), (a, e))
WRAP(METER_FEED, int, outflow_push, (void *context, const pump_flow_t *flow, error_t *e),
     (context, flow, e))
WRAP_VOID(METER_DEVICE, catheter_push,
          (catheter_t * c, const segment_t *s, const double ug_per_ml[], catheter_out_t *out),
          (c, s, ug_per_ml, out))
WRAP(METER_DEVICE, int, pump_advance,
     (pump_t * p, int64_t time_ms, const pump_sink_t *sink, error_t *e), (p, time_ms, sink, e))
WRAP(METER_DEVICE, int, pump_settle, (pump_t * p, const pump_sink_t *sink, error_t *e),
     (p, sink, e))
WRAP(METER_DEVICE, int, pump_drive_start, (pump_t * p, int64_t count, double period_ms, error_t *e),
     (p, count, period_ms, e))
WRAP(METER_DEVICE, int64_t, pump_drive_train_confirmed, (const pump_t *p), (p))
WRAP(METER_DEVICE, bool, battery_carries, (const battery_t *b, battery_load_t load), (b, load))
WRAP(METER_DEVICE, int64_t, oscillator_alarm_ms,
     (const oscillator_t *o, int64_t core_ms, int64_t second_ms), (o, core_ms, second_ms))
WRAP(METER_DEVICE, int64_t, oscillator_sim_ms, (const oscillator_t *o, int64_t core_ms),
     (o, core_ms))
WRAP(METER_DEVICE, int64_t, oscillator_core_ms, (const oscillator_t *o, int64_t sim_ms),
     (o, sim_ms))
