/* SPDX-License-Identifier: Apache-2.0 */
/* The similarity range of a person's operator: where a body begins to refuse it, and how far the default is. */
#include <criterion/criterion.h>
#include <string.h>

#include "body/anatomy.h"
#include "body/body.h"
#include "body/csf_grid.h"
#include "body/csf_operator.h"

/* The modes of such a canal are good to 1e-6, which is less than a body promises. */
Test(range, refuses_a_range_that_its_ledger_could_not_bear)
{
    body_param_t p = body_param_default();
    body_t b;
    error_t e = {0};
    p.csf[0].spinal_share = 1.0;
    p.csf[0].dispersion_lumbar_cm2_per_h = 37.0;
    p.csf[0].dispersion_thoracic_cm2_per_h = 37.0;
    p.csf[0].dispersion_cervical_cm2_per_h = 37.0;
    cr_expect_eq(body_init(&b, &p, &e), ERROR_OPERATOR_RANGE);
    cr_expect_neq(strstr(e.text, "similarity range"), NULL, "%s", e.text);
    body_free(&b);
}

Test(range, the_default_range_is_far_from_the_limit)
{
    csf_param_t csf = parameters_csf();
    drug_param_t drug = parameters_drug();
    anatomy_t anatomy;
    csf_grid_t grid;
    csf_operator_t op;
    error_t e = {0};
    cr_assert_eq(anatomy_init(&anatomy, &csf, &e), 0, "%s", e.text);
    cr_assert_eq(csf_grid_person(&grid, &csf, &anatomy, 40.0, &e), 0, "%s", e.text);
    cr_assert_eq(csf_operator_init(&op, &grid, &drug, &e), 0, "%s", e.text);
    cr_expect_lt(op.range, 0.1 * BODY_RANGE_MAX, "the default range is %g", op.range);
    csf_operator_free(&op);
    csf_grid_free(&grid);
}
