/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the steps that turn a tree into a study. */
#include "config/interpret.h"

#include "config/check.h"
#include "config/check_draws.h"
#include "config/reading.h"
#include "config/repeat.h"
#include "config/structure.h"
#include "config/uncertain.h"

/* What the table cannot express: a refill holds every drug at its own concentration, but for the
 * primary's where the file says another. */
static void complete_events(study_t *s)
{
    for (int64_t i = 0; i < s->n_events; i++) {
        study_event_t *event = &s->event[i];
        double primary = event->concentration_ug_per_ml[0];
        if (event->order != STUDY_ORDER_REFILL)
            continue;
        for (int64_t k = 0; k < s->n_drugs; k++)
            event->concentration_ug_per_ml[k] = s->drug[k].concentration_ug_per_ml;
        if (primary > 0.0)
            event->concentration_ug_per_ml[0] = primary;
    }
}

static void report(void *to, bool is_error, const char *key, const char *text)
{
    const reading_t *reading = to;
    reading_report(reading, is_error ? DIAGNOSTIC_ERROR : DIAGNOSTIC_WARNING, key, "%s", text);
}

static void ask_judge(reading_t *reading)
{
    const study_judge_t *judge = reading->doc->source->judge;
    const study_report_t to = {.to = reading, .report = report};
    if (judge != NULL)
        judge->judge(judge->context, reading->study, &to);
}

int interpret_tree(study_t *s, document_t *doc, units_t *units, int arm)
{
    reading_t reading = {.study = s, .doc = doc, .units = units, .arm = arm};
    structure_check(doc);
    reading_run(&reading);
    int complete = !doc->out_of_memory && !reading.out_of_memory;
    if (complete) {
        complete_events(s);
        uncertain_complete(s);
        check_study(&reading);
        complete = !doc->out_of_memory && !reading.out_of_memory;
    }
    if (complete && doc->diagnostics->errors == 0)
        ask_judge(&reading);
    if (complete && doc->diagnostics->errors == 0)
        complete = check_draws(&reading);
    /* A study with errors is never used. */
    if (complete && doc->diagnostics->errors == 0)
        complete = repeat_expand(s);
    reading_free(&reading);
    return complete;
}
