/* SPDX-License-Identifier: Apache-2.0 */
/* Optimal string alignment distance by the usual three rows. */
#include "config/nearest.h"

#include <string.h>

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t nearest_distance(const char *a, const char *b)
{
    size_t row[3][NEAREST_WORD_MAX + 1];
    size_t n = strlen(a), m = strlen(b);
    if (n > NEAREST_WORD_MAX || m > NEAREST_WORD_MAX)
        return n + m;
    for (size_t j = 0; j <= m; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = row[i % 3], *before = row[(i - 1) % 3], *second = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t changed = before[j - 1] + (a[i - 1] != b[j - 1]);
            now[j] = smaller(changed, smaller(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = smaller(now[j], second[j - 2] + 1);
        }
    }
    return row[n % 3][m];
}

int nearest_is_close(const char *a, const char *b)
{
    size_t limit = strlen(b) / 3;
    return nearest_distance(a, b) <= (limit > 1 ? limit : 1);
}
