/* SPDX-License-Identifier: Apache-2.0 */
/* Guesses what a misspelt word was meant to be. Pure functions. */
#ifndef CONFIG_NEAREST_H
#define CONFIG_NEAREST_H

#include <stddef.h>

#define NEAREST_WORD_MAX 48 /* longer words are never near anything */

/* Edit distance (insertions, deletions, substitutions, swaps of neighbours) of two words of at most
 * NEAREST_WORD_MAX bytes; a large number for longer ones. */
size_t nearest_distance(const char *a, const char *b);

/* 1 if b is near enough to a to be worth proposing: at most a third of its letters differ, or one in a
 * short word. */
int nearest_is_close(const char *a, const char *b);

#endif
