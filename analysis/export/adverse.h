/* SPDX-License-Identifier: Apache-2.0 */
/* Which events a safety table counts, and as what.
 *
 * Thread rule: everything here is constant.
 */
#ifndef ANALYSIS_ADVERSE_H
#define ANALYSIS_ADVERSE_H

#include <stdint.h>

/* Categories, as a sheet's codes. */
#define ADVERSE_CATEGORIES "DEVICE,PROCEDURE,USE ERROR,PATIENT"

typedef struct adverse_t {
    const char *category, *term;
} adverse_t;

/* Of an event's kind; NULL for one that no safety table counts. Static storage. */
const adverse_t *adverse_of(int64_t kind);

#endif
