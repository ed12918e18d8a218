/* SPDX-License-Identifier: Apache-2.0 */
/* What a core was asked and answered, into a file. */
#include "regress/recording.h"

#include "regress/call_code.h"
#include "regress/unit.h"

#include <inttypes.h>
#include <string.h>

/* One life as it is written. */
typedef struct tape_t {
    FILE *out;
    call_code_t code;
    int64_t calls;
} tape_t;

static int put(FILE *out, const void *head, size_t size, const void *rest, size_t length,
               error_t *e)
{
    const bool whole = fwrite(head, 1, size, out) == size &&
                       (length == 0 || fwrite(rest, 1, length, out) == length); /* of none, NULL */
    return whole ? 0 : ERROR_RAISE(e, ERROR_FILE_WRITE, "a recording was not written");
}

static int put_text(FILE *out, uint8_t kind, const char *text, error_t *e)
{
    uint8_t head[CALL_CODE_HEAD_MAX];
    return put(out, head, call_code_put_text(kind, strlen(text), head), text, strlen(text), e);
}

static int hear(void *context, const recorder_call_t *call, error_t *e)
{
    tape_t *tape = context;
    uint8_t head[CALL_CODE_HEAD_MAX];
    const size_t length = call->bytes != NULL ? call->length : 0;
    if (length > CALL_CODE_BYTES_MAX) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a recording has no room for a call of %zu bytes",
                           length);
    }
    tape->calls++;
    return put(tape->out, head, call_code_put(&tape->code, call, head), call->bytes, length, e);
}

/* A life that a core did not come through is nothing to hold another to. */
static int judge(const testimony_t *t, const char *name, int *side, error_t *e)
{
    if (t->end == TESTIMONY_NONE) {
        *side = POOL_CANDIDATE;
        *e = t->error;
        return e->code;
    }
    return t->end == TESTIMONY_LIVED || t->end == TESTIMONY_ERROR
               ? 0
               : ERROR_RAISE(e, ERROR_LIBRARY, "%s: the core %s; nothing is recorded", name,
                             testimony_end_name(t->end));
}

/* Whether what happens to a core is all in its calls. */
static bool is_told(const study_t *s)
{
    for (int64_t i = 0; i < s->n_events; i++) {
        if (s->event[i].order == STUDY_ORDER_FAULT &&
            s->event[i].fault == STUDY_FAULT_MEMORY_FLIP) {
            return false;
        }
    }
    return true;
}

static int record(recording_t *r, pool_t *pool, size_t index, FILE *out, int *side, error_t *e)
{
    char name[256];
    testimony_t t;
    tape_t tape = {.out = out};
    const child_ear_t ear = {hear, &tape};
    const unit_t unit = unit_at(pool->suite, index);
    const suite_scenario_t *s = &pool->suite->scenario[unit.scenario];
    if (!is_told(&s->study)) {
        r->left_out++;
        return 0;
    }
    (void)snprintf(name, sizeof name, "%.100s, patient %" PRId64 ", %.60s", s->name,
                   unit.key.patient, s->study.arms.name[unit.key.arm]);
    int code = put_text(out, CALL_CODE_LIFE, name, e);
    if (code != 0) {
        return code;
    }
    code = pool_hear(pool, index, POOL_CANDIDATE, &ear, &t, e);
    code = code != 0 ? code : judge(&t, name, side, e);
    testimony_free(&t);
    r->lives++;
    r->calls += tape.calls;
    return code;
}

int recording_write(recording_t *r, pool_t *pool, FILE *out, int *side, error_t *e)
{
    char end[256];
    const size_t units = unit_count(pool->suite);
    *r = (recording_t){0, 0, 0};
    *side = -1;
    pool->candidate_alone = true;
    int code = put(out, CALL_CODE_MAGIC, strlen(CALL_CODE_MAGIC), "", 0, e);
    for (size_t i = 0; code == 0 && i < units; i++) {
        code = record(r, pool, i, out, side, e);
    }
    (void)snprintf(end, sizeof end, "%" PRId64 " lives, %" PRId64 " calls of %s", r->lives,
                   r->calls, pool->id[POOL_CANDIDATE]);
    if (code == 0 && r->lives == 0) {
        code =
            ERROR_RAISE(e, ERROR_ARGUMENT,
                        "suite %s flips the core's memory in every life, which no call tells of: "
                        "nothing is recorded",
                        pool->suite->name);
    }
    return code != 0 ? code : put_text(out, CALL_CODE_END, end, e);
}
