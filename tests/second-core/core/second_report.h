/* SPDX-License-Identifier: Apache-2.0 */
/* The two accounts that a programmer may ask for, into bytes that are zero before. */
#ifndef SECOND_REPORT_H
#define SECOND_REPORT_H

#include "second_state.h"

/* DOSING_REPORT_BYTES. */
void second_report_fill(const dosing_state_t *s, uint8_t *bytes, uint64_t now_ms);

/* DOSING_DEVICE_BYTES. */
void second_report_device(const dosing_state_t *s, uint8_t *bytes, uint64_t now_ms);

#endif
