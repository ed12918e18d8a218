/* SPDX-License-Identifier: Apache-2.0 */
/* The report that an interrogation is answered with. */
#ifndef DOSING_REPORT_H
#define DOSING_REPORT_H

#include "dosing_state.h"

/* Writes DOSING_REPORT_BYTES; a running train counts as far as it has come. */
void dosing_report_write(const dosing_state_t *state, uint8_t *bytes, uint64_t now_ms);

#endif
