/* SPDX-License-Identifier: Apache-2.0 */
/* A study printed as a config that says everything. */
#ifndef CONFIG_RESOLVED_H
#define CONFIG_RESOLVED_H

#include <stdio.h>

#include "config/study.h"

/* Writes the YAML text that study_resolved describes. The "C" numeric locale must be in force. Returns
 * 0, or -1 if the stream failed. */
int resolved_write(const study_t *s, FILE *out);

/* The same without what is as it would be if nothing were written. */
int resolved_write_brief(const study_t *s, FILE *out);

#endif
