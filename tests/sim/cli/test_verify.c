/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim verify` as a user meets it: what is sound, what is not, and hashes of values. */
#include <criterion/criterion.h>
#include <hdf5.h>
#include <string.h>

#include "tests/sim/cli/user.h"

Test(verify, a_dataset_that_a_run_wrote_is_sound)
{
    static user_t o;
    user_run(&o, USER_SMALL "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    user_run(&o, "verify @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "sound: 3 records"), NULL, "%s", o.out);
}

Test(verify, the_hash_of_a_study_is_that_of_its_values_whoever_ran_it)
{
    static user_t one, two, other;
    user_run(&one, USER_SMALL "-o @/one.h5 --jobs 1");
    user_run(&two, USER_SMALL "-o @/two.h5 --jobs 2");
    user_run(&other, USER_SMALL "-o @/other.h5 --seed 5");
    user_run(&one, "verify --hash @/one.h5");
    user_run(&two, "verify --hash @/two.h5");
    user_run(&other, "verify --hash @/other.h5");
    cr_assert_eq(one.code, 0, "%s", one.err);
    cr_assert_neq(strstr(one.out, "  total\n"), NULL, "%s", one.out);
    cr_assert_str_eq(one.out, two.out);
    cr_assert_str_neq(one.out, other.out);
}

Test(verify, a_trace_verifies_and_a_letter_does_not)
{
    static user_t o;
    user_run(&o,
             "replay configs/baclofen-maintenance.yaml --set study.horizon='1 day' --set events=[] "
             "--patient 2 -o @/t.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    user_run(&o, "verify @/t.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    user_write("letter.h5", "Dear reader");
    user_run(&o, "verify @/letter.h5");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "FOREIGN"), NULL, "%s", o.err);
}

/* Makes the score of every patient at the end one that no rater can give. */
static void spoil(const char *name)
{
    char path[256];
    double score[3] = {9.0, 9.0, 9.0};
    const hid_t file = H5Fopen(user_path(path, sizeof path, name), H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t column = H5Dopen2(file, "/patients/ashworth_after_latent", H5P_DEFAULT);
    cr_assert_geq(H5Dwrite(column, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, score), 0);
    (void)H5Dclose(column);
    (void)H5Fclose(file);
}

Test(verify, a_dataset_with_a_problem_is_named_and_fails)
{
    static user_t o;
    user_run(&o, USER_SMALL "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    spoil("a.h5");
    user_run(&o, "verify @/a.h5");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "patients/ashworth_after_latent: 3 of 3 values outside 0 to 6"),
                  NULL, "%s", o.err);
    cr_assert_neq(strstr(o.err, "1 problem\n"), NULL, "%s", o.err);
    cr_assert_str_empty(o.out);
}
