/* SPDX-License-Identifier: Apache-2.0 */
/* The device's end of telemetry: frames that are whole, ours, authentic, fresh, of this session and permitted. */
#ifndef SECOND_LINK_H
#define SECOND_LINK_H

#include "second_state.h"

/* Answers one frame; returns OK or the reason of refusal. */
dosing_status_t second_link_receive(dosing_state_t *s, const uint8_t *frame, uint32_t length,
                                    uint64_t now_ms);

#endif
