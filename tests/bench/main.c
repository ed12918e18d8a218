/* SPDX-License-Identifier: Apache-2.0 */
/* `make bench`: the numbers to reach, measured in one run; each line says its study and its target. With BENCH_STRICT=1
 * a target that is missed is exit 1. Words on the command line choose parts: csf, core, device, study, read. */
#include "tests/bench/bench.h"

#include <gsl/gsl_errno.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    void (*run)(void);
} parts[] = {{"csf", bench_csf},
             {"core", bench_core},
             {"device", bench_device},
             {"study", bench_study},
             {"read", bench_read}};

/* All of them where none is named. */
static bool is_wanted(const char *name, int count, char **names)
{
    bool wanted = count == 0;
    for (int i = 0; i < count; i++) {
        wanted = wanted || strcmp(names[i], name) == 0;
    }
    return wanted;
}

int main(int argc, char **argv)
{
    const char *strict = getenv("BENCH_STRICT");
    (void)gsl_set_error_handler_off();
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (is_wanted(parts[i].name, argc - 1, argv + 1)) {
            parts[i].run();
        }
    }
    return !bench_count() && strict != NULL && strcmp(strict, "1") == 0;
}
