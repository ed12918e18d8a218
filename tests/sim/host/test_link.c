/* SPDX-License-Identifier: Apache-2.0 */
/* The lossy link: with the real core at the other end, every order takes effect once or is reported as failed. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "desk.h"
#include "dosing_frame.h"
#include "host/controller.h"
#include "host/link.h"

#define SEED 11u
#define HOUR_MS UINT64_C(3600000)
#define BOLUS_UG 25.0

static const link_param_t clear = {0.0, 0.0, 3u, 3u};

/* Air between link and desk that fails on purpose, once for each of `replies`. */
typedef struct air_t {
    programmer_link_t inner;
    uint8_t type;     /* of the frame that it picks on */
    uint32_t skip;    /* of those, let through at first */
    uint32_t replies; /* then: replies that it loses, those to resent frames included */
    bool deaf_after;  /* from that frame on it carries nothing more, either way */
    bool flip;        /* it damages the reply's first byte rather than losing it */
    bool deaf;
    uint32_t carried[16]; /* frames by type */
    uint32_t all;
} air_t;

static desk_t desk;
static air_t air;
static link_t lossy;
static programmer_t programmer;

static int exchange(void *context, const uint8_t *frame, uint32_t length, uint8_t *reply,
                    uint32_t *reply_length, error_t *e)
{
    air_t *a = context;
    const uint8_t type = frame[DOSING_FRAME_AT_TYPE];
    a->all++;
    *reply_length = 0u;
    if (a->deaf) {
        return 0;
    }
    a->carried[type]++;
    const int code = a->inner.exchange(a->inner.context, frame, length, reply, reply_length, e);
    if (type == a->type && a->skip > 0u) {
        a->skip--;
    } else if (type == a->type && a->replies > 0u) {
        a->replies--;
        a->deaf = a->deaf_after;
        reply[DOSING_FRAME_HEADER_BYTES] ^= a->flip ? 1u : 0u;
        *reply_length = a->flip ? *reply_length : 0u;
    }
    return code;
}

/* A pump at 300 ug/day with 10 mL, and a programmer that reaches it through the lossy link only. */
static void start(const link_param_t *p, uint64_t patient)
{
    error_t e = {0};
    const programmer_therapy_t t = desk_therapy(300.0);
    desk_start(&desk, core_builtin(), NULL, NULL);
    cr_assert_eq(programmer_refill(&desk.programmer, 10.0, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
    air = (air_t){.inner = desk.programmer.link};
    const programmer_link_t inner = {&air, exchange};
    const link_key_t key = {SEED, patient, 0u};
    cr_assert_eq(link_init(&lossy, &inner, p, &key, &e), 0, "%s", e.text);
    const programmer_link_t link = link_programmer(&lossy);
    programmer_init(&programmer, 77u, &desk.key, &link);
}

/* What the core says, asked through clear air. */
static programmer_report_t report(void)
{
    programmer_report_t r;
    error_t e = {0};
    cr_assert_eq(programmer_interrogate(&desk.programmer, &r, &e), 0, "%s", e.text);
    return r;
}

/* Boluses that an hour at 300 ug/day has given on top. */
static int boluses_given(void)
{
    const double before_ug = report().given_ug[0];
    desk_run(&desk, HOUR_MS);
    const double bolus_ug = report().given_ug[0] - before_ug - 300.0 / 24.0;
    const double count = round(bolus_ug / BOLUS_UG);
    cr_expect_float_eq(bolus_ug, count * BOLUS_UG, 0.5);
    return (int)count;
}

Test(link, clear_air_carries_every_order_once)
{
    error_t e = {0};
    programmer_achieved_t a;
    const programmer_therapy_t t = desk_therapy(200.0);
    start(&clear, 1u);
    cr_assert_eq(link_refill(&lossy, &programmer, 19.0, &e), 0, "%s", e.text);
    cr_assert_eq(link_therapy(&lossy, &programmer, &t, &a, &e), 0, "%s", e.text);
    cr_expect_float_eq(a.dose_ug_per_day[0], 200.0, 1e-9);
    cr_assert_eq(link_bolus(&lossy, &programmer, BOLUS_UG, 10.0, &e), 0, "%s", e.text);
    cr_expect_eq(air.carried[DOSING_FRAME_BOLUS], 1u);
    cr_expect_eq(lossy.fate, LINK_DONE);
    const programmer_report_t r = report();
    cr_expect_eq(r.commits, 2u);
    cr_expect_eq(r.bolus_running, 1);
    cr_expect_float_eq(r.reservoir_ml, 19.0, 0.02);
    cr_assert_eq(link_stop(&lossy, &programmer, &e), 0, "%s", e.text);
    cr_expect_eq(report().mode, PROGRAMMER_STOPPED);
}

/* However many of the tries' replies are lost: resent bytes are refused, and the pump is asked. */
Test(link, a_lost_reply_to_a_bolus_gives_no_second_one)
{
    for (uint32_t lost = 1; lost <= 3u; lost++) {
        error_t e = {0};
        start(&clear, 1u);
        air.type = DOSING_FRAME_BOLUS;
        air.replies = lost;
        cr_assert_eq(link_bolus(&lossy, &programmer, BOLUS_UG, 10.0, &e), 0, "%s", e.text);
        cr_expect_eq(lossy.fate, LINK_DONE);
        cr_expect_gt(air.carried[DOSING_FRAME_BOLUS], 1u, "it was not sent again");
        cr_expect_eq(boluses_given(), 1, "%u replies lost", lost);
    }
}

Test(link, a_lost_reply_to_a_prime_primes_once)
{
    for (uint32_t lost = 1; lost <= 3u; lost++) {
        error_t e = {0};
        const prime_plan_t plan = {.tubing_ml = 0.14, .catheter_ml = 0.198};
        start(&clear, 1u);
        air.type = DOSING_FRAME_PRIME;
        air.replies = lost;
        cr_assert_eq(link_prime(&lossy, &programmer, &plan, 1u, &e), 0, "%s", e.text);
        cr_expect_eq(lossy.fate, LINK_DONE);
        desk_run(&desk, HOUR_MS);
        cr_expect_float_eq(report().given_ml, 0.338 + 0.6 * 2.0 / 3.0 / 24.0, 1e-3, "%g mL",
                           report().given_ml);
        cr_expect_eq(link_prime(&lossy, &programmer, &plan, 1u, &e), ERROR_CORE_REFUSED);
        cr_expect(strstr(e.text, "was primed already") != NULL, "%s", e.text);
    }
}

Test(link, a_lost_reply_to_a_request_gives_one_bolus)
{
    for (uint32_t lost = 1; lost <= 3u; lost++) {
        error_t e = {0};
        seal_key_t key;
        controller_t c;
        programmer_therapy_t t = desk_therapy(300.0);
        start(&clear, 1u);
        t.patient = (programmer_patient_t){BOLUS_UG, 10.0, 60.0, 60.0, 5u, 5u};
        cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
        desk_pair(&desk, 1u, &key);
        const programmer_link_t link = link_programmer(&lossy);
        controller_init(&c, 77u, &key, &link);
        air.type = DOSING_FRAME_REQUEST;
        air.replies = lost;
        cr_assert_eq(link_request(&lossy, &c.end, &e), 0, "%s", e.text);
        cr_expect_eq(lossy.fate, LINK_DONE);
        cr_expect_eq(link_request(&lossy, &c.end, &e), ERROR_CORE_REFUSED);
        cr_expect(strstr(e.text, "too recent") != NULL, "%s", e.text);
        cr_expect_eq(lossy.fate, LINK_NOT_DONE);
        cr_expect_eq(boluses_given(), 1, "%u replies lost", lost);
    }
}

Test(link, lost_replies_to_set_time_set_it)
{
    static const uint32_t week_ms[] = {0u, 604799999u, 123456789u};
    for (uint32_t lost = 1; lost <= 3u; lost++) {
        error_t e = {0};
        start(&clear, 1u);
        air.type = DOSING_FRAME_SET_TIME;
        air.replies = lost;
        cr_assert_eq(link_set_time(&lossy, &programmer, week_ms[lost - 1u], &e), 0, "%s", e.text);
        cr_expect_eq(lossy.fate, LINK_DONE);
        cr_expect_eq(report().local_ms, (int64_t)week_ms[lost - 1u]);
        cr_expect_eq(link_set_time(&lossy, &programmer, 604800000u, &e), ERROR_CORE_REFUSED);
        cr_expect(strstr(e.text, "not of the week") != NULL, "%s", e.text);
    }
}

Test(link, lost_replies_to_an_acknowledgement_leave_nothing_unseen)
{
    for (uint32_t lost = 1; lost <= 3u; lost++) {
        error_t e = {0};
        start(&clear, 1u);
        cr_assert_eq(programmer_refill(&desk.programmer, 0.5, &e), 0, "%s", e.text);
        desk_run(&desk, HOUR_MS);
        cr_assert_neq(report().unseen, 0u, "its reservoir is low");
        air.type = DOSING_FRAME_ALARM_CLEAR;
        air.replies = lost;
        cr_assert_eq(link_clear_alarms(&lossy, &programmer, UINT32_MAX, &e), 0, "%s", e.text);
        cr_expect_eq(lossy.fate, LINK_DONE);
        cr_expect_leq(air.carried[DOSING_FRAME_ALARM_CLEAR], 3u, "another session had it again");
        cr_expect_eq(report().unseen, 0u);
    }
}

Test(link, a_lost_reply_to_a_commit_commits_once)
{
    error_t e = {0};
    programmer_achieved_t a;
    const programmer_therapy_t t = desk_therapy(200.0);
    start(&clear, 1u);
    air.type = DOSING_FRAME_COMMIT;
    air.replies = 3u;
    cr_assert_eq(link_therapy(&lossy, &programmer, &t, &a, &e), 0, "%s", e.text);
    cr_expect_eq(report().commits, 2u);
    cr_expect_float_eq(report().dose_ug_per_day, 200.0, 1e-9);
    cr_expect_float_eq(a.dose_ug_per_day[0], 200.0, 1e-9);
}

Test(link, what_is_achieved_is_not_known_where_the_pump_cannot_tell)
{
    error_t e = {0};
    programmer_achieved_t a;
    const programmer_therapy_t t = desk_therapy(200.0);
    start(&clear, 1u);
    air.type = DOSING_FRAME_CLOSE;
    air.skip = 1u; /* the interrogation's */
    air.replies = 1u;
    air.deaf_after = true;
    cr_expect_eq(link_therapy(&lossy, &programmer, &t, &a, &e), ERROR_CORE_REFUSED);
    cr_expect_eq(lossy.fate, LINK_UNKNOWN);
    start(&clear, 1u);
    air.type = DOSING_FRAME_OPEN;
    air.skip = 3u; /* the counter is taken up, the interrogation, the order */
    air.replies = 9u;
    air.deaf_after = true;
    cr_assert_eq(link_therapy(&lossy, &programmer, &t, &a, &e), 0, "%s", e.text);
    cr_expect(isnan(a.dose_ug_per_day[0]) && isnan(a.rate_ml_per_day));
}

Test(link, a_lost_close_does_not_undo_what_was_done)
{
    error_t e = {0};
    start(&clear, 1u);
    air.type = DOSING_FRAME_CLOSE;
    air.replies = 9u;
    cr_assert_eq(link_bolus(&lossy, &programmer, BOLUS_UG, 10.0, &e), 0, "%s", e.text);
    cr_expect_eq(boluses_given(), 1);
}

Test(link, a_damaged_reply_is_looked_into)
{
    error_t e = {0};
    const programmer_therapy_t t = desk_therapy(200.0);
    start(&clear, 1u);
    air.type = DOSING_FRAME_COMMIT;
    air.replies = 1u;
    air.flip = true;
    cr_assert_eq(link_therapy(&lossy, &programmer, &t, NULL, &e), 0, "%s", e.text);
    cr_expect_eq(lossy.fate, LINK_DONE);
    cr_expect_eq(report().commits, 2u);
}

Test(link, a_pump_that_falls_silent_leaves_the_fate_unknown)
{
    error_t e = {0};
    start(&clear, 1u);
    air.type = DOSING_FRAME_BOLUS;
    air.replies = 1u;
    air.deaf_after = true;
    cr_expect_eq(link_bolus(&lossy, &programmer, BOLUS_UG, 10.0, &e), ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, "is not known") != NULL, "%s", e.text);
    cr_expect_eq(lossy.fate, LINK_UNKNOWN);
    cr_expect_eq(boluses_given(), 1);
}

Test(link, no_air_at_all_is_given_up_after_the_tries)
{
    error_t e = {0};
    programmer_report_t r;
    const link_param_t none = {1.0, 0.0, 4u, 5u};
    start(&none, 1u);
    cr_expect_eq(link_bolus(&lossy, &programmer, BOLUS_UG, 10.0, &e), ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, "did not reply") != NULL, "%s", e.text);
    cr_expect_eq(lossy.fate, LINK_NOT_DONE);
    cr_expect_eq(lossy.frames_lost, 20u);
    cr_expect_eq(air.all, 0u);
    cr_expect_eq(link_interrogate(&lossy, &programmer, &r, &e), ERROR_CORE_REFUSED);
    cr_expect_eq(lossy.frames_lost, 40u);
    cr_expect_eq(lossy.sessions, 10u);
    cr_expect_eq(lossy.frames_sent, 40u);
    cr_expect_eq(lossy.frames_repeated, 30u, "of four tries one is the first");
    cr_expect_not(lossy.refused, "nobody refused");
}

Test(link, a_refusal_is_not_tried_again)
{
    error_t e = {0};
    programmer_therapy_t t = desk_therapy(300.0);
    start(&clear, 1u);
    t.dose_ug_per_day = 3.0;
    cr_expect_eq(link_therapy(&lossy, &programmer, &t, NULL, &e), ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, "stage refused") != NULL, "%s", e.text);
    cr_expect_eq(air.carried[DOSING_FRAME_STAGE], 1u);
    t = desk_therapy(300.0);
    t.drug[0].limit_ug_per_day = 301.0;
    cr_expect_eq(link_therapy(&lossy, &programmer, &t, NULL, &e), ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, "commit refused") != NULL, "%s", e.text);
    cr_expect_eq(air.carried[DOSING_FRAME_COMMIT], 1u);
    cr_expect_eq(lossy.fate, LINK_NOT_DONE);
    cr_expect(lossy.refused);
}

Test(link, a_bolus_on_top_of_another_is_refused_even_if_the_refusal_is_lost)
{
    error_t e = {0};
    start(&clear, 1u);
    cr_assert_eq(link_bolus(&lossy, &programmer, BOLUS_UG, 10.0, &e), 0, "%s", e.text);
    air.type = DOSING_FRAME_BOLUS;
    air.replies = 1u;
    cr_expect_eq(link_bolus(&lossy, &programmer, BOLUS_UG, 10.0, &e), ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, "running already") != NULL, "%s", e.text);
    cr_expect_eq(boluses_given(), 1);
}

/* Fate and pump agree, whatever the air takes: property over many patients, from good air to bad. */
typedef struct tally_t {
    uint32_t done, not_done, unknown;
} tally_t;

static void count_fate(tally_t *tally, int code)
{
    cr_assert_eq(code == 0, lossy.fate == LINK_DONE, "code %d, fate %d", code, (int)lossy.fate);
    tally->done += lossy.fate == LINK_DONE;
    tally->not_done += lossy.fate == LINK_NOT_DONE;
    tally->unknown += lossy.fate == LINK_UNKNOWN;
}

static void expect_once(uint32_t effects, double loss, uint64_t patient, const char *what)
{
    const uint32_t least = lossy.fate == LINK_DONE;
    const uint32_t most = lossy.fate != LINK_NOT_DONE;
    cr_assert(effects >= least && effects <= most, "%s %u times, fate %d: loss %g, patient %llu",
              what, effects, (int)lossy.fate, loss, (unsigned long long)patient);
}

static void bad_day(double loss, uint64_t patient, tally_t *tally)
{
    const link_param_t p = {loss, loss, 3u, 3u};
    const programmer_therapy_t t = desk_therapy(200.0);
    start(&p, patient);
    link_visit(&lossy, 1u);
    int code = link_bolus(&lossy, &programmer, BOLUS_UG, 10.0, NULL);
    count_fate(tally, code);
    expect_once((uint32_t)boluses_given(), loss, patient, "bolus");
    link_visit(&lossy, 2u);
    code = link_therapy(&lossy, &programmer, &t, NULL, NULL);
    count_fate(tally, code);
    expect_once(report().commits - 1u, loss, patient, "commit");
    link_visit(&lossy, 3u);
    code = link_refill(&lossy, &programmer, 20.0, NULL);
    count_fate(tally, code);
    expect_once(report().reservoir_ml > 19.0, loss, patient, "refill");
}

Test(link, no_order_takes_effect_twice_whatever_is_lost)
{
    static const double losses[] = {0.05, 0.2, 0.5, 0.7};
    tally_t tally[4] = {{0}};
    for (size_t i = 0; i < 4; i++)
        for (uint64_t patient = 1; patient <= 150u; patient++)
            bad_day(losses[i], patient, &tally[i]);
    cr_expect_geq(tally[0].done, 445u, "%u of 450 done at 5 %% loss", tally[0].done);
    cr_expect_gt(tally[1].done, tally[3].done);
    cr_expect_gt(tally[3].not_done, 0u);
    cr_expect_gt(tally[2].unknown + tally[3].unknown, 0u);
}

Test(link, loses_the_shares_that_its_parameters_say)
{
    const link_param_t p = {0.2, 0.1, 1u, 1u};
    uint32_t sent = 0;
    start(&p, 1u);
    lossy.frames_lost = 0u;
    for (uint64_t visit = 0; visit < 4000u; visit++) {
        programmer_report_t r;
        link_visit(&lossy, visit);
        (void)!link_interrogate(&lossy, &programmer, &r, NULL);
    }
    sent = air.all + (uint32_t)lossy.frames_lost;
    const double frame_share = (double)lossy.frames_lost / sent;
    const double reply_share = (double)lossy.replies_lost / air.all;
    cr_expect_float_eq(frame_share, 0.2, 4.0 * sqrt(0.16 / sent));
    cr_expect_float_eq(reply_share, 0.1, 4.0 * sqrt(0.09 / air.all));
}

/* What befalls a visit does not depend on what came before it. */
Test(link, a_visits_losses_are_its_own)
{
    const link_param_t p = {0.3, 0.3, 1u, 1u};
    uint64_t alone[20];
    programmer_report_t r;
    for (uint64_t visit = 0; visit < 20u; visit++) {
        start(&p, 5u);
        programmer.counter = 1000u;
        link_visit(&lossy, visit);
        (void)!link_interrogate(&lossy, &programmer, &r, NULL);
        alone[visit] = lossy.frames_lost << 8u | lossy.replies_lost;
    }
    start(&p, 5u);
    programmer.counter = 1000u;
    for (uint64_t visit = 0; visit < 20u; visit++) {
        lossy.frames_lost = 0u;
        lossy.replies_lost = 0u;
        link_visit(&lossy, visit);
        (void)!link_interrogate(&lossy, &programmer, &r, NULL);
        cr_expect_eq(lossy.frames_lost << 8u | lossy.replies_lost, alone[visit], "visit %llu",
                     (unsigned long long)visit);
    }
}

Test(link, parameters_out_of_range_are_refused)
{
    error_t e = {0};
    link_t l;
    const link_key_t key = {SEED, 1u, 0u};
    const programmer_link_t inner = {NULL, exchange};
    link_param_t p = clear;
    p.frame_loss = (double)NAN;
    cr_expect_eq(link_init(&l, &inner, &p, &key, &e), ERROR_ARGUMENT);
    p = clear;
    p.frame_tries = 0u;
    cr_expect_eq(link_init(&l, &inner, &p, &key, &e), ERROR_ARGUMENT);
    p = clear;
    p.session_tries = 256u;
    cr_expect_eq(link_init(&l, &inner, &p, &key, &e), ERROR_ARGUMENT);
}
