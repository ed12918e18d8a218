/* SPDX-License-Identifier: Apache-2.0 */
/* One body: transports per drug and regime, time, injections, reads and the ledger. */
#include "body/body.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "body/body_state.h"
#include "body/lanes.h"

_Static_assert(BODY_SITES_MAX == TRANSPORT_SITES_MAX, "a site has a row in every transport");

#define TOLERANCE_STEP_MIN 1440

body_param_t body_param_default(void)
{
    body_param_t p = {.regimes = 1, .drugs = 1, .tip_level = "T10", .target_level = "L2"};
    for (int r = 0; r < BODY_REGIMES_MAX; r++)
        p.csf[r] = parameters_csf();
    for (int d = 0; d < SEGMENT_DRUGS_MAX; d++)
        p.drug[d] = parameters_drug();
    p.ashworth = parameters_ashworth();
    p.tolerance = parameters_tolerance();
    return p;
}

static int check_counts(const body_param_t *p, error_t *e)
{
    if (p->regimes < 1 || p->regimes > BODY_REGIMES_MAX)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%d regimes, 1 to %d", p->regimes, BODY_REGIMES_MAX);
    if (p->drugs < 1 || p->drugs > SEGMENT_DRUGS_MAX)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%d drugs, 1 to %d", p->drugs, SEGMENT_DRUGS_MAX);
    if (p->effect_drug < 0 || p->effect_drug >= p->drugs)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "the effect is by drug %d of %d", p->effect_drug,
                           p->drugs);
    return ERROR_OK;
}

static int check_param(const body_param_t *p, error_t *e)
{
    int rc = check_counts(p, e);
    for (int r = 0; rc == ERROR_OK && r < p->regimes; r++) {
        const csf_param_t *csf = &p->csf[r];
        rc = parameters_check_csf(csf, e);
        if (rc == ERROR_OK &&
            (csf->cells != p->csf[0].cells || csf->length_scale != p->csf[0].length_scale))
            rc = ERROR_RAISE(e, ERROR_ARGUMENT,
                             "regime %d has another grid: cells and length_scale must agree", r);
    }
    for (int d = 0; rc == ERROR_OK && d < p->drugs; d++)
        rc = parameters_check_drug(&p->drug[d], e);
    return rc;
}

/* The operator takes modes up to a range of 1e8; a body promises more of them than the operator does. */
static int check_range(const csf_operator_t *op, error_t *e)
{
    if (op->range <= BODY_RANGE_MAX)
        return ERROR_OK;
    return ERROR_RAISE(
        e, ERROR_OPERATOR_RANGE,
        "the similarity range of the CSF operator is %.3g, above %g: its modes would not keep "
        "a ledger of 1e-9 and concentrations above -1e-11; raise the dispersion, or lower "
        "production * spinal_share or the leak",
        op->range, BODY_RANGE_MAX);
}

static int init_regime(body_state_t *s, int r, const body_param_t *p, error_t *e)
{
    transport_place_t place = {.ke0_per_h = p->ashworth.ke0_per_h};
    int rc = anatomy_init(&s->anatomy[r], &p->csf[r], e);
    if (rc == ERROR_OK)
        rc = anatomy_find(&s->anatomy[r], p->tip_level, &place.tip_cm, e);
    if (rc == ERROR_OK)
        rc = anatomy_find(&s->anatomy[r], p->target_level, &place.target_cm, e);
    s->tip_cm = place.tip_cm;
    if (rc == ERROR_OK)
        rc = csf_grid_person(&s->grid[r], &p->csf[r], &s->anatomy[r], place.tip_cm, e);
    for (int d = 0; d < p->drugs && rc == ERROR_OK; d++) {
        transport_t *t = &s->drug[d].transport[r];
        rc = transport_init(t, &s->grid[r], &p->csf[r], &p->drug[d], &s->drug[d].plasma, &place, e);
        if (rc == ERROR_OK)
            rc = check_range(&t->op, e);
    }
    return rc;
}

static int init_changes(body_drug_t *d, int regimes, error_t *e)
{
    for (int from = 0; from < regimes; from++)
        for (int to = 0; to < regimes; to++) {
            const csf_basis_t *b = &d->transport[from].basis;
            if (from == to)
                continue;
            d->change[from][to] = lanes_alloc(b->modes * b->padded);
            if (d->change[from][to] == NULL)
                return ERROR_RAISE(e, ERROR_MEMORY, "a change between %zu modes", b->modes);
            const int rc = csf_basis_change(b, &d->transport[to].basis, d->change[from][to], e);
            if (rc != ERROR_OK)
                return rc;
        }
    return ERROR_OK;
}

static int init_state(body_state_t *s, error_t *e)
{
    for (int d = 0; d < s->drugs; d++) {
        const size_t padded = s->drug[d].transport[0].basis.padded;
        s->drug[d].now.amplitude = lanes_alloc(padded);
        if (s->drug[d].now.amplitude == NULL)
            return ERROR_RAISE(e, ERROR_MEMORY, "amplitudes of %zu modes", padded);
        if (padded > s->scratch_stride)
            s->scratch_stride = padded;
    }
    s->scratch = lanes_alloc(3 * s->scratch_stride);
    return s->scratch != NULL
               ? ERROR_OK
               : ERROR_RAISE(e, ERROR_MEMORY, "scratch of %zu modes", s->scratch_stride);
}

static int init_plasma(body_drug_t *d, const drug_param_t *p, double ke0_per_h, error_t *e)
{
    depot_init(&d->depot, p, ke0_per_h);
    return plasma_init(&d->plasma, p, e);
}

int body_init(body_t *b, const body_param_t *p, error_t *e)
{
    b->state = NULL;
    int rc = check_param(p, e);
    if (rc != ERROR_OK)
        return rc;
    body_state_t *s = calloc(1, sizeof *s);
    if (s == NULL)
        return ERROR_RAISE(e, ERROR_MEMORY, "a body");
    b->state = s;
    s->regimes = p->regimes;
    s->drugs = p->drugs;
    s->effect_drug = p->effect_drug;
    rc = ashworth_init(&s->ashworth, &p->ashworth, p->group_normal, e);
    if (rc == ERROR_OK)
        rc = tolerance_init(&s->tolerance, &p->tolerance, e);
    for (int d = 0; d < p->drugs && rc == ERROR_OK; d++)
        rc = init_plasma(&s->drug[d], &p->drug[d], p->ashworth.ke0_per_h, e);
    for (int r = 0; r < p->regimes && rc == ERROR_OK; r++)
        rc = init_regime(s, r, p, e);
    for (int d = 0; d < p->drugs && rc == ERROR_OK; d++)
        rc = init_changes(&s->drug[d], p->regimes, e);
    if (rc == ERROR_OK)
        rc = init_state(s, e);
    if (rc != ERROR_OK)
        body_free(b);
    return rc;
}

static void free_drug(body_drug_t *d)
{
    for (int r = 0; r < BODY_REGIMES_MAX; r++) {
        transport_free(&d->transport[r]);
        for (int to = 0; to < BODY_REGIMES_MAX; to++)
            free(d->change[r][to]);
    }
    free(d->now.amplitude);
}

void body_free(body_t *b)
{
    body_state_t *s = b->state;
    if (s == NULL)
        return;
    for (int d = 0; d < SEGMENT_DRUGS_MAX; d++)
        free_drug(&s->drug[d]);
    for (int r = 0; r < BODY_REGIMES_MAX; r++)
        csf_grid_free(&s->grid[r]);
    free(s->scratch);
    free(s);
    b->state = NULL;
}

int body_site(body_t *b, const char *name, error_t *e)
{
    body_state_t *s = b->state;
    double cm = 0.0;
    const int rc = anatomy_find(&s->anatomy[0], name, &cm, e);
    if (rc != ERROR_OK)
        return rc;
    for (int i = 0; i < s->sites; i++)
        if (s->site_cm[i] == cm)
            return i;
    if (s->sites == BODY_SITES_MAX)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "site \"%s\" is one more than %d", name,
                           BODY_SITES_MAX);
    for (int d = 0; d < s->drugs; d++)
        for (int r = 0; r < s->regimes; r++)
            transport_site(&s->drug[d].transport[r], &s->grid[r], s->sites, cm);
    s->site_cm[s->sites] = cm;
    return s->sites++;
}

static void note_present(body_drug_t *d)
{
    d->most_ug = fmax(d->most_ug, d->entered_ug - d->now.integral - d->depot.eliminated_ug);
}

static double effect_now(const body_state_t *s, int drug)
{
    return s->drug[drug].now.filter[body_state_transport(s, drug)->effect] +
           s->drug[drug].depot.effect_ng_per_ml;
}

static void advance_depots(body_drug_t *d, int32_t minutes, int32_t of)
{
    double rate_ug_per_h[DEPOT_PLACES];
    for (int p = 0; p < DEPOT_PLACES; p++)
        rate_ug_per_h[p] = d->leak_ug[p] * 60.0 / of;
    depot_advance(&d->depot, &d->plasma, minutes / 60.0, rate_ug_per_h);
}

/* A step of the transports, and of tolerance at the mean of what the effect site held at its two ends. */
static void advance_piece(body_state_t *s, int32_t minutes, int32_t of, const double mass_ug[])
{
    const double before = effect_now(s, s->effect_drug);
    for (int d = 0; d < s->drugs; d++) {
        csf_propagator_step(&body_state_transport(s, d)->step, minutes, mass_ug[d] * 60.0 / of,
                            &s->drug[d].now);
        advance_depots(&s->drug[d], minutes, of);
    }
    tolerance_advance(&s->tolerance, minutes / 60.0,
                      0.5 * (before + effect_now(s, s->effect_drug)));
}

/* Without tolerance a step is never cut, so that its numbers are those of the transports alone. */
static void advance_pieces(body_state_t *s, int32_t minutes, const double mass_ug[])
{
    const int32_t most = tolerance_off(&s->tolerance) ? minutes : TOLERANCE_STEP_MIN;
    for (int32_t left = minutes; left > 0; left -= most)
        advance_piece(s, left < most ? left : most, minutes, mass_ug);
}

int body_advance(body_t *b, int32_t minutes, const double mass_ug[], error_t *e)
{
    body_state_t *s = b->state;
    if (minutes < 0)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a step of %ld minutes", (long)minutes);
    for (int d = 0; d < s->drugs; d++)
        if (!(mass_ug[d] >= 0.0 && isfinite(mass_ug[d])))
            return ERROR_RAISE(e, ERROR_ARGUMENT, "drug %d enters with %g ug", d, mass_ug[d]);
    for (int d = 0; d < s->drugs; d++) {
        body_drug_t *drug = &s->drug[d];
        drug->entered_ug += mass_ug[d];
        note_present(drug);
        if (minutes == 0)
            drug->now.zone_ug += mass_ug[d];
    }
    advance_pieces(s, minutes, mass_ug);
    for (int d = 0; d < s->drugs && minutes > 0; d++)
        memset(s->drug[d].leak_ug, 0, sizeof s->drug[d].leak_ug);
    return ERROR_OK;
}

static int check_deposit(const body_state_t *s, int drug, depot_place_t place, double mass_ug,
                         error_t *e)
{
    if (drug < 0 || drug >= s->drugs || (int)place < 0 || place >= DEPOT_PLACES ||
        !(mass_ug >= 0.0 && isfinite(mass_ug)))
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%g ug of drug %d into depot %d", mass_ug, drug,
                           (int)place);
    return ERROR_OK;
}

int body_deposit(body_t *b, int drug, depot_place_t place, double mass_ug, error_t *e)
{
    const int rc = check_deposit(b->state, drug, place, mass_ug, e);
    if (rc == ERROR_OK) {
        b->state->drug[drug].entered_ug += mass_ug;
        depot_put(&b->state->drug[drug].depot, place, mass_ug);
    }
    return rc;
}

int body_leak(body_t *b, int drug, depot_place_t place, double mass_ug, error_t *e)
{
    const int rc = check_deposit(b->state, drug, place, mass_ug, e);
    if (rc == ERROR_OK) {
        b->state->drug[drug].entered_ug += mass_ug;
        b->state->drug[drug].leak_ug[place] += mass_ug;
    }
    return rc;
}

static void inject_cell(body_state_t *s, int drug, int cell, double mass_ug)
{
    const transport_t *t = body_state_transport(s, drug);
    const double *row = t->basis.from_mass + (size_t)(t->op.cell + cell) * t->basis.padded;
    for (size_t i = 0; i < t->basis.padded; i++)
        s->drug[drug].now.amplitude[i] += mass_ug * row[i];
}

int body_inject(body_t *b, int drug, double mass_ug, double position_cm, double spread_cm,
                error_t *e)
{
    body_state_t *s = b->state;
    const anatomy_t *a = &s->anatomy[s->regime];
    const csf_grid_t *g = &s->grid[s->regime];
    if (drug < 0 || drug >= s->drugs || !(mass_ug >= 0.0 && isfinite(mass_ug)) ||
        !(spread_cm >= 0.0) || !(position_cm >= 0.0 && position_cm <= a->length_cm))
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%g ug of drug %d at %g cm of %g, spread %g cm",
                           mass_ug, drug, position_cm, a->length_cm, spread_cm);
    const double low = fmax(position_cm - 0.5 * spread_cm, 0.0);
    const double high = fmin(position_cm + 0.5 * spread_cm, a->length_cm);
    const double volume = anatomy_volume_ml(a, low, high);
    s->drug[drug].entered_ug += mass_ug;
    note_present(&s->drug[drug]);
    if (!(volume > 0.0)) {
        inject_cell(s, drug, csf_grid_cell(g, position_cm), mass_ug);
        return ERROR_OK;
    }
    for (int i = csf_grid_cell(g, low); i <= csf_grid_cell(g, high); i++) {
        const double part =
            anatomy_volume_ml(a, fmax(low, g->edge_cm[i]), fmin(high, g->edge_cm[i + 1]));
        inject_cell(s, drug, i, mass_ug * part / volume);
    }
    return ERROR_OK;
}

int body_inject_level(body_t *b, int drug, double mass_ug, const char *level, error_t *e)
{
    double cm = 0.0;
    const int rc = anatomy_find(&b->state->anatomy[b->state->regime], level, &cm, e);
    return rc != ERROR_OK ? rc : body_inject(b, drug, mass_ug, cm, 0.0, e);
}

static int change_drug(body_state_t *s, int drug, int to, error_t *e)
{
    body_drug_t *d = &s->drug[drug];
    const transport_t *old = &d->transport[s->regime], *next = &d->transport[to];
    double *before = s->scratch, *after = before + s->scratch_stride,
           *amplitude = after + s->scratch_stride;
    double total = 0.0, worst = 0.0;
    transport_masses(old, d->now.amplitude, before);
    lanes_rows(old->basis.modes, old->basis.padded, d->change[s->regime][to], d->now.amplitude,
               amplitude);
    memcpy(d->now.amplitude, amplitude, old->basis.modes * sizeof *amplitude);
    transport_masses(next, d->now.amplitude, after);
    for (size_t i = 0; i < old->basis.modes; i++) {
        total += fabs(before[i]);
        worst = fmax(worst, fabs(after[i] - before[i]));
    }
    if (!(worst <= BODY_STATE_LEDGER_TOLERANCE * total))
        return ERROR_RAISE(e, ERROR_LEDGER,
                           "drug %d: a mass of %g ug changed by %g ug from regime %d to %d", drug,
                           total, worst, s->regime, to);
    return ERROR_OK;
}

int body_regime(body_t *b, int regime, error_t *e)
{
    body_state_t *s = b->state;
    int rc = ERROR_OK;
    if (regime < 0 || regime >= s->regimes)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "regime %d of %d", regime, s->regimes);
    for (int d = 0; d < s->drugs && rc == ERROR_OK && regime != s->regime; d++)
        rc = change_drug(s, d, regime, e);
    if (rc == ERROR_OK)
        s->regime = regime;
    return rc;
}

static double clamp(body_state_t *s, double value)
{
    if (value >= 0.0)
        return value;
    s->negatives++;
    return 0.0;
}

static double read_row(const body_state_t *s, int drug, const double *row)
{
    double value = 0.0;
    lanes_rows(1, body_state_transport(s, drug)->basis.padded, row, s->drug[drug].now.amplitude,
               &value);
    return value + s->drug[drug].depot.csf_ng_per_ml;
}

double body_csf_ng_per_ml(body_t *b, int drug, int site)
{
    const transport_t *t = body_state_transport(b->state, drug);
    return clamp(b->state, read_row(b->state, drug, t->csf_row + (size_t)site * t->basis.padded));
}

void body_csf_all_ng_per_ml(body_t *b, int drug, double out[])
{
    body_state_t *s = b->state;
    const transport_t *t = body_state_transport(s, drug);
    lanes_rows((size_t)s->sites, t->basis.padded, t->csf_row, s->drug[drug].now.amplitude, out);
    for (int i = 0; i < s->sites; i++)
        out[i] = clamp(s, out[i] + s->drug[drug].depot.csf_ng_per_ml);
}

double body_tip_ng_per_ml(body_t *b, int drug)
{
    body_state_t *s = b->state;
    const transport_t *t = body_state_transport(s, drug);
    const double excess = 1000.0 * s->drug[drug].now.zone_ug / t->tip_zone_ml;
    return excess + clamp(s, read_row(s, drug, t->tip_row));
}

double body_cisternal_ng_per_ml(body_t *b, int drug)
{
    return clamp(b->state,
                 read_row(b->state, drug, body_state_transport(b->state, drug)->node_row));
}

double body_cranial_ng_per_ml(body_t *b, int drug)
{
    const transport_t *t = body_state_transport(b->state, drug);
    return clamp(b->state, read_row(b->state, drug, t->node_row + t->basis.padded));
}

double body_cord_ng_per_ml(body_t *b, int drug, int site)
{
    const transport_t *t = body_state_transport(b->state, drug);
    return clamp(b->state, read_row(b->state, drug, t->cord_row + (size_t)site * t->basis.padded));
}

double body_plasma_ng_per_ml(body_t *b, int drug)
{
    const body_drug_t *d = &b->state->drug[drug];
    return clamp(b->state, plasma_ng_per_ml(&d->plasma, d->now.filter) +
                               plasma_ng_per_ml(&d->plasma, d->depot.mode));
}

double body_effect_ng_per_ml(body_t *b, int drug)
{
    return clamp(b->state, effect_now(b->state, drug));
}

/* An EC50 that is m times higher answers as the first does to 1/m of the concentration. */
static double felt_ng_per_ml(body_t *b)
{
    return body_effect_ng_per_ml(b, b->state->effect_drug) / body_tolerance(b);
}

double body_tolerance(const body_t *b)
{
    return tolerance_multiplier(&b->state->tolerance);
}

double body_ashworth_latent(body_t *b)
{
    return ashworth_latent(&b->state->ashworth, felt_ng_per_ml(b));
}

double body_ashworth_rated(body_t *b, const double rater_normal[ASHWORTH_GROUPS])
{
    return ashworth_rated(&b->state->ashworth, felt_ng_per_ml(b), rater_normal);
}

int64_t body_negatives(const body_t *b)
{
    return b->state->negatives;
}

double body_canal_ml(const body_t *b)
{
    return anatomy_volume_ml(&b->state->anatomy[0], 0.0, b->state->anatomy[0].length_cm);
}

static double mass_between(const double mass_ug[], int from, int count)
{
    double ug = 0.0;
    for (int i = 0; from >= 0 && i < count; i++)
        ug += mass_ug[from + i];
    return ug;
}

double body_depots_ug(const body_t *b, int drug)
{
    const body_drug_t *d = &b->state->drug[drug];
    return depot_mass_ug(&d->depot) + mass_between(d->leak_ug, 0, DEPOT_PLACES);
}

void body_ledger(const body_t *b, int drug, body_ledger_t *out)
{
    const body_state_t *s = b->state;
    const body_drug_t *d = &s->drug[drug];
    const transport_t *t = body_state_transport(s, drug);
    const csf_operator_t *op = &t->op;
    transport_masses(t, d->now.amplitude, s->scratch);
    out->tip_zone_ug = d->now.zone_ug;
    out->csf_ug = mass_between(s->scratch, op->cell, op->cells) +
                  mass_between(s->scratch, op->cisternal, 1) +
                  mass_between(s->scratch, op->cranial, 1);
    out->tissue_ug =
        mass_between(s->scratch, op->cord, op->cells) + mass_between(s->scratch, op->brain, 1);
    if (t->sink >= 0)
        out->tissue_ug += d->now.filter[t->sink];
    out->plasma_ug =
        plasma_total_ug(&d->plasma, d->now.filter) + plasma_total_ug(&d->plasma, d->depot.mode);
    out->depots_ug = body_depots_ug(b, drug);
    out->eliminated_ug = d->now.integral + d->depot.eliminated_ug;
    out->entered_ug = d->entered_ug;
}
