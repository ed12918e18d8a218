/* SPDX-License-Identifier: Apache-2.0 */
/* Two digits each of hours and minutes; days by their names. */
#include "config/week.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int64_t days;
} names[] = {{"all", WEEK_ALL_DAYS}, {"workdays", 0x1F}, {"weekend", 0x60}, {"mon", 0x01},
             {"tue", 0x02},          {"wed", 0x04},      {"thu", 0x08},     {"fri", 0x10},
             {"sat", 0x20},          {"sun", 0x40}};
#define NAMES (sizeof names / sizeof names[0])
#define FIRST_DAY 3 /* of names, the single ones */

static int are_digits(const char *text, size_t n)
{
    return strspn(text, "0123456789") >= n;
}

int week_read_clock(const char *text, int64_t *minute, char *why, size_t size)
{
    int ok = strlen(text) == 5 && are_digits(text, 2) && text[2] == ':' && are_digits(text + 3, 2);
    int64_t hours = ok ? (text[0] - '0') * 10 + (text[1] - '0') : 24;
    int64_t minutes = ok ? (text[3] - '0') * 10 + (text[4] - '0') : 60;
    if (hours > 23 || minutes > 59) {
        snprintf(why, size,
                 "\"%.40s\" is not a time of day; write two digits each of hours and minutes, from "
                 "\"00:00\" to \"23:59\"",
                 text);
        return 0;
    }
    *minute = 60 * hours + minutes;
    return 1;
}

int week_read_days(const char *text, int64_t *days, char *why, size_t size)
{
    for (size_t i = 0; i < NAMES; i++) {
        if (strcmp(names[i].name, text) == 0) {
            *days = names[i].days;
            return 1;
        }
    }
    snprintf(
        why, size,
        "\"%.40s\" is not a day; write all, workdays, weekend, a day such as mon, or a list as "
        "in [mon, thu]",
        text);
    return 0;
}

void week_write_clock(int64_t minute, char *out, size_t size)
{
    snprintf(out, size, "\"%02d:%02d\"", (int)(minute / 60), (int)(minute % 60));
}

void week_write_days(int64_t days, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < NAMES; i++) {
        if (names[i].days == days) {
            snprintf(out, size, "%s", names[i].name);
            return;
        }
    }
    for (size_t i = FIRST_DAY; i < NAMES && used < size; i++)
        if ((days & names[i].days) != 0)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used > 0 ? ", " : "[",
                                     names[i].name);
    if (used < size)
        snprintf(out + used, size - used, "]");
}
