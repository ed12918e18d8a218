/* SPDX-License-Identifier: Apache-2.0 */
/* Prints outcomes as aligned text. */
#include "summary/outcomes_text.h"

#include <errno.h>

#include "summary/comparison.h"

static const char *arm_name(const provenance_t *p, int32_t arm)
{
    return (size_t)arm < p->arms.count ? p->arms.name[arm] : "unnamed";
}

static void print_label(outcomes_row_t row, size_t n, FILE *out)
{
    fprintf(out, "  %-23s %-6s %5zu", row.label, row.unit, n);
}

/* ---- one arm ---- */

static void print_estimate(enum outcomes_id outcome, const comparison_estimate_t *q, FILE *out)
{
    const outcomes_row_t row = outcomes_row(outcome);
    print_label(row, q->spread.n, out);
    table_number(out, 9, q->spread.mean);
    table_number(out, 9, q->ci.low);
    table_number(out, 9, q->ci.high);
    if (row.kind != OUTCOMES_SHARE) {
        table_number(out, 9, q->spread.median);
        table_number(out, 9, q->spread.median_ci.low);
        table_number(out, 9, q->spread.median_ci.high);
    }
    fputc('\n', out);
}

static void print_intervals(const spread_t *all, FILE *out)
{
    if (all->n > 0) {
        fprintf(out, "  all %zu times between refills of %zu patients: median", all->n, all->units);
        table_number(out, 0, all->median);
        fputs(" days, from", out);
        table_number(out, 0, all->low);
        fputs(" to", out);
        table_number(out, 0, all->high);
        fputc('\n', out);
    }
}

/* By the kind of the outcome. */
static void print_methods(FILE *out)
{
    fputs("  95 % CI of a mean: Student's t; of numbers, volumes and days that cannot be below 0:\n"
          "  empirical likelihood; of a share: Wilson's score; of a median: order statistics\n",
          out);
}

/* Where a cohort of people would fall by chance, if the model is right. */
static void print_cohort(const outcomes_t *o, int32_t arm, const comparison_estimate_t *estimate,
                         FILE *out)
{
    fprintf(out, "\nA cohort of %zu in arm %s: where its own means and shares would lie\n",
            o->cohort, arm_name(o->provenance, arm));
    fprintf(out, "  %-23s %-6s %5s %9s %19s\n", "", "unit", "n", "mean", "95 % of cohorts");
    for (int i = 0; i < OUTCOMES_COUNT; i++) {
        const outcomes_row_t row = outcomes_row((enum outcomes_id)i);
        const interval_t lies = comparison_cohort(&estimate[i], row.kind, o->cohort);
        if (estimate[i].spread.n > 0) {
            print_label(row, estimate[i].spread.n, out);
            table_number(out, 9, estimate[i].spread.mean);
            table_number(out, 9, lies.low);
            table_number(out, 9, lies.high);
            fputc('\n', out);
        }
    }
    fputs("  estimand: the mean or share of as many others to whom the row applies. Interval: "
          "cohort of "
          "N, by\n  Student's t or, of a share, the beta-binomial distribution; it does not narrow "
          "by "
          "simulating more\n",
          out);
}

/* Patients of an arm, and how many of them have a pump. */
static void count_people(const outcomes_t *o, int32_t arm, size_t *patients, size_t *with_pump)
{
    *patients = *with_pump = 0;
    for (size_t i = 0; i < o->records; i++) {
        if (o->key[i].arm == arm) {
            ++*patients;
            *with_pump += outcomes_has_pump(o, i) ? 1 : 0;
        }
    }
}

int outcomes_text_arm(const outcomes_t *o, int32_t arm, table_notes_t *notes, FILE *out, error_t *e)
{
    comparison_estimate_t estimate[OUTCOMES_COUNT];
    spread_t intervals;
    size_t patients, with_pump;
    int rc = comparison_arm(o, arm, estimate, e);
    rc = rc != 0 ? rc : comparison_intervals(o, arm, &intervals, e);
    if (rc < 0) {
        return rc;
    }
    count_people(o, arm, &patients, &with_pump);
    fprintf(out, "\nOutcomes in arm %s: %zu patients, %zu with a pump; n: whom a row is over\n",
            arm_name(o->provenance, arm), patients, with_pump);
    fprintf(out, "  %-23s %-6s %5s %9s %19s %9s %19s\n", "", "unit", "n", "mean", "95 % CI",
            "median", "95 % CI");
    for (int i = 0; i < OUTCOMES_COUNT; i++) {
        if (estimate[i].spread.n > 0) {
            print_estimate((enum outcomes_id)i, &estimate[i], out);
            table_published(outcomes_published(o, (enum outcomes_id)i,
                                               estimate[OUTCOMES_IMPLANTED].spread.n > 0),
                            notes, out);
        }
    }
    print_intervals(&intervals, out);
    print_methods(out);
    if (o->cohort > 0) {
        print_cohort(o, arm, estimate, out);
    }
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

static void print_pairing(FILE *out)
{
    fputs(
        "  differences: Student's t on each patient's own; corr. is what sharing draws achieved\n",
        out);
}

int outcomes_text_pairs(const outcomes_t *o, FILE *out, error_t *e)
{
    const int32_t arms = (int32_t)o->provenance->arms.count;
    comparison_pair_t pair[OUTCOMES_COUNT];
    int rc = 0;
    for (int32_t arm = 1; rc == 0 && arm < arms; arm++) {
        rc = comparison_pairs(o, 0, o, arm, pair, e);
        if (rc == 0) {
            fprintf(out, "\nArm %s (second) less arm %s (first), patient by patient\n",
                    arm_name(o->provenance, arm), arm_name(o->provenance, 0));
            print_pairs(pair, out);
            print_pairing(out);
        }
    }
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
    fprintf(out, "%-12s%s\n", "intervals", OUTCOMES_TEXT_INTERVALS);
    if (first->draws > 0 || second->draws > 0) {
        fputs("parameters  a summary of one dataset tells what its draws make of it\n", out);
    }
    for (int32_t arm = 0; rc == 0 && (size_t)arm < first->provenance->arms.count; arm++) {
        rc = comparison_pairs(first, arm, second, arm, pair, e);
        if (rc == 0) {
            fprintf(out, "\nArm %s of the second less arm %s of the first, patient by patient\n",
                    arm_name(second->provenance, arm), arm_name(first->provenance, arm));
            print_pairs(pair, out);
        }
    }
    print_pairing(out);
    return rc != 0 ? rc : table_finish(out, "the comparison", e);
}
