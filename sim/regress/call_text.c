/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of a core's hardware as text. Newlib has no PRId64 in strict C11: hence the casts. */
#include "regress/call_text.h"

#include <stdio.h>
#include <string.h>

#define BYTES_SHOWN 12 /* of a call */

void call_text_time(int64_t time_ms, char out[CALL_TEXT_TIME_SIZE])
{
    const int64_t s = time_ms / 1000;
    (void)snprintf(out, CALL_TEXT_TIME_SIZE, "day %lld %02d:%02d:%02d.%03d", (long long)(s / 86400),
                   (int)(s / 3600 % 24), (int)(s / 60 % 60), (int)(s % 60), (int)(time_ms % 1000));
}

static void put_bytes(const recorder_call_t *call, char out[64])
{
    size_t used = 0;
    out[0] = '\0';
    for (uint32_t i = 0; call->bytes != NULL && i < call->length && i < BYTES_SHOWN; i++) {
        used += (size_t)snprintf(out + used, 64 - used, "%02x", call->bytes[i]);
    }
    if (call->length > BYTES_SHOWN) {
        (void)snprintf(out + used, 64 - used, "..");
    }
}

void call_text_request(const recorder_call_t *call, char out[CALL_TEXT_SIZE])
{
    char bytes[64];
    put_bytes(call, bytes);
    (void)snprintf(out, CALL_TEXT_SIZE, "%s(%llu, %llu)%s%s", recorder_name(call->id),
                   (unsigned long long)call->in[0], (unsigned long long)call->in[1],
                   bytes[0] != '\0' ? " " : "", bytes);
}

void call_text_put(const recorder_call_t *call, char out[CALL_TEXT_SIZE])
{
    char results[64] = "";
    /* A tag follows from the key and the bytes: it would only be in the way. */
    if (call->id != RECORDER_AUTHENTICATE && (call->out[0] != 0 || call->out[1] != 0)) {
        (void)snprintf(results, sizeof results, call->out[1] != 0 ? ": %llu, %llu" : ": %llu",
                       (unsigned long long)call->out[0], (unsigned long long)call->out[1]);
    }
    call_text_request(call, out);
    const size_t used = strlen(out);
    (void)snprintf(out + used, CALL_TEXT_SIZE - used, " = %d%s", (int)call->result, results);
}
