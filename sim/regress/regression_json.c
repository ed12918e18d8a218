/* SPDX-License-Identifier: Apache-2.0 */
/* A regression as JSON. */
#include "regress/regression_json.h"

#include <math.h>

static void put(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *cores(const regression_names_t *names)
{
    static const char *const side[POOL_SIDES] = {"baseline", "candidate"};
    json_t *all = json_object();
    for (int i = 0; i < POOL_SIDES; i++) {
        json_t *one = json_object();
        put(one, "path", names->core[i] != NULL ? json_string(names->core[i]) : json_null());
        put(one, "id", json_string(names->id[i]));
        put(all, side[i], one);
    }
    return all;
}

static json_t *levels(const bool *differs)
{
    json_t *all = json_object();
    for (int i = 0; i < SUITE_LEVELS; i++) {
        put(all, suite_level_name((suite_level_t)i), json_boolean(differs[i]));
    }
    return all;
}

static json_t *families(const bool *differs)
{
    json_t *all = json_object();
    for (int i = 0; i < TRACE_FAMILIES; i++) {
        put(all, trace_family_name((trace_family_t)i), json_boolean(differs[i]));
    }
    return all;
}

static json_t *end_of(const regression_end_t *end)
{
    char text[REGRESSION_TEXT_SIZE];
    json_t *one = json_object();
    regression_text_end(end, text);
    put(one, "end", json_string(testimony_end_name(end->end)));
    put(one, "says", json_string(text));
    put(one, "calls", json_integer(end->calls));
    put(one, "clock_ms", json_integer(end->clock_ms));
    return one;
}

static json_t *difference(const compare_difference_t *d)
{
    json_t *one = json_object();
    put(one, "level", json_string(suite_level_name(d->level)));
    put(one, "what", json_string(d->what));
    put(one, "unit", json_string(d->unit));
    put(one, "count", json_integer((json_int_t)d->count));
    put(one, "time_ms", d->time_ms < 0 ? json_null() : json_integer(d->time_ms));
    put(one, "baseline", number(d->baseline));
    put(one, "candidate", number(d->candidate));
    put(one, "allowed", number(d->allowed));
    put(one, "beyond", json_boolean(d->beyond));
    return one;
}

/* What the suite holds, for whoever asks what was looked at. */
static json_t *scenarios(const suite_t *suite)
{
    json_t *all = json_array();
    for (size_t i = 0; i < suite->scenarios; i++) {
        const suite_scenario_t *s = &suite->scenario[i];
        json_t *covers = json_array();
        for (int k = 0; k < s->covers; k++) {
            (void)json_array_append_new(covers, json_string(s->requirement[k]));
        }
        (void)json_array_append_new(
            all, json_pack("{s:s, s:s, s:o}", "name", s->name, "what", s->what, "covers", covers));
    }
    return all;
}

/* Scenarios that are said to differ by design, and whether they do. */
static json_t *departures(const regression_t *r)
{
    json_t *all = json_array();
    for (size_t i = 0; i < r->suite->scenarios; i++) {
        const suite_scenario_t *s = &r->suite->scenario[i];
        if (s->departs != NULL) {
            (void)json_array_append_new(all, json_pack("{s:s, s:s, s:b}", "scenario", s->name,
                                                       "why", s->departs, "departs",
                                                       (int)regression_departs(r, i)));
        }
    }
    return all;
}

static json_t *unit(const regression_t *r, const regression_unit_t *u)
{
    const suite_scenario_t *s = &r->suite->scenario[u->unit.scenario];
    json_t *one = json_object(), *list = json_array();
    put(one, "scenario", json_string(s->name));
    put(one, "patient", json_integer(u->unit.key.patient));
    put(one, "arm", json_string(s->study.arms.name[u->unit.key.arm]));
    put(one, "verdict", json_string(regression_verdict_name(u->verdict)));
    put(one, "baseline", end_of(&u->side[POOL_BASELINE]));
    put(one, "candidate", end_of(&u->side[POOL_CANDIDATE]));
    for (size_t i = 0; i < u->compare.differences; i++) {
        (void)json_array_append_new(list, difference(&u->compare.difference[i]));
    }
    put(one, "differences", list);
    return one;
}

static json_t *call(const testimony_t *t, size_t at)
{
    char text[REGRESSION_TEXT_SIZE];
    json_t *one = json_object();
    if (at >= t->windowed) {
        json_decref(one);
        return json_null();
    }
    call_text_put(&t->window[at]->call, text);
    put(one, "number", json_integer(t->window[at]->number));
    put(one, "clock_ms", json_integer((json_int_t)t->window[at]->call.clock_ms));
    put(one, "call", json_string(text));
    return one;
}

static json_t *divergence(const regression_t *r)
{
    const divergence_t *d = &r->divergence;
    json_t *one = json_object();
    if (!d->found) {
        json_decref(one);
        return json_null();
    }
    put(one, "unit", unit(r, &r->unit[d->unit]));
    put(one, "baseline", call(&d->side[POOL_BASELINE], d->at));
    put(one, "candidate", call(&d->side[POOL_CANDIDATE], d->at));
    return one;
}

static json_t *verdicts(const regression_t *r)
{
    json_t *all = json_object();
    for (int v = 0; v < REGRESSION_VERDICTS; v++) {
        put(all, regression_verdict_name((regression_verdict_t)v),
            json_integer((json_int_t)r->verdicts[v]));
    }
    return all;
}

static json_t *whole(const regression_t *r, const regression_names_t *names)
{
    char summary[REGRESSION_TEXT_SIZE];
    json_t *root = json_object(), *list = json_array();
    regression_text_summary(r, summary);
    put(root, "simulated", json_true());
    put(root, "suite", json_string(r->suite->name));
    put(root, "scenarios", scenarios(r->suite));
    put(root, "cores", cores(names));
    put(root, "passes", json_boolean(r->passes));
    put(root, "summary", json_string(summary));
    put(root, "verdicts", verdicts(r));
    put(root, "levels", levels(r->level));
    put(root, "families", families(r->family));
    for (size_t i = 0; i < r->units; i++) {
        (void)json_array_append_new(list, unit(r, &r->unit[i]));
    }
    put(root, "units", list);
    put(root, "divergence", divergence(r));
    put(root, "departures", departures(r));
    return root;
}

int regression_json_write(const regression_t *r, const regression_names_t *names,
                          json_t *populations, FILE *out, error_t *e)
{
    json_t *root = whole(r, names);
    put(root, "populations", populations != NULL ? populations : json_array());
    if (root == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for a report");
    }
    const int failed = json_dumpf(root, out, JSON_INDENT(1)) != 0 || fputc('\n', out) == EOF;
    json_decref(root);
    return failed ? ERROR_RAISE(e, ERROR_FILE_WRITE, "a report was not written") : 0;
}
