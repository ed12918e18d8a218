/* SPDX-License-Identifier: Apache-2.0 */
/* The emergency role's end of the wire: what it may ask for, and nothing else. */
#include "host/emergency.h"

#include "dosing_frame.h"

void emergency_init(emergency_t *em, uint32_t device_id, const seal_key_t *key,
                    const programmer_link_t *link)
{
    programmer_init(&em->end, device_id, key, link);
    em->end.role = DOSING_ROLE_EMERGENCY;
}

int emergency_look(emergency_t *em, programmer_report_t *report, error_t *e)
{
    return programmer_interrogate(&em->end, report, e);
}

int emergency_stop(emergency_t *em, error_t *e)
{
    return programmer_stop(&em->end, e);
}

int emergency_log(emergency_t *em, const logbook_page_t *page, uint32_t *count, error_t *e)
{
    return logbook_read(&em->end, page, count, e);
}
