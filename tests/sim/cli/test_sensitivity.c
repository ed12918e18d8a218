/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim sensitivity` as a user meets it: on a study that is linear in what is varied, cut short, on one thread and on two. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/sim/cli/user.h"

/* A pump without a body, drawn empty at a refill on day 3: what is found is what was filled in less three days of dose. */
#define STUDY                                                                                      \
    " sensitivity configs/pump-bench.yaml --set study.patients=2 --set 'study.horizon=4 day'"      \
    " --set 'events=[{at: 3 day, order: refill, volume: 18 mL}]'"                                  \
    " --vary 'therapy.dose=100..200 ug/day' --vary 'pump.fill=16..18 mL' --outcome "               \
    "least_found_ml "

static user_t u;

/* Runs a line whose results go to s.csv. */
static int run(const char *arguments)
{
    char line[2048];
    (void)snprintf(line, sizeof line, "%s -o @/s.csv", arguments);
    return user_run(&u, line);
}

static double number(const json_t *root, size_t input, const char *key)
{
    return json_number_value(
        json_object_get(json_array_get(json_object_get(root, "inputs"), input), key));
}

/* 100 ug/day more at 500 ug/mL are 0.6 mL less after three days, but for the pump's own error of a few per cent; 2 mL more filled in
 * are 2 mL more. The one is drawn from each unit, so its effect spreads; the other is the same everywhere. */
Test(sensitivity, effects_on_a_linear_study_are_its_coefficients)
{
    json_error_t wrong;
    cr_assert_eq(run(STUDY "--method morris --trajectories 4 --json"), 0, "%s", u.err);
    json_t *root = json_loads(u.out, 0, &wrong);
    cr_assert_not_null(root, "%s", wrong.text);
    cr_expect_float_eq(number(root, 0, "mu"), -0.6, 0.04, "%g", number(root, 0, "mu"));
    cr_expect_float_eq(number(root, 1, "mu"), 2.0, 0.02, "%g", number(root, 1, "mu"));
    cr_expect_float_eq(number(root, 1, "mu_star"), fabs(number(root, 1, "mu")), 1e-12);
    cr_expect_float_eq(number(root, 1, "sigma"), 0.0, 0.02);
    cr_expect_null(json_object_get(root, "points"));
    json_decref(root);
}

/* The file without its end is what a run that was killed leaves: the last line torn. */
static void tear(void)
{
    char from[256], to[256];
    static char text[USER_OUTPUT_SIZE];
    const size_t kept = strlen(user_read("s.csv", text, sizeof text)) / 2;
    FILE *out = fopen(user_path(to, sizeof to, "s.csv.partial"), "w");
    cr_assert_not_null(out);
    cr_assert_neq(text[kept - 1], '\n');
    cr_assert_eq(fwrite(text, 1, kept, out), kept);
    cr_assert_eq(fclose(out), 0);
    cr_assert_eq(unlink(user_path(from, sizeof from, "s.csv")), 0);
}

Test(sensitivity, threads_and_a_resume_change_nothing)
{
    static char csv[USER_OUTPUT_SIZE], again[USER_OUTPUT_SIZE], out[USER_OUTPUT_SIZE];
    cr_assert_eq(run(STUDY "--method sobol --points 3 --jobs 1"), 0, "%s", u.err);
    (void)user_read("s.csv", csv, sizeof csv);
    strcpy(out, u.out);
    cr_expect_not_null(strstr(out, "Simulated"));
    tear();
    cr_assert_eq(run(STUDY "--method sobol --points 3 --jobs 2"), 1);
    cr_expect_not_null(strstr(u.err, "--resume goes on with it"));
    cr_assert_eq(run(STUDY "--method sobol --points 4 --resume"), 1);
    cr_expect_not_null(strstr(u.err, "of another analysis"));
    cr_assert_eq(run(STUDY "--method sobol --points 3 --jobs 2 --resume"), 0, "%s", u.err);
    cr_expect_str_eq(user_read("s.csv", again, sizeof again), csv);
    cr_expect_str_eq(u.out, out);
    cr_assert_eq(run(STUDY "--method sobol --points 3"), 1);
    cr_expect_not_null(strstr(u.err, "--force replaces it"));
}

/* Four levels of a grid that is even in the logarithm: 50, 100, 200 and 400. */
Test(sensitivity, a_logarithmic_input_is_even_in_its_logarithm)
{
    cr_assert_eq(
        run("sensitivity configs/pump-bench.yaml --set 'study.horizon=1 day' --vary-log "
            "'therapy.dose=50..400 ug/day' --outcome dose_start_ug_per_day --method morris "
            "--trajectories 6"),
        0, "%s", u.err);
    int lines = 0;
    static char csv[USER_OUTPUT_SIZE];
    char *text = user_read("s.csv", csv, sizeof csv), *state = NULL;
    for (char *line = strtok_r(text, "\n", &state); line != NULL;
         line = strtok_r(NULL, "\n", &state)) {
        double dose = 0.0, mean = 0.0;
        if (sscanf(line, "%*[0-9],%lf,%lf", &dose, &mean) == 2) {
            const double step = log2(dose / 50.0);
            cr_expect_float_eq(step, round(step), 1e-9, "%s", line);
            cr_expect_float_eq(mean, dose, 0.01 * dose, "%s", line);
            lines++;
        }
    }
    cr_expect_eq(lines, 24);
}

Test(sensitivity, misuse_is_exit_2_and_says_how_to_go_on)
{
    static const struct {
        const char *arguments, *told;
    } wrong[] = {
        {"sensitivity configs/pump-bench.yaml --outcome refills", "nothing to vary"},
        {"sensitivity configs/pump-bench.yaml --vary 'pump.fill=1..2 mL'", "no --outcome"},
        {"sensitivity configs/pump-bench.yaml --vary 'pump.fill=1..2 mL' --outcome refill",
         "no number of table outcomes is called 'refill'"},
        {"sensitivity configs/pump-bench.yaml --vary 'pump.fill=1..2 mL' --outcome refills --arm x",
         "pump-bench has no arm 'x'; its arms are 0 reference"},
        {"sensitivity configs/pump-bench.yaml --vary 'pump.fill=1..2 mL' --outcome refills "
         "--method "
         "all",
         "morris, sobol or both"},
        {"sensitivity configs/pump-bench.yaml --vary 'pump.fill=1..2 mL' --outcome refills "
         "--points 1",
         "from 2"},
        {"sensitivity configs/pump-bench.yaml --vary 'pump.full=1..2 mL' --outcome refills",
         "unknown key"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_expect_eq(run(wrong[i].arguments), 2, "%s", wrong[i].arguments);
        cr_expect_not_null(strstr(u.err, wrong[i].told), "'%s' lacks '%s'", u.err, wrong[i].told);
    }
}

Test(sensitivity, an_outcome_that_nobody_has_is_told_with_its_point)
{
    cr_assert_eq(run("sensitivity configs/pump-bench.yaml --set 'study.horizon=1 day' --vary "
                     "'pump.fill=10..20 mL' --outcome ashworth_change --trajectories 2"),
                 1);
    cr_expect_not_null(strstr(u.err, "nobody has a value of ashworth_change"));
    cr_expect_not_null(strstr(u.err, "the point was --set 'pump.fill="));
}
