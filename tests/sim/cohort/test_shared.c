/* SPDX-License-Identifier: Apache-2.0 */
/* Common random numbers under an early divergence: syringe, telemetry and rater of a visit are that visit's, whatever
 * visits and sessions came before it. */
#include "tests/sim/cohort/fixture.h"

#include "care/finding.h"
#include "cohort/trajectory.h"
#include "host/recorder.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>

#define PATIENTS 5
#define VISITS_MAX 16

/* No drug changes the tone and every rating is at the goal: what is rated is the rater's error, what the clinic orders
 * hangs on no rating, and all that a visit brings is its own draws. Arm `other` has two titration visits more, earlier
 * refills, and a bolus of the study's within the first month. */
static const char text[] =
    "study: {name: x, patients: 5, horizon: 330 day, arms: [plain, {name: other, set: {"
    "clinic.stable_visits: 4, clinic.refill_interval: 31 day, "
    "events: [{at: 25 day, order: bolus, amount: 5 ug}]}}]}\n"
    "drugs: [{name: baclofen, concentration: 500 ug/mL}]\ncatheter: {tip: T10}\n"
    "body: {response: {greatest: 0, rater_sd: 1.5}}\n"
    "clinic: {policy: titration, responder_drop: 0.1, goal: 5, refill_interval: 40 day, "
    "frame_loss: 0.25, reply_loss: 0.15, session_tries: 12, tone_heard: 0}\n"
    "refill: {syringe_step: 0 mL}\n";

/* What chance brought to one visit. */
typedef struct visit_t {
    double time_ms;
    double rated;    /* mean Ashworth score */
    double error_ml; /* syringe's reading less the truth; 0 where nothing was withdrawn */
    int arrived;     /* frames that the pump took or refused, and replies that it sent */
} visit_t;

/* By kind of contact, enum finding_contact; under FINDING_CONTACT_NONE the rating and session at the end. */
typedef struct life_t {
    size_t visits[FINDING_CONTACTS];
    visit_t visit[FINDING_CONTACTS][VISITS_MAX];
} life_t;

static int arrived_at(const record_t *r, const record_view_t *v, double time_ms)
{
    int arrived = 0;
    for (size_t row = 0; row < v->count[TABLE_CALLS]; row++) {
        const int64_t call = (int64_t)record_view_bits(v, &r->layout, FIELD_CALLS_CALL, row);
        arrived += record_view_number(v, &r->layout, FIELD_CALLS_TIME_MS, row) == time_ms &&
                   (call == RECORDER_AUTHENTICATE || call == RECORDER_TRANSMIT);
    }
    return arrived;
}

static double error_at(const record_t *r, const record_view_t *v, double time_ms)
{
    double error_ml = 0.0;
    for (size_t row = 0; row < v->count[TABLE_REFILLS]; row++) {
        if (record_view_number(v, &r->layout, FIELD_REFILLS_TIME_MS, row) == time_ms) {
            error_ml = record_view_number(v, &r->layout, FIELD_REFILLS_READ_ML, row) -
                       record_view_number(v, &r->layout, FIELD_REFILLS_WITHDRAWN_ML, row);
        }
    }
    return error_ml;
}

static void put(life_t *l, int kind, double rated, const record_t *r, const record_view_t *v,
                double time_ms)
{
    cr_assert_lt(l->visits[kind], VISITS_MAX);
    l->visit[kind][l->visits[kind]++] =
        (visit_t){time_ms, rated, error_at(r, v, time_ms), arrived_at(r, v, time_ms)};
}

static void gather(life_t *l, const record_t *r, const record_view_t *v)
{
    *l = (life_t){.visits = {0}};
    for (size_t row = 0; row < v->count[TABLE_EVENTS]; row++) {
        const int event = (int)record_view_number(v, &r->layout, FIELD_EVENTS_KIND, row);
        const double time_ms = record_view_number(v, &r->layout, FIELD_EVENTS_TIME_MS, row);
        if (event == FIELDS_EVENT_VISIT) {
            put(l, (int)record_view_number(v, &r->layout, FIELD_EVENTS_VALUE, row),
                record_view_number(v, &r->layout, FIELD_EVENTS_VALUE2, row), r, v, time_ms);
        } else if (event == FIELDS_EVENT_END) {
            put(l, FINDING_CONTACT_NONE, fixture_last(r, v, FIELD_PATIENTS_ASHWORTH_AFTER), r, v,
                time_ms);
        }
    }
}

static void live(life_t *l, const study_t *s, int64_t patient)
{
    core_t core = core_builtin();
    trajectory_request_t q = {s, &core, {patient, 0, 0}, true, NULL};
    record_t r;
    record_view_t v;
    error_t e = {0};
    size_t size = 0;
    record_init(&r);
    record_reset(&r, q.key);
    cr_assert_geq(trajectory_run(&q, &r, &e), 0, "patient %lld: %s", (long long)patient, e.text);
    cr_assert_eq(record_finish(&r, &e), 0, "%s", e.text);
    const uint8_t *frame = record_frame(&r, &size);
    cr_assert_eq(record_parse(frame, size, &r.layout, &v, &e), 0, "%s", e.text);
    gather(l, &r, &v);
    record_free(&r);
}

/* What was compared, so that the comparison is known to be one. */
typedef struct tally_t {
    int shared, moved,
        more; /* visits of both arms; of them at another time; visits of one arm only */
    double rated[2], error_ml[2]; /* lowest and highest */
    int arrived[2];               /* of visits with telemetry */
} tally_t;

static void compare(const visit_t *a, const visit_t *b, const char *which, tally_t *t)
{
    cr_expect_eq(a->rated, b->rated, "rater at %s: %g and %g", which, a->rated, b->rated);
    cr_expect_float_eq(a->error_ml, b->error_ml, 1e-9, "syringe at %s: %g and %g mL", which,
                       a->error_ml, b->error_ml);
    cr_expect_eq(a->arrived, b->arrived, "link at %s: %d and %d", which, a->arrived, b->arrived);
    t->shared++;
    t->moved += a->time_ms != b->time_ms;
    t->rated[0] = fmin(t->rated[0], a->rated);
    t->rated[1] = fmax(t->rated[1], a->rated);
    t->error_ml[0] = fmin(t->error_ml[0], a->error_ml);
    t->error_ml[1] = fmax(t->error_ml[1], a->error_ml);
    t->arrived[0] = a->arrived > 0 && a->arrived < t->arrived[0] ? a->arrived : t->arrived[0];
    t->arrived[1] = a->arrived > t->arrived[1] ? a->arrived : t->arrived[1];
}

static void compare_lives(const life_t *a, const life_t *b, int64_t patient, tally_t *t)
{
    for (int kind = FINDING_CONTACT_NONE; kind <= FINDING_CONTACT_REFILL; kind++) {
        for (size_t k = 0; k < a->visits[kind] && k < b->visits[kind]; k++) {
            char which[96];
            (void)snprintf(which, sizeof which, "contact %zu of kind %d, patient %lld", k, kind,
                           (long long)patient);
            compare(&a->visit[kind][k], &b->visit[kind][k], which, t);
        }
        t->more += (int)b->visits[kind] - (int)a->visits[kind];
    }
}

Test(shared, syringe_link_and_rater_are_a_visits_own_after_an_early_divergence)
{
    study_t s = fixture_text(text);
    tally_t t = {.rated = {(double)INFINITY, -(double)INFINITY},
                 .error_ml = {(double)INFINITY, -(double)INFINITY},
                 .arrived = {INT_MAX, 0}};
    for (int64_t patient = 1; patient <= PATIENTS; patient++) {
        life_t plain, other;
        live(&plain, study_arm(&s, 0), patient);
        live(&other, study_arm(&s, 1), patient);
        compare_lives(&plain, &other, patient, &t);
    }
    cr_expect(t.shared >= 50 && t.moved >= 20 && t.more >= 5,
              "%d shared visits, %d of them moved, %d more in one arm", t.shared, t.moved, t.more);
    cr_expect_gt(t.rated[1] - t.rated[0], 1.0, "the rater hardly errs");
    cr_expect_gt(t.error_ml[1] - t.error_ml[0], 2.0, "the syringe hardly errs");
    cr_expect_gt(t.arrived[1] - t.arrived[0], 10, "the link hardly loses");
    study_free(&s);
}
