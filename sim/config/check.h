/* SPDX-License-Identifier: Apache-2.0 */
/* The rules that join several fields of a study. */
#ifndef CONFIG_CHECK_H
#define CONFIG_CHECK_H

#include "config/reading.h"

/* Adds a diagnostic for each rule that the study breaks, and warnings for what is allowed but surely not
 * meant. A rule is not judged where one of its fields was reported already. */
void check_study(const reading_t *r);

/* The same but for the building of a body, which takes a hundred times as long as all the others. */
void check_rules(const reading_t *r);

#endif
