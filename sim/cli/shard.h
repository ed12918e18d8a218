/* SPDX-License-Identifier: Apache-2.0 */
/* Which part of a study's patients this process runs. */
#ifndef SIM_CLI_SHARD_H
#define SIM_CLI_SHARD_H

#include <stdint.h>

typedef struct shard_t {
    int64_t index; /* from 1 */
    int64_t count; /* 0: no shards */
} shard_t;

/* Reads "2/8", or for "auto" what the engine that started this process says of it: a Slurm array, Open MPI, another MPI, the tasks
 * of a Slurm job, in this order. NULL: no shards. 0, or -1 with what is wrong on stderr. */
int shard_read(shard_t *s, const char *text);

#endif
