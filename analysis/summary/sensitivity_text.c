/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a sensitivity analysis. */
#include "summary/sensitivity_text.h"

#include <errno.h>

#include "dataset/provenance.h"
#include "summary/node.h"
#include "summary/table.h"

#define ESTIMAND_HEAD "of the mean of the outcome over all patients that the study could draw,"
#define ESTIMAND_TAIL "as a function of the inputs, spread evenly"

/* ---- text ---- */

static void print_inputs(const sensitivity_text_t *t, FILE *out)
{
    fprintf(out, "\n  %-44s %10s %10s\n", "input", "from", "to");
    for (size_t i = 0; i < t->inputs; i++) {
        const sensitivity_text_input_t *in = &t->input[i];
        fprintf(out, "  %-44.44s", in->key);
        table_number(out, 10, in->low);
        table_number(out, 10, in->high);
        fprintf(out, " %s%s\n", in->unit, in->logarithmic ? ", logarithmic" : "");
    }
}

static void print_morris(const sensitivity_text_t *t, FILE *out)
{
    fprintf(out,
            "\nElementary effects, Morris: %zu trajectories; the outcome's change over a whole "
            "range\n",
            t->morris->trajectories);
    fprintf(out, "  %-32s %9s %19s %9s %9s %9s\n", "", "mu*", "95 % CI", "mu", "sigma", "noise");
    for (size_t i = 0; i < t->inputs; i++) {
        const morris_effect_t *m = &t->morris->effect[i];
        fprintf(out, "  %-32.32s", t->input[i].key);
        table_number(out, 9, m->mu_star);
        table_number(out, 9, m->mu_star_ci.low);
        table_number(out, 9, m->mu_star_ci.high);
        table_number(out, 9, m->mu);
        table_number(out, 9, m->sigma);
        table_number(out, 9, m->noise);
        fputc('\n', out);
    }
    fputs("  mu*: mean of absolute effects; sigma: of effects between places; noise: what seeds "
          "alone "
          "leave in\n  one effect. 95 % CI: Monte Carlo, bootstrap over trajectories\n",
          out);
}

static void print_sobol(const sensitivity_text_t *t, FILE *out)
{
    const sobol_t *s = t->sobol;
    double firsts = 0.0;
    fprintf(out, "\nShares of the variance of the conditional mean, Sobol: %zu points\n",
            s->points);
    fprintf(out, "  %-36s %9s %17s %9s %17s\n", "", "first", "95 % CI", "total", "95 % CI");
    for (size_t i = 0; i < t->inputs; i++) {
        const sobol_index_t *x = &s->index[i];
        fprintf(out, "  %-36.36s", t->input[i].key);
        table_number(out, 9, x->first);
        table_number(out, 8, x->first_ci.low);
        table_number(out, 8, x->first_ci.high);
        table_number(out, 9, x->total);
        table_number(out, 8, x->total_ci.low);
        table_number(out, 8, x->total_ci.high);
        fputc('\n', out);
        firsts += x->first;
    }
    fprintf(out, "  %-36s", "together, by interaction alone");
    table_number(out, 9, 1.0 - firsts);
    fputs("\n\n  mean", out);
    table_number(out, 0, s->mean);
    fputs("; variance of the conditional mean", out);
    table_number(out, 0, s->variance);
    fputs(", of seeds beside it", out);
    table_number(out, 0, s->noise);
    fputs("\n  seed noise's share of the variance of a cohort's mean", out);
    table_number(out, 0, s->noise_share);
    fputs(", 95 % CI", out);
    table_number(out, 0, s->noise_ci.low);
    fputs(" to", out);
    table_number(out, 0, s->noise_ci.high);
    fputs("\n  95 % CI: Monte Carlo, bootstrap over points\n", out);
}

int sensitivity_text_print(const sensitivity_text_t *t, FILE *out, error_t *e)
{
    const fields_t *f = fields_get(t->outcome);
    errno = 0;
    fprintf(out, "%s\n\nSensitivity of %s, %s, in arm %s of %s: cohorts of %lld patients\n",
            provenance_note(), f->name, f->unit, t->arm, t->study, (long long)t->patients);
    print_inputs(t, out);
    if (t->morris != NULL) {
        print_morris(t, out);
    }
    if (t->sobol != NULL) {
        print_sobol(t, out);
    }
    fputs("  estimands: " ESTIMAND_HEAD "\n  " ESTIMAND_TAIL "\n", out);
    return table_finish(out, "the sensitivities", e);
}

/* ---- JSON ---- */

static json_t *input_of(const sensitivity_text_t *t, size_t i, int *failed)
{
    const sensitivity_text_input_t *in = &t->input[i];
    json_t *object = json_object();
    node_add(object, "key", node_text(in->key), failed);
    node_add(object, "unit", node_text(in->unit), failed);
    node_add(object, "low", node_number(in->low), failed);
    node_add(object, "high", node_number(in->high), failed);
    node_add(object, "logarithmic", json_boolean(in->logarithmic), failed);
    if (t->morris != NULL) {
        const morris_effect_t *m = &t->morris->effect[i];
        node_add(object, "mu", node_number(m->mu), failed);
        node_add(object, "mu_star", node_number(m->mu_star), failed);
        node_add_interval(object, "mu_star", m->mu_star_ci, failed);
        node_add(object, "sigma", node_number(m->sigma), failed);
        node_add(object, "noise", node_number(m->noise), failed);
    }
    if (t->sobol != NULL) {
        const sobol_index_t *x = &t->sobol->index[i];
        node_add(object, "first", node_number(x->first), failed);
        node_add_interval(object, "first", x->first_ci, failed);
        node_add(object, "total", node_number(x->total), failed);
        node_add_interval(object, "total", x->total_ci, failed);
    }
    return object;
}

static void add_sobol(json_t *root, const sobol_t *s, int *failed)
{
    node_add(root, "points", node_count(s->points), failed);
    node_add(root, "mean", node_number(s->mean), failed);
    node_add(root, "variance_of_conditional_mean", node_number(s->variance), failed);
    node_add(root, "variance_of_seeds", node_number(s->noise), failed);
    node_add(root, "seed_noise_share", node_number(s->noise_share), failed);
    node_add_interval(root, "seed_noise_share", s->noise_ci, failed);
}

int sensitivity_text_json(const sensitivity_text_t *t, FILE *out, error_t *e)
{
    int failed = 0;
    json_t *root = json_object(), *inputs = json_array();
    node_add(root, "note", node_text(provenance_note()), &failed);
    node_add(root, "study", node_text(t->study), &failed);
    node_add(root, "arm", node_text(t->arm), &failed);
    node_add(root, "outcome", node_text(fields_get(t->outcome)->name), &failed);
    node_add(root, "unit", node_text(fields_get(t->outcome)->unit), &failed);
    node_add(root, "patients", json_integer(t->patients), &failed);
    node_add(root, "estimands", node_text("effects and shares " ESTIMAND_HEAD " " ESTIMAND_TAIL),
             &failed);
    node_add(root, "intervals", node_text("Monte Carlo, bootstrap over trajectories and points"),
             &failed);
    if (t->morris != NULL) {
        node_add(root, "trajectories", node_count(t->morris->trajectories), &failed);
    }
    if (t->sobol != NULL) {
        add_sobol(root, t->sobol, &failed);
    }
    for (size_t i = 0; i < t->inputs; i++) {
        node_append(inputs, input_of(t, i, &failed), &failed);
    }
    node_add(root, "inputs", inputs, &failed);
    return node_print(root, failed, "the sensitivities", out, e);
}
