/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim check` as a user meets it, and that `run` refuses what it refuses. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/sim/cli/user.h"

Test(check, a_body_that_cannot_be_built_is_refused_before_anything_is_written)
{
    static const char *const sets[] = {"body.csf.dispersion_thoracic=0.018 cm2/h",
                                       "body.csf.leak=50 mL/h"};
    static user_t o;
    for (size_t i = 0; i < 2; i++) {
        char line[256];
        (void)snprintf(line, sizeof line, "check configs/baclofen-maintenance.yaml --set '%s'",
                       sets[i]);
        user_run(&o, line);
        cr_assert_eq(o.code, 2, "%s: exit %d", line, o.code);
        cr_assert_str_empty(o.out);
        cr_assert_neq(strstr(o.err, "no body can be built"), NULL, "%s", o.err);
        (void)snprintf(line, sizeof line,
                       "run configs/baclofen-maintenance.yaml -o @/x.h5 --set '%s'", sets[i]);
        user_run(&o, line);
        cr_assert_eq(o.code, 2, "%s: exit %d", line, o.code);
        cr_assert_not(user_has("x.h5"));
        cr_assert_not(user_has("x.h5.journal"));
    }
}

Test(check, check_warns_of_a_patient_at_whom_a_run_would_stop)
{
    static user_t o;
    user_run(
        &o, "check configs/baclofen-maintenance.yaml --set 'body.csf.dispersion_thoracic=8 cm2/h'");
    cr_assert_eq(o.code, 0);
    cr_assert_neq(strstr(o.err, "warning: patient 1 of arm reference cannot be built"), NULL, "%s",
                  o.err);
    cr_assert_eq(strstr(o.out, ": sound:"), NULL, "%s", o.out);
}
