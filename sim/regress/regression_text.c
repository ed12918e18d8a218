/* SPDX-License-Identifier: Apache-2.0 */
/* A regression as text. */
#define _XOPEN_SOURCE 700 /* strsignal */
#include "regress/regression_text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define DIFFERENCES_SHOWN 4 /* of one unit */
#define COLUMN 46

/* ---- words --------------------------------------------------------------------------------------------------- */

void regression_text_end(const regression_end_t *end, char out[REGRESSION_TEXT_SIZE])
{
    char when[CALL_TEXT_TIME_SIZE];
    call_text_time(end->clock_ms, when);
    if (end->end == TESTIMONY_ERROR) {
        (void)snprintf(out, REGRESSION_TEXT_SIZE, "stopped: %.140s", end->error.text);
    } else if (end->end == TESTIMONY_CRASHED) {
        (void)snprintf(out, REGRESSION_TEXT_SIZE,
                       "crashed: %.60s, after %" PRId64 " calls or more, %s",
                       strsignal(end->signal), end->calls, when);
    } else {
        (void)snprintf(out, REGRESSION_TEXT_SIZE, "%s, after %" PRId64 " calls, %s",
                       testimony_end_name(end->end), end->calls, when);
    }
}

static void put_number(double value, char out[24])
{
    if (isnan(value)) {
        (void)snprintf(out, 24, "nothing");
    } else {
        (void)snprintf(out, 24, "%.9g", value);
    }
}

void regression_text_difference(const compare_difference_t *d, char out[REGRESSION_TEXT_SIZE])
{
    char one[24], other[24], when[CALL_TEXT_TIME_SIZE];
    put_number(d->baseline, one);
    put_number(d->candidate, other);
    call_text_time(d->time_ms, when);
    (void)snprintf(out, REGRESSION_TEXT_SIZE, "%.70s: %s -> %s%s%.12s%s%s%s", d->what, one, other,
                   strcmp(d->unit, "1") == 0 ? "" : " ", strcmp(d->unit, "1") == 0 ? "" : d->unit,
                   d->time_ms < 0 ? "" : ", from ", d->time_ms < 0 ? "" : when,
                   d->beyond ? "" : " (allowed)");
}

/* ---- what differs, in one phrase ------------------------------------------------------------------------------ */

/* The families that differ, joined; the number of them. Readings follow from all else, and are named only where they are alone. */
static int name_families(const regression_t *r, char out[80])
{
    int named = 0;
    size_t used = 0;
    out[0] = '\0';
    for (int f = 0; f < TRACE_FAMILIES; f++) {
        if (r->family[f] && (f != TRACE_READING || named == 0)) {
            used += (size_t)snprintf(out + used, 80 - used, "%s%s", named > 0 ? ", " : "",
                                     trace_family_name((trace_family_t)f));
            named++;
        }
    }
    return named;
}

void regression_text_summary(const regression_t *r, char out[REGRESSION_TEXT_SIZE])
{
    char families[80];
    const int named = name_families(r, families);
    if (r->verdicts[REGRESSION_BROKEN] + r->verdicts[REGRESSION_BASELINE] > 0) {
        (void)snprintf(
            out, REGRESSION_TEXT_SIZE,
            "%zu lives ended before their time with the candidate, %zu with the baseline",
            r->verdicts[REGRESSION_BROKEN], r->verdicts[REGRESSION_BASELINE]);
    } else if (r->stale != NULL) {
        (void)snprintf(out, REGRESSION_TEXT_SIZE,
                       "%.100s is said to differ by design, and does not: strike it out",
                       r->stale->name);
    } else if (r->passes && (r->suite->lefts > 0 || r->verdicts[REGRESSION_DEPARTS] > 0)) {
        (void)snprintf(out, REGRESSION_TEXT_SIZE,
                       "%zu lives are within what is allowed, %zu differ by design",
                       r->verdicts[REGRESSION_SAME] + r->verdicts[REGRESSION_WITHIN],
                       r->verdicts[REGRESSION_DEPARTS]);
    } else if (r->level[SUITE_PATIENT] || r->level[SUITE_DEVICE]) {
        (void)snprintf(out, REGRESSION_TEXT_SIZE, "%s; calls of %s",
                       r->level[SUITE_PATIENT] ? "device and patients differ"
                                               : "the device differs, no patient does",
                       families);
    } else if (r->level[SUITE_POPULATION]) {
        (void)snprintf(out, REGRESSION_TEXT_SIZE, "populations differ");
    } else if (r->level[SUITE_TRACE]) {
        (void)snprintf(out, REGRESSION_TEXT_SIZE,
                       "calls of %s%s; no volume, event, exposure or symptom differs", families,
                       named == 1 ? " alone" : "");
    } else {
        (void)snprintf(out, REGRESSION_TEXT_SIZE, "nothing differs");
    }
}

/* ---- the table -------------------------------------------------------------------------------------------------- */

static void print_ends(const regression_unit_t *u, FILE *out)
{
    static const char *const side[POOL_SIDES] = {"baseline", "candidate"};
    char text[REGRESSION_TEXT_SIZE];
    for (int i = 0; i < POOL_SIDES; i++) {
        if (u->side[i].end != TESTIMONY_LIVED) {
            regression_text_end(&u->side[i], text);
            (void)fprintf(out, "      %s %s\n", side[i], text);
        }
    }
}

static void print_differences(const compare_t *c, FILE *out)
{
    char text[REGRESSION_TEXT_SIZE];
    size_t shown[SUITE_LEVELS] = {0}, more = 0;
    for (size_t i = 0; i < c->differences; i++) {
        const compare_difference_t *d = &c->difference[i];
        if (shown[d->level]++ < DIFFERENCES_SHOWN) {
            regression_text_difference(d, text);
            (void)fprintf(out, "      %-8s %s\n", suite_level_name(d->level), text);
        } else {
            more++;
        }
    }
    if (more > 0) {
        (void)fprintf(out, "      and %zu more\n", more);
    }
}

static void print_unit(const regression_t *r, const regression_unit_t *u, FILE *out)
{
    const suite_scenario_t *s = &r->suite->scenario[u->unit.scenario];
    (void)fprintf(out, "    %s, patient %" PRId64 "%s%s: %s\n", s->name, u->unit.key.patient,
                  s->study.arms.count > 1 ? ", arm " : "",
                  s->study.arms.count > 1 ? s->study.arms.name[u->unit.key.arm] : "",
                  regression_verdict_name(u->verdict));
    print_ends(u, out);
    print_differences(&u->compare, out);
}

/* A line for each scenario; below it the first of its patients of each verdict but "same". */
static void print_scenario(const regression_t *r, size_t scenario, FILE *out)
{
    size_t count[REGRESSION_VERDICTS] = {0}, units = 0;
    const regression_unit_t *first[REGRESSION_VERDICTS] = {NULL};
    for (size_t i = 0; i < r->units; i++) {
        const regression_unit_t *u = &r->unit[i];
        if (u->unit.scenario == scenario) {
            first[u->verdict] = count[u->verdict]++ == 0 ? u : first[u->verdict];
            units++;
        }
    }
    (void)fprintf(out, "  %-32s %6zu", r->suite->scenario[scenario].name, units);
    for (int v = 0; v < REGRESSION_VERDICTS; v++) {
        if (count[v] > 0) {
            (void)fprintf(out, "  %zu %s", count[v],
                          regression_verdict_name((regression_verdict_t)v));
        }
    }
    (void)fputc('\n', out);
    if (r->suite->scenario[scenario].departs != NULL) {
        (void)fprintf(out, "    by design: %s\n", r->suite->scenario[scenario].departs);
    }
    for (int v = REGRESSION_WITHIN; v < REGRESSION_VERDICTS; v++) {
        if (first[v] != NULL && v != REGRESSION_DEPARTS) {
            print_unit(r, first[v], out);
        }
    }
}

/* ---- the first difference ------------------------------------------------------------------------------------------ */

static void side_text(const testimony_t *t, size_t i, char out[REGRESSION_TEXT_SIZE])
{
    out[0] = '\0';
    if (i < t->windowed) {
        call_text_put(&t->window[i]->call, out);
    } else if (i == t->windowed) {
        (void)snprintf(out, REGRESSION_TEXT_SIZE, "(%s)", testimony_end_name(t->end));
    }
}

size_t regression_text_calls_from(const divergence_t *d)
{
    return d->at > DIVERGENCE_BEFORE ? d->at - DIVERGENCE_BEFORE : 0;
}

bool regression_text_calls(const divergence_t *d, size_t i, regression_text_calls_t *out)
{
    const testimony_t *a = &d->side[0], *b = &d->side[1];
    if (i > d->at + DIVERGENCE_AFTER || (i > a->windowed && i > b->windowed)) {
        return false;
    }
    out->when[0] = '\0';
    if (i < a->windowed || i < b->windowed) {
        const testimony_t *t = i < a->windowed ? a : b;
        call_text_time((int64_t)t->window[i]->call.clock_ms, out->when);
    }
    side_text(a, i, out->side[0]);
    side_text(b, i, out->side[1]);
    return true;
}

static void print_calls(const divergence_t *d, FILE *out)
{
    regression_text_calls_t calls;
    for (size_t i = regression_text_calls_from(d); regression_text_calls(d, i, &calls); i++) {
        (void)fprintf(out, "  %c %-22s %-*s %s\n", i == d->at ? '>' : ' ', calls.when, COLUMN,
                      calls.side[0], i < d->at ? "=" : calls.side[1]);
    }
}

static void print_divergence(const regression_t *r, FILE *out)
{
    const divergence_t *d = &r->divergence;
    if (!d->found) {
        return;
    }
    const regression_unit_t *u = &r->unit[d->unit];
    const testimony_t *t = d->at < d->side[0].windowed ? &d->side[0] : &d->side[1];
    (void)fprintf(out, "\nfirst difference: %s, patient %" PRId64 ", after %" PRId64 " calls\n",
                  r->suite->scenario[u->unit.scenario].name, u->unit.key.patient,
                  t->window[d->at]->number);
    (void)fprintf(out, "    %-22s %-*s %s\n", "pump's clock", COLUMN, "baseline", "candidate");
    print_calls(d, out);
}

static const char *where(const char *core)
{
    return core != NULL ? core : "built in";
}

void regression_text_replay(const regression_names_t *names, FILE *out)
{
    static const char *const option[POOL_SIDES] = {"--baseline", "--candidate"};
    (void)fprintf(out, "thecasim regress %s", names->path);
    for (int i = 0; i < POOL_SIDES; i++) {
        if (names->core[i] != NULL) {
            (void)fprintf(out, " %s %s", option[i], names->core[i]);
        }
    }
    (void)fputc('\n', out);
}

void regression_text_print(const regression_t *r, const regression_names_t *names, FILE *out)
{
    char summary[REGRESSION_TEXT_SIZE];
    (void)fprintf(out, "suite %s: %s\n  baseline   %s (%s)\n  candidate  %s (%s)\n\n",
                  r->suite->name, r->suite->title, names->id[0], where(names->core[0]),
                  names->id[1], where(names->core[1]));
    (void)fprintf(out, "  %-32s %6s  verdict\n", "scenario", "lives");
    for (size_t i = 0; i < r->suite->scenarios; i++) {
        print_scenario(r, i, out);
    }
    print_divergence(r, out);
    regression_text_summary(r, summary);
    (void)fprintf(out, "\n%s: %s\n", r->passes ? "PASS" : "FAIL", summary);
    (void)fputs("Simulated. replay: ", out);
    regression_text_replay(names, out);
}
