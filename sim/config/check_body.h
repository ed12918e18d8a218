/* SPDX-License-Identifier: Apache-2.0 */
/* The rule that a study's body can be built. */
#ifndef CONFIG_CHECK_BODY_H
#define CONFIG_CHECK_BODY_H

#include "config/reading.h"

/* Builds the body of the central person, in whom every drawn factor is 1. A refusal is reported at the key whose
 * default would mend it, where one key alone does, else at `body`. Not judged where anything was reported. */
void check_body(const reading_t *r);

#endif
