/* SPDX-License-Identifier: Apache-2.0 */
/* Loads, parses, resolves and frees a study. */
#include "config/study.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/arms.h"
#include "config/config_text.h"
#include "config/document.h"
#include "config/include.h"
#include "config/interpret.h"
#include "config/numeric.h"
#include "config/override.h"
#include "config/resolved.h"
#include "config/text_file.h"
#include "config/uncertain.h"

const study_t *study_arm(const study_t *s, int64_t arm)
{
    if (arm < 0 || arm >= s->arms.count)
        return NULL;
    return arm < s->n_arm_studies && s->arm[arm].study != NULL ? s->arm[arm].study : s;
}

const study_t *study_replicate(const study_t *s, int64_t arm, int64_t replicate, study_t *room)
{
    const study_t *central = study_arm(s, arm);
    if (central == NULL || replicate < 0 || replicate > s->parameter_draws)
        return NULL;
    if (replicate == 0)
        return central;
    uncertain_lay(central, replicate, room);
    return room;
}

void study_free(study_t *s)
{
    for (int64_t i = 0; i < s->n_arm_studies; i++) {
        if (s->arm[i].study != NULL)
            study_free(s->arm[i].study);
        free(s->arm[i].study);
        free(s->arm[i].set);
    }
    free(s->arm);
    if (s->cohort.people.release != NULL)
        s->cohort.people.release(s->cohort.people.context);
    free(s->event);
    free(s->uncertain);
    free(s->warnings);
    memset(s, 0, sizeof *s);
}

static int read_tree(void *to, document_t *doc, units_t *units)
{
    study_t *s = to;
    include_expand(doc);
    for (size_t i = 0; i < doc->source->n_set; i++)
        override_apply(doc, i);
    return !doc->out_of_memory && interpret_tree(s, doc, units, 0) && arms_read(s, doc, units);
}

int study_parse(study_t *s, const study_source_t *source, diagnostic_t *d, error_t *e)
{
    memset(s, 0, sizeof *s);
    int status = config_text_read(source, read_tree, s, d, e);
    if (status == 0 && (s->warnings = diagnostic_warnings(d)) == NULL)
        status = ERROR_RAISE(e, ERROR_MEMORY, "no memory for the warnings of %s", source->name);
    if (status < 0)
        study_free(s);
    return status;
}

int study_load(study_t *s, const char *path, const study_override_t *set, size_t n_set,
               diagnostic_t *d, error_t *e)
{
    return study_load_judged(s, path, set, n_set, NULL, d, e);
}

int study_load_judged(study_t *s, const char *path, const study_override_t *set, size_t n_set,
                      const study_judge_t *judge, diagnostic_t *d, error_t *e)
{
    study_source_t source = {
        .name = path, .set = set, .n_set = n_set, .path = path, .judge = judge};
    char *text = NULL;
    memset(s, 0, sizeof *s);
    int status = text_file_read(path, &text, &source.length, e);
    source.text = text;
    if (status == 0)
        status = study_parse(s, &source, d, e);
    free(text);
    return status;
}

static int print(const study_t *s, int (*write)(const study_t *s, FILE *out), char **text,
                 error_t *e)
{
    numeric_t numeric = {(locale_t)0, (locale_t)0};
    size_t length;
    *text = NULL;
    int status = numeric_enter(&numeric, e);
    if (status < 0)
        return status;
    FILE *out = open_memstream(text, &length);
    int failed = out == NULL || write(s, out) < 0;
    if (out != NULL && fclose(out) != 0)
        failed = 1;
    numeric_leave(&numeric);
    if (!failed)
        return 0;
    free(*text);
    *text = NULL;
    return ERROR_RAISE(e, ERROR_MEMORY, "no memory for the resolved config");
}

int study_resolved(const study_t *s, char **text, error_t *e)
{
    return print(s, resolved_write, text, e);
}

int study_brief(const study_t *s, char **text, error_t *e)
{
    return print(s, resolved_write_brief, text, e);
}
