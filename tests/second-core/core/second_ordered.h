/* SPDX-License-Identifier: Apache-2.0 */
/* Orders of therapy: checked, kept, and only then carried out. Each returns OK or the reason of refusal. */
#ifndef SECOND_ORDERED_H
#define SECOND_ORDERED_H

#include "second_state.h"

/* The image that was staged and read back. */
dosing_status_t second_ordered_commit(dosing_state_t *s, uint64_t now_ms);

/* DOSING_BOLUS_*. */
dosing_status_t second_ordered_bolus(dosing_state_t *s, const uint8_t *order, uint64_t now_ms);

dosing_status_t second_ordered_request(dosing_state_t *s, uint64_t now_ms);
dosing_status_t second_ordered_stop(dosing_state_t *s, uint64_t now_ms);
dosing_status_t second_ordered_refill(dosing_state_t *s, uint32_t nl);

#endif
