/* SPDX-License-Identifier: Apache-2.0 */
/* What a core did day by day. */
#include "regress/daybook.h"

#include <stdlib.h>

#define DAY_MS UINT64_C(86400000)

int daybook_init(daybook_t *b, int64_t horizon_ms, error_t *e)
{
    b->days = (size_t)(((uint64_t)horizon_ms + DAY_MS - 1u) / DAY_MS);
    b->day = calloc(b->days > 0 ? b->days : 1, sizeof *b->day);
    return b->day != NULL ? 0 : ERROR_RAISE(e, ERROR_MEMORY, "out of memory for a daybook");
}

void daybook_free(daybook_t *b)
{
    free(b->day);
    *b = (daybook_t){NULL, 0};
}

static void note(daybook_day_t *day, const recorder_call_t *call)
{
    switch ((int)call->id) {
    case RECORDER_TRAIN_START:
        day->pulses += (int64_t)call->in[0];
        break;
    case RECORDER_TRAIN_STOP:
        day->stops++;
        break;
    case RECORDER_TONE:
        day->tones++;
        break;
    case RECORDER_STORE_WRITE:
    case RECORDER_STORE_ERASE:
        day->writes++;
        break;
    case RECORDER_CORE_RECEIVE:
        day->received++;
        break;
    case RECORDER_TRANSMIT:
        day->sent++;
        break;
    default:
        break;
    }
}

void daybook_note(daybook_t *b, const recorder_call_t *call)
{
    const uint64_t day = call->clock_ms / DAY_MS;
    if (b->days > 0 && call->result == 0) {
        note(&b->day[day < b->days ? day : b->days - 1], call);
    }
}
