/* SPDX-License-Identifier: Apache-2.0 */
/* The check of a config's bytes that comes before any parser sees them.
 *
 * Accepted: valid UTF-8 (shortest form, no surrogates) without control characters but LF, TAB and CR
 * directly before LF. The line separators U+0085, U+2028 and U+2029 count as control characters, because
 * YAML 1.1 and editors disagree about them. Pure functions.
 */
#ifndef CONFIG_ENCODING_H
#define CONFIG_ENCODING_H

#include <stddef.h>

#define ENCODING_FILE_MAX ((size_t)1 << 20)

/* Index of the first byte that is not accepted, with its reason in *why (static text), or `length` if
 * all are. */
size_t encoding_check(const char *text, size_t length, const char **why);

/* 1 if the text holds no control character at all, LF and TAB included: a value of one line. */
int encoding_is_one_line(const char *text, size_t length);

#endif
