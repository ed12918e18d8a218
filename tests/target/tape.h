/* SPDX-License-Identifier: Apache-2.0 */
/* A recording (sim/regress/call_code.h) read call by call, in a fixed amount of memory. */
#ifndef TESTS_TARGET_TAPE_H
#define TESTS_TARGET_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "regress/call_code.h"

#define TAPE_LIFE_SIZE 256u

typedef struct tape_t {
    FILE *file;
    size_t at, size; /* of what was read: what is taken, and all */
    call_code_t code;
    recorder_call_t next;      /* not yet taken */
    size_t next_size;          /* its bytes; 0: not looked at yet */
    int64_t calls;             /* taken in this life */
    char life[TAPE_LIFE_SIZE]; /* its text; after the last life, that of the end */
    bool ended;                /* the recording is whole, and over */
} tape_t;

/* One tape at a time: what is read of it is static. Returns what is wrong, NULL: nothing; a text of static storage. */
const char *tape_open(tape_t *t, const char *path);
void tape_close(tape_t *t);

/* Goes on to the next life; false where there is none. */
bool tape_life(tape_t *t);

/* The next call of this life, not taken yet; NULL: it has no more. It and its bytes stay until the next tape_next after a tape_take. */
const recorder_call_t *tape_next(tape_t *t);
void tape_take(tape_t *t);

/* After the last life: what is wrong with the recording; NULL: it is whole. */
const char *tape_wrong(const tape_t *t);

#endif
