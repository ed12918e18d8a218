/* SPDX-License-Identifier: Apache-2.0 */
/* Test vectors: seeded lives of one pump, told line by line. Host and target must print the same bytes.
 *
 * usage: vectors FIRST_SEED SCENARIOS. The order in which a compiler evaluates arguments is its own affair: every
 * random number is drawn in a statement of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dosing_crc.h"
#include "tests/firmware-core/fake_image.h"
#include "trace.h"

#define ACTIONS_PER_SCENARIO 48u
#define MINUTE_MS 60000u
#define HOUR_MS 3600000u
#define DAY_MS 86400000u
#define ROOM                                                                                       \
    (DOSING_PROGRAMME_BYTES + 255u * (DOSING_STEP_BYTES + DOSING_TIMED_BYTES)) /* by any counts */
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static fake_pump_t pump;

/* ---- random numbers -------------------------------------------------------------------------------------------------- */

static uint64_t below(uint64_t *seed, uint64_t bound)
{
    return fake_random(seed) % bound;
}

/* Of any magnitude: 0 to `bits` bits long. */
static uint64_t of_bits(uint64_t *seed, uint32_t bits)
{
    const uint64_t size = below(seed, bits + 1u);
    const uint64_t value = fake_random(seed);
    return size == 0u ? 0u : value >> (64u - size);
}

static void run(uint64_t ms)
{
    fake_pump_run(&pump, pump.hal.now_ms + ms);
}

/* ---- time -------------------------------------------------------------------------------------------------------------- */

static void run_minutes(uint64_t *seed)
{
    run(below(seed, 20u * MINUTE_MS));
}

static void run_hours(uint64_t *seed)
{
    run(below(seed, 8u * HOUR_MS));
}

static void run_days(uint64_t *seed)
{
    run(below(seed, 3u * DAY_MS));
}

static void wake_late(uint64_t *seed)
{
    const uint64_t late_ms = of_bits(seed, 24u);
    if (pump.next_ms != DOSING_NEVER_MS) {
        pump.hal.now_ms = pump.next_ms + late_ms;
        run(0u);
    }
}

static void wake_early(uint64_t *seed)
{
    pump.hal.now_ms += below(seed, MINUTE_MS);
    pump.status = pump.core->wake((dosing_state_t *)(void *)pump.state, &pump.next_ms);
}

/* ---- orders ------------------------------------------------------------------------------------------------------------ */

/* A programme near what the factory allows: now and then outside, with limits, with more drugs. */
static void draw_programme(uint64_t *seed, uint8_t *bytes)
{
    const uint64_t concentration = 1000u + of_bits(seed, 26u);
    const uint64_t nl_per_day = 40000u + of_bits(seed, 24u);
    const uint64_t rest = below(seed, 1000u);
    const uint64_t dose = nl_per_day * concentration / 1000000u + rest;
    const uint64_t drugs = below(seed, 4u) == 0u ? 1u + below(seed, 6u) : 1u;
    fake_programme(bytes, (uint32_t)concentration, below(seed, 12u) == 0u ? 0u : dose);
    bytes[DOSING_PROGRAMME_AT_DRUGS] = (uint8_t)drugs;
    for (uint32_t drug = 1; drug < drugs; drug++) {
        uint8_t *at = bytes + DOSING_PROGRAMME_AT_DRUG + drug * DOSING_DRUG_BYTES;
        fake_put(at + DOSING_DRUG_AT_CONCENTRATION, 1u + of_bits(seed, 26u), 4u);
        fake_put(at + DOSING_DRUG_AT_LIMIT, of_bits(seed, 33u), 8u);
    }
    if (below(seed, 3u) == 0u) {
        const uint64_t limit = dose + of_bits(seed, 32u);
        fake_put(bytes + DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_LIMIT, limit, 8u);
        fake_put(bytes + DOSING_PROGRAMME_AT_RATE_MAX, below(seed, 24000000u), 4u);
    }
}

/* Between slowest and fastest, mostly; now and then nothing. */
static uint64_t draw_dose(uint64_t *seed, uint64_t concentration)
{
    const uint64_t nl_per_day = 48000u + of_bits(seed, 23u);
    return below(seed, 8u) == 0u ? 0u : nl_per_day * concentration / 1000000u + 1u;
}

/* Each day begins with one of two steps, and has some of those that follow. */
static void draw_steps(uint64_t *seed, uint8_t *bytes, uint64_t concentration)
{
    const uint32_t some = (uint32_t)(1u + below(seed, IMAGE_DAILY - 1u));
    const uint64_t most = below(seed, 8u) == 0u ? DOSING_STEPS_MAX - 2u : 6u;
    const uint64_t count = below(seed, most + 1u);
    uint64_t minute = 0;
    uint64_t dose = draw_dose(seed, concentration);
    image_step(bytes, some, 0u, dose);
    dose = draw_dose(seed, concentration);
    image_step(bytes, IMAGE_DAILY & ~some, 0u, dose);
    for (uint64_t i = 0; i < count; i++) {
        minute += 1u + below(seed, 1400u / (count + 1u));
        const uint32_t days = (uint32_t)(1u + below(seed, IMAGE_DAILY));
        dose = draw_dose(seed, concentration);
        image_step(bytes, days, (uint32_t)minute, dose);
    }
}

static void draw_timed(uint64_t *seed, uint8_t *bytes, uint64_t concentration)
{
    uint64_t minute = below(seed, 700u);
    for (uint64_t n = 1u + below(seed, 4u); n > 0u; n--) {
        const uint32_t days = (uint32_t)(1u + below(seed, IMAGE_DAILY));
        const uint64_t minutes = 1u + below(seed, 60u);
        const uint64_t nl = 100u + below(seed, minutes * 8000u);
        image_timed(bytes, days, (uint32_t)minute, (uint32_t)(minutes * MINUTE_MS),
                    nl * concentration / 1000000u + 1u);
        minute += minutes + below(seed, 100u);
    }
}

static void draw_patient(uint64_t *seed, uint8_t *bytes, uint64_t concentration)
{
    const uint64_t ms = MINUTE_MS + below(seed, 59u * MINUTE_MS);
    const uint64_t lockout_ms = ms + below(seed, 6u * HOUR_MS);
    const uint64_t interval_ms = lockout_ms + below(seed, 12u * HOUR_MS);
    const uint64_t nl = 100u + below(seed, ms / 8u);
    const uint32_t per_interval = (uint32_t)(1u + below(seed, 4u));
    const uint32_t per_day = (uint32_t)(1u + below(seed, 12u));
    image_patient(bytes, nl * concentration / 1000000u + 1u, (uint32_t)ms, (uint32_t)lockout_ms,
                  (uint32_t)interval_ms, per_interval, per_day);
}

/* A programme of any mode, whole. Concentrations come again, so that not each is a change. */
static void draw_therapy(uint64_t *seed, uint8_t *bytes)
{
    static const uint32_t usual[] = {500000u, 500000u, 1000000u, 2000000u, 333337u};
    const uint64_t concentration = usual[below(seed, COUNT(usual))];
    const uint64_t mode = below(seed, 8u);
    fake_programme(bytes, (uint32_t)concentration, 0u);
    if (mode < 2u) {
        bytes[DOSING_PROGRAMME_AT_MODE] = mode == 0u ? DOSING_MODE_STOPPED : DOSING_MODE_MINIMUM;
    } else if (mode < 4u) {
        bytes[DOSING_PROGRAMME_AT_MODE] = DOSING_MODE_SIMPLE;
        fake_put(bytes + DOSING_PROGRAMME_AT_DOSE, 1u + draw_dose(seed, concentration), 8u);
    } else {
        bytes[DOSING_PROGRAMME_AT_MODE] = DOSING_MODE_FLEX;
        draw_steps(seed, bytes, concentration);
    }
    if (mode >= 2u && below(seed, 2u) == 0u) {
        draw_timed(seed, bytes, concentration);
    }
    if (mode >= 2u && below(seed, 2u) == 0u) {
        draw_patient(seed, bytes, concentration);
    }
    if (below(seed, 3u) == 0u) {
        fake_put(bytes + DOSING_PROGRAMME_AT_BRIDGE, of_bits(seed, 20u), 4u);
    }
}

static void order_therapy(uint64_t *seed)
{
    uint8_t bytes[ROOM] = {0};
    draw_therapy(seed, bytes);
    (void)fake_commit(&pump, bytes);
}

static void order_programme(uint64_t *seed)
{
    uint8_t bytes[ROOM] = {0};
    draw_programme(seed, bytes);
    (void)fake_commit(&pump, bytes);
}

static void order_absurd(uint64_t *seed)
{
    uint8_t bytes[ROOM] = {0};
    draw_programme(seed, bytes);
    const uint64_t at = below(seed, DOSING_PROGRAMME_BYTES);
    bytes[at] = (uint8_t)fake_random(seed);
    (void)fake_commit(&pump, bytes);
}

/* Mostly one that a clinician might ask for, up to half the fastest rate. */
static void order_bolus(uint64_t *seed)
{
    const uint64_t ms = MINUTE_MS + below(seed, 4u * HOUR_MS);
    const uint64_t nl = 250u + below(seed, ms / 8u);
    const uint64_t concentration = fake_report(&pump, DOSING_REPORT_AT_CONCENTRATION, 4u);
    const uint64_t any_ng = of_bits(seed, 34u);
    const uint64_t any_ms = of_bits(seed, 27u);
    if (below(seed, 4u) == 0u || concentration == UINT64_MAX) {
        (void)fake_bolus(&pump, any_ng, (uint32_t)any_ms);
    } else {
        (void)fake_bolus(&pump, nl * concentration / 1000000u, (uint32_t)ms);
    }
}

static void order_prime(uint64_t *seed)
{
    const uint32_t tubing_nl = (uint32_t)below(seed, 141000u);
    const uint32_t catheter_nl = (uint32_t)below(seed, 300000u);
    const uint32_t revision = (uint32_t)below(seed, 8u);
    (void)fake_prime(&pump, tubing_nl, catheter_nl, revision);
}

/* Summer time, journeys, another day; or anything. */
static void order_hands(uint64_t *seed)
{
    const uint64_t now_ms = fake_report(&pump, DOSING_REPORT_AT_LOCAL, 4u);
    const uint64_t hours = below(seed, 7u * 24u);
    const uint64_t any_ms = of_bits(seed, 30u);
    const bool sane = below(seed, 8u) != 0u && now_ms < IMAGE_WEEK_MS;
    (void)fake_set_time(&pump,
                        (uint32_t)(sane ? (now_ms + hours * HOUR_MS) % IMAGE_WEEK_MS : any_ms));
}

/* A patient who is in need, or impatient. */
static void request(uint64_t *seed)
{
    for (uint64_t n = 1u + below(seed, 3u); n > 0u; n--) {
        (void)fake_request(&pump);
        run(below(seed, 90u * MINUTE_MS));
    }
}

static void order_refill(uint64_t *seed)
{
    (void)fake_refill(&pump, (uint32_t)below(seed, 21000000u));
}

static void order_stop(uint64_t *seed)
{
    (void)seed;
    (void)fake_send(&pump, DOSING_FRAME_STOP, NULL, 0u);
}

static void interrogate(uint64_t *seed)
{
    (void)seed;
    (void)fake_send(&pump, DOSING_FRAME_INTERROGATE, NULL, 0u);
}

static void acknowledge(uint64_t *seed)
{
    uint8_t bytes[4];
    fake_put(bytes, fake_random(seed), sizeof bytes);
    (void)fake_send(&pump, DOSING_FRAME_ALARM_CLEAR, bytes, sizeof bytes);
}

static void pair(uint64_t *seed)
{
    uint8_t nonce[DOSING_NONCE_BYTES];
    for (uint32_t i = 0; i < sizeof nonce; i++) {
        nonce[i] = (uint8_t)of_bits(seed, 8u);
    }
    (void)fake_send(&pump, DOSING_FRAME_PAIR, nonce, sizeof nonce);
}

/* ---- frames ------------------------------------------------------------------------------------------------------------ */

/* Authentic, of any type, with anything in it. */
static void send_anything(uint64_t *seed)
{
    static const uint32_t usual[] = {0u, 4u, 8u, DOSING_PRIME_BYTES, DOSING_BOLUS_BYTES};
    uint8_t payload[DOSING_FRAME_PAYLOAD_MAX];
    const uint64_t type = below(seed, 32u);
    const uint64_t any = below(seed, sizeof payload + 1u);
    const uint64_t choice = below(seed, COUNT(usual) + 1u);
    const uint32_t length = choice < COUNT(usual) ? usual[choice] : (uint32_t)any;
    for (uint32_t i = 0; i < sizeof payload; i++) {
        payload[i] = (uint8_t)of_bits(seed, 8u);
    }
    (void)fake_send(&pump, (uint8_t)type, payload, length);
}

static void seal(uint8_t *frame, uint32_t length, bool tag)
{
    const uint32_t covered = length - DOSING_FRAME_CRC_BYTES - DOSING_FRAME_TAG_BYTES;
    const uint8_t role = frame[DOSING_FRAME_AT_ROLE];
    fake_put(frame + covered, dosing_crc(frame, covered), 4u);
    if (tag) {
        fake_tag(&pump.hal, role, frame, covered + 4u, frame + covered + 4u);
    }
}

static void replay(uint64_t *seed)
{
    uint8_t frame[DOSING_FRAME_BYTES_MAX] = {0};
    const uint32_t length = trace_frame((uint32_t)below(seed, 8u), frame);
    (void)fake_raw(&pump, frame, length);
}

/* A byte is changed, or the end is missing; now and then CRC, or CRC and tag, are made good. */
static void damage(uint64_t *seed)
{
    uint8_t frame[DOSING_FRAME_BYTES_MAX] = {0};
    uint32_t length = trace_frame((uint32_t)below(seed, 8u), frame);
    const uint64_t at = length > 0u ? below(seed, length) : 0u;
    const uint64_t how = below(seed, 4u);
    frame[at] ^= (uint8_t)(1u << below(seed, 8u));
    if (how == 0u) {
        length = (uint32_t)at;
    } else if (length >= DOSING_FRAME_BYTES_MIN && how < 3u) {
        seal(frame, length, how == 2u);
    }
    (void)fake_raw(&pump, frame, length);
}

/* As the patient, or whoever has the emergency's key. */
static void come_as_another(uint64_t *seed)
{
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    const uint8_t payload[DOSING_NONCE_BYTES] = {4u, 5u, 6u};
    const uint64_t role = DOSING_ROLE_PATIENT + below(seed, DOSING_ROLES - 1u);
    const bool open = below(seed, 2u) == 0u;
    const uint64_t type = open ? DOSING_FRAME_OPEN : below(seed, 17u);
    const uint32_t size = type == DOSING_FRAME_OPEN ? sizeof payload : 0u;
    pump.session = open ? 0u : pump.session;
    pump.counter++;
    const uint32_t length = fake_frame(&pump, (uint8_t)type, payload, size, frame);
    frame[DOSING_FRAME_AT_ROLE] = (uint8_t)role;
    seal(frame, length, true);
    if (fake_raw(&pump, frame, length) == DOSING_OK && open) {
        pump.session = (uint32_t)fake_get(
            pump.hal.reply + DOSING_FRAME_HEADER_BYTES + DOSING_OPENED_AT_SESSION, 4u);
    }
}

/* ---- faults ------------------------------------------------------------------------------------------------------------ */

static void calls_fail(uint64_t *seed)
{
    pump.hal.fail_from = pump.hal.calls + below(seed, 12u);
    pump.hal.fail_count = 1u + below(seed, 10u);
    pump.hal.fail_acting = below(seed, 4u) == 0u;
}

static void motor_refuses(uint64_t *seed)
{
    pump.hal.arm_fails = below(seed, 2u) == 0u;
    pump.hal.start_fails = below(seed, 2u) == 0u;
    run(below(seed, HOUR_MS));
    pump.hal.arm_fails = false;
    pump.hal.start_fails = false;
}

static void rotor_stands(uint64_t *seed)
{
    fake_stall(&pump.hal, true);
    pump.hal.confirm_fails = below(seed, 8u) == 0u;
    run(below(seed, 60u * HOUR_MS));
    pump.hal.confirm_fails = false;
    fake_stall(&pump.hal, below(seed, 4u) == 0u);
    run(below(seed, 3u * HOUR_MS));
    fake_stall(&pump.hal, false);
}

static void clocks_disagree(uint64_t *seed)
{
    const uint64_t permille = below(seed, 4u) == 0u ? below(seed, 3000u) : 1000u;
    fake_second(&pump.hal, permille, below(seed, 2u) == 0u ? below(seed, 30u * HOUR_MS) : 0u);
    run(below(seed, 5u * HOUR_MS));
    fake_second(&pump.hal, 1000u, 0u);
}

static void restart(uint64_t *seed)
{
    (void)seed;
    trace_start(&pump);
}

static void flip_bit(uint64_t *seed)
{
    uint8_t *byte = trace_state_byte(&pump, (uint32_t)below(seed, UINT32_MAX));
    *byte ^= (uint8_t)(1u << below(seed, 8u));
    run(below(seed, 2u * DAY_MS)); /* the scrub finds it, if nothing else does */
    if (below(seed, 2u) == 0u) {
        restart(seed);
    }
}

/* ---- scenarios --------------------------------------------------------------------------------------------------------- */

/* What may happen, and how often. */
static const struct {
    const char *name;
    uint32_t weight;
    void (*act)(uint64_t *seed);
} actions[] = {
    {"run_minutes", 12u, run_minutes},
    {"run_hours", 12u, run_hours},
    {"run_days", 2u, run_days},
    {"wake_late", 6u, wake_late},
    {"wake_early", 3u, wake_early},
    {"order_programme", 6u, order_programme},
    {"order_absurd", 4u, order_absurd},
    {"order_therapy", 14u, order_therapy},
    {"order_bolus", 12u, order_bolus},
    {"order_prime", 3u, order_prime},
    {"order_hands", 4u, order_hands},
    {"request", 8u, request},
    {"order_refill", 5u, order_refill},
    {"order_stop", 2u, order_stop},
    {"interrogate", 4u, interrogate},
    {"acknowledge", 4u, acknowledge},
    {"pair", 2u, pair},
    {"send_anything", 6u, send_anything},
    {"replay", 4u, replay},
    {"damage", 6u, damage},
    {"come_as_another", 6u, come_as_another},
    {"calls_fail", 4u, calls_fail},
    {"motor_refuses", 2u, motor_refuses},
    {"rotor_stands", 2u, rotor_stands},
    {"clocks_disagree", 2u, clocks_disagree},
    {"restart", 1u, restart},
    {"flip_bit", 1u, flip_bit},
};

static uint32_t draw_action(uint64_t *seed)
{
    uint64_t all = 0;
    for (uint32_t i = 0; i < COUNT(actions); i++) {
        all += actions[i].weight;
    }
    uint64_t left = below(seed, all);
    uint32_t i = 0;
    while (left >= actions[i].weight) {
        left -= actions[i].weight;
        i++;
    }
    return i;
}

static void draw_pump(uint64_t *seed)
{
    static const uint32_t pulses_pl[] = {250000u, 250000u, 100000u, 999983u};
    fake_init(&pump.hal);
    pump.hal.factory.pulse_volume_pl = pulses_pl[below(seed, COUNT(pulses_pl))];
    if (pump.hal.factory.pulse_volume_pl < 250000u) {
        pump.hal.factory.rate_max_nl_per_day = 12000000u;
    }
    fake_seal_factory(&pump.hal);
    if (below(seed, 32u) == 0u) {
        pump.hal.factory.crc ^= 1u;
    }
    pump.hal.nonce = fake_random(seed);
}

static void live(uint64_t number)
{
    uint64_t seed = number;
    trace_scenario(number);
    draw_pump(&seed);
    trace_start(&pump);
    (void)fake_refill(&pump, 20000000u);
    (void)fake_set_time(&pump, (uint32_t)below(&seed, IMAGE_WEEK_MS));
    order_therapy(&seed);
    for (uint32_t n = 0; n < ACTIONS_PER_SCENARIO; n++) {
        const uint32_t i = draw_action(&seed);
        trace_line(actions[i].name, n, pump.hal.now_ms);
        actions[i].act(&seed);
        trace_adopt(&pump);
    }
    trace_sum(&pump);
    (void)fflush(stdout); /* so that a fault in the next one leaves all of this */
}

int main(int argc, char **argv)
{
    static char buffer[1u << 16];
    if (argc != 3) {
        fputs("usage: vectors FIRST_SEED SCENARIOS\n", stderr);
        return 2;
    }
    const uint64_t first = strtoull(argv[1], NULL, 10);
    const uint64_t count = strtoull(argv[2], NULL, 10);
    (void)setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    for (uint64_t i = 0; i < count; i++) {
        live(first + i);
    }
    trace_line("end", count, trace_lines());
    return fflush(stdout) == 0 ? 0 : 1;
}
