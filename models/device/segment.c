/* SPDX-License-Identifier: Apache-2.0 */
/* Cutting a flow segment into equal parts. */
#include "device/segment.h"

segment_t segment_part(const segment_t *s, int part, int parts)
{
    double n = parts;
    return (segment_t){
        .start_ms = s->start_ms + s->duration_ms * part / n,
        .duration_ms = s->duration_ms / n,
        .volume_ml = s->volume_ml / n,
        .pulses = s->pulses / n,
    };
}
