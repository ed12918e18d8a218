/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of faults that are imposed: each on a pump that can have it, with a severity that it can have. */
#ifndef CONFIG_CHECK_FAULT_H
#define CONFIG_CHECK_FAULT_H

#include "config/reading.h"

/* Checks each fault among the events against its row of fault.def. */
void check_fault(const reading_t *r);

#endif
