/* SPDX-License-Identifier: Apache-2.0 */
/* The cell: charge counted, voltage filtered, and what they say of its end.
 *
 * ERI (elective replacement indicator) is a notice; EOS (end of service) stops dosing for good. Published of pumps in use: EOS
 * 90 days after ERI, whatever the cell then is, and at 84 months in any case (maker's page on replacing a pump); ERI and EOS come
 * early, and less than 90 days apart, where the cell's inner resistance is high (its letter of 2011, as reported). A single reading ends nothing (GIP 5.1: readings are filtered).
 * How ERI is found in those pumps is not published: see the constants. */
#ifndef DOSING_BATTERY_H
#define DOSING_BATTERY_H

#include "dosing_state.h"

#define DOSING_BATTERY_ERI_DAYS 90u    /* from ERI to EOS; published */
#define DOSING_BATTERY_LIFE_DAYS 2556u /* 84 months; published. 2556.75 days, rounded down */

/* Assumptions. A filter is believed from this many readings on; at the floor it must have been at so many looks in a row. */
#define DOSING_BATTERY_READINGS 10u
#define DOSING_BATTERY_FLOOR_ROW 4u

/* Takes a reading into a filter. Below 2^24. */
void dosing_battery_filter(dosing_filter_t *f, uint32_t reading);

/* Begins to count from `now_ms`; raises what had come before. */
void dosing_battery_start(dosing_state_t *state, uint64_t now_ms);

/* Counts the charge since the latest look, reads the voltages, raises ERI and EOS where they have come. The loaded
 * voltage is read only where a pulse was given since. Pre: state->life holds. */
void dosing_battery_look(dosing_state_t *state, uint64_t now_ms);

/* Charge given since the first start, up to the latest look; saturates. */
uint32_t dosing_battery_used_uah(const dosing_life_t *life);

/* Whole days until EOS, unless the floor comes before; 0 once it has come. */
uint32_t dosing_battery_days_left(const dosing_life_t *life);

#endif
