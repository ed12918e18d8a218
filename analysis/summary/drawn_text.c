/* SPDX-License-Identifier: Apache-2.0 */
/* Prints what drawn people are like. */
#include "summary/drawn_text.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "summary/node.h"
#include "summary/spark.h"
#include "summary/table.h"

#define LABEL_SIZE 64
#define MATRIX_WIDE 15 /* columns of the matrix beside one another */

#define SCORES "normals behind the fields, by their ranks"

/* ---- text ---- */

static void print_head(const drawn_t *d, FILE *out)
{
    const provenance_t *p = &d->head->provenance;
    fprintf(out, "%s\n\n%zu %s drawn for arm %s of %s, seed %llu\n", provenance_note(), d->people,
            d->people == 1 ? "person" : "people", d->head->arm, p->study,
            (unsigned long long)p->seed);
    fprintf(out, "  hash %s\n", d->identity);
}

static void print_field(const drawn_field_t *f, FILE *out)
{
    char label[LABEL_SIZE];
    drawn_label(f->field, label, sizeof label);
    fprintf(out, "  %-23s %-6s", label, f->field->unit);
    table_number(out, 8, f->spread.mean);
    table_number(out, 7, f->spread.sd);
    if (isnan(f->cv)) {
        fprintf(out, " %5s", "-");
    } else {
        fprintf(out, " %5.1f", 100.0 * f->cv);
    }
    for (int q = 0; q < DRAWN_QUANTILES; q++) {
        table_number(out, 7, f->quantile[q]);
    }
    fputs("  ", out);
    spark_counts(f->bin, DRAWN_BINS, out);
    fputc('\n', out);
}

static void print_fields(const drawn_t *d, FILE *out)
{
    size_t same = 0;
    fprintf(out, "\n%-32s %8s %7s %5s", "", "mean", "SD", "CV %");
    for (int q = 0; q < DRAWN_QUANTILES; q++) {
        fprintf(out, " %5g %%", 100.0 * drawn_quantile[q]);
    }
    fputs("  low-high\n", out);
    for (size_t i = 0; i < d->fields; i++) {
        if (d->field[i].varies || d->people == 1) {
            print_field(&d->field[i], out);
        } else {
            same++;
        }
    }
    if (same > 0) {
        fprintf(out, "  %zu more are the same in everybody; --json has them too\n", same);
    }
}

static void print_shares(const drawn_t *d, FILE *out)
{
    const frozen_field_t *before = NULL;
    fprintf(out, "\n%-46s %8s %9s %17s\n", "", "people", "share", "95 % CI");
    for (size_t i = 0; i < d->shares; i++) {
        const drawn_share_t *s = &d->share[i];
        fprintf(out, "  %-16s %-27s %8zu %7.1f %% %8.1f %8.1f\n",
                s->field != before ? s->field->name : "", s->name, s->people, 100.0 * s->share,
                100.0 * s->ci.low, 100.0 * s->ci.high);
        before = s->field;
    }
    fputs("  95 % CI: Monte Carlo, chance between the people drawn; Wilson's score\n", out);
}

static void print_pairs(const drawn_t *d, FILE *out)
{
    if (d->pairs == 0) {
        return;
    }
    fprintf(out, "\n%-46s %8s %9s %17s\n", "Correlations", "imposed", "achieved", "95 % CI");
    for (size_t i = 0; i < d->pairs; i++) {
        const drawn_pair_t *p = &d->pair[i];
        fprintf(out, "  %-44s", p->pair->setting);
        table_number(out, 8, p->pair->imposed);
        table_number(out, 9, p->achieved.r);
        table_number(out, 8, p->achieved.ci.low);
        table_number(out, 8, p->achieved.ci.high);
        fputc('\n', out);
    }
    fputs("  achieved: of the " SCORES "; what is implausible and sent back\n"
          "  takes a little away; 95 % CI: Monte Carlo, chance between the people drawn; Fisher's "
          "z\n",
          out);
}

static void print_attempts(const drawn_t *d, FILE *out)
{
    fprintf(out,
            "\n%.0f attempts for %zu %s, %.2f %% were plausible; %.0f values held to a range\n",
            d->attempts, d->people, d->people == 1 ? "person" : "people",
            100.0 * (double)d->people / d->attempts, d->held);
    for (size_t i = 0; i < d->head->limits; i++) {
        const frozen_limit_t *l = &d->head->limit[i];
        fprintf(out, "  sent back by %-52s %8lld\n", l->name, (long long)l->attempts);
    }
    if (d->head->limits == 0) {
        fputs("  what sent the others back is told where they were drawn\n", out);
    }
}

/* The label of row i of the matrix. */
static void matrix_label(const drawn_t *d, size_t row, char *label, size_t size)
{
    size_t at = 0;
    for (size_t i = 0; i < d->fields; i++) {
        if (d->field[i].varies && at++ == row) {
            drawn_label(d->field[i].field, label, size);
            return;
        }
    }
}

/* In hundredths: columns are numbered as the rows. */
static void print_matrix(const drawn_t *d, FILE *out)
{
    char label[LABEL_SIZE] = "";
    for (size_t first = 0; d->matrix != NULL && first < d->rows; first += MATRIX_WIDE) {
        const size_t end = first + MATRIX_WIDE < d->rows ? first + MATRIX_WIDE : d->rows;
        fprintf(out, "\n%-29s", first == 0 ? "Correlations, in hundredths" : "");
        for (size_t k = first; k < end; k++) {
            fprintf(out, " %4zu", k + 1);
        }
        fputc('\n', out);
        for (size_t i = 0; i < d->rows; i++) {
            matrix_label(d, i, label, sizeof label);
            fprintf(out, "  %2zu %-24s", i + 1, label);
            for (size_t k = first; k < end; k++) {
                fprintf(out, " %4.0f", 100.0 * d->matrix[i * d->rows + k]);
            }
            fputc('\n', out);
        }
    }
    if (d->matrix != NULL) {
        fprintf(out, "  of the " SCORES ", of %zu people\n", d->matrix_people);
    }
}

int drawn_text_print(const drawn_t *d, FILE *out, error_t *e)
{
    errno = 0;
    print_head(d, out);
    print_fields(d, out);
    print_shares(d, out);
    print_pairs(d, out);
    print_matrix(d, out);
    print_attempts(d, out);
    return table_finish(out, "the people", e);
}

/* ---- JSON ---- */

static json_t *json_field(const drawn_field_t *f, int *failed)
{
    static const char *const name[DRAWN_QUANTILES] = {"p2_5", "p25", "p50", "p75", "p97_5"};
    json_t *object = json_object();
    node_add(object, "name", node_text(f->field->name), failed);
    node_add(object, "key", f->field->key[0] != '\0' ? node_text(f->field->key) : json_null(),
             failed);
    node_add(object, "unit", node_text(f->field->unit), failed);
    node_add(object, "description", node_text(f->field->description), failed);
    node_add(object, "central", node_number(f->field->central), failed);
    node_add(object, "varies", json_boolean(f->varies), failed);
    node_add(object, "n", node_count(f->spread.n), failed);
    node_add(object, "mean", node_number(f->spread.mean), failed);
    node_add(object, "sd", node_number(f->spread.sd), failed);
    node_add(object, "cv", node_number(f->cv), failed);
    for (int q = 0; q < DRAWN_QUANTILES; q++) {
        node_add(object, name[q], node_number(f->quantile[q]), failed);
    }
    node_add(object, "low", node_number(f->spread.low), failed);
    node_add(object, "high", node_number(f->spread.high), failed);
    return object;
}

static json_t *json_share(const drawn_share_t *s, int *failed)
{
    json_t *object = json_object();
    node_add(object, "field", node_text(s->field->name), failed);
    node_add(object, "name", node_text(s->name), failed);
    node_add(object, "people", node_count(s->people), failed);
    node_add(object, "share", node_number(s->share), failed);
    node_add_interval(object, "share", s->ci, failed);
    return object;
}

static json_t *json_pair(const drawn_pair_t *p, int *failed)
{
    json_t *object = json_object();
    node_add(object, "setting", node_text(p->pair->setting), failed);
    node_add(object, "first", node_text(p->pair->first), failed);
    node_add(object, "second", node_text(p->pair->second), failed);
    node_add(object, "within", node_text(p->pair->within), failed);
    node_add(object, "imposed", node_number(p->pair->imposed), failed);
    node_add(object, "achieved", node_number(p->achieved.r), failed);
    node_add_interval(object, "achieved", p->achieved.ci, failed);
    return object;
}

static json_t *json_matrix(const drawn_t *d, int *failed)
{
    json_t *object = json_object(), *names = json_array(), *rows = json_array();
    for (size_t i = 0; i < d->fields; i++) {
        if (d->field[i].varies) {
            node_append(names, node_text(d->field[i].field->name), failed);
        }
    }
    for (size_t i = 0; i < d->rows; i++) {
        json_t *row = json_array();
        for (size_t k = 0; k < d->rows; k++) {
            node_append(row, node_number(d->matrix[i * d->rows + k]), failed);
        }
        node_append(rows, row, failed);
    }
    node_add(object, "estimand", node_text("correlation of the " SCORES), failed);
    node_add(object, "people", node_count(d->matrix_people), failed);
    node_add(object, "names", names, failed);
    node_add(object, "rows", rows, failed);
    return object;
}

int drawn_text_json(const drawn_t *d, FILE *out, error_t *e)
{
    int failed = 0;
    json_t *root = json_object(), *fields = json_array(), *shares = json_array(),
           *pairs = json_array(), *refused = json_object();
    node_add(root, "note", node_text(provenance_note()), &failed);
    node_add(root, "study", node_text(d->head->provenance.study), &failed);
    node_add(root, "arm", node_text(d->head->arm), &failed);
    node_add(root, "seed", json_integer((json_int_t)d->head->provenance.seed), &failed);
    node_add(root, "hash", node_text(d->identity), &failed);
    node_add(root, "people", node_count(d->people), &failed);
    node_add(root, "attempts", node_number(d->attempts), &failed);
    node_add(root, "values_held", node_number(d->held), &failed);
    for (size_t i = 0; i < d->head->limits; i++) {
        node_add(refused, d->head->limit[i].name,
                 json_integer((json_int_t)d->head->limit[i].attempts), &failed);
    }
    node_add(root, "refused", refused, &failed);
    for (size_t i = 0; i < d->fields; i++) {
        node_append(fields, json_field(&d->field[i], &failed), &failed);
    }
    node_add(root, "fields", fields, &failed);
    for (size_t i = 0; i < d->shares; i++) {
        node_append(shares, json_share(&d->share[i], &failed), &failed);
    }
    node_add(root, "shares", shares, &failed);
    for (size_t i = 0; i < d->pairs; i++) {
        node_append(pairs, json_pair(&d->pair[i], &failed), &failed);
    }
    node_add(root, "correlations", pairs, &failed);
    if (d->matrix != NULL) {
        node_add(root, "matrix", json_matrix(d, &failed), &failed);
    }
    return node_print(root, failed, "the people", out, e);
}
