/* SPDX-License-Identifier: Apache-2.0 */
/* What a witness says to the process that asked it: messages through a pipe, between two runs of the same program.
 *
 * A message is its kind (u32), the bytes that follow (u32) and these bytes, in the byte order and layout of this program: a pipe
 * is not a file, and both its ends are the same executable. Each message is written whole before the next; what a process
 * that dies leaves half written is never a message.
 *
 * Thread rule: one thread at a time for one end.
 */
#ifndef SIM_REGRESS_MESSAGE_H
#define SIM_REGRESS_MESSAGE_H

#include "error.h"

#include <stddef.h>
#include <stdint.h>

typedef enum message_kind_t {
    MESSAGE_UNIT = 1,     /* int64_t: this patient begins */
    MESSAGE_HEARD = 2,    /* message_heard_t: so far it has come */
    MESSAGE_CALL = 3,     /* int64_t number, recorder_call_t, its bytes: of the window asked for */
    MESSAGE_TRACE = 4,    /* trace_t, its marks */
    MESSAGE_VOLUME = 5,   /* doubles */
    MESSAGE_RECORD = 6,   /* a record's frame */
    MESSAGE_ERROR = 7,    /* error_t: the patient ends so */
    MESSAGE_LIVED = 8,    /* nothing: the patient ends well */
    MESSAGE_REFUSED = 9,  /* error_t: this core cannot be loaded; nothing follows */
    MESSAGE_CORE = 10,    /* text without a NUL: the id that the core gives of itself */
    MESSAGE_DAYBOOK = 11, /* its days */
    MESSAGE_REFUSED_BEFORE = 12 /* error_t: the core before an upgrade cannot; nothing follows */
} message_kind_t;

typedef struct message_heard_t {
    int64_t calls, clock_ms;
} message_heard_t;

/* A part of a message. */
typedef struct message_part_t {
    const void *bytes;
    size_t size;
} message_part_t;

/* Writes a message of up to two parts (the second may be NULL). ERROR_FILE_WRITE: the other end is gone. */
int message_write(int fd, message_kind_t kind, const message_part_t *first,
                  const message_part_t *second, error_t *e) __attribute__((warn_unused_result));

/* What has been read of a pipe and not yet taken. Zero it to begin; free `bytes` at the end. */
typedef struct message_buffer_t {
    uint8_t *bytes; /* owned */
    size_t size, taken, capacity;
} message_buffer_t;

typedef struct message_t {
    message_kind_t kind;
    const uint8_t *bytes; /* into the buffer, until the next message_read */
    size_t size;
} message_t;

/* Reads what is there, once. Returns the bytes read, 0 at the end of the pipe, ERROR_FILE_READ or ERROR_MEMORY. */
int message_read(message_buffer_t *b, int fd, error_t *e) __attribute__((warn_unused_result));

/* Takes the next whole message. Returns 1, or 0 where there is none yet. */
int message_take(message_buffer_t *b, message_t *out);

#endif
