/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the estimates of each draw that take time into account. */
#include "summary/nested_course.h"

#include <math.h>
#include <stdlib.h>

static const nested_draw_t none = {(double)NAN, (double)NAN, 0};

void nested_course_row(const nested_pass_t *p, nested_row_t *row)
{
    row->central = p->draw[0].estimate;
    row->n = p->draw[0].n;
    row->draws = nested_of(p->draw + 1, (size_t)p->study->draws);
}

/* ---- pumps ---- */

/* Where none is left no error can be told of one dataset; over draws it is 0, as of a share of whom none have something. */
static nested_draw_t draw_of(const survival_point_t *at, size_t n)
{
    return (nested_draw_t){at->value, at->value <= 0.0 ? 0.0 : at->se * at->se, n};
}

/* A cause that ended none has ended 0 of those who are known. */
static nested_draw_t ended_by(const lives_t *l, int cause, int year)
{
    for (size_t i = 0; i < l->causes; i++) {
        if (l->cause[i].cause == cause) {
            return draw_of(&l->cause[i].at[year], l->lives);
        }
    }
    return isnan(l->left[year].value) ? none : (nested_draw_t){0.0, 0.0, l->lives};
}

/* lives[draws + 1] of an arm. */
static void describe_lives(const nested_pass_t *p, nested_arm_t *arm, const lives_t *lives)
{
    arm->causes = lives[0].causes;
    for (int y = 0; y < LIVES_YEARS; y++) {
        for (int32_t r = 0; r <= p->study->draws; r++) {
            p->draw[r] = draw_of(&lives[r].left[y], lives[r].lives);
        }
        nested_course_row(p, &arm->left[y]);
    }
    for (size_t i = 0; i < arm->causes; i++) {
        arm->cause[i] = lives[0].cause[i].cause;
        for (int y = 0; y < LIVES_YEARS; y++) {
            for (int32_t r = 0; r <= p->study->draws; r++) {
                p->draw[r] = ended_by(&lives[r], arm->cause[i], y);
            }
            nested_course_row(p, &arm->ended[i][y]);
        }
    }
}

static int course_of_pumps(const nested_pass_t *p, error_t *e)
{
    const int32_t draws = p->study->draws;
    survival_life_t *life = NULL;
    size_t *start = NULL;
    lives_t *lives = calloc((size_t)draws + 1, sizeof *lives);
    int rc = lives == NULL ? ERROR_RAISE(e, ERROR_MEMORY, "no memory for %d draws", (int)draws)
                           : lives_apart(p->reader, draws, &life, &start, e);
    for (size_t arm = 0; rc == 0 && arm < p->study->arms; arm++) {
        for (int32_t r = 0; rc == 0 && r <= draws; r++) {
            const size_t group = people_apart(draws, arm, r);
            rc = lives_describe(&lives[r], life + start[group], start[group + 1] - start[group], e);
        }
        if (rc == 0) {
            describe_lives(p, &p->study->arm[arm], lives);
        }
    }
    free(life);
    free(start);
    free(lives);
    return rc;
}

/* ---- events ---- */

static void describe_event(const nested_pass_t *p, const occurrences_t *o, size_t arm,
                           enum occurrence_id which)
{
    const int32_t draws = p->study->draws;
    nested_arm_t *to = &p->study->arm[arm];
    for (int32_t r = 0; r <= draws; r++) {
        const rate_t *rate = &occurrence_row(o, people_apart(draws, arm, r), which)->rate;
        p->draw[r] = (nested_draw_t){rate->rate, nested_variance_rate(rate), rate->units};
    }
    nested_course_row(p, &to->rate[which]);
    for (size_t d = 0; d < NESTED_DAYS; d++) {
        for (int32_t r = 0; r <= draws; r++) {
            const size_t group = people_apart(draws, arm, r);
            p->draw[r] = draw_of(&occurrence_points(o, group, which)[d], p->people->of_arm[group]);
        }
        nested_course_row(p, &to->first[which][d]);
    }
}

static int course_of_events(const nested_pass_t *p, error_t *e)
{
    const occurrence_ask_t ask = {.day = p->study->day, .days = NESTED_DAYS};
    occurrences_t o = {0};
    const int rc = occurrence_compute(&o, p->reader, p->people, &ask, e);
    for (size_t arm = 0; rc == 0 && arm < p->study->arms; arm++) {
        for (int i = 0; i < OCCURRENCE_COUNT; i++) {
            describe_event(p, &o, arm, (enum occurrence_id)i);
        }
    }
    occurrence_free(&o);
    return rc;
}

/* ---- target ---- */

static void describe_target(const nested_pass_t *p, const target_t *t, size_t arm, size_t window)
{
    for (int32_t r = 0; r <= p->study->draws; r++) {
        const spread_t *s = &target_of(t, people_apart(p->study->draws, arm, r), window)->spread;
        p->draw[r] = (nested_draw_t){s->mean, nested_variance_mean(s->n, s->sd), s->n};
    }
    nested_course_row(p, &p->study->arm[arm].target[window]);
}

static int course_of_target(const nested_pass_t *p, const history_t *h, error_t *e)
{
    target_t t = {0};
    int rc = target_begin(&t, p->reader, p->people, h->window, h->windows, e);
    const daily_visitor_t visitor = target_visitor(&t);
    rc = rc != 0 ? rc : daily_each(p->reader, p->people, h->field, HISTORY_FIELDS, &visitor, 1, e);
    rc = rc != 0 ? rc : target_finish(&t, e);
    for (size_t arm = 0; rc == 0 && arm < p->study->arms; arm++) {
        for (size_t w = 0; w < h->windows; w++) {
            describe_target(p, &t, arm, w);
        }
    }
    target_free(&t);
    return rc;
}

int nested_course(const nested_pass_t *p, const history_t *h, error_t *e)
{
    int rc = course_of_pumps(p, e);
    rc = rc != 0 ? rc : course_of_events(p, e);
    return rc != 0 ? rc : course_of_target(p, h, e);
}
