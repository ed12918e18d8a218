/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim summary`: the tables a reader of a dataset wants first. */
#include "cli/command.h"
#include "dataset/reader.h"
#include "summary_json.h"
#include "summary_text.h"

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
    summary_t summary;
    reader_t *reader = NULL;
    error_t e = {0};
    int code = options_parse(&command, argc, argv, &left);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    code = reader_open(&reader, left.item[0], &e);
    code = code != 0 ? code : summary_compute(&summary, reader, &e);
    if (code == 0) {
        code = json ? summary_json_print(&summary, stdout, &e)
                    : summary_text_print(&summary, stdout, &e);
    }
    reader_close(&reader);
    if (code < 0) {
        command_error(&e);
        return CLI_FAILED;
    }
    return CLI_DONE;
}
