/* SPDX-License-Identifier: Apache-2.0 */
/* A checkpoint as a stream of bytes: head, payload, CRC-32, and a commit word in a write unit of its own.
 *
 * One list of fields serves three ways: counted, so that the head can say how long the payload is; saved; loaded.
 */
#ifndef DOSING_STREAM_H
#define DOSING_STREAM_H

#include "dosing_store.h"

/* Head of a checkpoint. */
#define DOSING_STREAM_MAGIC 0x504B5344u  /* "DSKP" read as little-endian bytes */
#define DOSING_STREAM_COMMIT 0x21444E45u /* "END!" */
#define DOSING_STREAM_BUFFER 64u
#define DOSING_STREAM_HEAD_BYTES 24u /* magic, layout, seq, edition, device, bytes of the payload */

/* A payload on its way into the store or out of it, chunk by chunk. */
typedef struct dosing_stream_t {
    dosing_state_t *state; /* borrowed */
    uint32_t at;           /* address of the buffer's first byte */
    uint32_t end;          /* reading: address behind the last byte */
    uint32_t fill;         /* bytes of the buffer that are written, or taken */
    uint32_t have;         /* reading: bytes of the buffer that were read */
    uint32_t chunk;        /* a multiple of write_bytes, at most the buffer */
    uint32_t length;       /* counted so far */
    uint32_t crc;
    enum { DOSING_STREAM_COUNT, DOSING_STREAM_SAVE, DOSING_STREAM_LOAD } way;
    bool good;
    uint8_t buffer[DOSING_STREAM_BUFFER];
} dosing_stream_t;

typedef struct dosing_checkpoint_t {
    uint32_t seq;
    uint32_t edition;
    uint32_t length; /* of the payload */
} dosing_checkpoint_t;

/* What a sector's head turned out to be. */
typedef enum dosing_found_t {
    DOSING_FOUND_NONE, /* erased, torn, or something else */
    DOSING_FOUND_WHOLE,
    DOSING_FOUND_BROKEN /* committed once, and no longer what was written; or of another device or layout */
} dosing_found_t;

/* Bytes through a stream. Saving: written; counting: counted; loading: filled, zeros once the stream is not good. */
void dosing_stream_pass(dosing_stream_t *io, uint8_t *bytes, uint32_t length);
void dosing_stream_pass_u32(dosing_stream_t *io, uint32_t *value);
void dosing_stream_pass_u64(dosing_stream_t *io, uint64_t *value);

/* Begins a checkpoint of `c->length` bytes in a cleared sector, and ends it: CRC, then the commit word. */
void dosing_stream_begin(dosing_stream_t *io, dosing_state_t *state, uint32_t sector,
                         const dosing_checkpoint_t *c);
bool dosing_stream_end(dosing_stream_t *io);
/* Bytes that a checkpoint of this payload takes. */
uint32_t dosing_stream_size(const dosing_medium_t *m, uint32_t length);

/* Looks at a sector's checkpoint, CRC and commit word. */
dosing_found_t dosing_stream_find(dosing_state_t *state, uint32_t sector, dosing_checkpoint_t *c);
/* A stream over the payload of a checkpoint that was found whole. */
void dosing_stream_load(dosing_stream_t *io, dosing_state_t *state, uint32_t sector,
                        const dosing_checkpoint_t *c);

#endif
