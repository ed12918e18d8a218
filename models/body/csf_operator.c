/* SPDX-License-Identifier: Apache-2.0 */
/* Builds the tree of compartments and rates of one drug on a grid. */
#include "body/csf_operator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void csf_operator_free(csf_operator_t *op)
{
    free(op->parent);
    free(op->up_per_h);
    free(op->down_per_h);
    free(op->blood_per_h);
    free(op->sink_per_h);
    free(op->volume_ml);
    free(op->similarity);
    memset(op, 0, sizeof *op);
}

static int check_rates(const drug_param_t *d, error_t *e)
{
    const double rate[] = {d->loss_per_h,     d->cranial_loss_per_h, d->cord_in_per_h,
                           d->cord_out_per_h, d->brain_in_per_h,     d->brain_out_per_h};
    static const char *const name[] = {"loss",     "cranial_loss", "cord_in",
                                       "cord_out", "brain_in",     "brain_out"};
    for (size_t i = 0; i < sizeof rate / sizeof *rate; i++)
        if (!(rate[i] >= 0.0 && isfinite(rate[i])))
            return ERROR_RAISE(e, ERROR_ARGUMENT, "%s is %g /h, must be 0 or more", name[i],
                               rate[i]);
    return ERROR_OK;
}

/* Numbers the states so that every parent comes after its children. */
static void number_states(csf_operator_t *op, const csf_grid_t *g, const drug_param_t *d)
{
    const bool cord = d->cord_in_per_h > 0.0 && d->cord_out_per_h > 0.0;
    const bool brain = g->nodes && d->brain_in_per_h > 0.0 && d->brain_out_per_h > 0.0;
    int next = 0;
    op->cells = g->cells;
    op->cord = cord ? next : -1;
    next += cord ? g->cells : 0;
    op->cell = next;
    next += g->cells;
    op->brain = brain ? next++ : -1;
    op->cisternal = g->nodes ? next++ : -1;
    op->cranial = g->nodes ? next++ : -1;
    op->states = next;
}

static int allocate(csf_operator_t *op, error_t *e)
{
    const size_t n = (size_t)op->states;
    op->parent = calloc(n, sizeof *op->parent);
    op->up_per_h = calloc(n, sizeof *op->up_per_h);
    op->down_per_h = calloc(n, sizeof *op->down_per_h);
    op->blood_per_h = calloc(n, sizeof *op->blood_per_h);
    op->sink_per_h = calloc(n, sizeof *op->sink_per_h);
    op->volume_ml = calloc(n, sizeof *op->volume_ml);
    op->similarity = calloc(n, sizeof *op->similarity);
    if (op->parent == NULL || op->up_per_h == NULL || op->down_per_h == NULL ||
        op->blood_per_h == NULL || op->sink_per_h == NULL || op->volume_ml == NULL ||
        op->similarity == NULL)
        return ERROR_RAISE(e, ERROR_MEMORY, "an operator of %d states", op->states);
    for (size_t i = 0; i < n; i++)
        op->parent[i] = -1;
    return ERROR_OK;
}

/* Joins two fluid states by a face whose low side is the child. */
static void join(csf_operator_t *op, int child, int parent, const csf_face_t *f)
{
    op->parent[child] = parent;
    op->up_per_h[child] = f->cephalad_ml_per_h / op->volume_ml[child];
    op->down_per_h[child] = f->caudad_ml_per_h / op->volume_ml[parent];
}

static void hang_leaf(csf_operator_t *op, int leaf, int parent, double in_per_h, double out_per_h)
{
    op->parent[leaf] = parent;
    op->up_per_h[leaf] = out_per_h;
    op->down_per_h[leaf] = in_per_h;
    op->volume_ml[leaf] = op->volume_ml[parent] * in_per_h / out_per_h;
}

static void build_canal(csf_operator_t *op, const csf_grid_t *g, const drug_param_t *d)
{
    for (int i = 0; i < g->cells; i++) {
        const int s = op->cell + i;
        const double water = fmax(g->absorbed_ml_per_h[i], 0.0) + g->drain_ml_per_h[i];
        op->volume_ml[s] = g->volume_ml[i];
        op->blood_per_h[s] = d->loss_per_h + water / g->volume_ml[i];
        if (op->cord >= 0)
            hang_leaf(op, op->cord + i, s, d->cord_in_per_h, d->cord_out_per_h);
        else
            op->sink_per_h[s] = d->cord_out_per_h > 0.0 ? 0.0 : d->cord_in_per_h;
    }
    for (int i = 0; i < g->cells - 1; i++)
        join(op, op->cell + i, op->cell + i + 1, &g->face[i]);
}

static void build_head(csf_operator_t *op, const csf_grid_t *g, const drug_param_t *d)
{
    op->volume_ml[op->cisternal] = g->cisternal_ml;
    op->volume_ml[op->cranial] = g->cranial_ml;
    op->blood_per_h[op->cisternal] = d->cranial_loss_per_h;
    op->blood_per_h[op->cranial] =
        d->cranial_loss_per_h + fmax(g->cranial_absorbed_ml_per_h, 0.0) / g->cranial_ml;
    join(op, op->cell + g->cells - 1, op->cisternal, &g->top);
    join(op, op->cisternal, op->cranial, &g->cranial);
    if (op->brain >= 0)
        hang_leaf(op, op->brain, op->cranial, d->brain_in_per_h, d->brain_out_per_h);
    else
        op->sink_per_h[op->cranial] = d->brain_out_per_h > 0.0 ? 0.0 : d->brain_in_per_h;
}

static const char *kind_of(const csf_operator_t *op, int state)
{
    if (state == op->cranial)
        return "cranial node";
    if (state == op->cisternal)
        return "cisternal node";
    if (state == op->brain)
        return "brain branch";
    return state >= op->cell && state < op->cell + op->cells ? "cell" : "cord layer";
}

static int number_of(const csf_operator_t *op, int state)
{
    if (state >= op->cell && state < op->cell + op->cells)
        return state - op->cell;
    return op->cord >= 0 && state < op->cell ? state - op->cord : 0;
}

static int check_edges(csf_operator_t *op, error_t *e)
{
    for (int i = 0; i < op->states; i++) {
        if ((op->up_per_h[i] > 0.0) != (op->down_per_h[i] > 0.0))
            return ERROR_RAISE(
                e, ERROR_OPERATOR_ONE_WAY,
                "the edge between %s %d and %s %d has rates %g and %g /h: both must be "
                "above 0, or both 0",
                kind_of(op, i), number_of(op, i), kind_of(op, op->parent[i]),
                number_of(op, op->parent[i]), op->up_per_h[i], op->down_per_h[i]);
        if (op->up_per_h[i] == 0.0)
            op->parent[i] = -1;
    }
    return ERROR_OK;
}

/* Logarithms, since the range of what is refused overflows a double. */
static int find_similarity(csf_operator_t *op, error_t *e)
{
    double low = 0.0, high = 0.0;
    for (int i = op->states - 1; i >= 0; i--) {
        const int p = op->parent[i];
        op->similarity[i] =
            p < 0 ? 0.0 : op->similarity[p] + 0.5 * (log(op->down_per_h[i]) - log(op->up_per_h[i]));
        low = fmin(low, op->similarity[i]);
        high = fmax(high, op->similarity[i]);
    }
    op->range = exp(high - low);
    if (!(op->range <= CSF_OPERATOR_RANGE_MAX))
        return ERROR_RAISE(
            e, ERROR_OPERATOR_RANGE,
            "the similarity range is e^%.1f, above 1e8: the drift carries drug one way faster "
            "than dispersion returns it (range exp(integral of |u|/2D dx)), or an uptake is "
            "nearly irreversible; raise the dispersion, lower production * spinal_share or "
            "the leak, or set the return rate to 0",
            high - low);
    for (int i = 0; i < op->states; i++)
        op->similarity[i] = exp(op->similarity[i]);
    return ERROR_OK;
}

int csf_operator_init(csf_operator_t *op, const csf_grid_t *g, const drug_param_t *d, error_t *e)
{
    memset(op, 0, sizeof *op);
    int rc = check_rates(d, e);
    if (rc != ERROR_OK)
        return rc;
    number_states(op, g, d);
    rc = allocate(op, e);
    if (rc == ERROR_OK) {
        build_canal(op, g, d);
        if (g->nodes)
            build_head(op, g, d);
        rc = check_edges(op, e);
    }
    if (rc == ERROR_OK)
        rc = find_similarity(op, e);
    if (rc != ERROR_OK)
        csf_operator_free(op);
    return rc;
}

void csf_operator_apply(const csf_operator_t *op, const double mass[], double derivative[])
{
    for (int i = 0; i < op->states; i++)
        derivative[i] = -(op->blood_per_h[i] + op->sink_per_h[i]) * mass[i];
    for (int i = 0; i < op->states; i++) {
        const int p = op->parent[i];
        if (p < 0)
            continue;
        const double up = op->up_per_h[i] * mass[i] - op->down_per_h[i] * mass[p];
        derivative[i] -= up;
        derivative[p] += up;
    }
}

void csf_operator_similar(const csf_operator_t *op, double matrix[])
{
    const size_t n = (size_t)op->states;
    memset(matrix, 0, n * n * sizeof *matrix);
    for (size_t i = 0; i < n; i++) {
        matrix[i * n + i] -= op->blood_per_h[i] + op->sink_per_h[i];
        if (op->parent[i] < 0)
            continue;
        const size_t p = (size_t)op->parent[i];
        const double scale = op->similarity[i] / op->similarity[p];
        matrix[i * n + i] -= op->up_per_h[i];
        matrix[p * n + p] -= op->down_per_h[i];
        matrix[p * n + i] += op->up_per_h[i] * scale;
        matrix[i * n + p] += op->down_per_h[i] / scale;
    }
}
