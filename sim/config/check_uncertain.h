/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of `uncertain`, each row against the study. */
#ifndef CONFIG_CHECK_UNCERTAIN_H
#define CONFIG_CHECK_UNCERTAIN_H

#include "config/reading.h"

/* Adds a diagnostic where a key does not apply, is not there or is listed twice, where low is not below high or has no
 * logarithm, where draws are asked for of nothing; and a warning where the study's own value lies outside low..high. In the
 * study of an arm a key need not apply. */
void check_uncertain(const reading_t *r);

#endif
