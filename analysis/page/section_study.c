/* SPDX-License-Identifier: Apache-2.0 */
/* What was asked, of whom, in which arms. */
#include "page/section.h"

#include <inttypes.h>

#include "page/html.h"

static void put_fact(const char *name, const char *value, const char *unit, const char *from,
                     FILE *out)
{
    fputs("<div title=\"", out);
    html_text(from, out);
    fputs("\"><dt>", out);
    html_text(name, out);
    fputs("</dt><dd>", out);
    html_text(value, out);
    if (unit[0] != '\0') {
        fputs(" <small>", out);
        html_text(unit, out);
        fputs("</small>", out);
    }
    fputs("</dd></div>\n", out);
}

static void put_facts(const source_t *s, FILE *out)
{
    const provenance_t *p = s->summary.provenance;
    char text[64];
    fputs("<dl class=\"facts\">\n", out);
    (void)snprintf(text, sizeof text, "%" PRId64, p->patients);
    put_fact("Patients", text, p->arms.count > 1 ? "in each arm" : "", "provenance/patients", out);
    (void)snprintf(text, sizeof text, "%zu", p->arms.count);
    put_fact("Arms", text, p->arms.count > 1 ? "on the same draws" : "", "arms/name", out);
    (void)snprintf(text, sizeof text, "%.4g", (double)p->horizon_ms / PEOPLE_MS_PER_DAY);
    put_fact("Horizon", text, "days", "provenance/horizon_ms", out);
    (void)snprintf(text, sizeof text, "%.4g", s->summary.patient_days / PEOPLE_DAYS_PER_YEAR);
    put_fact("Followed", text, "patient-years", "patients/stop_time_ms", out);
    (void)snprintf(text, sizeof text, "%" PRIu64, p->seed);
    put_fact("Seed", text, "", "provenance/seed", out);
    fputs("</dl>\n", out);
}

static void put_drugs(const provenance_t *p, FILE *out)
{
    for (size_t i = 0; i < p->drugs.count; i++) {
        fputs(i == 0 ? "" : ", ", out);
        html_text(p->drugs.name[i], out);
    }
}

static void put_arms(const source_t *s, FILE *out)
{
    const provenance_t *p = s->summary.provenance;
    const html_column_t column[] = {
        {"arm", 0}, {"patients", 1}, {"with a pump", 1}, {"what sets it apart", 0}};
    html_table("The arms", column, sizeof column / sizeof column[0], out);
    for (size_t arm = 0; arm < s->history.people.arms; arm++) {
        const char *settings = arm < p->settings.count ? p->settings.name[arm] : NULL;
        html_row(out);
        html_cell_head(source_arm(s, arm), out);
        html_cell_count(s->history.people.of_arm[arm], out);
        html_cell_count(s->history.people.with_pump[arm], out);
        html_cell_from(
            settings != NULL && settings[0] != '\0' ? settings : "the study as it stands", out);
        html_row_end(out);
    }
    html_table_end(out);
}

static void put_ends(const source_t *s, FILE *out)
{
    size_t shown = 0;
    fputs("<p class=\"soft\">Trajectories ended by ", out);
    for (int i = 0; i < SUMMARY_CHOICES; i++) {
        if (s->summary.stopped[i] > 0) {
            fprintf(out, "%s", shown++ > 0 ? ", " : "");
            html_words(fields_choice_name(FIELDS_TYPE_STOP, i), out);
            fprintf(out, ": %zu", s->summary.stopped[i]);
        }
    }
    fprintf(out, " of %zu.", s->summary.records);
    if (s->summary.weighted) {
        fputs(" Some weights differ from 1; they are not applied on this page.", out);
    }
    fputs("</p>\n", out);
}

int section_study(const source_t *s, FILE *out, error_t *e)
{
    const provenance_t *p = s->summary.provenance;
    (void)e;
    fputs("<p>The study <em>", out);
    html_text(p->study, out);
    fprintf(out, "</em> follows %" PRId64 " simulated patients%s. In the pump: ", p->patients,
            p->arms.count > 1 ? ", each living once in every arm, on the same random draws" : "");
    put_drugs(p, out);
    fputs(". Every value on this page was computed from the dataset of this study; point at a "
          "number, or look under <em>from</em>, for the field that it comes from.</p>\n",
          out);
    put_facts(s, out);
    put_arms(s, out);
    put_ends(s, out);
    return 0;
}
