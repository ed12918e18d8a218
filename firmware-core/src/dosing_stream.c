/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints written chunk by chunk, each read back; and looked at as a whole before a byte of them is believed. */
#include "dosing_stream.h"

#include "dosing_codec.h"
#include "dosing_crc.h"

#define AT_MAGIC 0u
#define AT_LAYOUT 4u
#define AT_SEQ 8u
#define AT_EDITION 12u
#define AT_DEVICE 16u
#define AT_LENGTH 20u
#define CRC_BYTES 4u

static uint32_t round_up(uint32_t bytes, uint32_t unit)
{
    return (bytes + unit - 1u) / unit * unit;
}

/* Of the commit word: whole units. */
static uint32_t word_bytes(const dosing_medium_t *m)
{
    return round_up(4u, m->write_bytes);
}

/* Head, payload and CRC, filled up to a whole unit. `length` is below a sector, so no sum overflows. */
static uint32_t body_bytes(const dosing_medium_t *m, uint32_t length)
{
    return round_up(DOSING_STREAM_HEAD_BYTES + length + CRC_BYTES, m->write_bytes);
}

uint32_t dosing_stream_size(const dosing_medium_t *m, uint32_t length)
{
    return body_bytes(m, length) + word_bytes(m);
}

/* ---- out ----------------------------------------------------------------------------------------------------------- */

static void flush(dosing_stream_t *io)
{
    const uint32_t length = round_up(io->fill, io->state->medium.write_bytes);
    for (uint32_t i = io->fill; i < length; i++) {
        io->buffer[i] = 0u;
    }
    io->good =
        io->good && (length == 0u || dosing_store_write(io->state, io->at, io->buffer, length));
    io->at += length;
    io->fill = 0u;
}

static void put(dosing_stream_t *io, const uint8_t *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < length && io->good; i++) {
        io->buffer[io->fill++] = bytes[i];
        if (io->fill == io->chunk) {
            flush(io);
        }
    }
}

static uint32_t chunk_of(const dosing_medium_t *m)
{
    return DOSING_STREAM_BUFFER / m->write_bytes * m->write_bytes;
}

void dosing_stream_begin(dosing_stream_t *io, dosing_state_t *state, uint32_t sector,
                         const dosing_checkpoint_t *c)
{
    uint8_t head[DOSING_STREAM_HEAD_BYTES];
    *io = (dosing_stream_t){.state = state,
                            .at = sector * state->medium.sector_bytes,
                            .chunk = chunk_of(&state->medium),
                            .way = DOSING_STREAM_SAVE,
                            .crc = DOSING_CRC_BEGIN,
                            .good = true};
    dosing_codec_put_u32(head + AT_MAGIC, DOSING_STREAM_MAGIC);
    dosing_codec_put_u32(head + AT_LAYOUT, DOSING_STORE_LAYOUT);
    dosing_codec_put_u32(head + AT_SEQ, c->seq);
    dosing_codec_put_u32(head + AT_EDITION, c->edition);
    dosing_codec_put_u32(head + AT_DEVICE, state->therapy.factory.crc);
    dosing_codec_put_u32(head + AT_LENGTH, c->length);
    dosing_stream_pass(io, head, sizeof head);
}

bool dosing_stream_end(dosing_stream_t *io)
{
    uint8_t word[DOSING_STREAM_BUFFER] = {0};
    uint8_t crc[CRC_BYTES];
    dosing_codec_put_u32(crc, ~io->crc);
    put(io, crc, sizeof crc);
    flush(io);
    dosing_codec_put_u32(word, DOSING_STREAM_COMMIT);
    return io->good && dosing_store_write(io->state, io->at, word, word_bytes(&io->state->medium));
}

/* ---- in ------------------------------------------------------------------------------------------------------------ */

static void get(dosing_stream_t *io, uint8_t *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++) {
        if (io->fill == io->have && io->good) {
            const uint32_t left = io->end - io->at;
            io->have = left < DOSING_STREAM_BUFFER ? left : DOSING_STREAM_BUFFER;
            io->good = io->have != 0u && dosing_store_read(io->state, io->at, io->buffer, io->have);
            io->at += io->have;
            io->fill = 0u;
        }
        bytes[i] = io->good ? io->buffer[io->fill] : 0u;
        io->fill += io->good ? 1u : 0u;
    }
}

void dosing_stream_pass(dosing_stream_t *io, uint8_t *bytes, uint32_t length)
{
    io->length += length;
    if (io->way == DOSING_STREAM_COUNT) {
        return;
    }
    if (io->way == DOSING_STREAM_SAVE) {
        put(io, bytes, length);
    } else {
        get(io, bytes, length);
    }
    io->crc = dosing_crc_on(io->crc, bytes, length);
}

void dosing_stream_pass_u32(dosing_stream_t *io, uint32_t *value)
{
    uint8_t bytes[4];
    dosing_codec_put_u32(bytes, *value);
    dosing_stream_pass(io, bytes, sizeof bytes);
    *value = dosing_codec_u32(bytes);
}

void dosing_stream_pass_u64(dosing_stream_t *io, uint64_t *value)
{
    uint8_t bytes[8];
    dosing_codec_put_u64(bytes, *value);
    dosing_stream_pass(io, bytes, sizeof bytes);
    *value = dosing_codec_u64(bytes);
}

static dosing_stream_t reader(dosing_state_t *state, uint32_t at, uint32_t length)
{
    return (dosing_stream_t){.state = state,
                             .at = at,
                             .end = at + length,
                             .way = DOSING_STREAM_LOAD,
                             .crc = DOSING_CRC_BEGIN,
                             .good = true};
}

/* Of the whole of it, by reading all of it once. */
static bool crc_holds(dosing_state_t *state, uint32_t at, uint32_t length)
{
    uint8_t part[DOSING_STREAM_BUFFER];
    uint8_t crc[CRC_BYTES];
    uint32_t left = DOSING_STREAM_HEAD_BYTES + length;
    dosing_stream_t io = reader(state, at, left + CRC_BYTES);
    while (left > 0u) {
        const uint32_t size = left < sizeof part ? left : (uint32_t)sizeof part;
        dosing_stream_pass(&io, part, size);
        left -= size;
    }
    const uint32_t of_bytes = ~io.crc;
    dosing_stream_pass(&io, crc, sizeof crc);
    return io.good && dosing_codec_u32(crc) == of_bytes;
}

dosing_found_t dosing_stream_find(dosing_state_t *state, uint32_t sector, dosing_checkpoint_t *c)
{
    const dosing_medium_t *m = &state->medium;
    uint8_t head[DOSING_STREAM_HEAD_BYTES];
    uint8_t word[4];
    const uint32_t at = sector * m->sector_bytes;
    *c = (dosing_checkpoint_t){0};
    if (!dosing_store_read(state, at, head, sizeof head) ||
        dosing_codec_u32(head + AT_MAGIC) != DOSING_STREAM_MAGIC) {
        return DOSING_FOUND_NONE;
    }
    c->seq = dosing_codec_u32(head + AT_SEQ);
    c->edition = dosing_codec_u32(head + AT_EDITION);
    c->length = dosing_codec_u32(head + AT_LENGTH);
    if (c->length >= m->sector_bytes || dosing_stream_size(m, c->length) > m->sector_bytes ||
        !dosing_store_read(state, at + body_bytes(m, c->length), word, sizeof word) ||
        dosing_codec_u32(word) == m->erased * 0x01010101u) {
        return DOSING_FOUND_NONE; /* never committed */
    }
    const bool ours = dosing_codec_u32(word) == DOSING_STREAM_COMMIT &&
                      dosing_codec_u32(head + AT_LAYOUT) == DOSING_STORE_LAYOUT &&
                      dosing_codec_u32(head + AT_DEVICE) == state->therapy.factory.crc &&
                      c->seq >= 1u && c->seq <= DOSING_STORE_SEQ_MAX && c->edition <= c->seq;
    return ours && crc_holds(state, at, c->length) ? DOSING_FOUND_WHOLE : DOSING_FOUND_BROKEN;
}

void dosing_stream_load(dosing_stream_t *io, dosing_state_t *state, uint32_t sector,
                        const dosing_checkpoint_t *c)
{
    *io = reader(state, sector * state->medium.sector_bytes + DOSING_STREAM_HEAD_BYTES, c->length);
}
