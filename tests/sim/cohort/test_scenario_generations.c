/* SPDX-License-Identifier: Apache-2.0 */
/* Generations and lots of one pump over six years, as configs/scenarios/pump-generations.yaml has them. */
#include "tests/sim/cohort/scenario_life.h"

#include <criterion/criterion.h>

/* Its arms. */
enum { BEFORE, OF_2016, OF_2017, PARTICLE_LOT, FILM_LOT };

#define PATIENTS 100
#define DAY_MS INT64_C(86400000)

/* What is left of one life. */
typedef struct generation_t {
    bool stalled; /* for good */
    double stalled_ms, delivered_ml, unit_error, film_ohm;
} generation_t;

static generation_t live(const study_t *s, int64_t arm, int64_t patient)
{
    fixture_life_t l;
    fixture_live(study_arm(s, arm), (record_key_t){patient, (int32_t)arm, 0}, &l.record, &l.view);
    const generation_t g = {
        (int)fixture_at(&l, FIELD_PUMPS_END, 0) == FIELDS_REASON_STALL,
        fixture_at(&l, FIELD_PUMPS_ENDED_MS, 0), fixture_at(&l, FIELD_PUMPS_VOLUME_DELIVERED_ML, 0),
        fixture_at(&l, FIELD_PUMPS_UNIT_ERROR, 0), fixture_at(&l, FIELD_PUMPS_FILM_OHM, 0)};
    record_free(&l.record);
    return g;
}

/* Published: of pumps before 2016 with drugs off their label 8.9 % stood still for good after six years, so of 100, within three
 * standard errors, 1 to 17; what was mended since took part of the causes away, and brought none. The same units, so that a
 * pump that stands still later, or not at all, is the mending's doing. */
Test(generations, each_generation_has_fewer_pumps_that_stand_still_and_none_earlier)
{
    study_t s = scenario_life_study("pump-generations");
    int stalled[3] = {0};
    for (int64_t patient = 1; patient <= PATIENTS; patient++) {
        const generation_t before = live(&s, BEFORE, patient);
        stalled[BEFORE] += before.stalled;
        for (int arm = OF_2016; arm <= OF_2017 && (before.stalled || patient <= 5); arm++) {
            const generation_t g = live(&s, arm, patient);
            stalled[arm] += g.stalled;
            cr_expect_geq(g.stalled_ms, before.stalled_ms, "patient %d, arm %d", (int)patient, arm);
            cr_expect_eq(g.unit_error, before.unit_error);
        }
    }
    cr_expect(stalled[BEFORE] >= 1 && stalled[BEFORE] <= 17, "%d of 100", stalled[BEFORE]);
    cr_expect_lt(stalled[OF_2016], stalled[BEFORE]);
    cr_expect_lt(2 * stalled[OF_2017], stalled[OF_2016], "most of them had worn shafts");
    study_free(&s);
}

/* As far as a film's pace shows after fifty days: in the lot it is 3.45 % of cells, in all others 0.14 %. */
static int64_t first_with_film(const study_t *s, int *count)
{
    int64_t first = 0;
    for (int64_t patient = 1; patient <= PATIENTS; patient++) {
        const bool film =
            live(s, FILM_LOT, patient).film_ohm > 2.0 * live(s, BEFORE, patient).film_ohm;
        *count += film;
        first = film && first == 0 ? patient : first;
    }
    return first;
}

static void cut_short(study_t *s)
{
    s->horizon_ms = 50 * DAY_MS;
    s->n_events = 0;
}

Test(generations, the_lot_with_films_has_cells_that_the_others_have_not_and_they_fail)
{
    study_t s = scenario_life_study("pump-generations"),
            brief = scenario_life_study("pump-generations");
    int films = 0;
    cut_short(&brief);
    cut_short(brief.arm[FILM_LOT].study);
    const int64_t patient = first_with_film(&brief, &films);
    cr_assert(films >= 1 && films <= 9, "%d of 100", films);
    const generation_t sound = live(&s, BEFORE, patient), faulty = live(&s, FILM_LOT, patient);
    cr_expect_gt(faulty.film_ohm, 40.0, "%g ohm", faulty.film_ohm);
    cr_expect_lt(sound.film_ohm, 10.0, "%g ohm", sound.film_ohm);
    cr_expect_lt(faulty.delivered_ml, sound.delivered_ml - 5.0, "it did not last");
    study_free(&s);
    study_free(&brief);
}

/* Of so few pumps none has a particle: then the lot is as its generation. */
Test(generations, a_lot_with_particles_is_else_as_its_generation)
{
    study_t s = scenario_life_study("pump-generations");
    const generation_t lot = live(&s, PARTICLE_LOT, 3), other = live(&s, OF_2017, 3);
    cr_expect_eq(lot.delivered_ml, other.delivered_ml);
    cr_expect_gt(study_arm(&s, PARTICLE_LOT)->pump.wear.particle_share, 0.0);
    study_free(&s);
}
