/* SPDX-License-Identifier: Apache-2.0 */
/* Finds, describes and draws the keys that a study does not know. */
#include "config/uncertain.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/nearest.h"
#include "config/value.h"
#include "draw.h"

#define NORMAL_975 1.9599639845400545 /* the standard normal's quantile 0.975 */

/* ---- keys --------------------------------------------------------------------------------------------- */

/* "drugs[0].name" as the table has it, "drugs[].name", and the number; 0 if it is not of that form. */
static int to_table(const char *key, char path[STUDY_KEY_SIZE], size_t *item)
{
    const char *bracket = strchr(key, '[');
    char *end = NULL;
    *item = 0;
    if (strlen(key) >= STUDY_KEY_SIZE)
        return 0;
    if (bracket == NULL) {
        strcpy(path, key);
        return 1;
    }
    const unsigned long number = strtoul(bracket + 1, &end, 10);
    if (bracket[1] < '0' || bracket[1] > '9' || *end != ']' || strchr(end, '[') != NULL ||
        number >= STUDY_EVENTS_MAX)
        return 0;
    *item = number;
    snprintf(path, STUDY_KEY_SIZE, "%.*s%s", (int)(bracket + 1 - key), key, end);
    return 1;
}

const field_t *uncertain_field(const char *key, field_index_t *at)
{
    char path[STUDY_KEY_SIZE];
    *at = (field_index_t){0, 0};
    return to_table(key, path, &at->item) ? field_find(path) : NULL;
}

/* What nature, makers or habit set, and no study chooses. */
static int may_be_uncertain(const field_t *f)
{
    static const char *const section[] = {
        "body.", "drugs[].kinetics.", "drugs[].compound.", "population.",
        "pump.", "catheter.",         "refill.",           "clinic."};
    for (size_t i = 0; i < sizeof section / sizeof section[0]; i++)
        if (strncmp(f->path, section[i], strlen(section[i])) == 0)
            return 1;
    return 0;
}

/* Numbers of things, which a draw would break. */
static int counts(const field_t *f)
{
    static const char *const whole[] = {"body.csf.cells",       "pump.head.pulses_per_revolution",
                                        "pump.head.rollers",    "pump.valve.generation",
                                        "clinic.stable_visits", "clinic.frame_tries",
                                        "clinic.session_tries"};
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        if (strcmp(f->path, whole[i]) == 0)
            return 1;
    return 0;
}

/* The key that is nearest to an unknown one, with its item's number; 0 where none is near. */
static int nearest(const char *key, char near[STUDY_KEY_SIZE])
{
    char path[STUDY_KEY_SIZE];
    size_t n, item;
    const field_t *f = field_table(&n), *best = NULL;
    if (!to_table(key, path, &item))
        return 0;
    for (size_t i = 0; i < n; i++)
        if (f[i].type == FIELD_QUANTITY && may_be_uncertain(&f[i]) &&
            nearest_is_close(path, f[i].path) &&
            (best == NULL ||
             nearest_distance(path, f[i].path) < nearest_distance(path, best->path)))
            best = &f[i];
    if (best != NULL)
        field_place(best, (field_index_t){item, 0}, near, STUDY_KEY_SIZE);
    return best != NULL;
}

/* The key whose last step is that of an unknown one; 0 where none is. */
static int same_step(const char *key, char near[STUDY_KEY_SIZE])
{
    const char *dot = strrchr(key, '.'), *step = dot != NULL ? dot + 1 : key;
    size_t n;
    const field_t *f = field_table(&n);
    for (size_t i = 0; i < n; i++) {
        const char *last = strrchr(f[i].path, '.');
        if (f[i].type != FIELD_QUANTITY || !may_be_uncertain(&f[i]) || last == NULL ||
            strcmp(last + 1, step) != 0)
            continue;
        field_place(&f[i], (field_index_t){0, 0}, near, STUDY_KEY_SIZE);
        return 1;
    }
    return 0;
}

static int refuse_unknown(const char *text, char *why)
{
    char near[STUDY_KEY_SIZE];
    if (nearest(text, near) || same_step(text, near))
        snprintf(why, VALUE_WHY_SIZE, "%.60s: unknown key; did you mean %s?", text, near);
    else
        snprintf(why, VALUE_WHY_SIZE,
                 "%.60s: unknown key; write one of a number, such as body.csf.dispersion_lumbar or "
                 "drugs[0].kinetics.loss; thecasim reference lists them",
                 text);
    return 0;
}

int uncertain_read_key(const char *text, char *member, char *why)
{
    field_index_t at;
    const field_t *f = uncertain_field(text, &at);
    if (f == NULL)
        return refuse_unknown(text, why);
    if (!may_be_uncertain(f)) {
        snprintf(why, VALUE_WHY_SIZE,
                 "%.60s is for the study to decide; what can be uncertain are numbers "
                 "of " UNCERTAIN_SECTIONS,
                 text);
        return 0;
    }
    if (f->type != FIELD_QUANTITY || counts(f)) {
        snprintf(why, VALUE_WHY_SIZE,
                 "%.60s is %s; only a number that may have any fraction can be drawn", text,
                 f->type != FIELD_QUANTITY ? "not a number" : "a whole number");
        return 0;
    }
    field_place(f, at, member, STUDY_KEY_SIZE); /* one spelling: drugs[00] is drugs[0] */
    return 1;
}

/* ---- completing --------------------------------------------------------------------------------------- */

static void complete(study_t *s, study_uncertain_t *u)
{
    field_index_t at;
    const field_t *f = uncertain_field(u->key, &at);
    if (f == NULL || (f->owner == FIELD_DRUG && at.item >= (size_t)s->n_drugs))
        return;
    const char *base = field_base(s, f->owner, at);
    u->offset = (size_t)(base + f->offset - (const char *)s);
    u->applies = field_lacks(f, base) == NULL;
    u->least = f->low;
    u->most = f->high;
    u->unit = strcmp(f->unit, "1") == 0 ? "1" : field_unit(f);
    if (u->shape == STUDY_SHAPE_BY_RANGE)
        u->shape = u->low > 0.0 ? STUDY_SHAPE_LOG_NORMAL : STUDY_SHAPE_NORMAL;
}

void uncertain_complete(study_t *s)
{
    for (int64_t k = 0; k < s->n_uncertain; k++)
        complete(s, &s->uncertain[k]);
}

/* ---- drawing ------------------------------------------------------------------------------------------ */

/* FNV-1a of 64 bits. The key's text, not its place, says what is drawn. */
static uint64_t name_of(const char *key)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *key != '\0'; key++)
        hash = (hash ^ (unsigned char)*key) * UINT64_C(1099511628211);
    return hash;
}

static double normal_of(double uniform, double low, double high, double least, double most)
{
    return draw_truncated_normal_of(uniform, 0.5 * (low + high), 0.5 * (high - low) / NORMAL_975,
                                    least, most);
}

static double value_of(const study_uncertain_t *u, double uniform)
{
    double value;
    if (u->shape == STUDY_SHAPE_UNIFORM)
        value = u->low + (u->high - u->low) * uniform;
    else if (u->shape == STUDY_SHAPE_NORMAL)
        value = normal_of(uniform, u->low, u->high, u->least, u->most);
    else
        value = exp(normal_of(uniform, log(u->low), log(u->high),
                              u->least > 0.0 ? log(u->least) : -HUGE_VAL, log(u->most)));
    return fmin(fmax(value, u->least), u->most);
}

double uncertain_value(const study_t *s, int64_t k, int64_t replicate)
{
    const study_uncertain_t *u = &s->uncertain[k];
    double central;
    draw_t draw;
    if (replicate == 0) {
        memcpy(&central, (const char *)s + u->offset, sizeof central);
        return central;
    }
    draw_init(&draw, (uint64_t)s->seed, DRAW_PARAMETER, 0, (uint64_t)replicate, name_of(u->key));
    return value_of(u, draw_uniform(&draw));
}

void uncertain_lay(const study_t *s, int64_t replicate, study_t *room)
{
    *room = *s;
    for (int64_t k = 0; k < s->n_uncertain; k++) {
        const double value = uncertain_value(s, k, replicate);
        if (s->uncertain[k].applies)
            memcpy((char *)room + s->uncertain[k].offset, &value, sizeof value);
    }
}
