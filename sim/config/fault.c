/* SPDX-License-Identifier: Apache-2.0 */
/* The list of faults that a study can impose, as rows. */
#include "config/fault.h"

#include <stddef.h>

#include "config/study.h"

static const fault_t rows[] = {
#define FAULT(symbol, name, setter, of, low, high, severity)                                       \
    [STUDY_FAULT_##symbol] = {name, FAULT_OF_##of, low, high, severity},
#include "config/fault.def"
#undef FAULT
};

const fault_t *fault_row(int fault)
{
    return fault >= 0 && (size_t)fault < sizeof rows / sizeof rows[0] ? &rows[fault] : NULL;
}

bool fault_suits(const fault_t *fault, int pump_kind)
{
    return fault->of == FAULT_OF_ANY || pump_kind == STUDY_PUMP_PERISTALTIC ||
           (fault->of == FAULT_OF_WITH_CORE && pump_kind != STUDY_PUMP_CONSTANT_FLOW);
}
