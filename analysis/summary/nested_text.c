/* SPDX-License-Identifier: Apache-2.0 */
/* Prints parameter uncertainty as tables: a row a number, and rows of curves. */
#include "summary/nested_text.h"

#include <math.h>

#include "summary/curve_text.h"
#include "summary/table.h"

void nested_text_why(const nested_t *t, char text[NESTED_TEXT_SIZE])
{
    text[0] = '\0';
    if (t->state == NESTED_UNRESOLVED) {
        (void)snprintf(text, NESTED_TEXT_SIZE, "not resolved");
    } else if (t->state == NESTED_SAME) {
        (void)snprintf(text, NESTED_TEXT_SIZE, "same in all draws");
    } else if (t->state == NESTED_FEW) {
        (void)snprintf(text, NESTED_TEXT_SIZE, "too few draws");
    }
}

void nested_text_head(const nested_study_t *n, FILE *out)
{
    if (n->draws > 0) {
        fprintf(out,
                "%-12s%d draws beside the central values: in the tables of parameter uncertainty, "
                "nowhere else\n",
                "parameters", (int)n->draws);
    }
}

/* ---- rows ---- */

static void print_head(const char *title, const char *name, int draws, FILE *out)
{
    fprintf(out, "\n%s, arm %s: parameter uncertainty, %d draws\n", title, name, draws);
    fprintf(out, "  %-23s %-6s %5s %5s %9s %9s %19s %12s\n", "", "unit", "draws", "n", "central",
            "of draws", "95 % of parameters", "SD of them");
}

static void print_row(const char *label, const char *unit, const nested_row_t *row, FILE *out)
{
    char why[NESTED_TEXT_SIZE];
    const nested_t *t = &row->draws;
    if (row->n == 0 && t->draws == 0) {
        return;
    }
    nested_text_why(t, why);
    fprintf(out, "  %-23s %-6s %5zu %5zu", label, unit, t->draws, t->n);
    table_number(out, 9, row->central);
    table_number(out, 9, t->mean);
    if (t->state == NESTED_RESOLVED) {
        table_number(out, 9, t->ci.low);
        table_number(out, 9, t->ci.high);
        table_number(out, 12, t->sd_parameters);
    } else {
        fprintf(out, " %19s", why);
    }
    if (t->state == NESTED_UNRESOLVED && !isnan(t->sd_at_most)) {
        fputs(" <=", out);
        table_number(out, 9, t->sd_at_most);
    }
    fputc('\n', out);
}

static void print_outcomes(const nested_row_t row[OUTCOMES_COUNT], FILE *out)
{
    for (int i = 0; i < OUTCOMES_COUNT; i++) {
        const outcomes_row_t what = outcomes_row((enum outcomes_id)i);
        print_row(what.label, what.unit, &row[i], out);
    }
}

static void print_quantities(const nested_study_t *n, const nested_arm_t *arm, FILE *out)
{
    for (int i = 0; i < NESTED_QUANTITIES; i++) {
        const nested_quantity_t what = nested_study_quantity((enum nested_study_quantity)i);
        print_row(what.label, what.unit, &arm->quantity[i], out);
    }
    for (size_t w = 0; w < n->windows; w++) {
        print_row(w == 0 ? "days in effect" : "days in published level", "1", &arm->target[w], out);
    }
    for (int i = 0; i < OCCURRENCE_COUNT; i++) {
        const nested_row_t *row = &arm->rate[i];
        if (row->central > 0.0 || row->draws.mean > 0.0) {
            print_row(occurrence_label((enum occurrence_id)i), "1/year", row, out);
        }
    }
}

/* What the columns are, and how they were made. */
static void print_method(FILE *out)
{
    fprintf(out,
            "  central: at the central values, as above; of draws: mean over draws, each of n "
            "patients. 95 %%\n"
            "  of parameters: where it lies with the parameters, chance between patients taken "
            "out: quantiles\n"
            "  (type 7) of the draws' values, drawn in to the variance between draws less that "
            "within, whose\n"
            "  root is the SD; not resolved: of n patients and so many draws no more than chance "
            "is seen, and\n"
            "  the SD is at most as told. An interval takes %d draws; of few it is too narrow\n",
            NESTED_DRAWS);
}

/* ---- curves ---- */

/* Whether a curve moves anywhere. */
static int moves(const nested_row_t *row, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (row[i].draws.state == NESTED_RESOLVED) {
            return 1;
        }
    }
    return 0;
}

static void print_curve(const char *label, const nested_row_t *row, size_t n, FILE *out)
{
    survival_point_t point[CURVE_TEXT_COLUMNS];
    for (size_t i = 0; i < n; i++) {
        point[i] = (survival_point_t){.value = row[i].central, .band = row[i].draws.ci};
    }
    curve_text_values(label, point, n, out);
    curve_text_band(point, n, out);
}

_Static_assert(LIVES_YEARS <= CURVE_TEXT_COLUMNS && NESTED_DAYS <= CURVE_TEXT_COLUMNS,
               "curves fit into a table");

/* The head of a table of curves, before its first row. */
static void begin_curves(const nested_study_t *n, const char *title, const char *name,
                         const double *moment, const char *unit, FILE *out)
{
    fprintf(out, "\n%s, arm %s: parameter uncertainty, %d draws\n" CURVE_TEXT_LABEL, title, name,
            (int)n->draws, unit);
    for (size_t i = 0; i < CURVE_TEXT_COLUMNS; i++) {
        table_number(out, CURVE_TEXT_WIDTH, moment[i]);
    }
    fputc('\n', out);
}

static void end_curves(FILE *out)
{
    fputs(
        "  share at the central values, and its 95 % of parameters below; -: not resolved, the "
        "same in all\n  draws, or too few; an event or cause that is resolved nowhere has no row\n",
        out);
}

static void print_pumps(const nested_study_t *n, const nested_arm_t *arm, const char *name,
                        FILE *out)
{
    double year[LIVES_YEARS];
    for (int y = 0; y < LIVES_YEARS; y++) {
        year[y] = y + 1;
    }
    int any = moves(arm->left, LIVES_YEARS);
    for (size_t i = 0; i < arm->causes; i++) {
        any = any || moves(arm->ended[i], LIVES_YEARS);
    }
    if (!any) {
        return;
    }
    begin_curves(n, "Lives of pumps", name, year, "years", out);
    print_curve("share in place", arm->left, LIVES_YEARS, out);
    for (size_t i = 0; i < arm->causes; i++) {
        if (moves(arm->ended[i], LIVES_YEARS)) {
            print_curve(fields_choice_name(FIELDS_TYPE_REASON, arm->cause[i]), arm->ended[i],
                        LIVES_YEARS, out);
        }
    }
    end_curves(out);
}

static void print_first(const nested_study_t *n, const nested_arm_t *arm, const char *name,
                        FILE *out)
{
    int any = 0;
    for (int i = 0; i < OCCURRENCE_COUNT; i++) {
        const enum occurrence_id which = (enum occurrence_id)i;
        if (!occurrence_is_routine(which) && moves(arm->first[i], NESTED_DAYS)) {
            if (any++ == 0) {
                begin_curves(n, "First events", name, n->day, "days", out);
            }
            print_curve(occurrence_label(which), arm->first[i], NESTED_DAYS, out);
        }
    }
    if (any > 0) {
        end_curves(out);
    }
}

/* ---- all ---- */

void nested_text_arm(const nested_study_t *n, size_t arm, const char *name, FILE *out)
{
    if (n->draws == 0) {
        return;
    }
    print_head("Outcomes", name, (int)n->draws, out);
    print_outcomes(n->arm[arm].outcome, out);
    print_method(out);
    print_head("Levels, volumes, days and events", name, (int)n->draws, out);
    print_quantities(n, &n->arm[arm], out);
    fputs("  levels are medians, the others means; events per patient-year\n", out);
    print_pumps(n, &n->arm[arm], name, out);
    print_first(n, &n->arm[arm], name, out);
}

void nested_text_differences(const nested_study_t *n, const char *const *name, FILE *out)
{
    for (size_t arm = 1; n->draws > 0 && arm < n->arms; arm++) {
        char title[96];
        (void)snprintf(title, sizeof title, "Difference to arm %.60s", name[0]);
        print_head(title, name[arm], (int)n->draws, out);
        print_outcomes(n->arm[arm].difference, out);
        fputs("  patient by patient within each draw, which both arms share\n", out);
    }
}
