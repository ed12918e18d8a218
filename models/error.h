/* SPDX-License-Identifier: Apache-2.0 */
/* Errors as values: one list of codes, one caller-owned record, one place where every error is born.
 *
 * Convention for every function that can fail, above the dosing core: it returns int, 0 (or a
 * non-negative result) for success and a negative code of error.def otherwise; its last argument is an
 * `error_t *` owned by the caller, which is filled exactly when the result is negative. Passing NULL is
 * allowed and discards the details. Nothing prints and nothing exits but `main`.
 *
 * Thread rule: an error_t belongs to one thread at a time.
 */
#ifndef MODELS_ERROR_H
#define MODELS_ERROR_H

#include <stdint.h>

enum error_code {
    ERROR_OK = 0,
#define ERROR(symbol, code, text) ERROR_##symbol = code,
#include "error.def"
#undef ERROR
};

#define ERROR_TEXT_SIZE 480

/* What went wrong. Zero-initialise before the first use; `patient` and `time_ms` are -1 or 0 where they
 * mean nothing and are filled by the trajectory, which alone knows them. */
typedef struct error_t {
    int code;         /* one of enum error_code */
    const char *file; /* source file that raised it; static storage */
    int line;         /* line in that file */
    int64_t patient;  /* patient id from 1, or 0 */
    int64_t time_ms;  /* milliseconds since enrolment */
    char text[ERROR_TEXT_SIZE];
} error_t;

/* Fills *e (which may be NULL) and returns `code`. Call it only through ERROR_RAISE: that one macro is
 * the place for a breakpoint on every error born anywhere. */
int error_set(error_t *e, int code, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#define ERROR_RAISE(e, code, ...) error_set((e), (code), __FILE__, __LINE__, __VA_ARGS__)

/* Symbol ("ERROR_LEDGER") and one-line text of a code; "ERROR_UNKNOWN" and a text for any other int. Never
 * NULL; static storage. */
const char *error_symbol(int code);
const char *error_text(int code);

#endif
