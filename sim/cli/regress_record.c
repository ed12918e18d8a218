/* SPDX-License-Identifier: Apache-2.0 */
/* A suite recorded for a target. */
#include "cli/regress_record.h"

#include "cli/command.h"
#include "cli/report_file.h"
#include "regress/recording.h"

#include <inttypes.h>

/* What is written and by whom; report_file hands it on. */
typedef struct task_t {
    recording_t *written;
    pool_t *pool;
    int *side;
} task_t;

static int write_recording(const void *context, FILE *out, error_t *e)
{
    const task_t *t = context;
    return recording_write(t->written, t->pool, out, t->side, e);
}

int regress_record(pool_t *pool, const char *path, int *side, error_t *e)
{
    recording_t written;
    const task_t task = {&written, pool, side};
    if (report_file(path, write_recording, &task, e) < 0) {
        return -1;
    }
    if (written.left_out > 0) {
        printf("left out: %" PRId64 " lives whose core's memory is flipped: no call tells of it\n",
               written.left_out);
    }
    printf("%s: %" PRId64 " lives, %" PRId64 " calls of %s. Simulated.\n", path, written.lives,
           written.calls, pool->id[POOL_CANDIDATE]);
    return CLI_DONE;
}
