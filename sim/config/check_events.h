/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of scripted orders, each by itself: volumes, for whom they are, and what they programme. */
#ifndef CONFIG_CHECK_EVENTS_H
#define CONFIG_CHECK_EVENTS_H

#include "config/reading.h"

void check_events(const reading_t *r);

#endif
