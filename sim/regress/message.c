/* SPDX-License-Identifier: Apache-2.0 */
/* Messages through a pipe. */
#include "regress/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE 65536u

typedef struct head_t {
    uint32_t kind, size;
} head_t;

static int write_all(int fd, const void *bytes, size_t size, error_t *e)
{
    const uint8_t *at = bytes;
    while (size > 0) {
        const ssize_t n = write(fd, at, size);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return ERROR_RAISE(e, ERROR_FILE_WRITE, "a message was not written: %s",
                               strerror(errno));
        }
        at += n;
        size -= (size_t)n;
    }
    return 0;
}

int message_write(int fd, message_kind_t kind, const message_part_t *first,
                  const message_part_t *second, error_t *e)
{
    const size_t one = first != NULL ? first->size : 0, other = second != NULL ? second->size : 0;
    const head_t head = {(uint32_t)kind, (uint32_t)(one + other)};
    int code;
    if (one + other > UINT32_MAX) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a message of %zu bytes", one + other);
    }
    code = write_all(fd, &head, sizeof head, e);
    code = code == 0 && one > 0 ? write_all(fd, first->bytes, one, e) : code;
    return code == 0 && other > 0 ? write_all(fd, second->bytes, other, e) : code;
}

/* Room for one more reading, after what was taken has gone. */
static int make_room(message_buffer_t *b, error_t *e)
{
    if (b->taken > 0) {
        memmove(b->bytes, b->bytes + b->taken, b->size - b->taken);
        b->size -= b->taken;
        b->taken = 0;
    }
    if (b->capacity - b->size < READ_SIZE) {
        const size_t capacity = 2 * b->capacity + 2 * READ_SIZE;
        uint8_t *bytes = realloc(b->bytes, capacity);
        if (bytes == NULL) {
            return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for messages");
        }
        b->bytes = bytes;
        b->capacity = capacity;
    }
    return 0;
}

int message_read(message_buffer_t *b, int fd, error_t *e)
{
    ssize_t n;
    if (make_room(b, e) < 0) {
        return e->code;
    }
    do {
        n = read(fd, b->bytes + b->size, READ_SIZE);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        return ERROR_RAISE(e, ERROR_FILE_READ, "a message was not read: %s", strerror(errno));
    }
    b->size += (size_t)n;
    return (int)n;
}

int message_take(message_buffer_t *b, message_t *out)
{
    head_t head;
    if (b->size - b->taken < sizeof head) {
        return 0;
    }
    memcpy(&head, b->bytes + b->taken, sizeof head);
    if (b->size - b->taken - sizeof head < head.size) {
        return 0;
    }
    *out = (message_t){(message_kind_t)head.kind, b->bytes + b->taken + sizeof head, head.size};
    b->taken += sizeof head + head.size;
    return 1;
}
