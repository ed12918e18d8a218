/* SPDX-License-Identifier: Apache-2.0 */
/* Prints survival and the incidence of each cause after whole years. */
#include "summary/lives_text.h"

#include "summary/curve_text.h"

static void print_head(const lives_t *l, const char *arm, FILE *out)
{
    fprintf(out, "\nLives of pumps, arm %s: %zu, of which %zu ended\n" CURVE_TEXT_LABEL, arm,
            l->lives, l->ended, "years");
    for (int y = 0; y < LIVES_YEARS; y++) {
        fprintf(out, " %*d", CURVE_TEXT_WIDTH, y + 1);
    }
    fprintf(out, "\n" CURVE_TEXT_LABEL, "at risk");
    for (int y = 0; y < LIVES_YEARS; y++) {
        fprintf(out, " %*zu", CURVE_TEXT_WIDTH, l->left[y].at_risk);
    }
    fputc('\n', out);
}

void lives_text_print(const lives_t *l, const char *arm, FILE *out)
{
    char label[40];
    const int tells = l->ended > 0 || l->longest_years >= 1.0;
    if (!tells) {
        return;
    }
    print_head(l, arm, out);
    curve_text_values("share in place", l->left, LIVES_YEARS, out);
    curve_text_band(l->left, LIVES_YEARS, out);
    if (l->died > 0) {
        curve_text_values("  deaths cut off", l->outlast, LIVES_YEARS, out);
        curve_text_band(l->outlast, LIVES_YEARS, out);
    }
    for (size_t i = 0; i < l->causes; i++) {
        const lives_cause_t *c = &l->cause[i];
        (void)snprintf(label, sizeof label, "%.30s",
                       fields_choice_name(FIELDS_TYPE_REASON, c->cause));
        curve_text_values(label, c->at, LIVES_YEARS, out);
        curve_text_band(c->at, LIVES_YEARS, out);
    }
    fputs("  share in place: Kaplan-Meier; below, what each cause has ended while the others "
          "compete:\n"
          "  Aalen-Johansen; bands on log(-log), pointwise; chance between pumps alone\n",
          out);
}
