/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of every command, as a table: parsing, usage and help come from the same rows. */
#include "cli/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say_option(const option_row_t *row)
{
    char left[64];
    (void)snprintf(left, sizeof left, "%c%c %s--%s%s%s", row->letter ? '-' : ' ',
                   row->letter ? row->letter : ' ', row->letter ? "" : " ", row->name,
                   row->value ? " " : "", row->value ? row->value : "");
    printf("  %-30s %s\n", left, row->help);
}

void options_help(const command_t *c)
{
    printf("thecasim %s: %s\n\nusage: thecasim %s %s [options]\n\n", c->name, c->purpose, c->name,
           c->operands);
    for (size_t i = 0; i < c->rows; i++) {
        say_option(&c->row[i]);
    }
    printf("  %-30s %s\n\nexample:\n  %s\n", "    --help", "print this", c->example);
}

static int usage_error(const command_t *c, const char *what, const char *which)
{
    fprintf(stderr, "thecasim: error: %s: %s '%s'; try 'thecasim %s --help'\n", c->name, what,
            which, c->name);
    return CLI_USAGE;
}

static const option_row_t *find_long(const command_t *c, const char *name, size_t length)
{
    for (size_t i = 0; i < c->rows; i++) {
        if (strlen(c->row[i].name) == length && strncmp(c->row[i].name, name, length) == 0) {
            return &c->row[i];
        }
    }
    return NULL;
}

static const option_row_t *find_letter(const command_t *c, char letter)
{
    for (size_t i = 0; i < c->rows; i++) {
        if (c->row[i].letter == letter && letter != '\0') {
            return &c->row[i];
        }
    }
    return NULL;
}

static bool parse_count(const char *text, int64_t *out)
{
    char *end = NULL;
    long long value;
    errno = 0;
    if (text[0] < '0' || text[0] > '9') {
        return false;
    }
    value = strtoll(text, &end, 10);
    *out = value;
    return errno == 0 && *end == '\0';
}

static int store(const command_t *c, const option_row_t *row, const char *value)
{
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)row->target = true;
        return CLI_DONE;
    case OPTION_TEXT:
        *(const char **)row->target = value;
        return CLI_DONE;
    case OPTION_COUNT:
        return parse_count(value, (int64_t *)row->target)
                   ? CLI_DONE
                   : usage_error(c, "a whole number is expected, not", value);
    case OPTION_LIST: {
        option_list_t *list = (option_list_t *)row->target;
        if (list->count == OPTIONS_LIST_MAX) {
            return usage_error(c, "too many of", row->name);
        }
        list->item[list->count++] = value;
        return CLI_DONE;
    }
    default:
        return CLI_USAGE;
    }
}

/* The row that one argument names, and the value written into the same argument, if any. */
static const option_row_t *match(const command_t *c, const char *argument, const char **value)
{
    *value = NULL;
    if (argument[1] != '-') {
        return argument[2] == '\0' ? find_letter(c, argument[1]) : NULL;
    }
    const char *equals = strchr(argument, '=');
    *value = equals != NULL ? equals + 1 : NULL;
    return find_long(c, argument + 2,
                     equals != NULL ? (size_t)(equals - argument) - 2 : strlen(argument) - 2);
}

static int take_option(const command_t *c, int argc, char **argv, int *at)
{
    const char *value = NULL;
    const option_row_t *row = match(c, argv[*at], &value);
    if (row == NULL) {
        return usage_error(c, "unknown option", argv[*at]);
    }
    if (row->kind == OPTION_FLAG) {
        return value == NULL ? store(c, row, NULL)
                             : usage_error(c, "no value belongs to", argv[*at]);
    }
    if (value == NULL) {
        if (*at + 1 >= argc) {
            return usage_error(c, "a value is missing after", argv[*at]);
        }
        value = argv[++*at];
    }
    return store(c, row, value);
}

int options_parse(const command_t *c, int argc, char **argv, operands_t *left)
{
    left->count = 0;
    for (int i = 1; i < argc; i++) {
        int code = CLI_DONE;
        if (strcmp(argv[i], "--help") == 0) {
            options_help(c);
            return -1;
        }
        if (argv[i][0] == '-' && argv[i][1] != '\0') {
            code = take_option(c, argc, argv, &i);
        } else if (left->count == OPTIONS_OPERANDS_MAX || left->count == c->operands_max) {
            code = usage_error(c, "one operand too many:", argv[i]);
        } else {
            left->item[left->count++] = argv[i];
        }
        if (code != CLI_DONE) {
            return code;
        }
    }
    return left->count >= c->operands_min ? CLI_DONE
                                          : usage_error(c, "missing operand", c->operands);
}
