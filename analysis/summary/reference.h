/* SPDX-License-Identifier: Apache-2.0 */
/* Published values beside simulated ones: reference.def, looked up by drug and quantity. Thread rule: constant. */
#ifndef ANALYSIS_REFERENCE_H
#define ANALYSIS_REFERENCE_H

#include <stddef.h>

/* What a summary describes by a distribution. */
enum reference_quantity {
    REFERENCE_LUMBAR,          /* ng/mL, at the end */
    REFERENCE_TIP,             /* ng/mL, at the end */
    REFERENCE_CISTERNAL,       /* ng/mL, at the end */
    REFERENCE_PLASMA,          /* ng/mL, at the end */
    REFERENCE_RATIO,           /* lumbar over cisternal, at the end */
    REFERENCE_ASHWORTH_BEFORE, /* rated */
    REFERENCE_ASHWORTH_AFTER,  /* rated, at the end */
    REFERENCE_VOLUME_RUN,      /* delivered over commanded, a patient's whole run */
    REFERENCE_VOLUME_REFILL,   /* delivered over commanded, from refill to refill */
    REFERENCE_RESPONDERS,      /* share who responded to a screening bolus */
    REFERENCE_DOSE_START,      /* ug/day, as first programmed */
    REFERENCE_DOSE_12M,        /* ug/day, as programmed at month 12 */
    REFERENCE_DOSE_18M,        /* ug/day, as programmed at month 18 */
    REFERENCE_TOLERANT,        /* share whose dose goes on rising */
    REFERENCE_REFILL_INTERVAL, /* day, from filling to filling */
    REFERENCE_COUNT
};

typedef struct reference_t {
    const char *drug; /* "" for any */
    enum reference_quantity quantity;
    double low; /* NaN where the source gives none; the same for the next two */
    double high;
    double middle;
    const char *text; /* as a table shows it */
    const char *source;
} reference_t;

/* The published value of a quantity for a drug by name (NULL: no drug), or NULL when none is listed. Static storage. */
const reference_t *reference_find(const char *drug, enum reference_quantity quantity);

#endif
