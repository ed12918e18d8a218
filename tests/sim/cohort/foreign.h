/* SPDX-License-Identifier: Apache-2.0 */
/* A foreign core: the built-in one, with something else done on the hardware before it at each of its calls. */
#ifndef TESTS_COHORT_FOREIGN_H
#define TESTS_COHORT_FOREIGN_H

#include "dataset/record.h"
#include "error.h"
#include "host/core.h"

#include <stdint.h>

/* Returns what init gives back where it is not DOSING_OK; of a wake the result is not looked at. Without a trace
 * `context` is the implant_t. */
typedef dosing_status_t (*foreign_act_t)(const dosing_hal_t *hal, void *context);

/* One foreign core a process; either may be NULL: then nothing else is done there. */
core_t foreign_core(foreign_act_t at_init, foreign_act_t at_wake);

/* Lives patient 3 of the study in `text` with this core, into *r, initialised here and not finished; returns what the
 * trajectory returned. */
int foreign_run(core_t core, const char *text, record_t *r, error_t *e);

#endif
