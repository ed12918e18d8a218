/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a summary as aligned text. */
#include "summary/summary_text.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "summary/history_text.h"
#include "summary/lives_text.h"
#include "summary/nested_text.h"
#include "summary/outcomes_text.h"
#include "summary/table.h"

#define MS_PER_DAY 86400000.0

/* ---- what was run ---- */

static const char *text_or_dash(const char *text)
{
    return text == NULL || text[0] == '\0' ? "-" : text;
}

static void print_names(const char *label, const provenance_names_t *names, FILE *out)
{
    fprintf(out, "%-12s", label);
    for (size_t i = 0; i < names->count; i++) {
        fprintf(out, "%s%s", i > 0 ? ", " : "", names->name[i]);
    }
    fputs(names->count == 0 ? "-\n" : "\n", out);
}

static void print_warnings(const char *all, FILE *out)
{
    for (const char *at = all == NULL ? "" : all; *at != '\0';) {
        const size_t length = strcspn(at, "\n");
        fprintf(out, "%-12s%.*s\n", "warning", (int)length, at);
        at += length + (at[length] == '\n');
    }
}

/* Of the people drawn, those whom the population's plausibility filter let through. */
static void print_acceptance(const summary_t *s, FILE *out)
{
    if (s->draw_attempts > 0) {
        fprintf(out, "%-12s%.4g %% of the people drawn; the others were drawn again\n", "plausible",
                100.0 * (double)s->records / (double)s->draw_attempts);
    }
}

#define LINE 78

/* A paragraph in lines of at most LINE bytes, where its words let it. */
static void print_paragraph(const char *text, FILE *out)
{
    size_t used = 0;
    while (*text != '\0') {
        const size_t word = strcspn(text, " ");
        const int breaks = used > 0 && used + 1 + word > LINE;
        fprintf(out, "%s%.*s", breaks ? "\n" : used > 0 ? " " : "", (int)word, text);
        used = breaks ? word : used + (used > 0) + word;
        text += word;
        text += strspn(text, " ");
    }
    fputs("\n\n", out);
}

static void print_head(const summary_t *s, FILE *out)
{
    const provenance_t *p = s->provenance;
    fprintf(out, "%s: %s\n%s\n\n", text_or_dash(p->study), text_or_dash(p->title),
            provenance_note());
    if (p->description != NULL && p->description[0] != '\0') {
        print_paragraph(p->description, out);
    }
    fprintf(out, "%-12s%zu, of %lld patients; %.6g patient-years; horizon %.6g days; seed %llu\n",
            s->trace ? "trace" : "records", s->records, (long long)p->patients,
            s->patient_days / 365.25, (double)p->horizon_ms / MS_PER_DAY,
            (unsigned long long)p->seed);
    print_names("drugs", &p->drugs, out);
    print_names("arms", &p->arms, out);
    fprintf(out, "%-12s%s %s; core %s (%.16s); schema %d; libm %s\n", "made by",
            text_or_dash(p->program), text_or_dash(p->version), text_or_dash(p->core_id),
            text_or_dash(p->core_code), FIELDS_SCHEMA_VERSION, p->libm);
    fprintf(out, "%-12s", "ended by");
    for (size_t i = 0, any = 0; i < SUMMARY_CHOICES; i++) {
        if (s->stopped[i] > 0) {
            fprintf(out, "%s%s %zu", any++ ? ", " : "",
                    fields_choice_name(FIELDS_TYPE_STOP, (int64_t)i), s->stopped[i]);
        }
    }
    fputs(s->records == 0 ? "-\n" : "\n", out);
    print_acceptance(s, out);
    fprintf(out, "%-12s%s\n", "intervals", OUTCOMES_TEXT_INTERVALS);
    nested_text_head(&s->nested, out);
    print_warnings(p->warnings, out);
    if (s->weighted) {
        fprintf(out, "%-12s%s\n", "note", "some weights differ from 1; they are not applied here");
    }
}

/* ---- distributions ---- */

static void print_label(const char *label, const char *unit, size_t n, FILE *out)
{
    fprintf(out, "  %-22s %-6s %5zu", label, unit, n);
}

/* One arm on its way to the paper. */
typedef struct page_t {
    const summary_t *summary;
    const summary_arm_t *arm;
    const char *name; /* of the arm */
    table_notes_t *notes;
    FILE *out;
} page_t;

/* Title of a table, and whom it is over. */
static void print_title(const page_t *p, const char *title)
{
    fprintf(p->out, "\n%s, arm %s: %zu patients with a pump\n", title, p->name, p->arm->with_pump);
}

static void print_quantiles(const page_t *p, const char *label, const char *unit,
                            enum reference_quantity quantity)
{
    const spread_t *q = &p->arm->quantity[quantity];
    FILE *out = p->out;
    print_label(label, unit, q->n, out);
    table_number(out, 9, q->median);
    table_number(out, 9, q->median_ci.low);
    table_number(out, 9, q->median_ci.high);
    table_number(out, 9, q->p5);
    table_number(out, 9, q->p95);
    fputc('\n', out);
    table_published(summary_reference(p->summary, quantity), p->notes, out);
}

static void print_moments(const char *label, const char *unit, const spread_t *q, FILE *out)
{
    print_label(label, unit, q->n, out);
    table_number(out, 9, q->mean);
    table_number(out, 9, q->mean_ci.low);
    table_number(out, 9, q->mean_ci.high);
    table_number(out, 9, q->sd);
    table_number(out, 9, q->low);
    table_number(out, 9, q->high);
    fputc('\n', out);
}

static void print_moments_head(const page_t *p, const char *title)
{
    print_title(p, title);
    fprintf(p->out, "  %-22s %-6s %5s %9s %19s %9s %9s %9s\n", "", "unit", "n", "mean", "95 % CI",
            "SD", "lowest", "highest");
}

static void print_concentrations(const page_t *p)
{
    char name[32], title[96];
    (void)snprintf(title, sizeof title, "Concentrations of %.40s at the end",
                   summary_drug(p->summary, 0, name, sizeof name));
    print_title(p, title);
    fprintf(p->out, "  %-22s %-6s %5s %9s %19s %9s %9s\n", "", "unit", "n", "median", "95 % CI",
            "5 %", "95 %");
    print_quantiles(p, "lumbar CSF", "ng/mL", REFERENCE_LUMBAR);
    print_quantiles(p, "at the catheter tip", "ng/mL", REFERENCE_TIP);
    print_quantiles(p, "cisternal CSF", "ng/mL", REFERENCE_CISTERNAL);
    print_quantiles(p, "lumbar over cisternal", "1", REFERENCE_RATIO);
    print_quantiles(p, "plasma", "ng/mL", REFERENCE_PLASMA);
}

/* A distribution with the published value of its quantity. */
static void print_referenced(const page_t *p, const char *label, enum reference_quantity quantity)
{
    print_moments(label, "1", &p->arm->quantity[quantity], p->out);
    table_published(summary_reference(p->summary, quantity), p->notes, p->out);
}

static void print_effect(const page_t *p)
{
    print_moments_head(p, "Ashworth score");
    print_referenced(p, "before, as rated", REFERENCE_ASHWORTH_BEFORE);
    print_referenced(p, "at the end, as rated", REFERENCE_ASHWORTH_AFTER);
    print_moments("before, latent", "1", &p->arm->ashworth_latent_before, p->out);
    print_moments("at the end, latent", "1", &p->arm->ashworth_latent_after, p->out);
}

static void print_volumes(const page_t *p)
{
    const spread_t *each = &p->arm->quantity[REFERENCE_VOLUME_REFILL];
    print_moments_head(p, "Volume commanded against delivered");
    print_moments("commanded, whole run", "mL", &p->arm->volume_commanded_ml, p->out);
    print_moments("delivered, whole run", "mL", &p->arm->volume_delivered_ml, p->out);
    print_referenced(p, "ratio, whole run", REFERENCE_VOLUME_RUN);
    print_referenced(p, "ratio, each refill", REFERENCE_VOLUME_REFILL);
    print_moments("reservoir, core - true", "mL", &p->arm->reservoir_belief_error_ml, p->out);
    print_moments("battery charge used", "mA h", &p->arm->battery_mah, p->out);
    fprintf(
        p->out,
        "  each refill: %zu refills of %zu patients; its interval takes the patient as the unit\n",
        each->n, each->units);
}

static void print_refills(const page_t *p)
{
    FILE *out = p->out;
    fprintf(out, "\nRefills, arm %s: %zu of %zu patients with a pump; means of each one's k-th\n",
            p->name, p->arm->refills, p->arm->with_pump);
    fprintf(out, "  %4s %6s %9s %13s %13s %13s %11s %11s\n", "k", "n", "day", "withdrawn mL",
            "expected mL", "difference mL", "filled mL", "ug/mL");
    for (size_t k = 0; k < p->arm->refill_rows; k++) {
        const summary_refill_t *refill = &p->arm->refill[k];
        fprintf(out, "  %4zu %6zu", k + 1, refill->records);
        table_number(out, 9, refill->day);
        table_number(out, 13, refill->withdrawn_ml);
        table_number(out, 13, refill->expected_ml);
        table_number(out, 13, refill->found_minus_expected_ml);
        table_number(out, 11, refill->filled_ml);
        table_number(out, 11, refill->concentration_ug_per_ml);
        fputc('\n', out);
    }
}

static int print_arm(const summary_t *s, size_t arm, table_notes_t *notes, FILE *out, error_t *e)
{
    const page_t p = {s, &s->arm[arm], s->provenance->arms.name[arm], notes, out};
    const int rc = outcomes_text_arm(s->outcomes, (int32_t)arm, notes, out, e);
    if (rc < 0) {
        return rc;
    }
    print_concentrations(&p);
    print_effect(&p);
    print_volumes(&p);
    if (p.arm->refills > 0) {
        print_refills(&p);
    }
    lives_text_print(&p.arm->lives, p.name, out);
    lives_text_catheters(&p.arm->catheters, p.name, out);
    if (!s->trace) {
        history_text_arm(&s->history, arm, p.name, out);
        nested_text_arm(&s->nested, arm, p.name, out);
    }
    return 0;
}

/* ---- all records ---- */

static void print_ledger_row(const char *label, double value_ug, double all_ug, FILE *out)
{
    fprintf(out, "  %-22s", label);
    table_number(out, 14, value_ug);
    if (isnan(value_ug)) {
        fprintf(out, " %10s\n", "-");
    } else {
        fprintf(out, " %10.4f %%\n", all_ug > 0.0 ? 100.0 * value_ug / all_ug : 0.0);
    }
}

static void print_ledger(const summary_t *s, FILE *out)
{
    for (size_t d = 0; d < s->drugs; d++) {
        const summary_ledger_t *ledger = &s->ledger[d];
        char name[32];
        fprintf(out, "\nLedger of %s, all %zu records\n  %-22s %14s %10s\n",
                summary_drug(s, d, name, sizeof name), ledger->records, "", "ug", "of vials");
        print_ledger_row("from_vials", ledger->from_vials_ug, ledger->from_vials_ug, out);
        for (size_t i = 0; i < SUMMARY_PLACES; i++) {
            const char *field =
                fields_get((enum fields_id)(FIELD_LEDGER_RESERVOIR_UG + (int)i))->name;
            char label[32];
            (void)snprintf(label, sizeof label, "%.*s", (int)(strlen(field) - strlen("_ug")),
                           field);
            print_ledger_row(label, ledger->place_ug[i], ledger->from_vials_ug, out);
        }
        print_ledger_row("given, the core says", ledger->believed_given_ug, ledger->from_vials_ug,
                         out);
        fprintf(out, "  worst closure error of a record at its end %.2e, relative\n",
                ledger->worst_closure_error);
    }
    fprintf(out,
            "\n  ledger checks along the runs %lld, worst closure error %.2e, relative\n"
            "  concentrations that rounded below zero %lld\n"
            "  pulses commanded %lld, confirmed %lld; wakes of the core %lld\n",
            (long long)s->ledger_checks, s->worst_ledger_error, (long long)s->negative_reads,
            (long long)s->pulses_commanded, (long long)s->pulses_confirmed, (long long)s->wakes);
}

static void print_events(const summary_t *s, FILE *out)
{
    fprintf(out, "\nEvents, all %zu records\n", s->records);
    for (size_t i = 0; i < SUMMARY_CHOICES; i++) {
        if (s->events[i] > 0) {
            fprintf(out, "  %-22s %8zu\n", fields_choice_name(FIELDS_TYPE_EVENT, (int64_t)i),
                    s->events[i]);
        }
    }
}

int summary_text_print(const summary_t *s, FILE *out, error_t *e)
{
    table_notes_t notes = {{NULL}, 0};
    int rc = 0;
    errno = 0;
    print_head(s, out);
    for (size_t arm = 0; rc == 0 && arm < s->arms; arm++) {
        rc = s->arm[arm].patients > 0 ? print_arm(s, arm, &notes, out, e) : 0;
    }
    rc = rc != 0 ? rc : outcomes_text_pairs(s->outcomes, out, e);
    if (rc < 0) {
        return rc;
    }
    nested_text_differences(&s->nested, s->provenance->arms.name, out);
    trumpet_trace_print(&s->trumpet, out);
    print_ledger(s, out);
    print_events(s, out);
    table_sources(&notes, out);
    return table_finish(out, "the summary", e);
}
