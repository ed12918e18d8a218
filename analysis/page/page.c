/* SPDX-License-Identifier: Apache-2.0 */
/* Puts the sections of a page one after the other. */
#include "page/page.h"

#include "page/asset.h"
#include "page/explorer.h"
#include "page/figure.h"
#include "page/html.h"
#include "page/section.h"

static int put_figures(const source_t *s, enum figure_id from, enum figure_id to, FILE *out,
                       error_t *e)
{
    int rc = 0;
    fputs("<div class=\"plates\">\n", out);
    for (int id = (int)from; rc == 0 && id <= (int)to; id++) {
        rc = figure_put(s, (enum figure_id)id, out, e);
    }
    fputs("</div>\n", out);
    return rc;
}

static int put_time(const source_t *s, FILE *out, error_t *e)
{
    html_paragraph(
        NULL,
        "Lines are medians of the patients with a pump who are followed on that day. "
        "Shaded is the central half of them; paler, or between dashes where there are "
        "several arms, nine tenths. Bands show how patients differ: they are no interval "
        "of an estimate. The interval of each median is in the table below its figure.",
        out);
    const int rc = put_figures(s, FIGURE_DOSE, FIGURE_VOLTAGE, out, e);
    section_targets(s, out);
    return rc;
}

static int put_survival(const source_t *s, FILE *out, error_t *e)
{
    html_paragraph(NULL,
                   "A life begins when a pump is put in and ends when it is taken out or stops for "
                   "good, or with its patient; one that still works at the end of the run is "
                   "censored there. Units are drawn anew for each pump.",
                   out);
    return put_figures(s, FIGURE_PUMP_SURVIVAL, FIGURE_PUMP_CAUSES, out, e);
}

static int put_catheters(const source_t *s, FILE *out, error_t *e)
{
    if (s->summary.events[FIELDS_EVENT_CATHETER_FAILED] == 0) {
        html_paragraph(NULL,
                       "No catheter of this study failed of itself: they do where catheter.fails "
                       "says so.",
                       out);
        return 0;
    }
    html_paragraph(
        NULL,
        "A life begins when a catheter is put in and ends when it first fails of itself, or with "
        "its patient. What a script imposes, and what fails again after a repair, is not in it.",
        out);
    return put_figures(s, FIGURE_CATHETERS, FIGURE_CATHETER_CAUSES, out, e);
}

static int put_events(const source_t *s, FILE *out, error_t *e)
{
    section_events(s, out);
    return put_figures(s, FIGURE_FIRST_EVENTS, FIGURE_FIRST_EVENTS, out, e);
}

static int put_refills(const source_t *s, FILE *out, error_t *e)
{
    section_refills(s, out);
    return put_figures(s, FIGURE_REFILL_RATIO, FIGURE_REFILL_FOUND, out, e);
}

static const struct {
    html_place_t place;
    int (*put)(const source_t *s, FILE *out, error_t *e);
} sections[] = {
    {{"study", "The question"}, section_study},
    {{"outcomes", "Outcomes"}, section_outcomes},
    {{"arms", "Arms side by side"}, section_arms},
    {{"time", "Over time"}, put_time},
    {{"explorer", "Patient by patient"}, explorer_put},
    {{"survival", "Survival of pumps"}, put_survival},
    {{"catheters", "Survival of catheters"}, put_catheters},
    {{"events", "Adverse and other events"}, put_events},
    {{"refills", "Refill accuracy"}, put_refills},
    {{"validation", "Validation"}, section_validation},
    {{"errors", "Three kinds of error"}, section_errors},
    {{"assumptions", "Assumptions"}, section_assumptions},
    {{"provenance", "Provenance"}, section_provenance},
};
#define SECTIONS (sizeof sections / sizeof sections[0])

static void put_script(enum asset_id id, FILE *out)
{
    fputs("<script>\n", out);
    asset_put(id, out);
    fputs("\n</script>\n", out);
}

int page_put(const source_t *s, FILE *out, error_t *e)
{
    const provenance_t *p = s->summary.provenance;
    char kicker[256];
    html_place_t place[SECTIONS];
    int rc = 0;
    (void)snprintf(kicker, sizeof kicker, "thecasim report · %.200s", p->study);
    html_begin(&(html_head_t){p->title[0] != '\0' ? p->title : p->study, kicker, provenance_note(),
                              p->description},
               out);
    for (size_t i = 0; i < SECTIONS; i++) {
        place[i] = sections[i].place;
    }
    html_contents(place, SECTIONS, out);
    for (size_t i = 0; rc == 0 && i < SECTIONS; i++) {
        html_section(&place[i], out);
        rc = sections[i].put(s, out, e);
        html_section_end(out);
    }
    put_script(ASSET_DYGRAPH, out);
    put_script(ASSET_EXPLORER_DATA, out);
    put_script(ASSET_EXPLORER_DRAW, out);
    put_script(ASSET_EXPLORER_CANAL, out);
    put_script(ASSET_EXPLORER, out);
    html_end(out);
    return rc;
}
