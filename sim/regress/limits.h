/* SPDX-License-Identifier: Apache-2.0 */
/* What a process may use while it lives patients with a core that nobody trusts.
 *
 * Informed by setrlimit(2): memory and core files once, processor time anew for each patient, so that the limit of one does not
 * depend on those before it. Processor time is the machine's: a patient who is slow enough on a slow machine is called
 * endless, and nothing else that is compared depends on it.
 */
#ifndef SIM_REGRESS_LIMITS_H
#define SIM_REGRESS_LIMITS_H

#include "error.h"

#include <stdint.h>

/* Address space of a process, beyond which an allocation fails. Not limited where a sanitizer reserves more than that. */
#define LIMITS_MEMORY_BYTES (INT64_C(4) << 30)

/* No core files, no more memory than that. ERROR_LIBRARY. */
int limits_begin(error_t *e) __attribute__((warn_unused_result));

/* From here on cpu_ms of processor time; a process that uses more ends by SIGXCPU. ERROR_LIBRARY. */
int limits_next(int64_t cpu_ms, error_t *e) __attribute__((warn_unused_result));

#endif
