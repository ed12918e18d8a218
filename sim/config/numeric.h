/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers are read and written in the "C" locale, whatever the process has set; for this thread only. */
#ifndef CONFIG_NUMERIC_H
#define CONFIG_NUMERIC_H

#include <locale.h>

#include "error.h"

typedef struct numeric_t {
    locale_t c;
    locale_t before;
} numeric_t;

/* Between these two the "C" locale is in force. ERROR_MEMORY: it is not, and numeric_leave must not be called. */
int numeric_enter(numeric_t *n, error_t *e) __attribute__((warn_unused_result));
void numeric_leave(numeric_t *n);

#endif
