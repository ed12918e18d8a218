/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim regress`: two dosing cores on the same patients, and what differs. */
#include "cli/command.h"
#include "cli/regress_golden.h"
#include "cli/regress_junit.h"
#include "cli/regress_page.h"
#include "cli/regress_record.h"
#include "cli/regress_search.h"
#include "cli/report_file.h"
#include "regress/regression.h"
#include "regress/regression_json.h"
#include "regress/regression_text.h"
#include "regress/search.h"
#include "regress/shrink.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 4096

typedef struct regress_options_t {
    const char *core[POOL_SIDES];
    const char *junit, *page, *shrink, *golden, *record, *departures;
    bool json, write;
    int64_t jobs, search, seed, patients;
} regress_options_t;

/* The executable of this process: what its witnesses run too. */
static int find_program(char path[PATH_SIZE])
{
    const ssize_t n = readlink("/proc/self/exe", path, PATH_SIZE - 1);
    if (n < 0) {
        fprintf(stderr, "thecasim: error: regress: /proc/self/exe: %s\n", strerror(errno));
        return CLI_FAILED;
    }
    path[n] = '\0';
    return CLI_DONE;
}

/* A core that cannot be loaded is a verdict where it is the candidate, and a mistake of who calls where it is the baseline. */
static int failed(int side, const error_t *e)
{
    if (side == POOL_CANDIDATE) {
        printf("FAIL: the candidate cannot be loaded: %s\n", e->text);
        return CLI_FAILED;
    }
    const int code = command_failed(e);
    return side == POOL_BASELINE ? CLI_USAGE : code;
}

static int write_junit(const void *context, FILE *out, error_t *e)
{
    return regress_junit_write(context, out, e);
}

static int write_page(const void *context, FILE *out, error_t *e)
{
    (void)e; /* what is not written is told by the file's own end */
    regress_page_put(context, out);
    return 0;
}

static int report(const regress_options_t *o, const regress_page_t *s)
{
    error_t e = {0};
    int rc = o->junit != NULL ? report_file(o->junit, write_junit, s, &e) : 0;
    rc = rc == 0 && o->page != NULL ? report_file(o->page, write_page, s, &e) : rc;
    if (rc == 0 && o->json) {
        rc = regression_json_write(s->r, s->names,
                                   s->groups != NULL ? regress_population_json(s->groups) : NULL,
                                   stdout, &e);
    } else if (rc == 0) {
        if (s->groups != NULL) {
            regress_population_print(s->groups, stdout);
        }
        regression_text_print(s->r, s->names, stdout);
    }
    if (rc != 0) {
        return command_failed(&e);
    }
    return s->r->passes ? CLI_DONE : CLI_FAILED;
}

static bool shrinks(const regress_options_t *o, const regression_t *r)
{
    return o->shrink != NULL && r->story != r->units &&
           !regression_verdict_passes(r->unit[r->story].verdict);
}

/* The unit whose story is told: the first that does not pass of those that part soonest. */
static int shrink(const pool_t *pool, const regress_page_t *s)
{
    shrink_t found;
    error_t e = {0};
    if (s->shrunk == NULL) {
        return CLI_DONE;
    }
    if (shrink_unit(&found, pool, s->r, s->r->story, s->shrunk, &e) < 0) {
        return command_failed(&e);
    }
    regression_names_t names = *s->names;
    names.path = s->shrunk;
    fprintf(stderr, "shrunk to %.4g h and %zu events in %zu lives; side by side: ",
            (double)found.horizon_ms / 3.6e6, found.events, found.tried);
    regression_text_replay(&names, stderr);
    return CLI_DONE;
}

/* The suite's lives, and where it asks for it their populations. */
static int live(regression_t *r, regress_population_t *g, pool_t *pool, int *side, error_t *e)
{
    memset(r, 0, sizeof *r);
    int code = regress_population_begin(g, pool->suite, e);
    code = code != 0 ? code : regression_run(r, pool, g->judged ? &g->kept : NULL, side, e);
    if (code != 0 || !g->judged) {
        return code;
    }
    code = regress_population_finish(g, pool, e);
    r->level[SUITE_POPULATION] = !g->passes;
    r->passes = r->passes && g->passes;
    return code;
}

static int compare(const regress_options_t *o, pool_t *pool, const char *shown_as)
{
    regression_t r;
    regress_population_t groups;
    error_t e = {0};
    int side = -1, code;
    if (live(&r, &groups, pool, &side, &e) < 0) {
        code = failed(side, &e);
    } else {
        const regression_names_t names = {
            shown_as, {o->core[0], o->core[1]}, {pool->id[0], pool->id[1]}};
        const regress_page_t subject = {&r, &names, groups.judged ? &groups : NULL,
                                        shrinks(o, &r) ? o->shrink : NULL};
        code = report(o, &subject);
        const int shrunk = shrink(pool, &subject);
        code = shrunk == CLI_DONE ? code : shrunk;
    }
    regress_population_free(&groups);
    regression_free(&r);
    return code;
}

/* The candidate alone: held to what is kept of another, or recorded. */
static int live_alone(const regress_options_t *o, pool_t *pool)
{
    error_t e = {0};
    int side = -1;
    const int code = o->record != NULL ? regress_record(pool, o->record, &side, &e)
                                       : regress_golden(pool, o->golden, o->write, &side, &e);
    return code < 0 ? failed(side, &e) : code;
}

static int judge(const regress_options_t *o, const char *path, const char *shown_as,
                 const suite_t *suite)
{
    char program[PATH_SIZE];
    int jobs = 1, code = find_program(program);
    code = code == CLI_DONE ? command_jobs(&jobs, o->jobs, "regress") : code;
    if (code != CLI_DONE) {
        return code;
    }
    pool_t pool = {.program = program,
                   .path = path,
                   .suite = suite,
                   .core = {o->core[0], o->core[1]},
                   .jobs = jobs,
                   .interrupt = command_interrupt()};
    const bool alone = o->record != NULL || o->golden != NULL;
    return alone ? live_alone(o, &pool) : compare(o, &pool, shown_as);
}

/* The suite says how exact and how patient the search is; its scenarios are not lived. */
static int search(const regress_options_t *o, const char *path, const suite_t *suite)
{
    regress_search_t s;
    char again[PATH_SIZE];
    error_t e = {0};
    int code = regress_search_begin(&s, suite, (uint64_t)o->seed, (size_t)o->search, &e);
    (void)snprintf(again, sizeof again, "%.3900s --search %lld --seed %lld", path,
                   (long long)o->search, (long long)o->seed);
    if (code < 0) {
        code = command_failed(&e);
    } else {
        code = judge(o, s.path, again, &s.suite);
    }
    regress_search_end(&s);
    return code;
}

/* Whether something is asked that takes two cores on the suite, or on drawn scenarios. */
static bool asks_of_two(const regress_options_t *o)
{
    return o->core[POOL_BASELINE] != NULL || o->shrink != NULL || o->json || o->junit != NULL ||
           o->page != NULL || o->departures != NULL || o->search > 0;
}

/* What is wrong with the options together; NULL: nothing. */
static const char *misuse(const regress_options_t *o)
{
    if (o->search > SEARCH_SCENARIOS_MAX) {
        return "--search: at most 512 scenarios; another --seed draws others";
    }
    if (o->write && o->golden == NULL) {
        return "--write goes with --golden TRACE.txt";
    }
    if (o->golden != NULL && asks_of_two(o)) {
        return "--golden takes the place of a baseline; it goes with --candidate, --write and "
               "--jobs";
    }
    if (o->record != NULL && (asks_of_two(o) || o->golden != NULL)) {
        return "--record compares nothing; it goes with --candidate alone";
    }
    if (o->departures != NULL && o->search > 0) {
        return "--departures names scenarios of the suite, which --search does not live";
    }
    return NULL;
}

/* The suite with what else decides of what is compared, as in a command line. */
static void show(const regress_options_t *o, const char *path, char shown[PATH_SIZE])
{
    char first[40] = "";
    if (o->patients > 0) {
        (void)snprintf(first, sizeof first, " --patients %lld", (long long)o->patients);
    }
    (void)snprintf(shown, PATH_SIZE, "%.2000s%s%.2000s%s", path,
                   o->departures != NULL ? " --departures " : "",
                   o->departures != NULL ? o->departures : "", first);
}

int regress_command(int argc, char **argv)
{
    regress_options_t o = {.seed = 1};
    const option_row_t row[] = {
        {"baseline", 'a', OPTION_TEXT, &o.core[POOL_BASELINE], "A.so",
         "the core that is trusted; default: the built-in one"},
        {"candidate", 'b', OPTION_TEXT, &o.core[POOL_CANDIDATE], "B.so",
         "the core that is judged; default: the built-in one"},
        {"shrink", 0, OPTION_TEXT, &o.shrink, "OUT.yaml",
         "write the shortest scenario found that still differs there, as a suite"},
        {"search", 0, OPTION_COUNT, &o.search, "N",
         "live N scenarios drawn from --seed in place of the suite's"},
        {"seed", 0, OPTION_COUNT, &o.seed, "S", "of the search; default: 1"},
        {"golden", 0, OPTION_TEXT, &o.golden, "TRACE.txt",
         "compare the candidate with what a released core did, as kept there, in place of a "
         "baseline"},
        {"write", 0, OPTION_FLAG, &o.write, NULL,
         "with --golden: print what differs, then keep what the candidate does there"},
        {"record", 0, OPTION_TEXT, &o.record, "OUT.calls",
         "write all that the candidate is asked and answered, to lead its build for a target "
         "through it "
         "(tests/target)"},
        {"json", 0, OPTION_FLAG, &o.json, NULL, "print JSON: every difference of every life"},
        {"junit", 0, OPTION_TEXT, &o.junit, "OUT.xml",
         "write JUnit XML there: a case for each life, population and departure"},
        {"departures", 0, OPTION_TEXT, &o.departures, "FILE.yaml",
         "where a candidate of another make differs by design, and by how much it may"},
        {"page", 0, OPTION_TEXT, &o.page, "OUT.html",
         "write one page there: verdict, levels, first difference, populations"},
        {"patients", 0, OPTION_COUNT, &o.patients, "N",
         "live the first N patients of each scenario, for a first look; default: all"},
        {"jobs", 'j', OPTION_COUNT, &o.jobs, "N", "processes; default: all cores"},
    };
    const command_t command = {
        "regress",
        "SUITE.yaml",
        "two dosing cores on the same patients, draws and faults: what differs, and where first",
        "thecasim regress configs/regress/smoke.yaml --baseline released.so --candidate "
        "build/release/dosing_core.so",
        row,
        sizeof row / sizeof row[0],
        1,
        1};
    operands_t left;
    suite_t suite = {.scenarios = 0};
    departure_t departure;
    int code = options_parse(&command, argc, argv, &left);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    const char *wrong = misuse(&o);
    if (wrong != NULL) {
        fprintf(stderr, "thecasim: error: regress: %s\n", wrong);
        return CLI_USAGE;
    }
    code = command_suite(&suite, left.item[0], o.patients);
    if (code == CLI_DONE && o.departures != NULL) {
        code = command_departures(&departure, o.departures, &suite);
    }
    if (code == CLI_DONE) {
        char shown[PATH_SIZE];
        show(&o, left.item[0], shown);
        code = o.search > 0 ? search(&o, left.item[0], &suite)
                            : judge(&o, left.item[0], shown, &suite);
    }
    suite_free(&suite);
    return code;
}
