/* SPDX-License-Identifier: Apache-2.0 */
/* The life block, saved and loaded. */
#include "dosing_aged.h"

#include "dosing_battery.h"
#include "dosing_codec.h"

#define MS_PER_S 1000u
#define NC_PER_UAH UINT64_C(3600000)
#define ENDED (DOSING_ALARM_ERI | DOSING_ALARM_EOS)
#define BYTE_MAX 255u

/* Body of a record; the last four are bytes and two bytes. */
#define AT_AGE_S 0u
#define AT_USED_UAH 4u
#define AT_ERI_S 8u
#define AT_STARTS 12u
#define AT_BROWN_OUTS 16u
#define AT_ENDED 20u /* 1: ERI, 2: EOS too */
#define AT_SHORT_ROW 21u

static void pass_filter(dosing_stream_t *io, dosing_filter_t *f)
{
    dosing_stream_pass_u32(io, &f->value_q8);
    dosing_stream_pass_u32(io, &f->readings);
    dosing_stream_pass_u32(io, &f->latest[0]);
    dosing_stream_pass_u32(io, &f->latest[1]);
}

void dosing_aged_pass(dosing_stream_t *io)
{
    dosing_life_t *life = &io->state->life;
    dosing_stream_pass_u64(io, &life->age_ms);
    dosing_stream_pass_u64(io, &life->used_nc);
    dosing_stream_pass_u64(io, &life->day_ms);
    dosing_stream_pass_u64(io, &life->day_nc);
    dosing_stream_pass_u64(io, &life->eri_ms);
    dosing_stream_pass_u32(io, &life->floor_row);
    pass_filter(io, &life->idle_mv);
    pass_filter(io, &life->loaded_mv);
    pass_filter(io, &life->day_uah);
    dosing_stream_pass_u32(io, &life->ended);
    dosing_stream_pass_u32(io, &life->starts);
    dosing_stream_pass_u32(io, &life->brown_outs);
    dosing_stream_pass_u32(io, &life->short_row);
}

bool dosing_aged_holds(const dosing_life_t *life)
{
    return life->day_ms <= life->age_ms && life->day_nc <= life->used_nc &&
           life->eri_ms <= life->age_ms && life->floor_row <= DOSING_BATTERY_FLOOR_ROW &&
           (life->ended == 0u || life->ended == DOSING_ALARM_ERI || life->ended == ENDED);
}

static uint32_t bounded(uint64_t value)
{
    return value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

void dosing_aged_put(const dosing_life_t *life, uint8_t *body)
{
    const uint32_t row = life->short_row < BYTE_MAX ? life->short_row : BYTE_MAX;
    const bool eri = (life->ended & DOSING_ALARM_ERI) != 0u;
    const bool eos = (life->ended & DOSING_ALARM_EOS) != 0u;
    for (uint32_t i = 0; i < DOSING_STORE_BODY_BYTES; i++) {
        body[i] = 0u;
    }
    dosing_codec_put_u32(body + AT_AGE_S, bounded(life->age_ms / MS_PER_S));
    dosing_codec_put_u32(body + AT_USED_UAH, bounded(life->used_nc / NC_PER_UAH));
    dosing_codec_put_u32(body + AT_ERI_S, bounded(life->eri_ms / MS_PER_S));
    dosing_codec_put_u32(body + AT_STARTS, life->starts);
    dosing_codec_put_u32(body + AT_BROWN_OUTS, life->brown_outs);
    body[AT_ENDED] = eos ? 2u : eri ? 1u : 0u;
    body[AT_SHORT_ROW] = (uint8_t)row; /* at most 255 */
}

static uint64_t more(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Products: 2^32 * 1000, and 2^32 * 3.6e6, below 2^54. */
void dosing_aged_take(dosing_life_t *life, const uint8_t *body)
{
    const bool eri = body[AT_ENDED] != 0u && (life->ended & DOSING_ALARM_ERI) == 0u;
    const uint64_t eri_ms = (uint64_t)dosing_codec_u32(body + AT_ERI_S) * MS_PER_S;
    life->age_ms = more(life->age_ms, (uint64_t)dosing_codec_u32(body + AT_AGE_S) * MS_PER_S);
    life->used_nc =
        more(life->used_nc, (uint64_t)dosing_codec_u32(body + AT_USED_UAH) * NC_PER_UAH);
    life->eri_ms = eri ? eri_ms : life->eri_ms;
    life->ended |= body[AT_ENDED] > 1u ? ENDED : body[AT_ENDED] == 1u ? DOSING_ALARM_ERI : 0u;
    life->starts = dosing_codec_u32(body + AT_STARTS);
    life->brown_outs = dosing_codec_u32(body + AT_BROWN_OUTS);
    life->short_row = body[AT_SHORT_ROW];
}
