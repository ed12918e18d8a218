/* SPDX-License-Identifier: Apache-2.0 */
/* Ten million pulses of whole pumps, refilled, run low and run dry: the books of volume, mass and charge close. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/pump.h"
#include "device/pump_drive.h"
#include "draw.h"
#include "tests/models/device/defaults.h"
#include "tests/models/device/usual_pump.h"

enum { SEED = 17, TRAIN = 64, TRAINS = 156250 };

#define CLOSES 1e-12

/* What was put in and what came out, in more digits than the pump has. */
typedef struct books_t {
    long double in_ml, in_ug;
    long double out_ml, out_ug; /* at the outlet */
    long double withdrawn_ml, withdrawn_ug;
    int dry, low; /* trains that found no fluid, or less than they displaced */
} books_t;

static int book(void *context, const pump_flow_t *flow, error_t *e)
{
    books_t *b = context;
    (void)e;
    b->out_ml += (long double)flow->segment.volume_ml;
    b->out_ug += (long double)flow->mass_ug[0];
    return 0;
}

static void make(pump_t *p, pump_kind_t kind, double degradation_per_day)
{
    error_t e = {0};
    pump_param_t q = usual_pump(kind);
    q.compound[0].degradation_per_day = degradation_per_day;
    draw_init(&q.steps, SEED, DRAW_TEST, 0, 0, 1);
    cr_assert_eq(pump_init(p, &q, &e), 0, "%s", e.text);
}

/* Empties it to what a needle leaves, and fills it with another strength. */
static void refill(pump_t *p, draw_t *d, books_t *b)
{
    const double left_ml = draw_uniform(d), ug_per_ml = 2000.0 * draw_uniform(d);
    double mass_ug, taken_ml;
    error_t e = {0};
    b->withdrawn_ml += (long double)reservoir_withdraw(&p->reservoir, left_ml, &mass_ug);
    b->withdrawn_ug += (long double)mass_ug;
    cr_assert_geq(
        reservoir_inject(&p->reservoir, 15.0 + 4.0 * draw_uniform(d), &ug_per_ml, &taken_ml, &e), 0,
        "%s", e.text);
    b->in_ml += (long double)taken_ml;
    b->in_ug += (long double)taken_ml * (long double)ug_per_ml;
    pump_filled(p);
}

/* A train now, looked at once at a random moment of it; then as long a rest. */
static void train(pump_t *p, draw_t *d, books_t *b)
{
    const pump_sink_t sink = {b, book, NULL};
    const int64_t start_ms = p->now_ms;
    const double short_ml = p->reservoir.short_ml, gas_ml = p->reservoir.gas_ml;
    error_t e = {0};
    cr_assert_eq(pump_drive_start(p, TRAIN, 250.0, &e), 0, "%s", e.text);
    const int64_t look_ms = start_ms + (int64_t)(draw_uniform(d) * 250.0 * TRAIN);
    cr_assert_eq(pump_advance(p, look_ms, &sink, &e), 0, "%s", e.text);
    cr_assert_eq(pump_advance(p, start_ms + 500 * TRAIN, &sink, &e), 0, "%s", e.text);
    b->low += p->reservoir.short_ml > short_ml;
    b->dry += p->reservoir.gas_ml > gas_ml;
}

static void close_to(const char *book, long double found, long double wanted, const pump_t *p)
{
    cr_expect(fabsl(found - wanted) <= (long double)CLOSES * fabsl(wanted),
              "kind %d, seed %d: %s %.20Lg, wanted %.20Lg, off by %.1Le", (int)p->kind, SEED, book,
              found, wanted, (found - wanted) / wanted);
}

/* Most of the time a pump is refilled in time; now and then it is left to run dry. Returns its books. */
static books_t live(pump_t *p)
{
    const double full_ml = pump_usable_ml(p);
    books_t b = {.in_ml = (long double)reservoir_volume_ml(&p->reservoir),
                 .in_ug = (long double)reservoir_mass_ug(&p->reservoir, 0)};
    draw_t d;
    double until_ml = 0.1 * full_ml;
    int late = 0; /* trains that the refill comes late for, once the reservoir is empty */
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 0);
    for (int i = 0; i < TRAINS; i++) {
        train(p, &d, &b);
        late -= pump_usable_ml(p) <= 0.0;
        if (pump_usable_ml(p) <= until_ml && late <= 0) {
            refill(p, &d, &b);
            until_ml = fmax(0.0, 5.0 * draw_uniform(&d) - 1.0);
            late = (int)(200.0 * draw_uniform(&d));
        }
    }
    return b;
}

static void check(const pump_t *p, const books_t *b)
{
    const reservoir_t *r = &p->reservoir;
    const battery_param_t *cell = &default_battery;
    error_t e = {0};
    cr_assert_eq(pump_verify(p, &e), 0, "%s", e.text);
    cr_assert_gt(b->dry, 100, "the life must run dry to mean something");
    close_to("fluid", b->out_ml + b->withdrawn_ml + (long double)reservoir_volume_ml(r), b->in_ml,
             p);
    close_to("drug",
             b->out_ug + b->withdrawn_ug + (long double)reservoir_mass_ug(r, 0) +
                 (long double)reservoir_degraded_ug(r, 0),
             b->in_ug, p);
    close_to("delivered", (long double)p->delivered_ml.high, b->out_ml, p);
    close_to("displaced, delivered or not",
             b->out_ml + (long double)r->gas_ml + (long double)r->short_ml,
             (long double)p->displaced_ml.high, p);
    const long double pulses = (long double)TRAINS * TRAIN;
    const long double charge_uc = pulses * (long double)cell->pulse_uc +
                                  (long double)p->now_ms * 1e-3L * (long double)cell->sleep_ua;
    close_to("charge", (long double)battery_used_mah(&p->battery) * 3.6e6L, charge_uc, p);
    cr_expect_eq(p->battery.pulses, (int64_t)TRAINS * TRAIN);
}

Test(pump_life, ten_million_pulses_of_rollers)
{
    pump_t p;
    make(&p, PUMP_PERISTALTIC, 0.0);
    const books_t b = live(&p);
    check(&p, &b);
    cr_assert_gt(b.low, 1000, "it must run low to mean something");
}

Test(pump_life, ten_million_cycles_of_valves_with_a_drug_that_degrades)
{
    pump_t p;
    make(&p, PUMP_VALVE_GATED, 0.01);
    const books_t b = live(&p);
    check(&p, &b);
}
