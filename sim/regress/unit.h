/* SPDX-License-Identifier: Apache-2.0 */
/* The units of a suite: one patient of one arm of one scenario each, in the order in which they are compared and reported. */
#ifndef SIM_REGRESS_UNIT_H
#define SIM_REGRESS_UNIT_H

#include "config/suite.h"
#include "dataset/record.h"

#include <stddef.h>

typedef struct unit_t {
    size_t scenario;
    record_key_t key;
} unit_t;

size_t unit_count(const suite_t *s);

/* Unit `index` < unit_count: by scenario, then patient, then arm. */
unit_t unit_at(const suite_t *s, size_t index);

#endif
