/* SPDX-License-Identifier: Apache-2.0 */
/* Puts the "C" locale in force and back. */
#include "config/numeric.h"

int numeric_enter(numeric_t *n, error_t *e)
{
    n->c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (n->c == (locale_t)0)
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for the numeric locale");
    n->before = uselocale(n->c);
    return 0;
}

void numeric_leave(numeric_t *n)
{
    uselocale(n->before);
    freelocale(n->c);
}
