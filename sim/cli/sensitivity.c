/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim sensitivity`: which inputs of a study move the mean of an outcome. */
#include "cli/command.h"
#include "cli/sensitivity_input.h"
#include "cli/sensitivity_plan.h"
#include "cli/sensitivity_run.h"
#include "cohort/thaw.h"
#include "statistics/morris.h"
#include "statistics/sobol.h"
#include "summary/sensitivity_text.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_MAX 1048576
#define IDENTITY_SIZE 256

typedef struct sensitivity_options_t {
    const char *output, *core, *outcome, *arm, *method;
    int64_t jobs_asked, points, trajectories;
    bool json, force, resume;
    option_list_t set, vary, vary_log;
} sensitivity_options_t;

/* ---- what is asked for ---- */

static int usage(const char *text)
{
    fprintf(stderr, "thecasim: error: sensitivity: %s\n", text);
    return CLI_USAGE;
}

static int read_inputs(const sensitivity_options_t *o, sensitivity_input_t *input, size_t *inputs)
{
    const option_list_t *list[] = {&o->vary, &o->vary_log};
    error_t e = {0};
    *inputs = 0;
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; i < list[k]->count; i++) {
            if (*inputs == SENSITIVITY_INPUTS_MAX) {
                return usage("more than 64 inputs");
            }
            if (sensitivity_input_read(&input[(*inputs)++], list[k]->item[i], k == 1, &e) < 0) {
                command_error(&e);
                return CLI_USAGE;
            }
        }
    }
    return CLI_DONE;
}

/* Without --vary: all that the study says it does not know. */
static int take_uncertain(const study_t *s, sensitivity_input_t *input, size_t *inputs)
{
    for (int64_t k = 0; k < s->n_uncertain; k++) {
        sensitivity_input_uncertain(&input[(*inputs)++], &s->uncertain[k]);
    }
    return *inputs > 0
               ? CLI_DONE
               : usage("nothing to vary: --vary 'therapy.dose=100..300 ug/day', once for each "
                       "input, or a list `uncertain` in the study");
}

_Static_assert(
    STUDY_UNCERTAIN_MAX <= SENSITIVITY_INPUTS_MAX && SENSITIVITY_INPUTS_MAX <= MORRIS_INPUTS_MAX,
    "every uncertain parameter of a study may be an input, and Morris's design takes all");

static bool wants(const sensitivity_options_t *o, const char *method)
{
    return o->method == NULL || strcmp(o->method, "both") == 0 || strcmp(o->method, method) == 0;
}

static int check_inputs(const sensitivity_options_t *o, size_t inputs)
{
    char text[160];
    if (inputs <= SOBOL_INPUTS_MAX || !wants(o, "sobol")) {
        return CLI_DONE;
    }
    (void)snprintf(text, sizeof text,
                   "%zu inputs, and Sobol's design takes 20: --method morris finds those that "
                   "matter; name them with --vary",
                   inputs);
    return usage(text);
}

static int find_outcome(const char *name, enum fields_id *outcome)
{
    return name != NULL ? command_field(outcome, name, TABLE_OUTCOMES, "sensitivity")
                        : usage("no --outcome: a field of table outcomes, for example "
                                "lumbar_ng_per_ml; thecasim reference --dataset lists them");
}

/* What decides the results, and so whether a file of them may be gone on with. */
static int make_identity(const sensitivity_run_t *r, const study_t *s, const sensitivity_plan_t *p,
                         char text[IDENTITY_SIZE], error_t *e)
{
    unsigned char hash[16];
    char hex[2 * sizeof hash + 1], part[256];
    char *resolved = NULL;
    crypto_generichash_state state;
    const int rc = study_resolved(s, &resolved, e);
    if (rc < 0) {
        return rc;
    }
    (void)crypto_generichash_init(&state, NULL, 0, sizeof hash);
    (void)crypto_generichash_update(&state, (const unsigned char *)resolved, strlen(resolved) + 1);
    (void)crypto_generichash_update(&state, (const unsigned char *)r->core->code,
                                    strlen(r->core->code) + 1);
    for (size_t i = 0; i < r->inputs; i++) {
        const sensitivity_input_t *in = &r->input[i];
        const int n = snprintf(part, sizeof part, "%s %.17g %.17g %s %d", in->key, in->low,
                               in->high, in->unit, in->logarithmic);
        (void)crypto_generichash_update(&state, (const unsigned char *)part, (size_t)n + 1);
    }
    (void)crypto_generichash_final(&state, hash, sizeof hash);
    free(resolved);
    (void)snprintf(text, IDENTITY_SIZE,
                   "simulated; thecasim " THECASIM_VERSION
                   " sensitivity of %.64s, arm %d, %zu trajectories, %zu points, %s",
                   s->name, r->arm, p->trajectories, p->points,
                   sodium_bin2hex(hex, sizeof hex, hash, sizeof hash));
    return 0;
}

/* ---- all ---- */

/* Every end of every range must be a study, before anything is run. */
static int check_ends(const sensitivity_run_t *r, error_t *e)
{
    double x[SENSITIVITY_INPUTS_MAX];
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < 2 * r->inputs; i++) {
        study_t study;
        for (size_t k = 0; k < r->inputs; k++) {
            x[k] = 0.5;
        }
        x[i / 2] = (double)(i % 2);
        rc = sensitivity_run_study(r, x, 1, &study, e);
        if (rc == 0) {
            study_free(&study);
        }
    }
    return rc;
}

static int report(const sensitivity_options_t *o, const sensitivity_run_t *r,
                  const sensitivity_plan_t *p, const study_t *s, error_t *e)
{
    sensitivity_text_input_t input[SENSITIVITY_INPUTS_MAX];
    morris_t morris;
    sobol_t sobol;
    const uint64_t seed = (uint64_t)s->seed;
    int rc = p->trajectories > 0
                 ? morris_estimate(&morris, p->design, p->y, p->inputs, p->trajectories, seed, e)
                 : 0;
    if (rc == 0 && p->points > 0) {
        rc = sobol_estimate(&sobol, p->y + p->screen, p->inputs, p->points, seed, e);
    }
    for (size_t i = 0; i < p->inputs; i++) {
        const sensitivity_input_t *in = &r->input[i];
        input[i] =
            (sensitivity_text_input_t){in->key, in->unit, in->low, in->high, in->logarithmic};
    }
    const sensitivity_text_t t = {s->name,
                                  s->arms.name[r->arm],
                                  r->outcome,
                                  s->patients,
                                  input,
                                  p->inputs,
                                  p->trajectories > 0 ? &morris : NULL,
                                  p->points > 0 ? &sobol : NULL};
    return rc != 0   ? rc
           : o->json ? sensitivity_text_json(&t, stdout, e)
                     : sensitivity_text_print(&t, stdout, e);
}

static int analyse(const sensitivity_options_t *o, sensitivity_run_t *r, const study_t *s)
{
    char identity[IDENTITY_SIZE], path[STUDY_NAME_SIZE + 32];
    sensitivity_plan_t p = {.inputs = r->inputs,
                            .trajectories = wants(o, "morris") ? (size_t)o->trajectories : 0,
                            .points = wants(o, "sobol") ? (size_t)o->points : 0};
    error_t e = {0};
    (void)snprintf(path, sizeof path, "%s-sensitivity.csv", s->name);
    r->path = o->output != NULL ? o->output : path;
    r->identity = identity;
    int code = make_identity(r, s, &p, identity, &e);
    code = code != 0 ? code : check_ends(r, &e);
    code = code != 0 ? code : sensitivity_plan_make(&p, (uint64_t)s->seed, &e);
    if (code == 0) {
        fprintf(stderr, "thecasim: %zu cohorts of %" PRId64 " patients\n", p.evaluations,
                s->patients);
        code = sensitivity_run(r, p.x, p.seed, p.y, p.evaluations, &e);
    }
    code = code != 0 ? code : report(o, r, &p, s, &e);
    sensitivity_plan_free(&p);
    if (code == 0) {
        return CLI_DONE;
    }
    code = command_failed(&e);
    if (code == CLI_INTERRUPTED) {
        fprintf(stderr, "thecasim: the same command with --resume goes on\n");
    }
    return e.code == ERROR_CONFIG ? CLI_USAGE : code;
}

static int check_options(const sensitivity_options_t *o)
{
    const char *m = o->method;
    if (m != NULL && strcmp(m, "morris") != 0 && strcmp(m, "sobol") != 0 &&
        strcmp(m, "both") != 0) {
        return usage("--method is morris, sobol or both");
    }
    if (o->points < 2 || o->points > POINTS_MAX || o->trajectories < 2 ||
        o->trajectories > POINTS_MAX) {
        return usage("--points and --trajectories are from 2 to 1048576");
    }
    return CLI_DONE;
}

/* What frozen people bring with them does not go by the study. */
static int check_frozen(const sensitivity_run_t *r, const study_t *s)
{
    for (size_t i = 0; i < r->inputs && s->cohort.file[0] != '\0'; i++) {
        if (thaw_brings(r->input[i].key)) {
            fprintf(stderr,
                    "thecasim: error: sensitivity: the people of %s bring %s with them, and it "
                    "cannot be varied; take out population.cohort\n",
                    s->cohort.file, r->input[i].key);
            return CLI_USAGE;
        }
    }
    return CLI_DONE;
}

static int start(const sensitivity_options_t *o, const char *path)
{
    sensitivity_input_t input[SENSITIVITY_INPUTS_MAX];
    sensitivity_run_t r = {.study = path,
                           .set = &o->set,
                           .input = input,
                           .resume = o->resume,
                           .overwrite = o->force,
                           .interrupt = command_interrupt()};
    study_t study;
    core_t core;
    int code = check_options(o);
    code = code != CLI_DONE ? code : read_inputs(o, input, &r.inputs);
    code = code != CLI_DONE ? code : find_outcome(o->outcome, &r.outcome);
    code = code != CLI_DONE ? code : command_jobs(&r.jobs, o->jobs_asked, "sensitivity");
    code = code != CLI_DONE ? code : command_study(&study, path, &o->set);
    if (code != CLI_DONE) {
        return code;
    }
    code = r.inputs > 0 ? CLI_DONE : take_uncertain(&study, input, &r.inputs);
    code = code != CLI_DONE ? code : check_inputs(o, r.inputs);
    code = code != CLI_DONE ? code : check_frozen(&r, &study);
    code = code != CLI_DONE ? code : command_study_arm(&r.arm, o->arm, &study, "sensitivity");
    code = code != CLI_DONE ? code : command_core(&core, o->core);
    if (code == CLI_DONE) {
        r.core = &core;
        code = analyse(o, &r, &study);
        core_close(&core);
    }
    study_free(&study);
    return code;
}

int sensitivity_command(int argc, char **argv)
{
    sensitivity_options_t o = {.points = 64, .trajectories = 10};
    const option_row_t row[] = {
        {"vary", 0, OPTION_LIST, &o.vary, "KEY=LOW..HIGH UNIT",
         "an input, even between its ends; may be repeated; default: the study's list `uncertain`"},
        {"vary-log", 0, OPTION_LIST, &o.vary_log, "KEY=LOW..HIGH UNIT",
         "the same, even in its logarithm"},
        {"outcome", 0, OPTION_TEXT, &o.outcome, "FIELD",
         "of table outcomes; its mean is looked at"},
        {"arm", 0, OPTION_TEXT, &o.arm, "A", "whose, by name or number; default: the first"},
        {"method", 0, OPTION_TEXT, &o.method, "NAME", "morris, sobol or both; default: both"},
        {"trajectories", 0, OPTION_COUNT, &o.trajectories, "N",
         "of Morris's design, 2 (inputs + 1) cohorts each; default: 10"},
        {"points", 0, OPTION_COUNT, &o.points, "N",
         "of Sobol's design, 2 (inputs + 2) cohorts each; default: 64"},
        {"output", 'o', OPTION_TEXT, &o.output, "OUT.csv",
         "every point and its mean; default: STUDY-sensitivity.csv, here"},
        {"set", 0, OPTION_LIST, &o.set, "KEY=VALUE",
         "replace one value of the study; may be repeated"},
        {"core", 0, OPTION_TEXT, &o.core, "CORE.so",
         "another dosing core; default: the built-in one"},
        {"jobs", 'j', OPTION_COUNT, &o.jobs_asked, "N", "threads; default: all cores"},
        {"json", 0, OPTION_FLAG, &o.json, NULL, "print JSON"},
        {"resume", 0, OPTION_FLAG, &o.resume, NULL, "go on with OUT.csv.partial"},
        {"force", 0, OPTION_FLAG, &o.force, NULL, "replace what has that name"},
    };
    const command_t command = {
        "sensitivity",
        "STUDY.yaml",
        "which inputs of a study move the mean of an outcome: Morris, Sobol",
        "thecasim sensitivity configs/baclofen-maintenance.yaml --set study.patients=20 \\\n"
        "    --vary 'therapy.dose=100..300 ug/day' --vary-log 'drugs[0].kinetics.loss=0.1..1 1/h' "
        "\\\n"
        "    --outcome lumbar_ng_per_ml",
        row,
        sizeof row / sizeof row[0],
        1,
        1};
    operands_t left;
    const int code = options_parse(&command, argc, argv, &left);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    return start(&o, left.item[0]);
}
