/* SPDX-License-Identifier: Apache-2.0 */
/* The list of adverse events as an array. */
#include "export/adverse.h"

#include <stddef.h>

#include "dataset/fields.h"

const adverse_t *adverse_of(int64_t kind)
{
    static const struct {
        int64_t kind;
        adverse_t as;
    } list[] = {
#define ADVERSE(event, category, term) {FIELDS_EVENT_##event, {category, term}},
#include "export/adverse.def"
#undef ADVERSE
    };
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        if (list[i].kind == kind) {
            return &list[i].as;
        }
    }
    return NULL;
}
