/* SPDX-License-Identifier: Apache-2.0 */
/* The cell: its charge counted, its voltages filtered; ERI and EOS. */
#ifndef SECOND_CELL_H
#define SECOND_CELL_H

#include "second_state.h"

/* Charge of something done, nC. */
void second_cell_spend(dosing_state_t *s, uint64_t nc);

/* Charge of the time asleep up to now. */
void second_cell_sleep(dosing_state_t *s, uint64_t now_ms);

/* The daily look. */
void second_cell_look(dosing_state_t *s, uint64_t now_ms);

/* Days until the end of service at the latest. */
uint32_t second_cell_days_left(const dosing_state_t *s, uint64_t now_ms);

#endif
