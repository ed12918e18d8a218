/* SPDX-License-Identifier: Apache-2.0 */
/* A suite written as text. */
#include "regress/suite_text.h"

#include <inttypes.h>
#include <stdbool.h>

void suite_text_head(const suite_t *like, const char *name, const char *title, FILE *out)
{
    const suite_tolerance_t *t = &like->tolerance;
    (void)fprintf(out, "suite: {name: %s, title: %s, cpu: %" PRId64 " ms, must_live: %s}\n", name,
                  title, like->cpu_ms, like->must_live ? "true" : "false");
    (void)fprintf(out,
                  "tolerance: {volume: %.17g, pulses: %.17g, event: %" PRId64
                  " ms, exposure: %.17g, tone: %.17g}\n",
                  t->volume, t->pulses, t->event_ms, t->exposure, t->tone);
    (void)fputs("scenarios:\n", out);
}

static void put_indented(const char *text, FILE *out)
{
    bool at_start = true;
    for (; *text != '\0'; text++) {
        if (at_start && *text != '\n') {
            (void)fputs("      ", out);
        }
        at_start = *text == '\n';
        (void)fputc(*text, out);
    }
}

static void put_levels(const suite_scenario_t *s, FILE *out)
{
    const char *between = "";
    (void)fputs("    levels: [", out);
    for (int i = 0; i < SUITE_POPULATION; i++) {
        if (s->level[i]) {
            (void)fprintf(out, "%s%s", between, suite_level_name((suite_level_t)i));
            between = ", ";
        }
    }
    (void)fputs("]\n", out);
}

void suite_text_scenario(const suite_scenario_t *s, const char *study, FILE *out)
{
    (void)fprintf(out, "  - name: %s\n    patient: %" PRId64 "\n", s->name, s->patient);
    if (s->upgrade) {
        (void)fputs("    upgrade: true\n", out);
    }
    put_levels(s, out);
    (void)fputs("    config:\n", out);
    put_indented(study, out);
}
