/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the file of a frozen cohort; what is in it is looked at by who can read it (cohort/thaw.h). */
#include "config/check_cohort.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config/include.h"

#define HASH_DIGITS 64

/* Joins folder[0..length) and a name into the path; 1 if there is such a file. */
static int is_at(study_cohort_t *c, const char *folder, size_t length)
{
    const char *slash = length > 0 && folder[length - 1] != '/' ? "/" : "";
    const int n =
        snprintf(c->path, sizeof c->path, "%.*s%s%s", (int)length, folder, slash, c->file);
    return n > 0 && (size_t)n < sizeof c->path && access(c->path, F_OK) == 0;
}

static int find(study_cohort_t *c, const char *beside)
{
    const char *slash = beside != NULL ? strrchr(beside, '/') : NULL;
    char folder[INCLUDE_PATH_SIZE];
    if (c->file[0] == '/')
        return is_at(c, "", 0);
    if ((slash != NULL && is_at(c, beside, (size_t)(slash - beside) + 1)) || is_at(c, "", 0))
        return 1;
    for (size_t i = 1; include_folder(i, folder); i++) /* 0 is for whole names */
        if (is_at(c, folder, strlen(folder)))
            return 1;
    c->path[0] = '\0';
    return 0;
}

static int is_hash(const char *text)
{
    return strlen(text) == HASH_DIGITS && strspn(text, "0123456789abcdef") == HASH_DIGITS;
}

void check_cohort(const reading_t *r)
{
    study_cohort_t *c = &r->study->cohort;
    const char *path = "population.cohort", *hash = "population.cohort_hash";
    if (reading_failed(r, c->file) || reading_failed(r, c->hash))
        return;
    if (c->hash[0] != '\0' && c->file[0] == '\0')
        reading_report(r, DIAGNOSTIC_ERROR, hash, "there is no population.cohort that has it");
    else if (c->hash[0] != '\0' && !is_hash(c->hash))
        reading_report(r, DIAGNOSTIC_ERROR, hash,
                       "write the 64 hexadecimal digits that thecasim population prints");
    if (c->file[0] != '\0' && !reading_failed(r, &r->study->parameter_draws) &&
        r->study->parameter_draws > 0)
        reading_report(
            r, DIAGNOSTIC_ERROR, path,
            "its people have no draws of parameters; leave out study.parameter_draws, or "
            "let people be drawn");
    if (c->file[0] != '\0' && !find(c, r->doc->source->path))
        reading_report(r, DIAGNOSTIC_ERROR, path,
                       "%.120s is not found beside this file, in this folder, in $THECASIM_CONFIGS "
                       "or among the installed configs; thecasim population STUDY.yaml -o "
                       "COHORT.h5 makes one",
                       c->file);
}
