/* SPDX-License-Identifier: Apache-2.0 */
/* The whole body: ledger, splits, regimes, linearity, reads, refusals. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "body/body.h"
#include "body/body_state.h"
#include "body/person.h"
#include "draw.h"

#define SEED 20
#define READS 12

static error_t e;

static void begin(body_t *b, const body_param_t *p)
{
    cr_assert_eq(body_init(b, p, &e), 0, "%s", e.text);
}

static void advance(body_t *b, int32_t minutes, const double ug[])
{
    cr_assert_eq(body_advance(b, minutes, ug, &e), 0, "%s", e.text);
}

static void expect_verified(const body_t *b, const char *what, int which)
{
    cr_expect_eq(body_verify(b, &e), 0, "%s %d (seed %d): %s", what, which, SEED, e.text);
}

static person_t some_person(int patient)
{
    const population_param_t population = parameters_population();
    const person_centre_t centre = person_centre_default();
    double uniform[PERSON_DRAWS];
    person_t person;
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, (uint64_t)patient, 0, 0);
    for (int i = 0; i < PERSON_DRAWS; i++)
        uniform[i] = draw_uniform(&d);
    cr_assert_eq(person_draw(&person, &population, &centre, uniform, &e), 0, "%s", e.text);
    return person;
}

/* Everything that can be read of drug 0, and its ledger. */
static void read_all(body_t *b, double out[READS])
{
    body_ledger_t l;
    body_ledger(b, 0, &l);
    const double all[READS] = {body_csf_ng_per_ml(b, 0, 0),
                               body_cord_ng_per_ml(b, 0, 0),
                               body_tip_ng_per_ml(b, 0),
                               body_cisternal_ng_per_ml(b, 0),
                               body_cranial_ng_per_ml(b, 0),
                               body_plasma_ng_per_ml(b, 0),
                               body_effect_ng_per_ml(b, 0),
                               body_ashworth_latent(b),
                               l.csf_ug + l.tip_zone_ug,
                               l.tissue_ug,
                               l.plasma_ug,
                               l.eliminated_ug};
    memcpy(out, all, sizeof all);
}

static int site(body_t *b, const char *name)
{
    const int at = body_site(b, name, &e);
    cr_assert(at >= 0, "%s", e.text);
    return at;
}

/* Pieces of at least one minute that add up to `minutes`. */
static void advance_in_pieces(body_t *b, draw_t *d, int32_t minutes, double ug)
{
    const double per_minute = ug / minutes;
    while (minutes > 0) {
        int32_t piece = 1 + (int32_t)(draw_uniform(d) * draw_uniform(d) * minutes);
        piece = piece > minutes ? minutes : piece;
        const double part = per_minute * piece;
        advance(b, piece, &part);
        minutes -= piece;
    }
}

Test(body, v12_any_split_of_a_step_agrees)
{
    for (int patient = 1; patient <= 4; patient++) {
        const person_t person = some_person(patient);
        body_param_t p = person_body(&person, "T10", "L2");
        double one[READS], many[READS];
        p.tolerance.rise = 0.0; /* else tone depends a little on the cuts */
        p.tolerance.slow_rise = 0.0;
        body_t a, b;
        draw_t d;
        begin(&a, &p);
        begin(&b, &p);
        cr_assert_eq(site(&a, "L3/4"), site(&b, "L3/4"));
        draw_init(&d, SEED, DRAW_TEST, (uint64_t)patient, 1, 0);
        for (int step = 0; step < 12; step++) {
            const int32_t minutes = 1 + (int32_t)(draw_uniform(&d) * 3000.0);
            const double ug = step % 3 == 2 ? 0.0 : 300.0 * minutes / 1440.0;
            advance(&a, minutes, &ug);
            advance_in_pieces(&b, &d, minutes, ug);
            read_all(&a, one);
            read_all(&b, many);
            for (int i = 0; i < READS; i++)
                cr_expect(
                    fabs(one[i] - many[i]) <= 1e-12 * fabs(one[i]),
                    "seed %d patient %d step %d of %ld min, read %d: whole %.17g, split %.17g",
                    SEED, patient, step, (long)minutes, i, one[i], many[i]);
        }
        body_free(&a);
        body_free(&b);
    }
}

Test(body, v8_ledger_closes_along_random_dosing)
{
    for (int patient = 1; patient <= 12; patient++) {
        const person_t person = some_person(patient);
        const body_param_t p = person_body(&person, patient % 2 ? "T10" : "L3/4", "L2");
        body_t b;
        draw_t d;
        begin(&b, &p);
        draw_init(&d, SEED, DRAW_TEST, (uint64_t)patient, 2, 0);
        for (int step = 0; step < 150; step++) {
            const double kind = draw_uniform(&d), size = draw_uniform(&d);
            const double ug = kind < 0.3 ? 0.0 : 200.0 * size * size;
            advance(&b, (int32_t)(draw_uniform(&d) * 2000.0 * size), &ug);
            if (kind > 0.9)
                cr_assert_eq(
                    body_inject(&b, 0, 75.0 * size, 60.0 * draw_uniform(&d), 8.0 * size, &e), 0,
                    "%s", e.text);
            expect_verified(&b, "patient and step", 1000 * patient + step);
        }
        body_free(&b);
    }
}

Test(body, v8_ledger_closes_over_ten_years)
{
    const body_param_t p = body_param_default();
    const double ug = 300.0;
    body_t b;
    begin(&b, &p);
    for (int day = 0; day < 3650; day++)
        advance(&b, 1440, &ug);
    expect_verified(&b, "day", 3650);
    body_free(&b);
}

/* Infusion, a pause as at a refill, another concentration, bolus, stop. */
static const struct {
    int minutes;
    double tip_ug, bolus_ug;
} course[] = {{2880, 600.0, 0.0}, {45, 0.0, 0.0}, {1440, 450.0, 0.0}, {17, 25.0, 50.0},
              {1423, 300.0, 0.0}, {0, 20.0, 0.0}, {4320, 0.0, 75.0},  {7200, 0.0, 0.0}};

/* Closes at any step; in short ones, what was eliminated is also the integral of clearance times plasma by
 * Simpson's rule, not what happens to be missing elsewhere. */
static void expect_balance(double spinal_share, int step)
{
    body_param_t p = body_param_default();
    body_ledger_t l;
    body_t b;
    double dose = 0.0, integral = 0.0, plasma[3];
    p.csf[0].spinal_share = spinal_share;
    begin(&b, &p);
    for (size_t k = 0; k < sizeof course / sizeof *course; k++) {
        if (course[k].bolus_ug > 0.0)
            cr_assert_eq(body_inject_level(&b, 0, course[k].bolus_ug, "L3", &e), 0, "%s", e.text);
        dose += course[k].bolus_ug + course[k].tip_ug;
        if (course[k].minutes == 0)
            advance(&b, 0, &course[k].tip_ug);
        for (int left = course[k].minutes; left > 0;) {
            const int now = left < step ? left : step;
            const double ug = course[k].tip_ug * now / course[k].minutes;
            const double first = ug * (now / 2) / now, second = ug - first;
            plasma[0] = body_plasma_ng_per_ml(&b, 0);
            advance(&b, now / 2, &first);
            plasma[1] = body_plasma_ng_per_ml(&b, 0);
            advance(&b, now - now / 2, &second);
            plasma[2] = body_plasma_ng_per_ml(&b, 0);
            if (now % 2 == 0)
                integral += now / 360.0 * (plasma[0] + 4.0 * plasma[1] + plasma[2]);
            else
                integral += (now / 2 * (plasma[0] + plasma[1]) +
                             (now - now / 2) * (plasma[1] + plasma[2])) /
                            120.0;
            left -= now;
        }
        body_ledger(&b, 0, &l);
        const double held = l.tip_zone_ug + l.csf_ug + l.tissue_ug + l.plasma_ug;
        cr_expect(fabs(held + l.eliminated_ug - dose) <= 1e-9 * dose,
                  "share %g, step %d min, part %zu: %.17g ug given, %.17g found", spinal_share,
                  step, k, dose, held + l.eliminated_ug);
        cr_expect(l.entered_ug == dose || fabs(l.entered_ug / dose - 1.0) < 1e-12);
        if (step <= 10) /* where Simpson's rule is good */
            cr_expect(fabs(l.eliminated_ug - integral * p.drug[0].clearance_l_per_h) <= 1e-5 * dose,
                      "share %g, step %d min, part %zu: %.12g ug eliminated, integral %.12g",
                      spinal_share, step, k, l.eliminated_ug,
                      integral * p.drug[0].clearance_l_per_h);
    }
    body_free(&b);
}

Test(body, v8_mass_balances_at_any_step_and_drift)
{
    static const double share[] = {0.177, 0.0, 0.9, -0.4};
    static const int step[] = {2, 10, 61, 480, 100000};
    for (int s = 0; s < 4; s++)
        for (int k = s == 0 ? 0 : 1; k < 5; k++)
            expect_balance(share[s], step[k]);
}

Test(body, drug_moves_from_the_tip_to_elimination)
{
    const body_param_t p = body_param_default();
    const double ug = 100.0, nothing = 0.0;
    body_ledger_t before, after;
    body_t b;
    begin(&b, &p);
    advance(&b, 0, &ug);
    body_ledger(&b, 0, &before);
    advance(&b, 600, &nothing);
    body_ledger(&b, 0, &after);
    cr_expect_float_eq(before.tip_zone_ug, 100.0, 1e-12);
    cr_expect(after.eliminated_ug > 1.0 && after.plasma_ug > 1.0 && after.tissue_ug > 1.0);
    cr_expect_float_eq(after.entered_ug, 100.0, 1e-12);
    body_free(&b);
}

Test(body, doses_superpose)
{
    const body_param_t p = body_param_default();
    double small[READS], large[READS];
    body_t a, b;
    begin(&a, &p);
    begin(&b, &p);
    cr_assert_eq(site(&a, "L2"), site(&b, "L2"));
    for (int day = 0; day < 5; day++) {
        const double one = 100.0, seven = 700.0;
        advance(&a, 1440, &one);
        advance(&b, 1440, &seven);
    }
    read_all(&a, small);
    read_all(&b, large);
    for (int i = 0; i < READS; i++)
        if (i != 7)
            cr_expect(fabs(large[i] - 7.0 * small[i]) <= 1e-12 * large[i],
                      "read %d: %.17g and %.17g", i, small[i], large[i]);
    cr_expect(large[7] < small[7], "more drug leaves less tone: %g and %g", small[7], large[7]);
    body_free(&a);
    body_free(&b);
}

Test(body, drugs_do_not_disturb_each_other)
{
    body_param_t p = body_param_default();
    const double both[3] = {200.0, 900.0, 0.0}, one = 900.0;
    body_t three, alone;
    body_ledger_t l;
    p.drugs = 3;
    p.drug[1].loss_per_h = 0.203;
    p.drug[2].cord_in_per_h = 0.0;
    begin(&three, &p);
    p.drugs = 1;
    p.drug[0] = p.drug[1];
    begin(&alone, &p);
    const int at = site(&three, "L3/4");
    cr_assert_eq(site(&alone, "L3/4"), at);
    for (int day = 0; day < 3; day++) {
        advance(&three, 1440, both);
        advance(&alone, 1440, &one);
    }
    cr_expect(body_csf_ng_per_ml(&three, 1, at) == body_csf_ng_per_ml(&alone, 0, at));
    body_ledger(&three, 2, &l);
    cr_expect_eq(l.csf_ug, 0.0);
    expect_verified(&three, "drugs", 3);
    body_free(&three);
    body_free(&alone);
}

Test(body, all_drug_reaches_plasma_at_steady_state)
{
    const body_param_t p = body_param_default();
    const double ug = 1200.0;
    body_t b;
    begin(&b, &p);
    for (int day = 0; day < 120; day++)
        advance(&b, 1440, &ug);
    cr_expect(fabs(body_plasma_ng_per_ml(&b, 0) / 4.62963 - 1.0) < 1e-5,
              "plasma at 1200 ug/day is %g ng/mL", body_plasma_ng_per_ml(&b, 0));
    body_free(&b);
}

/* At steady state the cord layer is in equilibrium with its CSF, and the effect site with the cord. */
Test(body, cord_and_effect_site_read_as_the_csf_in_equilibrium)
{
    const body_param_t p = body_param_default();
    const double ug = 300.0;
    body_t b;
    begin(&b, &p);
    const int target = site(&b, "L2"), far = site(&b, "T4/5");
    for (int day = 0; day < 120; day++)
        advance(&b, 1440, &ug);
    const double csf = body_csf_ng_per_ml(&b, 0, target), away = body_csf_ng_per_ml(&b, 0, far);
    cr_expect(fabs(body_cord_ng_per_ml(&b, 0, target) / csf - 1.0) < 1e-6, "cord %g, CSF %g",
              body_cord_ng_per_ml(&b, 0, target), csf);
    cr_expect(fabs(body_cord_ng_per_ml(&b, 0, far) / away - 1.0) < 1e-6, "cord %g, CSF %g",
              body_cord_ng_per_ml(&b, 0, far), away);
    cr_expect(fabs(body_effect_ng_per_ml(&b, 0) / csf - 1.0) < 1e-6, "effect %g, CSF %g",
              body_effect_ng_per_ml(&b, 0), csf);
    body_free(&b);
}

Test(body, irreversible_uptake_accumulates_in_tissue)
{
    body_param_t p = body_param_default();
    const double ug = 300.0, nothing = 0.0;
    body_ledger_t dosed, after;
    body_t b;
    p.drug[0].cord_out_per_h = 0.0;
    p.drug[0].brain_out_per_h = 0.0;
    begin(&b, &p);
    const int at = site(&b, "L2");
    advance(&b, 1440, &ug);
    body_ledger(&b, 0, &dosed);
    cr_expect(body_cord_ng_per_ml(&b, 0, at) == body_csf_ng_per_ml(&b, 0, at),
              "the cord stands for the CSF");
    expect_verified(&b, "day", 1);
    advance(&b, 20 * 1440, &nothing);
    body_ledger(&b, 0, &after);
    cr_expect(after.tissue_ug > dosed.tissue_ug && after.csf_ug < 1e-6,
              "tissue %g then %g ug, CSF %g ug", dosed.tissue_ug, after.tissue_ug, after.csf_ug);
    expect_verified(&b, "day", 21);
    body_free(&b);
}

static body_param_t two_regimes(void)
{
    body_param_t p = body_param_default();
    p.regimes = 2;
    p.csf[1].production_ml_per_h = 42.0;
    p.csf[1].leak_ml_per_h = 6.0;
    p.csf[1].volume_scale = 0.8;
    return p;
}

Test(body, v8_a_change_of_regime_keeps_every_mass)
{
    const body_param_t p = two_regimes();
    const double ug = 100.0;
    body_ledger_t before, after;
    body_t b;
    begin(&b, &p);
    for (int i = 0; i < 20; i++) {
        advance(&b, 480, &ug);
        body_ledger(&b, 0, &before);
        cr_assert_eq(body_regime(&b, (i + 1) % 2, &e), 0, "%s", e.text);
        body_ledger(&b, 0, &after);
        cr_expect(fabs(after.csf_ug - before.csf_ug) <= 1e-11 * before.csf_ug,
                  "change %d: CSF %.17g to %.17g", i, before.csf_ug, after.csf_ug);
        cr_expect(fabs(after.tissue_ug - before.tissue_ug) <= 1e-11 * before.tissue_ug,
                  "change %d: tissue %.17g to %.17g", i, before.tissue_ug, after.tissue_ug);
        expect_verified(&b, "change", i);
    }
    body_free(&b);
}

Test(body, the_same_regime_twice_changes_nothing)
{
    body_param_t p = two_regimes();
    const double ug = 100.0;
    double one[READS], two[READS];
    body_t a, b;
    p.csf[1] = p.csf[0];
    begin(&a, &p);
    begin(&b, &p);
    cr_assert_eq(site(&a, "L3/4"), site(&b, "L3/4"));
    for (int i = 0; i < 6; i++) {
        advance(&a, 300, &ug);
        advance(&b, 300, &ug);
        cr_assert_eq(body_regime(&b, (i + 1) % 2, &e), 0, "%s", e.text);
    }
    read_all(&a, one);
    read_all(&b, two);
    for (int i = 0; i < READS; i++)
        cr_expect(fabs(one[i] - two[i]) <= 1e-11 * fabs(one[i]), "read %d: %.17g and %.17g", i,
                  one[i], two[i]);
    body_free(&a);
    body_free(&b);
}

Test(body, v12_reads_below_zero_are_returned_as_zero_and_counted)
{
    const body_param_t p = body_param_default();
    const double nothing = 0.0;
    body_t b;
    begin(&b, &p);
    const int far = site(&b, "C1"), near = site(&b, "SAC");
    cr_assert_eq(body_inject_level(&b, 0, 1000.0, "SAC", &e), 0, "%s", e.text);
    int64_t zero = 0;
    for (int i = 0; i < 3; i++) {
        zero += body_csf_ng_per_ml(&b, 0, far) == 0.0;
        cr_expect(body_csf_ng_per_ml(&b, 0, far) >= 0.0);
        cr_expect(body_csf_ng_per_ml(&b, 0, near) > 0.0);
        expect_verified(&b, "minute", i);
        advance(&b, 1, &nothing);
    }
    cr_expect(zero > 0, "no read was below zero: nothing is tested");
    cr_expect(body_negatives(&b) >= zero, "%lld negatives counted, %lld zeros read",
              (long long)body_negatives(&b), (long long)zero);
    body_free(&b);
}

Test(body, sites_read_together_equal_sites_read_alone)
{
    static const char *const name[8] = {"SAC", "L5", "L3/4", "L1", "T10", "T5", "C7", "C1/2"};
    const body_param_t p = body_param_default();
    const double ug = 50.0;
    double all[BODY_SITES_MAX];
    body_t b;
    begin(&b, &p);
    for (int i = 0; i < 8; i++)
        cr_assert_eq(site(&b, name[i]), i);
    advance(&b, 700, &ug);
    body_csf_all_ng_per_ml(&b, 0, all);
    for (int i = 0; i < 8; i++)
        cr_expect(all[i] == body_csf_ng_per_ml(&b, 0, i), "site %s: %a and %a", name[i], all[i],
                  body_csf_ng_per_ml(&b, 0, i));
    cr_expect_eq(site(&b, "l3/4"), 2, "a name registered before gives its index");
    body_free(&b);
}

Test(body, injection_enters_where_it_is_put)
{
    const body_param_t p = body_param_default();
    body_t b;
    begin(&b, &p);
    const int at = site(&b, "L3"), away = site(&b, "T6");
    cr_assert_eq(body_inject(&b, 0, 50.0, 14.0, 6.0, &e), 0, "%s", e.text);
    const double ng_per_ml = 1000.0 * 50.0 / (6.0 * 40.0 / 24.35);
    cr_expect(fabs(body_csf_ng_per_ml(&b, 0, at) / ng_per_ml - 1.0) < 0.01,
              "%g ng/mL at L3, expected %g", body_csf_ng_per_ml(&b, 0, at), ng_per_ml);
    cr_expect(body_csf_ng_per_ml(&b, 0, away) < 1e-6);
    expect_verified(&b, "injection", 0);
    body_free(&b);
}

/* One cell of 65.15/60 cm; the middle of L3 lies between its centre and the next one's. */
Test(body, a_point_injection_fills_its_own_cell)
{
    const body_param_t p = body_param_default();
    body_t b;
    begin(&b, &p);
    const int at = site(&b, "L3");
    cr_assert_eq(body_inject_level(&b, 0, 50.0, "L3", &e), 0, "%s", e.text);
    const double dx = 65.15 / 60.0, share = 12.5 - 12.75 / dx;
    cr_expect(fabs(body_csf_ng_per_ml(&b, 0, at) / (share * 50e3 / (dx * 40.0 / 24.35)) - 1.0) <
                  1e-9,
              "%g ng/mL at L3", body_csf_ng_per_ml(&b, 0, at));
    body_free(&b);
}

Test(body, tip_reads_mass_over_the_zones_volume)
{
    body_param_t p = body_param_default();
    const double ug = 100.0;
    body_t b;
    p.csf[0].tip_zone_ml = 2.5;
    begin(&b, &p);
    advance(&b, 0, &ug);
    cr_expect_float_eq(body_tip_ng_per_ml(&b, 0), 40000.0, 1e-8);
    body_free(&b);
}

Test(body, two_bodies_give_the_same_bits)
{
    const body_param_t p = body_param_default();
    double one[READS], two[READS];
    body_t b[2];
    for (int k = 0; k < 2; k++) {
        begin(&b[k], &p);
        (void)site(&b[k], "L3/4");
        for (int i = 1; i < 40; i++) {
            const double ug = 3.0 * i;
            advance(&b[k], 7 * i, &ug);
        }
        read_all(&b[k], k == 0 ? one : two);
    }
    cr_expect_arr_eq(one, two, sizeof one);
    body_free(&b[0]);
    body_free(&b[1]);
}

Test(body, bad_steps_are_refused_and_change_nothing)
{
    const body_param_t p = body_param_default();
    const double negative = -1.0, none = (double)NAN, fine = 1.0;
    body_ledger_t l;
    body_t b;
    begin(&b, &p);
    cr_expect_eq(body_advance(&b, 10, &negative, &e), ERROR_ARGUMENT);
    cr_expect_eq(body_advance(&b, 10, &none, &e), ERROR_ARGUMENT);
    cr_expect_eq(body_advance(&b, -10, &fine, &e), ERROR_ARGUMENT);
    cr_expect_eq(body_inject(&b, 1, 1.0, 10.0, 0.0, &e), ERROR_ARGUMENT);
    cr_expect_eq(body_inject(&b, 0, 1.0, 100.0, 0.0, &e), ERROR_ARGUMENT);
    cr_expect_eq(body_regime(&b, 1, &e), ERROR_ARGUMENT);
    cr_expect_eq(body_site(&b, "L6", &e), ERROR_ARGUMENT);
    body_ledger(&b, 0, &l);
    cr_expect_eq(l.entered_ug, 0.0);
    body_free(&b);
}

/* What was given before it moved stays where it is; what follows is that of a body whose tip was there from the start. */
Test(body, a_tip_that_moves_feeds_its_new_place)
{
    body_param_t p = body_param_default();
    body_t moved, there;
    double a[READS], b[READS];
    const double none[1] = {0.0}, some[1] = {100.0};
    begin(&moved, &p);
    p.tip_level = "T4";
    begin(&there, &p);
    (void)site(&moved, "L3/4");
    (void)site(&there, "L3/4");
    cr_assert_eq(body_tip_move(&moved, there.state->site_cm[site(&there, "T4")], &e), 0);
    for (int day = 0; day < 3; day++) {
        advance(&moved, 1440, day == 1 ? none : some);
        advance(&there, 1440, day == 1 ? none : some);
    }
    read_all(&moved, a);
    read_all(&there, b);
    for (int i = 0; i < READS; i++)
        cr_expect_float_eq(a[i], b[i], 1e-12 * fabs(b[i]), "reading %d: %g and %g", i, a[i], b[i]);
    expect_verified(&moved, "moved", 0);
    cr_expect_eq(body_tip_move(&moved, -1.0, &e), ERROR_ARGUMENT);
    body_free(&moved);
    body_free(&there);
}

Test(body, drug_drawn_at_the_tip_is_missing_there_and_nowhere_else)
{
    const body_param_t p = body_param_default();
    const double some[1] = {100.0};
    body_t b;
    body_ledger_t before, after;
    double ug = 0.0;
    begin(&b, &p);
    advance(&b, 1440, some);
    body_ledger(&b, 0, &before);
    const double tip = body_tip_ng_per_ml(&b, 0);
    cr_assert_eq(body_tip_draw(&b, 0, 2.0, &ug, &e), 0);
    body_ledger(&b, 0, &after);
    cr_expect_gt(ug, 0.0);
    cr_expect_float_eq(before.csf_ug + before.tip_zone_ug - after.csf_ug - after.tip_zone_ug, ug,
                       1e-12 * before.csf_ug);
    cr_expect_float_eq(before.entered_ug - after.entered_ug, ug, 1e-12);
    cr_expect_float_eq(after.tissue_ug, before.tissue_ug, 1e-12 * before.tissue_ug);
    cr_expect_lt(body_tip_ng_per_ml(&b, 0), tip);
    for (int hour = 0; hour < 50; hour++) {
        cr_assert_eq(body_tip_draw(&b, 0, 20.0, &ug, &e), 0);
        advance(&b, 60, some);
        expect_verified(&b, "drawn, hour", hour);
    }
    cr_expect_eq(body_tip_draw(&b, 0, 0.0, &ug, &e), ERROR_ARGUMENT);
    body_free(&b);
}
