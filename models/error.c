/* SPDX-License-Identifier: Apache-2.0 */
/* Errors as values: the only function that fills an error_t, and the list of codes in words. */
#include "error.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

static const struct {
    int code;
    const char *symbol;
    const char *text;
} list[] = {
#define ERROR(symbol, code, text) {code, "ERROR_" #symbol, text},
#include "error.def"
#undef ERROR
};

int error_set(error_t *e, int code, const char *file, int line, const char *format, ...)
{
    if (e != NULL) {
        va_list arguments;
        e->code = code;
        e->file = file;
        e->line = line;
        va_start(arguments, format);
        (void)vsnprintf(e->text, sizeof e->text, format, arguments);
        va_end(arguments);
    }
    return code;
}

const char *error_symbol(int code)
{
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        if (list[i].code == code) {
            return list[i].symbol;
        }
    }
    return code == 0 ? "ERROR_OK" : "ERROR_UNKNOWN";
}

const char *error_text(int code)
{
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        if (list[i].code == code) {
            return list[i].text;
        }
    }
    return code == 0 ? "no error" : "an unknown error code";
}
