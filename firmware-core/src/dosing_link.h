/* SPDX-License-Identifier: Apache-2.0 */
/* The telemetry link: freshness, session, role, and the dispatch of each frame type to its order. */
#ifndef DOSING_LINK_H
#define DOSING_LINK_H

#include "dosing_state.h"

/* Takes one frame that arrived at `now_ms` and answers it. *acted is true where an order was carried out, so that
 * the motor must be driven anew. Refused: nothing but state->counters has changed. */
dosing_status_t dosing_link_take(dosing_state_t *state, const uint8_t *frame, uint32_t length,
                                 uint64_t now_ms, bool *acted);

#endif
