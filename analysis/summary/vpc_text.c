/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a visual predictive check. */
#include "summary/vpc_text.h"

#include <errno.h>
#include <math.h>

#include "summary/node.h"
#include "summary/table.h"

#define ESTIMAND                                                                                   \
    "percentile of a bin's samples, those below the limit of quantification taken as the lowest"
#define KIND "cohort of N: 95 % of simulated cohorts of the observed size and design"

/* ---- text ---- */

/* A number, or that it is below the limit. */
static void print_value(double value, int width, FILE *out)
{
    if (isnan(value)) {
        fprintf(out, " %*s", width, "below");
    } else {
        table_number(out, width, value);
    }
}

static void print_number(const char *label, const vpc_number_t *n, FILE *out)
{
    fprintf(out, "    %-24s", label);
    print_value(n->observed, 11, out);
    print_value(n->median, 13, out);
    print_value(n->interval.low, 11, out);
    print_value(n->interval.high, 11, out);
    fprintf(out, "  %s\n", n->inside ? "inside" : "outside");
}

static void print_bin(const vpc_bin_t *b, FILE *out)
{
    fprintf(out, "  day %.6g to %.6g: %zu samples, %zu below their limit\n", b->from, b->to,
            b->samples, b->below);
    for (int q = 0; q < VPC_PERCENTILES; q++) {
        char label[24];
        (void)snprintf(label, sizeof label, "%.0f %%", 100.0 * vpc_share[q]);
        print_number(label, &b->percentile[q], out);
    }
    if (b->limits) {
        print_number("share below the limit", &b->share_below, out);
    }
}

int vpc_text_print(const vpc_t *v, const provenance_t *p, const char *data, FILE *out, error_t *e)
{
    const fields_t *field = fields_get(v->field);
    errno = 0;
    fprintf(out, "%s\n\nVisual predictive check of %s, %s: %s against arm %s of %s\n",
            provenance_note(), field->name, field->unit, data, p->arms.name[v->arm], p->study);
    fprintf(out,
            "  %zu samples of %zu observed patients; %d cohorts of as many, of %zu simulated "
            "patients with a pump\n\n",
            v->samples, v->patients, VPC_COHORTS, v->simulated);
    fprintf(out, "    %-24s %11s %13s %23s\n", "", "observed", "simulated", "95 % of cohorts");
    for (size_t b = 0; b < v->bins; b++) {
        print_bin(&v->bin[b], out);
    }
    fprintf(out, "\n  %zu of %zu observed percentiles inside\n", v->inside, v->numbers);
    fputs("  estimand: " ESTIMAND ";\n  interval: " KIND ".\n"
          "  Neighbouring bins and percentiles share patients: they do not judge independently\n",
          out);
    if (v->simulated < 5 * v->patients) {
        fputs("  few simulated patients for cohorts of this size: the intervals are too narrow; "
              "simulate more\n",
              out);
    }
    return table_finish(out, "the check", e);
}

/* ---- JSON ---- */

static json_t *number(const vpc_number_t *n, int *failed)
{
    json_t *object = json_object();
    node_add(object, "observed", node_number(n->observed), failed);
    node_add(object, "simulated_median", node_number(n->median), failed);
    node_add_interval(object, "simulated", n->interval, failed);
    node_add(object, "inside", json_boolean(n->inside), failed);
    return object;
}

static json_t *bin_of(const vpc_bin_t *b, int *failed)
{
    json_t *object = json_object();
    node_add(object, "day_from", node_number(b->from), failed);
    node_add(object, "day_to", node_number(b->to), failed);
    node_add(object, "day_mean", node_number(b->middle), failed);
    node_add(object, "samples", node_count(b->samples), failed);
    node_add(object, "below_limit", node_count(b->below), failed);
    for (int q = 0; q < VPC_PERCENTILES; q++) {
        char key[8];
        (void)snprintf(key, sizeof key, "p%.0f", 100.0 * vpc_share[q]);
        node_add(object, key, number(&b->percentile[q], failed), failed);
    }
    node_add(object, "share_below_limit", number(&b->share_below, failed), failed);
    return object;
}

int vpc_text_json(const vpc_t *v, const provenance_t *p, const char *data, FILE *out, error_t *e)
{
    int failed = 0;
    json_t *root = json_object(), *bins = json_array();
    node_add(root, "note", node_text(provenance_note()), &failed);
    node_add(root, "study", node_text(p->study), &failed);
    node_add(root, "data", node_text(data), &failed);
    node_add(root, "arm", node_text(p->arms.name[v->arm]), &failed);
    node_add(root, "field", node_text(fields_get(v->field)->name), &failed);
    node_add(root, "unit", node_text(fields_get(v->field)->unit), &failed);
    node_add(root, "estimand", node_text(ESTIMAND), &failed);
    node_add(root, "interval", node_text(KIND), &failed);
    node_add(root, "patients_observed", node_count(v->patients), &failed);
    node_add(root, "patients_simulated", node_count(v->simulated), &failed);
    node_add(root, "cohorts", node_count(VPC_COHORTS), &failed);
    node_add(root, "samples", node_count(v->samples), &failed);
    node_add(root, "percentiles", node_count(v->numbers), &failed);
    node_add(root, "percentiles_inside", node_count(v->inside), &failed);
    for (size_t b = 0; b < v->bins; b++) {
        node_append(bins, bin_of(&v->bin[b], &failed), &failed);
    }
    node_add(root, "bins", bins, &failed);
    return node_print(root, failed, "the check", out, e);
}
