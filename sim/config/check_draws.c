/* SPDX-License-Identifier: Apache-2.0 */
/* Lays each replicate's draws over the study and judges that. */
#include "config/check_draws.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/check.h"
#include "config/uncertain.h"

/* Of what is wrong; replicate, key and value stand before it. */
#define REASON_SHOWN 300

/* A replicate in the making. */
typedef struct trial_t {
    reading_t reading; /* of `room` */
    study_t *room;
    char why[DIAGNOSTIC_TEXT_SIZE]; /* the first error */
} trial_t;

/* 1 if the study in *room breaks no rule. */
static int is_sound(trial_t *t)
{
    document_t *doc = t->reading.doc;
    diagnostic_t *outer = doc->diagnostics, own;
    diagnostic_init(&own);
    doc->diagnostics = &own;
    check_rules(&t->reading);
    const int sound = own.errors == 0;
    for (size_t i = 0; i < own.count; i++)
        if (own.item[i].severity == DIAGNOSTIC_ERROR) {
            snprintf(t->why, sizeof t->why, "%s", own.item[i].text);
            break;
        }
    outer->out_of_memory |= own.out_of_memory;
    diagnostic_free(&own);
    doc->diagnostics = outer;
    return sound;
}

/* The row that mends the replicate when it alone has the study's own value; -1 where none does. */
static int64_t find_blame(trial_t *t, const study_t *s)
{
    char why[sizeof t->why];
    int64_t blame = -1;
    memcpy(why, t->why, sizeof why);
    for (int64_t k = 0; k < s->n_uncertain && blame < 0; k++) {
        char *member = (char *)t->room + s->uncertain[k].offset;
        double drawn;
        if (!s->uncertain[k].applies)
            continue;
        memcpy(&drawn, member, sizeof drawn);
        memcpy(member, (const char *)s + s->uncertain[k].offset, sizeof drawn);
        blame = is_sound(t) ? k : -1;
        memcpy(member, &drawn, sizeof drawn);
    }
    memcpy(t->why, why, sizeof why);
    return blame;
}

static void report(const reading_t *r, trial_t *t, int64_t replicate)
{
    const study_t *s = r->study;
    const int64_t k = find_blame(t, s);
    char path[DOCUMENT_PATH_SIZE];
    if (k < 0) {
        reading_report(r, DIAGNOSTIC_ERROR, "uncertain",
                       "replicate %lld makes no study: %.*s; narrow the ranges of low and high",
                       (long long)replicate, REASON_SHOWN, t->why);
        return;
    }
    const study_uncertain_t *u = &s->uncertain[k];
    snprintf(path, sizeof path, "uncertain[%lld]", (long long)k);
    reading_report(
        r, DIAGNOSTIC_ERROR, path,
        "replicate %lld draws %s as %.9g%s%s, which makes no study: %.*s; narrow low and "
        "high",
        (long long)replicate, u->key, uncertain_value(s, k, replicate),
        strcmp(u->unit, "1") == 0 ? "" : " ", strcmp(u->unit, "1") == 0 ? "" : u->unit,
        REASON_SHOWN, t->why);
}

int check_draws(const reading_t *r)
{
    const study_t *s = r->study;
    trial_t t = {.reading = {.doc = r->doc, .units = r->units, .arm = r->arm}};
    if (s->parameter_draws == 0)
        return 1;
    t.room = malloc(sizeof *t.room);
    if (t.room == NULL)
        return 0;
    t.reading.study = t.room;
    for (int64_t replicate = 1; replicate <= s->parameter_draws; replicate++) {
        uncertain_lay(s, replicate, t.room);
        /* Whether the study's own value is like the draws was judged once. */
        t.room->n_uncertain = 0;
        t.room->parameter_draws = 0;
        if (!is_sound(&t)) {
            report(r, &t, replicate);
            break;
        }
    }
    free(t.room);
    return !r->doc->diagnostics->out_of_memory;
}
