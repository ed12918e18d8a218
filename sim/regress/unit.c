/* SPDX-License-Identifier: Apache-2.0 */
/* The units of a suite. */
#include "regress/unit.h"

static size_t units_of(const suite_scenario_t *s)
{
    return (size_t)((s->patient > 0 ? 1 : s->study.patients) * s->study.arms.count);
}

size_t unit_count(const suite_t *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->scenarios; i++) {
        count += units_of(&s->scenario[i]);
    }
    return count;
}

unit_t unit_at(const suite_t *s, size_t index)
{
    size_t scenario = 0;
    while (index >= units_of(&s->scenario[scenario])) {
        index -= units_of(&s->scenario[scenario++]);
    }
    const suite_scenario_t *in = &s->scenario[scenario];
    const size_t arms = (size_t)in->study.arms.count;
    const int64_t patient = in->patient > 0 ? in->patient : (int64_t)(index / arms) + 1;
    return (unit_t){scenario, {patient, (int32_t)(index % arms), 0}};
}
