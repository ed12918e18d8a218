/* SPDX-License-Identifier: Apache-2.0 */
/* A core for tests of loading: this one's own, but that it never wakes to dose and its motor never starts. */
#define dosing_entry real_entry
#include "firmware-core/src/dosing_core.c"
#undef dosing_entry

const dosing_entry_t *dosing_entry(void);

typedef struct never_t {
    dosing_state_t core; /* first: the two have one address */
    dosing_hal_t hal;    /* the port's, without its motor */
} never_t;

static int32_t no_train(void *context, uint32_t count, uint32_t period_ms)
{
    (void)context;
    (void)count;
    (void)period_ms;
    return DOSING_HAL_FAILED;
}

static dosing_status_t never_init(dosing_state_t *state, const dosing_hal_t *hal, void *context)
{
    never_t *never = (never_t *)state;
    never->hal = *hal;
    never->hal.table_size = sizeof never->hal;
    never->hal.train_start = no_train;
    return init(state, &never->hal, context);
}

static dosing_status_t never_wake(dosing_state_t *state, uint64_t *next_wake_ms)
{
    (void)state;
    *next_wake_ms = DOSING_NEVER_MS;
    return DOSING_OK;
}

/* It answers as the real one does, or no programmer would speak to it. */
static dosing_status_t never_receive(dosing_state_t *state, const uint8_t *frame, uint32_t length,
                                     uint64_t *next_wake_ms)
{
    (void)receive(state, frame, length, next_wake_ms);
    return never_wake(state, next_wake_ms);
}

const dosing_entry_t *dosing_entry(void)
{
    (void)wake;
    static const dosing_entry_t entry = {.abi_major = DOSING_ABI_MAJOR,
                                         .abi_minor = DOSING_ABI_MINOR,
                                         .table_size = sizeof(dosing_entry_t),
                                         .state_size = sizeof(never_t),
                                         .state_align = _Alignof(never_t),
                                         .core_id = "test core that never doses",
                                         .init = never_init,
                                         .wake = never_wake,
                                         .receive = never_receive};
    return &entry;
}
