/* SPDX-License-Identifier: Apache-2.0 */
/* Prints outcomes as aligned text. */
#include "outcomes_text.h"

#include <errno.h>
#include <string.h>

#include "comparison.h"

static const char *arm_name(const provenance_t *p, int32_t arm)
{
    return (size_t)arm < p->arms.count ? p->arms.name[arm] : "unnamed";
}

static void print_label(const outcomes_row_t *row, size_t n, FILE *out)
{
    fprintf(out, "  %-23s %-6s %5zu", row->label, row->unit, n);
}

/* ---- one arm ---- */

static void print_estimate(enum outcomes_id outcome, const comparison_estimate_t *q, FILE *out)
{
    const outcomes_row_t *row = outcomes_row(outcome);
    const int share = row->kind == OUTCOMES_SHARE;
    print_label(row, q->spread.n, out);
    table_number(out, 9, q->spread.mean);
    table_number(out, 9, q->ci.low);
    table_number(out, 9, q->ci.high);
    if (!share) {
        table_number(out, 9, q->spread.median);
        table_number(out, 9, q->spread.median_ci.low);
        table_number(out, 9, q->spread.median_ci.high);
    }
    fputc('\n', out);
}

static void print_intervals(const spread_t *all, FILE *out)
{
    if (all->n > 0) {
        fprintf(out, "  all %zu times between refills: median", all->n);
        table_number(out, 0, all->median);
        fputs(" days, from", out);
        table_number(out, 0, all->low);
        fputs(" to", out);
        table_number(out, 0, all->high);
        fputc('\n', out);
    }
}

/* Published courses of dose are of people titrated after a screening: beside a dose that a study sets from the first day
 * they would say nothing. */
static const reference_t *published(const outcomes_t *o, enum reference_quantity reference,
                                    int titrated)
{
    const provenance_names_t *drugs = &o->provenance->drugs;
    const int of_course = reference == REFERENCE_DOSE_START || reference == REFERENCE_DOSE_12M ||
                          reference == REFERENCE_DOSE_18M || reference == REFERENCE_TOLERANT;
    return reference == REFERENCE_COUNT || (of_course && !titrated)
               ? NULL
               : reference_find(drugs->count > 0 ? drugs->name[0] : NULL, reference);
}

static int print_arm(const outcomes_t *o, int32_t arm, table_notes_t *notes, FILE *out, error_t *e)
{
    comparison_estimate_t estimate[OUTCOMES_COUNT];
    spread_t intervals;
    int rc = comparison_arm(o, arm, estimate, e);
    rc = rc != 0 ? rc : comparison_intervals(o, arm, &intervals, e);
    if (rc < 0) {
        return rc;
    }
    fprintf(out, "\nOutcomes in arm %s, with 95 %% confidence intervals\n",
            arm_name(o->provenance, arm));
    fprintf(out, "  %-23s %-6s %5s %9s %19s %9s %19s\n", "", "unit", "n", "mean", "95 % CI",
            "median", "95 % CI");
    for (int i = 0; i < OUTCOMES_COUNT; i++) {
        if (estimate[i].spread.n > 0) {
            print_estimate((enum outcomes_id)i, &estimate[i], out);
            table_published(published(o, outcomes_row((enum outcomes_id)i)->reference,
                                      estimate[OUTCOMES_IMPLANTED].spread.n > 0),
                            notes, out);
        }
    }
    print_intervals(&intervals, out);
    return 0;
}

/* ---- two arms ---- */

static void print_pairs(const comparison_pair_t *pair, FILE *out)
{
    fprintf(out, "  %-23s %-6s %5s %9s %9s %10s %19s %7s\n", "", "unit", "pairs", "first", "second",
            "difference", "95 % CI", "corr.");
    for (int i = 0; i < OUTCOMES_COUNT; i++) {
        if (pair[i].n > 0) {
            print_label(outcomes_row((enum outcomes_id)i), pair[i].n, out);
            table_number(out, 9, pair[i].first);
            table_number(out, 9, pair[i].second);
            table_number(out, 10, pair[i].difference);
            table_number(out, 9, pair[i].ci.low);
            table_number(out, 9, pair[i].ci.high);
            table_number(out, 7, pair[i].correlation);
            fputc('\n', out);
        }
    }
}

static void print_methods(int paired, FILE *out)
{
    fputs("  intervals: mean by Student's t, share by Wilson's score, median by order statistics\n",
          out);
    fputs(paired ? "  differences: Student's t on each patient's own; corr. is what sharing draws "
                   "achieved\n"
                 : "",
          out);
}

int outcomes_text_print(const outcomes_t *o, table_notes_t *notes, FILE *out, error_t *e)
{
    const int32_t arms = (int32_t)o->provenance->arms.count;
    comparison_pair_t pair[OUTCOMES_COUNT];
    int rc = 0;
    for (int32_t arm = 0; rc == 0 && arm < arms; arm++) {
        rc = print_arm(o, arm, notes, out, e);
    }
    for (int32_t arm = 1; rc == 0 && arm < arms; arm++) {
        rc = comparison_pairs(o, 0, o, arm, pair, e);
        if (rc == 0) {
            fprintf(out, "\nArm %s (second) less arm %s (first), patient by patient\n",
                    arm_name(o->provenance, arm), arm_name(o->provenance, 0));
            print_pairs(pair, out);
        }
    }
    print_methods(arms > 1, out);
    return rc;
}

int outcomes_text_compare(const outcomes_t *first, const outcomes_t *second,
                          const char *const name[2], FILE *out, error_t *e)
{
    comparison_pair_t pair[OUTCOMES_COUNT];
    int rc = comparison_check(first->provenance, second->provenance, e);
    if (rc < 0) {
        return rc;
    }
    errno = 0;
    fprintf(out, "%s\n\nfirst       %s: %s\nsecond      %s: %s\n", provenance_note(), name[0],
            first->provenance->study, name[1], second->provenance->study);
    for (int32_t arm = 0; rc == 0 && (size_t)arm < first->provenance->arms.count; arm++) {
        rc = comparison_pairs(first, arm, second, arm, pair, e);
        if (rc == 0) {
            fprintf(out, "\nArm %s of the second less arm %s of the first, patient by patient\n",
                    arm_name(second->provenance, arm), arm_name(first->provenance, arm));
            print_pairs(pair, out);
        }
    }
    print_methods(1, out);
    if (rc == 0 && (fflush(out) != 0 || ferror(out))) {
        rc = ERROR_RAISE(e, ERROR_FILE_WRITE, "cannot write the comparison: %s",
                         errno != 0 ? strerror(errno) : "an earlier write failed");
    }
    return rc;
}
