/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a summary as aligned text. */
#include "summary_text.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define MS_PER_DAY 86400000.0

/* Sources cited so far, in order of their first mention. */
typedef struct notes_t {
    const char *source[REFERENCE_COUNT];
    size_t count;
} notes_t;

static size_t cite(notes_t *notes, const char *source)
{
    for (size_t i = 0; i < notes->count; i++) {
        if (strcmp(notes->source[i], source) == 0) {
            return i + 1;
        }
    }
    notes->source[notes->count++] = source;
    return notes->count;
}

/* A number with four significant digits in a column of the given width; a dash where there is none. */
static void number(FILE *out, int width, double value)
{
    if (isnan(value)) {
        fprintf(out, " %*s", width, "-");
    } else if (value == 0.0) {
        fprintf(out, " %*d", width, 0);
    } else if (fabs(value) >= 1e6 || fabs(value) < 1e-3) {
        fprintf(out, " %*.2e", width, value);
    } else {
        const double size = fabs(value);
        const int digits = size >= 1e3   ? 0
                           : size >= 1e2 ? 1
                           : size >= 1e1 ? 2
                           : size >= 1.0 ? 3
                                         : 4;
        fprintf(out, " %*.*f", width, digits, value);
    }
}

static void published(const summary_t *s, enum reference_quantity quantity, notes_t *notes,
                      FILE *out)
{
    const reference_t *reference = summary_reference(s, quantity);
    if (reference != NULL) {
        fprintf(out, "   %s [%zu]", reference->text, cite(notes, reference->source));
    }
    fputc('\n', out);
}

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
    fprintf(out, "%-12s%s %s; core %s; schema %d; libm %s\n", "made by", text_or_dash(p->program),
            text_or_dash(p->version), text_or_dash(p->core_id), FIELDS_SCHEMA_VERSION, p->libm);
    fprintf(out, "%-12s", "ended by");
    for (size_t i = 0, any = 0; i < SUMMARY_CHOICES; i++) {
        if (s->stopped[i] > 0) {
            fprintf(out, "%s%s %zu", any++ ? ", " : "",
                    fields_choice_name(FIELDS_TYPE_STOP, (int64_t)i), s->stopped[i]);
        }
    }
    fputs(s->records == 0 ? "-\n" : "\n", out);
    if (s->weighted) {
        fprintf(out, "%-12s%s\n", "note", "some weights differ from 1; they are not applied here");
    }
    if (p->arms.count > 1) {
        fprintf(out, "%-12s%s\n", "note", "arms are pooled");
    }
}

/* ---- distributions ---- */

static void print_quantiles(const summary_t *s, const char *label, const char *unit,
                            enum reference_quantity quantity, notes_t *notes, FILE *out)
{
    const spread_t *q = &s->quantity[quantity];
    fprintf(out, "  %-22s %-6s %5zu", label, unit, q->n);
    number(out, 9, q->median);
    number(out, 9, q->p5);
    number(out, 9, q->p95);
    published(s, quantity, notes, out);
}

static void print_moments(const char *label, const char *unit, const spread_t *q, FILE *out)
{
    fprintf(out, "  %-22s %-6s %5zu", label, unit, q->n);
    number(out, 9, q->mean);
    number(out, 9, q->sd);
    number(out, 9, q->low);
    number(out, 9, q->high);
}

static void print_concentrations(const summary_t *s, notes_t *notes, FILE *out)
{
    char name[32];
    fprintf(out, "\nConcentrations of %s at the end\n", summary_drug(s, 0, name, sizeof name));
    fprintf(out, "  %-22s %-6s %5s %9s %9s %9s   %s\n", "", "unit", "n", "median", "5 %", "95 %",
            "published");
    print_quantiles(s, "lumbar CSF", "ng/mL", REFERENCE_LUMBAR, notes, out);
    print_quantiles(s, "at the catheter tip", "ng/mL", REFERENCE_TIP, notes, out);
    print_quantiles(s, "cisternal CSF", "ng/mL", REFERENCE_CISTERNAL, notes, out);
    print_quantiles(s, "lumbar over cisternal", "1", REFERENCE_RATIO, notes, out);
    print_quantiles(s, "plasma", "ng/mL", REFERENCE_PLASMA, notes, out);
}

static void print_effect(const summary_t *s, notes_t *notes, FILE *out)
{
    fprintf(out, "\nAshworth score\n  %-22s %-6s %5s %9s %9s %9s %9s   %s\n", "", "unit", "n",
            "mean", "SD", "lowest", "highest", "published");
    print_moments("before, as rated", "1", &s->quantity[REFERENCE_ASHWORTH_BEFORE], out);
    published(s, REFERENCE_ASHWORTH_BEFORE, notes, out);
    print_moments("at the end, as rated", "1", &s->quantity[REFERENCE_ASHWORTH_AFTER], out);
    published(s, REFERENCE_ASHWORTH_AFTER, notes, out);
    print_moments("before, latent", "1", &s->ashworth_latent_before, out);
    fputc('\n', out);
    print_moments("at the end, latent", "1", &s->ashworth_latent_after, out);
    fputc('\n', out);
}

static void print_volumes(const summary_t *s, notes_t *notes, FILE *out)
{
    fprintf(out, "\nVolume commanded against delivered\n  %-22s %-6s %5s %9s %9s %9s %9s   %s\n",
            "", "unit", "n", "mean", "SD", "lowest", "highest", "published");
    print_moments("commanded, whole run", "mL", &s->volume_commanded_ml, out);
    fputc('\n', out);
    print_moments("delivered, whole run", "mL", &s->volume_delivered_ml, out);
    fputc('\n', out);
    print_moments("ratio, whole run", "1", &s->quantity[REFERENCE_VOLUME_RUN], out);
    published(s, REFERENCE_VOLUME_RUN, notes, out);
    print_moments("ratio, each refill", "1", &s->quantity[REFERENCE_VOLUME_REFILL], out);
    fputc('\n', out);
    const reference_t *reference = summary_reference(s, REFERENCE_VOLUME_REFILL);
    if (reference != NULL) {
        fprintf(out, "  %-22s %s [%zu]\n", "  published", reference->text,
                cite(notes, reference->source));
    }
    print_moments("reservoir, core - true", "mL", &s->reservoir_belief_error_ml, out);
    fputc('\n', out);
    print_moments("battery charge used", "mA h", &s->battery_mah, out);
    fprintf(out, "\n  pulses commanded %lld, confirmed %lld; wakes of the core %lld\n",
            (long long)s->pulses_commanded, (long long)s->pulses_confirmed, (long long)s->wakes);
}

/* ---- ledger, refills, events ---- */

static void print_ledger_row(const char *label, double value_ug, double all_ug, FILE *out)
{
    fprintf(out, "  %-22s", label);
    number(out, 14, value_ug);
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
        number(out, 9, refill->day);
        number(out, 13, refill->withdrawn_ml);
        number(out, 13, refill->expected_ml);
        number(out, 13, refill->found_minus_expected_ml);
        number(out, 11, refill->filled_ml);
        number(out, 11, refill->concentration_ug_per_ml);
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
    notes_t notes = {{NULL}, 0};
    errno = 0;
    print_head(s, out);
    print_concentrations(s, &notes, out);
    print_effect(s, &notes, out);
    print_volumes(s, &notes, out);
    print_ledger(s, out);
    if (s->refills > 0) {
        print_refills(s, out);
    }
    print_events(s, out);
    fputs(notes.count > 0 ? "\nPublished values\n" : "", out);
    for (size_t i = 0; i < notes.count; i++) {
        fprintf(out, "  [%zu] %s\n", i + 1, notes.source[i]);
    }
    if (fflush(out) != 0 || ferror(out)) {
        return ERROR_RAISE(e, ERROR_FILE_WRITE, "cannot write the summary: %s",
                           errno != 0 ? strerror(errno) : "an earlier write failed");
    }
    return 0;
}
