/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-STORE and REQ-RESET: power lost in every operation of the store, in turn, in random lives of a pump.
 *
 * Then it is lost a second time, in each operation of the start that follows: of one cut in TWICE_EVERY, or of all where
 * POWERCUT_TWICE is set (half a minute).
 *
 * A failure names the life and the operations. POWERCUT="SEED OPERATION" or POWERCUT="SEED OPERATION OF_THE_START" replays that
 * one; POWERCUT_SEEDS=N lives that many.
 */
#include <criterion/criterion.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dosing_keep.h"
#include "dosing_state.h"
#include "fake_hal.h"

#define HOUR_MS UINT64_C(3600000)
#define DAY_MS UINT64_C(86400000)
#define SEEDS 6u
#define PULSES_MAX 200000u
#define STEPS 9u
#define TWICE_EVERY 12u
#define START_MS 1000u /* a start: init, and the wakes that it wants at once */
#define NL_PER_PULSE 250u

/* What the clinician knows to be in force, and what may be since the frame whose reply never came. */
typedef struct order_t {
    uint64_t dose, limit_nl;
    uint32_t concentration, mode;
    bool any;
} order_t;

typedef struct life_t {
    fake_pump_t pump;
    uint64_t seed;
    order_t sure, maybe;
    uint64_t volume_nl,
        volume_maybe_nl;   /* declared by the latest refill, and by one without a reply */
    uint64_t filled_at;    /* true pulses at that refill */
    uint64_t bolus_pulses; /* most of a bolus under way */
    uint64_t last_counter;
    uint8_t last_frame[DOSING_FRAME_BYTES_MAX];
    uint32_t last_length;
    uint64_t begun_ms[PULSES_MAX];
    uint64_t limit_nl[PULSES_MAX]; /* in force when it began */
    uint32_t begun;
    jmp_buf power;
} life_t;

static life_t life;
static char name[64]; /* of the present case, to replay it */

static uint64_t draw(uint64_t below)
{
    return fake_random(&life.seed) % below;
}

static void on_train(void *context, uint64_t start_ms, uint32_t period_ms, uint32_t done)
{
    life_t *l = context;
    for (uint32_t i = 0; i < done && l->begun < PULSES_MAX; i++) {
        l->limit_nl[l->begun] = l->sure.limit_nl;
        l->begun_ms[l->begun++] = start_ms + (uint64_t)i * period_ms;
    }
}

static void on_cut(void *context)
{
    longjmp(((life_t *)context)->power, 1);
}

static void run(uint64_t ms)
{
    fake_pump_run(&life.pump, life.pump.hal.now_ms + ms);
}

/* ---- steps of a life ------------------------------------------------------------------------------------------------- */

static void step_commit(void)
{
    uint8_t programme[DOSING_PROGRAMME_BYTES];
    order_t o = {.any = true, .mode = DOSING_MODE_SIMPLE};
    o.concentration = 500000u;
    o.dose = 50000u + draw(40u) * 25000u;
    const uint64_t nl_per_day = o.dose * 1000000u / o.concentration;
    o.limit_nl = nl_per_day + nl_per_day / 12u + 4000u + draw(400000u);
    fake_programme(programme, o.concentration, o.dose);
    fake_put(programme + DOSING_PROGRAMME_AT_VOLUME_24H, o.limit_nl, 4u);
    life.maybe = o;
    const dosing_status_t status = fake_commit(&life.pump, programme);
    if (status == DOSING_OK) {
        life.sure = o;
        life.bolus_pulses = 0u;
    }
    cr_assert(status == DOSING_OK || status == DOSING_REFUSED_LIMIT, "%s: commit %d", name,
              (int)status);
    life.maybe.any = false;
}

static void step_refill(void)
{
    life.volume_maybe_nl = 12000000u + draw(8000001u);
    const uint64_t pulses = fake_pulses(&life.pump.hal);
    cr_assert_eq(fake_refill(&life.pump, (uint32_t)life.volume_maybe_nl), DOSING_OK, "%s", name);
    life.volume_nl = life.volume_maybe_nl;
    life.filled_at = pulses;
    life.volume_maybe_nl = 0u;
}

static void step_bolus(void)
{
    const uint64_t dose = 2000u + draw(20000u);
    const uint64_t pulses = dose * 1000000u / life.sure.concentration / NL_PER_PULSE + 2u;
    life.bolus_pulses = pulses;
    (void)fake_bolus(&life.pump, dose, (uint32_t)(600000u + draw(2u * HOUR_MS)));
}

static void step_stop(void)
{
    life.maybe = life.sure;
    life.maybe.mode = DOSING_MODE_STOPPED;
    life.maybe.dose = 0u;
    cr_assert_eq(fake_send(&life.pump, DOSING_FRAME_STOP, NULL, 0u), DOSING_OK, "%s", name);
    life.sure = life.maybe;
    life.maybe.any = false;
    life.bolus_pulses = 0u;
}

static void step_clear(void)
{
    const uint8_t all[4] = {0xFF, 0xFF, 0xFF, 0xFF};
    cr_assert_eq(fake_send(&life.pump, DOSING_FRAME_ALARM_CLEAR, all, 4u), DOSING_OK, "%s", name);
}

static void begin(uint64_t seed)
{
    static const uint32_t units[] = {8u, 1u, 64u, 16u, 48u, 4u, 32u, 3u};
    const uint32_t unit = units[seed % 8u];
    life.seed = seed;
    life.begun = 0u;
    life.sure = life.maybe = (order_t){0};
    life.volume_nl = life.volume_maybe_nl = life.filled_at = life.bolus_pulses = 0u;
    fake_init(&life.pump.hal);
    fake_flash_init(&life.pump.hal.flash, 8u + (uint32_t)(seed % 3u), 8192u / unit * unit, unit,
                    seed % 2u == 0u ? 0xFFu : 0x00u);
    life.pump.hal.flash.seed = seed;
    life.pump.hal.on_train = on_train;
    life.pump.hal.on_train_context = &life;
    life.pump.hal.flash.on_cut = on_cut;
    life.pump.hal.flash.on_cut_context = &life;
}

static void live(void)
{
    static void (*const steps[])(void) = {step_commit, step_refill, step_bolus,
                                          step_bolus,  step_stop,   step_clear};
    fake_pump_start(&life.pump);
    run(1000u);
    step_refill();
    step_commit();
    for (uint32_t i = 0; i < STEPS; i++) {
        run(draw(4u) == 0u ? draw(DAY_MS) : draw(3u * HOUR_MS));
        steps[draw(6u)]();
    }
    run(DAY_MS + draw(DAY_MS));
    step_commit();
    run(6u * HOUR_MS);
}

/* ---- what must hold after a reset ------------------------------------------------------------------------------------ */

static bool is(const order_t *o)
{
    return fake_report(&life.pump, DOSING_REPORT_AT_MODE, 1u) == o->mode &&
           fake_report(&life.pump, DOSING_REPORT_AT_DOSE, 8u) == o->dose &&
           fake_report(&life.pump, DOSING_REPORT_AT_CONCENTRATION, 4u) == o->concentration;
}

static void check_programme(void)
{
    const bool old = is(&life.sure);
    const bool newer = life.maybe.any && is(&life.maybe);
    cr_assert(old || newer, "%s: neither the old programme nor the new one", name);
    if (!old) {
        life.sure = life.maybe;
    } else if (newer && life.maybe.limit_nl > life.sure.limit_nl) {
        life.sure.limit_nl =
            life.maybe.limit_nl; /* cannot be told apart here: the wider one is judged */
    }
}

/* Most pulses that one lease may hold: its time of basal and what is left of a bolus, or one train. */
static uint64_t lease_max(void)
{
    const double basal = life.sure.concentration != 0u
                             ? (double)life.sure.dose * 1e6 / life.sure.concentration /
                                   NL_PER_PULSE * (double)DOSING_KEEP_LEASE_MS / (double)DAY_MS
                             : 0.0;
    const uint64_t pulses = (uint64_t)basal + 4u + life.bolus_pulses;
    return pulses > DOSING_TRAIN_PULSES_MAX ? pulses : DOSING_TRAIN_PULSES_MAX;
}

static void check_account(uint64_t resets, uint64_t lease)
{
    const uint64_t truth = fake_pulses(&life.pump.hal);
    const uint64_t told = fake_report(&life.pump, DOSING_REPORT_AT_COMMANDED, 8u);
    cr_assert_geq(told, truth, "%s: %llu pulses are not in the account", name,
                  (unsigned long long)(truth - told));
    cr_assert_leq(told, truth + resets * lease, "%s: %llu pulses too many", name,
                  (unsigned long long)(told - truth));
    const uint64_t volume_nl = fake_report(&life.pump, DOSING_REPORT_AT_VOLUME_NL, 4u);
    const uint64_t taken_nl = (truth - life.filled_at) * NL_PER_PULSE;
    if (life.volume_maybe_nl == 0u) {
        cr_assert_leq(volume_nl, life.volume_nl - taken_nl,
                      "%s: the reservoir is believed fuller than it is", name);
        cr_assert_geq(volume_nl + resets * lease * NL_PER_PULSE, life.volume_nl - taken_nl,
                      "%s: more than one lease is missing in the ledger", name);
    }
}

/* In every 24 h of true pulses, over resets, no more than the programme allowed that was in force at their end. */
static void check_windows(void)
{
    uint32_t first = 0;
    for (uint32_t i = 0; i < life.begun; i++) {
        while (life.begun_ms[i] - life.begun_ms[first] >= DAY_MS) {
            first++;
        }
        cr_assert_leq((i - first + 1u) * NL_PER_PULSE, life.limit_nl[i], "%s: 24 h hold %u pulses",
                      name, i - first + 1u);
    }
}

/* The motor has no power either: the stroke that it began completes. */
static void lose_power(void)
{
    if (life.pump.hal.running) {
        (void)fake_hal.train_stop(&life.pump.hal);
    }
    life.pump.hal.armed = false;
}

static void reboot(void)
{
    const bool warm = draw(3u) == 0u;
    const uint64_t down_ms = warm ? 20u : 100u + draw(draw(2u) == 0u ? HOUR_MS : 10000u);
    const uint64_t now_ms = life.pump.hal.now_ms - life.pump.hal.origin_ms;
    life.pump.hal.cause = warm ? DOSING_RESET_WATCHDOG : DOSING_RESET_BROWN_OUT;
    if (!warm) {
        lose_power();
    }
    fake_pump_reset(&life.pump, down_ms, warm ? now_ms + down_ms : draw(2u) * draw(100000u));
    cr_assert_eq(life.pump.status, DOSING_OK, "%s: the core does not start", name);
    life.pump.counter = 1u << 20; /* above every bound: counters have their own test */
}

static void check_alarms(void)
{
    const uint64_t alarms = fake_report(&life.pump, DOSING_REPORT_AT_ALARMS, 4u);
    cr_assert_eq(alarms & (DOSING_ALARM_LOST | DOSING_ALARM_GUARD | DOSING_ALARM_MEMORY |
                           DOSING_ALARM_STORE),
                 0u, "%s: alarms %llx", name, (unsigned long long)alarms);
    if (life.sure.any) {
        cr_assert_neq(alarms & DOSING_ALARM_RESET, 0u, "%s: the reset is not told", name);
    }
}

/* A day and a half on: the programme goes on, boluses are taken as before, and so is a commit. */
static void go_on(void)
{
    const uint64_t before = fake_pulses(&life.pump.hal);
    run(30u * HOUR_MS);
    if (life.sure.any && life.sure.mode == DOSING_MODE_SIMPLE) {
        const double day = (double)life.sure.dose * 1e6 / life.sure.concentration / NL_PER_PULSE;
        const double due = day * 30.0 / 24.0;
        const double given = (double)(fake_pulses(&life.pump.hal) - before);
        cr_assert_geq(given, due - 3.0 - (double)(2u * lease_max()),
                      "%s: %g pulses in 30 h where %g are due", name, given, due);
    }
    step_clear();
    (void)fake_bolus(&life.pump, 20000u, 1200000u);
    run(3u * HOUR_MS);
    step_commit();
    run(26u * HOUR_MS);
    check_windows();
}

/* Lives until the power goes; false where it never does. */
static bool live_until_cut(uint64_t operation)
{
    life.pump.hal.flash.cut_at = operation;
    if (setjmp(life.power) == 0) {
        live();
        return false;
    }
    return true;
}

/* Power is back for good. `lease` is the most that earlier starts may have held. */
static void check_start(uint64_t lease)
{
    life.pump.hal.flash.cut_at = FAKE_FLASH_NEVER;
    reboot();
    check_programme();
    check_alarms();
    check_account(1u, lease + lease_max());
    if (life.volume_maybe_nl != 0u) { /* it is told by the next refill */
        step_refill();
    }
    go_on();
    cr_assert_str_empty(life.pump.hal.violation, "%s: %s", name, life.pump.hal.violation);
    cr_assert_str_empty(life.pump.hal.flash.violation, "%s: %s", name,
                        life.pump.hal.flash.violation);
}

static bool cut(uint64_t seed, uint64_t operation)
{
    snprintf(name, sizeof name, "POWERCUT=\"%llu %llu\"", (unsigned long long)seed,
             (unsigned long long)operation);
    begin(seed);
    if (!live_until_cut(operation)) {
        return false;
    }
    life.seed = seed ^ operation << 20;
    check_start(lease_max());
    return true;
}

/* Starts until the power goes again, in operation `again` of the start; false where it has fewer. */
static bool start_until_cut(uint64_t again)
{
    life.pump.hal.flash.cut_at = life.pump.hal.flash.operations + again;
    if (setjmp(life.power) == 0) {
        reboot();
        run(START_MS);
        return false;
    }
    return true;
}

/* The same life up to the cut, and a start that is cut as well. */
static bool cut_twice(uint64_t seed, uint64_t operation, uint64_t again)
{
    snprintf(name, sizeof name, "POWERCUT=\"%llu %llu %llu\"", (unsigned long long)seed,
             (unsigned long long)operation, (unsigned long long)again);
    begin(seed);
    cr_assert(live_until_cut(operation), "%s: it has fewer operations", name);
    life.seed = seed ^ operation << 20 ^ again << 40;
    const uint64_t lease = lease_max();
    if (!start_until_cut(again)) {
        return false;
    }
    check_start(lease + (life.maybe.any ? 2u : 1u) * lease_max());
    return true;
}

static uint64_t cut_everywhere(uint64_t seed)
{
    uint64_t operation = 0;
    while (cut(seed, operation)) {
        operation++;
    }
    return operation;
}

/* How many starts were cut. */
static uint64_t cut_twice_everywhere(uint64_t seed, uint64_t operations, uint64_t every)
{
    uint64_t starts = 0;
    for (uint64_t operation = seed % every; operation < operations; operation += every) {
        uint64_t again = 0;
        while (cut_twice(seed, operation, again)) {
            again++;
        }
        starts += again;
    }
    return starts;
}

static bool replays(void)
{
    unsigned long long seed, operation, again;
    const char *one = getenv("POWERCUT");
    const int count = one != NULL ? sscanf(one, "%llu %llu %llu", &seed, &operation, &again) : 0;
    if (count == 2) {
        cr_expect(cut(seed, operation), "%s: it has fewer operations", name);
    } else if (count == 3) {
        cr_expect(cut_twice(seed, operation, again), "%s: the start has fewer operations", name);
    }
    return count >= 2;
}

static unsigned long long seeds_wanted(void)
{
    const char *many = getenv("POWERCUT_SEEDS");
    return many != NULL ? strtoull(many, NULL, 10) : SEEDS;
}

static void tell(uint64_t seed, uint64_t count, const char *what)
{
    if (getenv("POWERCUT_TELL") != NULL) {
        fprintf(stderr, "seed %llu: %llu %s\n", (unsigned long long)seed, (unsigned long long)count,
                what);
    }
}

/* REQ-STORE-01, REQ-STORE-02, REQ-STORE-03, REQ-RESET-01 */
Test(powercut, at_every_operation_errs_safely)
{
    const unsigned long long seeds = replays() ? 0u : seeds_wanted();
    for (unsigned long long seed = 0; seed < seeds; seed++) {
        const uint64_t operations = cut_everywhere(seed);
        tell(seed, operations, "operations");
        cr_expect_gt(operations, 100u, "seed %llu: a life of %llu operations", seed,
                     (unsigned long long)operations);
    }
}

/* REQ-STORE-01, REQ-STORE-02, REQ-STORE-03, REQ-RESET-01 */
Test(powercut, again_in_the_start_that_follows_errs_safely)
{
    const uint64_t every = getenv("POWERCUT_TWICE") != NULL ? 1u : TWICE_EVERY;
    const unsigned long long seeds = getenv("POWERCUT") != NULL ? 0u : seeds_wanted();
    for (unsigned long long seed = 0; seed < seeds; seed++) {
        begin(seed);
        cr_assert_not(live_until_cut(FAKE_FLASH_NEVER));
        const uint64_t operations = life.pump.hal.flash.operations;
        const uint64_t starts = cut_twice_everywhere(seed, operations, every);
        tell(seed, starts, "starts cut");
        cr_expect_gt(starts, operations / every, "seed %llu: %llu starts were cut", seed,
                     (unsigned long long)starts);
    }
}
