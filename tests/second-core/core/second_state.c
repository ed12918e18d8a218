/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of the state in many places. */
#include "second_state.h"

#define CLOCK_MAX (UINT64_C(1) << 53u) /* ms; a clock beyond it talks nonsense */

uint32_t second_state_add(uint32_t count, uint32_t more)
{
    return count > UINT32_MAX - more ? UINT32_MAX : count + more;
}

uint32_t second_state_mode(const dosing_state_t *s)
{
    return s->kept.image_length == 0u || s->kept.stopped != 0u
               ? DOSING_MODE_STOPPED
               : s->kept.image[DOSING_PROGRAMME_AT_MODE];
}

dosing_status_t second_state_now(const dosing_state_t *s, uint64_t *now_ms)
{
    uint64_t clock_ms = 0;
    if (s->hal->clock_ms(s->context, &clock_ms) != DOSING_HAL_OK || clock_ms > CLOCK_MAX) {
        return DOSING_ERROR_HAL;
    }
    *now_ms = clock_ms + s->origin_ms;
    return DOSING_OK;
}
