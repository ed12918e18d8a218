/* SPDX-License-Identifier: Apache-2.0 */
/* Two logs in the store: events, and faults apart from them, each a ring of two sectors; never a pulse.
 *
 * What happens is noted in the state at once and written at the end of the wake: writing never blocks dosing, and what
 * cannot be written is counted. Numbers rise over resets; a gap in them is a loss. Without a store nothing is logged.
 */
#ifndef DOSING_LOG_H
#define DOSING_LOG_H

#include "dosing_image.h"

/* Codes from here on go to the fault log. */
#define DOSING_LOG_FAULT 64u

/* Notes an event at run.guard_ms; what A and B say: dosing_frame.h. One that finds the queue full is lost, and counted. */
void dosing_log_note(dosing_state_t *state, uint32_t code, uint64_t a, uint32_t b);

/* Notes pulses commanded and confirmed, and frames refused, since the day before. */
void dosing_log_day(dosing_state_t *state);

/* Writes what was noted. The state is latched where a block fails its check. */
void dosing_log_flush(dosing_state_t *state);

/* Finds the places where the logs go on, and notes the reset: `last` is the latest moment that the store knows. */
void dosing_log_open(dosing_state_t *state, const dosing_moment_t *last);

/* Up to DOSING_LOGGED_MAX records of a log (DOSING_LOG_*) with numbers from `first` on, rising, from `bytes` on: count, then
 * records, as in the reply to a LOG frame. Returns how many bytes that is. */
uint32_t dosing_log_read(dosing_state_t *state, uint32_t log, uint32_t first, uint8_t *bytes);

#endif
