/* SPDX-License-Identifier: Apache-2.0 */
/* Recognises the names of levels and interspaces. */
#include "config/level.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* From the cranium down, so that an interspace is an entry and the next one. */
static const char *const levels[] = {"C1",  "C2", "C3", "C4", "C5", "C6", "C7", "T1",  "T2",
                                     "T3",  "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11",
                                     "T12", "L1", "L2", "L3", "L4", "L5", "S1", "S2"};
#define LEVELS (sizeof levels / sizeof levels[0])

int level_is_known(const char *name)
{
    for (size_t i = 0; i < LEVELS; i++)
        if (strcmp(levels[i], name) == 0)
            return 1;
    return 0;
}

int level_is_site(const char *name)
{
    char interspace[16];
    for (size_t i = 0; i + 1 < LEVELS; i++) {
        const char *below = levels[i + 1];
        int same_region = levels[i][0] == below[0];
        snprintf(interspace, sizeof interspace, "%s/%s", levels[i], below + (same_region ? 1 : 0));
        if (strcmp(interspace, name) == 0)
            return 1;
    }
    return level_is_known(name);
}
