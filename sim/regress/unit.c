/* SPDX-License-Identifier: Apache-2.0 */
/* The units of a suite. */
#include "regress/unit.h"

static size_t units_of(const study_t *study)
{
    return (size_t)(study->patients * study->arms.count);
}

size_t unit_count(const suite_t *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->scenarios; i++) {
        count += units_of(&s->scenario[i].study);
    }
    return count;
}

unit_t unit_at(const suite_t *s, size_t index)
{
    size_t scenario = 0;
    while (index >= units_of(&s->scenario[scenario].study)) {
        index -= units_of(&s->scenario[scenario++].study);
    }
    const size_t arms = (size_t)s->scenario[scenario].study.arms.count;
    return (unit_t){scenario, {(int64_t)(index / arms) + 1, (int32_t)(index % arms), 0}};
}
