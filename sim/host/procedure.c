/* SPDX-License-Identifier: Apache-2.0 */
/* Procedures: an order of care becomes needle, fluid and programmer session. */
#include "host/procedure.h"

#include <math.h>
#include <string.h>

static int refuse_without_core(const procedure_t *c, const char *what, error_t *e)
{
    return c->programmable ? 0
                           : ERROR_RAISE(e, ERROR_CORE_REFUSED,
                                         "a constant-flow pump cannot be given %s", what);
}

int procedure_init(procedure_t *c, implant_t *implant, const programmer_therapy_t *therapy,
                   const link_param_t *faults, const link_key_t *key, error_t *e)
{
    programmer_link_t air = {.context = implant, .exchange = implant_exchange};
    programmer_link_t link;
    int code;
    memset(c, 0, sizeof *c);
    c->implant = implant;
    c->programmable = implant_programmable(implant);
    c->therapy = *therapy;
    code = link_init(&c->link, &air, faults, key, e);
    if (code == 0 && c->programmable) {
        link = link_programmer(&c->link);
        programmer_init(&c->programmer, implant_serial(implant), implant_key(implant), &link);
    }
    return code;
}

void procedure_visit(procedure_t *c, uint64_t visit)
{
    link_visit(&c->link, visit);
}

bool procedure_refused(const procedure_t *c)
{
    return !c->programmable || c->link.refused;
}

int procedure_interrogate(procedure_t *c, programmer_report_t *report, error_t *e)
{
    int code = refuse_without_core(c, "an interrogation", e);
    return code != 0 ? code : link_interrogate(&c->link, &c->programmer, report, e);
}

int procedure_declare(procedure_t *c, double volume_ml, error_t *e)
{
    int code = refuse_without_core(c, "a volume", e);
    return code != 0 ? code : link_refill(&c->link, &c->programmer, volume_ml, e);
}

static bool concentration_changed(const procedure_t *c, const order_refill_t *order)
{
    for (uint32_t d = 0; d < c->therapy.drug_count; d++) {
        if (order->ug_per_ml[d] != c->therapy.drug[d].concentration_ug_per_ml) {
            return true;
        }
    }
    return false;
}

static int fill(procedure_t *c, const order_refill_t *order, procedure_refill_t *out, error_t *e)
{
    int code = implant_fill(c->implant, order->volume_ml, order->ug_per_ml, e);
    if (code != 0) {
        return code;
    }
    out->filled_ml = order->volume_ml;
    for (uint32_t d = 0; d < c->therapy.drug_count; d++) {
        out->filled_ug[d] = order->volume_ml * order->ug_per_ml[d];
    }
    return 0;
}

/* The core counts the fluid above the residual: what the clinic put in. */
static int tell_pump(procedure_t *c, const order_refill_t *order, error_t *e)
{
    int code = link_refill(&c->link, &c->programmer, order->volume_ml, e);
    if (code != 0 || !concentration_changed(c, order)) {
        return code;
    }
    for (uint32_t d = 0; d < c->therapy.drug_count; d++) {
        c->therapy.drug[d].concentration_ug_per_ml = order->ug_per_ml[d];
    }
    c->therapy.change = true; /* until a pump took it */
    code = link_therapy(&c->link, &c->programmer, &c->therapy, NULL, e);
    c->therapy.change = code != 0;
    return code;
}

void procedure_empty(procedure_t *c, procedure_refill_t *out)
{
    programmer_report_t report;
    error_t silence = {0}; /* a pump that does not answer is refilled all the same */
    memset(out, 0, sizeof *out);
    out->expected_ml = (double)NAN;
    out->read_ml = (double)NAN;
    if (c->programmable && link_interrogate(&c->link, &c->programmer, &report, &silence) == 0) {
        out->expected_ml = report.reservoir_ml;
    }
    out->withdrawn_ml = implant_withdraw(c->implant, out->withdrawn_ug);
}

int procedure_fill(procedure_t *c, const order_refill_t *order, procedure_refill_t *out, error_t *e)
{
    int code = fill(c, order, out, e);
    return code != 0 || !c->programmable ? code : tell_pump(c, order, e);
}

int procedure_therapy(procedure_t *c, const order_therapy_t *order, programmer_achieved_t *achieved,
                      error_t *e)
{
    programmer_therapy_t wanted = c->therapy;
    int code = refuse_without_core(c, "a therapy", e);
    if (code != 0) {
        return code;
    }
    wanted.mode = order->mode == ORDER_MODE_SIMPLE ? PROGRAMMER_SIMPLE : PROGRAMMER_STOPPED;
    wanted.dose_ug_per_day = order->daily_dose_ug;
    code = link_therapy(&c->link, &c->programmer, &wanted, achieved, e);
    if (code == 0) {
        c->therapy = wanted;
        c->therapy.change = false;
    }
    return code;
}

int procedure_bolus(procedure_t *c, const order_bolus_t *order, error_t *e)
{
    int code = refuse_without_core(c, "a bolus", e);
    return code != 0 ? code
                     : link_bolus(&c->link, &c->programmer, order->dose_ug, order->duration_min, e);
}
