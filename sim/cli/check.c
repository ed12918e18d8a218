/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim check`: is a study sound, and what does it say in full? */
#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>

static int say_resolved(const study_t *s)
{
    char *text = NULL;
    error_t e = {0};
    if (study_resolved(s, &text, &e) < 0) {
        command_error(&e);
        return CLI_FAILED;
    }
    fputs(text, stdout);
    free(text);
    return CLI_DONE;
}

int check_command(int argc, char **argv)
{
    bool resolved = false;
    option_list_t set = {.count = 0};
    const option_row_t row[] = {
        {"resolved", 0, OPTION_FLAG, &resolved, NULL, "print the whole study, defaults included"},
        {"set", 0, OPTION_LIST, &set, "KEY=VALUE", "replace one value; may be repeated"},
    };
    const command_t command = {
        "check",
        "STUDY.yaml",
        "validate a study and say what it amounts to",
        "thecasim check configs/baclofen-maintenance.yaml --set study.patients=100",
        row,
        sizeof row / sizeof row[0],
        1,
        1};
    operands_t left;
    study_t study;
    int code = options_parse(&command, argc, argv, &left);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    code = command_study(&study, left.item[0], &set);
    if (code != CLI_DONE) {
        return code;
    }
    if (resolved) {
        code = say_resolved(&study);
    } else {
        printf("%s: sound: %lld patients for %.6g days, %lld arm%s\n", left.item[0],
               (long long)study.patients, (double)study.horizon_ms / 86400000.0,
               (long long)study.arms.count, study.arms.count == 1 ? "" : "s");
    }
    study_free(&study);
    return code;
}
