/* SPDX-License-Identifier: Apache-2.0 */
/* Hearing: the share of the hours in which a tone reaches its patient. */
#include <criterion/criterion.h>

#include "care/hearing.h"
#include "device/sounder.h"
#include "draw.h"

static const sounder_param_t pump = {
#define PARAM PARAM_DEFAULT
#include "device/sounder.def"
#undef PARAM
};

Test(hearing, the_share_is_that_of_its_row_at_the_level_and_age_of_its_rows)
{
    clinic_param_t p = clinic_param_default();
    static const double share[] = {0.05, 0.5, 0.9};
    for (size_t i = 0; i < sizeof share / sizeof share[0]; i++) {
        p.tone_heard = share[i];
        cr_expect_float_eq(hearing_share(&p, p.tone_level_db, p.hearing_age_year), share[i], 1e-12);
    }
}

/* 10 dB are one spread: Phi(1) and Phi(-1) from a half. */
Test(hearing, a_louder_tone_is_heard_in_more_hours)
{
    const clinic_param_t p = clinic_param_default();
    cr_expect_float_eq(hearing_share(&p, 70.0, 51.0), 0.841344746, 1e-9);
    cr_expect_float_eq(hearing_share(&p, 50.0, 51.0), 0.158655254, 1e-9);
    double before = 0.0;
    for (double level = 20.0; level <= 120.0; level += 5.0) {
        cr_expect_gt(hearing_share(&p, level, 51.0) + 1e-300, before);
        before = hearing_share(&p, level, 51.0);
    }
}

/* Median losses at 2 kHz: 80 years 25.0 dB, 51 years 7.1 dB, below 18 none. */
Test(hearing, an_older_ear_hears_less)
{
    const clinic_param_t p = clinic_param_default();
    const double as_old_db = 0.0065 * (62.0 * 62.0 - 33.0 * 33.0);
    cr_expect_float_eq(hearing_share(&p, 60.0, 80.0), hearing_share(&p, 60.0 - as_old_db, 51.0),
                       1e-12);
    cr_expect_gt(hearing_share(&p, 60.0, 20.0), 0.7);
    cr_expect_eq(hearing_share(&p, 60.0, 10.0), hearing_share(&p, 60.0, 18.0));
}

Test(hearing, of_nobody_and_of_everybody_knows_no_level)
{
    clinic_param_t p = clinic_param_default();
    p.tone_heard = 0.0;
    cr_expect_eq(hearing_share(&p, 120.0, 18.0), 0.0);
    p.tone_heard = 1.0;
    cr_expect_eq(hearing_share(&p, 20.0, 80.0), 1.0);
}

/* Adults as the population draws them, pumps as deep as they come: on the mean what one number said before. */
Test(hearing, of_all_patients_is_on_the_mean_that_of_the_reference)
{
    const clinic_param_t p = clinic_param_default();
    double advisory = 0.0, critical = 0.0;
    draw_t d;
    draw_init(&d, 5, DRAW_TEST, 0, 0, 0);
    for (int i = 0; i < 20000; i++) {
        sounder_param_t unit = pump;
        const double age = draw_truncated_normal(&d, 51.0, 14.0, 18.0, 80.0);
        sounder_param_draw(&unit, &d);
        advisory += hearing_share(&p, sounder_level_db(&unit, false), age) / 20000.0;
        critical += hearing_share(&p, sounder_level_db(&unit, true), age) / 20000.0;
    }
    cr_expect_float_eq(advisory, 0.5, 0.03, "%g", advisory);
    cr_expect(critical > 0.55 && critical < 0.65, "%g", critical);
}
