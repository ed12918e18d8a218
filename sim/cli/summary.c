/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim summary`: the tables a reader of a dataset wants first. */
#include "cli/command.h"
#include "dataset/reader.h"
#include "summary.h"

#include <stdio.h>

int summary_command(int argc, char **argv)
{
    bool json = false;
    const option_row_t row[] = {
        {"json", 0, OPTION_FLAG, &json, NULL, "print JSON"},
    };
    const command_t command = {"summary",
                               "DATASET.h5",
                               "the tables a reader of a dataset wants first",
                               "thecasim summary baclofen-maintenance.h5",
                               row,
                               1,
                               1,
                               1};
    operands_t left;
    reader_t *reader = NULL;
    error_t e = {0};
    int code = options_parse(&command, argc, argv, &left);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    code = reader_open(&reader, left.item[0], &e);
    if (code == 0) {
        code = json ? summary_json(reader, stdout, &e) : summary_text(reader, stdout, &e);
    }
    reader_close(&reader);
    if (code < 0) {
        command_error(&e);
        return CLI_FAILED;
    }
    return CLI_DONE;
}
