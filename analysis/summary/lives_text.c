/* SPDX-License-Identifier: Apache-2.0 */
/* Prints survival and the incidence of each cause after whole years. */
#include "summary/lives_text.h"

#include "summary/curve_text.h"

static void print_head(const lives_t *l, const char *what, const char *arm, size_t ended,
                       const char *how, FILE *out)
{
    fprintf(out, "\nLives of %s, arm %s: %zu, of which %zu %s\n" CURVE_TEXT_LABEL, what, arm,
            l->lives, ended, how, "years");
    for (int y = 0; y < LIVES_YEARS; y++) {
        fprintf(out, " %*d", CURVE_TEXT_WIDTH, y + 1);
    }
    fprintf(out, "\n" CURVE_TEXT_LABEL, "at risk");
    for (int y = 0; y < LIVES_YEARS; y++) {
        fprintf(out, " %*zu", CURVE_TEXT_WIDTH, l->left[y].at_risk);
    }
    fputc('\n', out);
}

static void print_causes(const lives_t *l, FILE *out)
{
    char label[40];
    for (size_t i = 0; i < l->causes; i++) {
        const lives_cause_t *c = &l->cause[i];
        (void)snprintf(label, sizeof label, "%.30s",
                       fields_choice_name(FIELDS_TYPE_REASON, c->cause));
        curve_text_values(label, c->at, LIVES_YEARS, out);
        curve_text_band(c->at, LIVES_YEARS, out);
    }
}

void lives_text_print(const lives_t *l, const char *arm, FILE *out)
{
    const int tells = l->ended > 0 || l->longest_years >= 1.0;
    if (!tells) {
        return;
    }
    print_head(l, "pumps", arm, l->ended, "ended", out);
    curve_text_values("share in place", l->left, LIVES_YEARS, out);
    curve_text_band(l->left, LIVES_YEARS, out);
    if (l->died > 0) {
        curve_text_values("  deaths cut off", l->outlast, LIVES_YEARS, out);
        curve_text_band(l->outlast, LIVES_YEARS, out);
    }
    print_causes(l, out);
    fputs("  share in place: Kaplan-Meier; below, what each cause has ended while the others "
          "compete:\n"
          "  Aalen-Johansen; bands on log(-log), pointwise; chance between pumps alone\n",
          out);
}

void lives_text_catheters(const lives_t *l, const char *arm, FILE *out)
{
    const size_t failed = l->ended - l->died;
    if (failed == 0) {
        if (l->lives > 0) {
            fprintf(out, "\nLives of catheters, arm %s: %zu, of which none failed of itself\n", arm,
                    l->lives);
        }
        return;
    }
    print_head(l, "catheters", arm, failed, "failed of themselves", out);
    curve_text_values("share without failure", l->outlast, LIVES_YEARS, out);
    curve_text_band(l->outlast, LIVES_YEARS, out);
    print_causes(l, out);
    fputs("  share without failure: Kaplan-Meier until the first, deaths cut off; below, by what, "
          "the\n"
          "  others competing: Aalen-Johansen; bands on log(-log), pointwise; chance between "
          "catheters alone\n",
          out);
}
