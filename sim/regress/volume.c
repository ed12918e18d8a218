/* SPDX-License-Identifier: Apache-2.0 */
/* What a pump gave, hour by hour. */
#include "regress/volume.h"

#include <math.h>
#include <stdlib.h>

#define HOUR_MS 3600000.0

int volume_init(volume_t *v, int64_t horizon_ms, error_t *e)
{
    v->hours = (size_t)ceil((double)horizon_ms / HOUR_MS);
    v->hour_ml = calloc(v->hours > 0 ? v->hours : 1, sizeof *v->hour_ml);
    return v->hour_ml != NULL ? 0
                              : ERROR_RAISE(e, ERROR_MEMORY, "out of memory for hourly volumes");
}

void volume_free(volume_t *v)
{
    free(v->hour_ml);
    *v = (volume_t){NULL, 0};
}

void volume_add(volume_t *v, const segment_t *s)
{
    double from_ms = s->start_ms;
    const double end_ms = s->start_ms + s->duration_ms;
    while (v->hours > 0) {
        const double hour = floor(from_ms / HOUR_MS);
        const size_t at = hour < (double)v->hours ? (size_t)hour : v->hours - 1;
        const double until_ms = (hour + 1.0) * HOUR_MS;
        if (end_ms <= until_ms || at == v->hours - 1) {
            v->hour_ml[at] += from_ms > s->start_ms
                                  ? s->volume_ml * (end_ms - from_ms) / s->duration_ms
                                  : s->volume_ml;
            return;
        }
        v->hour_ml[at] += s->volume_ml * (until_ms - from_ms) / s->duration_ms;
        from_ms = until_ms;
    }
}

static double sum_of(const volume_t *v, size_t from, size_t hours)
{
    double sum_ml = 0.0;
    for (size_t i = 0; i < hours; i++) {
        sum_ml += v->hour_ml[from + i];
    }
    return sum_ml;
}

/* Equal hours make no gap: a window is summed anew only behind hours that differ, so that rounding is no difference. */
volume_gap_t volume_gap(const volume_t *a, const volume_t *b, size_t hours, volume_tolerance_t t)
{
    volume_gap_t gap = {0.0, 0.0, 0.0, 0};
    double widest_ml = -(double)INFINITY;
    const size_t length = hours < a->hours ? hours : a->hours;
    size_t since = length; /* hours since the last that differs */
    for (size_t end = 1; end <= a->hours; end++) {
        since = a->hour_ml[end - 1] != b->hour_ml[end - 1] ? 0 : since + 1;
        if (end < length || since >= length) {
            continue;
        }
        const double first_ml = sum_of(a, end - length, length);
        const double ml = sum_of(b, end - length, length) - first_ml;
        const double allowed_ml = t.share > 0.0 ? fmax(t.share * fabs(first_ml), t.least_ml) : 0.0;
        if (ml != 0.0 && fabs(ml) - allowed_ml > widest_ml) {
            widest_ml = fabs(ml) - allowed_ml;
            gap = (volume_gap_t){ml, first_ml, allowed_ml, end - length};
        }
    }
    return gap;
}
