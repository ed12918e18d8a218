/* SPDX-License-Identifier: Apache-2.0 */
/* Tubing, access port and catheter: three columns in series, with holes between them. */
#include "device/catheter.h"

#include <math.h>
#include <string.h>

#define DAY_MS 86400000.0

/* ---- making one ---------------------------------------------------------------------------------- */

static int check_init(const catheter_param_t *p, int drugs, const double ug_per_ml[], error_t *e)
{
    if (drugs < 1 || drugs > SEGMENT_DRUGS_MAX) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "catheter: %d drugs, allowed are 1 to %d", drugs,
                           SEGMENT_DRUGS_MAX);
    }
    if (!(p->trimmed_cm < p->length_cm) || !(p->ml_per_cm > 0.0)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "catheter: %g cm trimmed from %g cm of %g mL/cm",
                           p->trimmed_cm, p->length_cm, p->ml_per_cm);
    }
    for (int i = 0; i < drugs; i++) {
        if (!(ug_per_ml[i] >= 0.0) || !isfinite(ug_per_ml[i])) {
            return ERROR_RAISE(e, ERROR_ARGUMENT, "catheter: drug %d at %g ug/mL", i, ug_per_ml[i]);
        }
    }
    return ERROR_OK;
}

double catheter_port_ml(const catheter_t *c)
{
    return catheter_shape_chamber_ml(&c->param) + catheter_shape_lumen_ml(&c->param);
}

static void shape_tubing(catheter_t *c, const double ug_per_ml[])
{
    column_shape_t shape = catheter_shape_tubing(&c->param);
    column_init(&c->column[CATHETER_TUBING], &shape, c->drugs, ug_per_ml);
    c->volume_ml = c->param.tubing_ml + catheter_shape_lumen_ml(&c->param);
}

static void shape_lumen(catheter_t *c, const double ug_per_ml[])
{
    column_shape_t proximal = catheter_shape_proximal(&c->param, c->border_cm);
    column_shape_t distal = catheter_shape_distal(&c->param, c->border_cm);
    c->way.ml_per_s = -1.0;
    column_init(&c->column[CATHETER_PROXIMAL], &proximal, c->drugs, ug_per_ml);
    column_init(&c->column[CATHETER_DISTAL], &distal, c->drugs, ug_per_ml);
}

int catheter_init(catheter_t *c, const catheter_param_t *p, int drugs, const double ug_per_ml[],
                  error_t *e)
{
    int code = check_init(p, drugs, ug_per_ml, e);
    if (code < 0) {
        return code;
    }
    memset(c, 0, sizeof *c);
    c->drugs = drugs;
    c->param = *p;
    c->end_ms = (double)NAN;
    c->way.ml_per_s = -1.0;
    c->border_cm = catheter_shape_connector_cm(p);
    for (int d = 0; d < drugs; d++) {
        c->cm2_per_s[d] = p->diffusivity_cm2_per_s;
    }
    c->fault.tip_place = CATHETER_CANAL;
    c->fault.open = 1.0;
    c->fault.upright = 2.0 / 3.0; /* assumption: 16 hours a day; sweep 0-0.7 */
    c->fault.kpa_day_per_ml = catheter_shape_resistance(p, catheter_shape_length_cm(p));
    shape_tubing(c, ug_per_ml);
    shape_lumen(c, ug_per_ml);
    return ERROR_OK;
}

void catheter_set_pulse(catheter_t *c, double pulse_ml)
{
    c->pulse_ml = pulse_ml;
}

void catheter_set_diffusivity(catheter_t *c, const double cm2_per_s[])
{
    memcpy(c->cm2_per_s, cm2_per_s, (size_t)c->drugs * sizeof *cm2_per_s);
    c->way.ml_per_s = -1.0;
}

/* ---- resistance and holes -------------------------------------------------------------------------- */

double catheter_passed(const catheter_t *c, catheter_hole_at_t at)
{
    double share = c->fault.hole[at].share;
    bool relieved = at == CATHETER_HOLE_PUMP && c->fault.hole[CATHETER_HOLE_BORDER].share > 0.0;
    if (!(share > 0.0) || share >= 1.0) {
        return share > 0.0 ? 0.0 : 1.0;
    }
    if (relieved) {
        return 1.0 - share;
    }
    double sound = catheter_shape_resistance(&c->param, catheter_shape_length_cm(&c->param));
    double worse = c->fault.kpa_day_per_ml / sound;
    return c->fault.open / (1.0 + share / (1.0 - share) * worse);
}

bool catheter_is_tight(const catheter_t *c)
{
    return !(c->fault.hole[CATHETER_HOLE_PUMP].share > 0.0) &&
           !(c->fault.hole[CATHETER_HOLE_BORDER].share > 0.0);
}

/* The segment's mean flow: by its pulses' nominal volume, which no ripple and no dry head changes. */
static double flow_ml_per_s(const catheter_t *c, const segment_t *s)
{
    double ml = s->pulses > 0.0 && c->pulse_ml > 0.0 ? s->pulses * c->pulse_ml : s->volume_ml;
    return s->duration_ms > 0.0 ? ml / (s->duration_ms * 1e-3) : HUGE_VAL;
}

outlet_t catheter_outlet(const catheter_t *c)
{
    return catheter_is_tight(c) ? (outlet_t){c->fault.kpa_day_per_ml, c->fault.open} : OUTLET_FREE;
}

double catheter_admit_ml(const catheter_t *c, const segment_t *s, double limit_kpa,
                         double *back_pressure_kpa)
{
    double kpa = 0.0;
    double share = 1.0;
    if (catheter_is_tight(c) && s->duration_ms > 0.0 && s->volume_ml > 0.0) {
        const outlet_t outlet = catheter_outlet(c);
        share = outlet_share(&outlet, flow_ml_per_s(c, s) * 86400.0, limit_kpa, &kpa);
    }
    *back_pressure_kpa = kpa;
    return share < 1.0 ? share * s->volume_ml : s->volume_ml;
}

/* ---- pushing ------------------------------------------------------------------------------------------ */

typedef struct push_t {
    catheter_t *c;
    catheter_out_t *out;
    double through_ml; /* of the tip */
} push_t;

static void clear_out(const catheter_t *c, catheter_out_t *out)
{
    for (int d = 0; d < c->drugs; d++) {
        out->tip_ug[d] = 0.0;
        for (int place = 0; place < CATHETER_PLACES; place++) {
            out->lost_ug[place][d] = 0.0;
        }
    }
    memset(out->lost_ml, 0, sizeof out->lost_ml);
    out->tip_ml = 0.0;
    out->back_pressure_kpa = 0.0;
    out->csf_leak = false;
    for (int at = 0; at < CATHETER_HOLES; at++) {
        const catheter_hole_t *hole = &c->fault.hole[at];
        out->csf_leak = out->csf_leak || (hole->share > 0.0 && hole->csf);
    }
}

static void add(const catheter_t *c, double ug[], double ml, const double ug_per_ml[])
{
    for (int d = 0; d < c->drugs; d++) {
        ug[d] += ug_per_ml[d] * ml;
    }
}

static void lose(const push_t *p, catheter_place_t place, double ml, const double ug_per_ml[])
{
    p->out->lost_ml[place] += ml;
    add(p->c, p->out->lost_ug[place], ml, ug_per_ml);
}

static void leave_tip(push_t *p, double ml, const double ug_per_ml[])
{
    p->through_ml += ml;
    if (p->c->fault.tip_place == CATHETER_CANAL) {
        p->out->tip_ml += ml;
        add(p->c, p->out->tip_ug, ml * (1.0 - p->c->fault.taken_up), ug_per_ml);
        add(p->c, p->out->lost_ug[CATHETER_EPIDURAL], ml * p->c->fault.taken_up, ug_per_ml);
    } else {
        lose(p, p->c->fault.tip_place, ml, ug_per_ml);
    }
}

/* What flows on out of `part`, into the next or out at the tip, less what the hole behind it takes. */
static void flow(push_t *p, int part, double ml, const double ug_per_ml[])
{
    double out_ug_per_ml[SEGMENT_DRUGS_MAX];
    if (part == CATHETER_PARTS) {
        leave_tip(p, ml, ug_per_ml);
        return;
    }
    while (ml > 0.0) {
        double taken_ml = column_take(&p->c->column[part], ml, ug_per_ml,
                                      p->c->way.dispersion[part], out_ug_per_ml);
        double on_ml = taken_ml * p->c->way.passed[part];
        ml -= taken_ml;
        if (part < CATHETER_HOLES && on_ml < taken_ml) {
            lose(p, p->c->fault.hole[part].place, taken_ml - on_ml, out_ug_per_ml);
        }
        flow(p, part + 1, on_ml, out_ug_per_ml);
    }
}

/* Each part spreads by its own flow, which holes upstream weaken. */
static void prepare(catheter_t *c, double ml_per_s)
{
    catheter_way_t *way = &c->way;
    way->ml_per_s = ml_per_s;
    for (int part = 0; part < CATHETER_PARTS; part++) {
        const dispersion_tube_t *tube = &c->column[part].shape.tube;
        for (int d = 0; d < c->drugs; d++) {
            way->dispersion[part][d] =
                ml_per_s > 0.0 ? dispersion_ml2_per_ml(tube, ml_per_s, c->cm2_per_s[d]) : 0.0;
        }
        way->passed[part] =
            part < CATHETER_HOLES ? catheter_passed(c, (catheter_hole_at_t)part) : 1.0;
        ml_per_s *= way->passed[part];
    }
}

/* Fluid has rested since the latest segment. */
static void rest(catheter_t *c, double until_ms)
{
    double ml2[SEGMENT_DRUGS_MAX];
    double seconds = (until_ms - c->end_ms) * 1e-3;
    for (int part = 0; seconds > 0.0 && part < CATHETER_PARTS; part++) {
        for (int d = 0; d < c->drugs; d++) {
            ml2[d] = dispersion_rest_ml2(&c->column[part].shape.tube, c->cm2_per_s[d], seconds);
        }
        column_rest(&c->column[part], ml2);
    }
}

static bool is_all(const catheter_t *c, const double ug_per_ml[])
{
    return column_holds(&c->column[CATHETER_TUBING], ug_per_ml) &&
           column_holds(&c->column[CATHETER_PROXIMAL], ug_per_ml) &&
           column_holds(&c->column[CATHETER_DISTAL], ug_per_ml);
}

static void push_from(catheter_t *c, int part, const segment_t *s, const double ug_per_ml[],
                      catheter_out_t *out)
{
    push_t p = {c, out, 0.0};
    bool one_fluid = is_all(c, ug_per_ml);
    clear_out(c, out);
    if (!one_fluid) {
        rest(c, s->start_ms);
    }
    c->end_ms = s->start_ms + s->duration_ms;
    if (!(s->volume_ml > 0.0)) {
        return;
    }
    if (one_fluid && catheter_is_tight(c)) {
        leave_tip(&p, s->volume_ml, ug_per_ml);
    } else {
        double ml_per_s = flow_ml_per_s(c, s);
        if (c->way.ml_per_s < ml_per_s || c->way.ml_per_s > ml_per_s) {
            prepare(c, ml_per_s);
        }
        double on_ml = s->volume_ml;
        if (part > CATHETER_TUBING) { /* the port is upstream of the pump's connector */
            on_ml *= c->way.passed[CATHETER_TUBING];
            lose(&p, c->fault.hole[CATHETER_HOLE_PUMP].place, s->volume_ml - on_ml, ug_per_ml);
        }
        flow(&p, part, on_ml, ug_per_ml);
    }
    if (s->duration_ms > 0.0 && p.through_ml > 0.0) {
        out->back_pressure_kpa = p.through_ml * (DAY_MS / s->duration_ms) * c->fault.kpa_day_per_ml;
    }
}

void catheter_push(catheter_t *c, const segment_t *s, const double ug_per_ml[], catheter_out_t *out)
{
    push_from(c, CATHETER_TUBING, s, ug_per_ml, out);
}

void catheter_push_port(catheter_t *c, const segment_t *s, const double ug_per_ml[],
                        catheter_out_t *out)
{
    push_from(c, CATHETER_PROXIMAL, s, ug_per_ml, out);
}

/* ---- handling ------------------------------------------------------------------------------------------ */

int catheter_pieces(const catheter_t *c, fluid_piece_t piece[])
{
    int count = column_pieces(&c->column[CATHETER_PROXIMAL], piece);
    return count + column_pieces(&c->column[CATHETER_DISTAL], piece + count);
}

void catheter_load(catheter_t *c, const fluid_piece_t piece[], int count)
{
    fluid_cursor_t from = fluid_begin(piece, count);
    column_load(&c->column[CATHETER_PROXIMAL], &from);
    column_load(&c->column[CATHETER_DISTAL], &from);
}

void catheter_cut(catheter_t *c, double from_pump_cm)
{
    fluid_piece_t piece[CATHETER_PIECES_MAX];
    const double none[SEGMENT_DRUGS_MAX] = {0.0};
    int count = catheter_pieces(c, piece);
    c->border_cm = from_pump_cm;
    shape_lumen(c, none);
    catheter_load(c, piece, count);
}

void catheter_new_pump(catheter_t *c, double tubing_ml, const double ug_per_ml[],
                       double removed_ug[])
{
    fluid_piece_t old[CATHETER_PIECES_MAX], line[CATHETER_PIECES_MAX + 1];
    double chamber_ug_per_ml[SEGMENT_DRUGS_MAX];
    fluid_cursor_t from = fluid_begin(old, catheter_pieces(c, old));
    double chamber_ml = catheter_shape_chamber_ml(&c->param);
    fluid_take(&from, c->drugs, chamber_ml, chamber_ug_per_ml);
    for (int d = 0; d < c->drugs; d++) {
        removed_ug[d] = column_mass_ug(&c->column[CATHETER_TUBING], d);
    }
    add(c, removed_ug, chamber_ml, chamber_ug_per_ml);
    c->param.tubing_ml = tubing_ml;
    shape_tubing(c, ug_per_ml);
    shape_lumen(c, ug_per_ml);
    line[0].volume_ml = catheter_shape_chamber_ml(&c->param);
    memcpy(line[0].ug_per_ml, ug_per_ml, (size_t)c->drugs * sizeof *ug_per_ml);
    catheter_load(c, line, 1 + fluid_rest(&from, &line[1]));
}

/* ---- reading ------------------------------------------------------------------------------------------- */

double catheter_part_mass_ug(const catheter_t *c, catheter_part_t part, int drug)
{
    return column_mass_ug(&c->column[part], drug);
}

double catheter_mass_ug(const catheter_t *c, int drug)
{
    double mass_ug = 0.0;
    for (int part = 0; part < CATHETER_PARTS; part++) {
        mass_ug += column_mass_ug(&c->column[part], drug);
    }
    return mass_ug;
}

double catheter_tip_ug_per_ml(const catheter_t *c, int drug)
{
    int part = CATHETER_DISTAL;
    while (part > CATHETER_TUBING && c->column[part].fine_cells == 0) {
        part--; /* a hole at the tip leaves no distal part */
    }
    return c->column[part].leaving_ug_per_ml[drug];
}

static bool is_share(double x)
{
    return x >= 0.0 && x <= 1.0;
}

static int verify_fault(const catheter_fault_t *f, error_t *e)
{
    bool ok = is_share(f->open) && is_share(f->narrowing) && is_share(f->upright) &&
              f->kpa_day_per_ml >= 0.0 && f->mass_now_mm >= 0.0 && is_share(f->taken_up) &&
              (unsigned)f->tip_place < CATHETER_PLACES;
    for (int at = 0; at < CATHETER_HOLES; at++) {
        ok = ok && is_share(f->hole[at].share) && (unsigned)f->hole[at].place < CATHETER_PLACES;
    }
    return ok ? 0 : ERROR_RAISE(e, ERROR_INVARIANT, "catheter: a fault is out of its range");
}

int catheter_verify(const catheter_t *c, error_t *e)
{
    double sum_ml = 0.0;
    int code = verify_fault(&c->fault, e);
    for (int part = 0; code == 0 && part < CATHETER_PARTS; part++) {
        sum_ml += c->column[part].shape.volume_ml;
        code = column_verify(&c->column[part], e);
    }
    if (code == 0 && !(fabs(sum_ml - c->volume_ml) <= 1e-12 * c->volume_ml)) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "catheter: parts of %.17g mL in %.17g mL", sum_ml,
                           c->volume_ml);
    }
    return code;
}
