/* SPDX-License-Identifier: Apache-2.0 */
/* Prints survival and the incidence of each cause after whole years. */
#include "summary/lives_text.h"

#include "summary/table.h"

#define LABEL "  %-26s"
#define WIDTH 9

static void print_values(const char *label, const survival_point_t at[LIVES_YEARS], FILE *out)
{
    fprintf(out, LABEL, label);
    for (int y = 0; y < LIVES_YEARS; y++) {
        table_number(out, WIDTH, at[y].value);
    }
    fputc('\n', out);
}

static void print_band(const survival_point_t at[LIVES_YEARS], FILE *out)
{
    fprintf(out, LABEL, "  95 % from");
    for (int y = 0; y < LIVES_YEARS; y++) {
        table_number(out, WIDTH, at[y].band.low);
    }
    fprintf(out, "\n" LABEL, "       to");
    for (int y = 0; y < LIVES_YEARS; y++) {
        table_number(out, WIDTH, at[y].band.high);
    }
    fputc('\n', out);
}

static void print_head(const lives_t *l, const char *arm, FILE *out)
{
    fprintf(out, "\nLives of pumps, arm %s: %zu, of which %zu ended\n" LABEL, arm, l->lives,
            l->ended, "years");
    for (int y = 0; y < LIVES_YEARS; y++) {
        fprintf(out, " %*d", WIDTH, y + 1);
    }
    fprintf(out, "\n" LABEL, "at risk");
    for (int y = 0; y < LIVES_YEARS; y++) {
        fprintf(out, " %*zu", WIDTH, l->left[y].at_risk);
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
    print_values("share in place", l->left, out);
    print_band(l->left, out);
    for (size_t i = 0; i < l->causes; i++) {
        const lives_cause_t *c = &l->cause[i];
        (void)snprintf(label, sizeof label, "%.30s",
                       fields_choice_name(FIELDS_TYPE_REASON, c->cause));
        print_values(label, c->at, out);
        print_band(c->at, out);
    }
    fputs("  share in place: Kaplan-Meier; below, what each cause has ended while the others "
          "compete:\n"
          "  Aalen-Johansen; bands on log(-log), pointwise; chance between pumps alone\n",
          out);
}
