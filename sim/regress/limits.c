/* SPDX-License-Identifier: Apache-2.0 */
/* What a process may use. */
#define _XOPEN_SOURCE 700 /* RLIMIT_AS, getrusage */
#include "regress/limits.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define RESERVES_MORE true
#elif defined __has_feature
#define RESERVES_MORE (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define RESERVES_MORE false
#endif

static int limit(int resource, const char *what, int64_t most, error_t *e)
{
    struct rlimit r;
    if (getrlimit(resource, &r) == 0) {
        r.rlim_cur = (rlim_t)most;
        if (r.rlim_max != RLIM_INFINITY && r.rlim_cur > r.rlim_max) {
            r.rlim_cur = r.rlim_max;
        }
        if (setrlimit(resource, &r) == 0) {
            return 0;
        }
    }
    return ERROR_RAISE(e, ERROR_LIBRARY, "%s of a process cannot be limited: %s", what,
                       strerror(errno));
}

int limits_begin(error_t *e)
{
    int code = limit(RLIMIT_CORE, "the core file", 0, e);
    if (code == 0 && !RESERVES_MORE) {
        code = limit(RLIMIT_AS, "memory", LIMITS_MEMORY_BYTES, e);
    }
    return code;
}

int limits_next(int64_t cpu_ms, error_t *e)
{
    struct rusage used;
    if (getrusage(RUSAGE_SELF, &used) != 0) {
        return ERROR_RAISE(e, ERROR_LIBRARY, "processor time is not known: %s", strerror(errno));
    }
    /* Whole seconds, and never fewer than asked for. */
    const int64_t spent_s = used.ru_utime.tv_sec + used.ru_stime.tv_sec + 2;
    return limit(RLIMIT_CPU, "processor time", spent_s + (cpu_ms + 999) / 1000, e);
}
