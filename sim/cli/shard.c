/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a shard from the command line or from the environment that Slurm and MPI launchers give their processes. */
#include "cli/shard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_MAX 1000000

/* A whole number of the environment; 0 and nothing in *value where there is none. */
static int from_environment(const char *name, int64_t *value)
{
    const char *text = getenv(name);
    char *end = NULL;
    if (text == NULL || text[0] == '\0') {
        return 0;
    }
    *value = strtoll(text, &end, 10);
    return *end == '\0';
}

/* The tasks of a Slurm array are numbered from any number in any step. */
static int of_array(shard_t *s)
{
    int64_t task, first, step = 1;
    if (!from_environment("SLURM_ARRAY_TASK_ID", &task) ||
        !from_environment("SLURM_ARRAY_TASK_MIN", &first) ||
        !from_environment("SLURM_ARRAY_TASK_COUNT", &s->count)) {
        return 0;
    }
    (void)from_environment("SLURM_ARRAY_TASK_STEP", &step);
    s->index = (task - first) / (step > 0 ? step : 1) + 1;
    return 1;
}

static int of_ranks(shard_t *s, const char *rank, const char *size)
{
    int64_t from_0;
    if (!from_environment(rank, &from_0) || !from_environment(size, &s->count)) {
        return 0;
    }
    s->index = from_0 + 1;
    return 1;
}

static int of_engine(shard_t *s)
{
    return of_array(s) || of_ranks(s, "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE") ||
           of_ranks(s, "PMI_RANK", "PMI_SIZE") || of_ranks(s, "SLURM_PROCID", "SLURM_NTASKS");
}

int shard_read(shard_t *s, const char *text)
{
    int used = 0;
    long long index = 0, count = 0;
    *s = (shard_t){0, 0};
    if (text == NULL) {
        return 0;
    }
    if (strcmp(text, "auto") == 0) {
        if (!of_engine(s)) {
            fprintf(stderr, "thecasim: error: --shard auto: neither Slurm nor an MPI launcher says "
                            "which shard this is; give it as 2/8\n");
            return -1;
        }
    } else if (sscanf(text, "%lld/%lld%n", &index, &count, &used) == 2 && text[used] == '\0') {
        *s = (shard_t){index, count};
    }
    if (s->count < 1 || s->count > COUNT_MAX || s->index < 1 || s->index > s->count) {
        fprintf(stderr, "thecasim: error: --shard %s: is to be I/N with 1 <= I <= N, as 2/8\n",
                text);
        return -1;
    }
    return 0;
}
