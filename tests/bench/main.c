/* SPDX-License-Identifier: Apache-2.0 */
/* `make bench`: the numbers to reach, measured in one run; each line says its study and its target. */
#include "tests/bench/bench.h"

#include <gsl/gsl_errno.h>

int main(void)
{
    (void)gsl_set_error_handler_off();
    bench_csf();
    bench_core();
    bench_study();
    return 0;
}
