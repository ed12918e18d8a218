/* SPDX-License-Identifier: Apache-2.0 */
/* One value: from the text of a config to a member of the study, and back.
 *
 * One thread of the process at a time, because of units.h; the "C" numeric locale must be in force.
 */
#ifndef CONFIG_VALUE_H
#define CONFIG_VALUE_H

#include <stddef.h>

#include "config/field.h"
#include "config/units.h"

#define VALUE_WHY_SIZE 256
#define VALUE_TEXT_SIZE                                                                            \
    (2 * STUDY_DESCRIPTION_SIZE +                                                                  \
     2) /* a description all escaped: more than STUDY_ARMS_MAX names take */

/* Reads `text` (NUL-terminated, one line) by the rules of the field into *member, which stays untouched on
 * failure. `quoted` tells text in quotes from plain. Not for FIELD_NAMES and FIELD_LIST. Returns 1, or 0
 * with what is wrong and how to mend it in why[VALUE_WHY_SIZE]. */
int value_read(const field_t *f, const char *text, int quoted, units_t *u, void *member, char *why)
    __attribute__((warn_unused_result));

/* Sets *member to the field's default; nothing if it has none. */
void value_default(const field_t *f, void *member);

/* Writes the member as YAML into out[VALUE_TEXT_SIZE], such that value_read gives the same bits. */
void value_write(const field_t *f, const void *member, char *out);

/* What to write there, for messages and the reference: "a number with a unit, such as ... ug/mL". */
void value_expected(const field_t *f, char *out, size_t size);

#endif
