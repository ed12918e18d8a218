/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of scripted orders, each by itself. */
#include "config/check_events.h"

#include <stdio.h>
#include <string.h>

#include "config/check_programme.h"

#define ERROR_AT(r, path, ...) reading_report((r), DIAGNOSTIC_ERROR, (path), __VA_ARGS__)
#define MS_PER_DAY 86400000.0
#define PATH_SIZE 64
#define PREFIX_SIZE 32

static void event_path(char *path, size_t index, const char *key)
{
    snprintf(path, PATH_SIZE, "events[%zu].%s", index, key);
}

/* Independent of time and order, so that it is judged for an event without a valid time too. */
static void check_volumes(const reading_t *r)
{
    const double *capacity = &r->study->pump.reservoir.capacity_ml;
    for (size_t i = 0; i < (size_t)r->study->n_events; i++) {
        const double *volume = &r->study->event[i].volume_ml;
        char path[PATH_SIZE];
        event_path(path, i, "volume");
        if (!reading_failed(r, capacity) && !reading_failed(r, volume) && *volume > *capacity)
            ERROR_AT(r, path, "%.9g mL is above pump.reservoir.capacity, %.9g mL", *volume,
                     *capacity);
    }
}

/* The rules of every programme that hold whatever is in the reservoir. */
static void check_programmes(const reading_t *r)
{
    const study_t *s = r->study;
    check_programme_t start = {"therapy", &s->therapy.mode, &s->therapy.dose_ug_per_day,
                               &s->therapy.modes};
    check_programme(r, &start);
    for (size_t i = 0; i < (size_t)s->n_events; i++) {
        const study_event_t *event = &s->event[i];
        char prefix[PREFIX_SIZE];
        check_programme_t p = {prefix, &event->mode, &event->dose_ug_per_day, &event->modes};
        snprintf(prefix, sizeof prefix, "events[%zu]", i);
        check_programme(r, &p);
    }
}

/* What is to be bytes. */
static void check_payloads(const reading_t *r)
{
    for (size_t i = 0; i < (size_t)r->study->n_events; i++) {
        const char *payload = r->study->event[i].payload;
        const size_t digits = strspn(payload, "0123456789abcdefABCDEF");
        char path[PATH_SIZE];
        event_path(path, i, "payload");
        if (!reading_failed(r, payload) && (payload[digits] != '\0' || digits % 2u != 0u))
            ERROR_AT(r, path, "\"%s\" is not pairs of hexadecimal digits", payload);
    }
}

/* For whom each order is, and that its moment comes in this study. */
static void check_addressees(const reading_t *r)
{
    const study_t *s = r->study;
    for (size_t i = 0; i < (size_t)s->n_events; i++) {
        const study_event_t *event = &s->event[i];
        char path[PATH_SIZE];
        event_path(path, i, "patient");
        if (!reading_failed(r, &event->patient) && !reading_failed(r, &s->patients) &&
            event->patient > s->patients)
            ERROR_AT(r, path, "%lld is above study.patients, %lld", (long long)event->patient,
                     (long long)s->patients);
        event_path(path, i, "fraction");
        if (!reading_failed(r, &event->fraction) && event->patient > 0 && event->fraction < 1.0)
            ERROR_AT(r, path, "the order is for one patient; give `patient` or `fraction`");
        event_path(path, i, "when");
        if (!reading_failed(r, &s->horizon_ms) && event->when.offset_ms > s->horizon_ms)
            ERROR_AT(r, path, "this long after the implant is after study.horizon, day %.9g",
                     (double)s->horizon_ms / MS_PER_DAY);
        if (!reading_failed(r, &s->clinic_policy) && event->when.after_implant &&
            s->clinic_policy == STUDY_POLICY_NONE)
            ERROR_AT(r, path,
                     "there is no implant where clinic.policy is none; give the time with `at`");
    }
}

void check_events(const reading_t *r)
{
    check_volumes(r);
    check_payloads(r);
    check_addressees(r);
    check_programmes(r);
}
