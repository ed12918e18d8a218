/* SPDX-License-Identifier: Apache-2.0 */
/* thecasim: the program. Finds the command and hands over; the only file that ends the process. */
#include "cli/command.h"

#include <gsl/gsl_errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *purpose;
} commands[] = {
    {"run", run_command, "run a study and write its dataset"},
    {"check", check_command, "validate a study; --resolved prints it in full"},
    {"merge", merge_command, "the shards of a study as one dataset"},
    {"replay", replay_command, "run one patient of a dataset again: every pulse, decision, chart"},
    {"summary", summary_command, "the tables a reader of a dataset wants first"},
    {"report", report_command, "one page of a dataset, to read and explore; or one figure"},
    {"export", export_command, "a dataset for the tools of others: CSV and more"},
    {"verify", verify_command, "is a dataset what its schema promises; hashes of its values"},
    {"validate", validate_command, "published studies against the simulation"},
    {"population", population_command, "draw, describe, freeze a cohort"},
    {"sensitivity", sensitivity_command, "which inputs of a study move the mean of an outcome"},
    {"regress", regress_command, "two dosing cores on the same patients, and what differs"},
    {"witness", witness_command, "what regress starts: not for people"},
    {"reference", reference_command,
     "every key of a study, every parameter, every field of a dataset"},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static void say_help(FILE *out)
{
    fprintf(
        out,
        "thecasim: a simulator of an implanted intrathecal drug pump and of the patients who live "
        "with it\n\nusage: thecasim COMMAND ...\n\n");
    for (size_t i = 0; i < COMMANDS; i++) {
        fprintf(out, "  %-11s %s\n", commands[i].name, commands[i].purpose);
    }
    fprintf(out, "\n  --help     this; 'thecasim COMMAND --help' says more of each\n"
                 "  --version  version, build and libraries\n\n"
                 "example:\n  thecasim run configs/baclofen-maintenance.yaml -o study.h5\n"
                 "  thecasim summary study.h5\n\n"
                 "exit codes: 0 done, 1 failed, 2 usage or config error, 75 interrupted\n"
                 "Everything it prints is simulated. Not a medical device.\n");
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        say_help(stderr);
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        say_help(stdout);
        return CLI_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        version_print();
        return CLI_DONE;
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    fprintf(stderr, "thecasim: error: unknown command '%s'; try 'thecasim --help'\n", argv[1]);
    return CLI_USAGE;
}

/* Output that could not be written is a failure, even when everything else went well. */
static int close_stdout(int code)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "thecasim: error: the results could not be written to standard output\n");
        return code == CLI_DONE ? CLI_FAILED : code;
    }
    return code;
}

int main(int argc, char **argv)
{
    (void)gsl_set_error_handler_off();
    /* A file that may not grow is then an error of write(), which says which file and why. */
    (void)signal(SIGXFSZ, SIG_IGN);
    exit(close_stdout(dispatch(argc, argv)));
}
