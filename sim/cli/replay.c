/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim replay`: one patient of a dataset or study again: every pulse, every decision, a chart. */
#include "summary/chart.h"
#include "cli/command.h"
#include "cohort/origin.h"
#include "cohort/replay.h"
#include "dataset/fingerprint.h"
#include "dataset/writer.h"
#include "host/recorder.h"

#include <stdio.h>
#include <string.h>

typedef struct replay_options_t {
    int64_t patient, replicate;
    const char *arm; /* its name or number; NULL: the first */
    const char *core, *output;
    bool force, pulses;
    option_list_t set;
    const char *study; /* its name, once it is read */
} replay_options_t;

/* ---- what is said ------------------------------------------------------------------------------------ */

static double value_of(const record_view_t *v, const fields_layout_t *l, enum fields_id f,
                       size_t row)
{
    return record_view_number(v, l, f, row);
}

static void say_events(const record_view_t *v, const fields_layout_t *l)
{
    printf("\n%14s  %-20s %-16s %14s %14s\n", "day", "event", "reason", "value", "value 2");
    for (size_t i = 0; i < v->count[TABLE_EVENTS]; i++) {
        double day = value_of(v, l, FIELD_EVENTS_TIME_MS, i) / 86400000.0;
        int64_t kind = (int64_t)value_of(v, l, FIELD_EVENTS_KIND, i);
        int64_t reason = (int64_t)value_of(v, l, FIELD_EVENTS_REASON, i);
        printf("%14.6f  %-20s %-16s %14.6g %14.6g\n", day,
               fields_choice_name(FIELDS_TYPE_EVENT, kind),
               fields_choice_name(FIELDS_TYPE_REASON, reason),
               value_of(v, l, FIELD_EVENTS_VALUE, i), value_of(v, l, FIELD_EVENTS_VALUE2, i));
    }
}

static void say_pulses(const record_view_t *v, const fields_layout_t *l)
{
    printf("pulse,time_ms,volume_ul\n");
    for (size_t i = 0; i < v->count[TABLE_PULSES]; i++) {
        printf("%zu,%.0f,%.9f\n", i + 1, value_of(v, l, FIELD_PULSES_TIME_MS, i),
               value_of(v, l, FIELD_PULSES_VOLUME_UL, i));
    }
}

static int say_charts(const record_view_t *v, const fields_layout_t *l, error_t *e)
{
    static const enum fields_id shown[] = {FIELD_DAILY_LUMBAR_NG_PER_ML,
                                           FIELD_DAILY_ASHWORTH_LATENT, FIELD_DAILY_RESERVOIR_ML};
    int code = 0;
    for (size_t i = 0; code == 0 && i < sizeof shown / sizeof shown[0]; i++) {
        chart_t chart;
        code = chart_init(&chart, v->count[TABLE_DAILY], e);
        for (size_t row = 0; code == 0 && row < v->count[TABLE_DAILY]; row++) {
            chart_put(&chart, row, value_of(v, l, FIELD_DAILY_DAY, row),
                      value_of(v, l, shown[i], row));
        }
        if (code == 0) {
            const fields_t *field = fields_get(shown[i]);
            chart_print(&chart, field->name, strcmp(field->unit, "1") == 0 ? "" : field->unit,
                        stdout);
        }
        chart_free(&chart);
    }
    return code;
}

static void say_difference(const replay_difference_t *d)
{
    if (d->different == 0) {
        printf("identical to the dataset, bit for bit\n");
        return;
    }
    printf(
        "differs from the dataset in %zu values; first: %s/%s row %zu: stored %.17g, now %.17g\n",
        d->different, fields_table(d->table)->name, fields_get(d->field)->name, d->row, d->stored,
        d->replayed);
}

/* ---- what is done ------------------------------------------------------------------------------------ */

static int write_trace(const replay_options_t *o, const study_t *s, const core_t *core,
                       const record_t *r, error_t *e)
{
    writer_options_t options = {.trace = 1, .overwrite = o->force};
    origin_t origin;
    int code = origin_init(&origin, s, core, e);
    provenance_names_t *calls = &origin.provenance.hal_calls;
    for (calls->count = 0; code == 0 && calls->count <= RECORDER_LAST; calls->count++) {
        calls->name[calls->count] = recorder_name((recorder_call_id_t)calls->count);
    }
    code = code != 0 ? code : writer_single(r, o->output, &origin.provenance, &options, e);
    origin_free(&origin);
    return code;
}

/* `from` is NULL where a study was replayed, and there is nothing to compare with. */
static int say_all(const replay_options_t *o, reader_t *from, const record_t *r, error_t *e)
{
    replay_difference_t difference;
    record_view_t view;
    size_t size = 0;
    const uint8_t *frame = record_frame(r, &size);
    int code = record_parse(frame, size, &r->layout, &view, e);
    if (code == 0 && from != NULL) {
        code = replay_compare(from, r, &difference, e);
    }
    if (code != 0) {
        return code;
    }
    if (o->pulses) {
        say_pulses(&view, &r->layout);
        return 0;
    }
    printf("patient %lld of %s: simulated, %zu pulses, %zu hardware calls\n", (long long)o->patient,
           o->study, view.count[TABLE_PULSES], view.count[TABLE_CALLS]);
    if (from != NULL) {
        say_difference(&difference);
    }
    say_events(&view, &r->layout);
    return say_charts(&view, &r->layout, e);
}

static void warn_of_mix(const reader_t *from, const core_t *core)
{
    char here[PROVENANCE_FINGERPRINT_SIZE];
    const provenance_t *p = reader_provenance(from);
    fingerprint_libm(here);
    if (strcmp(here, p->libm) != 0) {
        fprintf(
            stderr,
            "thecasim: warning: the dataset was made with another libm; last digits may differ\n");
    }
    /* "none": its pump has no core, and neither will this run. */
    if (strcmp(p->core_id, "none") != 0 &&
        (strcmp(core->entry->core_id, p->core_id) != 0 || strcmp(core->code, p->core_code) != 0)) {
        fprintf(stderr,
                "thecasim: warning: the dataset was made with core %s (%.16s); this is %s "
                "(%.16s)\n",
                p->core_id, p->core_code, core->entry->core_id, core->code);
    }
}

static int replay(const replay_options_t *o, const study_t *s, reader_t *from, const core_t *core)
{
    record_key_t key = {o->patient, 0, (int32_t)o->replicate};
    record_t record;
    error_t e = {0};
    int code = command_study_arm(&key.arm, o->arm, s, "replay");
    if (code != CLI_DONE) {
        return code;
    }
    record_init(&record);
    code = replay_run(s, core, key, &record, &e);
    if (code == 0 && o->output != NULL) {
        code = write_trace(o, s, core, &record, &e);
    }
    code = code != 0 ? code : say_all(o, from, &record, &e);
    record_free(&record);
    if (code < 0) {
        command_error(&e);
    }
    return code < 0 ? CLI_FAILED : CLI_DONE;
}

static int replay_from_dataset(replay_options_t *o, const char *path, const core_t *core)
{
    reader_t *from = NULL;
    study_t study;
    error_t e = {0};
    int code = reader_open(&from, path, &e);
    code = code != 0 ? code : replay_study(from, &study, &e);
    if (code < 0) {
        command_error(&e);
        reader_close(&from);
        return CLI_FAILED;
    }
    warn_of_mix(from, core);
    o->study = study.name;
    code = replay(o, &study, from, core);
    study_free(&study);
    reader_close(&from);
    return code;
}

static int replay_from_study(replay_options_t *o, const char *path, const core_t *core)
{
    study_t study;
    int code = command_study(&study, path, &o->set);
    if (code != CLI_DONE) {
        return code;
    }
    o->study = study.name;
    code = replay(o, &study, NULL, core);
    study_free(&study);
    return code;
}

static bool is_study(const char *path)
{
    const char *point = strrchr(path, '.');
    return point != NULL && (strcmp(point, ".yaml") == 0 || strcmp(point, ".yml") == 0);
}

int replay_command(int argc, char **argv)
{
    replay_options_t o = {.patient = 0};
    const option_row_t row[] = {
        {"patient", 'p', OPTION_COUNT, &o.patient, "N", "whom; needed"},
        {"arm", 0, OPTION_TEXT, &o.arm, "A", "in which arm, by name or number; default: the first"},
        {"replicate", 0, OPTION_COUNT, &o.replicate, "R", "in which replicate; default 0"},
        {"pulses", 0, OPTION_FLAG, &o.pulses, NULL, "print every pulse as CSV, and nothing else"},
        {"output", 'o', OPTION_TEXT, &o.output, "TRACE.h5", "write calls, pulses and series there"},
        {"set", 0, OPTION_LIST, &o.set, "KEY=VALUE", "of STUDY.yaml: replace one value"},
        {"core", 0, OPTION_TEXT, &o.core, "CORE.so",
         "another dosing core; default: the built-in one"},
        {"force", 0, OPTION_FLAG, &o.force, NULL, "replace TRACE.h5"},
    };
    const command_t command = {"replay",
                               "DATASET.h5|STUDY.yaml",
                               "run one patient again: every pulse, decision, chart",
                               "thecasim replay baclofen-maintenance.h5 --patient 17 -o trace.h5",
                               row,
                               sizeof row / sizeof row[0],
                               1,
                               1};
    operands_t left;
    core_t core;
    int code = options_parse(&command, argc, argv, &left);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    if (o.patient == 0) {
        fprintf(stderr,
                "thecasim: error: replay: --patient N is needed; try 'thecasim replay --help'\n");
        return CLI_USAGE;
    }
    if (o.set.count > 0 && !is_study(left.item[0])) {
        fprintf(stderr, "thecasim: error: replay: --set changes a STUDY.yaml; a dataset's own "
                        "study is replayed as it was\n");
        return CLI_USAGE;
    }
    code = command_core(&core, o.core);
    if (code != CLI_DONE) {
        return code;
    }
    code = is_study(left.item[0]) ? replay_from_study(&o, left.item[0], &core)
                                  : replay_from_dataset(&o, left.item[0], &core);
    core_close(&core);
    return code;
}
