/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of every command, as a table: parsing, usage and help come from the same rows.
 *
 * A command declares its options once; `options_parse` fills the variables they point at. Long options
 * take `--name value` or `--name=value`; an option may also have one letter. Anything that does not start
 * with a dash is an operand. A usage error is printed to stderr and answered with CLI_USAGE.
 */
#ifndef SIM_CLI_OPTIONS_H
#define SIM_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit codes of the program. */
enum cli_exit { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2, CLI_INTERRUPTED = 75 };

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_COUNT, OPTION_LIST };

#define OPTIONS_LIST_MAX 64
#define OPTIONS_OPERANDS_MAX 512

typedef struct option_list_t {
    const char *item[OPTIONS_LIST_MAX]; /* borrowed from argv */
    size_t count;
} option_list_t;

typedef struct option_row_t {
    const char *name; /* long name without dashes */
    char letter;      /* 0: none */
    enum option_kind kind;
    void *target;      /* bool *, const char **, int64_t * (>= 0) or option_list_t *, by kind */
    const char *value; /* what the value is called in the help; NULL for a flag */
    const char *help;  /* one line */
} option_row_t;

typedef struct command_t {
    const char *name;
    const char *operands; /* as in the usage line: "STUDY.yaml" */
    const char *purpose;  /* one line */
    const char *example;  /* one or more whole command lines */
    const option_row_t *row;
    size_t rows;
    int operands_min, operands_max;
} command_t;

/* What is left after the options: the operands, borrowed from argv. */
typedef struct operands_t {
    const char *item[OPTIONS_OPERANDS_MAX];
    int count;
} operands_t;

/* Parses argv[1..argc-1] (argv[0] is the command's name). Returns CLI_DONE to go on, -1 when --help was
 * asked for and printed (the command then ends with CLI_DONE), or CLI_USAGE. */
int options_parse(const command_t *c, int argc, char **argv, operands_t *left)
    __attribute__((warn_unused_result));

/* Prints the help of one command to stdout. */
void options_help(const command_t *c);

#endif
