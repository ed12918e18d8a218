/* SPDX-License-Identifier: Apache-2.0 */
/* One line a target, and the count of them. */
#include "tests/bench/bench.h"

#include <math.h>
#include <stdio.h>

static int met, missed;

void bench_line(const char *what, double figure, const char *unit, bench_sense_t sense,
                double target)
{
    const bool least = sense == BENCH_AT_LEAST;
    printf("%-76s %8.*f %s, reach %s %g: ", what, figure < 100.0 ? 1 : 0, figure, unit,
           least ? ">=" : "<=", target);
    if (least ? figure >= target : figure <= target) {
        met++;
        printf("met, %.2f of it\n", figure / target);
    } else {
        missed++;
        printf("missed by %.*f\n", target < 100.0 ? 1 : 0, fabs(figure - target));
    }
    (void)fflush(stdout);
}

bool bench_count(void)
{
    printf("\n%d met, %d missed\n", met, missed);
    return missed == 0;
}
