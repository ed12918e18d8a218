/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a summary as aligned text. */
#include "summary_text.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "outcomes_text.h"
#include "table.h"

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

static void print_head(const summary_t *s, FILE *out)
{
    const provenance_t *p = s->provenance;
    fprintf(out, "%s: %s\n%s\n\n", text_or_dash(p->study), text_or_dash(p->title),
            provenance_note());
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
    print_warnings(p->warnings, out);
    if (s->weighted) {
        fprintf(out, "%-12s%s\n", "note", "some weights differ from 1; they are not applied here");
    }
    if (p->arms.count > 1) {
        fprintf(out, "%-12s%s\n", "note", "the tables below pool the arms but for the outcomes");
    }
}

/* ---- distributions ---- */

static void print_label(const char *label, const char *unit, size_t n, FILE *out)
{
    fprintf(out, "  %-22s %-6s %5zu", label, unit, n);
}

static void print_quantiles(const summary_t *s, const char *label, const char *unit,
                            enum reference_quantity quantity, table_notes_t *notes, FILE *out)
{
    const spread_t *q = &s->quantity[quantity];
    print_label(label, unit, q->n, out);
    table_number(out, 9, q->median);
    table_number(out, 9, q->median_ci.low);
    table_number(out, 9, q->median_ci.high);
    table_number(out, 9, q->p5);
    table_number(out, 9, q->p95);
    fputc('\n', out);
    table_published(summary_reference(s, quantity), notes, out);
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

static void print_moments_head(const char *title, FILE *out)
{
    fprintf(out, "\n%s\n  %-22s %-6s %5s %9s %19s %9s %9s %9s\n", title, "", "unit", "n", "mean",
            "95 % CI", "SD", "lowest", "highest");
}

static void print_concentrations(const summary_t *s, table_notes_t *notes, FILE *out)
{
    char name[32];
    fprintf(out, "\nConcentrations of %s at the end\n", summary_drug(s, 0, name, sizeof name));
    fprintf(out, "  %-22s %-6s %5s %9s %19s %9s %9s\n", "", "unit", "n", "median", "95 % CI", "5 %",
            "95 %");
    print_quantiles(s, "lumbar CSF", "ng/mL", REFERENCE_LUMBAR, notes, out);
    print_quantiles(s, "at the catheter tip", "ng/mL", REFERENCE_TIP, notes, out);
    print_quantiles(s, "cisternal CSF", "ng/mL", REFERENCE_CISTERNAL, notes, out);
    print_quantiles(s, "lumbar over cisternal", "1", REFERENCE_RATIO, notes, out);
    print_quantiles(s, "plasma", "ng/mL", REFERENCE_PLASMA, notes, out);
}

static void print_effect(const summary_t *s, table_notes_t *notes, FILE *out)
{
    print_moments_head("Ashworth score", out);
    print_moments("before, as rated", "1", &s->quantity[REFERENCE_ASHWORTH_BEFORE], out);
    table_published(summary_reference(s, REFERENCE_ASHWORTH_BEFORE), notes, out);
    print_moments("at the end, as rated", "1", &s->quantity[REFERENCE_ASHWORTH_AFTER], out);
    table_published(summary_reference(s, REFERENCE_ASHWORTH_AFTER), notes, out);
    print_moments("before, latent", "1", &s->ashworth_latent_before, out);
    print_moments("at the end, latent", "1", &s->ashworth_latent_after, out);
}

static void print_volumes(const summary_t *s, table_notes_t *notes, FILE *out)
{
    print_moments_head("Volume commanded against delivered", out);
    print_moments("commanded, whole run", "mL", &s->volume_commanded_ml, out);
    print_moments("delivered, whole run", "mL", &s->volume_delivered_ml, out);
    print_moments("ratio, whole run", "1", &s->quantity[REFERENCE_VOLUME_RUN], out);
    table_published(summary_reference(s, REFERENCE_VOLUME_RUN), notes, out);
    print_moments("ratio, each refill", "1", &s->quantity[REFERENCE_VOLUME_REFILL], out);
    table_published(summary_reference(s, REFERENCE_VOLUME_REFILL), notes, out);
    print_moments("reservoir, core - true", "mL", &s->reservoir_belief_error_ml, out);
    print_moments("battery charge used", "mA h", &s->battery_mah, out);
    fprintf(out, "  pulses commanded %lld, confirmed %lld; wakes of the core %lld\n",
            (long long)s->pulses_commanded, (long long)s->pulses_confirmed, (long long)s->wakes);
}

/* ---- ledger, refills, events ---- */

static void print_ledger_row(const char *label, double value_ug, double all_ug, FILE *out)
{
    fprintf(out, "  %-22s", label);
    table_number(out, 14, value_ug);
    fprintf(out, " %10.4f %%\n", all_ug > 0.0 ? 100.0 * value_ug / all_ug : 0.0);
}

static void print_ledger(const summary_t *s, FILE *out)
{
    for (size_t d = 0; d < s->drugs; d++) {
        const summary_ledger_t *ledger = &s->ledger[d];
        char name[32];
        fprintf(out, "\nLedger of %s, all records\n  %-22s %14s %10s\n",
                summary_drug(s, d, name, sizeof name), "", "ug", "of vials");
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
            "  concentrations that rounded below zero %lld\n",
            (long long)s->ledger_checks, s->worst_ledger_error, (long long)s->negative_reads);
}

static void print_refills(const summary_t *s, FILE *out)
{
    fprintf(out, "\nRefills, %zu in all; means\n  %4s %6s %9s %13s %13s %13s %11s %11s\n",
            s->refills, "", "n", "day", "withdrawn mL", "expected mL", "difference mL", "filled mL",
            "ug/mL");
    for (size_t k = 0; k < s->refill_rows; k++) {
        const summary_refill_t *refill = &s->refill[k];
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

static void print_events(const summary_t *s, FILE *out)
{
    fputs("\nEvents\n", out);
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
    errno = 0;
    print_head(s, out);
    if (s->outcomes != NULL) {
        const int rc = outcomes_text_print(s->outcomes, &notes, out, e);
        if (rc < 0) {
            return rc;
        }
    }
    print_concentrations(s, &notes, out);
    print_effect(s, &notes, out);
    print_volumes(s, &notes, out);
    print_ledger(s, out);
    if (s->refills > 0) {
        print_refills(s, out);
    }
    print_events(s, out);
    table_sources(&notes, out);
    if (fflush(out) != 0 || ferror(out)) {
        return ERROR_RAISE(e, ERROR_FILE_WRITE, "cannot write the summary: %s",
                           errno != 0 ? strerror(errno) : "an earlier write failed");
    }
    return 0;
}
