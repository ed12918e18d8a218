/* SPDX-License-Identifier: Apache-2.0 */
/* The patient's end of the wire: one request, one look. */
#include "host/controller.h"

#include <stddef.h>

#include "dosing_frame.h"
#include "dosing_status.h"
#include "host/session.h"

static const struct {
    dosing_status_t status;
    controller_answer_t answer;
    const char *text;
} answers[] = {
    {DOSING_OK, CONTROLLER_GIVEN, "Your dose has started."},
    {DOSING_REFUSED_LOCKOUT, CONTROLLER_LOCKED, "It is too soon for another dose."},
    {DOSING_REFUSED_COUNT, CONTROLLER_SPENT, "You have had all doses of this period."},
    {DOSING_REFUSED_BUSY, CONTROLLER_BUSY, "Another dose is being given."},
    {DOSING_REFUSED_VOLUME, CONTROLLER_EMPTY, "The pump is nearly empty. Call your clinic."},
    {DOSING_REFUSED_ALARM, CONTROLLER_ALARM, "The pump has an alarm. Call your clinic now."},
    {DOSING_REFUSED_NOT_NOW, CONTROLLER_NOT_MEANT, "Your pump gives no doses on request."},
};
#define ANSWERS (sizeof answers / sizeof answers[0])

void controller_init(controller_t *c, uint32_t device_id, const seal_key_t *key,
                     const programmer_link_t *link)
{
    programmer_init(&c->end, device_id, key, link);
    c->end.role = DOSING_ROLE_PATIENT;
}

static int look(controller_t *c, controller_view_t *view, error_t *e)
{
    programmer_report_t r;
    const int status = programmer_ask_report(&c->end, &r, e);
    if (status == 0) {
        *view = (controller_view_t){.giving = r.delivery == DOSING_DELIVERY_PATIENT,
                                    .lockout_minutes = r.lockout_minutes,
                                    .given = r.patient_given,
                                    .refused = r.patient_refused,
                                    .alarms = r.alarms};
    }
    return status;
}

static int ask(controller_t *c, controller_answer_t *answer, error_t *e)
{
    session_reply_t reply = {NULL, 0u};
    const int status =
        session_try(&c->end, DOSING_FRAME_REQUEST, (session_request_t){NULL, 0u}, &reply, e);
    for (size_t i = 0; i < ANSWERS && status >= 0; i++) {
        if ((int)answers[i].status == status) {
            *answer = answers[i].answer;
            return 0;
        }
    }
    return status < 0 ? status : session_refused(DOSING_FRAME_REQUEST, status, e);
}

int controller_request(controller_t *c, controller_answer_t *answer, controller_view_t *view,
                       error_t *e)
{
    int status = session_open(&c->end, e);
    if (status < 0) {
        return status;
    }
    status = ask(c, answer, e);
    if (status == 0 && view != NULL) {
        status = look(c, view, e);
    }
    return session_close(&c->end, status, e);
}

int controller_look(controller_t *c, controller_view_t *view, error_t *e)
{
    int status = session_open(&c->end, e);
    if (status < 0) {
        return status;
    }
    status = look(c, view, e);
    return session_close(&c->end, status, e);
}

const char *controller_text(controller_answer_t answer)
{
    for (size_t i = 0; i < ANSWERS; i++) {
        if (answers[i].answer == answer) {
            return answers[i].text;
        }
    }
    return "";
}
