/* SPDX-License-Identifier: Apache-2.0 */
/* The list of faults that a study can impose (fault.def), as rows. */
#ifndef CONFIG_FAULT_H
#define CONFIG_FAULT_H

#include <stdbool.h>

/* Which pumps can have it. */
enum fault_of {
    FAULT_OF_PERISTALTIC,
    FAULT_OF_WITH_CORE, /* all but constant-flow pumps */
    FAULT_OF_ANY        /* it is the catheter's */
};

typedef struct fault_t {
    const char *name;
    int of;           /* enum fault_of */
    double low, high; /* of the severity, ends included */
    const char *severity;
} fault_t;

/* The row of a study_fault_t; NULL: there is none. */
const fault_t *fault_row(int fault);

/* Whether a pump of this study_pump_kind_t can have it. */
bool fault_suits(const fault_t *fault, int pump_kind);

#endif
