/* SPDX-License-Identifier: Apache-2.0 */
/* Backflow: the catheter's fluid, then CSF, arrives at the reservoir, and none of it is lost. */
#include "device/catheter_back.h"

#include "device/catheter_fault.h"
#include "draw.h"
#include "tests/models/device/usual_catheter.h"

#include <criterion/criterion.h>
#include <math.h>

static const double csf[1] = {2.0};

Test(catheter_back, what_is_in_tubing_and_catheter_comes_first)
{
    catheter_t c = usual_catheter();
    access_port_draw_t out;
    catheter_back_drive(&c, 0.3, csf, &out);
    cr_expect_float_eq(out.volume_ml, 0.3, 0.0);
    cr_expect_float_eq(out.ug[0], 150.0, 1e-9);
    cr_expect_float_eq(out.csf_ml, 0.3, 1e-15);
}

Test(catheter_back, csf_follows)
{
    catheter_t c = usual_catheter();
    access_port_draw_t out;
    catheter_back_drive(&c, 3.0, csf, &out);
    cr_expect_float_eq(catheter_mass_ug(&c, 0), 2.0 * c.volume_ml, 1e-9, "all is CSF");
    cr_expect_float_eq(out.ug[0], c.volume_ml * 500.0 + (3.0 - c.volume_ml) * 2.0, 1e-9);
}

Test(catheter_back, nothing_comes_through_a_closed_tip)
{
    catheter_t c = usual_catheter();
    access_port_draw_t out;
    cr_assert_eq(catheter_fault_occlude(&c, 0.0, 1.0, 0.0, NULL), 0);
    catheter_back_drive(&c, 0.3, csf, &out);
    cr_expect_float_eq(out.volume_ml, 0.0, 0.0);
    cr_expect_float_eq(out.ug[0], 0.0, 0.0);
}

Test(catheter_back, no_drug_is_lost_by_pushing_and_driving_back)
{
    for (int seed = 0; seed < 50; seed++) {
        catheter_t c = usual_catheter();
        double sum = catheter_mass_ug(&c, 0), scale = sum;
        draw_t d;
        draw_init(&d, (uint64_t)seed, DRAW_TEST, 0, 0, 3);
        for (int i = 0; i < 20; i++) {
            const double ug_per_ml[1] = {1000.0 * draw_uniform(&d)};
            const segment_t s = {i * 3.6e6, 3.6e6, 0.1 * draw_uniform(&d), 0.0};
            access_port_draw_t back;
            catheter_out_t out;
            catheter_push(&c, &s, ug_per_ml, &out);
            sum += ug_per_ml[0] * s.volume_ml - out.tip_ug[0];
            for (int place = 0; place < CATHETER_PLACES; place++) {
                sum -= out.lost_ug[place][0];
            }
            catheter_back_drive(&c, 0.2 * draw_uniform(&d), csf, &back);
            sum += back.csf_ug[0] - back.ug[0];
            scale = fmax(scale, sum);
            if (i == 10) {
                cr_assert_eq(
                    catheter_fault_leak(&c, 90.0 * draw_uniform(&d), draw_uniform(&d), NULL), 0);
            }
            cr_expect_float_eq(catheter_mass_ug(&c, 0), sum, 1e-12 * scale, "seed %d, step %d",
                               seed, i);
            cr_assert_eq(catheter_verify(&c, NULL), 0, "seed %d, step %d", seed, i);
        }
    }
}
