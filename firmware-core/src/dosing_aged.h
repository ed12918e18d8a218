/* SPDX-License-Identifier: Apache-2.0 */
/* The life block in the store: all of it in a checkpoint, and in records what must not wait for the next one.
 *
 * A record holds age, charge, what has ended, and the counts of starts: in whole seconds and uAh, as much as is needed after a
 * reset. The filters and the day's charge go on from the latest checkpoint. */
#ifndef DOSING_AGED_H
#define DOSING_AGED_H

#include "dosing_stream.h"

#define DOSING_AGED_BYTES 108u /* in a checkpoint */

/* The block's fields through a checkpoint's stream. */
void dosing_aged_pass(dosing_stream_t *io);

/* True where what was loaded can be. */
bool dosing_aged_holds(const dosing_life_t *life);

/* Writes, and takes up, the body of a record: DOSING_STORE_BODY_BYTES. A record never makes anything younger, fuller or
 * less ended. */
void dosing_aged_put(const dosing_life_t *life, uint8_t *body);
void dosing_aged_take(dosing_life_t *life, const uint8_t *body);

#endif
