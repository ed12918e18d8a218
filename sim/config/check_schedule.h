/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of what the pump is told over time: therapy, boluses, refills. */
#ifndef CONFIG_CHECK_SCHEDULE_H
#define CONFIG_CHECK_SCHEDULE_H

#include "config/reading.h"

/* Doses and concentrations in force at every moment give flows that the pump and its limits allow; events lie
 * within the horizon; refills fit the reservoir. Warns where the reservoir would run dry. */
void check_schedule(const reading_t *r);

#endif
