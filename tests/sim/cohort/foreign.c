/* SPDX-License-Identifier: Apache-2.0 */
/* The foreign core: its state is the built-in core's, and behind it the hardware that it was given. */
#include "tests/sim/cohort/foreign.h"
#include "tests/sim/cohort/fixture.h"

#include "cohort/trajectory.h"

#include <stddef.h>

typedef struct foreign_t {
    _Alignas(64) uint8_t builtin[DOSING_STATE_BYTES_MAX];
    const dosing_hal_t *hal;
    void *context;
} foreign_t;

static foreign_act_t act_init, act_wake;

static dosing_state_t *builtin_of(dosing_state_t *state)
{
    return (dosing_state_t *)(void *)((foreign_t *)(void *)state)->builtin;
}

static dosing_status_t init(dosing_state_t *state, const dosing_hal_t *hal, void *context)
{
    foreign_t *f = (foreign_t *)(void *)state;
    dosing_status_t status = DOSING_OK;
    f->hal = hal;
    f->context = context;
    if (act_init != NULL) {
        status = act_init(hal, context);
    }
    return status != DOSING_OK ? status : dosing_entry()->init(builtin_of(state), hal, context);
}

static dosing_status_t wake(dosing_state_t *state, uint64_t *next_wake_ms)
{
    const foreign_t *f = (const foreign_t *)(const void *)state;
    if (act_wake != NULL) {
        (void)act_wake(f->hal, f->context);
    }
    return dosing_entry()->wake(builtin_of(state), next_wake_ms);
}

static dosing_status_t receive(dosing_state_t *state, const uint8_t *frame, uint32_t length,
                               uint64_t *next_wake_ms)
{
    return dosing_entry()->receive(builtin_of(state), frame, length, next_wake_ms);
}

static const dosing_entry_t entry = {.abi_major = DOSING_ABI_MAJOR,
                                     .abi_minor = DOSING_ABI_MINOR,
                                     .table_size = sizeof(dosing_entry_t),
                                     .state_size = sizeof(foreign_t),
                                     .state_align = _Alignof(foreign_t),
                                     .core_id = "foreign 0",
                                     .init = init,
                                     .wake = wake,
                                     .receive = receive};

core_t foreign_core(foreign_act_t at_init, foreign_act_t at_wake)
{
    act_init = at_init;
    act_wake = at_wake;
    return (core_t){.entry = &entry};
}

int foreign_run(core_t core, const char *text, record_t *r, error_t *e)
{
    study_t s = fixture_text(text);
    trajectory_request_t q = {&s, &core, {3, 0, 0}, false, NULL};
    int code;
    record_init(r);
    record_reset(r, q.key);
    code = trajectory_run(&q, r, e);
    study_free(&s);
    return code;
}
