/* SPDX-License-Identifier: Apache-2.0 */
/* What an accepted frame orders: commit, refill, bolus, stop, report. */
#ifndef DOSING_ORDER_H
#define DOSING_ORDER_H

#include "dosing_state.h"

/* Replaces the running programme by the staged bytes, at once and whole, or changes nothing. A running bolus ends.
 * REFUSED_PROGRAMME, _RATE, _BOUNDS, _LIMIT, ERROR_HAL. */
dosing_status_t dosing_order_commit(dosing_state_t *state, const uint8_t *bytes, uint64_t now_ms);

/* REFUSED_VOLUME above capacity, ERROR_HAL. */
dosing_status_t dosing_order_refill(dosing_state_t *state, uint32_t volume_nl, uint64_t now_ms);

/* Reads DOSING_BOLUS_BYTES. REFUSED_NOT_NOW, _ALARM, _BUSY, _PROGRAMME, _RATE, _BOUNDS, _VOLUME, _LIMIT, ERROR_HAL. */
dosing_status_t dosing_order_bolus(dosing_state_t *state, const uint8_t *bytes, uint64_t now_ms);

/* Stops basal and bolus. ERROR_HAL. */
dosing_status_t dosing_order_stop(dosing_state_t *state, uint64_t now_ms);

/* Writes DOSING_REPORT_BYTES; a running train counts as far as it has come. */
void dosing_order_report(const dosing_state_t *state, uint8_t *bytes, uint64_t now_ms);

#endif
