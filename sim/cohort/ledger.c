/* SPDX-License-Identifier: Apache-2.0 */
/* The patient's mass ledger: every microgram from the vials is somewhere, at every check. */
#include "cohort/ledger.h"

#include "cohort/outflow.h"

#include <math.h>

/* Where one drug is. What has left the catheter and waits for its step of the body counts as arrived. */
static void where(const patient_t *p, int drug, body_ledger_t *out)
{
    const patient_account_t *a = &p->account[drug];
    *out = (body_ledger_t){.csf_ug = 0.0};
    if (p->has_body) {
        body_ledger(&p->body, drug, out);
        out->csf_ug +=
            out->tip_zone_ug + feed_pending_ug(&p->feed, drug) + outflow_pending_hole_ug(p, drug);
    } else {
        out->csf_ug = a->left_tip_ug + a->injected_ug + a->lost_ug[CATHETER_CANAL];
    }
    out->depots_ug = outflow_depots_ug(p, drug);
}

static double closure(const patient_t *p, int drug, const body_ledger_t *body)
{
    const patient_account_t *a = &p->account[drug];
    double found = reservoir_mass_ug(&p->implant.pump.reservoir, drug) +
                   catheter_mass_ug(&p->catheter, drug) + body->csf_ug + body->tissue_ug +
                   body->plasma_ug + body->depots_ug + body->eliminated_ug + a->withdrawn_ug +
                   a->explanted_ug + a->degraded_ug +
                   reservoir_degraded_ug(&p->implant.pump.reservoir, drug) +
                   reservoir_adsorbed_ug(&p->implant.pump.reservoir, drug);
    return fabs(found - a->from_vials_ug) / fmax(a->from_vials_ug, 1e-300);
}

int ledger_check(patient_t *p, error_t *e)
{
    p->ledger_checks++;
    for (int d = 0; d < (int)p->study->n_drugs; d++) {
        body_ledger_t body;
        double error;
        where(p, d, &body);
        error = closure(p, d, &body);
        p->worst_ledger_error = fmax(p->worst_ledger_error, error);
        if (!(error <= LEDGER_TOLERANCE)) {
            return ERROR_RAISE(e, ERROR_LEDGER,
                               "the ledger of %s misses %.3g of the %.6g ug from vials",
                               p->study->drug[d].name, error, p->account[d].from_vials_ug);
        }
    }
    return 0;
}

static double lost_ug(const patient_account_t *a)
{
    double sum_ug = 0.0;
    for (int place = 0; place < CATHETER_PLACES; place++) {
        sum_ug += a->lost_ug[place];
    }
    return sum_ug;
}

void ledger_record(patient_t *p, const double believed_ug[])
{
    const reservoir_t *reservoir = &p->implant.pump.reservoir;
    record_t *r = p->record;
    for (int d = 0; d < (int)p->study->n_drugs; d++) {
        const patient_account_t *a = &p->account[d];
        body_ledger_t body;
        where(p, d, &body);
        record_row(r, TABLE_LEDGER);
        record_put_i64(r, FIELD_LEDGER_DRUG, d);
        record_put_f64(r, FIELD_LEDGER_FROM_VIALS_UG, a->from_vials_ug);
        record_put_f64(r, FIELD_LEDGER_RESERVOIR_UG, reservoir_mass_ug(reservoir, d));
        record_put_f64(r, FIELD_LEDGER_TUBING_CATHETER_UG, catheter_mass_ug(&p->catheter, d));
        record_put_f64(r, FIELD_LEDGER_CSF_UG, body.csf_ug);
        record_put_f64(r, FIELD_LEDGER_TISSUE_UG, body.tissue_ug);
        record_put_f64(r, FIELD_LEDGER_PLASMA_UG, body.plasma_ug);
        record_put_f64(r, FIELD_LEDGER_DEPOTS_UG, body.depots_ug);
        record_put_f64(r, FIELD_LEDGER_ELIMINATED_UG, body.eliminated_ug);
        record_put_f64(r, FIELD_LEDGER_DEGRADED_UG,
                       a->degraded_ug + reservoir_degraded_ug(reservoir, d));
        record_put_f64(r, FIELD_LEDGER_ADSORBED_UG, reservoir_adsorbed_ug(reservoir, d));
        record_put_f64(r, FIELD_LEDGER_WITHDRAWN_UG, a->withdrawn_ug);
        record_put_f64(r, FIELD_LEDGER_EXPLANTED_UG, a->explanted_ug);
        record_put_f64(r, FIELD_LEDGER_SPILLED_UG, 0.0);
        record_put_f64(r, FIELD_LEDGER_CLOSURE_ERROR, closure(p, d, &body));
        record_put_f64(r, FIELD_LEDGER_BELIEVED_GIVEN_UG, believed_ug[d]);
        record_put_f64(r, FIELD_LEDGER_LOST_UG, lost_ug(a));
    }
}
