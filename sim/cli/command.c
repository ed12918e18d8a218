/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands share: how errors are said and how studies are read. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

void command_error(const error_t *e)
{
    fprintf(stderr, "thecasim: error: %s", e->text);
    if (e->patient > 0) {
        fprintf(stderr, " [patient %lld, day %.6f]", (long long)e->patient,
                (double)e->time_ms / 86400000.0);
    }
    fprintf(stderr, " (%s)\n", error_symbol(e->code));
}

int command_study(study_t *s, const char *path, const option_list_t *set)
{
    study_override_t overrides[OPTIONS_LIST_MAX];
    diagnostic_t found;
    error_t e = {0};
    int code;
    diagnostic_init(&found);
    for (size_t i = 0; i < set->count; i++) {
        overrides[i].text = set->item[i];
    }
    code = study_load(s, path, overrides, set->count, &found, &e);
    (void)diagnostic_print(&found, stderr);
    diagnostic_free(&found);
    if (code < 0) {
        command_error(&e);
        return CLI_USAGE;
    }
    return CLI_DONE;
}

static volatile sig_atomic_t interrupted;

static void note_signal(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

const volatile sig_atomic_t *command_interrupt(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = note_signal;
    /* A second one kills: somebody who asks twice means it. */
    action.sa_flags = (int)SA_RESETHAND;
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    return &interrupted;
}
