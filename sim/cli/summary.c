/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim summary`: the tables a reader of a dataset wants first; of two datasets, the differences patient by patient; with
 * --vpc observations in a file held against a dataset. */
#include "cli/command.h"
#include "cli/summary_vpc.h"
#include "dataset/reader.h"
#include "statistics/central.h"
#include "summary/outcomes_json.h"
#include "summary/outcomes_text.h"
#include "summary/summary_json.h"
#include "summary/summary_text.h"

#include <stdio.h>

#define COHORT_MAX 1000000

static int open_outcomes(const char *path, reader_t **reader, outcomes_t *outcomes, error_t *e)
{
    int code = central_open(reader, path, e);
    return code != 0 ? code : outcomes_read(outcomes, *reader, e);
}

static int summarise(const char *path, bool json, size_t cohort, error_t *e)
{
    summary_t summary = {.arm = NULL};
    outcomes_t outcomes = {0};
    reader_t *reader = NULL;
    int code = open_outcomes(path, &reader, &outcomes, e);
    outcomes.cohort = cohort;
    code = code != 0 ? code : summary_compute(&summary, &outcomes, reader, e);
    if (code == 0) {
        code = json ? summary_json_print(&summary, stdout, e)
                    : summary_text_print(&summary, stdout, e);
    }
    summary_free(&summary);
    outcomes_free(&outcomes);
    reader_close(&reader);
    return code;
}

static int compare(const char *const path[2], bool json, error_t *e)
{
    outcomes_t first = {0}, second = {0};
    reader_t *a = NULL, *b = NULL;
    int code = open_outcomes(path[0], &a, &first, e);
    code = code != 0 ? code : open_outcomes(path[1], &b, &second, e);
    if (code == 0) {
        code = json ? outcomes_json_compare(&first, &second, stdout, e)
                    : outcomes_text_compare(&first, &second, path, stdout, e);
    }
    outcomes_free(&first);
    outcomes_free(&second);
    reader_close(&a);
    reader_close(&b);
    return code;
}

int summary_command(int argc, char **argv)
{
    bool json = false;
    int64_t cohort = 0;
    summary_vpc_t vpc = {NULL, NULL, NULL};
    const option_row_t row[] = {
        {"json", 0, OPTION_FLAG, &json, NULL, "print JSON"},
        {"cohort", 0, OPTION_COUNT, &cohort, "N",
         "also where the outcomes of a cohort of N would lie by chance"},
        {"vpc", 0, OPTION_TEXT, &vpc.data, "DATA.csv",
         "visual predictive check of observations: columns patient,day,value[,lloq]"},
        {"arm", 0, OPTION_TEXT, &vpc.arm, "A",
         "with --vpc: in which arm, by name or number; default: the first"},
        {"field", 0, OPTION_TEXT, &vpc.field, "NAME",
         "with --vpc: a value of table daily; default: lumbar_ng_per_ml"},
    };
    const command_t command = {"summary",
                               "A.h5 [B.h5]",
                               "the tables a reader of a dataset wants first; of two, B less A",
                               "thecasim summary baclofen-maintenance.h5\n"
                               "  thecasim summary usual-dose.h5 half-dose.h5\n"
                               "  thecasim summary baclofen-maintenance.h5 --cohort 60\n"
                               "  thecasim summary baclofen-maintenance.h5 --vpc levels.csv --json",
                               row,
                               sizeof row / sizeof row[0],
                               1,
                               2};
    operands_t left;
    error_t e = {0};
    int code = options_parse(&command, argc, argv, &left);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    if (cohort > COHORT_MAX || (cohort > 0 && (vpc.data != NULL || left.count > 1))) {
        fprintf(stderr,
                "thecasim: error: summary: --cohort takes one dataset, no --vpc, and at most %d\n",
                COHORT_MAX);
        return CLI_USAGE;
    }
    if ((vpc.data != NULL && left.count > 1) ||
        (vpc.data == NULL && (vpc.arm != NULL || vpc.field != NULL))) {
        fprintf(stderr, "thecasim: error: summary: %s\n",
                vpc.data != NULL ? "--vpc takes one dataset" : "--arm and --field go with --vpc");
        return CLI_USAGE;
    }
    if (vpc.data != NULL) {
        return summary_vpc(left.item[0], &vpc, json);
    }
    code = left.count == 1 ? summarise(left.item[0], json, (size_t)cohort, &e)
                           : compare(left.item, json, &e);
    if (code < 0) {
        command_error(&e);
        return CLI_FAILED;
    }
    return CLI_DONE;
}
