/* SPDX-License-Identifier: Apache-2.0 */
/* The pump's logs as a programmer reads them: records checked one by one, and named. */
#ifndef HOST_LOGBOOK_H
#define HOST_LOGBOOK_H

#include <stdint.h>

#include "error.h"
#include "host/programmer.h"

/* What `a` and `b` say depends on the code: DOSING_EVENT_* in dosing_frame.h. */
typedef struct logbook_record_t {
    uint32_t number; /* rises by one; a gap is a loss */
    uint32_t code;
    uint64_t time_ms; /* the pump's own clock */
    uint64_t a;
    uint32_t b;
} logbook_record_t;

/* What to read, and where to. */
typedef struct logbook_page_t {
    uint32_t log;   /* DOSING_LOG_EVENTS or DOSING_LOG_FAULTS */
    uint32_t first; /* least number wanted */
    uint32_t room;
    logbook_record_t *record; /* record[room], the caller's */
} logbook_page_t;

/* Reads records in one session until there are no more or page->room are there; *count of them, their numbers rising.
 * ERROR_CORE_REFUSED: as programmer.h has it, or a record is damaged or out of order; *count are good. */
int logbook_read(programmer_t *p, const logbook_page_t *page, uint32_t *count, error_t *e)
    __attribute__((warn_unused_result));

/* A code in words; never NULL; static storage. */
const char *logbook_text(uint32_t code);

#endif
