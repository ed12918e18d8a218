/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim sensitivity` as a user meets it: on a study that is linear in what is varied, cut short, on one thread and on two. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/folder.h"

/* A pump without a body, drawn empty at a refill on day 3: what is found is what was filled in less three days of dose. */
#define STUDY                                                                                      \
    " sensitivity configs/pump-bench.yaml --set study.patients=2 --set 'study.horizon=4 day'"      \
    " --set 'events=[{at: 3 day, order: refill, volume: 18 mL}]'"                                  \
    " --vary 'therapy.dose=100..200 ug/day' --vary 'pump.fill=16..18 mL' --outcome "               \
    "least_found_ml "

/* Runs in the folder of the test, standard output into `out`, errors into err. */
static int run(const char *arguments, const char *out)
{
    char line[2048];
    const char *build = getenv("BUILD");
    (void)snprintf(line, sizeof line, "%s/thecasim %s -o %s/s.csv >%s/%s 2>%s/err",
                   build != NULL ? build : "build/release", arguments, folder_of_test(),
                   folder_of_test(), out, folder_of_test());
    const int status = system(line);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static char *slurp(const char *name)
{
    static char text[2][65536];
    static int turn;
    char *to = text[turn++ % 2];
    folder_read(name, to, sizeof text[0]);
    return to;
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
    cr_assert_eq(run(STUDY "--method morris --trajectories 4 --json", "out"), 0, "%s",
                 slurp("err"));
    json_t *root = json_loads(slurp("out"), 0, &wrong);
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
    char *text = slurp("s.csv");
    const size_t kept = strlen(text) / 2;
    FILE *out = fopen(folder_path(to, sizeof to, "s.csv.partial"), "w");
    cr_assert_not_null(out);
    cr_assert_neq(text[kept - 1], '\n');
    cr_assert_eq(fwrite(text, 1, kept, out), kept);
    cr_assert_eq(fclose(out), 0);
    cr_assert_eq(unlink(folder_path(from, sizeof from, "s.csv")), 0);
}

Test(sensitivity, threads_and_a_resume_change_nothing)
{
    static char csv[65536], out[65536];
    cr_assert_eq(run(STUDY "--method sobol --points 3 --jobs 1", "out"), 0, "%s", slurp("err"));
    strcpy(csv, slurp("s.csv"));
    strcpy(out, slurp("out"));
    cr_expect_not_null(strstr(out, "Simulated"));
    tear();
    cr_assert_eq(run(STUDY "--method sobol --points 3 --jobs 2", "again"), 1);
    cr_expect_not_null(strstr(slurp("err"), "--resume goes on with it"));
    cr_assert_eq(run(STUDY "--method sobol --points 4 --resume", "again"), 1);
    cr_expect_not_null(strstr(slurp("err"), "of another analysis"));
    cr_assert_eq(run(STUDY "--method sobol --points 3 --jobs 2 --resume", "again"), 0, "%s",
                 slurp("err"));
    cr_expect_str_eq(slurp("s.csv"), csv);
    cr_expect_str_eq(slurp("again"), out);
    cr_assert_eq(run(STUDY "--method sobol --points 3", "again"), 1);
    cr_expect_not_null(strstr(slurp("err"), "--force replaces it"));
}

/* Four levels of a grid that is even in the logarithm: 50, 100, 200 and 400. */
Test(sensitivity, a_logarithmic_input_is_even_in_its_logarithm)
{
    cr_assert_eq(
        run("sensitivity configs/pump-bench.yaml --set 'study.horizon=1 day' --vary-log "
            "'therapy.dose=50..400 ug/day' --outcome dose_start_ug_per_day --method morris "
            "--trajectories 6",
            "out"),
        0, "%s", slurp("err"));
    int lines = 0;
    char *text = slurp("s.csv"), *state = NULL;
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
        cr_expect_eq(run(wrong[i].arguments, "out"), 2, "%s", wrong[i].arguments);
        cr_expect_not_null(strstr(slurp("err"), wrong[i].told), "'%s' lacks '%s'", slurp("err"),
                           wrong[i].told);
    }
}

Test(sensitivity, an_outcome_that_nobody_has_is_told_with_its_point)
{
    cr_assert_eq(run("sensitivity configs/pump-bench.yaml --set 'study.horizon=1 day' --vary "
                     "'pump.fill=10..20 mL' --outcome ashworth_change --trajectories 2",
                     "out"),
                 1);
    cr_expect_not_null(strstr(slurp("err"), "nobody has a value of ashworth_change"));
    cr_expect_not_null(strstr(slurp("err"), "the point was --set 'pump.fill="));
}
