/* SPDX-License-Identifier: Apache-2.0 */
/* Emergency access, for whoever must act without the clinic's programmer.
 *
 * The rule: a key of its own, made at the factory and kept with the pump's papers, lets anyone who holds the papers look, read the
 * logs, and stop the pump. It starts nothing and changes nothing: no dose, no refill, no time, no alarm acknowledged, and
 * a pump it has stopped is started again by the clinic's key alone. So a stranger with the papers can do harm by
 * withdrawal only, which the patient's treatment already has to be ready for.
 *
 * A core that does not know the role drops its frames; the functions then say that the pump did not reply.
 *
 * Thread rule: an emergency_t belongs to one thread at a time.
 */
#ifndef HOST_EMERGENCY_H
#define HOST_EMERGENCY_H

#include "error.h"
#include "host/logbook.h"
#include "host/programmer.h"

typedef struct emergency_t {
    programmer_t end;
} emergency_t;

/* `key` is copied; link->context is borrowed for em's life. */
void emergency_init(emergency_t *em, uint32_t device_id, const seal_key_t *key,
                    const programmer_link_t *link);

/* Errors as those of programmer.h and logbook.h. */
int emergency_look(emergency_t *em, programmer_report_t *report, error_t *e)
    __attribute__((warn_unused_result));
int emergency_stop(emergency_t *em, error_t *e) __attribute__((warn_unused_result));
int emergency_log(emergency_t *em, const logbook_page_t *page, uint32_t *count, error_t *e)
    __attribute__((warn_unused_result));

#endif
