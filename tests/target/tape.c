/* SPDX-License-Identifier: Apache-2.0 */
/* A recording read call by call. */
#include "tests/target/tape.h"

#include <string.h>

#define READ_SIZE (4u * CALL_CODE_BYTES_MAX)

static uint8_t bytes[READ_SIZE];

/* Room for the longest item, as far as the file goes. */
static void fill(tape_t *t)
{
    if (t->size - t->at >= CALL_CODE_BYTES_MAX + CALL_CODE_HEAD_MAX || feof(t->file)) {
        return;
    }
    memmove(bytes, bytes + t->at, t->size - t->at);
    t->size -= t->at;
    t->at = 0;
    t->size += fread(bytes + t->size, 1, sizeof bytes - t->size, t->file);
}

/* Looks at the next item, which stays where it is; false: there is none that is whole. */
static bool look(tape_t *t)
{
    if (t->next_size == 0u) {
        fill(t);
        t->next_size = call_code_get(&t->code, bytes + t->at, t->size - t->at, &t->next);
    }
    return t->next_size > 0u;
}

const char *tape_open(tape_t *t, const char *path)
{
    memset(t, 0, sizeof *t);
    t->file = fopen(path, "rb");
    if (t->file == NULL) {
        return "it cannot be opened";
    }
    (void)setvbuf(t->file, NULL, _IONBF, 0);
    fill(t);
    if (t->size < strlen(CALL_CODE_MAGIC) ||
        memcmp(bytes, CALL_CODE_MAGIC, strlen(CALL_CODE_MAGIC)) != 0) {
        return "it does not begin as one";
    }
    t->at = strlen(CALL_CODE_MAGIC);
    return NULL;
}

void tape_close(tape_t *t)
{
    if (t->file != NULL) {
        (void)fclose(t->file);
        t->file = NULL;
    }
}

void tape_take(tape_t *t)
{
    t->at += t->next_size;
    t->next_size = 0u;
    t->calls++;
}

const recorder_call_t *tape_next(tape_t *t)
{
    return look(t) && t->next.id != 0 ? &t->next : NULL;
}

bool tape_life(tape_t *t)
{
    if (t->ended || !look(t) || t->next.id != 0) {
        return false;
    }
    const size_t length = t->next.length < TAPE_LIFE_SIZE ? t->next.length : TAPE_LIFE_SIZE - 1u;
    memcpy(t->life, t->next.bytes, length);
    t->life[length] = '\0';
    t->ended = t->next.in[0] == CALL_CODE_END;
    tape_take(t);
    t->calls = 0;
    memset(&t->code, 0, sizeof t->code);
    return !t->ended;
}

const char *tape_wrong(const tape_t *t)
{
    return t->ended ? NULL : "it is torn";
}
