/* SPDX-License-Identifier: Apache-2.0 */
/* One patient's life with a core. */
#include "lived.h"

#include "cohort/trajectory.h"

#include <criterion/criterion.h>
#include <string.h>

#define DAY_MS UINT64_C(86400000)

/* The train that was under way is over by `now_ms`, or is ended. */
static void close_train(lived_t *l, uint64_t now_ms)
{
    for (uint32_t i = 0; i < l->count; i++) {
        const uint64_t at_ms = l->start_ms + (uint64_t)i * l->period_ms;
        if (at_ms > now_ms) {
            break;
        }
        if (l->latest_ms != 0u && at_ms - l->latest_ms < l->closest_ms) {
            l->closest_ms = at_ms - l->latest_ms;
        }
        l->latest_ms = at_ms;
        l->pulses[l->pumps - 1][at_ms / DAY_MS]++;
    }
    l->count = 0;
}

/* A start after a reset looks like a pump's first: who has had one is not compared (lived_was_reset). */
static void begin_pump(lived_t *l)
{
    close_train(l, UINT64_MAX);
    l->latest_ms = 0;
    l->pumps += l->pumps < LIVED_PUMPS ? 1 : 0;
}

static void begin_train(lived_t *l, const recorder_call_t *call)
{
    close_train(l, call->clock_ms);
    l->start_ms = call->clock_ms;
    l->count = (uint32_t)call->in[0];
    l->period_ms = (uint32_t)call->in[1];
    l->trains++;
}

static void hear(void *context, const recorder_call_t *call)
{
    lived_t *l = context;
    if (call->id == RECORDER_CORE_INIT) {
        begin_pump(l);
    } else if (call->id == RECORDER_TRAIN_START && call->result == DOSING_HAL_OK) {
        begin_train(l, call);
    } else if (call->id == RECORDER_TRAIN_STOP && l->count > 0u) {
        close_train(l, call->clock_ms);
    }
    const uint64_t day = call->clock_ms / DAY_MS;
    if (l->pumps > 0 && day < LIVED_DAYS) {
        l->days[l->pumps - 1] = (int32_t)day;
    }
}

void lived_run(lived_t *l, const study_t *arm, const core_t *core, record_key_t key)
{
    memset(l, 0, sizeof *l);
    l->closest_ms = UINT64_MAX;
    const trajectory_listener_t listener = {l, hear, NULL};
    const trajectory_request_t q = {arm, core, key, false, &listener};
    error_t e = {0};
    size_t size = 0;
    record_init(&l->record);
    record_reset(&l->record, key);
    const int code = trajectory_run(&q, &l->record, &e);
    cr_assert_geq(code, 0, "%s, arm %d, patient %lld, core %s: %s at %lld ms", arm->name, key.arm,
                  (long long)key.patient, core->entry->core_id, e.text, (long long)e.time_ms);
    close_train(l, UINT64_MAX);
    cr_assert_eq(record_finish(&l->record, &e), 0, "%s", e.text);
    const uint8_t *frame = record_frame(&l->record, &size);
    cr_assert_eq(record_parse(frame, size, &l->record.layout, &l->view, &e), 0, "%s", e.text);
}

void lived_free(lived_t *l)
{
    record_free(&l->record);
}

double lived_at(const lived_t *l, enum fields_id field, size_t row)
{
    return record_view_number(&l->view, &l->record.layout, field, row);
}

bool lived_was_reset(const lived_t *l)
{
    double resets = 0.0;
    for (size_t row = 0; row < l->view.count[TABLE_PUMPS]; row++) {
        resets += record_view_number(&l->view, &l->record.layout, FIELD_PUMPS_RESETS, row);
    }
    return resets > 0.0;
}
