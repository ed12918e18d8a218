/* SPDX-License-Identifier: Apache-2.0 */
/* The second core passes smoke: what it does otherwise by design is written down with its reasons, all else is within what is allowed. */
#define _XOPEN_SOURCE 700
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/folder.h"

static char told[65536];

/* Holds the second core to the first on the suite that comes with the house; the exit code. */
static int smoke(const char *more)
{
    char line[1024];
    const char *build = getenv("BUILD");
    build = build != NULL ? build : "build/release";
    (void)snprintf(line, sizeof line,
                   "%.100s/thecasim regress configs/regress/smoke.yaml --candidate "
                   "%.100s/tests/second-core/second-core.so %.300s 2>&1",
                   build, build, more);
    FILE *out = popen(line, "r");
    cr_assert_not_null(out);
    told[fread(told, 1, sizeof told - 1, out)] = '\0';
    const int status = pclose(out);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

Test(smoke, the_second_core_passes_with_its_departures)
{
    cr_expect_eq(smoke("--departures tests/second-core/smoke.yaml"), 0, "%s", told);
    cr_expect_not_null(
        strstr(told, "PASS: 21 lives are within what is allowed, 27 differ by design"), "%s", told);
    cr_expect_not_null(strstr(told, "by design: It has no timed boluses\n"));
}

Test(smoke, without_its_departures_it_does_not)
{
    cr_expect_eq(smoke(""), 1);
    cr_expect_not_null(strstr(told, "FAIL: "));
}
