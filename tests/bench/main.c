/* SPDX-License-Identifier: Apache-2.0 */
/* `make bench`: the numbers to reach, measured in one run; each line says its study and its target. With BENCH_STRICT=1
 * a target that is missed is exit 1. */
#include "tests/bench/bench.h"

#include <gsl/gsl_errno.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
    const char *strict = getenv("BENCH_STRICT");
    (void)gsl_set_error_handler_off();
    bench_csf();
    bench_core();
    bench_study();
    return !bench_count() && strict != NULL && strcmp(strict, "1") == 0;
}
