/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of the catheter, and of the faults that are imposed on it. */
#ifndef CONFIG_CHECK_CATHETER_H
#define CONFIG_CHECK_CATHETER_H

#include "config/reading.h"

/* Lengths against each other; of each fault of the catheter, its position against what the fault is. */
void check_catheter(const reading_t *r);

#endif
