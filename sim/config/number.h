/* SPDX-License-Identifier: Apache-2.0 */
/* Decimal numbers by a strict grammar, so that no misprint is read as another dose.
 *
 *     number  = ["-"] whole ["." digits] [("e" | "E") ["+" | "-"] digits]
 *     whole   = "0" | nonzero-digit {digit}
 *
 * Leading zeros, octal, hexadecimal, binary, underscores, decimal commas, a leading plus, a bare leading
 * or trailing point, nan, inf and values that overflow or vanish in a double are refused. The value is
 * that of strtod under the "C" numeric locale, which the caller must have in force (study.c sees to it).
 */
#ifndef CONFIG_NUMBER_H
#define CONFIG_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* Reads the number that is the first token of `text` (up to a space or the end). Returns the token's
 * length in bytes, and 0 if it is no number: then *why says what is wrong with it and how to mend it
 * (static text that follows "TOKEN "). Thread-safe. */
size_t number_scan(const char *text, double *value, const char **why)
    __attribute__((warn_unused_result));

/* Reads a whole number without fraction or exponent that is all of `text`. Returns 1, or 0 and *why. */
int number_whole(const char *text, int64_t *value, const char **why)
    __attribute__((warn_unused_result));

#endif
