/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim witness`: what `regress` starts, once for each core and processor: patients lived with one core, in messages. */
#include "cli/command.h"
#include "regress/witness.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct witness_options_t {
    const char *core, *before;
    bool others;
    int64_t first, stride, most, patients, window, calls;
} witness_options_t;

/* The core that a path, or the word for the one that is built in, names. */
static int load(const char *path, core_t *core, error_t *e)
{
    *core = core_builtin();
    return path == NULL || strcmp(path, CORE_CODE_BUILTIN) == 0 ? 0 : core_load(path, core, e);
}

static int testify(const witness_options_t *o, const suite_t *s)
{
    core_t core = core_builtin(), before = core_builtin();
    error_t e = {0}, refused = {0};
    int rc;
    if (load(o->before, &before, &refused) < 0) {
        rc = witness_refuse(STDOUT_FILENO, true, &refused, &e);
    } else if (load(o->core, &core, &refused) < 0) {
        rc = witness_refuse(STDOUT_FILENO, false, &refused, &e);
    } else {
        const witness_t w = {.suite = s,
                             .core = &core,
                             .before = o->before != NULL ? &before : NULL,
                             .fd = STDOUT_FILENO,
                             .first = (size_t)o->first,
                             .stride = (size_t)o->stride,
                             .most = (size_t)o->most,
                             .others = o->others,
                             .window = o->window,
                             .window_calls = o->calls};
        rc = witness_run(&w, &e);
    }
    core_close(&before);
    core_close(&core);
    return rc < 0 ? CLI_FAILED : CLI_DONE;
}

int witness_command(int argc, char **argv)
{
    witness_options_t o = {.stride = 1};
    const option_row_t row[] = {
        {"core", 0, OPTION_TEXT, &o.core, "CORE.so", "the dosing core; default: the built-in one"},
        {"before", 0, OPTION_TEXT, &o.before, "CORE.so",
         "the core that pumps of scenarios with 'upgrade' have first"},
        {"first", 0, OPTION_COUNT, &o.first, "N", "first unit of the suite, from 0"},
        {"stride", 0, OPTION_COUNT, &o.stride, "N", "then every N-th; default: 1"},
        {"most", 0, OPTION_COUNT, &o.most, "N", "at most so many; default: all"},
        {"patients", 0, OPTION_COUNT, &o.patients, "N", "of each scenario at most; default: all"},
        {"others", 0, OPTION_FLAG, &o.others, NULL, "people drawn from another seed"},
        {"window", 0, OPTION_COUNT, &o.window, "N", "first call to tell one by one"},
        {"calls", 0, OPTION_COUNT, &o.calls, "N", "how many of them; default: none"},
    };
    const command_t command = {
        "witness",
        "SUITE.yaml",
        "what 'regress' starts: live a suite with one core, tell of it in "
        "messages to a program",
        "thecasim witness configs/regress/smoke.yaml --first 3 --most 1 | wc -c",
        row,
        sizeof row / sizeof row[0],
        1,
        1};
    operands_t left;
    suite_t suite;
    int code = options_parse(&command, argc, argv, &left);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    if (o.stride < 1 || isatty(STDOUT_FILENO)) {
        fprintf(stderr, "thecasim: error: witness: %s\n",
                o.stride < 1 ? "--stride: at least 1"
                             : "its messages are for a program; see 'thecasim regress'");
        return CLI_USAGE;
    }
    code = command_suite(&suite, left.item[0], o.patients);
    if (code == CLI_DONE) {
        code = testify(&o, &suite);
        suite_free(&suite);
    }
    return code;
}
