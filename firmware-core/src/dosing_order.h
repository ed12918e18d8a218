/* SPDX-License-Identifier: Apache-2.0 */
/* What an accepted frame orders: commit, refill, boluses, prime, local time, stop. */
#ifndef DOSING_ORDER_H
#define DOSING_ORDER_H

#include "dosing_image.h"

/* Replaces the running programme by the image, at once and whole, or changes nothing. A running bolus ends.
 * The image is session.image. REFUSED_PROGRAMME, _RATE, _TIME, _CHANGE, _BOUNDS, _LIMIT, ERROR_HAL, ERROR_STORE. */
dosing_status_t dosing_order_commit(dosing_state_t *state, uint64_t now_ms);

/* REFUSED_VOLUME above capacity, ERROR_HAL, ERROR_STORE. */
dosing_status_t dosing_order_refill(dosing_state_t *state, uint32_t volume_nl, uint64_t now_ms);

/* Reads DOSING_BOLUS_BYTES. REFUSED_NOT_NOW, _ALARM, _BUSY, _PROGRAMME, _RATE, _BOUNDS, _VOLUME, _LIMIT, ERROR_HAL. */
dosing_status_t dosing_order_bolus(dosing_state_t *state, const uint8_t *bytes, uint64_t now_ms);

/* The patient asks for a bolus of the programme. REFUSED_NOT_NOW, _ALARM, _LOCKOUT, _COUNT, _VOLUME, _BUSY, _BOUNDS,
 * ERROR_HAL, ERROR_STORE; a refusal is counted, and extends nothing. */
dosing_status_t dosing_order_request(dosing_state_t *state, uint64_t now_ms);

/* Reads DOSING_PRIME_BYTES. REFUSED_NOT_NOW, _ALARM, _PRIME, _VOLUME, _BUSY, ERROR_HAL, ERROR_STORE. */
dosing_status_t dosing_order_prime(dosing_state_t *state, const uint8_t *bytes, uint64_t now_ms);

/* Local time is now `week_ms` since Monday 00:00. REFUSED_TIME, _LIMIT (with what the hands would jump over, boluses under way, and
 * the week as it would then run), ERROR_HAL. */
dosing_status_t dosing_order_set_time(dosing_state_t *state, uint32_t week_ms, uint64_t now_ms);

/* Stops basal and boluses. ERROR_HAL; ERROR_STORE: they are stopped, but after a reset that comes before this could be kept
 * the programme would go on. */
dosing_status_t dosing_order_stop(dosing_state_t *state, uint64_t now_ms);

/* Carries out an order that a reset found in the store, as it was carried out before. Any error: it cannot be one that was. */
dosing_status_t dosing_order_again(dosing_state_t *state, const dosing_pending_t *order);

#endif
