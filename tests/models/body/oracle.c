/* SPDX-License-Identifier: Apache-2.0 */
/* The same body by an independent road: the full linear system in masses, integrated by CVODE. */
#include "tests/models/body/oracle.h"

#include <criterion/criterion.h>
#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <stdlib.h>
#include <string.h>
#include <sundials/sundials_context.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

#define RTOL 1e-8
#define ATOL 1e-12

void oracle_init(oracle_t *o, const transport_t *t)
{
    memset(o, 0, sizeof *o);
    o->states = t->op.states;
    o->size = o->states + 6;
    o->matrix = calloc((size_t)o->size * (size_t)o->size, sizeof *o->matrix);
    o->y = calloc((size_t)o->size, sizeof *o->y);
}

void oracle_free(oracle_t *o)
{
    free(o->matrix);
    free(o->y);
}

static double *entry(oracle_t *o, int row, int column)
{
    return o->matrix + (size_t)row * (size_t)o->size + (size_t)column;
}

static void flow(oracle_t *o, int from, int to, double per_h)
{
    *entry(o, from, from) -= per_h;
    *entry(o, to, from) += per_h;
}

void oracle_matrix(oracle_t *o, const transport_t *t, const csf_param_t *csf,
                   const drug_param_t *drug, int tip, int target, double ke0_per_h)
{
    const csf_operator_t *op = &t->op;
    const int central = 1 + o->states, peripheral = central + 1, effect = central + 2;
    const int eliminated = central + 3, sink = central + 4;
    memset(o->matrix, 0, (size_t)o->size * (size_t)o->size * sizeof *o->matrix);
    flow(o, 0, 1 + tip, csf->tip_zone_drain_ml_per_h / csf->tip_zone_ml);
    for (int i = 0; i < op->states; i++) {
        flow(o, 1 + i, central, op->blood_per_h[i]);
        flow(o, 1 + i, sink, op->sink_per_h[i]);
        if (op->parent[i] >= 0) {
            flow(o, 1 + i, 1 + op->parent[i], op->up_per_h[i]);
            flow(o, 1 + op->parent[i], 1 + i, op->down_per_h[i]);
        }
    }
    flow(o, central, peripheral, drug->exchange_l_per_h / drug->central_l);
    flow(o, peripheral, central, drug->exchange_l_per_h / drug->peripheral_l);
    flow(o, central, eliminated, drug->clearance_l_per_h / drug->central_l);
    *entry(o, effect, effect) = -ke0_per_h;
    *entry(o, effect, 1 + target) = ke0_per_h * 1000.0 / op->volume_ml[target];
}

static int derivative(realtype t, N_Vector y, N_Vector ydot, void *context)
{
    const oracle_t *o = context;
    const double *x = N_VGetArrayPointer(y);
    double *d = N_VGetArrayPointer(ydot);
    (void)t;
    for (int i = 0; i < o->size; i++) {
        const double *row = o->matrix + (size_t)i * (size_t)o->size;
        d[i] = i == 0 ? o->rate_ug_per_h : 0.0;
        for (int j = 0; j < o->size; j++)
            d[i] += row[j] * x[j];
    }
    return 0;
}

static int jacobian(realtype t, N_Vector y, N_Vector f, SUNMatrix matrix, void *context, N_Vector a,
                    N_Vector b, N_Vector c)
{
    const oracle_t *o = context;
    (void)t, (void)y, (void)f, (void)a, (void)b, (void)c;
    for (int i = 0; i < o->size; i++)
        for (int j = 0; j < o->size; j++)
            SM_ELEMENT_D(matrix, i, j) = o->matrix[(size_t)i * (size_t)o->size + (size_t)j];
    return 0;
}

void oracle_advance(oracle_t *o, double hours, double rate_ug_per_h)
{
    SUNContext context = NULL;
    realtype reached = 0.0;
    o->rate_ug_per_h = rate_ug_per_h;
    cr_assert_eq(SUNContext_Create(NULL, &context), 0);
    N_Vector y = N_VMake_Serial(o->size, o->y, context);
    SUNMatrix matrix = SUNDenseMatrix(o->size, o->size, context);
    SUNLinearSolver solver = SUNLinSol_Dense(y, matrix, context);
    void *cvode = CVodeCreate(CV_BDF, context);
    int bad = CVodeInit(cvode, derivative, 0.0, y);
    bad |= CVodeSStolerances(cvode, RTOL, ATOL);
    bad |= CVodeSetUserData(cvode, o);
    bad |= CVodeSetLinearSolver(cvode, solver, matrix);
    bad |= CVodeSetJacFn(cvode, jacobian);
    bad |= CVodeSetMaxNumSteps(cvode, 200000);
    bad |= CVodeSetStopTime(cvode, hours);
    cr_assert_eq(bad, 0, "CVODE refused its set-up: %d", bad);
    const int rc = CVode(cvode, hours, y, &reached, CV_NORMAL);
    cr_assert(rc >= 0, "CVODE stopped with %d at %g h", rc, reached);
    o->t_h += hours;
    CVodeFree(&cvode);
    SUNLinSolFree(solver);
    SUNMatDestroy(matrix);
    N_VDestroy(y);
    SUNContext_Free(&context);
}
