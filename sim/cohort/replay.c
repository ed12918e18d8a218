/* SPDX-License-Identifier: Apache-2.0 */
/* Replay: one patient of a study or dataset, run again with a trace, and compared to the dataset's rows bit by bit. */
#include "cohort/replay.h"

#include "cohort/thaw.h"
#include "cohort/trajectory.h"
#include "config/study.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Those of the study as it was written: its resolved config leaves nothing to a default, and is warned of less. */
static int take_warnings(const reader_t *from, study_t *s, error_t *e)
{
    char *warnings = strdup(reader_provenance(from)->warnings);
    if (warnings == NULL) {
        study_free(s);
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for the warnings of a study");
    }
    free(s->warnings);
    s->warnings = warnings;
    return 0;
}

int replay_study(const reader_t *from, study_t *s, error_t *e)
{
    const char *text = reader_provenance(from)->config;
    study_source_t source = {.name = "the dataset's config",
                             .text = text,
                             .length = strlen(text),
                             .path = reader_path(from)}; /* a frozen cohort may lie beside it */
    diagnostic_t found;
    int code;
    diagnostic_init(&found);
    code = study_parse(s, &source, &found, e);
    if (code == ERROR_CONFIG && found.count > 0) {
        code = ERROR_RAISE(e, ERROR_CONFIG, "%s: %s", source.name, found.item[0].text);
    }
    diagnostic_free(&found);
    if (code < 0) {
        return code;
    }
    code = thaw_study(s, NULL, NULL, e);
    if (code < 0) {
        study_free(s);
        return code;
    }
    return take_warnings(from, s, e);
}

static int find_patient(reader_t *from, const record_key_t *key, size_t *record, error_t *e)
{
    int found = reader_find(from, key, record, e);
    if (found != 0) {
        return found < 0 ? found : 0;
    }
    return ERROR_RAISE(e, ERROR_ARGUMENT, "the dataset has no patient %lld in arm %d, replicate %d",
                       (long long)key->patient, key->arm, key->replicate);
}

int replay_run(const study_t *s, const core_t *core, record_key_t key, record_t *r, error_t *e)
{
    trajectory_request_t request = {.study = NULL, .core = core, .key = key, .trace = true};
    int code;
    study_t room;
    request.study = study_replicate(s, key.arm, key.replicate, &room);
    if (key.patient < 1 || key.patient > s->patients || request.study == NULL) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "%s has %lld patients, %lld arms and %lld draws; patient %lld of arm "
                           "%d, replicate %d, is none of them",
                           s->name, (long long)s->patients, (long long)s->arms.count,
                           (long long)s->parameter_draws, (long long)key.patient, key.arm,
                           key.replicate);
    }
    record_reset(r, key);
    code = trajectory_run(&request, r, e);
    return code < 0 ? code : record_finish(r, e);
}

/* What is compared: one field of the patient, in the dataset and now. */
typedef struct column_pair_t {
    reader_t *from;
    const record_view_t *view;
    const fields_layout_t *layout;
    size_t start, stored; /* rows in the dataset */
} column_pair_t;

static int read_bits(const column_pair_t *c, enum fields_id field, uint64_t *bits, error_t *e)
{
    double *real = (double *)(void *)bits;
    int64_t *whole = (int64_t *)(void *)bits;
    return fields_is_real(fields_get(field)->type)
               ? reader_read_f64(c->from, field, c->start, c->stored, real, e)
               : reader_read_i64(c->from, field, c->start, c->stored, whole, e);
}

static double as_number(enum fields_id field, uint64_t bits)
{
    double real;
    memcpy(&real, &bits, sizeof real);
    return fields_is_real(fields_get(field)->type) ? real : (double)(int64_t)bits;
}

static void note(replay_difference_t *d, enum fields_id field, size_t row, double stored,
                 double now)
{
    if (d->different++ == 0) {
        d->table = fields_get(field)->table;
        d->field = field;
        d->row = row;
        d->stored = stored;
        d->replayed = now;
    }
}

static int compare_field(const column_pair_t *c, enum fields_id field, replay_difference_t *d,
                         error_t *e)
{
    enum fields_table table = fields_get(field)->table;
    size_t now = c->view->count[table], rows = now > c->stored ? now : c->stored;
    uint64_t *bits = calloc(rows + 1, sizeof *bits);
    int code = bits == NULL ? ERROR_RAISE(e, ERROR_MEMORY, "out of memory for a column")
                            : read_bits(c, field, bits, e);
    for (size_t row = 0; code == 0 && row < rows; row++) {
        uint64_t value = row < now ? record_view_bits(c->view, c->layout, field, row) : 0;
        if (row >= now || row >= c->stored || value != bits[row]) {
            note(d, field, row, row < c->stored ? as_number(field, bits[row]) : (double)NAN,
                 row < now ? as_number(field, value) : (double)NAN);
        }
    }
    free(bits);
    return code;
}

int replay_compare(reader_t *from, const record_t *r, replay_difference_t *d, error_t *e)
{
    record_view_t view;
    size_t size = 0;
    const uint8_t *frame = record_frame(r, &size);
    column_pair_t columns = {.from = from, .view = &view, .layout = &r->layout};
    size_t record;
    int code = find_patient(from, &r->key, &record, e);
    code = code != 0 ? code : record_parse(frame, size, &r->layout, &view, e);
    *d = (replay_difference_t){.table = TABLE_COUNT};
    for (int field = 0; code == 0 && field < FIELD_COUNT; field++) {
        enum fields_table table = fields_get((enum fields_id)field)->table;
        if (fields_table(table)->kind != FIELDS_KIND_COHORT) {
            continue;
        }
        code = reader_range(from, table, record, &columns.start, &columns.stored, e);
        code = code != 0 ? code : compare_field(&columns, (enum fields_id)field, d, e);
    }
    return code;
}
