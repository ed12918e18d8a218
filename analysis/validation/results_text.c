/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a validation for people. */
#include "validation/results_text.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "dataset/provenance.h"

static int verdict_of(const results_row_t *row)
{
    int v = 0;
    while (v < VERDICT_COUNT && strcmp(row->verdict, verdict_name((enum verdict)v)) != 0) {
        v++;
    }
    return v;
}

static int role_of(const results_row_t *row)
{
    int role = 0;
    while (role < VERDICT_ROLES &&
           strcmp(row->role, verdict_role_name((enum verdict_role)role)) != 0) {
        role++;
    }
    return role;
}

int results_text_sum(const results_t *r, verdict_sum_t *sum, error_t *e)
{
    *sum = (verdict_sum_t){.counted = 0};
    for (size_t i = 0; i < r->rows; i++) {
        const results_row_t *row = &r->row[i];
        const int role = role_of(row), v = verdict_of(row);
        if (role == VERDICT_ROLES || v == VERDICT_COUNT) {
            return ERROR_RAISE(e, ERROR_DATASET_FOREIGN, "row %.40s: %s '%.40s' is unknown",
                               row->id, role == VERDICT_ROLES ? "role" : "verdict",
                               role == VERDICT_ROLES ? row->role : row->verdict);
        }
        verdict_add(sum, (enum verdict_role)role, row->gate != 0, row->weak != 0, (enum verdict)v);
    }
    return 0;
}

/* Four significant digits; a dash where there is none. */
static const char *number(double value, char text[24])
{
    if (isnan(value)) {
        return "-";
    }
    (void)snprintf(text, 24, "%.4g", value);
    return text;
}

static const char *marks_of(const results_row_t *row)
{
    return row->gate ? (row->weak ? "gate, weak" : "gate") : (row->weak ? "weak" : "");
}

static int finish(FILE *out, error_t *e)
{
    if (fflush(out) != 0 || ferror(out)) {
        return ERROR_RAISE(e, ERROR_FILE_WRITE, "cannot write the table: %s",
                           errno != 0 ? strerror(errno) : "an earlier write failed");
    }
    return 0;
}

/* ---- plain text ---- */

static void print_row(const results_row_t *row, FILE *out)
{
    char low[24], high[24], interval[64], estimate[24], half[24];
    (void)snprintf(interval, sizeof interval, "%s to %s", number(row->low, low),
                   number(row->high, high));
    fprintf(out, "  %-7s %-13s %-9s %-11s %9s %9s %8lld  %s\n", row->id, row->verdict, row->role,
            marks_of(row), number(row->estimate, estimate), number(row->half_width, half),
            (long long)row->n, interval);
    fprintf(out, "          %s, %s%s\n", row->what, strcmp(row->unit, "1") == 0 ? "" : "in ",
            strcmp(row->unit, "1") == 0 ? "a pure number" : row->unit);
    if (row->needs[0] != '\0') {
        fprintf(out, "          not computed: needs %s\n", row->needs);
    }
}

/* Rows of one role by verdict, between bars in Markdown. */
static void print_total(const verdict_sum_t *sum, int role, int markdown, FILE *out)
{
    const size_t *rows = sum->rows[role];
    size_t all = 0;
    for (int v = 0; v < VERDICT_COUNT; v++) {
        all += rows[v];
    }
    if (all == 0) {
        return;
    }
    fprintf(out, "%s%-10s", markdown ? "| " : "  ", verdict_role_name((enum verdict_role)role));
    for (int v = 0; v < VERDICT_COUNT; v++) {
        fprintf(out, "%s %*zu", markdown ? " |" : "", v == VERDICT_OUT_OF_REACH ? 13 : 8, rows[v]);
    }
    fputs(markdown ? " |\n" : "\n", out);
}

static void print_conclusion(const results_t *r, const verdict_sum_t *sum, FILE *out)
{
    fprintf(
        out,
        "%zu of %zu counted rows are inside; %zu weak rows and the imposed ones are not counted; "
        "%zu gates are outside.\n%s: %s.\n",
        sum->counted_inside, sum->counted, sum->weak, sum->gates_outside,
        r->quick ? "A quick run, of small pools" : "A full run",
        verdict_passes(sum, r->quick != 0) ? "it passes" : "it fails");
}

int results_text_print(const results_t *r, FILE *out, error_t *e)
{
    verdict_sum_t sum;
    const char *study = "";
    const int rc = results_text_sum(r, &sum, e);
    if (rc != 0) {
        return rc;
    }
    errno = 0;
    fprintf(out, "%s\n", provenance_note());
    for (size_t i = 0; i < r->rows; i++) {
        if (strcmp(study, r->row[i].study) != 0) {
            study = r->row[i].study;
            fprintf(out, "\nValidation %s\n  %-7s %-13s %-9s %-11s %9s %9s %8s  %s\n", study, "row",
                    "verdict", "role", "", "estimate", "+-", "n", "published");
        }
        print_row(&r->row[i], out);
    }
    fprintf(out, "\n  %-10s %8s %8s %8s %13s\n", "role", "inside", "outside", "too few",
            "out of reach");
    for (int role = 0; role < VERDICT_ROLES; role++) {
        print_total(&sum, role, 0, out);
    }
    print_conclusion(r, &sum, out);
    return finish(out, e);
}

/* ---- Markdown ---- */

static void cell(const char *text, FILE *out)
{
    for (; *text != '\0'; text++) {
        fprintf(out, *text == '|' ? "\\%c" : "%c", *text);
    }
}

static void print_line(const results_row_t *row, FILE *out)
{
    char value[24], low[24], high[24], estimate[24], half[24];
    fprintf(out, "| %s | ", row->id);
    cell(row->what, out);
    fprintf(out, " | %s | %s (%s to %s) | ", strcmp(row->unit, "1") == 0 ? "" : row->unit,
            number(row->value, value), number(row->low, low), number(row->high, high));
    if (isnan(row->estimate)) {
        fputs("needs ", out);
        cell(row->needs, out);
    } else {
        fprintf(out, "%s +- %s, n %lld", number(row->estimate, estimate),
                number(row->half_width, half), (long long)row->n);
    }
    fprintf(out, " | %s | %s | %s | ", row->verdict, row->role, marks_of(row));
    cell(row->rule, out);
    fputs(" | ", out);
    cell(row->source, out);
    fputs(" |\n", out);
}

int results_text_markdown(const results_t *r, FILE *out, error_t *e)
{
    verdict_sum_t sum;
    const char *study = "";
    const int rc = results_text_sum(r, &sum, e);
    if (rc != 0) {
        return rc;
    }
    errno = 0;
    fprintf(out,
            "# Published studies against the simulation\n\nGenerated by `make validate` with %s, "
            "core %s. %s\n`README.md` says what verdicts, roles and marks mean. Only an emergent "
            "row may be called validation.\n",
            r->program, r->core, provenance_note());
    for (size_t i = 0; i < r->rows; i++) {
        if (strcmp(study, r->row[i].study) != 0) {
            study = r->row[i].study;
            fprintf(
                out,
                "\n## %s\n\n| row | what | unit | published | simulated | verdict | role | mark | "
                "rule | source |\n|---|---|---|---|---|---|---|---|---|---|\n",
                study);
        }
        print_line(&r->row[i], out);
    }
    fputs("\n## Totals\n\n| role | inside | outside | too few | out of reach "
          "|\n|---|---|---|---|---|\n",
          out);
    for (int role = 0; role < VERDICT_ROLES; role++) {
        print_total(&sum, role, 1, out);
    }
    fputc('\n', out);
    print_conclusion(r, &sum, out);
    return finish(out, e);
}
