/* SPDX-License-Identifier: Apache-2.0 */
/* Opens frozen cohorts for studies, and hands out their people. */
#include "cohort/thaw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cohort/embody.h"
#include "cohort/person_row.h"
#include "cohort/thaw_people.h"

/* ---- settings ---- */

/* What differs between a study and its file, as far as it is told. */
typedef struct differences_t {
    size_t count;
    char text[240];
} differences_t;

static void differ(differences_t *d, const char *key, const char *here, const char *there)
{
    const size_t used = strlen(d->text);
    d->count++;
    if (d->count <= 2) {
        (void)snprintf(d->text + used, sizeof d->text - used, "%s%s is %s here and %s there",
                       used > 0 ? ", " : "", key, here, there);
    }
}

static void differ_number(differences_t *d, const char *section, const char *key, double here,
                          double there)
{
    char path[96], number[2][32];
    if (here != there) {
        (void)snprintf(path, sizeof path, "%s%s", section, key);
        (void)snprintf(number[0], sizeof number[0], "%.9g", here);
        (void)snprintf(number[1], sizeof number[1], "%.9g", there);
        differ(d, path, number[0], number[1]);
    }
}

/* A setting of the file; what it lacks is as the study has it. */
static double setting_of(const frozen_head_t *head, const char *name, double otherwise)
{
    for (size_t i = 0; i < head->settings; i++) {
        if (strcmp(head->setting[i].name, name) == 0) {
            return head->setting[i].value;
        }
    }
    return otherwise;
}

static void take_population(study_t *s, const frozen_head_t *head, differences_t *d)
{
    population_param_t *p = &s->population;
    double there;
#define PARAM(key, member, unit, value, low, high, help, source)                                   \
    there = setting_of(head, #key, p->member);                                                     \
    differ_number(d, "population.", #key, p->member, there);                                       \
    p->member = there;
#include "body/population.def"
#undef PARAM
}

/* The centre of the people takes the place of the study's. */
static int take_centre(study_t *s, const thaw_people_t *t, differences_t *d, error_t *e)
{
    person_centre_t centre;
    person_t was, person;
    double row[FROZEN_FIELDS_MAX];
    const int drugs = (int)s->n_drugs;
    embody_centre(s, &centre);
    int rc = person_row_central(&centre, &was, e);
    rc = rc != 0 ? rc : person_row_write(&was, 1, row, e);
    for (size_t k = 0; rc == 0 && k < person_row_columns(drugs); k++) {
        const frozen_field_t *field =
            &frozen_head(thaw_people_file(t))->field[thaw_people_at(t, k)];
        if (field->key[0] != '\0') {
            if (field->meanings[0] == '\0') {
                differ_number(d, "", field->key, row[k], field->central);
            }
            row[k] = field->central;
        }
    }
    row[1] = 1; /* nobody is drawn by no attempt */
    rc = rc != 0 ? rc : person_row_read(&person, drugs, row, e);
    if (rc != 0) {
        return rc;
    }
    if (strcmp(was.tip_level, person.tip_level) != 0) {
        differ(d, "catheter.tip", was.tip_level, person.tip_level);
    }
    s->body.csf = person.csf;
    s->body.ashworth = person.ashworth;
    s->body.tolerance = person.tolerance;
    memcpy(s->catheter.tip, person.tip_level, sizeof s->catheter.tip);
    for (int i = 0; i < drugs; i++) {
        s->drug[i].kinetics = person.drug[i];
    }
    return 0;
}
_Static_assert(STUDY_LEVEL_SIZE == ANATOMY_NAME_SIZE, "a level of a study is one of the anatomy");

/* Adds a line to the study's warnings, which stay in the order of their bytes. */
static int add_warning(study_t *s, const char *text, error_t *e)
{
    const size_t old = s->warnings != NULL ? strlen(s->warnings) : 0;
    char *joined = malloc(old + strlen(text) + 2);
    if (joined == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for the warnings of %s", s->name);
    }
    const char *at = s->warnings != NULL ? s->warnings : "";
    while (*at != '\0' && strcmp(at, text) < 0) {
        const char *end = strchr(at, '\n');
        at = end != NULL ? end + 1 : at + strlen(at);
    }
    const size_t before = old - strlen(at);
    (void)sprintf(joined, "%.*s%s\n%s", (int)before, s->warnings != NULL ? s->warnings : "", text,
                  at);
    free(s->warnings);
    s->warnings = joined;
    return 0;
}

/* ---- all ---- */

/* What of a study its people bring with them. */
static int is_like(const study_t *a, const study_t *b)
{
    int like = memcmp(&a->population, &b->population, sizeof a->population) == 0 &&
               memcmp(&a->body.csf, &b->body.csf, sizeof a->body.csf) == 0 &&
               memcmp(&a->body.ashworth, &b->body.ashworth, sizeof a->body.ashworth) == 0 &&
               memcmp(&a->body.tolerance, &b->body.tolerance, sizeof a->body.tolerance) == 0 &&
               strcmp(a->catheter.tip, b->catheter.tip) == 0;
    for (int64_t i = 0; i < a->n_drugs; i++) {
        like = like &&
               memcmp(&a->drug[i].kinetics, &b->drug[i].kinetics, sizeof a->drug[i].kinetics) == 0;
    }
    return like;
}

/* Arms are told apart by what lives differ in; one that sets what the people bring would be as the others, in silence. */
static int check_arm(const study_t *base, const study_t *arm, const char *name, error_t *e)
{
    if (strcmp(arm->cohort.file, base->cohort.file) == 0) {
        return base->cohort.file[0] == '\0' || is_like(arm, base)
                   ? 0
                   : ERROR_RAISE(e, ERROR_CONFIG,
                                 "study.arms: %s sets what the people of %s bring with them "
                                 "(population but for mortality, body.csf, body.response, "
                                 "body.tolerance, kinetics, catheter.tip); freeze a cohort for it "
                                 "with --arm %s, and set "
                                 "population.cohort and population.cohort_hash in it",
                                 name, base->cohort.file, name);
    }
    return arm->cohort.file[0] == '\0' || arm->cohort.hash[0] != '\0'
               ? 0
               : ERROR_RAISE(e, ERROR_CONFIG,
                             "study.arms: %s sets population.cohort: set population.cohort_hash in "
                             "it too, as thecasim population %s prints it",
                             name, arm->cohort.file);
}

int thaw_brings(const char *key)
{
    int brings = 0;
#define PARAM(key_, member, unit, value, low, high, help, source)                                  \
    brings = brings || strcmp(key, "population." #key_) == 0;
#include "body/population.def"
#undef PARAM
    for (size_t k = 0; k < person_row_columns(SEGMENT_DRUGS_MAX); k++) {
        brings = brings || strcmp(key, person_row_field(k)->key) == 0;
    }
    return brings;
}

static void forget_folder(study_cohort_t *c)
{
    const char *slash = strrchr(c->file, '/');
    if (slash != NULL) {
        memmove(c->file, slash + 1, strlen(slash + 1) + 1);
    }
}

/* One study, base or arm; `name` of the arm, or NULL. */
static int thaw_one(study_t *s, const char *name, char warning[DIAGNOSTIC_TEXT_SIZE], error_t *e)
{
    differences_t d = {0};
    thaw_people_t *t = NULL;
    warning[0] = '\0';
    int rc = thaw_people_open(&t, s, e);
    if (rc != 0) {
        return rc;
    }
    s->cohort.people = thaw_people_source(t);
    (void)snprintf(s->cohort.hash, sizeof s->cohort.hash, "%s",
                   frozen_identity(thaw_people_file(t)));
    forget_folder(&s->cohort);
    take_population(s, frozen_head(thaw_people_file(t)), &d);
    rc = take_centre(s, t, &d, e);
    if (rc == 0 && d.count > 0) {
        (void)snprintf(
            warning, DIAGNOSTIC_TEXT_SIZE,
            "%s%s%spopulation.cohort: the people of %.60s stay as they were frozen: %s%s",
            name != NULL ? "arm " : "", name != NULL ? name : "", name != NULL ? ": " : "",
            s->cohort.file, d.text, d.count > 2 ? " and more" : "");
    }
    return rc;
}

int thaw_study(study_t *s, thaw_warning_t *warn, void *context, error_t *e)
{
    char warning[DIAGNOSTIC_TEXT_SIZE];
    int rc = 0;
    for (int64_t i = 0; rc == 0 && i < s->n_arm_studies; i++) {
        rc = s->arm[i].study != NULL ? check_arm(s, s->arm[i].study, s->arms.name[i], e) : 0;
    }
    for (int64_t i = -1; rc == 0 && i < s->n_arm_studies; i++) {
        study_t *one = i < 0 ? s : s->arm[i].study;
        if (one == NULL || one->cohort.file[0] == '\0') {
            continue;
        }
        rc = thaw_one(one, i < 0 ? NULL : s->arms.name[i], warning, e);
        if (rc == 0 && warning[0] != '\0' && (i < 0 || s->cohort.file[0] == '\0')) {
            rc = add_warning(s, warning, e);
            if (rc == 0 && warn != NULL) {
                warn(context, warning);
            }
        }
    }
    return rc;
}
