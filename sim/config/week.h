/* SPDX-License-Identifier: Apache-2.0 */
/* Times of day and days of the week, from text and back. */
#ifndef CONFIG_WEEK_H
#define CONFIG_WEEK_H

#include <stddef.h>
#include <stdint.h>

#define WEEK_ALL_DAYS 0x7F /* bit 0 is Monday */

/* "06:30" into *minute of the day; one name of days ("all", "weekend", "mon") into the bits *days. Each returns 1, or 0 with
 * what is wrong and how to mend it in why[size]; the value then stays as it was. */
int week_read_clock(const char *text, int64_t *minute, char *why, size_t size)
    __attribute__((warn_unused_result));
int week_read_days(const char *text, int64_t *days, char *why, size_t size)
    __attribute__((warn_unused_result));

/* As YAML into out[size], such that reading gives the same: a time in quotes; a name where one says it, else a list. */
void week_write_clock(int64_t minute, char *out, size_t size);
void week_write_days(int64_t days, char *out, size_t size);

#endif
