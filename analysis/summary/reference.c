/* SPDX-License-Identifier: Apache-2.0 */
/* Looks up published values. */
#include "summary/reference.h"

#include <math.h>
#include <string.h>

static const reference_t rows[] = {
#define REFERENCE(drug, quantity, low, high, middle, text, source)                                 \
    {drug, REFERENCE_##quantity, (double)(low), (double)(high), (double)(middle), text, source},
#include "summary/reference.def"
#undef REFERENCE
};

const reference_t *reference_find(const char *drug, enum reference_quantity quantity)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const int fits =
            rows[i].drug[0] == '\0' || (drug != NULL && strcmp(rows[i].drug, drug) == 0);
        if (fits && rows[i].quantity == quantity) {
            return &rows[i];
        }
    }
    return NULL;
}
