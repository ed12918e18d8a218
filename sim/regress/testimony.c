/* SPDX-License-Identifier: Apache-2.0 */
/* What became of one patient with one dosing core. */
#include "regress/testimony.h"

#include <stdlib.h>
#include <string.h>

void testimony_init(testimony_t *t)
{
    memset(t, 0, sizeof *t);
    trace_init(&t->trace);
}

void testimony_free(testimony_t *t)
{
    trace_free(&t->trace);
    volume_free(&t->volume);
    daybook_free(&t->daybook);
    free(t->record);
    for (size_t i = 0; i < t->windowed; i++) {
        free(t->window[i]);
    }
    free(t->window);
    testimony_init(t);
}

const char *testimony_end_name(testimony_end_t end)
{
    static const char *const name[] = {"nobody", "lived", "error", "crashed", "endless", "gone"};
    return name[end];
}

static int grow(testimony_t *t, error_t *e)
{
    const size_t capacity = 2 * t->capacity + 32;
    testimony_call_t **window = realloc(t->window, capacity * sizeof *window);
    if (window == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for the calls of a window");
    }
    t->window = window;
    t->capacity = capacity;
    return 0;
}

int testimony_keep(testimony_t *t, int64_t number, const recorder_call_t *call, error_t *e)
{
    testimony_call_t *kept;
    const size_t length = call->bytes != NULL ? call->length : 0;
    if (t->windowed == t->capacity && grow(t, e) < 0) {
        return e->code;
    }
    kept = malloc(sizeof *kept + length);
    if (kept == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for the calls of a window");
    }
    kept->number = number;
    kept->call = *call;
    kept->call.bytes = NULL;
    if (length > 0) {
        memcpy(kept + 1, call->bytes, length);
        kept->call.bytes = (const uint8_t *)(kept + 1);
    }
    t->window[t->windowed++] = kept;
    return 0;
}
