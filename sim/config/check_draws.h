/* SPDX-License-Identifier: Apache-2.0 */
/* Every draw of the uncertain parameters held to the rules between keys, before anything is run. */
#ifndef CONFIG_CHECK_DRAWS_H
#define CONFIG_CHECK_DRAWS_H

#include "config/reading.h"

/* Adds one error if a replicate makes the study unsound: of the first such replicate, at the row of the key whose draw is to
 * blame, where there is one. The study is sound itself, and its events are not repeated yet. Whether a body can be built is left
 * to who runs the replicates, since that takes milliseconds for each. Memory for one study. Returns 1, or 0 without memory. */
int check_draws(const reading_t *r) __attribute__((warn_unused_result));

#endif
