/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim merge`: the shards of a study become its dataset. */
#include "cli/command.h"
#include "cli/progress.h"
#include "dataset/merge.h"

#include <stdio.h>

int merge_command(int argc, char **argv)
{
    const char *output = NULL;
    bool force = false;
    const option_row_t row[] = {
        {"output", 'o', OPTION_TEXT, &output, "OUT.h5", "the dataset of the whole; needed"},
        {"force", 0, OPTION_FLAG, &force, NULL, "replace OUT.h5"},
    };
    const command_t command = {
        "merge",
        "SHARD.h5...",
        "the shards of a study as one dataset, as if it had been run at once",
        "thecasim run configs/baclofen-maintenance.yaml --shard 1/2 -o 1.h5\n"
        "  thecasim run configs/baclofen-maintenance.yaml --shard 2/2 -o 2.h5\n"
        "  thecasim merge 1.h5 2.h5 -o study.h5",
        row,
        sizeof row / sizeof row[0],
        1,
        OPTIONS_OPERANDS_MAX};
    operands_t left;
    progress_t progress;
    error_t e = {0};
    int code = options_parse(&command, argc, argv, &left);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    if (output == NULL) {
        fprintf(stderr,
                "thecasim: error: merge: -o OUT.h5 is needed; try 'thecasim merge --help'\n");
        return CLI_USAGE;
    }
    progress_start(&progress, "records");
    code = merge_run(&(merge_t){.part = left.item,
                                .parts = (size_t)left.count,
                                .path = output,
                                .overwrite = force,
                                .progress = progress_show,
                                .context = &progress,
                                .interrupt = command_interrupt()},
                     &e);
    (void)progress_end(&progress);
    if (code < 0) {
        return command_failed(&e);
    }
    printf("%s: merged of %d\n", output, left.count);
    return CLI_DONE;
}
