/* SPDX-License-Identifier: Apache-2.0 */
/* Scripted telemetry that is no therapy. */
#include "cohort/wire.h"

#include "cohort/visit.h"
#include "draw.h"

#include <stdbool.h>
#include <stdio.h>

#define PAGE 256u /* records read at a time */
#define PAYLOAD_MAX (STUDY_TITLE_SIZE / 2)

enum { INTRUDER_REPLAY = INTRUDER_NOISE + 1 }; /* not made by the intruder, only sent again */
#define WRONG(symbol, name)                                                                        \
    _Static_assert((int)STUDY_WRONG_##symbol == (int)INTRUDER_##symbol,                            \
                   "a study's frames are the intruder's");
#include "config/wrong.def"
#undef WRONG

static int clear(patient_t *p, const study_event_t *event, error_t *e)
{
    const int code = procedure_clear_alarms(&p->procedure, (uint32_t)event->alarms, e);
    if (code == 0) {
        patient_event(p, FIELDS_EVENT_ALARMS_CLEARED, FIELDS_REASON_SCRIPTED, (double)event->alarms,
                      0.0);
    }
    return visit_note_refusal(p, code, ORDER_CLEAR_ALARMS);
}

static int stop(patient_t *p, const study_event_t *event, error_t *e)
{
    const int code = procedure_stop(&p->procedure, event->by == STUDY_BY_PAPERS, e);
    if (code == 0) {
        patient_event(p, FIELDS_EVENT_STOPPED, FIELDS_REASON_SCRIPTED, event->by, 0.0);
    }
    return visit_note_refusal(p, code, ORDER_STOP);
}

static int read_log(patient_t *p, const study_event_t *event, uint32_t log, uint32_t *all,
                    error_t *e)
{
    logbook_record_t record[PAGE];
    logbook_page_t page = {log, 0u, PAGE, record};
    uint32_t count = PAGE;
    int code = 0;
    while (code == 0 && count == PAGE) {
        code = procedure_log(&p->procedure, event->by == STUDY_BY_PAPERS, &page, &count, e);
        *all += count;
        page.first = count > 0u ? record[count - 1u].number + 1u : page.first;
    }
    return code;
}

static int read_logs(patient_t *p, const study_event_t *event, error_t *e)
{
    uint32_t events = 0, faults = 0;
    int code = read_log(p, event, DOSING_LOG_EVENTS, &events, e);
    code = code != 0 ? code : read_log(p, event, DOSING_LOG_FAULTS, &faults, e);
    if (code == 0) {
        patient_event(p, FIELDS_EVENT_LOGS_READ, FIELDS_REASON_SCRIPTED, events, faults);
    }
    return visit_note_refusal(p, code, ORDER_READ_LOGS);
}

/* Pairs of digits as bytes; how many. */
static uint32_t bytes_of(const char *digits, uint8_t bytes[PAYLOAD_MAX])
{
    uint32_t n = 0;
    for (unsigned value; n < PAYLOAD_MAX && sscanf(digits + 2u * n, "%2x", &value) == 1; n++) {
        bytes[n] = (uint8_t)value;
    }
    return n;
}

static int send_image(patient_t *p, const study_event_t *event, error_t *e)
{
    uint8_t bytes[PAYLOAD_MAX];
    const programmer_patch_t patch = {(uint32_t)event->byte, bytes_of(event->payload, bytes),
                                      bytes};
    const int code = procedure_alter(&p->procedure, &patch, e);
    if (code == 0) {
        patient_event(p, FIELDS_EVENT_FRAME, FIELDS_REASON_SCRIPTED, DOSING_FRAME_COMMIT, 0.0);
    }
    return visit_note_refusal(p, code, ORDER_THERAPY);
}

static int send_one(patient_t *p, const intruder_frame_t *frame, bool replay, draw_t *draw,
                    int *status, error_t *e)
{
    const link_t *link = &p->procedure.link;
    return replay ? intruder_send_bytes(&p->procedure.intruder, link->latest, link->latest_length,
                                        status, e)
                  : intruder_send(&p->procedure.intruder, frame, draw, status, e);
}

static int send_frames(patient_t *p, const study_event_t *event, error_t *e)
{
    uint8_t bytes[PAYLOAD_MAX];
    const intruder_frame_t frame = {.role = (uint8_t)event->role,
                                    .type = (uint8_t)event->asks,
                                    .wrong = (intruder_wrong_t)event->wrong,
                                    .session = (intruder_session_t)event->session,
                                    .length = bytes_of(event->payload, bytes),
                                    .payload = bytes};
    int code = 0, status = INTRUDER_SILENCE;
    draw_t draw;
    draw_init(&draw, (uint64_t)p->study->seed, DRAW_FRAME, (uint64_t)p->key.patient,
              (uint64_t)p->key.replicate, p->visit);
    for (int64_t i = 0; i < event->frames && code == 0; i++) {
        code = send_one(p, &frame, event->wrong == STUDY_WRONG_REPLAY, &draw, &status, e);
    }
    patient_event(p, FIELDS_EVENT_FRAME, FIELDS_REASON_SCRIPTED, event->asks, status);
    return code;
}

int wire_carry_out(patient_t *p, const study_event_t *event, error_t *e)
{
    switch (event->order) {
    case STUDY_ORDER_CLEAR_ALARMS:
        return clear(p, event, e);
    case STUDY_ORDER_STOP:
        return stop(p, event, e);
    case STUDY_ORDER_READ_LOGS:
        return read_logs(p, event, e);
    case STUDY_ORDER_IMAGE:
        return send_image(p, event, e);
    default:
        return send_frames(p, event, e);
    }
}
