/* SPDX-License-Identifier: Apache-2.0 */
/* Events, refills, assumptions and provenance as text and tables. */
#include "page/section.h"

#include <inttypes.h>
#include <string.h>

#include "page/html.h"

/* ---- events ---- */

static void put_event(const source_t *s, size_t arm, enum occurrence_id which, FILE *out)
{
    const occurrence_t *row = occurrence_row(&s->history.occurrences, arm, which);
    char from[96];
    (void)snprintf(from, sizeof from,
                   which == OCCURRENCE_DEATH ? "patients/stop_reason = %s" : "events/kind = %s",
                   occurrence_name(which));
    html_row(out);
    html_cell_head(occurrence_label(which), out);
    html_cell_count(row->rate.events, out);
    html_cell_count(row->happened, out);
    html_cell_number(row->rate.rate, from, out);
    html_cell_interval(row->rate.ci.low, row->rate.ci.high, out);
    html_cell_text(row->rate.method == RATE_POISSON ? "Poisson" : "by patient", out);
    html_cell_from(from, out);
    html_row_end(out);
}

void section_events(const source_t *s, FILE *out)
{
    const html_column_t column[] = {
        {"", 0},        {"events", 1},   {"patients", 1}, {"per patient-year", 1},
        {"95 % CI", 1}, {"interval", 0}, {"from", 0}};
    html_paragraph(
        NULL,
        "Events per patient-year over all patients of the arm, from enrolment to the end "
        "of each trajectory, repeated ones counted. Intervals are 95 %, for a cohort of "
        "this size: exact Poisson where nobody had more than one, else by the patients’ "
        "own deviations. An event that happened to nobody has an upper end only.",
        out);
    for (size_t arm = 0; arm < s->history.occurrences.arms; arm++) {
        char caption[160];
        (void)snprintf(caption, sizeof caption, "Arm %.80s: events over %.4g patient-years",
                       source_arm(s, arm),
                       occurrence_row(&s->history.occurrences, arm, OCCURRENCE_DEATH)->rate.time);
        html_table(caption, column, sizeof column / sizeof column[0], out);
        for (int i = 0; i < OCCURRENCE_COUNT; i++) {
            put_event(s, arm, (enum occurrence_id)i, out);
        }
        html_table_end(out);
    }
}

/* ---- refills ---- */

static void put_ratio(const source_t *s, size_t arm, enum reference_quantity quantity,
                      const char *what, const char *from, FILE *out)
{
    const spread_t *q = &s->summary.arm[arm].quantity[quantity];
    html_row(out);
    html_cell_head(source_arm(s, arm), out);
    html_cell_text(what, out);
    html_cell_count(q->n, out);
    html_cell_count(q->units, out);
    html_cell_number(q->mean, from, out);
    html_cell_interval(q->mean_ci.low, q->mean_ci.high, out);
    html_cell_number(q->sd, from, out);
    html_cell_interval(q->low, q->high, out);
    html_cell_from(from, out);
    html_row_end(out);
}

static void put_ratios(const source_t *s, FILE *out)
{
    const html_column_t column[] = {{"arm", 0},  {"delivered / commanded", 0},
                                    {"n", 1},    {"patients", 1},
                                    {"mean", 1}, {"95 % CI", 1},
                                    {"SD", 1},   {"least to most", 1},
                                    {"from", 0}};
    html_table("Volume delivered over volume commanded", column, sizeof column / sizeof column[0],
               out);
    for (size_t arm = 0; arm < s->summary.arms; arm++) {
        put_ratio(s, arm, REFERENCE_VOLUME_RUN, "whole run",
                  "patients/volume_delivered_ml, volume_commanded_ml", out);
        put_ratio(s, arm, REFERENCE_VOLUME_REFILL, "each refill",
                  "refills/delivered_since_ml, commanded_since_ml", out);
    }
    html_table_end(out);
}

static void put_refill(const source_t *s, size_t arm, size_t k, FILE *out)
{
    const summary_refill_t *r = &s->summary.arm[arm].refill[k];
    html_row(out);
    html_cell_head(source_arm(s, arm), out);
    html_cell_count(k + 1, out);
    html_cell_count(r->records, out);
    html_cell_number(r->day, "refills/time_ms", out);
    html_cell_number(r->withdrawn_ml, "refills/withdrawn_ml", out);
    html_cell_number(r->expected_ml, "refills/expected_ml", out);
    html_cell_number(r->found_minus_expected_ml, "refills/withdrawn_ml - expected_ml", out);
    html_cell_number(r->filled_ml, "refills/filled_ml", out);
    html_row_end(out);
}

void section_refills(const source_t *s, FILE *out)
{
    const html_column_t column[] = {{"arm", 0},
                                    {"k", 1},
                                    {"patients", 1},
                                    {"day", 1},
                                    {"withdrawn (mL)", 1},
                                    {"expected (mL)", 1},
                                    {"difference (mL)", 1},
                                    {"filled (mL)", 1}};
    if (reader_rows(s->reader, TABLE_REFILLS) == 0) {
        html_paragraph("soft", "The dataset has no refill.", out);
        return;
    }
    html_paragraph(
        NULL,
        "How much a pump really gave is only seen at a refill, in what is left. The "
        "interval of all refills takes the patient as the unit, since the refills of one "
        "pump share its error.",
        out);
    put_ratios(s, out);
    fputs("<details><summary>Means of each patient’s k-th refill</summary>\n", out);
    html_table("The first refills", column, sizeof column / sizeof column[0], out);
    for (size_t arm = 0; arm < s->summary.arms; arm++) {
        for (size_t k = 0; k < s->summary.arm[arm].refill_rows; k++) {
            put_refill(s, arm, k, out);
        }
    }
    html_table_end(out);
    fputs("</details>\n", out);
}

/* ---- assumptions and provenance ---- */

/* Lines `KEY: text`, each a row. */
static void put_lines(const char *caption, const char *key, const char *lines, FILE *out)
{
    const html_column_t column[] = {{key, 0}, {"what", 0}};
    html_table(caption, column, 2, out);
    for (const char *at = lines; *at != '\0';) {
        const size_t length = strcspn(at, "\n");
        const char *colon = memchr(at, ':', length);
        const size_t name = colon != NULL ? (size_t)(colon - at) : length;
        const size_t skip = name + 2 <= length ? name + 2 : length;
        fputs("<tr><th scope=\"row\"><code>", out);
        html_text_part(at, name, out);
        fputs("</code></th><td class=\"prose\">", out);
        html_text_part(at + skip, length - skip, out);
        fputs("</td></tr>\n", out);
        at += length + (at[length] == '\n');
    }
    html_table_end(out);
}

static size_t count_lines(const char *text)
{
    size_t n = 0;
    for (const char *at = text; *at != '\0'; n++) {
        at += strcspn(at, "\n");
        at += *at == '\n';
    }
    return n;
}

int section_assumptions(const source_t *s, FILE *out, error_t *e)
{
    const provenance_t *p = s->summary.provenance;
    (void)e;
    if (p->warnings != NULL && p->warnings[0] != '\0') {
        put_lines("What the study was warned of", "key", p->warnings, out);
    }
    fprintf(out,
            "<p>%zu parameters of this study are assumptions: no measurement gives them. Each "
            "stands here with its value, its reason and the range to sweep; the others have "
            "sources, listed in the parameters’ own page.</p>\n",
            count_lines(p->assumptions));
    fputs("<details><summary>All assumptions</summary>\n", out);
    put_lines("Parameters that are assumptions", "parameter", p->assumptions, out);
    fputs("</details>\n", out);
    return 0;
}

static void put_member(const char *name, const char *value, FILE *out)
{
    fputs("<dt>", out);
    html_text(name, out);
    fputs("</dt><dd>", out);
    html_text(value, out);
    fputs("</dd>\n", out);
}

static void put_licences(FILE *out)
{
    html_paragraph(
        "soft",
        "This page carries dygraphs (https://dygraphs.com), © Dan Vanderkam and "
        "contributors, under the MIT licence: permission is granted, free of charge, to "
        "deal in it without restriction, provided that the copyright notice and this "
        "notice are kept; it is provided as is, without warranty of any kind. Figures were "
        "drawn by gnuplot.",
        out);
}

int section_provenance(const source_t *s, FILE *out, error_t *e)
{
    const provenance_t *p = s->summary.provenance;
    char text[64];
    (void)e;
    html_paragraph(
        NULL,
        "What decided every byte of the dataset. The same study, seed, program and core "
        "give the same bytes, on any number of threads; thecasim replay runs any patient "
        "of it again.",
        out);
    fputs("<dl class=\"plain\">\n", out);
    put_member("study", p->study, out);
    put_member("program", p->program, out);
    put_member("version", p->version, out);
    put_member("build", p->build, out);
    put_member("dosing core", p->core_id, out);
    put_member("its code", p->core_code, out);
    (void)snprintf(text, sizeof text, "%" PRIu64, p->seed);
    put_member("seed", text, out);
    (void)snprintf(text, sizeof text, "%d", FIELDS_SCHEMA_VERSION);
    put_member("schema", text, out);
    put_member("libm", p->libm, out);
    (void)snprintf(text, sizeof text, "%.2e relative, in %" PRId64 " checks",
                   s->summary.worst_ledger_error, s->summary.ledger_checks);
    put_member("mass ledger, worst error", text, out);
    fputs("</dl>\n<details><summary>The study in full, as it ran</summary>\n"
          "<pre tabindex=\"0\"><code>",
          out);
    html_text(p->config, out);
    fputs("</code></pre>\n</details>\n", out);
    put_licences(out);
    return 0;
}
